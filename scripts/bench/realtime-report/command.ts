// `npm run bench -- realtime-report` and its like: run what shows a list of properties, and write docs/reports/NAME.md.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textOption, type Benchmark } from "../benchmark.ts";
import { keep } from "./kept.ts";
import { properties as realtimeProperties, type Property } from "./properties.ts";
import { markdownOf, showProperty, type EvidenceRow } from "./report.ts";
import { revocationProperties } from "./revocation-properties.ts";

const reports = join(import.meta.dirname, "..", "..", "..", "docs", "reports");

export const realtimeReportBenchmark = reportBenchmark({
  name: "realtime",
  title: "What the realtime core holds",
  properties: realtimeProperties,
});

export const revocationReportBenchmark = reportBenchmark({
  name: "revocation",
  title: "How soon a right ends everywhere",
  properties: revocationProperties,
});

function reportBenchmark({
  name,
  title,
  properties,
}: {
  name: string;
  title: string;
  properties: readonly Property[];
}): Benchmark {
  const command = `npm run bench -- ${name}-report`;
  return {
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
        const all = await keep(join(reports, `${name}.json`), row);
        await writeFile(join(reports, `${name}.md`), markdownOf(all, { title, command, numbers }));
      }
      const failed = rows.some(({ verdict }) => verdict === "failed");
      return {
        text: markdownOf(rows, { title, command, numbers: only ?? numbers }),
        result: { rows },
        failed,
      };
    },
  };
}
