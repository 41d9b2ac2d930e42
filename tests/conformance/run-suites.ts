// Runs suites of test files against one server and sorts every test: passed, failed, refused as listed, or not for this server.
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import mongoose from "mongoose";
import { TestFailure } from "./failures.ts";
import { parseTestFile, type TestFile } from "./format.ts";
import { excuses, markOf, refusalOf, type Refusal, type TestName } from "./refusals.ts";
import { meets, type ServerFacts } from "./requirements.ts";
import { runTest, type TestServer } from "./run-test.ts";

const { MongoClient } = mongoose.mongo;

export interface Suite {
  name: string;
  /** Holds the files directly. */
  directory: string;
}

/** Where the suites lie in the specifications' repository. */
export const suiteFolders: Readonly<Record<string, string>> = {
  crud: "source/crud/tests/unified",
  "run-command": "source/run-command/tests/unified",
  "collection-management": "source/collection-management/tests",
  "index-management": "source/index-management/tests",
};

export interface SuiteResult {
  suite: string;
  passed: number;
  refused: number;
  skipped: number;
  failures: { name: TestName; message: string }[];
}

export interface ConformanceResult {
  server: ServerFacts;
  suites: SuiteResult[];
  /** How many tests each entry of the list has excused. */
  uses: ReadonlyMap<Refusal, number>;
}

/** Entries of the list that excuse nothing although all of their suites' files were run: they are out of date. */
export function unusedRefusals({ suites, uses }: ConformanceResult, refusals: readonly Refusal[]): Refusal[] {
  const run = new Set(suites.map(({ suite }) => suite));
  return refusals.filter((refusal) => run.has(refusal.suite) && !uses.has(refusal));
}

export async function runSuites(
  uri: string,
  { suites, refusals }: { suites: readonly Suite[]; refusals: readonly Refusal[] },
): Promise<ConformanceResult> {
  const internal = new MongoClient(uri);
  try {
    const facts = await askServer(internal);
    const uses = new Map<Refusal, number>();
    const results: SuiteResult[] = [];
    for (const suite of suites)
      results.push(await runSuite(suite, { server: { uri, internal }, facts, refusals, uses }));
    return { server: facts, suites: results, uses };
  } finally {
    await internal.close();
  }
}

interface Run {
  server: TestServer;
  facts: ServerFacts;
  refusals: readonly Refusal[];
  uses: Map<Refusal, number>;
}

async function runSuite({ name, directory }: Suite, run: Run): Promise<SuiteResult> {
  const result: SuiteResult = { suite: name, passed: 0, refused: 0, skipped: 0, failures: [] };
  const files = (await readdir(directory)).filter((file) => file.endsWith(".json")).sort();
  if (files.length === 0) throw new Error(`There are no test files in ${directory}.`);
  for (const fileName of files) {
    const place = { suite: name, file: basename(fileName, ".json") };
    let file: TestFile;
    try {
      file = parseTestFile(await readFile(join(directory, fileName), "utf8"));
    } catch (error) {
      result.failures.push({ name: { ...place, test: "(the file)" }, message: String(error) });
      continue;
    }
    for (const test of file.tests) {
      const forThis =
        test.skipReason === undefined &&
        meets(file.runOnRequirements, run.facts) &&
        meets(test.runOnRequirements, run.facts);
      if (!forThis) {
        result.skipped += 1;
        continue;
      }
      const failure = await runTest(run.server, file, test).then(
        () => null,
        (error: unknown) => (error instanceof TestFailure ? error : new TestFailure(String(error))),
      );
      sort(result, { ...place, test: test.description }, failure, run);
    }
  }
  return result;
}

/** A listed test must fail, and for the reason that the list names. */
function sort(result: SuiteResult, name: TestName, failure: TestFailure | null, run: Run): void {
  const refusal = refusalOf(run.refusals, name);
  if (refusal === undefined) {
    if (failure === null) result.passed += 1;
    else result.failures.push({ name, message: failure.message });
    return;
  }
  run.uses.set(refusal, (run.uses.get(refusal) ?? 0) + 1);
  if (failure === null)
    result.failures.push({ name, message: `passes, but is listed as refused (${refusal.feature})` });
  else if (excuses(refusal, failure)) result.refused += 1;
  else
    result.failures.push({
      name,
      message: `is listed as refused (${refusal.feature}, ${markOf(refusal)}), but fails otherwise: ${failure.message}`,
    });
}

async function askServer(client: mongoose.mongo.MongoClient): Promise<ServerFacts> {
  const admin = client.db("admin");
  const { versionArray } = await admin.command({ buildInfo: 1 });
  const hello = await admin.command({ hello: 1 });
  const topology =
    hello["msg"] === "isdbgrid" ? "sharded" : hello["setName"] === undefined ? "single" : "replicaset";
  return {
    version: (versionArray as number[]).slice(0, 3),
    topology,
    auth: client.options.credentials !== undefined,
  };
}
