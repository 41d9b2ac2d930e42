// The journal: one durable, ordered, exactly-once write path for everything that arrives live.
import type { UserId } from "../../../shared/ids.ts";

/** `notes/<meetingId>/<layer>`, `transcript/<meetingId>` or `chat/<meetingId>`. */
export type StreamId = string;

export interface JournalEntry {
  stream: StreamId;
  /** 1, 2, 3 … within the stream, without gaps. */
  sequence: number;
  /** Unique within the stream: a repeated key keeps its first entry. Null where repeats are harmless. */
  key: string | null;
  authorId: UserId | null;
  at: Date;
  /** Bytes for notes; a BSON-storable object for the rest. */
  payload: unknown;
  /** As it was given to `append`, while the entry is new: it is not stored. */
  origin?: string;
}

export interface JournalInput {
  key: string | null;
  authorId: UserId | null;
  payload: unknown;
  /** Passed on to those who follow the stream, so that they can leave out whom it came from. */
  origin?: string;
  /**
   * Called in the turn in which this process's own journal takes the entry as a new one: what is appended to the stream
   * from then on becomes durable after it, or not at all. Not called where another process's journal takes it.
   */
  taken?(): void;
}

export interface AppendedEntry {
  entry: JournalEntry;
  /** True where the key had been there before: `entry` is then the first one. */
  repeated: boolean;
}

/** Consecutive entries of one stream, in order. */
export interface StreamRun {
  stream: StreamId;
  entries: JournalEntry[];
}

/** Moves entries of one kind of stream into the collection that readers use. */
export interface Materialiser {
  /** The part of a stream's id before the first slash. */
  kind: string;
  /** Highest sequence contained in the materialised collection; 0 for none. */
  lastSequence(stream: StreamId): Promise<number>;
  /** Which of these keys are already materialised, with their entries. */
  findByKeys(stream: StreamId, keys: string[]): Promise<JournalEntry[]>;
  /** Every key of the stream, or null where there are more than `limit`; without it each new key is looked up. */
  listKeys?(stream: StreamId, limit: number): Promise<string[] | null>;
  /** Materialised entries with `sequence >= fromSequence`, in order; at least one where there is one, about `limit` at most. */
  read(stream: StreamId, fromSequence: number, limit: number): Promise<JournalEntry[]>;
  /**
   * Takes a run of each of several streams, as one command for all of them costs the store little more than one for each.
   * Must be idempotent: after a crash the same entries come again, and two processes may bring them at once. Where it
   * rejects, any part may have been written; the journal then brings each run by itself.
   */
  write(runs: StreamRun[]): Promise<void>;
}

export interface StreamFollow {
  /** The highest sequence that was delivered. */
  readonly sequence: number;
  /** Nothing is delivered any more. */
  close(): void;
}

/** Fan-out: hears of durable entries, in whichever process they were appended. */
export interface StreamFollowers {
  /**
   * Delivers every durable entry with a sequence above `afterSequence`, each once and in order: new ones in the turn in
   * which they become durable, before `append` resolves; what was there before, or got lost between processes, as soon as
   * it has been read. `deliver` is never called before `follow` has returned, must be quick, and harms nobody by throwing.
   */
  follow(
    stream: StreamId,
    options: { afterSequence: number; deliver(entries: JournalEntry[]): void },
  ): StreamFollow;
}

export interface Journal {
  register(materialiser: Materialiser): void;
  /** Replays what a crash left unmaterialised; before anything is appended. */
  start(): Promise<void>;
  /**
   * Resolves after all entries are durable (group commit). Rejects with UNAVAILABLE when buffers are full or the store
   * cannot be written to, SHUTTING_DOWN after `stop`. Calls on one stream get their sequences in the order of the calls,
   * and their promises resolve in the order of the sequences.
   */
  append(stream: StreamId, inputs: JournalInput[]): Promise<AppendedEntry[]>;
  /**
   * Durable entries with `sequence >= fromSequence` that may not be materialised yet, in order. A reader takes the tail
   * first and the collection afterwards: the other way round, entries that move in between would be missed.
   */
  tail(stream: StreamId, fromSequence: number): Promise<JournalEntry[]>;
  /** Highest durable sequence of the stream. */
  lastSequence(stream: StreamId): Promise<number>;
  /** Moves everything durable of the stream (or of all streams) into its collection now. */
  materialise(stream?: StreamId): Promise<void>;
  /**
   * Begins a new document where this process's newest one holds entries, and removes everything that is contained in the
   * collections: of what was materialised nothing is left in the journal here.
   */
  rollOver(): Promise<void>;
  stop(): Promise<void>;
}
