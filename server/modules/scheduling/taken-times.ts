// Taking times for people so that nobody else can: all quarters of an hour of everybody, or none.
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { Claim, ClaimsRepository } from "./claims.repository.mongo.ts";
import type { Interval } from "./intervals.ts";

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
/** After that, whoever took a quarter without planning anything has died. */
const claimHeldMs = 60_000;
const usualMinutes = 60;

export interface TakenTimes {
  /**
   * How many quarters are held under the token now; a quarter that the meeting itself holds stays with it and counts for
   * nothing. Null where somebody has one of them; what was taken until then is the caller's to release.
   */
  take(
    userIds: readonly UserId[],
    slot: Interval,
    holder: { token: string; meetingId: MeetingId | null },
  ): Promise<number | null>;
}

export function createTakenTimes({
  repository,
  meetings,
  clock,
}: {
  repository: ClaimsRepository;
  meetings: Pick<MeetingsService, "record">;
  clock: Clock;
}): TakenTimes {
  /** Whether what holds the quarter is a call that takes place in it, or is about to be planned. */
  async function holds({ meetingId, quarter, claimedAt }: Claim): Promise<boolean> {
    if (meetingId === null) return clock.now().getTime() - claimedAt.getTime() < claimHeldMs;
    const meeting = await meetings.record(meetingId);
    return meeting !== null && takesPlaceIn(meeting, quarter);
  }

  async function takeQuarter(claim: Claim, own: MeetingId | null): Promise<"taken" | "own" | "held"> {
    if (await repository.take(claim)) return "taken";
    const holder = await repository.find(claim.userId, claim.quarter);
    if (holder === null) return (await repository.take(claim)) ? "taken" : "held";
    if (own !== null && holder.meetingId === own && (await holds(holder))) return "own";
    // Cancelled, moved, or left behind by a crash.
    if (await holds(holder)) return "held";
    return (await repository.takeOver(claim, holder.token)) ? "taken" : "held";
  }

  return {
    async take(userIds, slot, { token, meetingId: own }) {
      const claimedAt = clock.now();
      let held = 0;
      // Always in the same order: of several that want the same, the first quarter decides.
      for (const quarter of quartersOf(slot)) {
        for (const userId of [...userIds].sort()) {
          const answer = await takeQuarter({ userId, quarter, token, meetingId: null, claimedAt }, own);
          if (answer === "held") return null;
          if (answer === "taken") held += 1;
        }
      }
      return held;
    },
  };
}

/** Every quarter that it touches. */
export function quartersOf({ startMs, endMs }: Interval): number[] {
  const first = Math.floor(startMs / quarterMs);
  return Array.from({ length: Math.ceil(endMs / quarterMs) - first }, (_, index) => first + index);
}

export function slotOf(startMs: number, durationMinutes: number | null): Interval {
  return { startMs, endMs: startMs + (durationMinutes ?? usualMinutes) * minuteMs };
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}

/** `clashes`: the beginnings of what is not free. */
export function taken(clashes: readonly Date[] = []): AppError {
  return new AppError(
    "CONFLICT",
    clashes.length > 1
      ? `${clashes.length} of these times are not free for everybody. Choose others, or leave them out.`
      : "This time is not free for everybody any more. Choose another one.",
    { details: { clashes: clashes.map((at) => at.toISOString()) } },
  );
}

function takesPlaceIn(meeting: MeetingRecord, quarter: number): boolean {
  if (meeting.state !== "scheduled" && meeting.state !== "active") return false;
  if (meeting.scheduledAt === null) return false;
  const slot = slotOf(meeting.scheduledAt.getTime(), meeting.durationMinutes);
  return overlaps(slot, { startMs: quarter * quarterMs, endMs: (quarter + 1) * quarterMs });
}
