// Transcript lines on their way to the server: kept until acknowledged, sent again with the same key after a break.
import type { AppendChunk } from "../../../shared/schemas/transcripts.ts";
import { toApiError } from "../../api/errors.ts";

export interface OutboundLine {
  chunk: AppendChunk;
  /** Why the server refused it; null while it waits or travels. */
  problem: string | null;
}

export interface OutboundLinesOptions {
  /** Resolves after the lines are durable; throws ApiError. */
  send: (chunks: AppendChunk[]) => Promise<unknown>;
  /** Calls back once after a while; for retries without a break of the connection. */
  later: (run: () => void) => void;
  maxLines?: number;
}

const batchLines = 50;

/** One batch travels at a time, so that lines arrive in the order in which they were said. */
export class OutboundLines {
  readonly #options: OutboundLinesOptions;
  readonly #maxLines: number;
  readonly #listeners = new Set<() => void>();
  #lines: readonly OutboundLine[] = [];
  #sending = false;
  #closed = false;

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
    this.#set([...this.#lines, { chunk, problem: null }]);
    void this.flush();
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
      .slice(0, batchLines)
      .map((line) => line.chunk);
  }

  async #send(batch: AppendChunk[]): Promise<boolean> {
    const keys = new Set(batch.map((chunk) => chunk.clientKey));
    try {
      await this.#options.send(batch);
      this.#set(this.#lines.filter((line) => !keys.has(line.chunk.clientKey)));
      return true;
    } catch (thrown) {
      const error = toApiError(thrown);
      if (!error.retryable) {
        this.#change(keys, error.message);
        return true;
      }
      // Without a connection the next join flushes; otherwise nobody else would.
      if (error.code !== "NETWORK" && !this.#closed) this.#options.later(() => void this.flush());
      return false;
    }
  }

  #change(keys: ReadonlySet<string>, problem: string | null): void {
    this.#set(this.#lines.map((line) => (keys.has(line.chunk.clientKey) ? { ...line, problem } : line)));
  }

  #set(lines: readonly OutboundLine[]): void {
    this.#lines = lines;
    for (const listener of this.#listeners) listener();
  }
}
