// `npm run evaluate -- resume-import`: how much of résumés of known content is found in their files, and how much of what is found is right.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readFile as readResume } from "../../server/modules/career/import/read-file.ts";
import { resumeContentSchema, type ResumeContent } from "../../shared/schemas/career/resume.ts";
import type { Benchmark } from "../bench/benchmark.ts";
import { markdownTable } from "../markdown-table.ts";
import { compareResumes, fieldKinds, type Counts, type FieldKind } from "./resume-fields.ts";

const kept = join(import.meta.dirname, "..", "..", "tests", "resumes");
const types = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
} as const;

/** What the import was made with; what it was improved with; what nobody looked into; and what was given on the command line. */
const parts = ["own", "development", "held back", "given"] as const;
type Part = (typeof parts)[number];

interface ReadFileResult extends Counts {
  part: Part;
  outcome: string;
  /** Of files that are held back the figures alone are told: whoever knows the misses tunes to them. */
  misses: string[];
}

export const resumeImportEvaluation: Benchmark = {
  help: "[--data DIRECTORY] [--misses-of-held-back]  résumés as NAME-LAYOUT.pdf and .docx beside people/NAME.json, which says what they hold",
  options: { data: { type: "string" }, "misses-of-held-back": { type: "boolean" } },
  async run(values, log) {
    const given = values["data"];
    const directories = typeof given === "string" ? [given] : [kept, join(kept, "strangers")];
    const tellAll = values["misses-of-held-back"] === true;
    const counts = new Map(parts.map((part) => [part, emptyCounts()]));
    const files: Record<string, ReadFileResult> = {};
    const people = new Set<string>();
    for (const directory of directories) {
      const truths = await truthsIn(join(directory, "people"));
      const partOf = await splitOf(directory, typeof given === "string");
      for (const name of (await readdir(directory)).sort()) {
        const [, person = "", ending = ""] = /^([^-]+)-.*\.(pdf|docx)$/.exec(name) ?? [];
        const truth = truths.get(person);
        if (truth === undefined) continue;
        log(name);
        people.add(person);
        const part = partOf(name);
        const bytes = new Uint8Array(await readFile(join(directory, name)));
        const answer = await readResume({ bytes, type: types[ending as keyof typeof types] });
        const found = answer.outcome === "read" ? answer.read.content : null;
        const total = nothing();
        const misses: string[] = [];
        for (const [kind, one] of compareResumes(truth, found, (miss) => misses.push(miss))) {
          add(counts.get(part)?.get(kind) ?? nothing(), one);
          add(total, one);
        }
        const told = part !== "held back" || tellAll ? misses : [];
        files[name] = { ...total, part, outcome: answer.outcome, misses: told };
      }
    }
    const used = parts.filter((part) => Object.values(files).some((file) => file.part === part));
    return {
      text: textOf(files, people.size, used, counts),
      result: {
        fields: Object.fromEntries(used.map((part) => [part, Object.fromEntries(counts.get(part) ?? [])])),
        files,
      },
      failed: Object.keys(files).length === 0,
    };
  },
};

function textOf(
  files: Readonly<Record<string, ReadFileResult>>,
  people: number,
  used: readonly Part[],
  counts: ReadonlyMap<Part, Map<FieldKind, Counts>>,
): string {
  const sums = new Map(used.map((part) => [part, nothing()]));
  const lines = fieldKinds.map((kind) => [
    kind,
    ...used.flatMap((part) => {
      const one = counts.get(part)?.get(kind) ?? nothing();
      add(sums.get(part) ?? nothing(), one);
      return figures(one);
    }),
  ]);
  const header = ["field", ...used.flatMap((part) => [part, "precision", "recall"])];
  const filesOf = (part: Part) => Object.values(files).filter((file) => file.part === part).length;
  return [
    `${Object.keys(files).length} files of ${people} people: ${used.map((part) => `${filesOf(part)} ${part}`).join(", ")}.`,
    "",
    markdownTable(header, [
      ...lines,
      ["all", ...used.flatMap((part) => figures(sums.get(part) ?? nothing()))],
    ]),
    "",
    markdownTable(
      ["file", "part", "fields", "precision", "recall"],
      Object.entries(files).map(([name, file]) => [name, file.part, ...figures(file)]),
    ),
  ].join("\n");
}

async function splitOf(directory: string, isGiven: boolean): Promise<(name: string) => Part> {
  const path = join(directory, "split.json");
  if (!existsSync(path)) return () => (isGiven ? "given" : "own");
  const { heldBack } = z
    .object({ heldBack: z.array(z.string()) })
    .parse(JSON.parse(await readFile(path, "utf8")));
  return (name) => (heldBack.includes(name) ? "held back" : "development");
}

async function truthsIn(directory: string): Promise<Map<string, ResumeContent>> {
  const truths = new Map<string, ResumeContent>();
  for (const file of await readdir(directory)) {
    const json: unknown = JSON.parse(await readFile(join(directory, file), "utf8"));
    truths.set(file.replace(/\.json$/, ""), resumeContentSchema.parse(json));
  }
  return truths;
}

function emptyCounts(): Map<FieldKind, Counts> {
  return new Map(fieldKinds.map((kind) => [kind, nothing()]));
}

function nothing(): Counts {
  return { expected: 0, found: 0, right: 0 };
}

function add(to: Counts, { expected, found, right }: Counts): void {
  to.expected += expected;
  to.found += found;
  to.right += right;
}

function figures({ expected, found, right }: Counts): string[] {
  const share = (of: number) => (of === 0 ? "–" : (right / of).toFixed(3));
  return [String(expected), share(found), share(expected)];
}
