// What the journal remembers of one stream while it is in use.
import { TransientMap } from "../../../shared/transient-map.ts";
import type { JournalEntry, Materialiser, StreamId } from "./index.ts";
import type { Slot } from "./slot.ts";

// Far more than one outage leaves behind.
const untoldMax = 10_000;

export class StreamState {
  readonly id: StreamId;
  readonly materialiser: Materialiser;
  /** Highest durable sequence. */
  durable: number;
  /** Highest sequence contained in the materialised collection. */
  materialised: number;
  /** Durable and not materialised, in order. */
  tail: JournalEntry[] = [];
  tailBytes = 0;
  /** Keys on their way into the journal. */
  readonly pending = new TransientMap<string, Slot>();
  /** Keys of the tail. */
  readonly tailKeys = new TransientMap<string, JournalEntry>();
  /** Keys of durable entries whose senders were told that they failed: new to the first who repeats them. */
  readonly #untold = new Set<string>();
  readonly seen: SeenKeys;
  /** Slots queued or in flight. */
  waiting = 0;
  touchedAtMs: number;
  moving: Promise<void> | null = null;
  /** After a failure to materialise: not before this time again. */
  retryAtMs = 0;
  failures = 0;

  constructor(options: {
    id: StreamId;
    materialiser: Materialiser;
    materialised: number;
    seen: SeenKeys;
    nowMs: number;
  }) {
    this.id = options.id;
    this.materialiser = options.materialiser;
    this.durable = options.materialised;
    this.materialised = options.materialised;
    this.seen = options.seen;
    this.touchedAtMs = options.nowMs;
  }

  /** Nothing is lost when a state like this is forgotten: its collection holds everything. */
  get idle(): boolean {
    return this.tail.length === 0 && this.waiting === 0 && this.moving === null;
  }

  /** Takes what has become durable; entries come in order of sequence. */
  land(entry: JournalEntry, bytes: number): void {
    this.durable = entry.sequence;
    this.tail.push(entry);
    this.tailBytes += bytes;
    if (entry.key !== null) this.tailKeys.set(entry.key, entry);
  }

  addUntold(key: string): void {
    if (this.#untold.size < untoldMax) this.#untold.add(key);
  }

  /** True once for a key whose sender was never told. */
  takeUntold(key: string): boolean {
    return this.#untold.delete(key);
  }

  /** Forgets the first `count` entries of the tail, which are materialised now. Returns the bytes freed. */
  moved(count: number): number {
    const entries = this.tail.splice(0, count);
    for (const entry of entries) {
      this.materialised = Math.max(this.materialised, entry.sequence);
      if (entry.key !== null) this.tailKeys.delete(entry.key);
    }
    // Sizes are kept per stream, not per entry: an emptied tail is exact again, in between a share is a fair estimate.
    const total = this.tail.length + entries.length;
    const freed =
      this.tail.length === 0 ? this.tailBytes : Math.floor((this.tailBytes * entries.length) / total);
    this.tailBytes -= freed;
    return freed;
  }
}

/**
 * Whether a key has been in a stream before, as far as memory tells. It keeps 31-bit hashes instead of the keys: about a
 * fifth of the memory, and a collision only costs a look-up.
 */
export class SeenKeys {
  readonly #hashes = new Set<number>();
  readonly #max: number;
  /** False: an unknown key may still be in the collection. */
  complete: boolean;

  constructor(options: { complete: boolean; max: number }) {
    this.complete = options.complete;
    this.#max = options.max;
  }

  add(key: string): void {
    if (!this.complete) return;
    this.#hashes.add(hash(key));
    if (this.#hashes.size > this.#max) {
      this.#hashes.clear();
      this.complete = false;
    }
  }

  isNew(key: string): boolean {
    return this.complete && !this.#hashes.has(hash(key));
  }
}

// FNV-1a over UTF-16 code units, cut to 31 bits so that the engine keeps it as a small integer.
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  }
  return value >>> 1;
}
