// After the call: segments, summary, decisions and action items that cite what was said; the recap and its email.
import type { Actor } from "../../../shared/actor.ts";
import type { ActionItemId, MeetingId, UserId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type {
  ActionItem,
  Recap,
  RecapEmailPreviews,
  UpdateActionItem,
} from "../../../shared/schemas/insights.ts";
import type { Commitment } from "../../../shared/schemas/meetings.ts";
import type { MadeMilestone } from "../../../shared/schemas/plans.ts";
import type { Segment, Topics } from "../../../shared/schemas/transcripts.ts";
import type { LiveAggregation } from "./live-aggregation.ts";

export { createInsightsModule } from "./insights.service.ts";

/** What figures over many commitments are made of: no word of them. */
export interface Commitments {
  meetingId: MeetingId;
  /** Null where nobody was named. */
  ownerId: UserId | null;
  doneAt: Date | null;
}

/** What becomes of commitments in their people's development plans; implemented by whoever keeps those. */
export interface MilestonesPort {
  /** The same milestone however often it is asked for. `day` is where somebody has moved it to. */
  make(
    actor: Actor,
    commitment: { id: ActionItemId; meetingId: MeetingId; text: string; day: string | null; done: boolean },
  ): Promise<MadeMilestone>;
  /** The commitment was ticked off or opened again, by whomever. May be repeated. */
  closed(actionId: ActionItemId, done: boolean): Promise<void>;
  /** The commitments that are milestones of the actor's. */
  madeBy(actor: Actor): Promise<ReadonlySet<ActionItemId>>;
}

export interface InsightsService {
  recap(actor: Actor, meetingId: MeetingId): Promise<Recap>;
  retry(actor: Actor, meetingId: MeetingId): Promise<Recap>;
  approve(actor: Actor, meetingId: MeetingId): Promise<Recap>;
  /** What approving would send, to each person; with a link to the choice of emails in the place of theirs. Throws CONFLICT without a draft. */
  previewEmails(actor: Actor, meetingId: MeetingId): Promise<RecapEmailPreviews>;
  updateActionItem(
    actor: Actor,
    meetingId: MeetingId,
    actionId: ActionItemId,
    change: UpdateActionItem,
  ): Promise<ActionItem>;
  /** An own open commitment becomes a milestone of the actor's plan. Throws FORBIDDEN for others' and nobody's. */
  makeMilestone(actor: Actor, meetingId: MeetingId, actionId: ActionItemId): Promise<MadeMilestone>;
  segments(
    actor: Actor,
    meetingId: MeetingId,
    query: { limit: number; cursor?: string | undefined },
  ): Promise<Page<Segment>>;
  /** What the call is or was about, stretch by stretch; none while that is being made out, or no machine may look. */
  topics(actor: Actor, meetingId: MeetingId): Promise<Topics>;
  /** Keeps segments and topics of running calls up with the talk. */
  live: LiveAggregation;
  /** Open action items of the actor's meetings, or of these, newest first, at most 50. */
  openCommitments(actor: Actor, among?: { of: readonly MeetingId[] }): Promise<Commitment[]>;
  /** All of a meeting, in order; without an actor, for whoever checks access by themselves. */
  segmentsOf(meetingId: MeetingId): Promise<Segment[]>;
  /** For counting only. */
  commitmentsOf(meetingIds: readonly MeetingId[]): Promise<Commitments[]>;
  /** Enqueues the preparation of a concluded meeting's recap; safe to call twice. */
  prepare(meetingId: MeetingId): Promise<void>;
  /**
   * Somebody has answered differently, for a meeting or (null) by default: what was made from words that they take
   * back is neither shown nor sent from their decision on, and made anew. Enqueued when it resolves; safe to repeat.
   */
  reconsider(change: { userId: UserId; meetingId: MeetingId | null }): Promise<void>;
  /**
   * A line was corrected, or given to somebody else. Of a call that is over, what was made from it before is neither shown
   * nor sent from the correction on, and made anew. Enqueued when it resolves; safe to repeat.
   */
  linesChanged(meetingId: MeetingId): Promise<void>;
}
