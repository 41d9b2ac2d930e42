// Moves corrections from the journal into their collection.
import type { Materialiser } from "../../platform/journal/index.ts";
import { correctionEntry, correctionOfEntry, correctionStreamKind } from "./corrections.entries.ts";
import type { CorrectionsRepository } from "./corrections.repository.ts";
import { chunkKey, meetingOfStream } from "./transcripts.chunks.ts";

export function createCorrectionMaterialiser(repository: CorrectionsRepository): Materialiser {
  return {
    kind: correctionStreamKind,
    lastSequence: (stream) => repository.lastRevision(meetingOfStream(stream)),
    async findByKeys(stream, keys) {
      const wanted = new Set(keys);
      const clientKeys = new Set(keys.map((key) => key.slice(key.indexOf("/") + 1)));
      const found = await repository.findByClientKeys(meetingOfStream(stream), [...clientKeys]);
      return found
        .filter(({ authorId, clientKey }) => wanted.has(chunkKey(authorId, clientKey)))
        .map((correction) => correctionEntry(stream, correction));
    },
    async read(stream, fromSequence, limit) {
      const found = await repository.read(meetingOfStream(stream), fromSequence, limit);
      return found.map((correction) => correctionEntry(stream, correction));
    },
    async write(runs) {
      for (const { stream, entries } of runs)
        await repository.insert(meetingOfStream(stream), entries.map(correctionOfEntry));
    },
  };
}
