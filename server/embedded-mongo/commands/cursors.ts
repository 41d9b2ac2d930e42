// Open cursors: batches within the size of a reply, and an end for those that nobody reads.
import { randomBytes } from "node:crypto";
import { bsonType } from "../bson/types.ts";
import { Value } from "../bson/value.ts";
import { DocumentWriter } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import type { Pace } from "./pace.ts";

/** Gives documents piece by piece; a piece may be empty though more follow. */
export interface DocumentSource {
  readonly done: boolean;
  pull(pace: Pace): Promise<Value[]> | Value[];
}

export interface Cursor {
  id: bigint;
  namespace: string;
  source: DocumentSource;
  /** Pulled but not yet sent. */
  pending: Value[];
  usedAtMs: number;
  busy: boolean;
}

export const cursorTimeoutMs = 10 * 60 * 1000;
const maxOpenCursors = 10_000;
/**
 * MongoDB's batches hold up to 16 MB. Smaller ones cost little more, take less of everybody's memory, and are encoded
 * within one slice of the reader's time.
 */
const maxBatchBytes = 1024 * 1024;

export class CursorRegistry {
  readonly #cursors = new Map<bigint, Cursor>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#cursors.size;
  }

  /** The first batch, as an array; the cursor stays open only if documents are left. */
  async open(
    options: { namespace: string; source: DocumentSource; batchSize: number; singleBatch?: boolean },
    pace: Pace,
  ): Promise<{ id: bigint; batch: Value }> {
    const { namespace, source, batchSize } = options;
    const cursor: Cursor = { id: 0n, namespace, source, pending: [], usedAtMs: this.#nowMs(), busy: false };
    const batch = batchSize === 0 ? new Batch().finish() : await nextBatch(cursor, batchSize, pace);
    const finished = batchSize === 0 ? false : source.done && cursor.pending.length === 0;
    if (finished || options.singleBatch === true) return { id: 0n, batch };
    if (this.#cursors.size >= maxOpenCursors)
      throw new StoreError(2, `more than ${maxOpenCursors} cursors are open`);
    // Positive and not zero, as drivers read zero as "closed".
    cursor.id = (randomBytes(8).readBigUInt64LE() & 0x7fffffffffffffffn) | 1n;
    this.#cursors.set(cursor.id, cursor);
    return { id: cursor.id, batch };
  }

  /** Throws CursorNotFound (43). A batch size of 0 means as much as a reply holds. */
  async more(
    id: bigint,
    namespace: string,
    batchSize: number,
    pace: Pace,
  ): Promise<{ id: bigint; batch: Value }> {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined) throw new StoreError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace)
      throw new StoreError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace`,
      );
    if (cursor.busy) throw new StoreError(2, `cursor id ${id} is in use`);
    cursor.busy = true;
    try {
      const batch = await nextBatch(cursor, batchSize === 0 ? Infinity : batchSize, pace);
      if (cursor.source.done && cursor.pending.length === 0) this.#cursors.delete(id);
      return { id: this.#cursors.has(id) ? id : 0n, batch };
    } catch (error) {
      this.#cursors.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.usedAtMs = this.#nowMs();
    }
  }

  kill(id: bigint): boolean {
    return this.#cursors.delete(id);
  }

  /** Closes cursors nobody has read from for ten minutes. */
  sweep(): void {
    const oldest = this.#nowMs() - cursorTimeoutMs;
    for (const { id, usedAtMs, busy } of this.#cursors.values())
      if (!busy && usedAtMs < oldest) this.#cursors.delete(id);
  }
}

/** The documents of one answer, copied as they come: what they were cut from need not be kept until it is full. */
class Batch {
  readonly #writer = new DocumentWriter(4096);
  #bytes = 0;
  count = 0;

  holds(value: Value): boolean {
    return this.count === 0 || this.#bytes + (value.end - value.start) <= maxBatchBytes;
  }

  add(value: Value): void {
    this.#writer.value(String(this.count), value);
    this.#bytes += value.end - value.start;
    this.count += 1;
  }

  finish(): Value {
    const bytes = this.#writer.finish();
    return new Value(bsonType.array, bytes, 0, bytes.length);
  }
}

async function nextBatch(cursor: Cursor, batchSize: number, pace: Pace): Promise<Value> {
  const batch = new Batch();
  for (;;) {
    let taken = 0;
    for (const value of cursor.pending) {
      if (batch.count >= batchSize || !batch.holds(value)) {
        cursor.pending = cursor.pending.slice(taken);
        return batch.finish();
      }
      batch.add(value);
      taken += 1;
    }
    cursor.pending = [];
    if (cursor.source.done || batch.count >= batchSize) return batch.finish();
    const pulled = cursor.source.pull(pace);
    cursor.pending = pulled instanceof Promise ? await pulled : pulled;
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
}
