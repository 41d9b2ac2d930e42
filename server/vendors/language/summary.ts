// Extractive summary of our own making: central sentences by windows, then those that together cover what recurs.
import { tidy } from "../../platform/text/tidy.ts";
import { wordsOf } from "../../platform/text/words.ts";
import type { Grounded } from "./index.ts";
import { evidenceOf, overlap, type SpokenSentence } from "./spoken.ts";

/**
 * Sentences a window holds at most: comparing each with each stays cheap, and every window sends its best on, so that
 * the end of a long call has the same chance as its beginning and nothing is cut off.
 */
const windowSentences = 160;
/** What a window sends on, and at most how many are compared with each other at the end. */
const perWindow = 6;
const poolSentences = 240;
const damping = 0.85;
const rounds = 25;
/** Two sentences that share so many of their words say the same. */
export const sameFrom = 0.85;
/** Parts of equal length that a conversation is cut into, to see in how many of them a word is said. */
const parts = 40;
/** A word said less often is hardly what the conversation is about. */
const leastMentions = 3;
const rareWorth = 0.1;
/** What a sentence that is not central is left of its worth. */
const leastImportance = 0.2;

export interface Ranked {
  sentence: SpokenSentence;
  /** 0 to 1 within the conversation. */
  importance: number;
}

/** Between 3 and 6 items for a conversation of some length, fewer for a short one; in order of time. */
export function summaryLength(candidates: number): number {
  if (candidates <= 3) return candidates;
  return Math.min(6, 3 + Math.floor(Math.log2(candidates / 8 + 1)));
}

export interface SummaryBounds {
  /** At most so many sentences. */
  sentences: number;
  /** At most so many words together; without it, as many as the sentences have. */
  words?: number;
}

export interface CoverageOptions {
  /** How far long sentences are held back: 0 not at all, 1 by worth a word. */
  lengthPower: number;
  /** What a word is worth that a chosen sentence has said already, per mention. */
  repeatedWorth: number;
}

/** Compared by `npm run evaluate -- meetings`, which reports how a choice does on meetings it was not made from. */
export const coverageOptions: CoverageOptions = { lengthPower: 0.8, repeatedWorth: 0.3 };

/** In order of time. `worth` of `wordWorth` for the whole conversation. */
export function summarise(
  ranked: readonly Ranked[],
  worth: ReadonlyMap<string, number>,
  bounds: SummaryBounds,
  options: CoverageOptions = coverageOptions,
): Grounded[] {
  return pickCovering(ranked, worth, { bounds, options })
    .sort((a, b) => a.sentence.index - b.sentence.index)
    .map(({ sentence }) => ({ text: tidy(sentence.text), evidence: [evidenceOf(sentence)] }));
}

/** What a word tells about the conversation: more the more parts of it say the word. */
export function wordWorth(sentences: readonly SpokenSentence[]): Map<string, number> {
  const tallies = new Map<string, { mentions: number; parts: Set<number> }>();
  for (const { index, stems } of sentences)
    for (const one of stems) {
      const tally = tallies.get(one) ?? { mentions: 0, parts: new Set() };
      tally.mentions += 1;
      tally.parts.add(Math.floor((index * parts) / sentences.length));
      tallies.set(one, tally);
    }
  return new Map(
    [...tallies].map(([one, { mentions, parts: said }]) => [
      one,
      Math.sqrt(said.size) * (mentions >= leastMentions ? 1 : rareWorth),
    ]),
  );
}

/** The candidates worth showing, most important first. */
export function rank(sentences: readonly SpokenSentence[]): Ranked[] {
  const candidates = sentences.filter(isCandidate);
  const rarity = rarityOf(candidates);
  let pool = candidates.map((sentence) => ({ sentence, importance: 1 }));
  // Map, then reduce as often as needed: each pass keeps the best of every window.
  while (pool.length > poolSentences) {
    const windows = chunksOf(pool, windowSentences);
    pool = windows.flatMap((window) => centrality(window, rarity).slice(0, perWindow * 4));
    pool.sort((a, b) => a.sentence.index - b.sentence.index);
    if (windows.length === 1) break;
    if (pool.length > poolSentences)
      pool = chunksOf(pool, windowSentences).flatMap((window) =>
        centrality(window, rarity).slice(0, perWindow),
      );
    pool.sort((a, b) => a.sentence.index - b.sentence.index);
  }
  const ranked = centrality(pool, rarity);
  const top = ranked[0]?.importance ?? 1;
  const last = sentences.length;
  return ranked
    .map(({ sentence, importance }) => ({
      sentence,
      importance: (importance / top) * shapeWeight(sentence) * positionWeight(sentence.index / last),
    }))
    .sort((a, b) => b.importance - a.importance);
}

