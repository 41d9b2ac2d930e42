// Transcript lines on their way to the server: kept until acknowledged, sent again with the same key after a break.
import type { AppendChunk } from "../../../shared/schemas/transcripts.ts";
import { toApiError } from "../../api/errors.ts";

export interface OutboundLine {
  chunk: AppendChunk;
  /** Why the server refused it; null while it waits or travels. */
  problem: string | null;
  /** The server cannot take it just now: it is sent again by itself. */
  held: boolean;
}

export interface OutboundLinesOptions {
  /** Resolves after the lines are durable; throws ApiError. */
  send: (chunks: AppendChunk[]) => Promise<unknown>;
  /** Calls back once after `delayMs`; for retries without a break of the connection. */
  later: (run: () => void, delayMs: number) => void;
  /** From 0 to below 1: many people who were told to wait must not come back at once. */
  random: () => number;
  maxLines?: number;
}

const batchLines = 50;
const firstDelayMs = 1_000;
const longestDelayMs = 30_000;
/** A time that the server names is kept to, but not beyond this. */
const longestToldMs = 120_000;

/** One batch travels at a time, so that lines arrive in the order in which they were said. */
export class OutboundLines {
  readonly #options: OutboundLinesOptions;
  readonly #maxLines: number;
  readonly #listeners = new Set<() => void>();
  #lines: readonly OutboundLine[] = [];
  #sending = false;
  #closed = false;
  /** Refusals in a row, each of which doubles the wait. */
  #refusals = 0;
  #holding = false;
  /** So many of the next lines go one by one: one of them was refused for itself, and the others with it. */
  #alone = 0;

  constructor(options: OutboundLinesOptions) {
    this.#options = options;
    this.#maxLines = options.maxLines ?? 500;
  }

  /** Lines that the server has not acknowledged; a new array at each change. */
  get lines(): readonly OutboundLine[] {
    return this.#lines;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** False where too many wait already: the line is not taken, and the person must be told. */
  add(chunk: AppendChunk): boolean {
    if (this.#lines.length >= this.#maxLines) return false;
    this.#set([...this.#lines, { chunk, problem: null, held: this.#holding }]);
    // While the server cannot take what waits already, more would only add to its trouble.
    if (!this.#holding) void this.flush();
    return true;
  }

  /** Gives up a line that was refused. */
  discard(clientKey: string): void {
    this.#set(this.#lines.filter((line) => line.chunk.clientKey !== clientKey));
  }

  /** Tries again what was refused or waits; harmless at any time. */
  async flush(): Promise<void> {
    if (this.#sending || this.#closed) return;
    this.#sending = true;
    this.#holding = false;
    try {
      for (let batch = this.#next(); batch.length > 0 && !this.#closed; batch = this.#next()) {
        if (!(await this.#send(batch))) return;
      }
    } finally {
      this.#sending = false;
    }
  }

  retry(clientKey: string): void {
    this.#change(new Set([clientKey]), null);
    void this.flush();
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
  }

  #next(): AppendChunk[] {
    return this.#lines
      .filter((line) => line.problem === null)
      .slice(0, this.#alone > 0 ? 1 : batchLines)
      .map((line) => line.chunk);
  }

  async #send(batch: AppendChunk[]): Promise<boolean> {
    const keys = new Set(batch.map((chunk) => chunk.clientKey));
    try {
      await this.#options.send(batch);
      this.#refusals = 0;
      this.#alone = Math.max(0, this.#alone - 1);
      this.#set(this.#lines.filter((line) => !keys.has(line.chunk.clientKey)));
      return true;
    } catch (thrown) {
      const error = toApiError(thrown);
      if (!error.retryable) {
        if (error.code === "VALIDATION_ERROR" && batch.length > 1) this.#alone = batch.length;
        else {
          this.#alone = Math.max(0, this.#alone - 1);
          this.#change(keys, error.message);
        }
        return true;
      }
      // Without a connection the next join flushes; otherwise nobody else would.
      if (error.code !== "NETWORK" && !this.#closed) this.#hold((error.retryAfterSeconds ?? 0) * 1_000);
      return false;
    }
  }

  #hold(toldMs: number): void {
    const random = this.#options.random();
    // Between half of it and all of it; never before the server's time, and up to a quarter of that later.
    const ownMs = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#refusals) * (0.5 + random / 2);
    const serversMs = Math.min(longestToldMs, toldMs) * (1 + random / 4);
    this.#refusals += 1;
    this.#holding = true;
    this.#set(this.#lines.map((line) => ({ ...line, held: line.problem === null })));
    this.#options.later(
      () => {
        if (this.#holding) void this.flush();
      },
      Math.round(Math.max(ownMs, serversMs)),
    );
  }

  #change(keys: ReadonlySet<string>, problem: string | null): void {
    this.#set(
      this.#lines.map((line) => (keys.has(line.chunk.clientKey) ? { ...line, problem, held: false } : line)),
    );
  }

  #set(lines: readonly OutboundLine[]): void {
    this.#lines = lines;
    for (const listener of this.#listeners) listener();
  }
}
