// Rules and tests name each other: titles quote rules that stand in a SPEC.md, and every rule is quoted or says here why not.
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folders = "{server,realtime,shared,client,scripts,tests}";
const rule = /[A-Z][A-Z0-9]*(?:-[A-Z]+)*-\d+/.source;

/** Rules that no title quotes, each with the reason. */
const untested: Readonly<Record<string, string>> = {
  "NODE-6":
    "It says how NODE-1 is kept, not what anybody sees: the tests of NODE-1 run without an adapter, and none is installed.",
  "STORE-94":
    "How many requests wait in the process cannot be seen from outside; what it is for (memory stays bounded) is tested under STORE-45 and STORE-47.",
  "STORE-110":
    "MongoDB's tests are not part of this repository: `npm run conformance` runs them. That its runner tells right from wrong is tested under CONFORM.",
};

/** By rule: the files that define it, and those whose titles quote it. */
let defined: Map<string, string[]>;
let quoted: Map<string, string[]>;

beforeAll(async () => {
  // Set in bold where it is defined, with or without brackets; plain where it is only referred to.
  defined = await find("SPEC.md", new RegExp(`\\*\\*\\[?(${rule})\\]?\\*\\*`, "g"));
  // Titles are literals, templates, rows of tables and names of groups; some reports choose tests by a piece of theirs.
  quoted = await find("*.{ts,tsx}", new RegExp(`\\[(${rule})\\]`, "g"));
});

async function find(name: string, pattern: RegExp): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for await (const path of glob(`${folders}/**/${name}`, { cwd: root })) {
    const text = await readFile(join(root, path), "utf8");
    for (const [, each = ""] of text.matchAll(pattern)) found.set(each, [...(found.get(each) ?? []), path]);
  }
  return found;
}

/** Tests, and the tables beside them that some make their titles from. */
const isTest = (path: string) => /^tests\/|\.test\.tsx?$/.test(path);

test("a rule that a title quotes stands in a SPEC.md", () => {
  expect(quoted.size).toBeGreaterThan(500);
  const missing = [...quoted].filter(([each]) => !defined.has(each));
  expect(missing).toEqual([]);
});

test("a rule is defined once", () => {
  const several = [...defined].filter(([, paths]) => paths.length > 1);
  expect(several).toEqual([]);
});

test("a rule is quoted by a test's title, or says why not", () => {
  const silent = [...defined.keys()].filter((each) => quoted.get(each)?.some(isTest) !== true);
  expect(silent.sort()).toEqual(Object.keys(untested).sort());
});
