// For tests and benchmarks: pools of people that a seed makes, with interests as skewed as they are among people.
import { randomNumbers } from "../../platform/testing-random.ts";
import type { Candidate, MatchingRole, TimeRange } from "./score/candidate.ts";

export interface PoolOptions {
  people: number;
  seed: number;
  /** How rare constraints are that keep people apart: 0 none, 1 many. */
  strictness?: number;
  dimensions?: number;
}

export const testNow = Date.UTC(2026, 0, 5, 9);
const hourMs = 60 * 60_000;
const topics = Array.from({ length: 60 }, (_, index) => `Topic ${index}`);
const languages = ["en", "de", "fr", "es", "pt-BR"];

export function candidateOf(id: string, change: Partial<Candidate> = {}): Candidate {
  return {
    id,
    orgId: "org",
    languages: ["en"],
    roles: ["peer"],
    interests: [],
    offers: [],
    seeks: [],
    vector: null,
    available: [{ from: testNow, to: testNow + 2 * hourMs }],
    saidAt: testNow,
    kept: 0,
    missed: 0,
    wishes: { interests: [], roles: [], organization: "any" },
    blockedWith: new Set(),
    ...change,
  };
}

export function poolOf({ people, seed, strictness = 0.3, dimensions = 16 }: PoolOptions): Candidate[] {
  const random = randomNumbers(seed);
  const below = (count: number) => Math.floor(random() * count);
  const idOf = (index: number) => (index * 7919 + 11).toString(16).padStart(24, "0");
  // Zipf's law: the second topic half as often as the first.
  const topic = () => topics[Math.min(topics.length - 1, Math.floor(topics.length ** random()) - 1)] ?? "";
  const some = (most: number) => [...new Set(Array.from({ length: below(most + 1) }, topic))];
  const candidates = Array.from({ length: people }, (_, index): Candidate => {
    const rare = (share: number) => random() < share * strictness;
    const roles: MatchingRole[] = rare(0.3) ? ["coach"] : rare(0.3) ? ["coachee"] : ["peer"];
    return candidateOf(idOf(index), {
      orgId: `org-${below(3)}`,
      languages: rare(0.5) ? [languages[below(languages.length)] ?? "en"] : ["en"],
      roles,
      interests: some(6),
      offers: some(3),
      seeks: some(3),
      vector: unitVector(dimensions, random),
      available: rangesOf(random, strictness),
      saidAt: testNow - below(300) * 24 * hourMs,
      kept: below(5),
      missed: below(2),
      wishes: {
        interests: rare(0.2) ? [topic(), topic()] : [],
        roles: roles[0] === "coach" ? ["coachee", "peer"] : [],
        organization: rare(0.3) ? "own" : "any",
      },
      blockedWith: new Set(rare(0.5) ? [idOf(below(people))] : []),
    });
  });
  return candidates;
}

function unitVector(dimensions: number, random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => random() * 2 - 0.6);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function rangesOf(random: () => number, strictness: number): TimeRange[] {
  const days = 1 + Math.floor(random() * 3);
  const ranges: TimeRange[] = [];
  for (let day = 0; day < days; day += 1) {
    const from = testNow + day * 24 * hourMs + Math.floor(random() * 4 * strictness) * hourMs;
    ranges.push({ from, to: from + (1 + Math.floor(random() * 4)) * hourMs });
  }
  return ranges;
}
