// Pieces of sound on their way to the speech service: one at a time, in order, few kept, and said what became of them.
import { type ApiError, toApiError } from "../../../api/errors.ts";

export interface Piece {
  key: string;
  sound: Blob;
  startMs: number;
  durationMs: number;
}

/** Why nothing is sent any more until the person does something. */
export type CaptionsProblem =
  | "captions"
  | "wording"
  | "ai"
  | "switched-off"
  | "budget"
  | "no-service"
  | "not-allowed"
  /** This browser does not record sound. */
  | "no-recorder";

export interface QueueState {
  /** The one that travels among them. */
  waiting: number;
  /** The service does not answer just now: what waits is sent again by itself. */
  held: boolean;
  /** Pieces that were given up: too many waited, or the server did not take them. */
  lost: number;
  /** The last one that was not taken, in a sentence. */
  refused: string | null;
  problem: CaptionsProblem | null;
}

export interface PieceQueueOptions {
  /** Resolves after its lines are durable; throws ApiError. */
  send: (piece: Piece, signal: AbortSignal) => Promise<unknown>;
  /** Runs once after a while; returns the cancellation. */
  schedule: (delayMs: number, run: () => void) => () => void;
  /** From 0 to below 1. */
  random: () => number;
  onState: (state: QueueState) => void;
}

export const waitingMost = 4;
const firstDelayMs = 1_000;
const longestDelayMs = 20_000;
const triesMost = 6;

export const emptyQueue: QueueState = { waiting: 0, held: false, lost: 0, refused: null, problem: null };

export class PieceQueue {
  readonly #options: PieceQueueOptions;
  #pieces: Piece[] = [];
  #state = emptyQueue;
  #tries = 0;
  #travelling: AbortController | null = null;
  #cancelRetry: (() => void) | null = null;
  #closed = false;
  #watched = true;

  constructor(options: PieceQueueOptions) {
    this.#options = options;
  }

  add(piece: Piece): void {
    if (this.#closed || this.#state.problem !== null) return;
    this.#pieces.push(piece);
    if (this.#pieces.length > waitingMost) {
      // The one that travels may have arrived already: the next oldest goes.
      this.#pieces.splice(this.#travelling === null ? 0 : 1, 1);
      this.#tell({ lost: this.#state.lost + 1 });
    }
    this.#tell({});
    this.#next();
  }

  /** What waits, and the last piece, are still sent; nobody is told of it any more. */
  leave(): void {
    this.#watched = false;
  }

  /** What waits is thrown away, and what travels is not listened to any more. */
  close(): void {
    this.#closed = true;
    this.#clear();
  }

  #next(): void {
    const [piece] = this.#pieces;
    if (piece === undefined || this.#travelling !== null || this.#cancelRetry !== null) return;
    const abort = new AbortController();
    this.#travelling = abort;
    this.#options.send(piece, abort.signal).then(
      () => this.#arrived(abort, null),
      (thrown: unknown) => this.#arrived(abort, toApiError(thrown)),
    );
  }

  #arrived(abort: AbortController, error: ApiError | null): void {
    if (this.#travelling !== abort || this.#closed) return;
    this.#travelling = null;
    const problem = error === null ? null : problemOf(error);
    if (problem !== null) {
      this.#clear();
      return this.#tell({ problem, held: false });
    }
    if (error?.retryable === true && (this.#tries += 1) < triesMost) return this.#retryLater(error);
    this.#pieces.shift();
    this.#tries = 0;
    if (error === null) this.#tell({ held: false });
    else this.#tell({ held: false, lost: this.#state.lost + 1, refused: error.message });
    this.#next();
  }

  #retryLater({ retryAfterSeconds }: ApiError): void {
    const doubled = Math.min(firstDelayMs * 2 ** (this.#tries - 1), longestDelayMs);
    const told = Math.min((retryAfterSeconds ?? 0) * 1_000, longestDelayMs);
    const delayMs = Math.max(told, doubled * (0.5 + this.#options.random() / 2));
    this.#cancelRetry = this.#options.schedule(delayMs, () => {
      this.#cancelRetry = null;
      this.#next();
    });
    this.#tell({ held: true });
  }

  #clear(): void {
    this.#pieces = [];
    this.#travelling?.abort();
    this.#travelling = null;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }

  #tell(change: Partial<QueueState>): void {
    if (this.#closed) return;
    this.#state = { ...this.#state, ...change, waiting: this.#pieces.length };
    if (this.#watched) this.#options.onState(this.#state);
  }
}

/** Null where it concerns this piece alone, or passes. */
function problemOf({ code, details }: ApiError): CaptionsProblem | null {
  const reason = (details as { reason?: unknown } | undefined)?.reason;
  if (reason === "budget") return "budget";
  if (reason === "captions" || reason === "wording" || reason === "ai" || reason === "switched-off")
    return reason;
  // By the place where captions themselves are refused, once the text has been heard.
  if (code === "CONSENT_MISSING") return "captions";
  if (code === "FORBIDDEN") return "no-service";
  const ours = ["NOT_FOUND", "MEETING_NOT_ACTIVE", "UNAUTHENTICATED", "SESSION_EXPIRED"];
  return ours.includes(code) ? "not-allowed" : null;
}
