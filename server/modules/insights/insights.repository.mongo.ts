// Recaps, insights, action items and segments in MongoDB.
import mongoose from "mongoose";
import { meetingIdSchema, userIdSchema, type SegmentId } from "../../../shared/ids.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import {
  fromAction,
  fromInsight,
  fromSegment,
  hex,
  toAction,
  toInsight,
  toRecap,
  toSegment,
} from "./insights.documents.mongo.ts";
import {
  openInsightModels,
  type ActionDocument,
  type InsightDocument,
  type RecapDocument,
  type SegmentDocument,
} from "./insights.models.mongo.ts";
import type { InsightsRepository } from "./insights.repository.ts";

const { ObjectId } = mongoose.Types;

/** Segments of a long call are written in batches of this many, each a few hundred kilobytes. */
const batchSize = 200;

export async function createInsightsRepository(connection: mongoose.Connection): Promise<InsightsRepository> {
  const models = await openInsightModels(connection);
  const { segments, actions, insights, recaps } = models;

  async function putSegments(found: readonly Segment[], goneIds: readonly SegmentId[], now: Date) {
    const all = [
      ...found.map((segment) => ({
        updateOne: {
          filter: { _id: new ObjectId(segment.id) },
          update: { $set: { ...fromSegment(segment), updatedAt: now }, $setOnInsert: { createdAt: now } },
          upsert: true,
        },
      })),
      ...goneIds.map((id) => ({ deleteOne: { filter: { _id: new ObjectId(id) } } })),
    ];
    for (let from = 0; from < all.length; from += batchSize)
      await segments.bulkWrite(all.slice(from, from + batchSize));
  }

  return {
    async begin(meetingId, now) {
      await recaps.updateOne(
        { _id: meetingId },
        {
          $setOnInsert: {
            status: "waiting",
            problem: null,
            delivery: "not-sent",
            edition: 0,
            speakers: [],
            withheld: null,
            mode: null,
            revision: null,
            createdAt: now,
            updatedAt: now,
          },
        },
        { upsert: true },
      );
    },

    async recap(meetingId) {
      const recap = await recaps.findById(meetingId).lean<RecapDocument>();
      return recap === null ? null : toRecap(recap);
    },

    async setStatus(meetingId, { status, problem, now }) {
      await recaps.updateOne({ _id: meetingId }, { $set: { status, problem, updatedAt: now } });
    },

    async beginMaking(meetingId, { anew, now }) {
      const begun = { status: "processing", problem: null, updatedAt: now } as const;
      await recaps.updateOne(
        { _id: meetingId },
        anew
          ? { $set: { ...begun, withheld: null, delivery: "not-sent" }, $inc: { edition: 1 } }
          : { $set: begun },
      );
    },

    async setSpeakers(meetingId, speakers, now) {
      await recaps.updateOne(
        { _id: meetingId },
        { $set: { speakers: speakers.map((id) => new ObjectId(id)), updatedAt: now } },
      );
    },

    async setMade(meetingId, { withheld, mode, revision, now }) {
      await recaps.updateOne(
        { _id: meetingId },
        {
          $set: {
            status: "ready",
            problem: null,
            withheld: withheld.map((id) => new ObjectId(id)),
            mode,
            revision,
            updatedAt: now,
          },
        },
      );
    },

    async citedSpeakers(meetingId) {
      const [ofActions, ofInsights] = await Promise.all([
        actions.find({ meetingId }, { citations: 1 }).lean<ActionDocument[]>(),
        // Recaps of before links and recommendations were kept: whoever asks has those alone.
        insights.find({ meetingId }, { outcome: 1, summary: 1, decisions: 1 }).lean<InsightDocument[]>(),
      ]);
      const cited = [
        ...ofActions,
        ...ofInsights.flatMap(({ outcome, summary, decisions }) =>
          [outcome ?? [], summary, decisions].flat(),
        ),
      ];
      const speakers = cited.flatMap(({ citations }) => citations.map(({ speakerId }) => hex(speakerId)));
      return [...new Set(speakers)].map((speaker) => userIdSchema.parse(speaker));
    },

    async spokenIn(userId, { after, limit }) {
      const found = await recaps
        .find({ speakers: userId, ...(after === null ? {} : { _id: { $gt: after } }) }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      return found.map(({ _id }) => meetingIdSchema.parse(hex(_id)));
    },

    async moveDelivery(meetingId, { from, to, edition, now }) {
      const result = await recaps.updateOne(
        { _id: meetingId, delivery: from, ...(edition === undefined ? {} : { edition }) },
        { $set: { delivery: to, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    putSegments,

    async forgetReading(meetingId, now) {
      await segments.updateMany(
        { meetingId },
        { $set: { stretch: null, topics: [], keyTerms: [], sentiment: null, updatedAt: now } },
      );
    },

    async replaceSegments(meetingId, found, now) {
      await putSegments(found, [], now);
      const current = new Set<string>(found.map(({ id }) => id));
      const stored = await segments.find({ meetingId }, { _id: 1 }).lean();
      const stale = stored.filter(({ _id }) => !current.has(_id.toHexString())).map(({ _id }) => _id);
      if (stale.length > 0) await segments.deleteMany({ _id: { $in: stale } });
    },

    async segmentAt(meetingId, sequence) {
      const found = await segments
        .findOne({ meetingId, firstSequence: { $lte: sequence } })
        .sort({ firstSequence: -1 })
        .lean<SegmentDocument>();
      return found === null ? null : toSegment(found);
    },

    async segments(meetingId, { afterSequence, limit }) {
      const found = await segments
        .find({ meetingId, firstSequence: { $gt: afterSequence } })
        .sort({ firstSequence: 1 })
        .limit(limit)
        .lean<SegmentDocument[]>();
      return found.map(toSegment);
    },

    async replaceActions(meetingId, found, now) {
      if (found.length > 0) {
        await actions.bulkWrite(
          found.map(({ id, createdAt, ...action }, position) => ({
            updateOne: {
              filter: { _id: new ObjectId(id) },
              update: {
                $set: { ...fromAction(action), position, updatedAt: now },
                $setOnInsert: { done: false, doneBy: null, doneAt: null, createdAt },
              },
              upsert: true,
            },
          })),
        );
      }
      const current = new Set<string>(found.map(({ id }) => id));
      const stored = await actions.find({ meetingId }, { _id: 1 }).lean();
      const stale = stored.filter(({ _id }) => !current.has(_id.toHexString())).map(({ _id }) => _id);
      if (stale.length > 0) await actions.deleteMany({ _id: { $in: stale } });
    },

    async actions(meetingId) {
      const found = await actions.find({ meetingId }).sort({ position: 1 }).lean<ActionDocument[]>();
      return found.map(toAction);
    },

    async commitmentsOf(meetingIds) {
      const found = await actions
        .find(
          { meetingId: { $in: meetingIds.map((id) => new ObjectId(id)) } },
          { meetingId: 1, ownerId: 1, done: 1, doneAt: 1 },
        )
        .lean<ActionDocument[]>();
      return found.map(({ meetingId, ownerId, done, doneAt }) => ({
        meetingId: meetingIdSchema.parse(hex(meetingId)),
        ownerId: ownerId === null ? null : userIdSchema.parse(hex(ownerId)),
        doneAt: done ? doneAt : null,
      }));
    },

    async changeAction(meetingId, actionId, { done, movedTo, by, now }) {
      const action = await actions
        .findOneAndUpdate(
          { _id: actionId, meetingId },
          {
            $set: {
              ...(done === undefined
                ? {}
                : { done, doneBy: done ? new ObjectId(by) : null, doneAt: done ? now : null }),
              ...(movedTo === undefined ? {} : { movedTo }),
              updatedAt: now,
            },
          },
          { returnDocument: "after" },
        )
        .lean<ActionDocument>();
      return action === null ? null : toAction(action);
    },

    async showActionsTo(meetingId, userIds, now) {
      await actions.updateMany(
        { meetingId },
        { $set: { visibleTo: userIds.map((id) => new ObjectId(id)), updatedAt: now } },
      );
    },

    async openActions(userId, { of, limit }) {
      const found = await actions
        .find({
          visibleTo: userId,
          done: false,
          ...(of === undefined ? {} : { meetingId: { $in: [...of] } }),
        })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<ActionDocument[]>();
      return found.map(toAction);
    },

    async putInsight(insight, now) {
      const { id, createdAt, ...fields } = insight;
      await insights.updateOne(
        { _id: id },
        {
          $set: { ...fromInsight(fields), updatedAt: now },
          $setOnInsert: { mailId: null, createdAt },
        },
        { upsert: true },
      );
    },

    async insight(meetingId, userId) {
      const insight = await insights.findOne({ userId, meetingId }).lean<InsightDocument>();
      return insight === null ? null : toInsight(insight);
    },

    async setMail(meetingId, userId, mailId) {
      await insights.updateOne({ userId, meetingId }, { $set: { mailId: new ObjectId(mailId) } });
    },
  };
}
