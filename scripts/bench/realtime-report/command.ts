// `npm run bench -- realtime-report`: runs what shows the fifteen properties, and writes docs/reports/realtime.md.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textOption, type Benchmark } from "../benchmark.ts";
import { keep } from "./kept.ts";
import { properties } from "./properties.ts";
import { markdownOf, showProperty, type EvidenceRow } from "./report.ts";

const reports = join(import.meta.dirname, "..", "..", "..", "docs", "reports");
const command = "npm run bench -- realtime-report";

export const realtimeReportBenchmark: Benchmark = {
  help: `[--only 1,2] [--short]
  --only   numbers of properties; the page keeps what was found of the others before
  --short  at the tests' short size: shows that it runs, not that it holds; writes no page`,
  options: { only: { type: "string" }, short: { type: "boolean", default: false } },
  async run(values, progress) {
    const only = textOption(values, "only")?.split(",").map(Number);
    const short = values["short"] === true;
    const numbers = properties.map(({ number }) => number);
    const unknown = only?.filter((number) => !numbers.includes(number)) ?? [];
    if (unknown.length > 0) throw new Error(`--only: there is no property ${unknown.join(", ")}.`);
    const rows: EvidenceRow[] = [];
    for (const property of properties) {
      if (only !== undefined && !only.includes(property.number)) continue;
      progress(`${property.number}. ${property.name} …`);
      const row = await showProperty(property, { short, progress });
      progress(`${property.number}. ${row.verdict}: ${row.figure} (${row.seconds} s)`);
      rows.push(row);
      if (short) continue;
      // After each, so that a run which is stopped leaves what it has found.
      const all = await keep(join(reports, "realtime.json"), row);
      await writeFile(join(reports, "realtime.md"), markdownOf(all, command, numbers));
    }
    const failed = rows.some(({ verdict }) => verdict === "failed");
    return { text: markdownOf(rows, command, only ?? numbers), result: { rows }, failed };
  },
};
