// `npm run conformance -- --specifications PATH [--suite crud] [--report]`: MongoDB's own tests against the embedded store, or MONGODB_URI.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { writeReport } from "../../scripts/report.ts";
import { markOf, readRefusals, type Refusal } from "./refusals.ts";
import { runSuites, suiteFolders, unusedRefusals, type ConformanceResult } from "./run-suites.ts";

const { values } = parseArgs({
  options: {
    specifications: { type: "string" },
    suite: { type: "string", multiple: true, default: Object.keys(suiteFolders) },
    report: { type: "boolean", default: false },
  },
});

if (values.specifications === undefined) {
  console.error("--specifications must be a checkout of github.com/mongodb/specifications.");
  process.exit(2);
}
const specifications = values.specifications;
const suites = values.suite.map((name) => {
  const folder = suiteFolders[name];
  if (folder === undefined) {
    console.error(`--suite must be one of ${Object.keys(suiteFolders).join(", ")}.`);
    process.exit(2);
  }
  return { name, directory: join(specifications, folder) };
});

const refusals = await readRefusals();
const result = await withServer((uri) => runSuites(uri, { suites, refusals }));
const unused = unusedRefusals(result, refusals);
const text = describe(result, unused);
console.log(text);
if (values.report) {
  const chosen = values.suite.length === Object.keys(suiteFolders).length ? [] : values.suite;
  const command = [
    "npm run conformance -- --specifications PATH",
    ...chosen.map((name) => `--suite ${name}`),
  ];
  console.log(`Written to ${await writeReport("conformance", { command: command.join(" "), text })}`);
}
process.exit(unused.length > 0 || result.suites.some(({ failures }) => failures.length > 0) ? 1 : 0);

async function withServer<T>(use: (uri: string) => Promise<T>): Promise<T> {
  const given = process.env["MONGODB_URI"];
  if (given !== undefined && given !== "") return use(given);
  const dataDir = await mkdtemp(join(tmpdir(), "conformance-"));
  const store = await startEmbeddedMongo({ dataDir });
  try {
    return await use(store.uri);
  } finally {
    await store.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function describe({ server, suites, uses }: ConformanceResult, unused: readonly Refusal[]): string {
  const columns = ["passed", "failed", "refused", "skipped"];
  const rows = suites.map((suite) => [suite.passed, suite.failures.length, suite.refused, suite.skipped]);
  const totals = columns.map((_, index) => rows.reduce((sum, row) => sum + (row[index] ?? 0), 0));
  const line = (name: string, cells: readonly (number | string)[]) =>
    name.padEnd(24) + cells.map((cell) => String(cell).padStart(9)).join("");
  const byFeature = new Map<string, { refusal: Refusal; count: number }>();
  for (const [refusal, count] of uses)
    byFeature.set(refusal.feature, {
      refusal,
      count: (byFeature.get(refusal.feature)?.count ?? 0) + count,
    });
  return [
    `Server ${server.version.join(".")}, ${server.topology}, ${server.auth ? "with" : "without"} sign-in`,
    "",
    line("suite", columns),
    ...suites.map(({ suite }, index) => line(suite, rows[index] ?? [])),
    line("together", totals),
    "",
    "Refused, as listed in tests/conformance/refusals.json:",
    ...[...byFeature.values()].map(
      ({ refusal, count }) =>
        `  ${String(count).padStart(3)}  ${refusal.feature} (${markOf(refusal)}): ${refusal.reason}`,
    ),
    ...suites.flatMap(({ failures }) =>
      failures.map(({ name, message }) => `\nFAILED ${name.suite}/${name.file}: ${name.test}\n  ${message}`),
    ),
    ...unused.map(
      ({ suite, file, test }) =>
        `\nUNUSED entry of the list: ${suite}/${file}: ${test} (no such test was run)`,
    ),
  ].join("\n");
}
