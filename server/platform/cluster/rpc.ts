// Calls from one process to another: requests and answers in messages, gathered per turn, bounded and with an end in time.
import mongoose from "mongoose";
import { AppError, toAppError, type ErrorCode } from "../../../shared/errors.ts";
import { TransientMap } from "../../../shared/transient-map.ts";
import type { Clock } from "../clock.ts";
import type { Term } from "../journal/journal-store.ts";
import type { Logger } from "../logger.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { ClusterMeters } from "./cluster-meters.ts";
import { ServedCalls } from "./served-calls.ts";

const { BSON } = mongoose.mongo;

/** Carries messages between processes: each at most once, in order as long as nothing breaks. */
export interface Transport {
  /** How many processes have got it: none where nobody listens under this term. */
  send(to: Term, message: Uint8Array): Promise<number>;
  /** Whatever is sent to this term comes to `receive`, which must not throw; the answer ends it. */
  listen(term: Term, receive: (message: Uint8Array) => void): Promise<() => Promise<void>>;
}

/** The other process was not reached, or has not answered: whether it did what was asked is unknown. */
export class CallLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CallLost";
  }
}

/** The other process does not own the meeting: nothing was done. */
export class NotOwner extends Error {
  constructor() {
    super("another process owns this meeting");
    this.name = "NotOwner";
  }
}

/** Arguments and answers are BSON values: dates and bytes pass as they are. */
export type Values = Record<string, unknown>;
export type Handler = (args: Values, from: Term) => Promise<Values> | Values;

interface Frame {
  /** Number of the call; absent where no answer is wanted. */
  i?: number;
  /** Of a request. */
  m?: string;
  a?: Values;
  /** Of an answer. */
  r?: Values;
  e?: FrameError;
}

interface FrameError {
  code: ErrorCode | "NOT_OWNER";
  message: string;
  details?: unknown;
  retryAfterSeconds?: number | undefined;
}

interface Message {
  f: Term;
  v: Frame[];
}

interface Waiting {
  to: Term;
  method: string;
  /** The call as it goes over the wire. */
  bytes: Uint8Array;
  startedMs: number;
  resolve(values: Values): void;
  reject(error: Error): void;
  cancel(): void;
}

/** Of the two messages that find out what became of a call; they carry its number as `i`. */
const hasItArrived = "?";
const hasNotArrived = "!";

export interface RpcOptions {
  transport: Transport;
  clock: Clock;
  logger: Logger;
  limits: ClusterLimits;
  meters: ClusterMeters;
  handlers: Record<string, Handler>;
}

export class Rpc {
  readonly #options: RpcOptions;
  #term: Term | null = null;
  #unlisten: (() => Promise<void>) | null = null;
  #calls = 0;
  readonly #waiting = new TransientMap<number, Waiting>();
  readonly #inFlight = new Map<Term, number>();
  readonly #outgoing = new Map<Term, { frames: Uint8Array[]; bytes: number; calls: number[] }>();
  readonly #served: ServedCalls;

  constructor(options: RpcOptions) {
    this.#options = options;
    this.#served = new ServedCalls(options);
  }

  /** From now on calls to this term arrive here, and calls from here carry it. */
  async listen(term: Term): Promise<void> {
    await this.stop();
    this.#unlisten = await this.#options.transport.listen(term, (message) => this.#receive(message));
    this.#term = term;
  }

