// Runs the requests of an engine thread side by side and hands their answers out in batches.
import { encodeDocument } from "../bson/writer.ts";
import { failureReply } from "../commands/dispatch.ts";
import type { Reply } from "../commands/context.ts";
import { StoreError } from "../errors.ts";
import { encodeReply, parseMessage, ProtocolError, type Request } from "../wire/messages.ts";
import { messagesOf, Outbox, type AnswerKind, type Batch, type FromThread } from "./thread-messages.ts";

/** One thread's commands over its data. */
export interface ThreadEngine {
  /** Called before new requests are run: what they read must be no older than this moment. */
  refresh(): void;
  /** Always answers. */
  answer(request: Request): Promise<Reply>;
  /** Finishes what was begun, within a few seconds where it only reads. */
  drain(idle: Promise<void>): Promise<void>;
  close(): void;
}

/** Answers on their way out: those that are ready in the same turn of the event loop leave together. */
export class Answers {
  readonly #send: (message: FromThread, transfer: ArrayBuffer[]) => void;
  readonly #outbox = new Outbox({ ownsParts: true });
  #kinds: AnswerKind[] = [];

  constructor(send: (message: FromThread, transfer: ArrayBuffer[]) => void) {
    this.#send = send;
  }

  add(id: number, kind: AnswerKind, parts: readonly Uint8Array[] = []): void {
    if (this.#outbox.size === 0) this.flushSoon();
    this.#outbox.add(id, parts);
    this.#kinds.push(kind);
  }

  /** Sends what is ready at the end of this turn. */
  flushSoon(): void {
    setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#outbox.size === 0) return;
    const { batch, transfer } = this.#outbox.take();
    const kinds = this.#kinds;
    this.#kinds = [];
    this.#send({ kind: "answers", batch, kinds }, transfer);
  }
}

export class RequestRunner {
  readonly #engine: ThreadEngine;
  readonly #answers: Answers;
  readonly #report: (error: unknown, where: string) => void;
  #running = 0;
  #idle: (() => void) | null = null;

  constructor(options: {
    engine: ThreadEngine;
    answers: Answers;
    report(error: unknown, where: string): void;
  }) {
    this.#engine = options.engine;
    this.#answers = options.answers;
    this.#report = options.report;
  }

  take(batch: Batch): void {
    this.#engine.refresh();
    for (const { id, message } of messagesOf(batch)) void this.#run(id, message);
  }

  /** Resolves when everything taken is answered and the data is closed. */
  async close(): Promise<void> {
    const idle =
      this.#running === 0 ? Promise.resolve() : new Promise<void>((resolve) => (this.#idle = resolve));
    await this.#engine.drain(idle);
    this.#answers.flush();
    this.#engine.close();
  }

  async #run(id: number, message: Buffer): Promise<void> {
    this.#running += 1;
    try {
      const request = parseMessage(message);
      const reply = await this.#engine.answer(request);
      if (request.wantsReply) this.#reply(id, request, reply);
      else this.#answers.add(id, "silent");
    } catch (error) {
      if (error instanceof StoreError)
        this.#reply(id, { requestId: message.readInt32LE(4), legacy: false }, failureReply(error));
      else {
        // Out of step, or not MongoDB's protocol at all: there is nothing to answer.
        if (!(error instanceof ProtocolError)) this.#report(error, "message");
        this.#answers.add(id, "close");
      }
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    }
  }

  #reply(id: number, request: { requestId: number; legacy: boolean }, reply: Reply): void {
    this.#answers.add(id, "reply", encodeReply(request, 0, encodeDocument(reply).bytes()));
  }
}
