// The journal put together: admission, order within a stream, repeated keys, replay, housekeeping and stop.
import type { Connection } from "mongoose";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../clock.ts";
import type { IdSource } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { Committer } from "./committer.ts";
import type { AppendedEntry, Journal, JournalEntry, JournalInput, Materialiser, StreamId } from "./index.ts";
import { journalLimits, type JournalLimits } from "./journal-limits.ts";
import { createJournalMeters, type JournalMeters } from "./journal-meters.ts";
import type { JournalDocument, JournalStore } from "./journal-store.ts";
import { createMongoJournalStore } from "./journal-store.mongo.ts";
import { Materialising } from "./materialising.ts";
import { readJournal } from "./replay.ts";
import { AppendCall, type Slot } from "./slot.ts";
import { SeenKeys, StreamState } from "./stream-state.ts";
import { boundMaterialiser, timeBound } from "./time-bound.ts";

export interface JournalOptions {
  connection: Connection;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
}

/** The journal on its MongoDB collection. */
export async function createJournal({ connection, ...options }: JournalOptions): Promise<Journal> {
  return createJournalOn({ ...options, store: await createMongoJournalStore(connection) });
}

export interface JournalOnStoreOptions extends Omit<JournalOptions, "connection"> {
  store: JournalStore;
  /** Term of the owner, written into each document. */
  epoch?: number;
  limits?: Partial<JournalLimits>;
}

/** The journal on any store. */
export function createJournalOn(options: JournalOnStoreOptions): Journal {
  return new StoreJournal(options);
}

interface Sized {
  input: JournalInput;
  bytes: number;
}

// Names and numbers around each entry in the stored document, beyond payload, key and stream.
const entryOverheadBytes = 100;

class StoreJournal implements Journal {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #store: JournalStore;
  readonly #limits: JournalLimits;
  readonly #meters: JournalMeters;
  readonly #committer: Committer;
  readonly #materialising: Materialising;
  readonly #materialisers = new Map<string, Materialiser>();
  readonly #streams = new Map<StreamId, StreamState>();
  readonly #loading = new Map<StreamId, Promise<StreamState>>();
  /** Calls that had to ask the store first; later calls on the same stream line up behind them. */
  readonly #lines = new Map<StreamId, Promise<void>>();
  #phase: "new" | "open" | "stopped" = "new";
  #closed = false;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  #cancelTick: () => void = () => undefined;
  #ticking: Promise<void> = Promise.resolve();

