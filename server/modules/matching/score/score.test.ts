import { describe, expect, test } from "vitest";
import { candidateOf, poolOf, testNow } from "../testing-pools.ts";
import type { Candidate, PairPast } from "./candidate.ts";
import { mayMeet, outlookAmong } from "./constraints.ts";
import { readyPerson, Vocabulary } from "./people.ts";
import { reasonsOf, widenText } from "./reasons.ts";
import { scorePair } from "./score.ts";
import { defaultWeights, type MatchingWeights } from "./weights.ts";

const dayMs = 24 * 60 * 60_000;
const hourMs = 60 * 60_000;
const requirements = { lengthMs: 30 * 60_000 };
/** Nobody is drawn for a wider circle. */
const steady: MatchingWeights = { ...defaultWeights, serendipityShare: 0 };

function readyAll(people: readonly Candidate[], weights = steady, seed = "seed") {
  const vocabulary = new Vocabulary();
  const { serendipityShare } = weights;
  return people.map((person) => readyPerson(person, { vocabulary, seed, serendipityShare }));
}

function pairOf(one: Partial<Candidate>, other: Partial<Candidate>, weights = steady) {
  const [left, right] = readyAll([candidateOf("a", one), candidateOf("b", other)], weights);
  if (left === undefined || right === undefined) throw new Error("Two people are two.");
  return { left, right };
}

function scoreOf(
  one: Partial<Candidate>,
  other: Partial<Candidate>,
  { past = null, weights = steady }: { past?: PairPast | null; weights?: MatchingWeights } = {},
) {
  const { left, right } = pairOf(one, other, weights);
  return scorePair(left, right, past, { weights, now: testNow });
}

const past = (change: Partial<PairPast>): PairPast => ({
  metAt: [],
  again: 0,
  notAgain: 0,
  declined: 0,
  ...change,
});

