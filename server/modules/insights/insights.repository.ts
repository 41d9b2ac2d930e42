// What the insights module needs of a store: segments, shared action items, one insight a person, one recap a meeting.
import type { ActionItemId, InsightId, MailId, MeetingId, SegmentId, UserId } from "../../../shared/ids.ts";
import type {
  ActionItem,
  CitedText,
  InsightStatus,
  Recommendation,
  UpdateActionItem,
} from "../../../shared/schemas/insights.ts";
import type { ReadingMode } from "../../vendors/language/index.ts";
import type { Commitments } from "./index.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import type { SaidLink } from "./shared-links.ts";

/** How far a meeting's recap is; one a meeting. */
export interface StoredRecap {
  meetingId: MeetingId;
  status: InsightStatus;
  problem: string | null;
  delivery: "not-sent" | "awaiting-approval" | "queued";
  /** Rises when a recap is made anew because people allow something else than it was made from, or lines were corrected. */
  edition: number;
  /** Who spoke, as far as it was looked at. */
  speakers: UserId[];
  /** Whose words it leaves out; null where it has not been made, or before this was written down. */
  withheld: UserId[] | null;
  /** What read the talk for it; null where that was not written down yet. */
  mode: ReadingMode | null;
  /** Up to which correction it has the transcript's lines at least; null where that was not written down yet. */
  revision: number | null;
  /** When it was first asked for: no line was read for it before. */
  begunAt: Date;
}

/** An action item is one fact for everybody in the meeting: who ticks it off ticks it off for all. */
export interface StoredAction extends Omit<ActionItem, "milestone"> {
  meetingId: MeetingId;
  meetingTitle: string;
  /** Whose home page it may appear on: hosts and participants, hosts alone while the recap is a draft. */
  visibleTo: UserId[];
  createdAt: Date;
}

export interface StoredInsight {
  id: InsightId;
  meetingId: MeetingId;
  userId: UserId;
  outcome: CitedText | null;
  summary: CitedText[];
  decisions: CitedText[];
  /** In the order of this person: their own first. */
  actionItemIds: ActionItemId[];
  recommendations: Recommendation[];
  /** Those that were said. */
  links: SaidLink[];
  topics: string[];
  generatedBy: string;
  missing: string[];
  mailId: MailId | null;
  createdAt: Date;
}

export interface InsightsRepository {
  /** Adds a waiting recap where there is none. */
  begin(meetingId: MeetingId, now: Date): Promise<void>;
  recap(meetingId: MeetingId): Promise<StoredRecap | null>;
  setStatus(
    meetingId: MeetingId,
    change: { status: InsightStatus; problem: string | null; now: Date },
  ): Promise<void>;
  /** `anew`: as its next edition, undelivered; what was approved was another one. */
  beginMaking(meetingId: MeetingId, change: { anew: boolean; now: Date }): Promise<void>;
  setSpeakers(meetingId: MeetingId, speakers: readonly UserId[], now: Date): Promise<void>;
  setMade(
    meetingId: MeetingId,
    change: { withheld: readonly UserId[]; mode: ReadingMode; revision: number; now: Date },
  ): Promise<void>;
  /** Of people quoted in it. */
  citedSpeakers(meetingId: MeetingId): Promise<UserId[]>;
  /** Meetings in which the person spoke and that have a recap, in the order of their ids. */
  spokenIn(userId: UserId, options: { after: MeetingId | null; limit: number }): Promise<MeetingId[]>;
  /** False where the delivery stands elsewhere already, or it is another edition by now. */
  moveDelivery(
    meetingId: MeetingId,
    change: { from: StoredRecap["delivery"]; to: StoredRecap["delivery"]; edition?: number; now: Date },
  ): Promise<boolean>;

  /** Of any meetings, while their calls run: writes these and removes those. */
  putSegments(segments: readonly Segment[], goneIds: readonly SegmentId[], now: Date): Promise<void>;
  /** What a machine made out of the meeting's talk goes from its segments; their words stay. */
  forgetReading(meetingId: MeetingId, now: Date): Promise<void>;
  /** Afterwards the meeting has exactly these segments; repeating it changes nothing. */
  replaceSegments(meetingId: MeetingId, segments: readonly Segment[], now: Date): Promise<void>;
  /** The segment that begins last at or before the line. */
  segmentAt(meetingId: MeetingId, sequence: number): Promise<Segment | null>;
  segments(meetingId: MeetingId, options: { afterSequence: number; limit: number }): Promise<Segment[]>;

  /** Afterwards the meeting has exactly these items; what people ticked off or moved stays so. */
  replaceActions(
    meetingId: MeetingId,
    actions: readonly Omit<StoredAction, "done" | "movedTo">[],
    now: Date,
  ): Promise<void>;
  actions(meetingId: MeetingId): Promise<StoredAction[]>;
  commitmentsOf(meetingIds: readonly MeetingId[]): Promise<Commitments[]>;
  changeAction(
    meetingId: MeetingId,
    actionId: ActionItemId,
    change: UpdateActionItem & { by: UserId; now: Date },
  ): Promise<StoredAction | null>;
  showActionsTo(meetingId: MeetingId, userIds: readonly UserId[], now: Date): Promise<void>;
  /** Newest first. */
  openActions(userId: UserId, options: { of?: readonly MeetingId[]; limit: number }): Promise<StoredAction[]>;

  /** Writes or overwrites by id; the first creation time and the email stay. */
  putInsight(insight: Omit<StoredInsight, "mailId">, now: Date): Promise<void>;
  insight(meetingId: MeetingId, userId: UserId): Promise<StoredInsight | null>;
  setMail(meetingId: MeetingId, userId: UserId, mailId: MailId): Promise<void>;
}
