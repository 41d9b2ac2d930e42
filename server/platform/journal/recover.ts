// Brings home what a process that is gone has left in the journal: ends its term, reads it, and files its entries.
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { JournalEntry, Materialiser, StreamId } from "./index.ts";
import type { JournalLimits } from "./journal-limits.ts";
import type { JournalStore, Term } from "./journal-store.ts";
import { kindOf } from "./streams.ts";
import { timeBound } from "./time-bound.ts";

export interface RecoverOptions {
  store: JournalStore;
  clock: Clock;
  logger: Logger;
  limits: JournalLimits;
  materialisers: ReadonlyMap<string, Materialiser>;
  /** The term to be ended, and who ends it. */
  term: Term;
  by: Term;
  /** Told of the entries of each stream before they are filed, and of each stream that is done with. */
  found?(streams: ReadonlyMap<StreamId, JournalEntry[]>): void;
  filed?(stream: StreamId): void;
}

export interface Recovered {
  /** True where the journal holds nothing of the term any more: it may be forgotten. */
  complete: boolean;
  /** Streams whose entries could not be filed: nobody may write to them before another try has succeeded. */
  left: StreamId[];
}

/**
 * What was durable under the term is in the collections afterwards, except for the streams in `left`. Any process may do
 * this, several at once too, and again after a crash at any point: materialisers are idempotent, and a document is removed
 * only when all of it is contained. Rejects where the store does not answer.
 */
export async function recoverTerm(options: RecoverOptions): Promise<Recovered> {
  const { store, clock, logger, limits, term, by } = options;
  await timeBound(clock, limits.readTimeoutMs, store.fence(term, { by, at: clock.now() }));
  const { streams, documents, unknown } = await read(options);
  options.found?.(streams);
  const left = new Set<StreamId>();
  const queue = streams.entries();
  const worker = async () => {
    for (const [stream, entries] of queue) {
      try {
        await file(options, stream, entries);
        options.filed?.(stream);
      } catch (error) {
        left.add(stream);
        const fields = { term, stream, entries: entries.length, error: error as Error };
        logger.error(fields, "journal of an ended term could not be materialised");
      }
    }
  };
  await Promise.all(Array.from({ length: limits.materialiseConcurrency }, worker));
  const complete = left.size === 0 && !unknown;
  // Void documents keep late writes out as long as somebody may still read the term.
  const removable = [...documents].filter(([, held]) =>
    held.every((stream) => stream !== null && !left.has(stream)),
  );
  const ids = removable.filter(([, held]) => complete || held.length > 0).map(([id]) => id);
  for (let start = 0; start < ids.length; start += limits.removeAtOnce) {
    const some = ids.slice(start, start + limits.removeAtOnce);
    await timeBound(clock, limits.readTimeoutMs, store.remove(some));
  }
  if (streams.size > 0) logger.info({ term, streams: streams.size, left: left.size }, "journal replayed");
  return { complete, left: [...left] };
}

interface Found {
  /** In order of sequence. */
  streams: Map<StreamId, JournalEntry[]>;
  /** The streams in each document; null for one that is unknown here. */
  documents: Map<string, (StreamId | null)[]>;
  unknown: boolean;
}

async function read(options: RecoverOptions): Promise<Found> {
  const { store, clock, limits, logger, materialisers, term } = options;
  const streams = new Map<StreamId, JournalEntry[]>();
  const documents = new Map<string, (StreamId | null)[]>();
  let unknown = false;
  const pages = store.scan(term)[Symbol.asyncIterator]();
  for (;;) {
    // A scan that is not answered must not hold up the meetings for ever: whoever waits tries again.
    const { done, value: page } = await timeBound(clock, limits.readTimeoutMs, pages.next());
    if (done === true) break;
    for (const { id, entries } of page) {
      const held = new Set<StreamId | null>();
      for (const entry of entries) {
        const known = materialisers.has(kindOf(entry.stream));
        held.add(known ? entry.stream : null);
        if (!known) continue;
        const found = streams.get(entry.stream);
        if (found === undefined) streams.set(entry.stream, [entry]);
        else found.push(entry);
      }
      if (held.has(null)) {
        // Written by a newer version: the document stays in the journal for it.
        unknown = true;
        logger.error({ documentId: id }, "journal holds entries of an unknown kind");
      }
      documents.set(id, [...held]);
    }
  }
  for (const entries of streams.values()) entries.sort((a, b) => a.sequence - b.sequence);
  return { streams, documents, unknown };
}

/** The collection's end is read after the journal: its owner may have gone on filing and trimming until it was ended. */
async function file(options: RecoverOptions, stream: StreamId, entries: JournalEntry[]): Promise<void> {
  const materialiser = options.materialisers.get(kindOf(stream));
  if (materialiser === undefined) throw new Error(`no materialiser is registered for ${stream}`);
  const last = await materialiser.lastSequence(stream);
  const missing: JournalEntry[] = [];
  let gap = false;
  for (const entry of entries) {
    const end = missing.at(-1)?.sequence ?? last;
    if (entry.sequence <= end) continue;
    gap = entry.sequence !== end + 1;
    if (gap) break;
    missing.push(entry);
  }
  if (missing.length > 0) await materialiser.write([{ stream, entries: missing }]);
  if (gap) throw new Error("the journal has a gap");
}
