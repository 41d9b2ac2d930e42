// `npm run conformance:mongoose -- --suite PATH [--report]`: Mongoose's own tests against the embedded store.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import mongoose from "mongoose";
import { writeReport } from "../../scripts/report.ts";
import { compareWithRefusals, describe } from "./mongoose-compare.ts";
import { refusals } from "./mongoose-refusals.ts";
import { openSuite, runSuite } from "./mongoose-suite.ts";

const { values } = parseArgs({
  options: { suite: { type: "string" }, report: { type: "boolean", default: false } },
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  if (values.suite === undefined)
    throw new Error("--suite must name a checkout of Mongoose's repository, after `npm install` in it.");
  const suite = await openSuite(resolve(values.suite));
  const alone = refusals
    .filter((refusal) => refusal.alone === true)
    .flatMap(({ tests }) => Object.values(tests).flat());
  const reports = await runSuite(suite, alone);
  const comparison = compareWithRefusals(reports, refusals, resolve(suite.path, "test"));
  const text = [
    `Tests of Mongoose ${suite.version} with driver ${suite.driverVersion}; the project uses Mongoose ${mongoose.version}.`,
    "",
    describe(comparison, refusals),
  ].join("\n");
  console.log(text);
  if (values.report) {
    const command = "npm run conformance:mongoose -- --suite PATH --report";
    console.log(`Written to ${await writeReport("conformance-mongoose", { command, text })}`);
  }
  return comparison.unlisted.length + comparison.stale.length === 0 ? 0 : 1;
}
