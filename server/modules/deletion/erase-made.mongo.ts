// What was made of a meeting's talk, without one person's words: recaps, action items, segments, prompts, reviews and topics.
import mongoose, { type Connection } from "mongoose";
import { erasedText } from "../../../shared/erased.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface Cited {
  text: string;
  citations: { speakerId: ObjectId }[];
}

/** As the driver's types take conditions on them. */
type Parts = Record<string, unknown>[];

interface Insight {
  meetingId: ObjectId;
  userId: ObjectId;
  outcome: Cited | null;
  summary: Parts;
  decisions: Parts;
  actionItems: Parts;
  recommendations: Parts;
  links: Parts;
  topics: string[];
}

interface Action extends Cited {
  _id: ObjectId;
  meetingId: ObjectId;
  ownerId: ObjectId | null;
  visibleTo: ObjectId[];
}

interface Segment {
  _id: ObjectId;
  meetingId: ObjectId;
  speakers: ObjectId[];
  firstSequence: number;
  lastSequence: number;
  text: string;
  topics: string[];
  keyTerms?: string[];
  sentiment: number | null;
}

interface Page {
  meetingId: ObjectId;
  sequence: number;
  lastSequence: number;
  chunks: { sequence: number; speakerId: ObjectId; text: string }[];
}

export interface MadeEraser {
  /** After the lines: what is left of a segment or a topic is told by them. May be repeated. */
  erase(meetingId: MeetingId, userId: UserId): Promise<void>;
}

export function createMadeEraser(connection: Connection): MadeEraser {
  const database = connection.getClient().db(connection.name);
  const insights = database.collection<Insight>("insights");
  const actions = database.collection<Action>("actionItems");
  const segments = database.collection<Segment>("transcriptSegments");
  const pages = database.collection<Page>("transcripts");
  const prompts = database.collection<{ meetingId: ObjectId }>("prompts");
  const reviews = database.collection<{ meetingId: ObjectId; speakers: ObjectId[] }>("coachReviews");
  const embeddings = database.collection<{ meetingId: string; updatedAt: Date }>("embeddings");
  const answers = database.collection<{ meetingId: string }>("aiAnswers");
  const states = database.collection<{
    meetingId: ObjectId;
    topics: string[];
    speakingStats: { speakerId: string }[];
  }>("meetingState");

  async function linesBetween(meetingId: ObjectId, first: number, last: number): Promise<Page["chunks"]> {
    const found = await pages
      .find({ meetingId, sequence: { $lte: last } })
      .sort({ sequence: -1 })
      .toArray();
    return found
      .flatMap(({ chunks }) => chunks)
      .filter(({ sequence }) => sequence >= first && sequence <= last)
      .sort((one, other) => one.sequence - other.sequence);
  }

  /** The topics that nobody else's words hold. */
  async function topicsLost(meetingId: ObjectId, topics: readonly string[]): Promise<string[]> {
    const missing = new Set(topics);
    for await (const { chunks } of pages.find({ meetingId, sequence: { $gte: 0 } }).sort({ sequence: 1 })) {
      if (missing.size === 0) break;
      const said = chunks.map(({ text }) => text.toLowerCase()).join("\n");
      for (const topic of missing) if (said.includes(topic.toLowerCase())) missing.delete(topic);
    }
    return [...missing];
  }

  async function eraseSegments(meetingId: ObjectId, userId: ObjectId): Promise<void> {
    // Others' segments, too, are called by words that only this person may have said.
    const called = new Set<string>();
    for await (const { topics, keyTerms = [] } of segments.find({ meetingId }))
      for (const term of [...topics, ...keyTerms]) called.add(term);
    const lost = await topicsLost(meetingId, [...called]);
    await segments.updateMany({ meetingId }, { $pull: { topics: { $in: lost }, keyTerms: { $in: lost } } });
    for await (const segment of segments.find({ meetingId, speakers: userId }))
      await eraseSegment(meetingId, segment);
  }

  /** Over the words it was read with: somebody else may be erased from it at the same time. */
  async function eraseSegment(meetingId: ObjectId, segment: Segment): Promise<void> {
    const { _id, firstSequence, lastSequence } = segment;
    for (let before: Segment | null = segment; before !== null; before = await segments.findOne({ _id })) {
      const lines = await linesBetween(meetingId, firstSequence, lastSequence);
      const text = lines.map((line) => line.text).join("\n") || erasedText;
      const { matchedCount } = await segments.updateOne(
        { _id, text: before.text },
        { $set: { text, sentiment: null } },
      );
      if (matchedCount === 1) return;
    }
  }

  async function eraseActions(
    meetingId: ObjectId,
    isTheirs: (cited: Pick<Cited, "citations">) => boolean,
    userId: ObjectId,
  ) {
    const gone: ObjectId[] = [];
    for await (const action of actions.find({ meetingId })) {
      const { _id } = action;
      if (isTheirs(action) || action.ownerId?.equals(userId) === true) gone.push(_id);
      else await actions.updateOne({ _id }, { $pull: { visibleTo: userId } });
    }
    await actions.deleteMany({ _id: { $in: gone } });
    return gone;
  }

  return {
    async erase(meetingId, person) {
      const meeting = new ObjectId(meetingId);
      const userId = new ObjectId(person);
      const isTheirs = ({ citations }: Pick<Cited, "citations">) =>
        citations.some(({ speakerId }) => speakerId.equals(userId));
      await insights.deleteOne({ userId, meetingId: meeting });
      await eraseSegments(meeting, userId);
      const gone = await eraseActions(meeting, isTheirs, userId);
      // In the store, and each part by itself: somebody else may be erased from it at the same time.
      const theirs = { "citations.speakerId": userId };
      const called = await insights.distinct("topics", { meetingId: meeting });
      const lost = await topicsLost(meeting, called);
      await insights.updateMany(
        { meetingId: meeting, "outcome.citations.speakerId": userId },
        { $set: { outcome: null } },
      );
      await insights.updateMany(
        { meetingId: meeting },
        {
          $pull: {
            summary: theirs,
            decisions: theirs,
            recommendations: theirs,
            links: { "citation.speakerId": userId },
            actionItems: { $in: gone },
            topics: { $in: lost },
          },
        },
      );
      // A prompt is made of the last minutes' talk, whoever spoke, and serves its moment only.
      await prompts.deleteMany({ meetingId: meeting });
      // Emptied of the person at once, and made anew from what is left of the lines.
      await reviews.updateMany(
        { meetingId: meeting, speakers: userId },
        { $set: { figures: null }, $pull: { speakers: userId, withheld: userId } },
      );
      await answers.deleteMany({ meetingId });
      // Not the documents: by them an index elsewhere, and other processes, learn that they are gone.
      await embeddings.updateMany(
        { meetingId },
        { $set: { sourceType: "deleted", vector: null, metadata: {} }, $currentDate: { updatedAt: true } },
      );
      const state = await states.findOne({ meetingId: meeting });
      if (state === null) return;
      await states.updateOne(
        { meetingId: meeting },
        {
          $pull: {
            topics: { $in: await topicsLost(meeting, state.topics) },
            speakingStats: { speakerId: person },
          },
        },
      );
    },
  };
}
