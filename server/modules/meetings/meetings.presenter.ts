// Stored meetings as their readers see them: each with their own role, addresses only where they may be seen.
import { notFound } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { Meeting, MeetingState, Participant } from "../../../shared/schemas/meetings.ts";
import type { UserRecord } from "../users/index.ts";
import type { MeetingRecord } from "./index.ts";
import type { StoredLiveState, StoredMeeting, StoredParticipant } from "./meetings.repository.ts";

export type People = ReadonlyMap<UserId, UserRecord>;

/** Throws NOT_FOUND where the reader has no place. */
export function presentMeeting(
  meeting: StoredMeeting,
  participants: StoredParticipant[],
  people: People,
  reader: UserId,
): Meeting {
  const myRole = participants.find(({ userId }) => userId === reader)?.role;
  if (myRole === undefined) throw notFound("This meeting");
  const { organizerId, title, description, durationMinutes, timeZone, template, recapDelivery, state } =
    meeting;
  return {
    id: meeting.id,
    organizerId,
    title,
    description,
    scheduledAt: iso(meeting.scheduledAt),
    durationMinutes,
    timeZone,
    series: meeting.series === null ? null : { id: meeting.series.id, every: meeting.series.every },
    template,
    recapDelivery,
    state,
    startedAt: iso(meeting.startedAt),
    endedAt: iso(meeting.endedAt),
    myRole,
    participants: participants.map((place) =>
      presentParticipant(place, people, myRole === "host" || place.userId === reader),
    ),
    createdAt: meeting.createdAt.toISOString(),
    updatedAt: meeting.updatedAt.toISOString(),
  };
}

export function presentParticipant(
  place: StoredParticipant,
  people: People,
  showEmail: boolean,
): Participant {
  const person = people.get(place.userId);
  return {
    userId: place.userId,
    displayName: person?.displayName ?? "Unknown person",
    photo: person?.photo ?? null,
    email: showEmail ? (person?.email ?? null) : null,
    role: place.role,
    presence: place.presence,
    joinedAt: iso(place.joinedAt),
    leftAt: iso(place.leftAt),
  };
}

/** The lifecycle part comes from the meeting itself, which is where it is decided. */
export function presentState(meeting: StoredMeeting, live: StoredLiveState): MeetingState {
  return {
    meetingId: meeting.id,
    active: meeting.state === "active",
    startedAt: iso(meeting.startedAt),
    endedAt: iso(meeting.endedAt),
    speakingStats: live.speakingStats,
    lullState: live.lullState,
    topics: live.topics,
    recordingEnabled: live.recordingEnabled,
    updatedAt: live.updatedAt.toISOString(),
  };
}

export function toRecord(meeting: StoredMeeting, participants: StoredParticipant[]): MeetingRecord {
  const { id, organizerId, orgId, title, description, scheduledAt, durationMinutes, timeZone } = meeting;
  const { template, recapDelivery, state, startedAt, endedAt } = meeting;
  return {
    id,
    organizerId,
    orgId,
    title,
    description,
    scheduledAt,
    durationMinutes,
    timeZone,
    template,
    recapDelivery,
    state,
    startedAt,
    endedAt,
    participants: participants.map(({ userId, role, joinedAt }) => ({
      userId,
      role,
      everJoined: joinedAt !== null,
    })),
  };
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
