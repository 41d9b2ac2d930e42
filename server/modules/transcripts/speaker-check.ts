// Whether a host may name these people as speakers: they must be in the meeting. Remembered briefly, as imports ask often.
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { MeetingsService } from "../meetings/index.ts";

export interface SpeakerCheck {
  /** Throws VALIDATION_ERROR where one of them has no place in the meeting. */
  assertInMeeting(meetingId: MeetingId, speakerIds: UserId[]): Promise<void>;
  /** Those of them that have no place in the meeting. */
  strangersAmong(meetingId: MeetingId, speakerIds: UserId[]): Promise<ReadonlySet<UserId>>;
}

const rememberedMs = 30_000;
const rememberedMeetings = 1_000;

export function createSpeakerCheck({
  clock,
  meetings,
}: {
  clock: Clock;
  meetings: Pick<MeetingsService, "record">;
}): SpeakerCheck {
  const remembered = new Map<MeetingId, { userIds: Set<UserId>; untilMs: number }>();

  async function load(meetingId: MeetingId): Promise<Set<UserId>> {
    const record = await meetings.record(meetingId);
    const userIds = new Set(record?.participants.map(({ userId }) => userId) ?? []);
    remembered.delete(meetingId);
    remembered.set(meetingId, { userIds, untilMs: clock.monotonicMs() + rememberedMs });
    const oldest = remembered.keys().next().value;
    if (remembered.size > rememberedMeetings && oldest !== undefined) remembered.delete(oldest);
    return userIds;
  }

  async function strangersAmong(meetingId: MeetingId, speakerIds: UserId[]): Promise<ReadonlySet<UserId>> {
    const known = remembered.get(meetingId);
    const fresh = known !== undefined && known.untilMs > clock.monotonicMs();
    if (fresh && speakerIds.every((speakerId) => known.userIds.has(speakerId))) return new Set();
    const userIds = await load(meetingId);
    return new Set(speakerIds.filter((speakerId) => !userIds.has(speakerId)));
  }

  return {
    strangersAmong,
    async assertInMeeting(meetingId, speakerIds) {
      if ((await strangersAmong(meetingId, speakerIds)).size > 0) throw notInMeeting();
    },
  };
}

export function notInMeeting(): AppError {
  return new AppError(
    "VALIDATION_ERROR",
    "speakerId names somebody who is not in this meeting: invite them first.",
    { details: { field: "speakerId" } },
  );
}
