// Prompts for the coach: triggers on the transcript's timeline, one card at a time, with a reason.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, PromptId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type { Prompt, PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import type { LiveMirror } from "../../../shared/schemas/reviews.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";

export { createPromptsModule } from "./prompts.service.ts";

export interface PromptsService {
  list(
    actor: Actor,
    meetingId: MeetingId,
    query: { limit: number; cursor?: string | undefined },
  ): Promise<Page<Prompt>>;
  /** The newest 20, newest first, for the live query. */
  recent(actor: Actor, meetingId: MeetingId): Promise<Prompt[]>;
  /** How the actor, as a host, is coaching just now; nobody else reads it. Nothing is told of a call that does not run. */
  mirror(actor: Actor, meetingId: MeetingId): Promise<LiveMirror>;
  feedback(
    actor: Actor,
    meetingId: MeetingId,
    promptId: PromptId,
    value: PromptFeedbackValue,
  ): Promise<Prompt>;
  /** Fed by the bus with every durable chunk; keeps the timeline, speaking statistics and the lull detector. */
  observe(meetingId: MeetingId, chunks: TranscriptChunk[]): void;
  /** Starts watching a meeting that became active; stops when it ends. */
  watch(meetingId: MeetingId, startedAt: Date): void;
  unwatch(meetingId: MeetingId): void;
  stop(): Promise<void>;
}