  constructor({ clock, ids, logger, metrics, store, epoch = 1, limits }: JournalOnStoreOptions) {
    this.#clock = clock;
    this.#logger = logger;
    this.#store = store;
    this.#limits = { ...journalLimits, ...limits };
    this.#meters = createJournalMeters(metrics);
    this.#materialising = new Materialising({
      store,
      clock,
      logger,
      limits: this.#limits,
      streams: this.#streams,
    });
    this.#committer = new Committer({
      store,
      clock,
      logger,
      limits: this.#limits,
      newDocumentId: () => ids.objectId(),
      node: ids.uuid(),
      epoch,
      landed: (document, bytes, states) => this.#landed(document, bytes, states),
      voided: (documentId) => this.#materialising.trackVoid(documentId, clock.now().getTime()),
      observe: (flush) => this.#meters.flushed(flush),
    });
  }

  register(materialiser: Materialiser): void {
    if (this.#phase !== "new") throw new Error("materialisers are registered before the journal starts");
    if (this.#materialisers.has(materialiser.kind))
      throw new Error(`the journal knows two materialisers for ${materialiser.kind}`);
    this.#materialisers.set(materialiser.kind, boundMaterialiser(this.#clock, this.#limits, materialiser));
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  append(stream: StreamId, inputs: JournalInput[]): Promise<AppendedEntry[]> {
    const call = new AppendCall(inputs.length);
    if (inputs.length === 0) return call.promise;
    try {
      const sized = this.#admit(stream, inputs);
      const state = this.#streams.get(stream);
      const inLine = this.#lines.has(stream);
      if (state !== undefined && !inLine && this.#keysToLookUp(state, inputs).length === 0) {
        this.#enqueue(state, sized, call, new Map());
      } else {
        this.#lineUp(stream, sized, call);
      }
    } catch (error) {
      call.fail(error instanceof Error ? error : new Error("append failed", { cause: error }));
    }
    return call.promise;
  }

  async tail(stream: StreamId, fromSequence: number): Promise<JournalEntry[]> {
    return this.#streams.get(stream)?.tail.filter((entry) => entry.sequence >= fromSequence) ?? [];
  }

  async lastSequence(stream: StreamId): Promise<number> {
    const state = this.#streams.get(stream);
    // A stream that is not in memory is materialised to its end.
    return state === undefined ? this.#materialiserOf(stream).lastSequence(stream) : state.durable;
  }

  async materialise(stream?: StreamId): Promise<void> {
    if (stream === undefined) {
      await this.#materialising.moveAll();
      await this.#materialising.trim();
      return;
    }
    const state = this.#streams.get(stream);
    if (state !== undefined) await this.#materialising.move(state);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const found = await readJournal({
      store: this.#store,
      logger: this.#logger,
      knows: (stream) => this.#materialisers.has(kindOf(stream)),
      found: (document) => this.#materialising.track(document, 0),
      foundVoid: ({ id, at }) => this.#materialising.trackVoid(id, at.getTime()),
    });
    for (const [stream, entries] of found) await this.#restore(stream, entries);
    await this.#materialising.moveAllOrRetryLater();
    await this.#materialising.trim();
    this.#phase = "open";
    if (found.size > 0) this.#logger.info({ streams: found.size }, "journal replayed");
    this.#scheduleTick();
  }

  async #restore(stream: StreamId, entries: JournalEntry[]): Promise<void> {
    const state = await this.#load(stream);
    for (const entry of entries) {
      if (entry.sequence <= state.materialised) continue;
      if (entry.sequence !== state.durable + 1) {
        this.#logger.error({ stream, after: state.durable, next: entry.sequence }, "journal has a gap");
      }
      const bytes = this.#bytesOf(stream, entry);
      state.land(entry, bytes);
      this.#materialising.hold(bytes);
      if (entry.key !== null) state.seen.add(entry.key);
    }
  }

  #landed(document: JournalDocument, bytes: number, states: Set<StreamState>): void {
    this.#materialising.track(document, bytes);
    for (const state of states) {
      const due =
        state.tail.length >= this.#limits.materialiseAfterEntries &&
        state.retryAtMs <= this.#clock.monotonicMs() &&
        state.moving === null;
      if (due) void this.#materialising.moveOrRetryLater(state);
    }
  }

  #admit(stream: StreamId, inputs: JournalInput[]): Sized[] {
    if (this.#phase === "stopped" || this.#stopping !== null) throw shuttingDown();
    if (this.#phase === "new")
      throw new AppError("UNAVAILABLE", "The server is still starting. Please try again in a moment.");
    this.#materialiserOf(stream);
    const tailBytes = this.#streams.get(stream)?.tailBytes ?? 0;
    if (
      tailBytes > this.#limits.streamTailMaxBytes ||
      this.#materialising.tailBytes > this.#limits.tailMaxBytes
    ) {
      throw new AppError("UNAVAILABLE", "Too much is waiting to be filed. Please try again in a moment.", {
        retryAfterSeconds: 5,
      });
    }
    const sized = inputs.map((input) => ({ input, bytes: this.#bytesOf(stream, input) }));
    const largest = Math.max(...sized.map(({ bytes }) => bytes));
    if (largest > this.#limits.flushMaxBytes) {
      throw new AppError("PAYLOAD_TOO_LARGE", "This is too large to be saved in one piece.", {
        details: { maxBytes: this.#limits.flushMaxBytes },
      });
    }
    this.#committer.reserve(sized.length, totalBytes(sized));
    return sized;
  }

  #bytesOf(stream: StreamId, { key, payload }: { key: string | null; payload: unknown }): number {
    return this.#store.sizeOf(payload) + stream.length + (key?.length ?? 0) * 3 + entryOverheadBytes;
  }

  #keysToLookUp(state: StreamState, inputs: JournalInput[]): string[] {
    const keys: string[] = [];
    for (const { key } of inputs) {
      if (key === null || state.pending.has(key) || state.tailKeys.has(key)) continue;
      if (!state.seen.isNew(key)) keys.push(key);
    }
    return keys;
  }

  #lineUp(stream: StreamId, sized: Sized[], call: AppendCall): void {
    const before = this.#lines.get(stream) ?? Promise.resolve();
    const turn = before.then(async () => {
      try {
        const state = await this.#load(stream);
        const known = await this.#lookUp(
          state,
          sized.map(({ input }) => input),
        );
        if (this.#closed) throw shuttingDown();
        this.#enqueue(state, sized, call, known);
      } catch (error) {
        this.#committer.release(sized.length, totalBytes(sized));
        call.fail(
          error instanceof AppError
            ? error
            : new AppError("UNAVAILABLE", "This could not be saved just now. Please try again.", {
                cause: error,
                retryAfterSeconds: 2,
              }),
        );
      }
    });
    this.#lines.set(stream, turn);
    void turn.then(() => {
      if (this.#lines.get(stream) === turn) this.#lines.delete(stream);
    });
  }

  /**
   * Entries in the collection that carry a key of these inputs. A key that was on its way when first looked at may have
   * moved on into the collection meanwhile, so it asks until no key is open.
   */
  async #lookUp(state: StreamState, inputs: JournalInput[]): Promise<Map<string, JournalEntry>> {
    const known = new Map<string, JournalEntry>();
    const asked = new Set<string>();
    for (;;) {
      const keys = [...new Set(this.#keysToLookUp(state, inputs))].filter((key) => !asked.has(key));
      if (keys.length === 0) return known;
      for (const entry of await state.materialiser.findByKeys(state.id, keys)) {
        if (entry.key !== null) known.set(entry.key, entry);
      }
      for (const key of keys) asked.add(key);
    }
  }

  /** Synchronous from here on: the order of these calls is the order of the sequences. */
  #enqueue(state: StreamState, sized: Sized[], call: AppendCall, known: Map<string, JournalEntry>): void {
    state.touchedAtMs = this.#clock.monotonicMs();
    const at = this.#clock.now();
    for (const [index, { input, bytes }] of sized.entries()) {
      const { key } = input;
      const pending = key === null ? undefined : state.pending.get(key);
      const durable = key === null ? undefined : (state.tailKeys.get(key) ?? known.get(key));
      if (key === null || (pending === undefined && durable === undefined)) {
        const slot: Slot = { state, input, at, bytes, waiters: [{ call, index, repeated: false }] };
        this.#committer.enqueue(slot);
        continue;
      }
      this.#committer.release(1, bytes);
      if (pending !== undefined) pending.waiters.push({ call, index, repeated: true });
      else if (durable !== undefined) call.fill(index, { entry: durable, repeated: !state.takeUntold(key) });
    }
  }

  #load(stream: StreamId): Promise<StreamState> {
    const state = this.#streams.get(stream);
    if (state !== undefined) return Promise.resolve(state);
    const loading = this.#loading.get(stream) ?? this.#loadFromStore(stream);
    this.#loading.set(stream, loading);
    return loading;
  }

  async #loadFromStore(stream: StreamId): Promise<StreamState> {
    try {
      const materialiser = this.#materialiserOf(stream);
      const materialised = await materialiser.lastSequence(stream);
      const max = this.#limits.seenKeysMax;
      const keys = materialised === 0 ? [] : ((await materialiser.listKeys?.(stream, max)) ?? null);
      const seen = new SeenKeys({ complete: keys !== null, max });
      for (const key of keys ?? []) seen.add(key);
      const state = new StreamState({
        id: stream,
        materialiser,
        materialised,
        seen,
        nowMs: this.#clock.monotonicMs(),
      });
      this.#streams.set(stream, state);
      return state;
    } finally {
      this.#loading.delete(stream);
    }
  }

  #materialiserOf(stream: StreamId): Materialiser {
    const materialiser = this.#materialisers.get(kindOf(stream));
    if (materialiser === undefined)
      throw new Error(`no materialiser is registered for streams of kind ${kindOf(stream)}`);
    return materialiser;
  }

  #scheduleTick(): void {
    if (this.#phase !== "open") return;
    this.#cancelTick = this.#clock.schedule(this.#limits.materialiseEveryMs, () => {
      this.#ticking = this.#tick().finally(() => this.#scheduleTick());
    });
  }

  async #tick(): Promise<void> {
    try {
      await this.#materialising.moveDue(this.#clock.monotonicMs());
      await this.#materialising.trim();
    } catch (error) {
      this.#logger.error({ error: error as Error }, "journal could not be trimmed");
    }
    this.#evict();
    this.#meters.gauges({
      ...this.#committer.held,
      tailBytes: this.#materialising.tailBytes,
      streams: this.#streams.size,
      documents: this.#materialising.documents,
    });
  }

  #evict(): void {
    const idleSinceMs = this.#clock.monotonicMs() - this.#limits.evictIdleMs;
    for (const [id, state] of this.#streams) {
      if (state.idle && state.touchedAtMs <= idleSinceMs && !this.#lines.has(id)) this.#streams.delete(id);
    }
  }

  async #stop(): Promise<void> {
    const wasOpen = this.#phase === "open";
    this.#phase = "stopped";
    this.#cancelTick();
    if (!wasOpen) return;
    const lines = Promise.all(this.#lines.values());
    // Who still waits for a look-up then is told that the server goes.
    await timeBound(this.#clock, this.#limits.stopMoveMs, lines).catch(() => undefined);
    this.#closed = true;
    await this.#committer.drain();
    try {
      const moved = this.#ticking.then(() => this.materialise());
      await timeBound(this.#clock, this.#limits.stopMoveMs, moved);
    } catch (error) {
      // Nothing is lost: the journal still holds it, and the next start replays it.
      this.#logger.error({ error: error as Error }, "journal stopped before everything was materialised");
    }
  }
}

function shuttingDown(): AppError {
  return new AppError("SHUTTING_DOWN", "The server is shutting down. Please try again in a moment.");
}

function kindOf(stream: StreamId): string {
  const slash = stream.indexOf("/");
  return slash === -1 ? stream : stream.slice(0, slash);
}

function totalBytes(sized: Sized[]): number {
  return sized.reduce((sum, { bytes }) => sum + bytes, 0);
}
