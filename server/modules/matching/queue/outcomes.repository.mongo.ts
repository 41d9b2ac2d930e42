// What became of proposals in the store.
import type mongoose from "mongoose";
import { Schema } from "mongoose";
import type { UserId } from "../../../../shared/ids.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { OutcomesRepository, StoredRecord } from "./outcomes.repository.ts";

interface OutcomeDocument extends Omit<StoredRecord, "userId"> {
  /** Proposal and person. */
  _id: string;
  userId: string;
}

const text = { type: String, required: true } as const;

const outcomeSchema = new Schema<OutcomeDocument>(
  {
    _id: text,
    userId: text,
    matchId: text,
    outcome: text,
    features: { type: Object, required: true },
    weights: { type: Object, required: true },
    came: { type: Boolean, default: null },
    feedback: { type: Object, default: null },
    createdAt: { type: Date, required: true },
  },
  {
    autoIndex: false,
    autoCreate: false,
    versionKey: false,
    minimize: false,
    collection: "matchingAnalytics",
    strict: "throw",
  },
);
outcomeSchema.index({ userId: 1, came: 1 });
outcomeSchema.index({ matchId: 1 });
outcomeSchema.index({ outcome: 1, createdAt: 1 });

export async function createOutcomesRepository(connection: mongoose.Connection): Promise<OutcomesRepository> {
  const outcomes = connection.model<OutcomeDocument>("MatchingOutcome", outcomeSchema);
  await createIndexes(outcomes);

  return {
    async record({ userId, matchId, outcome, ...record }) {
      await outcomes.updateOne(
        { _id: idOf(matchId, userId) },
        { $set: { outcome }, $setOnInsert: { userId, matchId, ...record, came: null, feedback: null } },
        { upsert: true },
      );
    },

    async conclude(matchId, userId, { came, outcome }) {
      await outcomes.updateOne({ _id: idOf(matchId, userId) }, { $set: { came, outcome } });
    },

    async rate(matchId, userId, rating) {
      await outcomes.updateOne(
        { _id: idOf(matchId, userId) },
        { $set: { feedback: rating === null ? null : { rating } } },
      );
    },

    async ofMatches(matchIds) {
      const found = await outcomes.find({ matchId: { $in: [...matchIds] } }).lean();
      return found.map(({ _id, userId, ...record }) => ({ ...record, userId: userId as UserId }));
    },

    async reliability(userId) {
      const [kept, missed] = await Promise.all([
        outcomes.countDocuments({ userId, came: true }),
        outcomes.countDocuments({ userId, came: false }),
      ]);
      return { kept, missed };
    },
  };
}

function idOf(matchId: string, userId: UserId): string {
  return `${matchId}/${userId}`;
}
