// The runner of MongoDB's unified tests, on small test files of our own: it must tell right from wrong before its figures mean anything.
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRefusals, type Refusal } from "../conformance/refusals.ts";
import { runSuites, unusedRefusals, type SuiteResult } from "../conformance/run-suites.ts";
import { useEmbeddedMongo } from "../factories/embedded-mongo.ts";

const fixture = useEmbeddedMongo();

async function run(suite: string, refusals: readonly Refusal[] = []) {
  const directory = join(import.meta.dirname, "..", "conformance", "own", suite);
  const result = await runSuites(fixture.store.uri, { suites: [{ name: suite, directory }], refusals });
  const [only] = result.suites;
  if (only === undefined) throw new Error("a suite has a result");
  return { only, unused: unusedRefusals(result, refusals) };
}

function messages({ failures }: SuiteResult): Record<string, string> {
  return Object.fromEntries(failures.map(({ name, message }) => [name.test, message]));
}

test("[CONFORM-1] right results, errors, events and stored documents pass", async () => {
  const { only } = await run("must-pass");
  expect(messages(only)).toEqual({});
  expect(only).toMatchObject({ passed: 6, refused: 0, skipped: 0 });
});

test("[CONFORM-1] [CONFORM-2] [CONFORM-3] each kind of wrong answer fails, and says where", async () => {
  const { only } = await run("must-fail");
  expect(only.passed).toBe(0);
  expect(messages(only)).toEqual({
    "another result": expect.stringContaining('should be {"$numberInt":"3"}'),
    "a field more inside a document": expect.stringContaining("[0].a has the field c"),
    "a document more": expect.stringContaining("the result should be"),
    "an error that does not come": expect.stringContaining("should have failed"),
    "an error of another code": expect.stringContaining("should have the code 121"),
    "an error that is not expected": expect.stringContaining("11000"),
    "another command": expect.stringContaining("event 0: command.filter._id"),
    "a command that is not sent": expect.stringContaining("is missing"),
    "a command more": expect.stringContaining("one event more than expected"),
    "another value is stored": expect.stringContaining("document 1 of conformance.things"),
    "another type is stored": expect.stringContaining('{"$numberDouble":"2.0"}'),
    "a document less is stored": expect.stringContaining("but is absent"),
    "an operation nobody knows": expect.stringContaining("does not know the operation frobnicate"),
    "an argument nobody knows": expect.stringContaining("does not know the argument frobnicate"),
    "an operator nobody knows": expect.stringContaining("does not know the operator $$frobnicate"),
  });
});

test("[CONFORM-3] a file with a field nobody knows is a failure", async () => {
  const { only } = await run("unknown-field");
  expect(only.passed).toBe(0);
  expect(messages(only)["(the file)"]).toContain("frobnicate");
});

test("[CONFORM-4] tests for other servers are skipped", async () => {
  const { only } = await run("for-other-servers");
  expect(messages(only)).toEqual({});
  expect(only).toMatchObject({ passed: 1, skipped: 5 });
});

test("[CONFORM-5] a listed test must fail by the listed code; an entry that excuses nothing is out of date", async () => {
  const entry = { suite: "refused", file: "refused", feature: "collation", reason: "a reason in some words" };
  const right = { ...entry, test: "find with*", code: 303 };
  const stale = { ...entry, test: "find without a collation", code: 303 };
  const otherwise = { ...entry, test: "another result", code: 303 };
  const unused = { ...entry, test: "no such test", code: 303 };
  const all = await run("refused", [stale, right, otherwise, unused]);
  expect(all.only).toMatchObject({ passed: 0, refused: 1 });
  expect(messages(all.only)).toEqual({
    "find without a collation": expect.stringContaining("passes, but is listed"),
    "another result": expect.stringContaining("fails otherwise"),
  });
  expect(all.unused).toEqual([unused]);

  const wrongCode = await run("refused", [{ ...right, test: "find with a collation", code: 59 }]);
  expect(messages(wrongCode.only)["find with a collation"]).toContain("fails otherwise");
});

test("[CONFORM-5] a departure of the driver is recognised by its words, and never by a server's error", async () => {
  const entry = { suite: "refused", file: "refused", feature: "driver", reason: "a reason in some words" };
  const { only } = await run("refused", [
    { ...entry, test: "another result", driver: 'should be {"$numberInt":"7"}' },
    { ...entry, test: "find with a collation", driver: "MongoServerError 303" },
  ]);
  expect(only).toMatchObject({ passed: 1, refused: 1 });
  expect(messages(only)["find with a collation"]).toContain("fails otherwise");
});

test("[CONFORM-6] the list names for each entry a feature, a reason and what the failure is known by", async () => {
  const refusals = await readRefusals();
  expect(refusals.length).toBeGreaterThan(0);
  const names = refusals.map(({ suite, file, test: title }) => `${suite}/${file}/${title}`);
  expect(new Set(names).size).toBe(names.length);
});
