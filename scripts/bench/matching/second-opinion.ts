// The rules of matching written down a second time, as plainly as can be: what judges must not share what it judges.
import type { CoachingPlan, CoachingRequest } from "../../../server/modules/matching/rounds/plan-coaching.ts";
import type { Candidate } from "../../../server/modules/matching/score/candidate.ts";
import { assignmentOf } from "../../../server/modules/matching/rounds/plan-coaching.ts";

/** MATCH-10. */
export function mayNotMeet(a: Candidate, b: Candidate, lengthMs: number): boolean {
  if (a.id === b.id || a.blockedWith.has(b.id) || b.blockedWith.has(a.id)) return true;
  const ownOnly = a.wishes.organization === "own" || b.wishes.organization === "own";
  if (ownOnly && a.orgId !== b.orgId) return true;
  const spoken = (person: Candidate) => person.languages.map((tag) => tag.toLowerCase().replace(/-.*/, ""));
  const [x, y] = [spoken(a), spoken(b)];
  if (x.length > 0 && y.length > 0 && !x.some((tag) => y.includes(tag))) return true;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const { roles, interests } = one.wishes;
    if (roles.length > 0 && !roles.some((role) => other.roles.includes(role))) return true;
    const topics = [...other.interests, ...other.offers, ...other.seeks].map((topic) => topic.toLowerCase());
    if (interests.length > 0 && !interests.some((topic) => topics.includes(topic.toLowerCase()))) return true;
  }
  return !a.available.some((mine) =>
    b.available.some((theirs) => Math.min(mine.to, theirs.to) - Math.max(mine.from, theirs.from) >= lengthMs),
  );
}

/** MATCH-23, from the plan as it is shown. */
export function blockingPairsIn(plan: CoachingPlan, request: CoachingRequest): number {
  const { coaches, coachees, assignment } = assignmentOf(request);
  const kept = coaches.map(({ person }) => {
    const shown = plan.coaches.find(({ id }) => id === person.candidate.id)?.coachees ?? [];
    return shown.map(({ id }) => coachees.findIndex(({ candidate }) => candidate.id === id));
  });
  let blocking = 0;
  coachees.forEach((_person, coachee) => {
    const own = kept.findIndex((those) => those.includes(coachee));
    const has = own === -1 ? -Infinity : (assignment.wantedByCoachee(coachee, own) ?? -Infinity);
    coaches.forEach(({ places }, coach) => {
      const wants = assignment.wantedByCoachee(coachee, coach);
      const wanted = assignment.wantedByCoach(coach, coachee);
      if (wants === null || wanted === null || wants <= has || places === 0) return;
      const those = kept[coach] ?? [];
      const least = Math.min(...those.map((other) => assignment.wantedByCoach(coach, other) ?? 0));
      if (those.length < places || wanted > least) blocking += 1;
    });
  });
  return blocking;
}
