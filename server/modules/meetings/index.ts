// Meetings: lifecycle, participants, live state, and the policy that every other meeting module asks.
import type { Actor } from "../../../shared/actor.ts";
import type { ConsentAnswers } from "../../../shared/consent-rules.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type {
  CreateMeeting,
  Meeting,
  MeetingLifecycle,
  MeetingRole,
  MeetingState,
  NotesTemplate,
  Participant,
  RecapDelivery,
  UpdateMeeting,
} from "../../../shared/schemas/meetings.ts";
import type { RetentionKind } from "../../../shared/schemas/retention.ts";
import type { Series } from "../../../shared/schemas/series.ts";
import type { SeriesRule } from "../../../shared/series.ts";

export { createMeetingsModule } from "./meetings.service.ts";
export type { MeetingAction } from "./meetings.policy.ts";
import type { Reader } from "./meetings.isolation.ts";
import type { MeetingAction } from "./meetings.policy.ts";

/** The outcome of an access check: what a service may rely on afterwards. */
export interface MeetingAccess {
  meetingId: MeetingId;
  userId: UserId;
  role: MeetingRole;
  state: MeetingLifecycle;
  startedAt: Date | null;
  /** What of it is kept no longer: nothing is added to it, whether it was deleted already or not. */
  over: ReadonlySet<RetentionKind>;
}

/** A meeting as other modules and jobs see it, without an actor. */
export interface MeetingRecord {
  id: MeetingId;
  organizerId: UserId;
  orgId: OrgId | null;
  title: string;
  description: string | null;
  scheduledAt: Date | null;
  durationMinutes: number | null;
  timeZone: string | null;
  template: NotesTemplate;
  recapDelivery: RecapDelivery;
  state: MeetingLifecycle;
  startedAt: Date | null;
  endedAt: Date | null;
  participants: { userId: UserId; role: MeetingRole; everJoined: boolean }[];
}

/** What figures over an organisation's meetings are made of: no title, no word. */
export interface AttendedMeeting {
  id: MeetingId;
  state: MeetingLifecycle;
  scheduledAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  /** Hosts and participants, and when each came first; null where they did not. */
  people: { userId: UserId; cameAt: Date | null }[];
}

/** A meeting in somebody's calendar. */
export interface AgendaEntry {
  id: MeetingId;
  title: string;
  state: MeetingLifecycle;
  myRole: MeetingRole;
  startsAt: Date;
  endsAt: Date;
}

export interface LiveStatePatch {
  speakingStats?: MeetingState["speakingStats"];
  lullState?: MeetingState["lullState"];
  topics?: string[];
}

/** A planned call of a series. */
export interface SeriesCall {
  /** What it belongs to, and where the rhythm has it. */
  series: SeriesRule & { id: string; at: Date };
  record: MeetingRecord;
}

/** As meetings alone know them: nobody is asked about times here. */
export interface SeriesService {
  /**
   * All of them, or after a crash none or the first ones; nobody is told before `announce`, or the next start. Each of
   * `starts` is one that the rule has.
   */
  create(
    actor: Actor,
    input: CreateMeeting,
    series: { rule: SeriesRule; starts: readonly Date[] },
  ): Promise<{ meetingIds: MeetingId[]; announce(): Promise<Series> }>;
  /** The calls of it that the actor may open; null where the meeting belongs to none. */
  ofMeeting(actor: Actor, meetingId: MeetingId): Promise<Series | null>;
  /**
   * The call and those after it by the rhythm that are planned and with which the actor may do that, in order. Throws
   * NOT_FOUND where the meeting belongs to no series, else as `authorize` does of the meeting.
   */
  following(actor: Actor, meetingId: MeetingId, action: MeetingAction): Promise<SeriesCall[]>;
  /** Calls of one series. Those that have begun, or were cancelled, in this moment are answered as unchanged. */
  update(
    actor: Actor,
    changes: readonly { meetingId: MeetingId; change: UpdateMeeting }[],
  ): Promise<{ unchanged: MeetingId[]; announce(): Promise<Series> }>;
  cancel(actor: Actor, meetingIds: readonly MeetingId[]): Promise<Series>;
}

