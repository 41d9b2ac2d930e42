// One notes WebSocket that was let in: its frames, its "durable" count, and its bounds.
import type { Duplex } from "node:stream";
import { WebSocket, type RawData } from "ws";
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import { bounds } from "../bounds.ts";
import { toClientError } from "../errors.ts";
import { TokenBucket } from "../gateway/rate.ts";
import { metricNames } from "../metrics.ts";
import type { RealtimePorts } from "../ports.ts";
import { assertUpdate, isEmptyUpdate } from "./document.ts";
import {
  awarenessFrame,
  decodeFrame,
  refusedFrame,
  syncStep1Frame,
  syncStep2Frame,
  type AwarenessEntry,
  type NotesFrame,
} from "./frames.ts";
import { notesClose, type NotesClose } from "./close-codes.ts";
import { DurableCount } from "./durable-count.ts";
import { durableMessage, headerOf, keepAliveMessage, updateMessage, type UpdateMessage } from "./messages.ts";
import type { NotesRoom, NotesRooms, RoomMember } from "./room.ts";
import type { NotesSocket, NotesSocketListener } from "./socket.ts";
import type { Turns } from "./turns.ts";

const malformedFramesMax = 20;

export interface NotesConnectionOptions {
  socket: NotesSocket;
  /** What the socket runs over, without compression: whole messages may be written to it. */
  stream: Duplex;
  actor: Actor;
  meetingId: MeetingId;
  layer: "shared" | "mine";
  mode: "write" | "read";
  /** Held once for this connection, which releases it when it closes. */
  room: NotesRoom;
  rooms: NotesRooms;
  /** Of all connections, for what many have to send at once. */
  turns: Turns;
  ports: RealtimePorts;
  /** So much earlier than usual the first ping comes, so that those of many connections are spread. */
  pingEarlierMs: number;
  onClosed(connection: NotesConnection): void;
}

export class NotesConnection implements RoomMember, NotesSocketListener {
  readonly actor: Actor;
  readonly meetingId: MeetingId;
  readonly layer: "shared" | "mine";
  /** May change while it is open: the next frame is judged by it. */
  mode: "write" | "read";
  awarenessId: number | null = null;
  readonly #socket: NotesSocket;
  readonly #stream: Duplex;
  readonly #room: NotesRoom;
  readonly #rooms: NotesRooms;
  readonly #turns: Turns;
  readonly #ports: RealtimePorts;
  readonly #onClosed: (connection: NotesConnection) => void;
  /** Made when it is needed, as who only reads never does. */
  #origin: string | null = null;
  readonly #durable = new DurableCount();
  #durableQueued = false;
  #closed = false;
  #isReading = true;
  #inFlightFrames = 0;
  #inFlightBytes = 0;
  /** Not read from: too much is not durable yet. */
  #paused = false;
  /** Not read from for a moment: too many frames. */
  #throttled = false;
  readonly #bucket: TokenBucket;
  #malformed = 0;
  /** Size of the last answered join, which may wait beyond the ordinary bound. */
  #answerBytes = 0;
  #alive = true;
  #pingedMs: number;
  #waiting: { bytes: number; sinceMs: number } | null = null;

