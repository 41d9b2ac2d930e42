// Prompts in MongoDB, with the seeds' fields and what explains each of them.
import mongoose from "mongoose";
import { meetingIdSchema, promptIdSchema } from "../../../shared/ids.ts";
import type { PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { PromptsRepository, StoredPrompt } from "./prompts.repository.ts";

type ObjectId = mongoose.Types.ObjectId;

interface PromptDocument extends Omit<StoredPrompt, "id" | "meetingId"> {
  _id: ObjectId;
  meetingId: ObjectId;
  /** Who answered last. */
  feedbackBy: ObjectId | null;
  updatedAt: Date;
}

const { ObjectId: ObjectIdType } = mongoose.Schema.Types;

// Beyond the seeds: reason and trigger are shown with the prompt, atMs, afterSequence and expiresAt place it in the call.
const promptSchema = new mongoose.Schema<PromptDocument>(
  {
    meetingId: { type: ObjectIdType, required: true },
    type: { type: String, required: true },
    content: { type: String, required: true },
    reason: { type: String, required: true },
    trigger: { type: String, required: true },
    tags: { type: [String], required: true },
    relevance: { type: Number, required: true },
    atMs: { type: Number, required: true },
    afterSequence: { type: Number, required: true },
    expiresAt: { type: Date, default: null },
    usedAt: { type: Date, default: null },
    feedback: { type: String, default: null },
    feedbackBy: { type: ObjectIdType, default: null },
    generatedBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "prompts", autoIndex: false, autoCreate: false, versionKey: false, strict: "throw" },
);
// What a coach has answered, in all their calls.
promptSchema.index({ feedbackBy: 1, createdAt: -1 });
promptSchema.index({ meetingId: 1, type: 1 });
promptSchema.index({ meetingId: 1, relevance: 1 });
// The list of a meeting: ids are made from the prompt's place in the transcript, so order is by time.
promptSchema.index({ meetingId: 1, createdAt: -1, _id: -1 });

export async function createPromptsRepository(connection: mongoose.Connection): Promise<PromptsRepository> {
  const model = connection.model<PromptDocument>("Prompt", promptSchema);
  await createIndexes(model);

  return {
    async insert({ id, ...prompt }) {
      try {
        await model.create({ _id: id, ...prompt, updatedAt: prompt.createdAt });
        return true;
      } catch (error) {
        if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return false;
        throw error;
      }
    },

    async page(meetingId, { limit, before }) {
      const last = before === null ? null : await model.findById(before, { createdAt: 1 }).lean();
      const beyond =
        last === null
          ? {}
          : {
              createdAt: { $lte: last.createdAt },
              $or: [{ createdAt: { $lt: last.createdAt } }, { _id: { $lt: last._id } }],
            };
      const found = await model
        .find({ meetingId, ...beyond })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<PromptDocument[]>();
      return found.map(toStored);
    },

    async setFeedback(meetingId, promptId, { feedback, by, usedAt, now }) {
      const prompt = await model
        .findOneAndUpdate(
          { _id: promptId, meetingId },
          // An answer can be corrected; when it was first used stays.
          {
            $set: {
              feedback,
              feedbackBy: new mongoose.Types.ObjectId(by),
              updatedAt: now,
              ...(usedAt === null ? {} : { usedAt }),
            },
          },
          { returnDocument: "after" },
        )
        .lean<PromptDocument>();
      return prompt === null ? null : toStored(prompt);
    },

    async answersOf(userId, { except, limit }) {
      const found = await model
        .find({ feedbackBy: userId }, { trigger: 1, feedback: 1, meetingId: 1 })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<Pick<PromptDocument, "trigger" | "feedback" | "meetingId">[]>();
      return found.flatMap(({ trigger, feedback, meetingId }) =>
        feedback === null || meetingId.toHexString() === except ? [] : [{ trigger, feedback }],
      );
    },
  };
}

function toStored(document: PromptDocument): StoredPrompt {
  const { _id, meetingId, updatedAt: _updatedAt, feedbackBy: _feedbackBy, ...fields } = document;
  return {
    ...fields,
    tags: [...fields.tags],
    feedback: fields.feedback as PromptFeedbackValue | null,
    id: promptIdSchema.parse(_id.toHexString()),
    meetingId: meetingIdSchema.parse(meetingId.toHexString()),
  };
}
