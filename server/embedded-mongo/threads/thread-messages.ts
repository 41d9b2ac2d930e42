// What the main thread and the engine threads say to each other: requests and answers in batches, bytes side by side.

import { release } from "../bson/release.ts";

/** What an engine thread is started with. */
export type ThreadOptions =
  { role: "reader"; directory: string } | { role: "writer"; directory: string; ttlIntervalMs: number };

/** Wire messages, one behind the other in `bytes`; message n ends at `ends[n]`. */
export interface Batch {
  ids: number[];
  ends: number[];
  bytes: Uint8Array;
}

export type ToThread = { kind: "requests"; batch: Batch } | { kind: "close" };

/**
 * reply: the message to send. silent: the client wanted no answer. close: what came was no message, its connection
 * must not go on.
 */
export type AnswerKind = "reply" | "silent" | "close";

export type FromThread =
  | { kind: "ready" }
  /** The data cannot be used; the thread ends. */
  | { kind: "refused"; message: string }
  | { kind: "answers"; batch: Batch; kinds: AnswerKind[] }
  | { kind: "fault"; error: unknown; where: string };

/** Collects messages and makes one transferable batch of them. */
export class Outbox {
  readonly #ownsParts: boolean;
  #ids: number[] = [];
  #ends: number[] = [];
  #parts: Uint8Array[] = [];
  #length = 0;

  /** With `ownsParts` their memory is given back once it is copied. */
  constructor({ ownsParts }: { ownsParts: boolean }) {
    this.#ownsParts = ownsParts;
  }

  get size(): number {
    return this.#ids.length;
  }

  add(id: number, parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    this.#ids.push(id);
    this.#ends.push(this.#length);
  }

  /** Everything added since the last call. Its memory belongs to the batch alone and may be transferred. */
  take(): { batch: Batch; transfer: ArrayBuffer[] } {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
      if (this.#ownsParts) release(part);
    }
    const batch = { ids: this.#ids, ends: this.#ends, bytes };
    this.#ids = [];
    this.#ends = [];
    this.#parts = [];
    this.#length = 0;
    return { batch, transfer: [bytes.buffer] };
  }
}

/** The messages of a batch, as views of its bytes. */
export function* messagesOf({ ids, ends, bytes }: Batch): Generator<{ id: number; message: Buffer }> {
  let start = 0;
  for (const [at, id] of ids.entries()) {
    const end = ends[at] ?? start;
    yield { id, message: Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start) };
    start = end;
  }
}
