import { describe, expect, test } from "vitest";
import { randomNumbers } from "../../../platform/testing-random.ts";
import { blockingPairs, stableAssignment } from "../graph/stable-assignment.ts";
import { pairKey } from "../score/chance.ts";
import { mayMeet } from "../score/constraints.ts";
import { scorePair } from "../score/score.ts";
import { defaultWeights } from "../score/weights.ts";
import { candidateOf, poolOf, testNow } from "../testing-pools.ts";
import { assignmentOf, planCoaching, type CoachingRequest } from "./plan-coaching.ts";
import { planRound, readyPool, type RoundPlan, type RoundRequest } from "./plan-round.ts";

const requirements = { lengthMs: 30 * 60_000 };
const hourMs = 60 * 60_000;

function requestOf(people: RoundRequest["people"], change: Partial<RoundRequest> = {}): RoundRequest {
  return {
    people,
    requirements,
    weights: defaultWeights,
    now: testNow,
    seed: "round",
    pastOf: () => null,
    roundsSince: () => null,
    ...change,
  };
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = randomNumbers(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const groupsOf = ({ groups }: RoundPlan) => groups.map(({ people }) => people);

/** Couples, repeats and sum of scores of the best of all pairings: for few people of an even number. */
function bestByTrying(request: RoundRequest): { couples: number; repeats: number; score: number } {
  const pool = readyPool(request);
  const better = (
    a: { couples: number; repeats: number; score: number },
    b: { couples: number; repeats: number; score: number },
  ) => a.couples - b.couples || b.repeats - a.repeats || a.score - b.score;
  const best = (left: typeof pool): { couples: number; repeats: number; score: number } => {
    const [one, ...rest] = left;
    if (one === undefined) return { couples: 0, repeats: 0, score: 0 };
    let found = best(rest);
    for (const other of rest) {
      if (!mayMeet(one, other, requirements)) continue;
      const without = best(rest.filter((each) => each !== other));
      const since = request.roundsSince(one.candidate.id, other.candidate.id);
      const past = request.pastOf(one.candidate.id, other.candidate.id);
      const candidate = {
        couples: without.couples + 1,
        repeats: without.repeats + (since !== null && since <= 6 ? 1 : 0),
        score: without.score + scorePair(one, other, past, request).total,
      };
      if (better(candidate, found) > 0) found = candidate;
    }
    return found;
  };
  return best(pool);
}

describe("round", () => {
  test("[MATCH-20] the most couples, then the fewest repeats, then the best fit of all pairings", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = randomNumbers(seed);
      const since = new Map<string, number>();
      const people = poolOf({ people: 8, seed, strictness: random() * 2 });
      const request = requestOf(people, {
        roundsSince(one, other) {
          const key = pairKey(one, other);
          const known = since.get(key) ?? Math.floor(random() * 14);
          since.set(key, known);
          return known === 0 ? null : known;
        },
      });
      const best = bestByTrying(request);
      const plan = planRound(request);
      // Trios are made of whom the couples have left over.
      const couples = plan.groups.flatMap(({ people: those, pairs }) => (those.length === 2 ? pairs : []));
      if (plan.figures.trios > 0) continue;
      expect(couples, `seed ${seed}`).toHaveLength(best.couples);
      expect(plan.figures.repeats, `seed ${seed}`).toBe(best.repeats);
      expect(plan.figures.score, `seed ${seed}`).toBeCloseTo(best.score, 4);
    }
  });

  test("[MATCH-10] nobody meets whom they may not meet", () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const request = requestOf(poolOf({ people: 61, seed, strictness: 1.5 }));
      const pool = new Map(readyPool(request).map((person) => [person.candidate.id, person]));
      for (const { pairs } of planRound(request).groups)
        for (const { one, other } of pairs) {
          const [left, right] = [pool.get(one), pool.get(other)];
          if (left === undefined || right === undefined) throw new Error("A stranger is in a group.");
          expect(mayMeet(left, right, requirements)).toBe(true);
        }
    }
  });

  test("[MATCH-6] the order in which people come changes nothing; another seed may", () => {
    const people = poolOf({ people: 45, seed: 9 });
    const plan = planRound(requestOf(people));
    expect(planRound(requestOf(shuffled(people, 1)))).toEqual(plan);
    expect(planRound(requestOf(shuffled(people, 2)))).toEqual(plan);
  });

  test("[MATCH-21] twelve people meet six rounds long without a repeat, and a trio's three have met each other", () => {
    for (const size of [12, 13]) {
      const people = poolOf({ people: size, seed: 4, strictness: 0 });
      const last = new Map<string, number>();
      for (let round = 1; round <= 6; round += 1) {
        const plan = planRound(
          requestOf(people, {
            seed: `round ${round}`,
            roundsSince(one, other) {
              const met = last.get(pairKey(one, other));
              return met === undefined ? null : round - met;
            },
          }),
        );
        expect(plan.alone).toEqual([]);
        expect(plan.figures.trios).toBe(size % 2);
        expect(plan.figures.repeats).toBe(0);
        for (const { pairs } of plan.groups)
          for (const { one, other } of pairs) last.set(pairKey(one, other), round);
      }
    }
  });

  test("[MATCH-22] who is left over joins the couple that fits best", () => {
    const people = [
      candidateOf("a", { interests: ["A"] }),
      candidateOf("b", { interests: ["A"] }),
      candidateOf("c", { interests: ["B", "C"] }),
      candidateOf("d", { interests: ["B", "C"] }),
      candidateOf("e", { interests: ["C", "D", "E"] }),
    ];
    const plan = planRound(requestOf(people, { weights: { ...defaultWeights, serendipityShare: 0 } }));
    expect(groupsOf(plan)).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
  });

  test("[MATCH-22] where the one who is left over fits no couple, they take a place that leads to a trio", () => {
    const german = (id: string) => candidateOf(id, { languages: ["de"] });
    const both = candidateOf("b", { languages: ["de", "en"] });
    // By fit alone "a" and "b" are a couple; "e" speaks with "b" only.
    const plan = planRound(
      requestOf([
        { ...candidateOf("a"), interests: ["A"] },
        { ...both, interests: ["A"] },
        { ...candidateOf("c"), interests: ["A"] },
        { ...candidateOf("d"), interests: ["A"] },
        { ...german("e"), interests: ["B"] },
      ]),
    );
    expect(plan.alone).toEqual([]);
    expect(groupsOf(plan)).toContainEqual(["b", "e"]);
  });

  test("[MATCH-22] a trio has the time together, not only two by two", () => {
    const at = (...hours: number[]) =>
      hours.map((hour) => ({ from: testNow + hour * hourMs, to: testNow + (hour + 1) * hourMs }));
    const plan = planRound(
      requestOf([
        candidateOf("a", { available: at(0, 2) }),
        candidateOf("b", { available: at(0, 4) }),
        candidateOf("c", { available: at(2, 4) }),
      ]),
    );
    expect(plan.groups).toHaveLength(1);
    expect(plan.figures.trios).toBe(0);
    expect(plan.alone).toHaveLength(1);
  });

  test("[MATCH-11] whoever is alone is told what keeps people away", () => {
    const plan = planRound(
      requestOf([candidateOf("a"), candidateOf("b"), candidateOf("c", { languages: ["fr"] })]),
    );
    expect(plan.alone).toEqual([{ id: "c", widen: [{ constraint: "languages", people: 2 }] }]);
  });
});