  /** What has been answered or told so far still goes out. */
  async stop(): Promise<void> {
    for (const id of this.#waiting.keys()) this.#lose(id, "this process goes");
    await this.#flushAll();
    const unlisten = this.#unlisten;
    this.#unlisten = null;
    this.#term = null;
    await unlisten?.();
  }

  /** Calls to one process are sent in the order in which they were made. Rejects with what the other one threw, or CallLost. */
  call(to: Term, method: string, args: Values): Promise<Values> {
    const { clock, limits } = this.#options;
    const inFlight = this.#inFlight.get(to) ?? 0;
    if (inFlight >= limits.callsInFlightMax) {
      const busy = "Too much is on its way to another process. Please try again in a moment.";
      return Promise.reject(new AppError("UNAVAILABLE", busy, { retryAfterSeconds: 1 }));
    }
    const id = (this.#calls += 1);
    const bytes = this.#serialized({ i: id, m: method, a: args });
    if (bytes === null) return Promise.reject(new CallLost("the call could not be sent"));
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(limits.callAgainMs, () => this.#askWhether(id));
      const startedMs = clock.monotonicMs();
      this.#waiting.set(id, { to, method, bytes, startedMs, resolve, reject, cancel });
      this.#inFlight.set(to, inFlight + 1);
      this.#enqueue(to, bytes, id);
    });
  }

  /** Tells something that needs no answer, and may get lost. */
  tell(to: Term, method: string, args: Values): void {
    this.#send(to, { m: method, a: args });
  }

  /** Nobody answers under this term any more. */
  dropped(term: Term): void {
    for (const [id, { to }] of this.#waiting.entries())
      if (to === term) this.#lose(id, "the other process is gone");
  }

  /** The call or its answer may have got lost on the way: a short question costs less than the call once more, and keeps the order. */
  #askWhether(id: number): void {
    const { clock, limits } = this.#options;
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    const leftMs = waiting.startedMs + limits.callTimeoutMs - clock.monotonicMs();
    if (leftMs <= 0) return this.#lose(id, "no answer in time");
    waiting.cancel = clock.schedule(Math.min(limits.callAgainMs, leftMs), () => this.#askWhether(id));
    this.#send(waiting.to, { m: hasItArrived, a: { i: id } });
  }

  #send(to: Term, frame: Frame): void {
    const bytes = this.#serialized(frame);
    if (bytes !== null) this.#enqueue(to, bytes);
  }

  /** Null, and an entry in the log, where it cannot be sent. */
  #serialized(frame: Frame): Uint8Array | null {
    const { limits, logger } = this.#options;
    try {
      const bytes = BSON.serialize(frame);
      if (bytes.byteLength <= limits.messageMaxBytes) return bytes;
      throw new Error("a message between processes is too large");
    } catch (error) {
      logger.error({ method: frame.m ?? "answer", error: error as Error }, "message could not be sent");
      return null;
    }
  }

  #enqueue(to: Term, bytes: Uint8Array, call?: number): void {
    const { limits } = this.#options;
    let queue = this.#outgoing.get(to);
    if (queue !== undefined && queue.bytes + bytes.byteLength > limits.messageMaxBytes) {
      void this.#flush(to);
      queue = undefined;
    }
    if (queue === undefined) {
      queue = { frames: [], bytes: 0, calls: [] };
      this.#outgoing.set(to, queue);
      const opened = queue;
      // What is sent within one turn travels together.
      setImmediate(() => {
        if (this.#outgoing.get(to) === opened) void this.#flush(to);
      });
    }
    queue.frames.push(bytes);
    queue.bytes += bytes.byteLength;
    if (call !== undefined) queue.calls.push(call);
  }

  async #flushAll(): Promise<void> {
    const { clock, limits } = this.#options;
    let cancel = () => {};
    // A network that does not take them holds nobody up.
    const enough = new Promise<void>((resolve) => (cancel = clock.schedule(limits.retryMs, resolve)));
    const sent = Promise.all([...this.#outgoing.keys()].map((to) => this.#flush(to)));
    await Promise.race([sent, enough]);
    cancel();
  }

  /** Resolves when the message has left or is lost. */
  async #flush(to: Term): Promise<void> {
    const queue = this.#outgoing.get(to);
    if (queue === undefined) return;
    this.#outgoing.delete(to);
    const lost = (why: string) => {
      for (const id of queue.calls) this.#lose(id, why);
    };
    if (this.#term === null) return lost("this process is between two terms");
    await this.#options.transport.send(to, pack(this.#term, queue.frames)).then(
      (receivers) => {
        if (receivers === 0) lost("nobody listens there");
      },
      () => lost("the message could not be sent"),
    );
  }

