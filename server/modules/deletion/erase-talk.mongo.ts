// One person's words out of a meeting's transcript and chat: the lines stay, with their times and numbers, and say nothing.
import mongoose, { type Connection } from "mongoose";
import { erasedText } from "../../../shared/erased.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import { applyCorrections, type CorrectableLine } from "../../../shared/transcript/corrections.ts";
import { createChatEraser, erasedKey } from "./erase-chat.mongo.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface Chunk {
  sequence: number;
  authorId: ObjectId | null;
  speakerId: ObjectId;
  speakerLabel?: string;
  text: string;
  clientKey: string;
}

interface TranscriptPage {
  _id: ObjectId;
  meetingId: ObjectId;
  sequence: number;
  chunks: Chunk[];
}

interface StoredCorrection {
  _id: ObjectId;
  meetingId: ObjectId;
  revision: number;
  kind: Correction["kind"];
  sequence: number;
  text: string | null;
  speakerId: ObjectId | null;
  speakerLabel: string | null;
  fromSpeakerId: ObjectId | null;
  fromLabel: string | null;
  throughSequence: number | null;
  authorId: ObjectId;
  clientKey: string;
  createdAt: Date;
}

export interface TalkEraser {
  /** What has reached the collections; may be repeated. Answers whether the person had said or typed anything there. */
  erase(meetingId: MeetingId, userId: UserId): Promise<boolean>;
}

export function createTalkEraser(connection: Connection): TalkEraser {
  const database = connection.getClient().db(connection.name);
  const pages = database.collection<TranscriptPage>("transcripts");
  const corrections = database.collection<StoredCorrection>("transcriptCorrections");
  const eraseChat = createChatEraser(connection);

  async function eraseLines(meetingId: ObjectId, userId: UserId): Promise<boolean> {
    const stored = await corrections
      .find({ meetingId, revision: { $gte: 0 } })
      .sort({ revision: 1 })
      .toArray();
    const applied = stored.map(toCorrection);
    const texts = stored.filter(({ kind }) => kind === "text");
    let any = false;
    // Page by page: a long meeting's lines need not all be in memory.
    for await (const page of pages.find({ meetingId, sequence: { $gte: 0 } }).sort({ sequence: 1 })) {
      const lines = page.chunks.map(toLine);
      const shown = applyCorrections(lines, applied);
      // Their own lines alone, each in its place: somebody else may be erased from this page at the same time.
      const set: Record<string, string> = {};
      for (const [index, chunk] of page.chunks.entries()) {
        const theirs = shown[index]?.speakerId === userId;
        const typed = chunk.authorId?.toHexString() === userId;
        any ||= theirs || typed;
        if (theirs && chunk.text !== erasedText) set[`chunks.${index}.text`] = erasedText;
        const key = erasedKey(chunk.sequence);
        if (typed && chunk.clientKey !== key) set[`chunks.${index}.clientKey`] = key;
      }
      await eraseTexts(page.chunks, shown, texts, userId);
      if (Object.keys(set).length > 0) await pages.updateOne({ _id: page._id }, { $set: set });
    }
    for (const { _id, revision, authorId, clientKey } of stored) {
      if (authorId.toHexString() !== userId || clientKey === erasedKey(revision)) continue;
      await corrections.updateOne({ _id }, { $set: { clientKey: erasedKey(revision) } });
    }
    return any;
  }

  /** Corrected words of their lines, by whomever, and what they typed into the lines of others: those read as before it. */
  async function eraseTexts(
    chunks: Chunk[],
    shown: readonly CorrectableLine[],
    texts: StoredCorrection[],
    userId: UserId,
  ): Promise<void> {
    for (const [index, chunk] of chunks.entries()) {
      const theirs = shown[index]?.speakerId === userId;
      let before = theirs ? erasedText : chunk.text;
      for (const { _id, sequence, authorId, text } of texts) {
        if (sequence !== chunk.sequence) continue;
        const wanted: string = theirs || authorId.toHexString() === userId ? before : (text ?? before);
        // What was read of others' words may have been erased since: only the erased text replaces whatever is there.
        const read = wanted === erasedText ? {} : { text };
        if (wanted !== text) await corrections.updateOne({ _id, ...read }, { $set: { text: wanted } });
        before = wanted;
      }
    }
  }

  return {
    async erase(meetingId, userId) {
      const meeting = new ObjectId(meetingId);
      const spoke = await eraseLines(meeting, userId);
      const wrote = await eraseChat(meeting, new ObjectId(userId));
      return spoke || wrote;
    },
  };
}

function toLine({ sequence, speakerId, speakerLabel, text }: Chunk): CorrectableLine {
  const labels = speakerLabel === undefined ? {} : { speakerLabel, sourceLabel: speakerLabel };
  return { sequence, speakerId: speakerId.toHexString() as UserId, ...labels, text };
}

function toCorrection(stored: StoredCorrection): Correction {
  const idOf = (id: ObjectId | null) => (id === null ? null : (id.toHexString() as UserId));
  const { kind, revision, sequence, text, speakerLabel, fromLabel, throughSequence } = stored;
  const authorId = stored.authorId.toHexString() as UserId;
  const numbered = { revision, at: stored.createdAt.toISOString(), authorId };
  if (kind === "text") return { ...numbered, kind, sequence, text: text ?? "" };
  const speakerId = idOf(stored.speakerId);
  if (speakerId === null) throw new Error("a stored correction gives a line to nobody");
  if (kind === "line-speaker") return { ...numbered, kind, sequence, speakerId, speakerLabel };
  const fromSpeakerId = idOf(stored.fromSpeakerId);
  return { ...numbered, kind, fromSpeakerId, fromLabel, throughSequence, speakerId, speakerLabel };
}
