// Outcomes of matches in the store, beside those that the queue writes: one a person and match.
import mongoose from "mongoose";
import type { UserId } from "../../../../shared/ids.ts";
import type { Factors, MatchingWeights } from "../score/weights.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { OutcomesRepository, RoundOutcome } from "./outcomes.repository.ts";

interface OutcomeDocument {
  /** Match and person, as the queue names them. */
  _id: string;
  userId: string;
  matchId: string;
  outcome: RoundOutcome;
  features: Factors;
  weights: MatchingWeights;
  came: boolean | null;
  feedback: { rating: number } | null;
  createdAt: Date;
}

const text = { type: String, required: true } as const;
const outcomeSchema = new mongoose.Schema<OutcomeDocument>(
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
)
  .index({ userId: 1, came: 1 })
  .index({ userId: 1, createdAt: -1 });

const atOnce = 50;

export async function createOutcomesRepository(connection: mongoose.Connection): Promise<OutcomesRepository> {
  const outcomes = connection.model<OutcomeDocument>("RoundOutcome", outcomeSchema);
  await createIndexes(outcomes);
  const idOf = (matchId: string, userId: UserId) => `${matchId}/${userId}`;

  return {
    async begin(matches) {
      if (matches.length === 0) return;
      await outcomes.bulkWrite(
        matches.map(({ matchId, userId, ...match }) => ({
          updateOne: {
            filter: { _id: idOf(matchId, userId) },
            update: { $setOnInsert: { ...match, matchId, userId, came: null, feedback: null } },
            upsert: true,
          },
        })),
      );
    },
    async settle(matchId, userId, result) {
      await outcomes.updateOne({ _id: idOf(matchId, userId) }, { $set: result });
    },
    async kept(userIds) {
      const known = new Map<UserId, { kept: number; missed: number }>();
      for (const some of pages(userIds)) {
        const found = await outcomes
          .find({ userId: { $in: some }, came: { $in: [true, false] } }, { userId: 1, came: 1 })
          .lean<Pick<OutcomeDocument, "userId" | "came">[]>();
        for (const { userId, came } of found) {
          const sofar = known.get(userId as UserId) ?? { kept: 0, missed: 0 };
          if (came === true) sofar.kept += 1;
          else sofar.missed += 1;
          known.set(userId as UserId, sofar);
        }
      }
      return known;
    },
    async of(userIds, limit) {
      const all = [];
      for (const some of pages(userIds)) {
        // One query a person: the newest of several by one index would have to be sorted.
        const found = await Promise.all(
          some.map((userId) =>
            outcomes
              .find({ userId }, { weights: 0 })
              .sort({ createdAt: -1 })
              .limit(limit)
              .lean<Omit<OutcomeDocument, "weights">[]>(),
          ),
        );
        all.push(
          ...found.flat().map(({ userId, matchId, outcome, features, came, feedback, createdAt }) => ({
            userId: userId as UserId,
            matchId,
            outcome,
            features,
            came: came ?? null,
            rating: feedback?.rating ?? null,
            createdAt,
          })),
        );
      }
      return all;
    },
  };
}

function pages<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / atOnce) }, (_, page) =>
    items.slice(page * atOnce, (page + 1) * atOnce),
  );
}