function isCandidate({ words, stems, question, text }: SpokenSentence): boolean {
  if (question || words.length < 6 || stems.size < 3 || words.length > 48) return false;
  // Cut off by the other, or starting in the middle of what was said before: hard to read by itself.
  return !/[-–—]["'”’]?\s*$/u.test(text) && !/^[-–—]/u.test(text) && wordsOf(tidy(text)).length >= 5;
}

function shapeWeight({ words, text }: SpokenSentence): number {
  const length = words.length;
  const lengthWeight = length < 10 ? 0.75 : length <= 30 ? 1 : 0.8;
  const first = words[0] ?? "";
  // What leans on a sentence that will not be shown reads badly by itself.
  const leaning = /^(?:it|that|this|they|them|he|she|those|these|which|because|or)(?:'|$)/.test(first)
    ? 0.75
    : 1;
  const mumbled = (text.match(/\b(?:um|uh|er|you know|i mean|like)\b|\{[a-z]+\}|--/gi) ?? []).length;
  const statement =
    /\b(?:goal|plan|want to|need to|important|problem|reason|because|decided|realis|realiz|worried|so what you|sounds like|in summary|to sum up|main thing)\b/i;
  return lengthWeight * leaning * Math.max(0.5, 1 - mumbled * 0.08) * (statement.test(text) ? 1.25 : 1);
}

/** A conversation names its matter early and its result late. */
function positionWeight(position: number): number {
  if (position < 0.12) return 1.1;
  return position > 0.8 ? 1.15 : 1;
}

function rarityOf(sentences: readonly SpokenSentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { stems } of sentences) for (const one of stems) counts.set(one, (counts.get(one) ?? 0) + 1);
  for (const [one, count] of counts) counts.set(one, Math.log(1 + sentences.length / count));
  return counts;
}

/** Weighted random walk over the graph of sentences that share words; most central first. */
function centrality(pool: readonly Ranked[], rarity: ReadonlyMap<string, number>): Ranked[] {
  const size = pool.length;
  const norms = pool.map(({ sentence }) =>
    Math.sqrt([...sentence.stems].reduce((sum, one) => sum + (rarity.get(one) ?? 0) ** 2, 0)),
  );
  const edges: Map<number, number>[] = pool.map(() => new Map());
  const byStem = new Map<string, number[]>();
  pool.forEach(({ sentence }, index) => {
    for (const one of sentence.stems) {
      const others = byStem.get(one) ?? [];
      const weight = (rarity.get(one) ?? 0) ** 2;
      for (const other of others) {
        const both = weight / ((norms[index] || 1) * (norms[other] || 1));
        edges[index]?.set(other, (edges[index]?.get(other) ?? 0) + both);
        edges[other]?.set(index, (edges[other]?.get(index) ?? 0) + both);
      }
      others.push(index);
      byStem.set(one, others);
    }
  });
  const degrees = edges.map((row) => [...row.values()].reduce((sum, weight) => sum + weight, 0));
  let scores = pool.map(() => 1 / size);
  for (let round = 0; round < rounds; round += 1) {
    const next = pool.map(() => (1 - damping) / size);
    edges.forEach((row, from) => {
      const share = (damping * (scores[from] ?? 0)) / (degrees[from] || 1);
      for (const [to, weight] of row) next[to] = (next[to] ?? 0) + share * weight;
    });
    scores = next;
  }
  return pool
    .map(({ sentence }, index) => ({ sentence, importance: scores[index] ?? 0 }))
    .sort((a, b) => b.importance - a.importance);
}

/**
 * Greedy choice by what a sentence adds: the worth of its words, less for those said already, times how central it is,
 * held back by its length (Lin and Bilmes, "A Class of Submodular Functions for Document Summarization", ACL 2011).
 */
function pickCovering(
  ranked: readonly Ranked[],
  worth: ReadonlyMap<string, number>,
  { bounds, options }: { bounds: SummaryBounds; options: CoverageOptions },
): Ranked[] {
  const left = ranked.map((one) => ({ one, length: wordsOf(tidy(one.sentence.text)).length }));
  const covered = new Map<string, number>();
  const chosen: Ranked[] = [];
  let room = bounds.words ?? Infinity;
  while (chosen.length < bounds.sentences) {
    let best = -1;
    let bestGain = 0;
    left.forEach(({ one: { sentence, importance }, length }, index) => {
      if (length > room) return;
      let added = 0;
      for (const stem of sentence.stems)
        added += (worth.get(stem) ?? 0) * options.repeatedWorth ** (covered.get(stem) ?? 0);
      const gain = (added * (leastImportance + importance)) / length ** options.lengthPower;
      if (gain > bestGain) [best, bestGain] = [index, gain];
    });
    const [next] = best === -1 ? [] : left.splice(best, 1);
    if (next === undefined) break;
    const { sentence } = next.one;
    if (chosen.some((other) => overlap(other.sentence.stems, sentence.stems) >= sameFrom)) continue;
    chosen.push(next.one);
    room -= next.length;
    for (const stem of sentence.stems) covered.set(stem, (covered.get(stem) ?? 0) + 1);
  }
  return chosen;
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_none, index) => items.slice(index * size, (index + 1) * size));
}
