import fc from "fast-check";
import { expect, test } from "vitest";
import { blockingPairs, stableAssignment, type Assignment } from "./stable-assignment.ts";

/** Values from few numbers, so that many are equal; null: may not be together. */
const value = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null, freq: 5 });

const assignments = fc
  .record({ coachees: fc.integer({ min: 0, max: 6 }), places: fc.array(fc.nat(3), { maxLength: 4 }) })
  .chain(({ coachees, places }) => {
    const values = fc.array(
      fc.array(fc.tuple(value, value), { minLength: places.length, maxLength: places.length }),
      { minLength: coachees, maxLength: coachees },
    );
    return values.map((rows): Assignment => ({
      coachees,
      places,
      wantedByCoachee: (coachee, coach) => rows[coachee]?.[coach]?.[0] ?? null,
      wantedByCoach: (coach, coachee) => rows[coachee]?.[coach]?.[1] ?? null,
    }));
  });

test("[MATCH-23] no pair would rather have each other, nobody is with whom they may not, places are kept", () => {
  fc.assert(
    fc.property(assignments, (assignment) => {
      const coachOf = stableAssignment(assignment);
      expect(blockingPairs(assignment, coachOf)).toEqual([]);
      const taken = assignment.places.map(() => 0);
      coachOf.forEach((coach, coachee) => {
        if (coach === -1) return;
        expect(assignment.wantedByCoachee(coachee, coach)).not.toBeNull();
        expect(assignment.wantedByCoach(coach, coachee)).not.toBeNull();
        taken[coach] = (taken[coach] ?? 0) + 1;
      });
      taken.forEach((count, coach) => expect(count).toBeLessThanOrEqual(assignment.places[coach] ?? 0));
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("[MATCH-23] a blocking pair is found where there is one", () => {
  const assignment: Assignment = {
    coachees: 2,
    places: [1, 1],
    wantedByCoachee: (coachee, coach) => (coachee === coach ? 2 : 1),
    wantedByCoach: (coach, coachee) => (coachee === coach ? 2 : 1),
  };
  expect(blockingPairs(assignment, Int32Array.from([1, 0]))).toEqual([
    { coachee: 0, coach: 0 },
    { coachee: 1, coach: 1 },
  ]);
  expect([...stableAssignment(assignment)]).toEqual([0, 1]);
});

test("[MATCH-23] of the stable assignments it is the one that coachees like best", () => {
  // Each coachee likes another coach best, each coach another coachee: both ways round are stable.
  const assignment: Assignment = {
    coachees: 2,
    places: [1, 1],
    wantedByCoachee: (coachee, coach) => (coachee === coach ? 2 : 1),
    wantedByCoach: (coach, coachee) => (coachee === coach ? 1 : 2),
  };
  expect(blockingPairs(assignment, Int32Array.from([1, 0]))).toEqual([]);
  expect([...stableAssignment(assignment)]).toEqual([0, 1]);
});
