// One client's socket: cuts the stream into messages, answers them in order, and holds back when the client does not read.
import type { Socket } from "node:net";
import { encodeDocument } from "../bson/writer.ts";
import { release } from "../bson/release.ts";
import { failureReply, runCommand, type ReportFault } from "../commands/dispatch.ts";
import type { Reply, Session, SessionEngine } from "../commands/context.ts";
import { sessionCommands } from "../commands/session-commands.ts";
import { placeOf, type Place } from "../commands/places.ts";
import { StoreError } from "../errors.ts";
import type { Answer } from "../threads/engine-thread.ts";
import {
  ProtocolError,
  commandNameOf,
  encodeReply,
  headerBytes,
  maxMessageBytes,
  parseMessage,
  wantsReply,
  type Request,
} from "./messages.ts";
import type { ScramCredentials } from "./scram.ts";

/** Sends a whole message to the thread that runs its command. Rejects with StoreError where that is gone. */
export type Forward = (place: Place, message: Buffer) => Promise<Answer>;

/** Answers what the main thread can answer itself; null where it cannot. */
export type Quick = (message: Buffer) => Promise<{ request: Request; reply: Reply } | null>;

export interface ConnectionOptions {
  connectionId: number;
  credentials: ScramCredentials;
  nowMs(): number;
  quick: Quick;
  forward: Forward;
  report: ReportFault;
  /** Called once, when a whole message has come in. */
  onFirstMessage(): void;
}

/** Messages read ahead of the one being answered; beyond it the socket is not read. */
const maxWaiting = 16;
/** Who has not signed in has no need of large messages. */
const maxBytesBeforeSignIn = 64 * 1024;

export class Connection {
  readonly #socket: Socket;
  readonly #session: Session;
  readonly #engine: SessionEngine;
  readonly #quick: Quick;
  readonly #forward: Forward;
  readonly #report: ReportFault;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #waiting: Buffer[] = [];
  #busy = false;
  #replies = 0;
  #onFirstMessage: (() => void) | null;

  constructor(socket: Socket, options: ConnectionOptions) {
    const { connectionId, credentials, nowMs, quick, forward, report } = options;
    this.#quick = quick;
    this.#socket = socket;
    this.#forward = forward;
    this.#report = report;
    this.#onFirstMessage = options.onFirstMessage;
    this.#session = { connectionId, authenticated: false, conversation: null };
    this.#engine = { session: this.#session, credentials, nowMs };
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    // A client that went away needs no answer; "close" follows.
    socket.on("error", () => undefined);
    socket.on("drain", () => this.#resume());
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    for (;;) {
      const message = this.#takeMessage();
      if (message === null) break;
      if (message === "invalid") {
        this.#socket.destroy();
        return;
      }
      this.#onFirstMessage?.();
      this.#onFirstMessage = null;
      this.#waiting.push(message);
    }
    if (this.#waiting.length > maxWaiting) this.#socket.pause();
    if (!this.#busy) void this.#work();
  }

  #takeMessage(): Buffer | null | "invalid" {
    if (this.#buffered < headerBytes) return null;
    const first = this.#chunks[0];
    const head = first !== undefined && first.length >= 4 ? first : this.#joined();
    const length = head.readInt32LE(0);
    const limit = this.#session.authenticated ? maxMessageBytes : maxBytesBeforeSignIn;
    if (length < headerBytes || length > limit) return "invalid";
    if (this.#buffered < length) return null;
    const all = this.#joined();
    this.#buffered = all.length - length;
    this.#chunks = this.#buffered === 0 ? [] : [all.subarray(length)];
    return all.subarray(0, length);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first !== undefined) return first;
    const all = Buffer.concat(this.#chunks, this.#buffered);
    this.#chunks = [all];
    return all;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) {
      if (this.#socket.destroyed) break;
      await this.#answer(message);
      // The client does not read: take no more from it until it does.
      if (this.#socket.writableNeedDrain) break;
    }
    this.#busy = false;
    if (!this.#socket.writableNeedDrain && this.#waiting.length <= maxWaiting) this.#socket.resume();
    else this.#socket.pause();
  }

  #resume(): void {
    this.#socket.resume();
    if (!this.#busy && this.#waiting.length > 0) void this.#work();
  }

  async #answer(message: Buffer): Promise<void> {
    const { authenticated } = this.#session;
    let place = authenticated ? placeOf(commandNameOf(message)) : undefined;
    if (place === undefined) {
      const request = this.#parse(message);
      if (request === null) return;
      place = authenticated ? placeOf(request.name) : undefined;
      if (place === undefined) {
        const commands = { commands: sessionCommands, engine: this.#engine, authenticated };
        const reply = await runCommand(commands, request, this.#report);
        if (request.wantsReply) this.#reply(request, reply);
        return;
      }
    }
    try {
      const quick = place === "reader" ? await this.#quick(message) : null;
      if (quick !== null) {
        this.#reply(quick.request, quick.reply);
        return;
      }
      const answer = await this.#forward(place, message);
      if (answer.kind === "close") this.#socket.destroy();
      else if (answer.kind === "reply") this.#sendAnswer(answer.message);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (wantsReply(message)) this.#reply(plainRequest(message), failureReply(error));
    }
  }

  /** Null where the message was answered already, or the connection closed. */
  #parse(message: Buffer): Request | null {
    try {
      return parseMessage(message);
    } catch (error) {
      if (error instanceof StoreError) this.#reply(plainRequest(message), failureReply(error));
      else {
        // Out of step, or not MongoDB's protocol at all: there is nothing to answer.
        if (!(error instanceof ProtocolError)) this.#report(error, "message");
        this.#socket.destroy();
      }
      return null;
    }
  }

  #reply(request: { requestId: number; legacy: boolean }, reply: Reply): void {
    this.#send(encodeReply(request, 0, encodeDocument(reply).bytes()));
  }

  /** An answer that has crossed over alone is the only owner of its memory, which is given back once it is written. */
  #sendAnswer(message: Buffer): void {
    const alone = message.length === message.buffer.byteLength;
    this.#send([message], alone ? () => release(message) : undefined);
  }

  /** Numbers the reply and writes it. */
  #send(parts: Buffer[], written?: () => void): void {
    if (this.#socket.destroyed) return;
    this.#replies = (this.#replies + 1) & 0x7fffffff;
    parts[0]?.writeInt32LE(this.#replies, 4);
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part, written);
    this.#socket.uncork();
  }
}

function plainRequest(message: Buffer): { requestId: number; legacy: boolean } {
  return { requestId: message.readInt32LE(4), legacy: false };
}
