// Moves transcript chunks from the journal into their pages.
import type { Materialiser } from "../../platform/journal/index.ts";
import {
  chunkKey,
  fromEntry,
  meetingOfStream,
  toEntry,
  toPages,
  transcriptStreamKind,
} from "./transcripts.chunks.ts";
import type { TranscriptsRepository } from "./transcripts.repository.ts";

export function createTranscriptMaterialiser(repository: TranscriptsRepository): Materialiser {
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
    async write(stream, entries) {
      const meetingId = meetingOfStream(stream);
      const chunks = entries.map(fromEntry);
      if (await repository.insertPages(meetingId, toPages(meetingId, chunks))) return;
      // An earlier try had landed, wholly or in part: only what lies behind it is missing.
      const last = await repository.lastSequence(meetingId);
      const missing = chunks.filter((chunk) => chunk.sequence > last);
      if (missing.length === 0) return;
      if (!(await repository.insertPages(meetingId, toPages(meetingId, missing))))
        throw new Error("two writers move the same transcript");
    },
  };
}
