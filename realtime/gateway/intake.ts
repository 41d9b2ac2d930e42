// Transcript on its way to be durable: what one socket may have of it, waiting for a store that is full, and not reading on.
import { AppError } from "../../shared/errors.ts";
import type { Appended } from "../../shared/schemas/transcripts.ts";
import { TransientMap } from "../../shared/transient-map.ts";
import { bounds } from "../bounds.ts";
import { toClientError } from "../errors.ts";
import { metricNames } from "../metrics.ts";
import type { RealtimePorts } from "../ports.ts";
import type { GatewaySocket } from "./sockets.ts";

type Append = () => Promise<Appended>;

interface Own {
  chunks: number;
  paused: boolean;
  /** Settles when the batches that wait for room have been decided: later ones follow behind them. */
  line: Promise<unknown> | null;
}

export class TranscriptIntake {
  readonly #ports: RealtimePorts;
  readonly #sockets = new TransientMap<GatewaySocket, Own>();
  #chunks = 0;
  #paused = 0;

  constructor(ports: RealtimePorts) {
    this.#ports = ports;
  }

  /**
   * Runs the append, and again while it is refused because the store can take nothing just now, for a few seconds. A
   * socket with too much that is not durable is not read from meanwhile: what follows waits at its sender. Throws what
   * the append throws, and UNAVAILABLE where more comes all the same than may wait.
   */
  async run(socket: GatewaySocket, chunks: number, append: Append): Promise<Appended> {
    const own = this.#sockets.get(socket) ?? this.#begin(socket);
    const most = bounds.transcriptInFlightChunks;
    // Reached only where not reading does not hold: by long polling, and by what had been read when it was stopped.
    if (own.chunks >= most * 2 || this.#chunks >= bounds.transcriptWaitingChunks) {
      throw new AppError(
        "UNAVAILABLE",
        "Too much of yours is waiting to be saved. Please try again shortly.",
        {
          retryAfterSeconds: 2,
        },
      );
    }
    this.#count(own, chunks);
    if (own.chunks >= most) this.#pause(socket, own);
    try {
      const untilMs = this.#ports.now().getTime() + bounds.transcriptPatienceMs;
      return await this.#inLine(own, append, () => socket.connected && this.#ports.now().getTime() < untilMs);
    } finally {
      this.#count(own, -chunks);
      if (own.paused && own.chunks < most / 2) this.#readOn(socket, own);
      if (own.chunks === 0) this.#sockets.delete(socket);
    }
  }

  async #inLine(own: Own, append: Append, mayWait: () => boolean): Promise<Appended> {
    if (own.line === null) {
      try {
        return await append();
      } catch (error) {
        // A store that did not answer for so long was waited for already.
        if (!isPassing(error) || !mayWait()) throw error;
      }
    }
    const waits = own.line === null;
    const turn = (own.line ?? Promise.resolve()).then(() => this.#patiently(append, mayWait, waits));
    const line = turn.catch(() => undefined);
    own.line = line;
    void line.then(() => {
      if (own.line === line) own.line = null;
    });
    return await turn;
  }

  /** `waits`: it was refused a moment ago. What stood behind another is tried at once, as the store may have room again. */
  async #patiently(append: Append, mayWait: () => boolean, waits: boolean): Promise<Appended> {
    for (let refused = waits; ; refused = true) {
      if (refused)
        await new Promise<void>((resolve) => this.#ports.schedule(bounds.transcriptRetryMs, resolve));
      try {
        return await append();
      } catch (error) {
        if (!isPassing(error) || !mayWait()) throw error;
      }
    }
  }

  #begin(socket: GatewaySocket): Own {
    const own: Own = { chunks: 0, paused: false, line: null };
    this.#sockets.set(socket, own);
    return own;
  }

  #count(own: Own, chunks: number): void {
    own.chunks += chunks;
    this.#chunks += chunks;
    this.#ports.gauge(metricNames.transcriptWaitingChunks, this.#chunks);
  }

  #pause(socket: GatewaySocket, own: Own): void {
    if (own.paused) return;
    own.paused = true;
    this.#paused += 1;
    this.#ports.gauge(metricNames.socketsNotReadFrom, this.#paused);
    transportOf(socket)?.pause?.();
  }

  #readOn(socket: GatewaySocket, own: Own): void {
    own.paused = false;
    this.#paused -= 1;
    this.#ports.gauge(metricNames.socketsNotReadFrom, this.#paused);
    transportOf(socket)?.resume?.();
  }
}

/** The store says that it cannot take anything now: the same batch may succeed in a moment. */
function isPassing(error: unknown): boolean {
  return toClientError(error).code === "UNAVAILABLE";
}

/** The WebSocket below; long polling has none, and is asked by its sender. */
function transportOf(socket: GatewaySocket): { pause?: () => void; resume?: () => void } | undefined {
  return (socket.conn.transport as { socket?: { pause?: () => void; resume?: () => void } }).socket;
}
