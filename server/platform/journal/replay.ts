// What a start finds in the journal, sorted by stream.
import type { Logger } from "../logger.ts";
import type { JournalEntry, StreamId } from "./index.ts";
import type { JournalDocument, JournalStore } from "./journal-store.ts";

export interface ReplayOptions {
  store: JournalStore;
  logger: Logger;
  /** Whether entries of such a stream can be materialised here. */
  knows(stream: StreamId): boolean;
  /** A document that holds entries, all of known kinds: it may be deleted once they are materialised. */
  found(document: JournalDocument): void;
  foundVoid(document: JournalDocument): void;
}

/** Entries of each stream in order of sequence; where a sequence stands twice, the earlier document counts. */
export async function readJournal(options: ReplayOptions): Promise<Map<StreamId, JournalEntry[]>> {
  const { store, logger, knows, found, foundVoid } = options;
  const streams = new Map<StreamId, Map<number, JournalEntry>>();
  for await (const documents of store.scan()) {
    for (const document of documents) {
      const known = document.entries.filter(({ stream }) => knows(stream));
      if (document.entries.length === 0) foundVoid(document);
      else if (known.length === document.entries.length) found(document);
      // Written by a newer version: the document stays in the journal for it.
      else logger.error({ documentId: document.id }, "journal holds entries of an unknown kind");
      for (const entry of known) {
        const bySequence = streams.get(entry.stream) ?? new Map<number, JournalEntry>();
        streams.set(entry.stream, bySequence);
        if (!bySequence.has(entry.sequence)) bySequence.set(entry.sequence, entry);
      }
    }
  }
  return new Map(
    [...streams].map(([stream, bySequence]) => [
      stream,
      [...bySequence.values()].sort((a, b) => a.sequence - b.sequence),
    ]),
  );
}
