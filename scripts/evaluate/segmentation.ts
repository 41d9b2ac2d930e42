// How far a division into topics is from another one: Pk and WindowDiff; 0 is the same, 1 is the farthest.

/** Places of turns that begin a topic, within `turns` turns; the first turn begins one in any case. */
export interface Division {
  turns: number;
  starts: readonly number[];
}

/** Half the mean length of the reference's segments, in turns, at least 1. */
export function windowOf({ turns, starts }: Division): number {
  return Math.max(1, Math.round(turns / new Set([0, ...starts]).size / 2));
}

/**
 * Share of pairs of turns, a window apart, that are in one segment in the one division and in two in the other:
 * Beeferman, Berger, Lafferty, "Statistical Models for Text Segmentation", Machine Learning 34, 1999.
 */
export function pk(reference: Division, given: Division): number {
  return disagreement(reference, given, (a, b) => a > 0 !== b > 0);
}

/**
 * Share of windows in which the two divisions have different numbers of boundaries: Pevzner, Hearst, "A Critique and
 * Improvement of an Evaluation Metric for Text Segmentation", Computational Linguistics 28(1), 2002.
 */
export function windowDiff(reference: Division, given: Division): number {
  return disagreement(reference, given, (a, b) => a !== b);
}

function disagreement(
  reference: Division,
  given: Division,
  differ: (inReference: number, inGiven: number) => boolean,
): number {
  if (reference.turns !== given.turns) throw new Error("the divisions are of different conversations");
  const window = windowOf(reference);
  const [ours, theirs] = [segmentNumbers(reference), segmentNumbers(given)];
  const pairs = reference.turns - window;
  if (pairs <= 0) return 0;
  let wrong = 0;
  for (let at = 0; at < pairs; at += 1) {
    const boundaries = (numbers: readonly number[]) => (numbers[at + window] ?? 0) - (numbers[at] ?? 0);
    if (differ(boundaries(ours), boundaries(theirs))) wrong += 1;
  }
  return wrong / pairs;
}

/** For every turn, how many boundaries lie before it. */
function segmentNumbers({ turns, starts }: Division): number[] {
  const begins = new Set(starts);
  let number = 0;
  return Array.from({ length: turns }, (_none, at) => (at > 0 && begins.has(at) ? (number += 1) : number));
}

/** Segments of equal length, as far as whole turns allow. */
export function evenly(turns: number, segments: number): Division {
  return {
    turns,
    starts: Array.from({ length: segments }, (_none, index) => Math.round((index * turns) / segments)),
  };
}

/** As many segments, their boundaries anywhere. `random` gives numbers from 0 to below 1. */
export function atRandom(turns: number, segments: number, random: () => number): Division {
  const starts = new Set([0]);
  while (starts.size < Math.min(segments, turns)) starts.add(1 + Math.floor(random() * (turns - 1)));
  return { turns, starts: [...starts].sort((a, b) => a - b) };
}
