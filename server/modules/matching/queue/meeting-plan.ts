// When two who are proposed to each other would meet, and who would hold the meeting: pure.
import type { UserId } from "../../../../shared/ids.ts";
import { rangesInCommon, type Candidate } from "../score/candidate.ts";

/** Kept with the proposal: once it is accepted, nothing that changes meanwhile makes another meeting of it. */
export interface MeetingPlan {
  startsAt: Date;
  organizerId: UserId;
  /** In which the organizer waits; the meeting belongs to it. */
  orgId: string | null;
  hosts: UserId[];
}

type Waiting = Pick<Candidate, "id" | "orgId" | "roles" | "available">;

/** A coach holds a coachee's meeting; any other two hold it together, so that whoever comes first can begin. */
export function planOf(
  one: Waiting,
  other: Waiting,
  { lengthMs, now }: { lengthMs: number; now: Date },
): MeetingPlan {
  const nowMs = now.getTime();
  const time = rangesInCommon(one.available, other.available).find(
    ({ from, to }) => to - Math.max(from, nowMs) >= lengthMs,
  );
  const hosts = coaches(one, other) ? [one] : coaches(other, one) ? [other] : [one, other];
  const [organizer] = hosts;
  return {
    startsAt: new Date(Math.max(time?.from ?? nowMs, nowMs)),
    organizerId: organizer?.id as UserId,
    orgId: organizer?.orgId ?? null,
    hosts: hosts.map(({ id }) => id as UserId),
  };
}

function coaches(one: Waiting, other: Waiting): boolean {
  const meetsAsPeer = one.roles.includes("peer") && other.roles.includes("peer");
  return !meetsAsPeer && one.roles.includes("coach") && other.roles.includes("coachee");
}