  constructor(options: NotesConnectionOptions) {
    this.actor = options.actor;
    this.meetingId = options.meetingId;
    this.layer = options.layer;
    this.mode = options.mode;
    this.#socket = options.socket;
    this.#stream = options.stream;
    this.#room = options.room;
    this.#rooms = options.rooms;
    this.#turns = options.turns;
    this.#ports = options.ports;
    this.#onClosed = options.onClosed;
    const nowMs = options.ports.now().getTime();
    this.#pingedMs = nowMs - options.pingEarlierMs;
    this.#bucket = new TokenBucket({
      perSecond: bounds.notesFramesPerSecond,
      burst: bounds.notesFramesBurst,
      nowMs,
    });
  }

  /** Greets the client and takes its frames from now on. */
  open(): void {
    this.#socket.listener = this;
    // Asked before it hears what is not durable yet: otherwise it would offer that to be stored once more.
    this.send(syncStep1Frame(this.#room.document.stateVector()));
    this.#room.join(this);
    const present = this.#room.awareness.all();
    if (present.length > 0) this.send(awarenessFrame(present));
    this.#socket.resume();
  }

  get origin(): string {
    return (this.#origin ??= this.#ports.newId());
  }

  get documentId(): string {
    return this.#room.documentId;
  }

  /** Update-bearing frames that were received and are not durable yet. */
  get unsavedFrames(): number {
    return this.#inFlightFrames;
  }

  send(frame: Uint8Array): void {
    if (!this.#takesMessages) return;
    this.#stream.cork();
    this.#stream.write(headerOf(frame.byteLength));
    this.pass(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
    this.#stream.uncork();
  }

  pass(message: Buffer): void {
    if (!this.#takesMessages) return;
    this.#stream.write(message);
    if (this.#stream.writableLength > bounds.outgoingMaxBytes + this.#answerBytes) this.#cutOff();
  }

  /** Not behind a closing frame, whichever side it came from. */
  get #takesMessages(): boolean {
    return !this.#closed && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Says why, stops taking frames and leaves the room at once. */
  close(reason: NotesClose): void {
    if (this.#closed) return;
    this.#tellDurable();
    this.#end();
    this.#socket.resume();
    this.#socket.close(reason.code, reason.text);
  }

  /** Takes no further frame; what was taken is still made durable and acknowledged. */
  stopReading(): void {
    this.#isReading = false;
    this.#socket.pause();
  }

  /** Called in a fixed rhythm: finds the silently dead and the stalled. */
  check(nowMs: number): void {
    const waitingBytes = this.#stream.writableLength;
    if (waitingBytes === 0) {
      this.#waiting = null;
      this.#answerBytes = 0;
    } else if (this.#waiting === null || waitingBytes < this.#waiting.bytes) {
      this.#waiting = { bytes: waitingBytes, sinceMs: nowMs };
    } else if (nowMs - this.#waiting.sinceMs >= bounds.outgoingMaxWaitMs) {
      return this.#cutOff();
    }
    if (nowMs - this.#pingedMs < bounds.notesPingMs) return;
    if (!this.#alive && !this.#paused && !this.#throttled) return this.#terminate();
    this.#alive = false;
    this.#pingedMs = nowMs;
    this.#stream.cork();
    this.#socket.ping();
    this.pass(keepAliveMessage);
    this.#stream.uncork();
  }

  answered(): void {
    this.#alive = true;
  }

  closed(): void {
    this.#end();
  }

  received(data: RawData, isBinary: boolean): void {
    if (this.#closed || !this.#isReading) return;
    const nowMs = this.#ports.now().getTime();
    if (!this.#bucket.take(nowMs)) this.#throttle();
    const bytes = toBytes(data);
    if (bytes.byteLength > limits.notesFrameMaxBytes) {
      this.#refuse(tooBig);
      return this.close(notesClose.tooBig);
    }
    let frame: NotesFrame;
    try {
      frame = isBinary ? decodeFrame(bytes) : { kind: "unknown" };
    } catch {
      return this.#refuseMalformed();
    }
    switch (frame.kind) {
      case "sync-step-1":
        return this.#answer(frame.stateVector, nowMs);
      case "update":
        return this.#receiveUpdate(frame.update, frame.step, nowMs);
      case "awareness":
        return this.#receiveAwareness(frame.entries, frame.bytes);
      case "query-awareness":
        return this.send(awarenessFrame(this.#room.awareness.all()));
      case "unknown":
        return this.#refuseMalformed();
    }
  }

  #answer(stateVector: Uint8Array, nowMs: number): void {
    if (this.#stream.writableLength > bounds.outgoingMaxBytes) return this.#cutOff();
    if (!this.#bucket.take(nowMs, bounds.notesWholeFrames)) return this.#refuseMalformed(tooOften);
    let missing: Uint8Array;
    try {
      missing = this.#room.document.missingFor(stateVector);
    } catch {
      return this.#refuseMalformed();
    }
    this.#answerBytes = missing.byteLength;
    this.send(syncStep2Frame(missing));
  }

  #receiveUpdate(view: Uint8Array, step: "two" | "update", nowMs: number): void {
    try {
      assertUpdate(view);
      // A rejoining client sends all its deletions again: nothing to store, and no offence by a reader.
      const known =
        isEmptyUpdate(view) ||
        // What is not looked at is stored once more, or refused: that changes nothing.
        ((step === "two" || this.mode === "read") &&
          this.#bucket.take(nowMs, bounds.notesWholeFrames) &&
          this.#room.document.contains(view));
      if (known) return this.#completed(this.#durable.next());
    } catch {
      return this.#refuseMalformed();
    }
    if (this.mode === "read") return this.#refuse(readOnly);
    // A copy of its own: the view would keep the whole network buffer alive.
    void this.#append(updateMessage(view), nowMs);
  }

  async #append(edit: UpdateMessage, startedMs: number): Promise<void> {
    const number = this.#durable.next();
    this.#begin(edit.update.byteLength);
    try {
      await this.#room.append(this, this.actor.userId, edit);
      this.#observeAppend(startedMs);
      this.#completed(number);
    } catch (error) {
      this.#appendFailed(number, error);
    } finally {
      this.#finish(edit.update.byteLength);
    }
  }

  #appendFailed(number: number, thrown: unknown): void {
    this.#ports.count(metricNames.notesAppendFailures, 1);
    const error = toClientError(thrown);
    if (error.kind === "too-large" || error.kind === "invalid") {
      this.#durable.drop(number);
      return this.#refuse(error);
    }
    this.#ports.log("warn", "notes append failed", {
      documentId: this.documentId,
      error: error.cause instanceof Error ? error.cause : error,
    });
    // Not acknowledged: the client's document still holds the edit and offers it when it is back.
    this.startOver();
  }

  startOver(): void {
    this.close(notesClose.tryAgain);
  }

  #receiveAwareness(entries: AwarenessEntry[], bytes: number): void {
    if (bytes > bounds.awarenessFrameMaxBytes) return this.#refuse(awarenessTooBig);
    try {
      const ignored = this.#room.awareness.receive(this, entries);
      if (ignored > 0) this.#ports.count(metricNames.awarenessIgnored, ignored);
    } catch (error) {
      return this.#refuse(toClientError(error));
    }
    this.#room.awarenessChanged();
  }

  #completed(number: number): void {
    this.#durable.complete(number);
    if (this.#durableQueued) return;
    this.#durableQueued = true;
    // One commit makes many frames durable in the same turn: one message tells of all.
    this.#turns.add(() => this.#tellDurable());
  }

  #tellDurable(): void {
    if (!this.#durableQueued) return;
    this.#durableQueued = false;
    this.pass(durableMessage(this.#durable.count));
  }

  #begin(bytes: number): void {
    if (this.#inFlightFrames === 0) this.#rooms.hold(this.#room);
    this.#inFlightFrames += 1;
    this.#inFlightBytes += bytes;
    const full =
      this.#inFlightFrames >= bounds.notesInFlightFrames || this.#inFlightBytes >= bounds.notesInFlightBytes;
    if (!full || this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #finish(bytes: number): void {
    this.#inFlightFrames -= 1;
    this.#inFlightBytes -= bytes;
    if (this.#inFlightFrames === 0) this.#rooms.release(this.#room);
    const low =
      this.#inFlightFrames < bounds.notesInFlightFrames / 2 &&
      this.#inFlightBytes < bounds.notesInFlightBytes / 2;
    if (!this.#paused || !low) return;
    this.#paused = false;
    this.#readOn();
  }

  #throttle(): void {
    if (this.#throttled) return;
    this.#throttled = true;
    this.#socket.pause();
    this.#ports.schedule(bounds.notesThrottleMs, () => {
      this.#throttled = false;
      this.#readOn();
    });
  }

  #readOn(): void {
    if (this.#paused || this.#throttled) return;
    // While it was not read from, its pongs were not either.
    this.#alive = true;
    this.#socket.resume();
  }

  #observeAppend(startedMs: number): void {
    this.#ports.count(metricNames.notesUpdates, 1);
    this.#ports.observeSeconds(
      metricNames.notesAppendSeconds,
      (this.#ports.now().getTime() - startedMs) / 1000,
    );
  }

  #refuse(error: AppError): void {
    this.#ports.count(metricNames.notesRefused, 1);
    this.send(refusedFrame(error));
  }

  #refuseMalformed(error = malformed): void {
    this.#malformed += 1;
    this.#refuse(error);
    if (this.#malformed >= malformedFramesMax) this.close(notesClose.notUnderstood);
  }

  #cutOff(): void {
    if (this.#closed) return;
    this.#ports.count(metricNames.slowReaders, 1);
    this.#ports.gauge(metricNames.slowReaderBytes, this.#stream.writableLength);
    this.#ports.log("info", "slow reader cut off", { stream: "notes", userId: this.actor.userId });
    this.#terminate();
  }

  #terminate(): void {
    this.#end();
    this.#socket.terminate();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#room.leave(this);
    this.#rooms.release(this.#room);
    this.#onClosed(this);
  }
}

const tooBig = new AppError(
  "PAYLOAD_TOO_LARGE",
  `A notes message may have ${limits.notesFrameMaxBytes} bytes.`,
);
const awarenessTooBig = new AppError("PAYLOAD_TOO_LARGE", "This presence message is too large.");
const readOnly = new AppError("FORBIDDEN", "You can read these notes, but not change them.");
const tooOften = new AppError("RATE_LIMITED", "That was asked too often.");
const malformed = new AppError("MALFORMED_REQUEST", "This is not a message of the notes protocol.");

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