describe("score", () => {
  test("[MATCH-1] it is from 0 to 1, and the same from both sides", () => {
    const people = readyAll(poolOf({ people: 60, seed: 3 }), defaultWeights);
    const context = { weights: defaultWeights, now: testNow };
    for (const one of people)
      for (const other of people) {
        const score = scorePair(one, other, null, context);
        expect(score.total).toBeGreaterThanOrEqual(0);
        expect(score.total).toBeLessThanOrEqual(1);
        expect(scorePair(other, one, null, context)).toEqual(score);
      }
  });

  test("[MATCH-1] what nobody has said anything about counts neither for nor against", () => {
    const silent = scoreOf({}, {});
    expect(silent.factors).toMatchObject({
      complementarySkills: null,
      sharedInterests: null,
      vectorSimilarity: null,
      historicalSuccess: null,
      serendipity: null,
    });
    expect(silent.total).toBe(1);
    expect(scoreOf({ interests: ["Chess"] }, {}).total).toBe(silent.total);
  });

  test.each<[string, keyof typeof defaultWeights.factors, Partial<Candidate>, Partial<Candidate>, number]>([
    ["half of both lists", "sharedInterests", { interests: ["A", "B"] }, { interests: ["b", "C"] }, 0.5],
    ["what one seeks", "complementarySkills", { seeks: ["A", "B"] }, { offers: ["A"] }, 0.5],
    [
      "what both seek",
      "complementarySkills",
      { seeks: ["A"], offers: ["B"] },
      { seeks: ["B", "C"], offers: ["A"] },
      0.75,
    ],
    [
      "the angle between vectors",
      "vectorSimilarity",
      { vector: Float32Array.of(1, 0) },
      { vector: Float32Array.of(0.6, 0.8) },
      0.6,
    ],
    [
      "opposite vectors are simply unlike",
      "vectorSimilarity",
      { vector: Float32Array.of(1, 0) },
      { vector: Float32Array.of(-1, 0) },
      0,
    ],
    ["how reliably they came", "historicalSuccess", { kept: 1 }, {}, 0.75],
    [
      "an hour of two that are enough",
      "availabilityOverlap",
      {},
      { available: [{ from: testNow + hourMs, to: testNow + 9 * hourMs }] },
      0.5,
    ],
    ["the older of both profiles", "freshness", {}, { saidAt: testNow - 90 * dayMs }, 0.5],
  ])("[MATCH-2] a factor: %s", (_name, factor, one, other, value) => {
    expect(scoreOf(one, other).factors[factor]).toBeCloseTo(value, 6);
  });

  test("[MATCH-2] what the two have said of each other goes before what is known of each", () => {
    const { factors } = scoreOf({ kept: 9 }, { kept: 9 }, { past: past({ again: 1, notAgain: 1 }) });
    expect(factors.historicalSuccess).toBe(0.5);
  });

  test("[MATCH-2] whoever is drawn fits those who are unlike them", () => {
    const weights: MatchingWeights = { ...defaultWeights, serendipityShare: 1 };
    const unlike = scoreOf({ interests: ["A"] }, { interests: ["B"] }, { weights });
    expect(unlike.factors.serendipity).toBe(1);
    expect(scoreOf({ interests: ["A"] }, { interests: ["A"] }, { weights }).factors.serendipity).toBe(0);
    expect(unlike.total).toBeGreaterThan(scoreOf({ interests: ["A"] }, { interests: ["B"] }).total);
  });

  test("[MATCH-3] having just met takes its share, and half of it after a half-life", () => {
    const met = (daysAgo: number) =>
      scoreOf({}, {}, { past: past({ metAt: [testNow - daysAgo * dayMs, testNow - 400 * dayMs] }) }).total;
    expect(met(0)).toBeCloseTo(1 - steady.repeatPenalty, 6);
    expect(met(steady.repeatHalfLifeDays)).toBeCloseTo(1 - steady.repeatPenalty / 2, 6);
  });

  test("[MATCH-5] the seed and the person decide who is drawn: about the share that is wanted, others by another seed", () => {
    const drawnBy = (seed: string, people: number) =>
      readyAll(poolOf({ people, seed: 1 }), defaultWeights, seed)
        .filter(({ drawn }) => drawn)
        .map(({ candidate }) => candidate.id);
    const first = drawnBy("one", 1_000);
    expect(first.length).toBeGreaterThan(70);
    expect(first.length).toBeLessThan(130);
    expect(drawnBy("two", 1_000)).not.toEqual(first);
    const few = new Set(poolOf({ people: 100, seed: 1 }).map(({ id }) => id));
    expect(drawnBy("one", 100)).toEqual(first.filter((id) => few.has(id)));
  });
});

