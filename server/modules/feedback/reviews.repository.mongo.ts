// Reviews in MongoDB: one document a call and coach, of figures and places in the transcript, without a word of it.
import mongoose from "mongoose";
import { meetingIdSchema, userIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import { reviewFiguresSchema } from "../../../shared/schemas/reviews.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { ReviewsRepository, StoredReview } from "./reviews.repository.ts";

type ObjectId = mongoose.Types.ObjectId;
const { ObjectId } = mongoose.Types;

interface ReviewDocument extends Omit<StoredReview, "meetingId" | "userId" | "speakers" | "withheld"> {
  /** Meeting and coach. */
  _id: string;
  meetingId: ObjectId;
  userId: ObjectId;
  speakers: ObjectId[];
  withheld: ObjectId[];
}

const { ObjectId: ObjectIdType, Mixed } = mongoose.Schema.Types;

const reviewSchema = new mongoose.Schema<ReviewDocument>(
  {
    _id: { type: String, required: true },
    meetingId: { type: ObjectIdType, required: true },
    userId: { type: ObjectIdType, required: true },
    startedAt: { type: Date, required: true },
    rules: { type: String, required: true },
    speakers: { type: [ObjectIdType], required: true },
    withheld: { type: [ObjectIdType], required: true },
    lastSequence: { type: Number, required: true },
    revision: { type: Number, required: true },
    figures: { type: Mixed, default: null },
    problem: { type: String, default: null },
    madeAt: { type: Date, required: true },
  },
  { collection: "coachReviews", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
);
reviewSchema.index({ meetingId: 1 });
reviewSchema.index({ userId: 1, startedAt: -1 });
// By which reviews are found when somebody takes their consent back.
reviewSchema.index({ speakers: 1, meetingId: 1 });

export async function createReviewsRepository(connection: mongoose.Connection): Promise<ReviewsRepository> {
  const reviews = connection.model<ReviewDocument>("CoachReview", reviewSchema);
  await createIndexes(reviews);
  return {
    async find(meetingId, userId) {
      const found = await reviews.findById(idOf(meetingId, userId)).lean<ReviewDocument>();
      return found === null ? null : toStored(found);
    },

    async put({ meetingId, userId, speakers, withheld, ...fields }) {
      await reviews.updateOne(
        { _id: idOf(meetingId, userId) },
        {
          $set: {
            ...fields,
            meetingId: new ObjectId(meetingId),
            userId: new ObjectId(userId),
            speakers: speakers.map((id) => new ObjectId(id)),
            withheld: withheld.map((id) => new ObjectId(id)),
          },
        },
        { upsert: true },
      );
    },

    async hasAny(meetingId) {
      return (await reviews.findOne({ meetingId }, { _id: 1 }).lean()) !== null;
    },

    async newest(userId, limit) {
      const found = await reviews
        .find({ userId, problem: null })
        .sort({ startedAt: -1 })
        .limit(limit)
        .lean<ReviewDocument[]>();
      return found.map(toStored);
    },

    async spokenIn(userId, { after, limit }) {
      const beyond = after === null ? {} : { meetingId: { $gt: new ObjectId(after) } };
      const found = await reviews
        .find({ speakers: new ObjectId(userId), ...beyond }, { meetingId: 1 })
        .sort({ meetingId: 1 })
        .limit(limit)
        .lean<ReviewDocument[]>();
      const ids = found.map(({ meetingId }) => meetingIdSchema.parse(meetingId.toHexString()));
      return [...new Set(ids)];
    },
  };
}

function idOf(meetingId: MeetingId, userId: UserId): string {
  return `${meetingId}/${userId}`;
}

function toStored({ _id, meetingId, userId, speakers, withheld, figures, ...fields }: ReviewDocument) {
  return {
    ...fields,
    meetingId: meetingIdSchema.parse(meetingId.toHexString()),
    userId: userIdSchema.parse(userId.toHexString()),
    speakers: toUserIds(speakers),
    withheld: toUserIds(withheld),
    // What older rules made may have another shape: it is made anew then, by its `rules`.
    figures: reviewFiguresSchema.safeParse(figures).data ?? null,
  } satisfies StoredReview;
}

function toUserIds(ids: readonly ObjectId[]): UserId[] {
  return ids.map((id) => userIdSchema.parse(id.toHexString()));
}
