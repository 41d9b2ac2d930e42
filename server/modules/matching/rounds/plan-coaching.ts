// Who coaches whom: coaches have places, both sides have an order of preference, and nobody has a reason to change.
import { stableAssignment, type Assignment } from "../graph/stable-assignment.ts";
import type { Candidate, PairPast } from "../score/candidate.ts";
import { mayMeet, outlookAmong, type Widening } from "../score/constraints.ts";
import { readyPerson, Vocabulary, type ReadyPerson } from "../score/people.ts";
import { scorePair, valueFor, type PairScore } from "../score/score.ts";
import type { RoundRequest } from "./plan-round.ts";

export interface CoachingRequest extends Omit<RoundRequest, "people" | "roundsSince"> {
  coaches: readonly { candidate: Candidate; places: number }[];
  coachees: readonly Candidate[];
}

export interface CoachingPlan {
  /** By the coach's id; coachees by theirs. */
  coaches: { id: string; places: number; coachees: { id: string; score: PairScore }[] }[];
  /** Without a coach: whether some who fit are full, and which of their wishes keeps how many coaches away. */
  alone: { id: string; full: boolean; widen: Widening[] }[];
}

export function planCoaching(request: CoachingRequest): CoachingPlan {
  const { coaches, coachees, scores, assignment } = assignmentOf(request);
  const coachOf = stableAssignment(assignment);
  return {
    coaches: coaches.map(({ person, places }, coach) => ({
      id: person.candidate.id,
      places,
      coachees: coachees.flatMap((coachee, index) => {
        const score = scores[coach]?.[index] ?? null;
        return coachOf[index] === coach && score !== null ? [{ id: coachee.candidate.id, score }] : [];
      }),
    })),
    alone: coachees.flatMap((coachee, index) =>
      coachOf[index] === -1
        ? {
            id: coachee.candidate.id,
            full: scores.some((row) => (row[index] ?? null) !== null),
            widen: outlookAmong(
              coachee,
              coaches.map(({ person }) => person),
              request.requirements,
            ).widen,
          }
        : [],
    ),
  };
}

/** What the stable assignment is made of; also for whoever wants to check that it is one. */
export function assignmentOf(request: CoachingRequest): {
  coaches: { person: ReadyPerson; places: number }[];
  coachees: ReadyPerson[];
  /** By coach and coachee; null where they may not meet. */
  scores: (PairScore | null)[][];
  assignment: Assignment;
} {
  const vocabulary = new Vocabulary();
  const ready = (candidate: Candidate) =>
    readyPerson(candidate, {
      vocabulary,
      seed: request.seed,
      serendipityShare: request.weights.serendipityShare,
    });
  const byId = (a: Candidate, b: Candidate) => (a.id < b.id ? -1 : 1);
  const coaches = [...request.coaches]
    .sort((a, b) => byId(a.candidate, b.candidate))
    .map(({ candidate, places }) => ({ person: ready(candidate), places }));
  const coachees = [...request.coachees].sort(byId).map(ready);
  const scores = coaches.map(({ person: coach }) =>
    coachees.map((coachee) => {
      if (!mayMeet(coach, coachee, request.requirements)) return null;
      const past = request.pastOf(coach.candidate.id, coachee.candidate.id);
      return scorePair(coach, coachee, withoutRepeats(past), request);
    }),
  );
  const values = scores.map((row, coach) =>
    row.map((score, index) => {
      const person = coaches[coach]?.person;
      const coachee = coachees[index];
      if (score === null || person === undefined || coachee === undefined) return null;
      return {
        coach: valueFor(person, coachee, score, request),
        coachee: valueFor(coachee, person, score, request),
      };
    }),
  );
  return {
    coaches,
    coachees,
    scores,
    assignment: {
      coachees: coachees.length,
      places: coaches.map(({ places }) => places),
      wantedByCoachee: (coachee, coach) => values[coach]?.[coachee]?.coachee ?? null,
      wantedByCoach: (coach, coachee) => values[coach]?.[coachee]?.coach ?? null,
    },
  };
}

/** Those who are coached by somebody are not to be parted because they have met. */
function withoutRepeats(past: PairPast | null): PairPast | null {
  return past === null ? null : { ...past, metAt: [] };
}
