// Switches, budgets, the ledger and kept answers in MongoDB.
import mongoose from "mongoose";
import { aiUseSchema, type AiUse } from "../../../shared/schemas/ai.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { AiRepository, BudgetOfDay, SwitchScope } from "./ai.repository.ts";

interface SwitchDocument {
  /** `organization/<id>` or `meeting/<id>`. */
  _id: string;
  use: string;
  changedBy: string;
  changedAt: Date;
}

interface BudgetDocument {
  /** `<day>/<organisation or none>`. */
  _id: string;
  tokens: number;
  cost: number;
  calls: number;
  expiresAt: Date;
}

interface CallDocument {
  kind: string;
  model: string;
  orgId: string | null;
  meetingId: string | null;
  promptVersion: string;
  promptHash: string;
  tokens: number;
  inputTokens: number;
  outputTokens: number;
  cost: number;
  outcome: string;
  ms: number;
  at: Date;
  expiresAt: Date;
}

interface AnswerDocument {
  /** Hash of the question. */
  _id: string;
  meetingId: string;
  answer: string;
  expiresAt: Date;
}

const options = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;

const switchSchema = new mongoose.Schema<SwitchDocument>(
  { _id: text, use: text, changedBy: text, changedAt: date },
  { ...options, collection: "aiSwitches" },
);
const budgetSchema = new mongoose.Schema<BudgetDocument>(
  { _id: text, tokens: number, cost: number, calls: number, expiresAt: date },
  { ...options, collection: "aiBudgets" },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
const callSchema = new mongoose.Schema<CallDocument>(
  {
    kind: text,
    model: text,
    orgId: { type: String, default: null },
    meetingId: { type: String, default: null },
    promptVersion: text,
    promptHash: text,
    tokens: number,
    inputTokens: number,
    outputTokens: number,
    cost: number,
    outcome: text,
    ms: number,
    at: date,
    expiresAt: date,
  },
  { ...options, collection: "aiCalls" },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
const answerSchema = new mongoose.Schema<AnswerDocument>(
  { _id: text, meetingId: text, answer: text, expiresAt: date },
  { ...options, collection: "aiAnswers" },
)
  .index({ meetingId: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** The day before yesterday's is looked at by nobody. */
const budgetKeptMs = 3 * 24 * 60 * 60 * 1_000;

export async function createAiRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<AiRepository> {
  const switches = connection.model<SwitchDocument>("AiSwitch", switchSchema);
  const budgets = connection.model<BudgetDocument>("AiBudget", budgetSchema);
  const calls = connection.model<CallDocument>("AiCall", callSchema);
  const answers = connection.model<AnswerDocument>("AiAnswer", answerSchema);
  await createIndexes(budgets, calls, answers);
  const sealed = cipher.of("aiAnswers");

  return {
    async switchOf(scope) {
      const found = await switches.findById(switchId(scope)).lean();
      return found === null ? null : { use: useOf(found.use), changedAt: found.changedAt };
    },

    async putSwitch(scope, { use, by, now }) {
      await switches.updateOne(
        { _id: switchId(scope) },
        { $set: { use, changedBy: by, changedAt: now } },
        { upsert: true },
      );
    },

    async take(budget, { tokens, cost }, most) {
      const _id = budgetId(budget);
      const room = {
        ...(most.tokens > 0 && { tokens: { $lte: most.tokens - tokens } }),
        ...(most.cost > 0 && { cost: { $lte: most.cost - cost } }),
      };
      const taken = async () => {
        const result = await budgets.updateOne({ _id, ...room }, { $inc: { tokens, cost } });
        return result.matchedCount === 1;
      };
      if (await taken()) return true;
      try {
        const expiresAt = new Date(Date.parse(budget.day) + budgetKeptMs);
        await budgets.create({ _id, tokens: 0, cost: 0, calls: 0, expiresAt });
      } catch (error) {
        if (isDuplicate(error)) return await taken();
        throw error;
      }
      return await taken();
    },

    async giveBack(budget, { tokens, cost }) {
      await budgets.updateOne(
        { _id: budgetId(budget) },
        { $inc: { tokens: -tokens, cost: -cost, calls: 1 } },
      );
    },

    async used(budget) {
      const found = await budgets.findById(budgetId(budget)).lean();
      return { calls: found?.calls ?? 0, tokens: found?.tokens ?? 0, cost: found?.cost ?? 0 };
    },

    async addCall(call) {
      await calls.create(call);
    },

    async answer(key, meetingId, now) {
      const found = await answers.findOne({ _id: key, meetingId, expiresAt: { $gt: now } }).lean();
      return found === null ? null : sealed.open(key, "answer", found.answer);
    },

    async putAnswer(key, meetingId, { text: answer, expiresAt }) {
      await answers.updateOne(
        { _id: key },
        { $set: { meetingId, answer: sealed.seal(key, "answer", answer), expiresAt } },
        { upsert: true },
      );
    },

    async removeAnswers(meetingId) {
      await answers.deleteMany({ meetingId });
    },
  };
}

function switchId(scope: SwitchScope): string {
  return "orgId" in scope ? `organization/${scope.orgId}` : `meeting/${scope.meetingId}`;
}

function budgetId({ orgId, day }: BudgetOfDay): string {
  return `${day}/${orgId ?? "none"}`;
}

/** What is not understood is off: somebody has written something stricter than is known here. */
function useOf(stored: string): AiUse {
  return aiUseSchema.safeParse(stored).data ?? "off";
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