  #receive(bytes: Uint8Array): void {
    let message: Message;
    try {
      message = unpack(bytes);
    } catch (error) {
      this.#options.logger.error({ error: error as Error }, "message from another process cannot be read");
      return;
    }
    for (const frame of message.v) {
      if (frame.m !== undefined) this.#serve(message.f, frame.m, frame);
      else if (frame.i !== undefined) this.#answered(frame.i, frame);
    }
  }

  #serve(from: Term, method: string, { i: id, a: args = {} }: Frame): void {
    if (method === hasItArrived || method === hasNotArrived) return this.#asked(from, method, args["i"]);
    if (id !== undefined) {
      // It was asked for once more, and the first one came after all.
      if (this.#served.find(from, id) !== undefined) return;
      this.#served.arrived(from, id);
    }
    const handler = this.#options.handlers[method];
    const answer = (frame: Frame) => {
      if (id === undefined) return;
      const unsendable = () => this.#serialized({ i: id, e: toFrameError(new Error("unsendable answer")) });
      const bytes = this.#serialized({ ...frame, i: id }) ?? unsendable();
      if (bytes === null) return;
      this.#served.answered(from, id, bytes);
      this.#enqueue(from, bytes);
    };
    if (handler === undefined) return answer({ e: toFrameError(new Error(`unknown call ${method}`)) });
    // Entered in the order of arrival: what a handler does before its first wait keeps that order.
    new Promise<Values>((resolve) => resolve(handler(args, from))).then(
      (values) => answer({ r: values }),
      (error: unknown) => answer({ e: toFrameError(error) }),
    );
  }

  #asked(from: Term, question: string, id: unknown): void {
    if (typeof id !== "number") return;
    if (question === hasNotArrived) {
      const waiting = this.#waiting.get(id);
      if (waiting !== undefined) this.#enqueue(waiting.to, waiting.bytes, id);
      return;
    }
    const served = this.#served.find(from, id);
    if (served === undefined) this.#send(from, { m: hasNotArrived, a: { i: id } });
    else if (served.answer !== null) this.#enqueue(from, served.answer);
  }

  #answered(id: number, { r: values, e: error }: Frame): void {
    const waiting = this.#take(id);
    if (waiting === null) return;
    this.#observe(waiting, error === undefined ? "answered" : "refused");
    if (error === undefined) waiting.resolve(values ?? {});
    else waiting.reject(fromFrameError(error));
  }

  #lose(id: number, why: string): void {
    const waiting = this.#take(id);
    if (waiting === null) return;
    this.#observe(waiting, "lost");
    waiting.reject(new CallLost(why));
  }

  #take(id: number): Waiting | null {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return null;
    this.#waiting.delete(id);
    waiting.cancel();
    const left = (this.#inFlight.get(waiting.to) ?? 1) - 1;
    if (left > 0) this.#inFlight.set(waiting.to, left);
    else this.#inFlight.delete(waiting.to);
    return waiting;
  }

  #observe({ method, startedMs }: Waiting, outcome: "answered" | "refused" | "lost"): void {
    const { clock, meters } = this.#options;
    meters.called({ method, outcome, seconds: (clock.monotonicMs() - startedMs) / 1_000 });
  }
}

/** Length of the sender's term, the term, and the frames one after another: each begins with its own length. */
function pack(from: Term, frames: Uint8Array[]): Uint8Array {
  const name = Buffer.from(from, "latin1");
  return Buffer.concat([Buffer.from([name.byteLength]), name, ...frames]);
}

function unpack(bytes: Uint8Array): Message {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameEnd = 1 + message.readUInt8(0);
  const frames: Frame[] = [];
  for (let start = nameEnd; start < message.byteLength;) {
    const end = start + message.readInt32LE(start);
    frames.push(BSON.deserialize(message.subarray(start, end), { promoteBuffers: true }));
    start = end;
  }
  return { f: message.toString("latin1", 1, nameEnd), v: frames };
}

function toFrameError(thrown: unknown): FrameError {
  if (thrown instanceof NotOwner) return { code: "NOT_OWNER", message: thrown.message };
  const { code, message, details, retryAfterSeconds } = toAppError(thrown);
  return { code, message, details, retryAfterSeconds };
}

function fromFrameError({ code, message, details, retryAfterSeconds }: FrameError): Error {
  if (code === "NOT_OWNER") return new NotOwner();
  return new AppError(code, message, {
    ...(details !== undefined && { details }),
    ...(typeof retryAfterSeconds === "number" && { retryAfterSeconds }),
  });
}
