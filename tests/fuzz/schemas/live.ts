// Generated socket events, live queries, packets that are none, and frames of the notes' streams.
import fc from "fast-check";
import WebSocket from "ws";
import * as Y from "yjs";
import { z } from "zod";
import { liveQueries } from "../../../shared/protocol/live-queries.ts";
import { notesFragmentName, notesMessage } from "../../../shared/protocol/notes-sync.ts";
import { clientEvents, type ClientEventName } from "../../../shared/protocol/socket-events.ts";
import { fitting, unfitting, type JsonSchema, type KnownValues } from "./arbitrary.ts";
import { encodeJson, hostileValue } from "./hostile.ts";
import { assertError, assertNoInternals, Fault, inTime } from "./judge.ts";
import type { RawSocket } from "./socket.ts";

const schemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });

export interface GeneratedEvent {
  /** The arguments as JSON. */
  args: string;
  attachments: Buffer[];
  acknowledged: boolean;
}

const plain = (args: string): GeneratedEvent => ({ args, attachments: [], acknowledged: true });
const placeholder = '{"_placeholder":true,"num":0}';

export function eventsOf(name: ClientEventName, known: KnownValues): fc.Arbitrary<GeneratedEvent> {
  return generated(schemaOf(clientEvents[name].input), known);
}

/** `live:subscribe` with the arguments of one query. */
export function subscriptionsOf(
  query: keyof typeof liveQueries,
  known: KnownValues,
): fc.Arbitrary<GeneratedEvent> {
  const args = schemaOf(liveQueries[query].args);
  const schema = {
    type: "object",
    required: ["query", "args"],
    properties: {
      query: { const: query },
      args,
      id: { type: "string", minLength: 1, maxLength: 100 },
      cursor: { type: "string", maxLength: 200 },
    },
  };
  return generated(schema, known);
}

function generated(schema: JsonSchema, known: KnownValues): fc.Arbitrary<GeneratedEvent> {
  const good = fitting(schema, known).map(encodeJson);
  return fc.oneof(
    { weight: 5, arbitrary: good.map(plain) },
    { weight: 9, arbitrary: unfitting(schema, known).map((value) => plain(encodeJson(value))) },
    { weight: 1, arbitrary: good.map((args) => ({ ...plain(args), acknowledged: false })) },
    { weight: 1, arbitrary: fc.constantFrom(plain(""), plain("null,null"), plain("{},{},{}")) },
    {
      weight: 1,
      arbitrary: fc.tuple(good, fc.uint8Array({ maxLength: 100 })).map(([args, bytes]) => ({
        args: args.replace(/"[^"]*"/, placeholder),
        attachments: [Buffer.from(bytes)],
        acknowledged: true,
      })),
    },
  );
}

/** What became of it; throws Fault. */
export async function sendEvent(socket: RawSocket, name: string, event: GeneratedEvent): Promise<string> {
  const { args, attachments, acknowledged } = event;
  if (!acknowledged) {
    socket.send(`42[${JSON.stringify(name)},${args}]`);
    await socket.ask("live:unsubscribe", '{"id":"nothing"}');
    return "without ack";
  }
  const answer = await socket.ask(name, args, attachments);
  for (const packet of socket.heard()) assertNoInternals(packet, "a packet");
  if (answer === "closed") {
    // A frame beyond the bound, and attachments that do not belong to a packet, are no events.
    if (args.length < 900_000 && attachments.length === 0 && isJson(args))
      throw new Fault(`${name} closed the socket`);
    return "closed";
  }
  const refused = typeof answer === "object" && answer !== null && "error" in answer;
  return refused ? assertError(answer, null) : "done";
}

function isJson(args: string): boolean {
  try {
    JSON.parse(`[${args}]`);
    return true;
  } catch {
    return false;
  }
}