export interface MeetingsService {
  readonly series: SeriesService;
  /**
   * With an id that the caller has chosen, asking again, also by several at once and after a crash, completes the one
   * meeting and answers it as it is then. Throws CONFLICT where one of its people keeps away from another.
   */
  create(actor: Actor, input: CreateMeeting, options?: { id?: MeetingId }): Promise<Meeting>;
  get(actor: Actor, meetingId: MeetingId): Promise<Meeting>;
  list(
    actor: Actor,
    query: { limit: number; cursor?: string | undefined; state?: MeetingLifecycle | undefined },
  ): Promise<Page<Meeting>>;
  update(actor: Actor, meetingId: MeetingId, change: UpdateMeeting): Promise<Meeting>;
  start(actor: Actor, meetingId: MeetingId): Promise<Meeting>;
  /** Idempotent for hosts: ending an ended meeting answers it as it is. */
  end(actor: Actor, meetingId: MeetingId): Promise<Meeting>;
  cancel(actor: Actor, meetingId: MeetingId): Promise<Meeting>;
  /** Ends calls that everybody has left without ending them. May be repeated, and by several at once. */
  endForgotten(): Promise<void>;
  invite(
    actor: Actor,
    meetingId: MeetingId,
    input: { email: string; role: MeetingRole },
  ): Promise<Participant>;
  changeRole(actor: Actor, meetingId: MeetingId, userId: UserId, role: MeetingRole): Promise<Participant>;
  remove(actor: Actor, meetingId: MeetingId, userId: UserId): Promise<void>;
  invitationFile(actor: Actor, meetingId: MeetingId): Promise<string>;
  state(actor: Actor, meetingId: MeetingId): Promise<MeetingState>;
  /**
   * Marks the person present, as seen by the process with this term, until every process that saw them has called
   * `leave`; the first host who joins a scheduled meeting does not start it by that.
   */
  join(
    actor: Actor,
    meetingId: MeetingId,
    seenBy: string,
  ): Promise<{ meeting: Meeting; state: MeetingState }>;
  leave(actor: Actor, meetingId: MeetingId, seenBy: string): Promise<void>;
  /** The process is gone: whoever was seen by it alone is not present any more. May be repeated, and by several at once. */
  forgetSeenBy(term: string): Promise<void>;
  /** Throws NOT_FOUND to strangers and to people of other organisations, and FORBIDDEN to people whose role does not allow the action. Cached; cheap. */
  authorize(actor: Reader, meetingId: MeetingId, action: MeetingAction): Promise<MeetingAccess>;
  /**
   * For a vendor that has proved itself to this deployment, and has no place in any meeting: what a host might do now.
   * Throws NOT_FOUND, MEETING_NOT_ACTIVE.
   */
  authorizeVendor(meetingId: MeetingId, action: MeetingAction): Promise<void>;
  /** What each host and participant allows to be done with their words. Cached; cheap. Throws NOT_FOUND. */
  consents(meetingId: MeetingId): Promise<ReadonlyMap<UserId, ConsentAnswers>>;
  /**
   * Those of its people who can open it from some session of theirs today: not who has left its organisation. Nobody
   * where it does not exist.
   */
  reached(meetingId: MeetingId): Promise<ReadonlySet<UserId>>;
  /** What of it is kept no longer; nothing where it does not exist. Cached; cheap. */
  overIn(meetingId: MeetingId): Promise<ReadonlySet<RetentionKind>>;
  /** The person's newest 500 meetings, newest first. */
  placesOf(userId: UserId): Promise<MeetingId[]>;
  /**
   * Whether both have a place in a meeting that the reader may open from where they are, among the newest 500 of each.
   */
  sharesMeeting(reader: Reader, other: UserId): Promise<boolean>;
  /** One of these has blocked the other: in no meeting that can still be held do both keep a place. May be repeated. */
  separate(one: UserId, other: UserId): Promise<void>;
  /** Changes of other processes may have gone unheard: the next `authorize` reads anew. */
  forgetAccess(): void;
  /**
   * The meeting and its live state as each of these people sees them, read once for all of them; who may not see them
   * is left out. Throws NOT_FOUND where it does not exist.
   */
  views(
    meetingId: MeetingId,
    readers: UserId[],
  ): Promise<Map<UserId, { meeting: Meeting; state: MeetingState }>>;
  /** For finding times only: what each person has planned or running in that time. */
  busy(
    userIds: readonly UserId[],
    period: { from: Date; to: Date },
  ): Promise<Map<UserId, { meetingId: MeetingId; startMs: number; endMs: number }[]>>;
  /** What of the reader's meetings lies in that time, wherever it stands, in order. Without a plan a meeting is where it began. */
  agenda(reader: Reader, period: { from: Date; to: Date }): Promise<AgendaEntry[]>;
  /** The same as a calendar (.ics); the same text as long as nothing changes. */
  agendaText(reader: Reader, period: { from: Date; to: Date }): Promise<string>;
  /**
   * For reminders: everybody's scheduled meetings that begin after `from`, `to` included, in order, each with those of its
   * people who can open it today.
   */
  planned(period: { from: Date; to: Date }): AsyncIterable<MeetingRecord>;
  /** For counting only: the organisation's meetings planned for this time, or begun in it without a plan. */
  attended(orgId: OrgId, period: { from: Date; to: Date }): Promise<AttendedMeeting[]>;
  record(meetingId: MeetingId): Promise<MeetingRecord | null>;
  /** Active meetings, at most 5 000: watched again after a restart. */
  running(): Promise<MeetingRecord[]>;
  /** Meetings concluded within the last 7 days, at most 1 000, newest first: healed after a crash. */
  recentlyConcluded(): Promise<MeetingRecord[]>;
  /** After a crash of the process that held everybody's sockets: nobody is present until they come back. */
  clearPresence(meetingId: MeetingId): Promise<void>;
  /** Of any number of meetings at once; those that are not there are passed over. */
  patchLiveStates(patches: { meetingId: MeetingId; patch: LiveStatePatch }[]): Promise<void>;
  /** For the home page: the actor's next meeting, further ones (without `next`) and past ones, at most 10 each. */
  overview(actor: Actor): Promise<{ next: Meeting | null; upcoming: Meeting[]; recent: Meeting[] }>;
  /** The next scheduled meeting of the same people in the same organisation after `after`, for the recap's calendar file. */
  nextTogether(userIds: UserId[], after: Date, orgId: OrgId | null): Promise<MeetingRecord | null>;
  /** Those that the person has held with any of these people in this organisation, none of them an observer; the latest first. */
  heldTogether(
    userId: UserId,
    people: readonly UserId[],
    options: { orgId: OrgId | null; limit: number },
  ): Promise<MeetingRecord[]>;
  /** Calendar text (.ics) of a meeting; `reader` is named in it as the only attendee, as REQUEST and CANCEL need. */
  calendarFor(
    meeting: MeetingRecord,
    method: "REQUEST" | "CANCEL" | "PUBLISH",
    reader?: { name: string; email: string },
  ): Promise<string>;
}
