// Candidates made ready for comparing thousands of them: topics as numbers, what depends on one person alone worked out once.
import { chanceOf } from "./chance.ts";
import type { Candidate } from "./candidate.ts";

/** Sorted, without repetitions. */
export type TopicNumbers = readonly number[];

export interface ReadyPerson {
  candidate: Candidate;
  interests: TopicNumbers;
  offers: TopicNumbers;
  seeks: TopicNumbers;
  /** Interests, offers and seeks: what a wish for topics is compared with. */
  topics: TopicNumbers;
  wished: TopicNumbers;
  languages: TopicNumbers;
  /** Is led to somebody unlike them this time. */
  drawn: boolean;
}

/** Numbers for words, as many as one pool needs; which number a word gets changes no comparison. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>();

  numbersOf(words: readonly string[]): number[] {
    const numbers = new Set<number>();
    for (const word of words) {
      const known = this.#numbers.get(word);
      const number = known ?? this.#numbers.size;
      if (known === undefined) this.#numbers.set(word, number);
      numbers.add(number);
    }
    return [...numbers].sort((a, b) => a - b);
  }
}

export function readyPerson(
  candidate: Candidate,
  options: { vocabulary: Vocabulary; seed: string; serendipityShare: number },
): ReadyPerson {
  const { vocabulary, seed, serendipityShare } = options;
  const topics = (words: readonly string[]) => vocabulary.numbersOf(words.map(foldTopic));
  return {
    candidate,
    interests: topics(candidate.interests),
    offers: topics(candidate.offers),
    seeks: topics(candidate.seeks),
    topics: topics([...candidate.interests, ...candidate.offers, ...candidate.seeks]),
    wished: topics(candidate.wishes.interests),
    languages: vocabulary.numbersOf(candidate.languages.map((tag) => `language ${primaryLanguage(tag)}`)),
    drawn: chanceOf("serendipity", seed, candidate.id) < serendipityShare,
  };
}

export function foldTopic(topic: string): string {
  return topic.normalize("NFC").trim().toLowerCase();
}

/** What people understand each other in: `pt` of `pt-BR`. */
export function primaryLanguage(tag: string): string {
  return (tag.split("-")[0] ?? tag).toLowerCase();
}

/** How many are in both; both sorted. */
export function countShared(one: TopicNumbers, other: TopicNumbers): number {
  let shared = 0;
  let left = 0;
  let right = 0;
  while (left < one.length && right < other.length) {
    const difference = (one[left] as number) - (other[right] as number);
    if (difference === 0) shared += 1;
    if (difference <= 0) left += 1;
    if (difference >= 0) right += 1;
  }
  return shared;
}
