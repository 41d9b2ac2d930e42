// What the consent module needs of a store.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { ConsentAnswer, ConsentPurpose } from "../../../shared/schemas/consents.ts";

/** A meeting, or null for the person's default. */
export type ConsentScope = MeetingId | null;

export interface StoredDecision {
  userId: UserId;
  scope: ConsentScope;
  /** Rises by one within the person's scope: no two decisions share one. */
  number: number;
  purpose: ConsentPurpose;
  answer: ConsentAnswer;
  /** Number of the wording that was shown. */
  wording: number;
  sessionId: string;
  at: Date;
}

export type StandingAnswer = Pick<StoredDecision, "answer" | "wording" | "at">;

/** The outcome of all decisions up to `number`. */
export interface Standing {
  userId: UserId;
  scope: ConsentScope;
  number: number;
  answers: Partial<Record<ConsentPurpose, StandingAnswer>>;
}

export interface ConsentRepository {
  /** False where a decision with this number is there already. */
  append(decision: StoredDecision): Promise<boolean>;
  decision(userId: UserId, scope: ConsentScope, number: number): Promise<StoredDecision | null>;
  /** Moves the standing on, unless it has moved already. */
  settle(decision: StoredDecision): Promise<void>;
  standing(userId: UserId, scope: ConsentScope): Promise<Standing | null>;
  /** Of each person their default and what they said for the meeting. */
  standings(meetingId: MeetingId, userIds: UserId[]): Promise<Standing[]>;
  /** Newest first. */
  page(
    userId: UserId,
    options: { limit: number; before: { at: Date; id: string } | null },
  ): Promise<(StoredDecision & { id: string })[]>;
  /** Keeps what each wording says; throws where one that was shown before says something else now. */
  keepWordings(wordings: { purpose: ConsentPurpose; number: number; text: string }[]): Promise<void>;
}

export function wordingKey(purpose: ConsentPurpose, number: number): string {
  return `${purpose}/${number}`;
}
