import { expect, test } from "vitest";
import type { FileId } from "../../../shared/ids.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import { createUploads } from "./uploads.ts";

interface Sending {
  name: string;
  key: string;
  signal: AbortSignal;
  onProgress: (share: number) => void;
  resolve(): void;
  reject(error: Error): void;
}

function setUp() {
  const sent: Sending[] = [];
  const discarded: string[] = [];
  let keys = 0;
  const uploads = createUploads({
    newKey: () => `key-${(keys += 1)}`,
    send: (file, key, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        const done = () => resolve(attachmentOf(file.name));
        sent.push({ name: file.name, key, signal, onProgress, resolve: done, reject });
      }),
    discard: ({ name }) => discarded.push(name),
    describe: (error) => ({ problem: (error as Error).message, again: true }),
  });
  return { uploads, sent, discarded, kinds: () => uploads.items.map(({ state }) => state.kind) };
}

const attachmentOf = (name: string): Attachment => ({
  id: name as FileId,
  name,
  type: "text/plain",
  bytes: 1,
  width: null,
  height: null,
});
const file = (name: string) => ({ name, size: 1, type: "text/plain" }) as File;
/** Every promise that can settle has settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("[ATTACHMENTS-6] files go one after another, and a message takes them when all are there", async () => {
  const { uploads, sent, kinds } = setUp();
  expect(uploads.add([file("a"), file("b")])).toBe(0);
  expect(sent.map(({ name }) => name)).toEqual(["a"]);
  sent[0]?.onProgress(0.5);
  expect(uploads.items[0]?.state).toEqual({ kind: "sending", share: 0.5 });
  expect(uploads.take()).toBeNull();
  sent[0]?.resolve();
  await settled();
  expect(kinds()).toEqual(["ready", "sending"]);
  sent[1]?.resolve();
  await settled();
  expect(uploads.take()?.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(uploads.items).toEqual([]);
});

test("[ATTACHMENTS-6] what failed says why, holds its message, and is tried again under its key", async () => {
  const { uploads, sent, kinds } = setUp();
  uploads.add([file("a"), file("b")]);
  sent[0]?.reject(new Error("too large"));
  await settled();
  expect(uploads.items[0]?.state).toEqual({ kind: "failed", problem: "too large", again: true });
  sent[1]?.resolve();
  await settled();
  expect(uploads.take()).toBeNull();
  uploads.retry("key-1");
  expect([sent[2]?.key, kinds()]).toEqual(["key-1", ["sending", "ready"]]);
});

test("[ATTACHMENTS-6] what is removed is stopped, or discarded where it has arrived", async () => {
  const { uploads, sent, discarded } = setUp();
  uploads.add([file("a"), file("b"), file("c")]);
  uploads.remove("key-1");
  await settled();
  expect([sent[0]?.signal.aborted, sent[1]?.name]).toEqual([true, "b"]);
  sent[1]?.resolve();
  await settled();
  uploads.remove("key-2");
  expect(discarded).toEqual(["b"]);
  // Its answer comes after it was removed.
  const late = sent[2];
  late?.resolve();
  uploads.remove("key-3");
  await settled();
  expect(discarded).toEqual(["b", "c"]);
});

test("[ATTACHMENTS-6] a message brings so many and no more", () => {
  const { uploads } = setUp();
  expect(uploads.add(["a", "b", "c", "d", "e", "f", "g"].map(file))).toBe(2);
  expect(uploads.add([file("h")])).toBe(1);
  expect(uploads.items).toHaveLength(5);
});
