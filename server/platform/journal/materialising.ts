// Moves durable entries into the collections that readers use, and trims the journal of what those contain.
import { TransientMap } from "../../../shared/transient-map.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { JournalEntry, StreamId } from "./index.ts";
import type { JournalLimits } from "./journal-limits.ts";
import type { JournalDocument, JournalStore } from "./journal-store.ts";
import type { StreamState } from "./stream-state.ts";
import { timeBound } from "./time-bound.ts";

const retryFirstMs = 1_000;
const retryMaxMs = 60_000;

export interface MaterialisingOptions {
  store: JournalStore;
  clock: Clock;
  logger: Logger;
  limits: JournalLimits;
  streams: Map<StreamId, StreamState>;
}

export class Materialising {
  readonly #options: MaterialisingOptions;
  /** Per journal document: the highest sequence of each stream in it that may not be contained elsewhere yet. */
  readonly #documents = new TransientMap<string, Map<StreamId, number>>();
  readonly #voids = new TransientMap<string, number>();
  /** Whoever ends the term reads the chain's end from it: never trimmed before a newer one is there. */
  #newest: string | null = null;
  #tailBytes = 0;
  #trimming: Promise<void> | null = null;

  constructor(options: MaterialisingOptions) {
    this.#options = options;
  }

  get tailBytes(): number {
    return this.#tailBytes;
  }

  get documents(): number {
    return this.#documents.size;
  }

  get newestHoldsEntries(): boolean {
    return this.#newest !== null && this.#documents.has(this.#newest);
  }

  /** Counts what has become durable. */
  track(document: JournalDocument, bytes: number): void {
    if (document.entries.length === 0) {
      this.trackVoid(document.id, document.at.getTime());
      return;
    }
    this.#tailBytes += bytes;
    const highest = new Map<StreamId, number>();
    for (const { stream, sequence } of document.entries) {
      highest.set(stream, Math.max(sequence, highest.get(stream) ?? 0));
    }
    this.#documents.set(document.id, highest);
    this.#newest = document.id;
  }

  trackVoid(documentId: string, atMs: number): void {
    this.#voids.set(documentId, atMs);
    this.#newest = documentId;
  }

  /** Moves everything that is durable now. Throws where the collection refuses; the entries then stay where they are. */
  async move(state: StreamState): Promise<void> {
    const until = state.durable;
    while (state.tail.length > 0 && state.materialised < until) {
      state.moving ??= this.#moveOnce(state).finally(() => (state.moving = null));
      await state.moving;
    }
  }

  /** Moves the tails of the streams whose turn it is; failures are logged and tried again later, each stream by itself. */
  async moveDue(nowMs: number): Promise<void> {
    const { materialiseEveryMs, materialiseIntervals, materialiseStreams, materialiseTailBytes } =
      this.#options.limits;
    const oldest = this.#waiting()
      .filter((state) => state.retryAtMs <= nowMs)
      .sort((a, b) => oldestMs(a) - oldestMs(b));
    const isPressed = this.#tailBytes > materialiseTailBytes;
    const share = isPressed ? oldest.length : Math.ceil(oldest.length / materialiseIntervals);
    const overdueMs = this.#options.clock.now().getTime() - materialiseIntervals * materialiseEveryMs;
    const overdue = oldest.findIndex((state) => oldestMs(state) > overdueMs);
    const due = oldest.slice(
      0,
      Math.max(share, materialiseStreams, overdue === -1 ? oldest.length : overdue),
    );
    await this.#moveMany(due, (state, error) => this.#retryLater(state, error));
  }

  /** Moves all tails; throws the first failure after every stream had its turn. */
  async moveAll(): Promise<void> {
    const failures: unknown[] = [];
    await this.#moveMany(this.#waiting(), (_state, error) => void failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  async moveOrRetryLater(state: StreamState): Promise<void> {
    try {
      await this.move(state);
    } catch (error) {
      this.#retryLater(state, error);
    }
  }

  /** Deletes the documents of which every entry is contained in a materialised collection. */
  trim(): Promise<void> {
    this.#trimming ??= this.#trim().finally(() => (this.#trimming = null));
    return this.#trimming;
  }

