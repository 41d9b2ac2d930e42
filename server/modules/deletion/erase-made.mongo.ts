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

interface Insight {
  _id: ObjectId;
  meetingId: ObjectId;
  userId: ObjectId;
  outcome: Cited | null;
  summary: Cited[];
  decisions: Cited[];
  actionItems: ObjectId[];
  recommendations: { citations: Cited["citations"] }[];
  links: { citation: Cited["citations"][number] }[];
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

  /** The topics that somebody else's words hold, too. */
  async function topicsLeft(meetingId: ObjectId, topics: readonly string[]): Promise<string[]> {
    const missing = new Set(topics);
    for await (const { chunks } of pages.find({ meetingId, sequence: { $gte: 0 } }).sort({ sequence: 1 })) {
      if (missing.size === 0) break;
      const said = chunks.map(({ text }) => text.toLowerCase()).join("\n");
      for (const topic of missing) if (said.includes(topic.toLowerCase())) missing.delete(topic);
    }
    return topics.filter((topic) => !missing.has(topic));
  }

  async function eraseSegments(meetingId: ObjectId, userId: ObjectId): Promise<void> {
    // Others' segments, too, are called by words that only this person may have said.
    const called = new Set<string>();
    for await (const { topics, keyTerms = [] } of segments.find({ meetingId }))
      for (const term of [...topics, ...keyTerms]) called.add(term);
    const left = new Set(await topicsLeft(meetingId, [...called]));
    for await (const segment of segments.find({ meetingId })) {
      const { _id, speakers, firstSequence, lastSequence } = segment;
      const topics = segment.topics.filter((topic) => left.has(topic));
      const keyTerms = (segment.keyTerms ?? []).filter((term) => left.has(term));
      if (!speakers.some((speaker) => speaker.equals(userId))) {
        await segments.updateOne({ _id }, { $set: { topics, keyTerms } });
        continue;
      }
      const lines = await linesBetween(meetingId, firstSequence, lastSequence);
      const text = lines.map((line) => line.text).join("\n") || erasedText;
      await segments.updateOne({ _id }, { $set: { text, topics, keyTerms, sentiment: null } });
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
      for await (const insight of insights.find({ meetingId: meeting })) {
        const { _id, outcome, summary, decisions, actionItems, recommendations, links, topics } = insight;
        await insights.updateOne(
          { _id },
          {
            $set: {
              outcome: outcome === null || isTheirs(outcome) ? null : outcome,
              summary: summary.filter((one) => !isTheirs(one)),
              decisions: decisions.filter((one) => !isTheirs(one)),
              actionItems: actionItems.filter((id) => !gone.some((other) => other.equals(id))),
              recommendations: recommendations.filter((one) => !isTheirs(one)),
              links: links.filter(({ citation }) => !isTheirs({ citations: [citation] })),
              topics: await topicsLeft(meeting, topics),
            },
          },
        );
      }
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
          $set: {
            topics: await topicsLeft(meeting, state.topics),
            speakingStats: state.speakingStats.filter(({ speakerId }) => speakerId !== person),
          },
        },
      );
    },
  };
}
