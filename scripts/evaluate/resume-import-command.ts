// `npm run evaluate -- resume-import`: how much of résumés of known content is found in their files, and how much of what is found is right.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readFile as readResume } from "../../server/modules/career/import/read-file.ts";
import { resumeContentSchema, type ResumeContent } from "../../shared/schemas/career/resume.ts";
import type { Benchmark } from "../bench/benchmark.ts";
import { markdownTable } from "../markdown-table.ts";
import { compareResumes, fieldKinds, type Counts, type FieldKind } from "./resume-fields.ts";

const own = join(import.meta.dirname, "..", "..", "tests", "resumes");
const types = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
} as const;

export const resumeImportEvaluation: Benchmark = {
  help: "[--data DIRECTORY]  résumés as NAME-LAYOUT.pdf and .docx beside people/NAME.json, which says what they hold",
  options: { data: { type: "string" } },
  async run(values, log) {
    const directory = typeof values["data"] === "string" ? values["data"] : own;
    const truths = await truthsIn(join(directory, "people"));
    const all = new Map<FieldKind, Counts>(fieldKinds.map((kind) => [kind, nothing()]));
    const files: Record<string, Counts & { outcome: string; misses: string[] }> = {};
    for (const name of (await readdir(directory)).sort()) {
      const [, person = "", ending = ""] = /^([^-]+)-.*\.(pdf|docx)$/.exec(name) ?? [];
      const truth = truths.get(person);
      if (truth === undefined) continue;
      log(name);
      const bytes = new Uint8Array(await readFile(join(directory, name)));
      const answer = await readResume({ bytes, type: types[ending as keyof typeof types] });
      const found = answer.outcome === "read" ? answer.read.content : null;
      const total = nothing();
      const misses: string[] = [];
      for (const [kind, counts] of compareResumes(truth, found, (miss) => misses.push(miss))) {
        add(all.get(kind) ?? nothing(), counts);
        add(total, counts);
      }
      files[name] = { ...total, outcome: answer.outcome, misses };
    }
    const sum = nothing();
    for (const counts of all.values()) add(sum, counts);
    const rows = [...all].map(([kind, counts]) => row(kind, counts));
    const text = [
      `${Object.keys(files).length} files of ${truths.size} people.`,
      "",
      markdownTable(["field", "in the résumés", "precision", "recall"], [...rows, row("all", sum)]),
      "",
      markdownTable(
        ["file", "fields", "precision", "recall"],
        Object.entries(files).map(([name, counts]) => row(name, counts)),
      ),
    ].join("\n");
    return {
      text,
      result: { fields: Object.fromEntries(all), files },
      failed: Object.keys(files).length === 0,
    };
  },
};

async function truthsIn(directory: string): Promise<Map<string, ResumeContent>> {
  const truths = new Map<string, ResumeContent>();
  for (const file of await readdir(directory)) {
    const json: unknown = JSON.parse(await readFile(join(directory, file), "utf8"));
    truths.set(file.replace(/\.json$/, ""), resumeContentSchema.parse(json));
  }
  return truths;
}

function nothing(): Counts {
  return { expected: 0, found: 0, right: 0 };
}

function add(to: Counts, { expected, found, right }: Counts): void {
  to.expected += expected;
  to.found += found;
  to.right += right;
}

function row(name: string, { expected, found, right }: Counts): string[] {
  const share = (of: number) => (of === 0 ? "–" : (right / of).toFixed(3));
  return [name, String(expected), share(found), share(expected)];
}
