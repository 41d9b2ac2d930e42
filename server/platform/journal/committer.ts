// Group commit: what arrives within a short window becomes one document, and everyone in it is answered when it is durable.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { JournalEntry } from "./index.ts";
import type { JournalLimits } from "./journal-limits.ts";
import { documentId, type JournalDocument, type JournalStore, type Term } from "./journal-store.ts";
import { firstIsNew, resolveSlot, type Slot } from "./slot.ts";
import type { StreamState } from "./stream-state.ts";
import { timeBound } from "./time-bound.ts";

export interface CommitterOptions {
  store: JournalStore;
  clock: Clock;
  logger: Logger;
  limits: JournalLimits;
  term: Term;
  /** Called when a document has become durable, before its waiters are answered. */
  landed(document: JournalDocument, bytes: number, states: Set<StreamState>): void;
  voided(documentId: string): void;
  /** Called once, when somebody else has ended the term: nothing can be written under it any more. */
  fenced(): void;
  observe(flush: { entries: number; seconds: number; failed: boolean }): void;
}

/**
 * One document is on its way at a time, and numbers and sequences are given when it is formed: so a failed write leaves no
 * gap and nothing can overtake it. Whether a failed write has landed after all is settled before the next one is formed.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #queue: Slot[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | null = null;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | null = null;
  #stopping = false;
  /** Those who wait for the next document, be it an empty one. */
  #rolls: (() => void)[] = [];
  #fenced = false;
  #unknown = false;
  /** Number of the next document in the term's chain. */
  #number = 0;
  /** Entries and bytes admitted and not yet answered. */
  #heldEntries = 0;
  #heldBytes = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  get held(): { entries: number; bytes: number } {
    return { entries: this.#heldEntries, bytes: this.#heldBytes };
  }

  /** Books room in the buffer, to be given back by `release` unless the slot is enqueued. Throws UNAVAILABLE. */
  reserve(entries: number, bytes: number): void {
    const { bufferMaxEntries, bufferMaxBytes } = this.#options.limits;
    if (this.#heldEntries + entries > bufferMaxEntries || this.#heldBytes + bytes > bufferMaxBytes) {
      throw new AppError("UNAVAILABLE", "Too much is waiting to be saved. Please try again in a moment.", {
        retryAfterSeconds: 1,
      });
    }
    this.#heldEntries += entries;
    this.#heldBytes += bytes;
  }

  release(entries: number, bytes: number): void {
    this.#heldEntries -= entries;
    this.#heldBytes -= bytes;
  }

  /** Writes the first document of the chain, which is empty: from then on the term is there to be found. */
  async open(): Promise<void> {
    const { clock, store, term, voided } = this.#options;
    const opening = { id: documentId(term, 0), term, at: clock.now(), entries: [] };
    const { failure, value } = await this.#try(() => store.insert(opening));
    if (failure !== null) throw failure;
    if (value === "fenced") throw new Error("the journal's term was ended before it began");
    this.#number = 1;
    voided(opening.id);
  }

  /** False where the outcome of the last write is not known. */
  get settled(): boolean {
    return this.#running === null && !this.#unknown;
  }

  enqueue(slot: Slot): void {
    if (this.#fenced) {
      this.#refuse([slot], fencedOff());
      this.release(1, slot.bytes);
      return;
    }
    slot.state.waiting += 1;
    if (slot.input.key !== null) {
      slot.state.pending.set(slot.input.key, slot);
      slot.state.seen.add(slot.input.key);
    }
    this.#queue.push(slot);
    this.#queuedBytes += slot.bytes;
    if (this.#running === null) this.#running = this.#run();
    else if (this.#isFull()) this.#wake?.();
  }

  /** Resolves when a document is written behind all that were there, an empty one where nothing waits. Throws UNAVAILABLE. */
  async roll(): Promise<void> {
    const before = this.#number;
    // Not until nothing waits any more: under load that never comes.
    const written = new Promise<void>((resolve) => this.#rolls.push(resolve));
    this.#running ??= this.#run();
    await written;
    if (this.#number === before) throw new AppError("UNAVAILABLE", "The journal could not be written to.");
  }

  /** Resolves when nothing is queued or in flight any more; a stalled store is given up on early. */
  async drain(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // Even an idle journal waits for the end of the current turn, so that what came together is written together.
    await Promise.resolve();
    while (this.#queue.length > 0 || this.#rolls.length > 0) {
      await this.#pause();
      const rolled = this.#rolls.splice(0);
      await this.#commit(this.#take());
      for (const resolve of rolled) resolve();
    }
    this.#running = null;
  }

  async #pause(): Promise<void> {
    const { clock, limits } = this.#options;
    const waitMs = this.#lastStartMs + limits.windowMs - clock.monotonicMs();
    if (waitMs <= 0 || this.#isFull() || this.#stopping) return;
    await new Promise<void>((resolve) => {
      const cancel = clock.schedule(waitMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = null;
  }

  #isFull(): boolean {
    const { flushMaxEntries, flushMaxBytes } = this.#options.limits;
    return this.#queue.length >= flushMaxEntries || this.#queuedBytes >= flushMaxBytes;
  }

  #take(): Slot[] {
    const { flushMaxEntries, flushMaxBytes } = this.#options.limits;
    let count = 0;
    let bytes = 0;
    for (const slot of this.#queue) {
      if (count > 0 && (count >= flushMaxEntries || bytes + slot.bytes > flushMaxBytes)) break;
      count += 1;
      bytes += slot.bytes;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  async #commit(slots: Slot[]): Promise<void> {
    const { clock, logger, observe, store } = this.#options;
    const startedMs = clock.monotonicMs();
    this.#lastStartMs = startedMs;
    const document = this.#form(slots);
    const finish = (failed: boolean) =>
      observe({ entries: slots.length, seconds: (clock.monotonicMs() - startedMs) / 1_000, failed });

    const { failure, value } = await this.#try(() => store.insert(document));
    finish(value !== "landed");
    if (failure === null) {
      if (value === "landed") this.#land(slots, document);
      else this.#endTerm(slots);
      return;
    }
    logger.error({ entries: slots.length, error: failure }, "journal write failed");
    // What was queued behind goes as well: were it written now, it would overtake a retry of what has failed.
    this.#refuse(slots, failure);
    this.#refuseQueue(failure);
    await this.#settle(slots, document);
  }

  /** Sequences continue from what is durable: nothing else is on its way. */
  #form(slots: Slot[]): JournalDocument {
    const { clock, term } = this.#options;
    const given = new Map<StreamState, number>();
    const entries = slots.map(({ state, input, at }) => {
      const sequence = (given.get(state) ?? state.durable) + 1;
      given.set(state, sequence);
      const { key, authorId, payload, origin } = input;
      const entry: JournalEntry = { stream: state.id, sequence, at, key, authorId, payload };
      if (origin !== undefined) entry.origin = origin;
      return entry;
    });
    return { id: documentId(term, this.#number), term, at: clock.now(), entries };
  }

  #land(slots: Slot[], document: JournalDocument): void {
    const states = new Set<StreamState>();
    let bytes = 0;
    this.#number += 1;
    for (const [slot, entry] of pairs(slots, document)) {
      slot.state.land(entry, slot.bytes);
      if (entry.key !== null && slot.waiters.length === 0) slot.state.addUntold(entry.key);
      states.add(slot.state);
      bytes += slot.bytes;
      this.#leave(slot);
    }
    // All states are in step before the first waiter runs: a reader sees whole documents.
    this.#options.landed(document, bytes, states);
    for (const [slot, entry] of pairs(slots, document)) resolveSlot(slot, entry);
  }

  /** Tells everyone who waits; the slots themselves stay where they are. */
  #refuse(slots: Slot[], cause: Error): void {
    const error = new AppError("UNAVAILABLE", "This could not be saved just now. Please try again.", {
      cause,
      retryAfterSeconds: 2,
    });
    for (const slot of slots) {
      for (const { call } of slot.waiters.splice(0)) {
        for (const { key } of call.fail(error)) if (key !== null) slot.state.addUntold(key);
      }
    }
  }

  #refuseQueue(cause: Error): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#refuse(queue, cause);
    for (const slot of queue) this.#leave(slot);
  }

  #leave(slot: Slot): void {
    const { state, input, bytes } = slot;
    state.waiting -= 1;
    state.touchedAtMs = this.#options.clock.monotonicMs();
    if (input.key !== null) state.pending.delete(input.key);
    this.release(1, bytes);
  }

  /** Nothing of this document has landed, and nothing can any more: who waits must come again, under the next term. */
  #endTerm(slots: Slot[]): void {
    const { logger, term, fenced } = this.#options;
    logger.warn({ term, entries: slots.length }, "journal was fenced off");
    this.#fenced = true;
    this.#refuse(slots, fencedOff());
    for (const slot of slots) this.#leave(slot);
    this.#refuseQueue(fencedOff());
    fenced();
  }

  /**
   * The waiters know of a failure, but the write may have landed or may still land. Its id is taken by a void document:
   * either that succeeds, and the write can never land, or the write is there, and its entries count. Until this is
   * known the keys count as on their way, and who repeats one of them waits for the outcome.
   */
  async #settle(slots: Slot[], document: JournalDocument): Promise<void> {
    const { store, logger, voided } = this.#options;
    let settled = await this.#try(() => store.settle(document));
    while (settled.failure !== null && !this.#stopping) {
      this.#refuse(slots, settled.failure);
      this.#refuseQueue(settled.failure);
      settled = await this.#try(() => store.settle(document));
    }
    if (settled.failure !== null) {
      this.#refuse(slots, settled.failure);
      this.#refuseQueue(settled.failure);
      for (const slot of slots) this.#leave(slot);
      this.#unknown = true;
      logger.error({ documentId: document.id }, "journal stopped with a write of unknown outcome");
    } else if (settled.value === "fenced") {
      this.#endTerm(slots);
    } else if (settled.value === "landed") {
      for (const slot of slots) firstIsNew(slot);
      this.#land(slots, document);
    } else {
      voided(document.id);
      this.#number += 1;
      const wanted = slots.filter((slot) => slot.waiters.length > 0);
      for (const slot of slots) if (slot.waiters.length === 0) this.#leave(slot);
      for (const slot of wanted) firstIsNew(slot);
      this.#queue.unshift(...wanted);
      this.#queuedBytes += wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    }
  }

  /** Tries until it works or the waiters can be kept waiting no longer. */
  async #try<Value>(work: () => Promise<Value>): Promise<Attempt<Value>> {
    const { clock, limits } = this.#options;
    const startedMs = clock.monotonicMs();
    let delayMs = limits.retryFirstMs;
    for (;;) {
      const attempt = await this.#attempt(work);
      if (attempt.failure === null) return attempt;
      const leftMs = startedMs + limits.giveUpAfterMs - clock.monotonicMs() - delayMs;
      if (leftMs <= 0 || this.#stopping) return attempt;
      await new Promise<void>((resolve) => clock.schedule(delayMs, resolve));
      delayMs = Math.min(delayMs * 2, limits.retryMaxMs);
    }
  }

  async #attempt<Value>(work: () => Promise<Value>): Promise<Attempt<Value>> {
    const { clock, limits } = this.#options;
    try {
      return { failure: null, value: await timeBound(clock, limits.attemptTimeoutMs, work()) };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error("the store refused", { cause: error });
      return { failure, value: null };
    }
  }
}

type Attempt<Value> = { failure: null; value: Value } | { failure: Error; value: null };

function fencedOff(): Error {
  return new Error("another process has taken over");
}

function* pairs(slots: Slot[], { entries }: JournalDocument): Iterable<[Slot, JournalEntry]> {
  for (const [index, slot] of slots.entries()) {
    const entry = entries[index];
    if (entry === undefined) throw new Error("a journal document must hold an entry for each slot");
    yield [slot, entry];
  }
}
