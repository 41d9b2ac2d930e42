// The ledger of consent in the store: one document a decision, never changed, and one standing a person and scope.
import mongoose from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { ConsentAnswer, ConsentPurpose } from "../../../shared/schemas/consents.ts";
import {
  wordingKey,
  type ConsentRepository,
  type ConsentScope,
  type Standing,
  type StandingAnswer,
  type StoredDecision,
} from "./consent.repository.ts";
import { createIndexes } from "../../platform/create-indexes.ts";

interface DecisionDocument {
  _id: string;
  userId: string;
  meetingId: string | null;
  number: number;
  purpose: ConsentPurpose;
  answer: ConsentAnswer;
  wording: number;
  sessionId: string;
  at: Date;
}

interface StandingDocument {
  _id: string;
  userId: string;
  meetingId: string | null;
  number: number;
  answers: Partial<Record<ConsentPurpose, StandingAnswer>>;
}

interface WordingDocument {
  _id: string;
  text: string;
}

const options = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;

const decisionSchema = new mongoose.Schema<DecisionDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    meetingId: { type: String, default: null },
    number: { type: Number, required: true },
    purpose: { type: String, required: true },
    answer: { type: String, required: true },
    wording: { type: Number, required: true },
    sessionId: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { ...options, collection: "consents" },
).index({ userId: 1, at: -1, _id: -1 });

const standingSchema = new mongoose.Schema<StandingDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    meetingId: { type: String, default: null },
    number: { type: Number, required: true },
    answers: { type: mongoose.Schema.Types.Mixed, required: true },
  },
  { ...options, collection: "consentStandings", minimize: false },
);

const wordingSchema = new mongoose.Schema<WordingDocument>(
  { _id: { type: String, required: true }, text: { type: String, required: true } },
  { ...options, collection: "consentWordings" },
);

export async function createConsentRepository(connection: mongoose.Connection): Promise<ConsentRepository> {
  const decisions = connection.model<DecisionDocument>("Consent", decisionSchema);
  const standings = connection.model<StandingDocument>("ConsentStanding", standingSchema);
  const wordings = connection.model<WordingDocument>("ConsentWording", wordingSchema);
  await createIndexes(decisions);

  return {
    async append(decision) {
      try {
        await decisions.create(toDocument(decision));
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    async decision(userId, scope, number) {
      const found = await decisions.findById(`${standingId(userId, scope)}/${number}`).lean();
      return found === null ? null : fromDocument(found);
    },

    async settle({ userId, scope, number, purpose, answer, wording, at }) {
      const _id = standingId(userId, scope);
      const set = { number, [`answers.${purpose}`]: { answer, wording, at } };
      try {
        await standings.updateOne(
          { _id, number: number - 1 },
          { $set: set, ...(number === 1 ? { $setOnInsert: { userId, meetingId: scope } } : {}) },
          { upsert: number === 1 },
        );
      } catch (error) {
        // Somebody else has settled the first decision meanwhile.
        if (!isDuplicate(error)) throw error;
      }
    },

    async standing(userId, scope) {
      const found = await standings.findById(standingId(userId, scope)).lean();
      return found === null ? null : toStanding(found);
    },

    async standings(meetingId, userIds) {
      const ids = userIds.flatMap((userId) => [standingId(userId, meetingId), standingId(userId, null)]);
      return (await standings.find({ _id: { $in: ids } }).lean()).map(toStanding);
    },

    async page(userId, { limit, before }) {
      const older =
        before === null
          ? {}
          : { $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: before.id } }] };
      const found = await decisions
        .find({ userId, ...(before === null ? {} : { at: { $lte: before.at } }), ...older })
        .sort({ at: -1, _id: -1 })
        .limit(limit)
        .lean();
      return found.map((document) => ({ ...fromDocument(document), id: document._id }));
    },

    async keepWordings(all) {
      const keys = all.map(({ purpose, number }) => wordingKey(purpose, number));
      const found = await wordings.find({ _id: { $in: keys } }).lean();
      const known = new Map(found.map(({ _id, text }) => [_id, text]));
      for (const { purpose, number, text } of all) {
        const key = wordingKey(purpose, number);
        const before = known.get(key);
        if (before === text) continue;
        if (before !== undefined)
          throw new Error(
            `The wording ${key} was shown to people: give it a successor instead of editing it.`,
          );
        try {
          await wordings.create({ _id: key, text });
        } catch (error) {
          if (!isDuplicate(error)) throw error;
        }
      }
    },
  };
}

function standingId(userId: UserId, scope: ConsentScope): string {
  return `${userId}/${scope ?? "default"}`;
}

function toDocument({ userId, scope, ...decision }: StoredDecision): DecisionDocument {
  return {
    _id: `${standingId(userId, scope)}/${decision.number}`,
    userId,
    meetingId: scope,
    ...decision,
  };
}

function fromDocument({ _id: _, meetingId, userId, ...decision }: DecisionDocument): StoredDecision {
  return { ...decision, userId: userId as UserId, scope: meetingId as MeetingId | null };
}

function toStanding({ userId, meetingId, number, answers }: StandingDocument): Standing {
  return { userId: userId as UserId, scope: meetingId as MeetingId | null, number, answers };
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
