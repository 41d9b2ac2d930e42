// One term's journal put together: admission, order within a stream, repeated keys, housekeeping and stop.
import { AppError } from "../../../shared/errors.ts";
import { TransientMap } from "../../../shared/transient-map.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { Committer } from "./committer.ts";
import type { AppendedEntry, JournalEntry, JournalInput, Materialiser, StreamId } from "./index.ts";
import type { JournalLimits } from "./journal-limits.ts";
import type { JournalMeters } from "./journal-meters.ts";
import type { JournalDocument, JournalStore, Term } from "./journal-store.ts";
import { Materialising } from "./materialising.ts";
import { AppendCall, type Slot } from "./slot.ts";
import { SeenKeys, StreamState } from "./stream-state.ts";
import { kindOf } from "./streams.ts";
import { timeBound } from "./time-bound.ts";

export interface TermJournalOptions {
  store: JournalStore;
  clock: Clock;
  logger: Logger;
  meters: JournalMeters;
  limits: JournalLimits;
  /** Never used before. */
  term: Term;
  /** By kind of stream, with their ends in time. */
  materialisers: ReadonlyMap<string, Materialiser>;
  /** Hears of what has become durable, one document at a time, before whoever appended it. */
  landed?(entries: JournalEntry[]): void;
  /** Called once, when another process has ended the term: this journal answers nothing but UNAVAILABLE from then on. */
  fenced?(): void;
}

interface Sized {
  input: JournalInput;
  bytes: number;
}

// Names and numbers around each entry in the stored document, beyond payload, key and stream.
const entryOverheadBytes = 100;

/** Writes under one term, on streams that nobody else writes to as long as the term is not ended. */
export class TermJournal {
  readonly term: Term;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #store: JournalStore;
  readonly #limits: JournalLimits;
  readonly #meters: JournalMeters;
  readonly #committer: Committer;
  readonly #materialising: Materialising;
  readonly #materialisers: ReadonlyMap<string, Materialiser>;
  readonly #streams = new Map<StreamId, StreamState>();
  readonly #loading = new Map<StreamId, Promise<StreamState>>();
  /** Where streams end that are not in memory: nobody else writes to them, so that it stays true until they are. */
  readonly #ends = new Map<StreamId, Promise<number>>();
  /** Calls that had to ask the store first; later calls on the same stream line up behind them. */
  readonly #lines = new TransientMap<StreamId, Promise<void>>();
  #phase: "new" | "open" | "stopped" | "fenced" = "new";
  #closed = false;
  #stopping: Promise<boolean> | null = null;
  #cancelTick: () => void = () => undefined;
  #ticking: Promise<void> = Promise.resolve();

  constructor(options: TermJournalOptions) {
    const { clock, logger, store, limits, meters, term, materialisers, landed, fenced } = options;
    this.term = term;
    this.#clock = clock;
    this.#logger = logger;
    this.#store = store;
    this.#limits = limits;
    this.#meters = meters;
    this.#materialisers = materialisers;
    this.#materialising = new Materialising({ store, clock, logger, limits, streams: this.#streams });
    this.#committer = new Committer({
      store,
      clock,
      logger,
      limits,
      term,
      landed: (document, bytes, states) => {
        this.#landed(document, bytes, states);
        landed?.(document.entries);
      },
      voided: (documentId) => this.#materialising.trackVoid(documentId, clock.now().getTime()),
      fenced: () => {
        this.#phase = "fenced";
        this.#cancelTick();
        fenced?.();
      },
      observe: (flush) => meters.flushed(flush),
    });
  }

  /** Opens the term's chain; before anything is appended. */
  async start(): Promise<void> {
    await this.#committer.open();
    this.#phase = "open";
    this.#scheduleTick();
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
    return state === undefined ? this.#endOf(stream) : state.durable;
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

  async rollOver(): Promise<void> {
    await this.#materialising.moveAll();
    if (this.#materialising.newestHoldsEntries) await this.#committer.roll();
    await this.#materialising.trim();
  }

  /** The term is known to be over before a write has met its end. */
  abandon(): void {
    this.#phase = "fenced";
    this.#cancelTick();
  }

  /** Whether everything durable is contained in the collections, and the term's chain ended. */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
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
    if (this.#stopping !== null) throw shuttingDown();
    if (this.#phase === "fenced")
      throw new AppError("UNAVAILABLE", "This could not be saved just now. Please try again.", {
        retryAfterSeconds: 1,
      });
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
        const inputs = sized.map(({ input }) => input);
        const known = new Map<string, JournalEntry>();
        const asked = new Set<string>();
        // A key that was on its way when first looked at may have moved on into the collection meanwhile, so it asks until
        // no key is open. The last look and the entry into the queue are one step: nothing moves in between.
        for (;;) {
          const keys = this.#keysToLookUp(state, inputs).filter((key) => !asked.has(key));
          if (keys.length === 0) break;
          await this.#lookUp(state, keys, known);
          for (const key of keys) asked.add(key);
        }
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

  async #lookUp(state: StreamState, keys: string[], known: Map<string, JournalEntry>): Promise<void> {
    for (const entry of await state.materialiser.findByKeys(state.id, [...new Set(keys)])) {
      if (entry.key !== null) known.set(entry.key, entry);
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
        input.taken?.();
        continue;
      }
      this.#committer.release(1, bytes);
      if (pending !== undefined) pending.waiters.push({ call, index, repeated: true });
      else if (durable !== undefined) call.fill(index, { entry: durable, repeated: !state.takeUntold(key) });
    }
  }

  /** A stream that is not in memory is materialised to its end. */
  #endOf(stream: StreamId): Promise<number> {
    const known = this.#ends.get(stream);
    if (known !== undefined) return known;
    const asked = this.#materialiserOf(stream).lastSequence(stream);
    if (this.#loading.has(stream)) return asked;
    const oldest = this.#ends.keys().next().value;
    if (this.#ends.size >= this.#limits.streamEndsMax && oldest !== undefined) this.#ends.delete(oldest);
    this.#ends.set(stream, asked);
    asked.catch(() => {
      if (this.#ends.get(stream) === asked) this.#ends.delete(stream);
    });
    return asked;
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
      this.#ends.delete(stream);
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

  async #stop(): Promise<boolean> {
    const wasOpen = this.#phase === "open";
    if (wasOpen) this.#phase = "stopped";
    this.#cancelTick();
    if (!wasOpen) return false;
    const lines = Promise.all(this.#lines.values());
    // Who still waits for a look-up then is told that the server goes.
    await timeBound(this.#clock, this.#limits.stopMoveMs, lines).catch(() => undefined);
    this.#closed = true;
    await this.#committer.drain();
    if (!this.#committer.settled || this.#isFenced()) return false;
    try {
      await timeBound(this.#clock, this.#limits.stopMoveMs, this.#leaveNothing());
      return true;
    } catch (error) {
      // Nothing is lost: the journal still holds it, and whoever comes next replays it.
      this.#logger.error({ error: error as Error }, "journal stopped before everything was materialised");
      return false;
    }
  }

  async #leaveNothing(): Promise<void> {
    await this.#ticking;
    await this.materialise();
    await this.#store.fence(this.term, { by: this.term, at: this.#clock.now() });
    await this.#materialising.clear();
  }

  #isFenced(): boolean {
    return this.#phase === "fenced";
  }
}

function shuttingDown(): AppError {
  return new AppError("SHUTTING_DOWN", "The server is shutting down. Please try again in a moment.");
}

function totalBytes(sized: Sized[]): number {
  return sized.reduce((sum, { bytes }) => sum + bytes, 0);
}
