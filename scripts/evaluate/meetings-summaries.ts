// Whole-meeting summaries against the human ones: ours, beside lead, random and TextRank of the same length.
import { table } from "../bench/statistics.ts";
import { countWords } from "../../server/platform/text/words.ts";
import { spokenSentences } from "../../server/vendors/language/spoken.ts";
import {
  coverageOptions,
  rank,
  summarise,
  wordWorth,
  type CoverageOptions,
} from "../../server/vendors/language/summary.ts";
import { newRandom } from "../../tests/factories/random.ts";
import type { AnnotatedMeeting } from "./annotated-meetings.ts";
import { leaveOneOut, mean, type Part } from "./meetings-parts.ts";
import { rouge, type Rouge } from "./rouge.ts";
import { textRank } from "./text-rank.ts";

const randomSummaries = 50;
const grid: readonly CoverageOptions[] = [0.4, 0.8].flatMap((lengthPower) =>
  [0, 0.3].map((repeatedWorth) => ({ lengthPower, repeatedWorth })),
);
const kinds = ["held back", "shipped", "lead", "random", "TextRank"] as const;
type Kind = (typeof kinds)[number];
const measures = ["rouge1", "rouge2", "rougeL"] as const;

export function measureSummaries(meetings: readonly AnnotatedMeeting[]): Part {
  const summarised = meetings.filter(({ summaries }) => summaries.length > 0);
  const candidates = summarised.map(judge);
  const chosen = leaveOneOut(
    grid.map((_options, index) => candidates.map(({ tried }) => total(tried[index] ?? nothing))),
  );
  const rows = candidates.map(({ name, words, tried, others }, index) => ({
    meeting: name,
    words,
    scores: { ...others, "held back": tried[chosen[index] ?? 0] ?? nothing } as Record<Kind, Rouge>,
  }));
  const average = (kind: Kind) => meanOf(rows.map(({ scores }) => scores[kind]));
  const beaten = kinds
    .slice(2)
    .every((kind) => measures.every((one) => average("held back")[one] > average(kind)[one]));
  return {
    text: [
      "Whole-meeting summaries against the human ones: ROUGE-1 / -2 / -L F1, each as long as the human one at most",
      "",
      table([
        ["meeting", "words", ...kinds],
        ...rows.map(({ meeting, words, scores }) => [
          meeting,
          String(words),
          ...kinds.map((kind) => figures(scores[kind])),
        ]),
        ["mean", "", ...kinds.map((kind) => figures(average(kind)))],
      ]),
      "",
      "  held back: weights chosen from the other meetings; shipped: the product's own, chosen from all of these.",
      "  ours quotes what was said, without fillers; the human summaries are written anew, so that much of their wording",
      "  stands nowhere in the meeting.",
    ].join("\n"),
    result: { rows, mean: Object.fromEntries(kinds.map((kind) => [kind, average(kind)])) },
    failed: !beaten,
  };
}

function judge({ name, turns, summaries }: AnnotatedMeeting) {
  const sentences = spokenSentences(
    turns.map(({ speaker, text }, at) => ({
      sequence: at + 1,
      speakerId: speaker,
      text,
      startMs: at,
      endMs: at + 1,
    })),
  );
  const texts = sentences.map(({ text }) => text);
  const words = Math.round(mean(summaries.map(countWords)));
  const score = (text: string) => meanOf(summaries.map((summary) => rouge(text, summary)));
  const fill = (order: readonly number[]) => score(filled(texts, order, words));
  const ranked = rank(sentences);
  const worth = wordWorth(sentences);
  const ours = (options: CoverageOptions) =>
    score(
      summarise(ranked, worth, { sentences: Infinity, words }, options)
        .map(({ text }) => text)
        .join(" "),
    );
  const random = newRandom(1);
  return {
    name,
    words,
    tried: grid.map(ours),
    others: {
      shipped: ours(coverageOptions),
      lead: fill([...texts.keys()]),
      random: meanOf(
        Array.from({ length: randomSummaries }, () =>
          fill(
            texts
              .map((_text, at) => ({ at, draw: random.next() }))
              .sort((a, b) => a.draw - b.draw)
              .map(({ at }) => at),
          ),
        ),
      ),
      TextRank: fill(textRank(texts)),
    },
  };
}

/** Sentences in this order of preference, as long as they have room; shown in order of time. */
function filled(texts: readonly string[], order: readonly number[], words: number): string {
  const chosen: number[] = [];
  let room = words;
  for (const at of order) {
    const length = countWords(texts[at] ?? "");
    if (length > room) continue;
    chosen.push(at);
    room -= length;
    if (room <= 0) break;
  }
  return chosen
    .sort((a, b) => a - b)
    .map((at) => texts[at])
    .join(" ");
}

const nothing: Rouge = { rouge1: 0, rouge2: 0, rougeL: 0 };

function total({ rouge1, rouge2, rougeL }: Rouge): number {
  return rouge1 + rouge2 + rougeL;
}

function meanOf(all: readonly Rouge[]): Rouge {
  return {
    rouge1: mean(all.map((one) => one.rouge1)),
    rouge2: mean(all.map((one) => one.rouge2)),
    rougeL: mean(all.map((one) => one.rougeL)),
  };
}

function figures({ rouge1, rouge2, rougeL }: Rouge): string {
  return [rouge1, rouge2, rougeL].map((one) => one.toFixed(3)).join(" / ");
}
