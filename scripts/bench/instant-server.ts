// A server that answers the driver at once with the same documents: what the driver itself costs, beside every figure.
import { spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import mongoose from "mongoose";

const { BSON } = mongoose.mongo;

export interface InstantServer {
  uri: string;
  stop(): Promise<void>;
}

/** In a process of its own, as the server that is measured. */
export async function startInstantServer(): Promise<InstantServer> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`The instant server ended with ${code}.`)));
  });
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await gone;
    },
  };
}

const headerBytes = 16;
const opReply = 1;
const opQuery = 2004;
const opMessage = 2013;

const greeting = {
  helloOk: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
  ok: 1,
};
const row = { meetingId: "meeting-1", sequence: 1, email: "a@example.org", text: "a".repeat(150) };
const rows = (count: number) => ({
  cursor: { firstBatch: Array.from({ length: count }, () => row), id: BSON.Long.ZERO, ns: "bench.rows" },
  ok: 1,
});
const answers = {
  hello: framed(greeting),
  findOne: framed(rows(1)),
  find: framed(rows(100)),
  other: framed({ n: 1, ok: 1 }),
};

function framed(document: object, legacy = false): Buffer {
  const body = BSON.serialize(document);
  const head = Buffer.alloc(legacy ? headerBytes + 20 : headerBytes + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(legacy ? opReply : opMessage, 12);
  if (legacy) head.writeInt32LE(1, headerBytes + 16);
  return Buffer.concat([head, body]);
}

function answerTo(message: Buffer): Buffer {
  if (message.readInt32LE(12) === opQuery) return framed(greeting, true);
  const nameStart = headerBytes + 10;
  const name = message.toString("latin1", nameStart, message.indexOf(0, nameStart));
  if (name === "find") return Buffer.from(message.includes("singleBatch") ? answers.findOne : answers.find);
  return Buffer.from(name === "hello" || name === "ismaster" ? answers.hello : answers.other);
}

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  let held: Buffer = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    held = held.length === 0 ? data : Buffer.concat([held, data]);
    while (held.length >= headerBytes && held.length >= held.readInt32LE(0)) {
      const message = held.subarray(0, held.readInt32LE(0));
      held = held.subarray(message.length);
      const answer = answerTo(message);
      answer.writeInt32LE(message.readInt32LE(4), 8);
      socket.write(answer);
    }
  });
}

if (import.meta.main) {
  const server = createServer(serve).listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
  });
  process.stdin.resume().once("end", () => process.exit(0));
}