/** Packets that are no events, or not ones of ours. */
export const strayPackets: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom<string | Buffer>(
    "4",
    "42",
    "42[",
    "42[]",
    "42{}",
    '42["meeting:join"',
    "42[null]",
    "42[1,2,3]",
    '42["connect",{}]',
    '42["disconnect"]',
    '42["__proto__",{}]',
    '42["constructor",{}]',
    '4299999999999999999999["meeting:join",{}]',
    '451-["chat:send",{"_placeholder":true,"num":9}]',
    '4599-["chat:send"]',
    '45-1["chat:send"]',
    "43",
    '430["ack of nothing"]',
    "40",
    '40/elsewhere,{"token":"x"}',
    '42/elsewhere,["meeting:join",{}]',
    "41/elsewhere,",
    "44{}",
    "46[]",
    "5",
    "6",
    "9",
    "2probe",
    Buffer.from([0]),
    Buffer.alloc(100_000),
  ),
  hostileValue.map((value) => `42["no such event",${encodeJson(value)}]`),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

/** The socket is closed or goes on; no answer tells what it should not. */
export async function sendPacket(socket: RawSocket, packet: string | Buffer): Promise<string> {
  socket.send(packet);
  const answer = await socket.ask("live:unsubscribe", '{"id":"nothing"}');
  for (const heard of socket.heard()) assertNoInternals(heard, "a packet");
  return answer === "closed" ? "closed" : "survived";
}

function goodFrames(): Buffer[] {
  const document = new Y.Doc();
  document.clientID = 7;
  const paragraph = new Y.XmlElement("paragraph");
  const text = new Y.XmlText();
  document.getXmlFragment(notesFragmentName).insert(0, [paragraph]);
  paragraph.insert(0, [text]);
  text.insert(0, "some words");
  text.delete(2, 3);
  const update = Buffer.from(Y.encodeStateAsUpdate(document));
  const awareness = Buffer.from([1, 7, 1, 2, 0x7b, 0x7d]);
  const framed =
    (...head: number[]) =>
    (payload: Buffer) =>
      Buffer.concat([Buffer.from([...head, payload.length]), payload]);
  return [
    framed(notesMessage.sync, 0)(Buffer.from(Y.encodeStateVector(document))),
    framed(notesMessage.sync, 1)(update),
    framed(notesMessage.sync, 2)(update),
    framed(notesMessage.awareness)(awareness),
    Buffer.from([notesMessage.queryAwareness]),
  ];
}

export const notesFrames: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...goodFrames()) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...goodFrames()),
        fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
      )
      .map(([frame, changes]) => {
        const bytes = Buffer.from(frame);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes;
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...goodFrames()), fc.nat())
      .map(([frame, at]) => frame.subarray(0, at % frame.length)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Buffer.from([0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
      Buffer.from([1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.from([0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.from([0, 2, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.alloc(0),
      Buffer.alloc(300_000, 1),
      Buffer.from([100, 1]),
      Buffer.from([101, 2, 0x7b, 0x7d]),
    ),
  },
);

/** A stream of notes: what a frame is answered with, until it is closed. */
export class NotesProbe {
  readonly #socket: WebSocket;
  #isOpen = true;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("close", () => (this.#isOpen = false));
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => assertNoInternals(data.toString("latin1"), "a notes message"));
  }

  static async open(url: string, meetingId: string, token: string): Promise<NotesProbe> {
    const address = new URL(`/notes/${meetingId}`, url.replace(/^http/, "ws"));
    address.searchParams.set("token", token);
    const socket = new WebSocket(address);
    const probe = new NotesProbe(socket);
    const greeted = new Promise((resolve, reject) => {
      socket.once("message", resolve);
      socket.once("close", (code) => reject(new Fault(`the notes closed with ${code} at the door`)));
    });
    await inTime(greeted, "opening notes");
    return probe;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sent, and everything before it was looked at: a pong follows what went before it. */
  async send(frame: Buffer, asText: boolean): Promise<string> {
    if (asText) this.#socket.send(frame.toString("utf8"));
    else this.#socket.send(frame);
    const settled = new Promise<string>((resolve) => {
      this.#socket.once("pong", () => resolve("survived"));
      this.#socket.once("close", (code: number) => resolve(`closed ${code}`));
    });
    this.#socket.ping();
    const outcome = await inTime(settled, "a notes frame");
    if (/^closed (1006|1011)$/.test(outcome)) throw new Fault(`the notes were ${outcome}`);
    return outcome;
  }

  close(): void {
    this.#socket.terminate();
  }
}