describe("coaching", () => {
  function coachingOf(seed: number, coaches: number): CoachingRequest {
    const people = poolOf({ people: 40, seed }).map((person, index) => ({
      ...person,
      roles: [index < coaches ? ("coach" as const) : ("coachee" as const)],
      wishes: { ...person.wishes, roles: [] },
    }));
    return {
      coaches: people.slice(0, coaches).map((candidate, index) => ({ candidate, places: index % 5 })),
      coachees: people.slice(coaches),
      requirements,
      weights: defaultWeights,
      now: testNow,
      seed: "coaching",
      pastOf: () => null,
    };
  }

  test("[MATCH-23] nobody has a reason to change, and no coach has more than their places", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const request = coachingOf(seed, 12);
      const { assignment } = assignmentOf(request);
      expect(blockingPairs(assignment, stableAssignment(assignment))).toEqual([]);
      const plan = planCoaching(request);
      for (const { places, coachees } of plan.coaches) expect(coachees.length).toBeLessThanOrEqual(places);
      const placed = plan.coaches.flatMap(({ coachees }) => coachees).length;
      expect(placed + plan.alone.length).toBe(request.coachees.length);
    }
  });

  test("[MATCH-6] the order in which coaches and coachees come changes nothing", () => {
    const request = coachingOf(3, 10);
    const other = {
      ...request,
      coaches: shuffled(request.coaches, 1),
      coachees: shuffled(request.coachees, 2),
    };
    expect(planCoaching(other)).toEqual(planCoaching(request));
  });

  test("[MATCH-23] a coach and a coachee who know each other are not parted for having met", () => {
    const request: CoachingRequest = {
      ...coachingOf(1, 2),
      coaches: ["c1", "c2"].map((id) => ({ candidate: candidateOf(id), places: 1 })),
      coachees: ["e1", "e2"].map((id) => candidateOf(id)),
      pastOf: (one, other) =>
        pairKey(one, other) === "c2/e1" ? { metAt: [testNow], again: 0, notAgain: 0, declined: 0 } : null,
    };
    const freely = planCoaching({ ...request, pastOf: () => null });
    expect(planCoaching(request)).toMatchObject({
      coaches: freely.coaches.map(({ id, coachees }) => ({
        id,
        coachees: coachees.map((each) => ({ id: each.id })),
      })),
    });
  });

  test("[MATCH-11] who gets no coach is told whether those who fit are full", () => {
    const plan = planCoaching({
      ...coachingOf(1, 1),
      coaches: [{ candidate: candidateOf("c"), places: 1 }],
      coachees: [candidateOf("d"), candidateOf("e"), candidateOf("f", { languages: ["fr"] })],
    });
    expect(plan.alone).toEqual([
      { id: "e", full: true, widen: [] },
      { id: "f", full: false, widen: [{ constraint: "languages", people: 1 }] },
    ]);
  });
});
