// Pure translations of a transcript chunk: from the journal, into pages of five-minute buckets, and out to readers.
import { createHash } from "node:crypto";
import { AppError } from "../../../shared/errors.ts";
import { userIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import type { AppendChunk, TranscriptChunk, TranscriptSource } from "../../../shared/schemas/transcripts.ts";
import type { JournalEntry, JournalInput, StreamId } from "../../platform/journal/index.ts";

/** A chunk as it is stored: `authorId` sent it, `speakerId` said it. */
export interface StoredChunk {
  sequence: number;
  authorId: UserId | null;
  speakerId: UserId;
  /** The label it came with, where `speakerId` stands for one. */
  speakerLabel?: string | undefined;
  text: string;
  confidence: number;
  startMs: number;
  endMs: number;
  clientKey: string;
  source: TranscriptSource;
  createdAt: Date;
}

/** Consecutive chunks of one five-minute bucket. */
export interface StoredPage {
  /** `<meetingId>_YYYYMMDDHHMM` of the arrival time in UTC, rounded down to five minutes. */
  timeBucket: string;
  sequence: number;
  lastSequence: number;
  /** Least start and greatest end of its chunks. */
  startMs: number;
  endMs: number;
  chunks: StoredChunk[];
}

export const transcriptStreamKind = "transcript";

/** Keeps a page below 5 MB with the longest texts, far from MongoDB's 16 MB. */
const pageMaxChunks = 300;
const bucketMinutes = 5;

export type ChunkPayload = Pick<
  StoredChunk,
  "speakerId" | "speakerLabel" | "text" | "confidence" | "startMs" | "endMs" | "clientKey" | "source"
>;

export function transcriptStream(meetingId: MeetingId): StreamId {
  return `${transcriptStreamKind}/${meetingId}`;
}

export function meetingOfStream(stream: StreamId): MeetingId {
  return stream.slice(stream.indexOf("/") + 1) as MeetingId;
}

/** Keys belong to their author: two people's clients may well count from the same number. */
export function chunkKey(authorId: UserId | null, clientKey: string): string {
  return `${authorId ?? ""}/${clientKey}`;
}

/** Names a label as if it were a person, so that whoever reads a transcript can tell its speakers apart by id. */
export function labelSpeakerId(meetingId: MeetingId, label: string): UserId {
  const digest = createHash("sha256").update(`speaker/${meetingId}/${label}`).digest("hex");
  return userIdSchema.parse(digest.slice(0, 24));
}

/** Throws VALIDATION_ERROR where nobody is named as the speaker, and no person sends who could be meant. */
export function toInput(meetingId: MeetingId, authorId: UserId | null, chunk: AppendChunk): JournalInput {
  const { speakerLabel } = chunk;
  const payload: ChunkPayload = {
    ...(speakerLabel === undefined
      ? { speakerId: chunk.speakerId ?? authorId ?? nobody() }
      : { speakerId: labelSpeakerId(meetingId, speakerLabel), speakerLabel }),
    text: chunk.text,
    confidence: chunk.confidence,
    startMs: chunk.startMs,
    endMs: chunk.endMs,
    clientKey: chunk.clientKey,
    source: chunk.source ?? (authorId === null ? "vendor" : "speech"),
  };
  return { key: chunkKey(authorId, chunk.clientKey), authorId, payload };
}

function nobody(): never {
  throw new AppError("VALIDATION_ERROR", "Name each chunk's speaker by speakerId or speakerLabel.");
}

export function fromEntry({ sequence, authorId, at, payload }: JournalEntry): StoredChunk {
  return { ...(payload as ChunkPayload), sequence, authorId, createdAt: at };
}

export function toEntry(
  stream: StreamId,
  { sequence, authorId, createdAt, ...chunk }: StoredChunk,
): JournalEntry {
  return {
    stream,
    sequence,
    key: chunkKey(authorId, chunk.clientKey),
    authorId,
    at: createdAt,
    payload: chunk satisfies ChunkPayload,
  };
}

export function toView({ authorId: _, createdAt, speakerLabel, ...chunk }: StoredChunk): TranscriptChunk {
  const labels = speakerLabel === undefined ? {} : { speakerLabel, sourceLabel: speakerLabel };
  return { ...chunk, ...labels, createdAt: createdAt.toISOString() };
}

export function toPages(meetingId: MeetingId, chunks: StoredChunk[]): StoredPage[] {
  const pages: StoredPage[] = [];
  for (const chunk of chunks) {
    const timeBucket = timeBucketOf(meetingId, chunk.createdAt);
    const page = pages.at(-1);
    if (page === undefined || page.timeBucket !== timeBucket || page.chunks.length >= pageMaxChunks) {
      pages.push({
        timeBucket,
        sequence: chunk.sequence,
        lastSequence: chunk.sequence,
        startMs: chunk.startMs,
        endMs: chunk.endMs,
        chunks: [chunk],
      });
    } else {
      page.chunks.push(chunk);
      page.lastSequence = chunk.sequence;
      page.startMs = Math.min(page.startMs, chunk.startMs);
      page.endMs = Math.max(page.endMs, chunk.endMs);
    }
  }
  return pages;
}

export function timeBucketOf(meetingId: MeetingId, at: Date): string {
  const bucketMs = bucketMinutes * 60_000;
  const start = new Date(Math.floor(at.getTime() / bucketMs) * bucketMs);
  return `${meetingId}_${start.toISOString().slice(0, 16).replace(/\D/g, "")}`;
}
