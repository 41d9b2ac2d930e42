// `npm run evaluate -- rubric`: how well the rules tell what is required from what is welcome, once nothing says it above it.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { rubricOf } from "../../server/modules/career/rubric/rubric.ts";
import type { Benchmark } from "../bench/benchmark.ts";
import { table } from "../bench/statistics.ts";

type Kind = "must" | "nice";
const kinds: readonly Kind[] = ["must", "nice"];
const ownPostings = join(import.meta.dirname, "..", "..", "tests", "postings");

export const rubricEvaluation: Benchmark = {
  help: `[--data DIRECTORY]
  --data  texts (*.txt) with what is required and what is welcome under such headings; without it those in tests/postings`,
  options: { data: { type: "string", default: ownPostings } },
  async run(values) {
    const directory = String(values["data"]);
    const names = (await readdir(directory)).filter((name) => name.endsWith(".txt")).sort();
    const postings = await Promise.all(
      names.map(async (name) => labelled(await readFile(join(directory, name), "utf8"))),
    );
    const used = postings.filter(({ asked }) =>
      kinds.every((kind) => asked.some((one) => one.kind === kind)),
    );
    if (used.length === 0)
      throw new Error("No text has both what is required and what is welcome under headings.");
    const judged = used.map(judge);
    const scores = kinds.map((kind) => ({ kind, ...f1(sumOf(judged.map((one) => one[kind]))) }));
    // All that is labelled, called required: what is to be beaten.
    const allMust = sumOf(used.map(({ asked }) => countsOfAllMust(asked)));
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const row = (name: string, { precision, recall, f1: mean }: ReturnType<typeof f1>) => [
      name,
      percent(precision),
      percent(recall),
      percent(mean),
    ];
    const text = [
      table([
        ["kind", "precision", "recall", "F1"],
        ...scores.map((score) => row(score.kind, score)),
        row("must, if all lines were", f1(allMust)),
      ]),
      "",
      `${used.length} postings, ${allMust.predicted} labelled lines. The headings that say it are removed before the rules read.`,
    ].join("\n");
    return {
      text,
      result: { postings: used.length, lines: allMust.predicted, scores, allMust: f1(allMust) },
      failed: false,
    };
  },
};

function countsOfAllMust(asked: LabelledPosting["asked"]): Counts {
  const must = asked.filter(({ kind }) => kind === "must").length;
  return { found: must, predicted: asked.length, labelled: must };
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = (name: keyof Counts) => all.reduce((total, one) => total + one[name], 0);
  return { found: sum("found"), predicted: sum("predicted"), labelled: sum("labelled") };
}

/** What a posting asks for, by the headings that its author wrote, and the text without them. */
export interface LabelledPosting {
  text: string;
  asked: { kind: Kind; line: string }[];
}

const headings: readonly [Kind | null, RegExp][] = [
  ["must", /^(?:essential|required)(?: (?:criteria|skills|experience|qualifications|and experience))*:?$/iu],
  ["nice", /^(?:desirable|preferred|nice to have)(?: (?:criteria|skills|experience|qualifications))*:?$/iu],
  [null, /^[^-•*].{0,60}:$|^[A-Z][\w' ]{2,40}$/u],
];

/** Lists under headings such as "Essential" and "Desirable" are taken as labelled; all headings above lists go. */
export function labelled(source: string): LabelledPosting {
  const kept: string[] = [];
  const asked: LabelledPosting["asked"] = [];
  let kind: Kind | null = null;
  for (const line of source.split(/\r?\n/u)) {
    const own = line.trim();
    const heading = headings.find(([, pattern]) => pattern.test(own));
    if (heading !== undefined) {
      kind = heading[0];
      // What says it is what is looked for; other headings stay.
      if (kind === null) kept.push(line);
      continue;
    }
    kept.push(line);
    const item = /^[-•*]\s+(.+)$/u.exec(own)?.[1];
    if (kind !== null && item !== undefined) asked.push({ kind, line: item });
  }
  return { text: kept.join("\n"), asked };
}

export interface Counts {
  found: number;
  predicted: number;
  labelled: number;
}

/** A line is found where a requirement of its kind quotes words of it. */
export function judge({ text, asked }: LabelledPosting): Record<Kind, Counts> {
  const { requirements } = rubricOf({ title: "Posting", rawDescription: text });
  const of = (kind: Kind): Counts => {
    const lines = asked.filter((one) => one.kind === kind);
    const own = requirements.filter(({ type }) => type === kind);
    const hits = (quotes: readonly string[], { line }: { line: string }) =>
      quotes.some((quote) => line.includes(quote));
    return {
      found: lines.filter((line) => own.some(({ jdEvidence }) => hits(jdEvidence, line))).length,
      predicted: new Set(
        own.map(({ jdEvidence }, at) => {
          const line = asked.findIndex((one) => hits(jdEvidence, one));
          // Sentences of one line count once, as the line does.
          return line === -1 ? `other ${at}` : `line ${line}`;
        }),
      ).size,
      labelled: lines.length,
    };
  };
  return { must: of("must"), nice: of("nice") };
}

export function f1({ found, predicted, labelled: all }: Counts): {
  precision: number;
  recall: number;
  f1: number;
} {
  const precision = predicted === 0 ? 0 : found / predicted;
  const recall = all === 0 ? 0 : found / all;
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}
