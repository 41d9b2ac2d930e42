// Bytes nobody should send: the store answers with an error or closes that connection, and goes on for the others.
import { connect, type Socket } from "node:net";
import { serialize } from "bson";
import { expect, test } from "vitest";
import { codeOf, useEmbeddedMongo } from "../factories/embedded-mongo.ts";

const fixture = useEmbeddedMongo();

function header(length: number, operation: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(operation, 12);
  return head;
}

/** An OP_MSG with these sections and flags; the length may lie. */
function message(sections: Buffer, { flags = 0, length }: { flags?: number; length?: number } = {}): Buffer {
  const bits = Buffer.alloc(4);
  bits.writeUInt32LE(flags);
  const total = length ?? 20 + sections.length;
  return Buffer.concat([header(total, 2013), bits, sections]);
}

const command = (document: Buffer) => Buffer.concat([Buffer.from([0]), document]);
const ping = serialize({ ping: 1, $db: "admin" });

function nested(depth: number): Buffer {
  let inner = Buffer.from([5, 0, 0, 0, 0]);
  for (let level = 0; level < depth; level += 1) {
    const outer = Buffer.alloc(inner.length + 8);
    outer.writeInt32LE(outer.length, 0);
    outer[4] = 3;
    outer[5] = 0x61;
    inner.copy(outer, 7);
    inner = outer;
  }
  return inner;
}

/** The bytes answered until the store closes, or the first answer. */
async function exchange(bytes: Buffer, { end = false } = {}): Promise<{ closed: boolean; answer: Buffer }> {
  const socket: Socket = connect(Number(new URL(fixture.store.uri).port), "127.0.0.1");
  const chunks: Buffer[] = [];
  try {
    return await new Promise((resolve, reject) => {
      socket.on("error", (error: NodeJS.ErrnoException) =>
        error.code === "ECONNRESET" || error.code === "EPIPE"
          ? resolve({ closed: true, answer: Buffer.concat(chunks) })
          : reject(error),
      );
      socket.on("close", () => resolve({ closed: true, answer: Buffer.concat(chunks) }));
      socket.on("data", (chunk) => {
        chunks.push(chunk);
        resolve({ closed: false, answer: Buffer.concat(chunks) });
      });
      if (end) socket.end(bytes);
      else socket.write(bytes);
    });
  } finally {
    socket.destroy();
  }
}

const wrongLength = Buffer.from(ping);
wrongLength.writeInt32LE(ping.length + 100, 0);
const cutString = Buffer.from(serialize({ hello: "abcdef", $db: "admin" }));
cutString.writeInt32LE(100_000, 11);
const unknownType = Buffer.from(ping);
unknownType[4] = 0x55;

test.each([
  ["an unknown operation code", header(16, 4242)],
  ["a length below the header's", header(3, 2013)],
  ["a negative length", header(-1, 2013)],
  ["a length above the limit", header(0x7fffffff, 2013)],
  ["a large message before signing in", header(1_000_000, 2013)],
  ["a document longer than its message", message(command(wrongLength))],
  ["an unknown section", message(Buffer.from([9, 1, 2, 3]))],
  ["no section at all", message(Buffer.alloc(0))],
  ["two commands", message(Buffer.concat([command(Buffer.from(ping)), command(Buffer.from(ping))]))],
  ["unknown required flags", message(command(Buffer.from(ping)), { flags: 4 })],
  [
    "a wrong checksum",
    message(Buffer.concat([command(Buffer.from(ping)), Buffer.from([1, 2, 3, 4])]), { flags: 1 }),
  ],
  [
    "a sequence that does not end",
    message(Buffer.concat([Buffer.from([1]), Buffer.from([255, 255, 0, 0]), Buffer.from("documents")])),
  ],
  [
    "a query that is no greeting",
    Buffer.concat([header(28, 2004), Buffer.from("\0\0\0\0x.y\0\0\0\0\0", "latin1")]),
  ],
])("[STORE-40] %s closes the connection, and the store goes on", async (_name, bytes) => {
  expect(await exchange(bytes)).toEqual({ closed: true, answer: Buffer.alloc(0) });
  expect(await fixture.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test.each([
  ["a string that runs past its document", message(command(cutString))],
  ["an unknown type", message(command(unknownType))],
  ["documents nested ten thousand deep", message(command(nested(7000)))],
  ["documents nested 201 deep", message(command(nested(201)))],
  ["no database", message(command(Buffer.from(serialize({ ping: 1 }))))],
])("[STORE-41] %s is answered with an error", async (_name, bytes) => {
  const { answer } = await exchange(bytes);
  expect(answer.includes("errmsg")).toBe(true);
  expect(await fixture.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test("[STORE-42] a message that stops halfway holds nothing up", async () => {
  expect((await exchange(message(command(Buffer.from(ping))).subarray(0, 20), { end: true })).closed).toBe(
    true,
  );
  expect(await fixture.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test("[STORE-43] a message may come byte by byte, and several at once", async () => {
  const socket = connect(Number(new URL(fixture.store.uri).port), "127.0.0.1");
  socket.setNoDelay(true);
  const bytes = Buffer.concat([message(command(Buffer.from(ping))), message(command(Buffer.from(ping)))]);
  const answers = new Promise<number>((resolve) => {
    let received = 0;
    socket.on("data", (chunk) => {
      received += chunk.length;
      if (received >= 76) resolve(received);
    });
  });
  for (const byte of bytes.subarray(0, 30)) socket.write(Buffer.from([byte]));
  socket.write(bytes.subarray(30));
  expect(await answers).toBe(76);
  socket.destroy();
});

test("[STORE-44] deep nesting in filters, updates and pipelines is refused, not crashed over", async () => {
  let filter: Record<string, unknown> = { a: 1 };
  let expression: unknown = "$a";
  for (let level = 0; level < 120; level += 1) {
    filter = { $and: [filter] };
    expression = { $abs: expression };
  }
  const collection = fixture.things();
  expect(await codeOf(collection.find(filter).toArray())).toBe(15);
  await collection.insertOne({ a: 1 });
  const deep = Array.from({ length: 150 }, () => "x").join(".");
  expect(await codeOf(collection.updateOne({}, { $set: { [deep]: 1 } } as object))).toBe(15);
  expect(await collection.aggregate([{ $project: { b: expression } }]).toArray()).toHaveLength(1);
});
