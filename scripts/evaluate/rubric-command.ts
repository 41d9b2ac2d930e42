// `npm run evaluate -- rubric`: how well the rules tell what is required from what is welcome, once nothing says it above it.
import { join } from "node:path";
import { rubricOf } from "../../server/modules/career/rubric/rubric.ts";
import type { Benchmark } from "../bench/benchmark.ts";
import { table } from "../bench/statistics.ts";
import { allMust, bagOfWords, positionSplit, type Baseline } from "./posting-baselines.ts";
import { kinds, labelledPostings, type Kind, type LabelledPosting } from "./posting-labels.ts";

const ownPostings = join(import.meta.dirname, "..", "..", "tests", "postings");

export const rubricEvaluation: Benchmark = {
  help: `[--data DIRECTORY]
  --data  texts (*.txt) with what is required and what is welcome under such headings; without it those in tests/postings`,
  options: { data: { type: "string" } },
  async run(values) {
    const known = await labelledPostings(join(ownPostings, "development"));
    const given = values["data"];
    const parts =
      given === undefined
        ? [
            {
              name: "held back: no rule was made or changed with them",
              postings: await labelledPostings(join(ownPostings, "held-back")),
            },
            { name: "development: the rules were made with them", postings: known },
          ]
        : [{ name: String(given), postings: await labelledPostings(String(given)) }];
    if (parts.some(({ postings }) => postings.length === 0))
      throw new Error("No text has both what is required and what is welcome under headings.");
    const baselines = [allMust, positionSplit(known), bagOfWords(known)];
    const measured = parts.map(({ name, postings }) => ({
      name,
      postings: postings.length,
      lines: postings.reduce((sum, { asked }) => sum + asked.length, 0),
      ...quotesOf(postings),
      rows: [
        { name: "rules", ...scoresOf(postings.map((posting) => judge(posting))) },
        { name: "rules, without empty lines", ...scoresOf(postings.map((posting) => judge(dense(posting)))) },
        {
          name: "rules, with all headings",
          ...scoresOf(postings.map((posting) => judge({ ...posting, text: posting.source }))),
        },
        ...baselines.map((baseline) => ({
          name: baseline.name,
          ...scoresOf(postings.map((posting) => judgeBaseline(baseline, posting))),
        })),
      ],
    }));
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const text = measured
      .map(({ name, postings, lines, quotes, misplaced, rows }) =>
        [
          `${name} (${postings} postings, ${lines} labelled lines; ${quotes} quotes, ${misplaced} not at their place)`,
          table([
            ["", "must precision", "recall", "F1", "nice precision", "recall", "F1"],
            ...rows.map((row) => [
              row.name,
              ...kinds.flatMap((kind) => [row[kind].precision, row[kind].recall, row[kind].f1].map(percent)),
            ]),
          ]),
        ].join("\n"),
      )
      .join("\n\n");
    const said = [
      "The headings that say it are removed before the rules read. The rules find themselves which lines ask for something;",
      "the baselines are told. They know the postings for development. All postings in tests/postings are of one hand, which",
      "also wrote the rules: those of other people will do worse.",
    ].join("\n");
    return {
      text: `${text}\n\n${said}`,
      result: { parts: measured },
      failed: measured.some(({ misplaced }) => misplaced > 0),
    };
  },
};

export interface Counts {
  found: number;
  predicted: number;
  labelled: number;
}

type Score = { precision: number; recall: number; f1: number };

function scoresOf(judged: readonly Record<Kind, Counts>[]): Record<Kind, Score> {
  const of = (kind: Kind) => {
    const sum = (name: keyof Counts) => judged.reduce((total, one) => total + one[kind][name], 0);
    return f1({ found: sum("found"), predicted: sum("predicted"), labelled: sum("labelled") });
  };
  return { must: of("must"), nice: of("nice") };
}

/** A line is found where a requirement of its kind quotes words of it, or has them in its quote. */
export function judge({ text, asked }: Pick<LabelledPosting, "text" | "asked">): Record<Kind, Counts> {
  const { requirements } = rubricOf({ title: "Posting", rawDescription: text });
  const of = (kind: Kind): Counts => {
    const quotes = requirements.filter(({ type }) => type === kind).flatMap(({ jdEvidence }) => jdEvidence);
    const touches = (quote: string, { line }: { line: string }) =>
      line.includes(quote) || quote.includes(line);
    const hit = asked.filter((one) => quotes.some((quote) => touches(quote, one)));
    const strays = quotes.filter((quote) => !asked.some((one) => touches(quote, one)));
    return {
      found: hit.filter((one) => one.kind === kind).length,
      // Sentences of one line count once, as the line does.
      predicted: hit.length + strays.length,
      labelled: asked.filter((one) => one.kind === kind).length,
    };
  };
  return { must: of("must"), nice: of("nice") };
}

function judgeBaseline({ kindsOf }: Baseline, posting: LabelledPosting): Record<Kind, Counts> {
  const said = kindsOf(posting);
  const of = (kind: Kind): Counts => ({
    found: posting.asked.filter((one, at) => one.kind === kind && said[at] === kind).length,
    predicted: said.filter((one) => one === kind).length,
    labelled: posting.asked.filter((one) => one.kind === kind).length,
  });
  return { must: of("must"), nice: of("nice") };
}

/** As from a page that leaves no space between its parts. */
function dense({ text, ...posting }: LabelledPosting): LabelledPosting {
  return { ...posting, text: text.replace(/\n(?:[^\S\n]*\n)+/gu, "\n") };
}

function quotesOf(postings: readonly LabelledPosting[]): { quotes: number; misplaced: number } {
  let [quotes, misplaced] = [0, 0];
  for (const { text } of postings) {
    const { requirements, keywords } = rubricOf({ title: "Posting", rawDescription: text });
    for (const { jdEvidence, jdOffsets } of [...requirements, ...keywords])
      jdEvidence.forEach((quote, at) => {
        quotes += 1;
        const place = jdOffsets[at];
        if (place === undefined || text.slice(place.start, place.end) !== quote) misplaced += 1;
      });
  }
  return { quotes, misplaced };
}

export function f1({ found, predicted, labelled: all }: Counts): Score {
  const precision = predicted === 0 ? 0 : found / predicted;
  const recall = all === 0 ? 0 : found / all;
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}
