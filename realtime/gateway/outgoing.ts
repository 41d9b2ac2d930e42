// Cuts off readers that do not read: what waits for one socket in this process is counted and bounded.
import type { Socket as EngineSocket } from "engine.io";
import { bounds } from "../bounds.ts";

/** Engine.IO keeps what its transport cannot take yet; it tells of each packet and of each hand-over. */
export class OutgoingMeter {
  readonly #onExceeded: () => void;
  readonly #nowMs: () => number;
  readonly #connection: EngineSocket;
  /** Waiting in the process, and handed to the transport but perhaps not sent yet. */
  #queuedBytes = 0;
  #handedBytes = 0;
  #queuedSinceMs: number | null = null;

  constructor(connection: EngineSocket, options: { nowMs: () => number; onExceeded: () => void }) {
    this.#connection = connection;
    this.#nowMs = options.nowMs;
    this.#onExceeded = options.onExceeded;
    connection.on("packetCreate", (packet: { data?: unknown }) => this.#queued(sizeOf(packet.data)));
    connection.on("flush", () => {
      this.#handedBytes = this.#queuedBytes;
      this.#queuedBytes = 0;
      this.#queuedSinceMs = null;
    });
  }

  get waitingBytes(): number {
    return this.#queuedBytes + this.#handedBytes;
  }

  /** Called in a fixed rhythm: a reader that takes nothing is cut off however little waits for it. */
  check(nowMs: number): void {
    if (this.#queuedSinceMs !== null && nowMs - this.#queuedSinceMs >= bounds.outgoingMaxWaitMs) {
      this.#cutOff();
    }
  }

  #queued(bytes: number): void {
    this.#queuedBytes += bytes;
    this.#queuedSinceMs ??= this.#nowMs();
    if (this.waitingBytes > bounds.outgoingMaxBytes) this.#cutOff();
  }

  #cutOff(): void {
    this.#queuedSinceMs = null;
    this.#onExceeded();
    terminate(this.#connection);
  }
}

/** Ends a connection without waiting for what is buffered: it would never leave. */
function terminate(connection: EngineSocket): void {
  const { socket } = connection.transport as { socket?: { terminate?: () => void } };
  if (socket?.terminate !== undefined) socket.terminate();
  else connection.close(true);
}

function sizeOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof Uint8Array ? data.byteLength : 0;
}
