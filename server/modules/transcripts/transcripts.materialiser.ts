// Moves transcript chunks from the journal into their pages.
import type { Materialiser, StreamId } from "../../platform/journal/index.ts";
import {
  chunkKey,
  fromEntry,
  meetingOfStream,
  toEntry,
  toPages,
  transcriptStreamKind,
  type StoredChunk,
} from "./transcripts.chunks.ts";
import type { MeetingPage, TranscriptsRepository } from "./transcripts.repository.ts";

export function createTranscriptMaterialiser(repository: TranscriptsRepository): Materialiser {
  /** An earlier try had landed, wholly or in part: only what lies behind it is missing. */
  async function writeMissing(stream: StreamId, chunks: StoredChunk[]): Promise<void> {
    const last = await repository.lastSequence(meetingOfStream(stream));
    const missing = chunks.filter(({ sequence }) => sequence > last);
    if (!(await repository.insertPages(pagesOf(stream, missing))))
      throw new Error("two writers move the same transcript");
    // Who took over from this process has filed beyond these: its next page would begin within one of theirs.
    if (last > (chunks.at(-1)?.sequence ?? last))
      throw new Error("another process files the same transcript");
  }

  return {
    kind: transcriptStreamKind,
    lastSequence: (stream) => repository.lastSequence(meetingOfStream(stream)),
    async findByKeys(stream, keys) {
      const wanted = new Set(keys);
      const clientKeys = new Set(keys.map((key) => key.slice(key.indexOf("/") + 1)));
      const chunks = await repository.findByClientKeys(meetingOfStream(stream), [...clientKeys]);
      return chunks
        .filter((chunk) => wanted.has(chunkKey(chunk.authorId, chunk.clientKey)))
        .map((chunk) => toEntry(stream, chunk));
    },
    async listKeys(stream, limit) {
      const chunks = await repository.read(meetingOfStream(stream), 0, limit + 1);
      return chunks.length > limit ? null : chunks.map((chunk) => chunkKey(chunk.authorId, chunk.clientKey));
    },
    async read(stream, fromSequence, limit) {
      const chunks = await repository.read(meetingOfStream(stream), fromSequence, limit);
      return chunks.map((chunk) => toEntry(stream, chunk));
    },
    async write(runs) {
      const pages = runs.flatMap(({ stream, entries }) => pagesOf(stream, entries.map(fromEntry)));
      if (await repository.insertPages(pages)) return;
      for (const { stream, entries } of runs) await writeMissing(stream, entries.map(fromEntry));
    },
  };
}

function pagesOf(stream: StreamId, chunks: StoredChunk[]): MeetingPage[] {
  const meetingId = meetingOfStream(stream);
  return toPages(meetingId, chunks).map((page) => ({ meetingId, ...page }));
}
