// From meetings, ratings and commitments to counts: how many, and of how many different people. Pure.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type {
  arrivalParts,
  commitmentParts,
  meetingParts,
  placeParts,
  ratingParts,
} from "../../../shared/schemas/overview.ts";
import type { Commitments } from "../insights/index.ts";
import type { AttendedMeeting } from "../meetings/index.ts";
import type { Score } from "../ratings/index.ts";

const lateAfterMs = 5 * 60 * 1_000;
const minuteMs = 60 * 1_000;

export interface Part {
  count: number;
  /** How many different people it stands for. */
  people: number;
}
export type Parts<Name extends string> = Record<Name, Part>;

export interface CountedWeek {
  meetings: number;
  people: number;
  held: Parts<(typeof meetingParts)[number]>;
  places: Parts<(typeof placeParts)[number]>;
  arrivals: Parts<(typeof arrivalParts)[number]>;
  ended: { meetings: number; people: number; minutes: number };
}

export interface CountedBlock {
  commitments: { meetings: number; people: number; parts: Parts<(typeof commitmentParts)[number]> };
  ratings: {
    meetings: number;
    people: number;
    /** The sum of each person's average. */
    sum: number;
    parts: Parts<(typeof ratingParts)[number]>;
  };
}

export function countWeek(meetings: readonly AttendedMeeting[]): CountedWeek {
  const everybody = new Set<UserId>();
  const held = tally("held", "cancelled", "not-held");
  const places = tally("came", "missed");
  const arrivals = tally("on-time", "late");
  const ended = { meetings: 0, people: new Set<UserId>(), minutes: 0 };
  for (const meeting of meetings) {
    const people = meeting.people.map(({ userId }) => userId);
    for (const person of people) everybody.add(person);
    held.add(outcomeOf(meeting), people);
    if (meeting.startedAt === null) continue;
    if (meeting.endedAt !== null) {
      ended.meetings += 1;
      ended.minutes += (meeting.endedAt.getTime() - meeting.startedAt.getTime()) / minuteMs;
      for (const person of people) ended.people.add(person);
    }
    // Where nobody entered the call, people met elsewhere, and who came is not known.
    if (meeting.people.every(({ cameAt }) => cameAt === null)) continue;
    for (const { userId, cameAt } of meeting.people) {
      places.add(cameAt === null ? "missed" : "came", [userId]);
      if (cameAt === null || meeting.scheduledAt === null) continue;
      const due = Math.max(meeting.scheduledAt.getTime(), meeting.startedAt.getTime());
      arrivals.add(cameAt.getTime() > due + lateAfterMs ? "late" : "on-time", [userId]);
    }
  }
  return {
    meetings: meetings.length,
    people: everybody.size,
    held: held.parts(),
    places: places.parts(),
    arrivals: arrivals.parts(),
    ended: { ...ended, people: ended.people.size },
  };
}

/** `by`: what was done later counts as open. */
export function countBlock(
  commitments: readonly Commitments[],
  scores: readonly Score[],
  by: Date,
): CountedBlock {
  const kept = tally("done", "open");
  const owners = new Set<UserId>();
  for (const { ownerId, doneAt } of commitments) {
    const own = ownerId === null ? [] : [ownerId];
    kept.add(doneAt !== null && doneAt <= by ? "done" : "open", own);
    for (const owner of own) owners.add(owner);
  }
  const given = new Map<UserId, number[]>();
  for (const { userId, score } of scores) given.set(userId, [...(given.get(userId) ?? []), score]);
  const people = tally("1", "2", "3", "4", "5");
  let sum = 0;
  for (const [userId, all] of [...given].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const average = all.reduce((total, score) => total + score, 0) / all.length;
    sum += average;
    people.add(String(Math.round(average)) as (typeof ratingParts)[number], [userId]);
  }
  return {
    commitments: { meetings: different(commitments), people: owners.size, parts: kept.parts() },
    ratings: { meetings: different(scores), people: given.size, sum, parts: people.parts() },
  };
}

function outcomeOf({ state, startedAt }: AttendedMeeting): (typeof meetingParts)[number] {
  if (startedAt !== null) return "held";
  return state === "cancelled" ? "cancelled" : "not-held";
}

function different(items: readonly { meetingId: MeetingId }[]): number {
  return new Set(items.map(({ meetingId }) => meetingId)).size;
}

function tally<const Name extends string>(...names: Name[]) {
  const counts = new Map(names.map((name) => [name, { count: 0, people: new Set<UserId>() }]));
  return {
    add(name: Name, people: readonly UserId[]) {
      const part = counts.get(name);
      if (part === undefined) return;
      part.count += 1;
      for (const person of people) part.people.add(person);
    },
    parts: () =>
      Object.fromEntries(
        [...counts].map(([name, { count, people }]) => [name, { count, people: people.size }]),
      ) as Parts<Name>,
  };
}
