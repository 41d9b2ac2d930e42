// Feedback for coaches: how a call was talked, for its coach alone, and the judgements on talk that prompts use as well.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { coachBehaviour, questionKind } from "./behaviours.ts";
import { languageOf } from "./english.ts";
import { stagesIn } from "./grow.ts";
import type { CoachReview, ReviewTrends } from "../../../shared/schemas/reviews.ts";

export {
  behaviourModels,
  coachBehaviour,
  questionKind,
  talkType,
  type BehaviourModels,
  type SpokenTurn,
} from "./behaviours.ts";
export { createFeedbackModule } from "./reviews.service.ts";

/** Judgements on what was said, for prompts during the call; all of them pure. */
export const talkJudge = { coachBehaviour, questionKind, stagesIn, languageOf };
export type TalkJudge = typeof talkJudge;

export interface FeedbackService {
  /** Of a call that the actor hosted, as its coach. */
  review(actor: Actor, meetingId: MeetingId): Promise<CoachReview>;
  /** After a failure. Throws CONFLICT where nothing has failed. */
  retry(actor: Actor, meetingId: MeetingId): Promise<CoachReview>;
  /** Of the actor's newest calls. */
  trends(actor: Actor): Promise<ReviewTrends>;
  /** Enqueues the reviews of a concluded meeting; safe to call twice. */
  prepare(meetingId: MeetingId): Promise<void>;
  /** A line was corrected, given to somebody else or erased: what was made of a concluded meeting is made anew. */
  linesChanged(meetingId: MeetingId): Promise<void>;
  /**
   * Somebody has answered differently about AI, for a meeting or (null) by default: from their decision on no review is
   * shown that was made from other words than may be read now, and it is made anew. Safe to repeat.
   */
  reconsider(change: { userId: UserId; meetingId: MeetingId | null }): Promise<void>;
}
