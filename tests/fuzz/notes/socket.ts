// A WebSocket of the server's in memory: what is sent waits on the line until it is told to arrive, as slowly as a test wants.
import { EventEmitter } from "node:events";
import type { WebSocket } from "ws";

export class FuzzSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  #paused = false;
  #toServer: Uint8Array[] = [];
  #toClient: Uint8Array[] = [];
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #onClosed: () => void;

  constructor(client: { onFrame(frame: Uint8Array): void; onClosed(): void }) {
    super();
    this.#onFrame = (frame) => client.onFrame(frame);
    this.#onClosed = () => client.onClosed();
  }

  /** As the part of ws that a notes connection uses. */
  get asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  // What the server calls.

  send(frame: Uint8Array): void {
    if (this.readyState === 1) this.#toClient.push(Uint8Array.from(frame));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  ping(): void {
    if (this.readyState === 1) setImmediate(() => this.emit("pong"));
  }

  /** What was sent before still arrives. */
  close(): void {
    if (this.readyState !== 1) return;
    while (this.#toClient.length > 0) this.arriveAtClient(1);
    this.cut();
  }

  terminate(): void {
    this.cut();
  }

  // What the client and the network do.

  fromClient(frame: Uint8Array): void {
    if (this.readyState === 1) this.#toServer.push(frame);
  }

  /** Nothing that is still on the line arrives. */
  cut(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#toServer = [];
    this.#toClient = [];
    this.#onClosed();
    this.emit("close", 1006);
  }

  arriveAtServer(frames: number): void {
    for (let count = 0; count < frames && !this.#paused && this.readyState === 1; count += 1) {
      const frame = this.#toServer.shift();
      if (frame === undefined) return;
      this.emit("message", Buffer.from(frame), true);
    }
  }

  arriveAtClient(frames: number): void {
    for (let count = 0; count < frames; count += 1) {
      const frame = this.#toClient.shift();
      if (frame === undefined) return;
      this.#onFrame(frame);
    }
  }

  get waiting(): number {
    return this.#toServer.length + this.#toClient.length;
  }
}