  async #trim(): Promise<void> {
    const { clock, limits, streams } = this.#options;
    const removable: string[] = [];
    for (const [documentId, highest] of this.#documents.entries()) {
      for (const [stream, sequence] of highest) {
        // A stream that is no longer in memory was forgotten because it was materialised to its end.
        const contained = (streams.get(stream)?.materialised ?? Number.POSITIVE_INFINITY) >= sequence;
        // One is enough to keep the document: the others are looked at when it is gone.
        if (!contained) break;
        highest.delete(stream);
      }
      if (highest.size === 0 && documentId !== this.#newest) removable.push(documentId);
    }
    const oldMs = clock.now().getTime() - limits.voidKeptMs;
    for (const [documentId, atMs] of this.#voids.entries()) {
      if (atMs <= oldMs && documentId !== this.#newest) removable.push(documentId);
    }
    await this.#remove(removable);
  }

  /** After the term's end, when everything is contained elsewhere: nothing of it is needed any more. */
  async clear(): Promise<void> {
    await this.#trimming;
    await this.#remove([...this.#documents.keys(), ...this.#voids.keys()]);
  }

  async #remove(removable: string[]): Promise<void> {
    const { clock, limits, store } = this.#options;
    for (let start = 0; start < removable.length; start += limits.removeAtOnce) {
      const ids = removable.slice(start, start + limits.removeAtOnce);
      await timeBound(clock, limits.readTimeoutMs, store.remove(ids));
      for (const documentId of ids) {
        this.#documents.delete(documentId);
        this.#voids.delete(documentId);
      }
    }
  }

  #waiting(): StreamState[] {
    return [...this.#options.streams.values()].filter((state) => state.tail.length > 0);
  }

  async #moveOnce(state: StreamState): Promise<void> {
    const entries = consecutiveStart(state.tail);
    await state.materialiser.write([{ stream: state.id, entries }]);
    this.#moved(state, entries.length);
  }

  #moved(state: StreamState, count: number): void {
    this.#tailBytes -= state.moved(count);
    state.failures = 0;
    state.retryAtMs = 0;
  }

  #retryLater(state: StreamState, error: unknown): void {
    const delayMs = Math.min(retryFirstMs * 2 ** Math.min(state.failures, 10), retryMaxMs);
    state.failures += 1;
    state.retryAtMs = this.#options.clock.monotonicMs() + delayMs;
    this.#options.logger.error(
      { stream: state.id, entries: state.tail.length, failures: state.failures, error: error as Error },
      "journal could not be materialised",
    );
  }

  /** Moves many streams with few writes; where one of those fails, each of its streams is moved by itself. */
  async #moveMany(
    states: StreamState[],
    failed: (state: StreamState, error: unknown) => void,
  ): Promise<void> {
    const pieces = this.#piecesOf(states).values();
    const worker = async () => {
      for (const piece of pieces) {
        if (await this.#moveTogether(piece)) continue;
        for (const state of piece) await this.move(state).catch((error: unknown) => failed(state, error));
      }
    };
    await Promise.all(Array.from({ length: this.#options.limits.materialiseConcurrency }, worker));
  }

  /** Streams of one kind, as many as one write takes. */
  #piecesOf(states: StreamState[]): StreamState[][] {
    const { materialiseTogether, materialiseTogetherBytes } = this.#options.limits;
    const pieces: StreamState[][] = [];
    for (const some of Map.groupBy(states, ({ materialiser }) => materialiser).values()) {
      let bytes = Number.POSITIVE_INFINITY;
      for (const state of some) {
        const piece = pieces.at(-1);
        bytes += state.tailBytes;
        // What has failed before is moved by itself, so that it fails alone.
        const isFull = bytes > materialiseTogetherBytes || (piece?.length ?? 0) >= materialiseTogether;
        if (piece === undefined || isFull || state.failures > 0) pieces.push([state]);
        else piece.push(state);
        if (isFull) bytes = state.tailBytes;
        if (state.failures > 0) bytes = Number.POSITIVE_INFINITY;
      }
    }
    return pieces;
  }

  /** False where it has to be done stream by stream. */
  async #moveTogether(states: StreamState[]): Promise<boolean> {
    const [first] = states;
    if (first === undefined) return true;
    const runs = new Map<StreamState, JournalEntry[]>();
    for (const state of states) {
      if (state.moving === null && state.tail.length > 0) runs.set(state, consecutiveStart(state.tail));
    }
    if (runs.size === 0) return false;
    const ended = (whole: boolean) => {
      for (const state of runs.keys()) state.moving = null;
      return whole;
    };
    const written = first.materialiser
      .write([...runs].map(([{ id }, entries]) => ({ stream: id, entries })))
      .then(
        () => {
          for (const [state, entries] of runs) this.#moved(state, entries.length);
          return ended(runs.size === states.length);
        },
        () => ended(false),
      );
    // Whoever waits for one of them looks again afterwards: the failure of all is none of its own.
    const moving = written.then(() => undefined);
    for (const state of runs.keys()) state.moving = moving;
    return await written;
  }
}

function oldestMs(state: StreamState): number {
  return state.tail[0]?.at.getTime() ?? 0;
}

/** The entries up to the first gap; a journal that is sound has none. */
function consecutiveStart(tail: JournalEntry[]): JournalEntry[] {
  const first = tail[0]?.sequence ?? 0;
  const end = tail.findIndex((entry, index) => entry.sequence !== first + index);
  return end === -1 ? tail.slice() : tail.slice(0, end);
}