describe("reasons", () => {
  const one: Partial<Candidate> = {
    interests: ["Chess", "Writing"],
    seeks: ["Negotiation"],
    offers: ["Hiring"],
  };
  const other: Partial<Candidate> = {
    interests: ["Writing", "Chess"],
    offers: ["Negotiation"],
    seeks: ["Hiring", "Sales"],
  };

  test("[MATCH-4] the strongest first, each in a sentence that names topics, from the viewer's side", () => {
    const { left, right } = pairOf(one, other);
    const score = scorePair(left, right, null, { weights: steady, now: testNow });
    const told = (viewer: typeof left, of: typeof left) =>
      reasonsOf(score, { viewer, other: of }, steady).map(({ text }) => text);
    expect(told(left, right)).toEqual([
      "You share an interest in Chess and Writing.",
      "They offer Negotiation, which you seek, and seek Hiring, which you offer.",
      "You have plenty of time in common.",
      "You have both said lately what you look for.",
    ]);
    expect(told(right, left)[1]).toBe(
      "They offer Hiring, which you seek, and seek Negotiation, which you offer.",
    );
  });

  test("[MATCH-4] the shares of a score are its whole where each factor has something to say", () => {
    const { left, right } = pairOf(one, other);
    const score = scorePair(left, right, past({ metAt: [testNow] }), { weights: steady, now: testNow });
    const reasons = reasonsOf(score, { viewer: left, other: right }, steady);
    expect(reasons.at(-1)?.factor).toBe("repeat");
    expect(reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(score.total, 9);
  });

  test("[MATCH-4] what somebody answered about a meeting shows in no reason", () => {
    const { left, right } = pairOf({ kept: 5 }, { kept: 5 });
    const factorsTold = (of: PairPast | null) =>
      reasonsOf(
        scorePair(left, right, of, { weights: steady, now: testNow }),
        { viewer: left, other: right },
        steady,
      ).map(({ factor }) => factor);
    expect(factorsTold(null)).toContain("historicalSuccess");
    const met = past({ metAt: [testNow - 365 * dayMs] });
    expect(factorsTold({ ...met, again: 2 })).toEqual(factorsTold({ ...met, again: 1, notAgain: 1 }));
    expect(factorsTold({ ...met, again: 2 })).not.toContain("historicalSuccess");
  });
});

describe("constraints", () => {
  const wishes = { interests: [], roles: [], organization: "any" as const };

  test.each<[string, Partial<Candidate>, Partial<Candidate>, boolean]>([
    ["nothing against it", {}, {}, true],
    ["a block", { blockedWith: new Set(["b"]) }, {}, false],
    ["no language in common", { languages: ["de"] }, { languages: ["en", "fr"] }, false],
    ["one language in two spellings", { languages: ["pt-BR"] }, { languages: ["pt"] }, true],
    ["nothing said of languages", { languages: [] }, { languages: ["fr"] }, true],
    ["another organisation", { wishes: { ...wishes, organization: "own" } }, { orgId: "else" }, false],
    ["a role that was not asked for", { wishes: { ...wishes, roles: ["coach"] } }, {}, false],
    ["the role that was asked for", { wishes: { ...wishes, roles: ["coach"] } }, { roles: ["coach"] }, true],
    ["none of the topics", { wishes: { ...wishes, interests: ["A"] } }, { interests: ["B"] }, false],
    ["a topic among what is offered", { wishes: { ...wishes, interests: ["A"] } }, { offers: ["a"] }, true],
    [
      "too little time without a break",
      {},
      { available: [0, 40, 80].map((m) => ({ from: testNow + m * 6e4, to: testNow + (m + 29) * 6e4 })) },
      false,
    ],
  ])("[MATCH-10] %s", (_name, one, other, may) => {
    const { left, right } = pairOf(one, other);
    expect(mayMeet(left, right, requirements)).toBe(may);
    expect(mayMeet(right, left, requirements)).toBe(may);
  });

  test("[MATCH-11] each wish that alone keeps people away is named with how many, the most first; blocks never", () => {
    const [me, ...others] = readyAll([
      candidateOf("me", {
        languages: ["en"],
        blockedWith: new Set(["blocked"]),
        wishes: { ...wishes, roles: ["coach"] },
      }),
      candidateOf("peer"),
      candidateOf("another peer"),
      candidateOf("german coach", { roles: ["coach"], languages: ["de"] }),
      candidateOf("german peer", { languages: ["de"] }),
      candidateOf("blocked", { roles: ["coach"] }),
      candidateOf("choosy coach", { roles: ["coach"], wishes: { ...wishes, interests: ["A"] } }),
    ]);
    if (me === undefined) throw new Error("Somebody asks.");
    const { fitting, widen: found } = outlookAmong(me, others, requirements);
    expect(fitting).toBe(others.filter((other) => mayMeet(me, other, requirements)).length);
    expect(found).toEqual([
      { constraint: "roles", people: 2 },
      { constraint: "languages", people: 1 },
    ]);
    expect(found.map(widenText)).toEqual([
      "2 more people would fit if you also met people in other roles.",
      "1 more person would fit but for the language: add another one that you speak to your profile.",
    ]);
  });
});
