// Quick finds: which they are, and that they answer as the reader does.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize, type Document } from "bson";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeDocument } from "../bson/writer.ts";
import type { ThreadEngine } from "../threads/request-runner.ts";
import { openReadEngine } from "../threads/read-engine.ts";
import { openWriteEngine } from "../threads/write-engine.ts";
import { parseMessage } from "../wire/messages.ts";
import type { Reply } from "./context.ts";
import { QuickFinds } from "./quick-find.ts";

let directory: string;
let writer: ThreadEngine;
let reader: ThreadEngine;
let finds: QuickFinds;

const report = (error: unknown) => {
  throw error;
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "quick-find-"));
  writer = openWriteEngine({ directory, ttlIntervalMs: 60_000, report, settled: () => undefined });
  reader = openReadEngine({ directory, report });
  finds = new QuickFinds({ directory, nowMs: () => 0, report });
  await write({ createIndexes: "things", indexes: [{ key: { n: 1 }, name: "n" }] });
  await write({
    insert: "things",
    documents: Array.from({ length: 40 }, (_, n) => ({ _id: n, n: n % 4, text: `t${n}` })),
  });
});

afterEach(async () => {
  finds.close();
  await reader.drain(Promise.resolve());
  reader.close();
  await writer.drain(Promise.resolve());
  writer.close();
  rmSync(directory, { recursive: true, force: true });
});

function messageOf(command: Document): Buffer {
  const body = serialize({ ...command, $db: "quick" });
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

const write = (command: Document) => writer.answer(parseMessage(messageOf(command)));
const decoded = (reply: Reply) => deserialize(encodeDocument(reply).bytes());

async function quick(command: Document): Promise<Document | null> {
  const answer = await finds.answer(messageOf({ find: "things", ...command }));
  return answer === null ? null : decoded(answer.reply);
}

async function full(command: Document): Promise<Document> {
  reader.refresh();
  return decoded(await reader.answer(parseMessage(messageOf({ find: "things", ...command }))));
}

test.each([
  [{ filter: { _id: 7 }, limit: 1, singleBatch: true, batchSize: 1 }],
  [{ filter: { _id: 700 }, limit: 1 }],
  [{ filter: { n: 2, text: "t2" }, limit: 1 }],
  [{ filter: { n: { $gte: 1 } }, sort: { n: 1 }, limit: 10 }],
  [{ filter: { _id: { $in: [1] } }, projection: { text: 1 }, limit: 1 }],
  [{ filter: { _id: { $wrong: 1 } }, limit: 1 }],
  [{ filter: { _id: 1 }, limit: 1, nonsense: 1 }],
])("[STORE-96] %j is answered at once, as by the reader", async (command) => {
  const answer = await quick(command);
  expect(answer).not.toBeNull();
  expect(answer).toEqual(await full(command));
});

test.each([
  ["without a limit", { filter: { _id: 7 } }],
  ["of many documents", { filter: { n: 1 }, limit: 11 }],
  ["without an index", { filter: { text: "t1" }, limit: 1 }],
  ["with a regular expression", { filter: { _id: 7, text: /^t/ }, limit: 1 }],
  ["with an expression", { filter: { _id: 7, $expr: { $eq: ["$n", 3] } }, limit: 1 }],
  ["with a computed field", { filter: { _id: 7 }, projection: { x: { $add: ["$n", 1] } }, limit: 1 }],
  ["that skips", { filter: { n: 1 }, skip: 1, limit: 1 }],
  ["whose first page holds none", { filter: { n: 1, text: "t37" }, limit: 1 }],
  ["that leaves a cursor", { filter: { n: 1 }, limit: 5, batchSize: 2 }],
])("[STORE-96] a find %s belongs to the reader", async (_, command) => {
  expect(await quick(command)).toBeNull();
});

test("[STORE-90] after a refresh a quick find sees what was written before", async () => {
  const command = { filter: { _id: 1000 }, limit: 1 };
  expect((await quick(command))?.["cursor"].firstBatch).toEqual([]);
  await write({ insert: "things", documents: [{ _id: 1000 }] });
  finds.refresh();
  expect((await quick(command))?.["cursor"].firstBatch).toEqual([{ _id: 1000 }]);
});
