// One client's socket: cuts the stream into messages, answers them in order, and holds back when the client does not read.
import type { Socket } from "node:net";
import { encodeDocument } from "../bson/writer.ts";
import { doubleValue } from "../bson/value.ts";
import { runCommand, type ReportFault } from "../commands/dispatch.ts";
import type { Engine, Reply, Session } from "../commands/context.ts";
import { StoreError } from "../errors.ts";
import {
  ProtocolError,
  encodeReply,
  headerBytes,
  maxMessageBytes,
  parseMessage,
  type Request,
} from "./messages.ts";

/** Messages read ahead of the one being answered; beyond it the socket is not read. */
const maxWaiting = 16;
/** Who has not signed in has no need of large messages. */
const maxBytesBeforeSignIn = 64 * 1024;

export class Connection {
  readonly #socket: Socket;
  readonly #engine: Engine;
  readonly #session: Session;
  readonly #report: ReportFault;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #waiting: Buffer[] = [];
  #busy = false;
  #replies = 0;

  constructor(socket: Socket, options: { engine: Engine; connectionId: number; report: ReportFault }) {
    this.#socket = socket;
    this.#engine = options.engine;
    this.#report = options.report;
    this.#session = { connectionId: options.connectionId, authenticated: false, conversation: null };
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
    let request: Request;
    try {
      request = parseMessage(message);
    } catch (error) {
      if (error instanceof StoreError)
        this.#reply({ requestId: message.readInt32LE(4), legacy: false }, failure(error));
      else {
        // Out of step, or not MongoDB's protocol at all: there is nothing to answer.
        if (!(error instanceof ProtocolError)) this.#report(error, "message");
        this.#socket.destroy();
      }
      return;
    }
    const reply = await runCommand(this.#engine, this.#session, request, this.#report);
    if (request.wantsReply) this.#reply(request, reply);
  }

  #reply(request: { requestId: number; legacy: boolean }, reply: Reply): void {
    if (this.#socket.destroyed) return;
    this.#replies = (this.#replies + 1) & 0x7fffffff;
    const parts = encodeReply(request, this.#replies, encodeDocument(reply).bytes());
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }
}

function failure(error: StoreError): Reply {
  return { ok: doubleValue(0), errmsg: error.message, code: error.code, codeName: error.codeName };
}
