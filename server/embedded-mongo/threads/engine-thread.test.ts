// The main thread's hold on an engine thread, over the real threads and over one that dies on demand.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize, type Document } from "bson";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineThread } from "./engine-thread.ts";

let directory: string;
let writer: EngineThread;
let reader: EngineThread;
let faults: string[];

const mortal = new URL("./mortal-worker.fixture.ts", import.meta.url);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "engine-thread-"));
  faults = [];
  const report = (_error: unknown, where: string) => void faults.push(where);
  writer = new EngineThread({ thread: { role: "writer", directory, ttlIntervalMs: 60_000 }, report });
  reader = new EngineThread({ thread: { role: "reader", directory }, report, program: mortal });
  await writer.start();
  await reader.start();
});

afterEach(async () => {
  await Promise.all([writer.close(), reader.close()]);
  rmSync(directory, { recursive: true, force: true });
});

function message(command: Document): Buffer {
  const body = serialize({ ...command, $db: "test" });
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

async function run(thread: EngineThread, command: Document): Promise<Document> {
  const answer = await thread.run(message(command));
  if (answer.kind !== "reply") throw new Error(`the thread answered ${answer.kind}`);
  return deserialize(answer.message.subarray(21));
}

const documents = Array.from({ length: 50 }, (_, n) => ({ _id: n }));

test("[STORE-92] a thread that dies answers what it was given, comes back, and has lost its cursors", async () => {
  await run(writer, { insert: "things", documents });
  const opened = await run(reader, { find: "things", batchSize: 2 });
  const cursor = (opened["cursor"] as Document)["id"] as unknown;
  const results = await Promise.allSettled([
    run(reader, { die: 1 }),
    run(reader, { find: "things" }),
    run(reader, { count: "things" }),
  ]);
  expect(results).toMatchObject(
    Array.from({ length: 3 }, () => ({ status: "rejected", reason: { code: 1 } })),
  );
  expect(faults).toEqual(["reader"]);
  expect(await run(reader, { count: "things" })).toMatchObject({ ok: 1, n: 50 });
  expect(await run(reader, { getMore: cursor, collection: "things" })).toMatchObject({ ok: 0, code: 43 });
});

test("[STORE-95] closing answers what was taken and takes no more", async () => {
  await run(writer, { insert: "things", documents });
  const counted = run(reader, { aggregate: "things", pipeline: [{ $count: "n" }], cursor: {} });
  const inserted = run(writer, { insert: "things", documents: [{ _id: 50 }] });
  await Promise.all([reader.close(), writer.close()]);
  expect(await inserted).toMatchObject({ ok: 1, n: 1 });
  expect(await counted).toMatchObject({ ok: 1, cursor: { firstBatch: [{}] } });
  await expect(run(reader, { count: "things" })).rejects.toMatchObject({ code: 91 });
});
