// What the prompts module needs of a store.
import type { MeetingId, PromptId, UserId } from "../../../shared/ids.ts";
import type { PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import type { Answer } from "./trigger-choice.ts";

export interface StoredPrompt {
  id: PromptId;
  meetingId: MeetingId;
  type: "precall" | "incall";
  content: string;
  reason: string;
  trigger: string;
  tags: string[];
  relevance: number;
  atMs: number;
  /** Sequence of the last words before it. */
  afterSequence: number;
  expiresAt: Date | null;
  usedAt: Date | null;
  feedback: PromptFeedbackValue | null;
  generatedBy: string;
  createdAt: Date;
}

export interface PromptsRepository {
  /** False where a prompt with this id is there already. */
  insert(prompt: StoredPrompt): Promise<boolean>;
  /** Newest first, older than `before` where given. */
  page(meetingId: MeetingId, options: { limit: number; before: PromptId | null }): Promise<StoredPrompt[]>;
  /** Null where the meeting has no such prompt. */
  setFeedback(
    meetingId: MeetingId,
    promptId: PromptId,
    change: { feedback: PromptFeedbackValue; by: UserId; usedAt: Date | null; now: Date },
  ): Promise<StoredPrompt | null>;
  /** What a coach has answered in other meetings, newest first. */
  answersOf(userId: UserId, options: { except: MeetingId; limit: number }): Promise<Answer[]>;
}
