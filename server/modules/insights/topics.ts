// Where a conversation turns to another topic, and what each stretch of it is about: lexical cohesion, in pure functions.
import { keyTerms } from "../../platform/text/key-terms.ts";
import { contentStems, wordsOf } from "../../platform/text/words.ts";

export interface TopicStretch {
  /** Places in the turns given, both included. */
  first: number;
  last: number;
  /** Key terms that are said here rather than elsewhere, most telling first; at most three. */
  labels: string[];
}

export interface TopicOptions {
  /** Turns are put together until they hold so many content words: less says little by itself. */
  blockStems: number;
  /** Weight of a block's neighbours in what it is taken to be about. */
  smoothing: number;
  /** What another stretch costs, times the logarithm of the number of blocks. */
  penalty: number;
  /** How much less where somebody says that something new begins. */
  cue: number;
}

/** Compared by `npm run evaluate -- meetings`, which reports how a choice does on meetings it was not made from. */
export const topicOptions: TopicOptions = { blockStems: 40, smoothing: 0.6, penalty: 0.8, cue: 0.2 };

/** Bounds memory at 8 bytes times its square, and time alike: beyond, blocks grow. About four hours of talk. */
const blocksMost = 1_500;
const labelsMost = 3;
const labelCandidates = 12;

/** Whoever leads a conversation opens a matter like this, in whatever trade. */
const opensMatter =
  /^(?:\W*(?:um|uh|yeah|well|and|but|thank you)\W+)*(?:(?:ok|okay|alright|all right|so|right|now|well)\W+(?:so|then|now|let's|next|um|uh|well|moving|the next|we)\b|next\b|(?:let's|let us) (?:move|go on|start|get|turn|talk)|moving on|we(?:'ll| will| are| now) (?:now )?(?:move|go|proceed|going)|before we|finally|i'd like to|we come to|can i (?:ask|turn|come)|questions? (?:on|from))/i;

/** Every turn is in exactly one stretch, in order; the same turns give the same stretches. */
export function topicStretches(
  turns: readonly string[],
  options: TopicOptions = topicOptions,
): TopicStretch[] {
  const stems = turns.map((text) => contentStems(wordsOf(text)));
  const starts = startsOf(turns, stems, options);
  const said = stems.map((one) => new Set(one));
  return starts.map((first, index) => {
    const last = (starts[index + 1] ?? turns.length) - 1;
    return { first, last, labels: labelsOf(turns, said, { first, last }) };
  });
}

/** The first turn of every stretch, the first one of all included; empty where there are no turns. */
export function topicStarts(turns: readonly string[], options: TopicOptions = topicOptions): number[] {
  return startsOf(
    turns,
    turns.map((text) => contentStems(wordsOf(text))),
    options,
  );
}

/**
 * Of all ways to divide the blocks, the one whose stretches hold together best: the sum over stretches of the squared
 * distances of their blocks from their mean, and a price for each stretch, is least. Blocks are vectors of words
 * weighted by rarity (tf-idf), of length one. The least sum is found by dynamic programming, as in Utiyama and Isahara,
 * "A Statistical Model for Domain-Independent Text Segmentation", ACL 2001; time grows with the square of the blocks.
 */
function startsOf(
  turns: readonly string[],
  stems: readonly (readonly string[])[],
  { blockStems, smoothing, penalty, cue }: TopicOptions,
): number[] {
  if (turns.length === 0) return [];
  const total = stems.reduce((sum, one) => sum + one.length, 0);
  const blocks = blocksOf(stems, Math.max(blockStems, Math.ceil(total / blocksMost)));
  const count = blocks.length;
  const likeness = summedLikeness(smoothed(weighted(blocks), smoothing));
  const price = penalty * Math.log(count);
  const prices = blocks.map(({ first }, block) =>
    block === 0 ? 0 : price - (opensMatter.test(turns[first] ?? "") ? cue : 0),
  );
  const least = new Float64Array(count + 1).fill(Infinity);
  const cameFrom = new Int32Array(count + 1);
  least[0] = 0;
  for (let until = 1; until <= count; until += 1)
    for (let from = 0; from < until; from += 1) {
      const spread = until - from - likeness(from, until) / (until - from);
      const sum = (least[from] ?? 0) + spread + (prices[from] ?? 0);
      if (sum < (least[until] ?? 0)) [least[until], cameFrom[until]] = [sum, from];
    }
  const starts: number[] = [];
  for (let block = count; block > 0;) {
    block = cameFrom[block] ?? 0;
    starts.push(blocks[block]?.first ?? 0);
  }
  return starts.reverse();
}

interface Block {
  /** The turn it begins with. */
  first: number;
  stems: string[];
}

function blocksOf(stems: readonly (readonly string[])[], blockStems: number): Block[] {
  const blocks: Block[] = [];
  stems.forEach((one, first) => {
    const last = blocks.at(-1);
    if (last === undefined || last.stems.length >= blockStems) blocks.push({ first, stems: [...one] });
    else last.stems.push(...one);
  });
  return blocks;
}

type Vector = ReadonlyMap<string, number>;

/** What is said in one block only tells nothing about what belongs together, and what is said in all neither. */
function weighted(blocks: readonly Block[]): Vector[] {
  const inBlocks = new Map<string, number>();
  for (const { stems } of blocks)
    for (const stem of new Set(stems)) inBlocks.set(stem, (inBlocks.get(stem) ?? 0) + 1);
  return blocks.map(({ stems }) => {
    const counts = new Map<string, number>();
    for (const stem of stems)
      if ((inBlocks.get(stem) ?? 0) > 1) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    return unit(
      [...counts].map(([stem, said]) => [
        stem,
        (1 + Math.log(said)) * Math.log(blocks.length / (inBlocks.get(stem) ?? 1)),
      ]),
    );
  });
}

function smoothed(vectors: readonly Vector[], smoothing: number): Vector[] {
  return vectors.map((vector, index) => {
    const sum = new Map(vector);
    for (const neighbour of [vectors[index - 1], vectors[index + 1]])
      for (const [stem, weight] of neighbour ?? []) sum.set(stem, (sum.get(stem) ?? 0) + smoothing * weight);
    return unit([...sum]);
  });
}

function unit(entries: readonly (readonly [string, number])[]): Vector {
  const length = Math.sqrt(entries.reduce((sum, [, weight]) => sum + weight ** 2, 0));
  return new Map(entries.map(([stem, weight]) => [stem, length === 0 ? 0 : weight / length]));
}

/** The sum of the likeness of all pairs of blocks from one to before another, in constant time each. */
function summedLikeness(vectors: readonly Vector[]): (from: number, until: number) => number {
  const side = vectors.length + 1;
  const sums = new Float64Array(side * side);
  const sumAt = (row: number, column: number) => sums[row * side + column] ?? 0;
  vectors.forEach((a, row) => {
    vectors.forEach((b, column) => {
      let product = 0;
      const [fewer, more] = a.size < b.size ? [a, b] : [b, a];
      // A block without a word that recurs is like itself only.
      if (row === column) product = 1;
      else for (const [stem, weight] of fewer) product += weight * (more.get(stem) ?? 0);
      sums[(row + 1) * side + column + 1] =
        product + sumAt(row, column + 1) + sumAt(row + 1, column) - sumAt(row, column);
    });
  });
  return (from, until) => sumAt(until, until) - sumAt(from, until) - sumAt(until, from) + sumAt(from, from);
}

/** Frequent here, and more of their mentions here than elsewhere. */
function labelsOf(
  turns: readonly string[],
  said: readonly ReadonlySet<string>[],
  { first, last }: { first: number; last: number },
): string[] {
  const terms = keyTerms(turns.slice(first, last + 1), { max: labelCandidates, leastCount: 2 });
  const scored = terms.map((term, place) => {
    const stems = contentStems(wordsOf(term));
    const mentions = said.flatMap((one, at) => (stems.every((stem) => one.has(stem)) ? at : []));
    const here = mentions.filter((at) => at >= first && at <= last).length;
    return { term, score: here / Math.max(1, mentions.length) / (1 + place / labelCandidates) };
  });
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, labelsMost)
    .map(({ term }) => term);
}
