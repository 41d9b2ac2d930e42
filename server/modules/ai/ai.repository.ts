// What the AI module needs of a store: switches, budgets, the ledger of calls, and answers that are kept for a while.
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { AiUse } from "../../../shared/schemas/ai.ts";
import type { PlannedCall, SettledCall } from "../../platform/outbound/ledger.ts";

export type SwitchScope = { orgId: OrgId } | { meetingId: MeetingId };

export interface StoredSwitch {
  use: AiUse;
  changedAt: Date;
}

export interface Used {
  calls: number;
  tokens: number;
  cost: number;
}

export interface AiRepository {
  switchOf(scope: SwitchScope): Promise<StoredSwitch | null>;
  putSwitch(scope: SwitchScope, change: { use: AiUse; by: UserId; now: Date }): Promise<void>;

  /** Takes both from the day's budget at once; false where it does not hold them. A bound of 0 is none. */
  take(
    budget: BudgetOfDay,
    amount: { tokens: number; cost: number },
    most: { tokens: number; cost: number },
  ): Promise<boolean>;
  /** Gives back what was taken and not used (less than 0: more was used), and counts the call. */
  giveBack(budget: BudgetOfDay, amount: { tokens: number; cost: number }): Promise<void>;
  used(budget: BudgetOfDay): Promise<Used>;
  addCall(call: PlannedCall & SettledCall & { at: Date; expiresAt: Date }): Promise<void>;

  answer(key: string, meetingId: string, now: Date): Promise<string | null>;
  putAnswer(key: string, meetingId: string, answer: { text: string; expiresAt: Date }): Promise<void>;
  removeAnswers(meetingId: string): Promise<void>;
}

export interface BudgetOfDay {
  orgId: string | null;
  /** As 2026-01-05, by UTC. */
  day: string;
}
