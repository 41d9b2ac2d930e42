// `npm run bench -- realtime-report`: runs what shows the fifteen properties, and writes docs/reports/realtime.md.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textOption, type Benchmark } from "../benchmark.ts";
import { properties } from "./properties.ts";
import { markdownOf, showProperties } from "./report.ts";

const reports = join(import.meta.dirname, "..", "..", "..", "docs", "reports");

export const realtimeReportBenchmark: Benchmark = {
  help: `[--only 1,2] [--quick]
  --only   numbers of properties; the page is written only without it
  --quick  at the tests' short size: shows that it runs, not that it holds; writes no page`,
  options: { only: { type: "string" }, quick: { type: "boolean", default: false } },
  async run(values, progress) {
    const only = textOption(values, "only")?.split(",").map(Number);
    const quick = values["quick"] === true;
    const chosen = properties.filter(({ number }) => only === undefined || only.includes(number));
    const rows = await showProperties(chosen, { quick, progress });
    const text = markdownOf(rows, "npm run bench -- realtime-report");
    if (!quick && only === undefined) {
      await mkdir(reports, { recursive: true });
      await writeFile(join(reports, "realtime.md"), text);
    }
    return { text, result: { rows }, failed: rows.some(({ verdict }) => verdict === "failed") };
  },
};
