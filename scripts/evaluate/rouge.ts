// ROUGE-1, -2 and -L F1 of a summary against a human one: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004.
import { porterStem } from "./porter.ts";

export interface Rouge {
  rouge1: number;
  rouge2: number;
  rougeL: number;
}

/** F1 from 0 to 1, over Porter stems, stop words kept. ROUGE-L takes both texts as one sequence each. */
export function rouge(given: string, reference: string): Rouge {
  const [ours, theirs] = [tokensOf(given), tokensOf(reference)];
  return {
    rouge1: ofRuns(ours, theirs, 1),
    rouge2: ofRuns(ours, theirs, 2),
    rougeL: f1(longestCommon(ours, theirs), ours.length, theirs.length),
  };
}

export function tokensOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map((token) =>
    token.length > 3 ? porterStem(token) : token,
  );
}

/** Runs of so many words in common, each counted as often as it stands in both. */
function ofRuns(ours: readonly string[], theirs: readonly string[], length: number): number {
  const [a, b] = [runsOf(ours, length), runsOf(theirs, length)];
  let common = 0;
  for (const [run, count] of a) common += Math.min(count, b.get(run) ?? 0);
  return f1(common, Math.max(0, ours.length - length + 1), Math.max(0, theirs.length - length + 1));
}

function runsOf(tokens: readonly string[], length: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + length <= tokens.length; at += 1) {
    const run = tokens.slice(at, at + length).join(" ");
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

/** The length of the longest sequence that stands in both in this order, gaps allowed. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Uint32Array(b.length + 1);
  for (const one of a) {
    const next = new Uint32Array(b.length + 1);
    b.forEach((other, at) => {
      next[at + 1] = one === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0);
    });
    row = next;
  }
  return row[b.length] ?? 0;
}

function f1(common: number, given: number, expected: number): number {
  return given + expected === 0 ? 0 : (2 * common) / (given + expected);
}
