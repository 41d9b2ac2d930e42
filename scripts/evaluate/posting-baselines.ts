// What tells required from welcome without the rules: nothing, the place in the list, and the words of other postings.
import { contentStems, wordsOf } from "../../server/platform/text/words.ts";
import { kinds, type Kind, type LabelledPosting } from "./posting-labels.ts";

/** All of them are told which lines ask for something, which the rules have to find out. */
export interface Baseline {
  name: string;
  kindsOf(posting: LabelledPosting): Kind[];
}

export const allMust: Baseline = { name: "all required", kindsOf: ({ asked }) => asked.map(() => "must") };

/** The first so many in a hundred of a posting's lines are required: as many as in those that it was made with. */
export function positionSplit(known: readonly LabelledPosting[]): Baseline {
  const all = known.flatMap(({ asked }) => asked);
  const share = all.filter(({ kind }) => kind === "must").length / Math.max(1, all.length);
  return {
    name: `first ${Math.round(100 * share)} % required`,
    kindsOf: ({ asked }) => asked.map((_, at) => ((at + 0.5) / asked.length <= share ? "must" : "nice")),
  };
}

/** Naive Bayes over the stems of the words, with one added to each count. */
export function bagOfWords(known: readonly LabelledPosting[]): Baseline {
  const counts = new Map(kinds.map((kind) => [kind, new Map<string, number>()]));
  const lines = { must: 0, nice: 0 };
  for (const { asked } of known)
    for (const { kind, line } of asked) {
      lines[kind] += 1;
      const own = counts.get(kind);
      for (const word of stemsOf(line)) own?.set(word, (own.get(word) ?? 0) + 1);
    }
  const words = new Set(kinds.flatMap((kind) => [...(counts.get(kind)?.keys() ?? [])]));
  const score = (kind: Kind, line: string) =>
    stemsOf(line)
      .filter((word) => words.has(word))
      .reduce(
        (sum, word) => sum + Math.log(((counts.get(kind)?.get(word) ?? 0) + 1) / (lines[kind] + 2)),
        Math.log(lines[kind] / (lines.must + lines.nice)),
      );
  return {
    name: "naive Bayes of words",
    kindsOf: ({ asked }) =>
      asked.map(({ line }) => (score("nice", line) > score("must", line) ? "nice" : "must")),
  };
}

function stemsOf(line: string): string[] {
  return [...new Set(contentStems(wordsOf(line)))];
}
