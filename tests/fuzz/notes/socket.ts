// A WebSocket of the server's in memory: what is sent waits on the line until it is told to arrive, as slowly as a test wants.
import type { Duplex } from "node:stream";
import type { NotesSocket, NotesSocketListener } from "../../../realtime/notes/socket.ts";

export class FuzzSocket {
  listener: NotesSocketListener | null = null;
  readonly OPEN = 1;
  readyState = 1;
  readonly writableLength = 0;
  /** What was written since it was corked. */
  #corked: Uint8Array[] | null = null;
  #paused = false;
  #toServer: Uint8Array[] = [];
  #toClient: Uint8Array[] = [];
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #onClosed: () => void;

  constructor(client: { onFrame(frame: Uint8Array): void; onClosed(): void }) {
    this.#onFrame = (frame) => client.onFrame(frame);
    this.#onClosed = () => client.onClosed();
  }

  /** As the part of it that a notes connection uses. */
  get asNotesSocket(): NotesSocket {
    return this as unknown as NotesSocket;
  }

  /** As what it runs over. */
  get asStream(): Duplex {
    return this as unknown as Duplex;
  }

  // What the server calls.

  cork(): void {
    this.#corked = [];
  }

  uncork(): void {
    const message = Buffer.concat(this.#corked ?? []);
    this.#corked = null;
    this.write(message);
  }

  /** Takes one whole message, or the parts of one between `cork` and `uncork`. */
  write(message: Uint8Array): void {
    if (this.#corked !== null) this.#corked.push(message);
    else if (this.readyState === 1) this.#toClient.push(Uint8Array.from(frameOf(message)));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  ping(): void {
    if (this.readyState === 1) setImmediate(() => this.listener?.answered());
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
    this.listener?.closed();
  }

  arriveAtServer(frames: number): void {
    for (let count = 0; count < frames && !this.#paused && this.readyState === 1; count += 1) {
      const frame = this.#toServer.shift();
      if (frame === undefined) return;
      this.listener?.received(Buffer.from(frame), true);
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

/** Without what WebSocket puts before it. */
function frameOf(message: Uint8Array): Uint8Array {
  const length = message[1] ?? 0;
  return message.subarray(length < 126 ? 2 : length === 126 ? 4 : 10);
}
