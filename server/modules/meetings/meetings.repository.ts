// What the meetings module asks of its store.
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type {
  MeetingLifecycle,
  MeetingRole,
  MeetingState,
  NotesTemplate,
  Presence,
  RecapDelivery,
} from "../../../shared/schemas/meetings.ts";
import type { SeriesRule } from "../../../shared/series.ts";
import type { AttendedMeeting, LiveStatePatch } from "./index.ts";

/** Each call keeps the rule of its series, so that it needs nothing but itself and the others. */
export interface StoredSeries extends SeriesRule {
  id: string;
  /** Where the rule has this call, wherever it was moved since: by this calendars know it. */
  at: Date;
}

export interface StoredMeeting {
  id: MeetingId;
  organizerId: UserId;
  /** Where its organizer was when they made it. */
  orgId: OrgId | null;
  title: string;
  description: string | null;
  scheduledAt: Date | null;
  durationMinutes: number | null;
  timeZone: string | null;
  series: StoredSeries | null;
  template: NotesTemplate;
  recapDelivery: RecapDelivery;
  state: MeetingLifecycle;
  startedAt: Date | null;
  endedAt: Date | null;
  /** Rises with every change that calendars must hear of. */
  calendarSequence: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface StoredParticipant {
  /** A new one for each invitation, so that somebody who was removed can be invited again. */
  placeId: string;
  meetingId: MeetingId;
  userId: UserId;
  role: MeetingRole;
  /** Did not belong to the meeting's organisation when they were invited. */
  guest: boolean;
  presence: Presence;
  joinedAt: Date | null;
  leftAt: Date | null;
  /** The calendar sequence this person was last told of by email; null before the invitation. */
  mailedSequence: number | null;
  createdAt: Date;
}

export type StoredLiveState = Omit<MeetingState, "active" | "startedAt" | "endedAt" | "updatedAt"> & {
  updatedAt: Date;
};

export type MeetingFields = Pick<
  StoredMeeting,
  "title" | "description" | "scheduledAt" | "durationMinutes" | "timeZone" | "template" | "recapDelivery"
>;

/** How a write announces that emails are due: `token` names the write, a sequence step makes calendars follow. */
export interface MailDue {
  token: string;
  sequenceStep: number;
}

export interface NewMeeting {
  meeting: StoredMeeting;
  participants: StoredParticipant[];
  hostCount: number;
  mailToken: string | null;
}

export interface MeetingsRepository {
  /**
   * Writes the meeting last: one that can be found is whole. May be repeated, and by several at once: what is there stays;
   * false where the meeting was there already.
   */
  insert(made: NewMeeting): Promise<boolean>;
  /** New ones, in order; each is whole where it can be found. */
  insertMany(made: readonly NewMeeting[]): Promise<void>;
  find(id: MeetingId): Promise<StoredMeeting | null>;
  /** In no particular order; unknown ids are left out. */
  findMany(ids: MeetingId[]): Promise<StoredMeeting[]>;
  /** Those of these meetings that are planned for this time, or begun in it without a plan, whatever became of them. */
  timedAmong(ids: readonly MeetingId[], period: { from: Date; to: Date }): Promise<StoredMeeting[]>;
  /** Those of these meetings that can still be held, and of those that were the ones that ended last. */
  forOverview(ids: readonly MeetingId[], options: { endedMost: number }): Promise<StoredMeeting[]>;
  /** Of these meetings those that were held with any of these people, who are no observers there; the latest first. */
  heldAmong(
    ids: readonly MeetingId[],
    options: { people: readonly UserId[]; orgId: OrgId | null; limit: number },
  ): Promise<StoredMeeting[]>;
  /** In the order of its rule. */
  ofSeries(seriesId: string): Promise<StoredMeeting[]>;
  /** Null where the meeting is not scheduled any more. */
  updateScheduled(
    id: MeetingId,
    change: Partial<MeetingFields>,
    options: { now: Date; mail: MailDue | null },
  ): Promise<StoredMeeting | null>;
  /** Moves the state if it is still `from`, once however many try; null otherwise. */
  transition(
    id: MeetingId,
    from: MeetingLifecycle,
    set: { state: MeetingLifecycle; startedAt?: Date; endedAt?: Date },
    options: { now: Date; mail: MailDue | null },
  ): Promise<StoredMeeting | null>;
  byState(
    state: "active" | "concluded",
    options: { limit: number; endedSince?: Date },
  ): Promise<StoredMeeting[]>;

  /** Scheduled ones that begin after `from`, `to` included, in order. */
  plannedIn(period: { from: Date; to: Date }): AsyncIterable<StoredMeeting>;
  /** An organisation's meetings planned for this time, or begun in it without a plan; hosts and participants of each. */
  attended(orgId: OrgId, period: { from: Date; to: Date }): Promise<AttendedMeeting[]>;
  participants(id: MeetingId): Promise<StoredParticipant[]>;
  participantsOf(ids: MeetingId[]): Promise<StoredParticipant[]>;
  /** The person's places, newest meeting first. */
  places(
    userId: UserId,
    options: { limit: number; before: MeetingId | null },
  ): Promise<{ meetingId: MeetingId; guest: boolean }[]>;
  /** False where the person has a place already. */
  addParticipant(participant: StoredParticipant): Promise<boolean>;
  countParticipants(id: MeetingId): Promise<number>;
  /** Changes the role only if it still is `from`. */
  changeRole(id: MeetingId, userId: UserId, from: MeetingRole, to: MeetingRole): Promise<boolean>;
  /** Deletes the place only if its role still is `role`. */
  removeParticipant(id: MeetingId, userId: UserId, role: MeetingRole): Promise<boolean>;
  /** Takes one host off the count unless it is the last one. */
  releaseHost(id: MeetingId): Promise<boolean>;
  addHost(id: MeetingId): Promise<void>;
  /** False where nothing changed: present already, or no place. */
  /** False where the person was there already. `seenBy` is the term of the process that sees them. */
  markJoined(id: MeetingId, userId: UserId, seenBy: string, now: Date): Promise<boolean>;
  /** False where another process still sees the person, or nobody did. */
  markLeft(id: MeetingId, userId: UserId, seenBy: string, now: Date): Promise<boolean>;
  /** Whom the process sees in which meetings. */
  seenBy(term: string): Promise<{ meetingId: MeetingId; userId: UserId }[]>;
  markAllLeft(id: MeetingId, now: Date): Promise<void>;

  liveState(id: MeetingId): Promise<StoredLiveState | null>;
  setLifecycleState(
    id: MeetingId,
    set: { active: boolean; startedAt?: Date; endedAt?: Date },
    now: Date,
  ): Promise<void>;
  /** Meetings that are not there are passed over. */
  patchLiveStates(patches: { meetingId: MeetingId; patch: LiveStatePatch }[], now: Date): Promise<void>;

  /** Says that emails are due, without another change. */
  announceMail(id: MeetingId, token: string): Promise<void>;
  mailToken(id: MeetingId): Promise<string | null>;
  seriesMailTokens(seriesId: string): Promise<{ meetingId: MeetingId; token: string }[]>;
  markMailed(placeId: string, sequence: number): Promise<void>;
  /** Only if no later write announced more. */
  clearMailToken(id: MeetingId, token: string): Promise<void>;
  withMailDue(limit: number): Promise<MeetingId[]>;
}
