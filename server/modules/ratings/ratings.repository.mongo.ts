// Ratings in the store: one document a person and meeting, written over when the person changes their mind.
import mongoose from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { RatingsRepository } from "./ratings.repository.ts";

interface RatingDocument {
  /** Meeting and person: no second rating finds room. */
  _id: string;
  meetingId: string;
  userId: string;
  score: number;
  comment: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const ratingSchema = new mongoose.Schema<RatingDocument>(
  {
    _id: { type: String, required: true },
    meetingId: { type: String, required: true },
    userId: { type: String, required: true },
    score: { type: Number, required: true },
    comment: { type: String, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "meetingRatings", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
);
ratingSchema.index({ meetingId: 1 });
// By which everything of a person is found.
ratingSchema.index({ userId: 1 });

export async function createRatingsRepository(connection: mongoose.Connection): Promise<RatingsRepository> {
  const ratings = connection.model<RatingDocument>("MeetingRating", ratingSchema);
  await createIndexes(ratings);
  return {
    async find(meetingId, userId) {
      const found = await ratings.findById(idOf(meetingId, userId)).lean();
      return found === null
        ? null
        : { score: found.score, comment: found.comment, updatedAt: found.updatedAt };
    },

    async put(meetingId, userId, { score, comment, updatedAt }) {
      await ratings.updateOne(
        { _id: idOf(meetingId, userId) },
        { $set: { score, comment, updatedAt }, $setOnInsert: { meetingId, userId, createdAt: updatedAt } },
        { upsert: true },
      );
    },

    async remove(meetingId, userId) {
      return (await ratings.deleteOne({ _id: idOf(meetingId, userId) })).deletedCount === 1;
    },

    async scoresOf(meetingIds) {
      const found = await ratings
        .find({ meetingId: { $in: [...meetingIds] } }, { meetingId: 1, userId: 1, score: 1 })
        .lean();
      return found.map(({ meetingId, userId, score }) => ({
        meetingId: meetingId as MeetingId,
        userId: userId as UserId,
        score,
      }));
    },
  };
}

function idOf(meetingId: MeetingId, userId: UserId): string {
  return `${meetingId}/${userId}`;
}
