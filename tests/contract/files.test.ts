// Every adapter of stored files keeps the same promises; the directory is also looked into.
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileId } from "../../shared/ids.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { chunkBytes, createDatabaseFiles } from "../../server/vendors/files/database.mongo.ts";
import { createDirectoryFiles } from "../../server/vendors/files/directory.ts";
import type { ByteRange, FileStore } from "../../server/vendors/files/index.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let directory: string;
const adapters: Partial<Record<string, FileStore>> = {};

beforeAll(async () => {
  store = await openTestStore();
  directory = await mkdtemp(join(tmpdir(), "connvo-files-"));
  const { connection } = store;
  adapters["directory"] = await createDirectoryFiles(directory);
  adapters["database"] = await createDatabaseFiles({ connection, ids: systemIds, now: () => new Date() });
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const newId = () => systemIds.objectId() as FileId;

async function* pieces(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

async function* failing(first: Uint8Array): AsyncGenerator<Uint8Array> {
  yield first;
  throw new Error("the sender hung up");
}

async function readAll(files: FileStore, id: FileId, range?: ByteRange): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of files.read(id, range)) parts.push(Uint8Array.from(piece));
  return Buffer.concat(parts);
}

describe.each(["directory", "database"])("%s", (name) => {
  const files = (): FileStore => {
    const found = adapters[name];
    if (found === undefined) throw new Error("no such adapter");
    return found;
  };

  test("[FILES-1] what was put is read as it was, whole and by ranges", async () => {
    for (const length of [0, 1, chunkBytes, 2 * chunkBytes + 17]) {
      const content = randomBytes(length);
      const id = newId();
      const cut = Math.floor(length / 3);
      const put = await files().put(id, pieces(content.subarray(0, cut), content.subarray(cut)));
      expect(put).toEqual({ bytes: length, sha256: createHash("sha256").update(content).digest("hex") });
      expect(await files().stat(id)).toEqual({ bytes: length });
      expect(await readAll(files(), id)).toEqual(content);
      for (const [start, end] of [
        [0, 0],
        [cut, length + 100],
        [chunkBytes - 1, chunkBytes],
        [length, length + 1],
      ] as const) {
        expect(await readAll(files(), id, { start, end })).toEqual(content.subarray(start, end + 1));
      }
    }
  });

  test("[FILES-2] where writing fails nothing is found, or what was there before", async () => {
    const id = newId();
    await expect(files().put(id, failing(randomBytes(chunkBytes + 1)))).rejects.toThrow("hung up");
    expect(await files().stat(id)).toBeNull();
    await expect(readAll(files(), id)).rejects.toMatchObject({ code: "NOT_FOUND" });

    const first = randomBytes(chunkBytes + 5);
    await files().put(id, pieces(first));
    await expect(files().put(id, failing(randomBytes(2 * chunkBytes)))).rejects.toThrow("hung up");
    expect(await readAll(files(), id)).toEqual(first);

    const second = randomBytes(10);
    await files().put(id, pieces(second));
    expect(await readAll(files(), id)).toEqual(second);
  });

  test("[FILES-2] the same file put several times at once is there as a whole", async () => {
    const id = newId();
    const content = randomBytes(chunkBytes + 3);
    await Promise.all([1, 2, 3].map(() => files().put(id, pieces(content))));
    expect(await readAll(files(), id)).toEqual(content);
  });

  test("[FILES-3] what was removed is gone, and removing it again changes nothing", async () => {
    const [id, other] = [newId(), newId()];
    await files().put(id, pieces(randomBytes(chunkBytes + 1)));
    await files().put(other, pieces(Buffer.from("other")));
    await files().remove(id);
    await files().remove(id);
    expect(await files().stat(id)).toBeNull();
    await expect(readAll(files(), id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await readAll(files(), other)).toString()).toBe("other");
  });

  test("[FILES-4] it takes the next piece only when it has written, and reads in small pieces", async () => {
    const id = newId();
    const count = 40;
    const piece = randomBytes(100_000);
    let ahead = 0;
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < count; n += 1) {
        ahead += 1;
        // The same memory each time: whoever keeps it without writing would see it change.
        piece.fill(n);
        yield piece;
      }
    }
    await files().put(id, slowly());
    expect(ahead).toBe(count);
    let position = 0;
    for await (const part of files().read(id)) {
      expect(part.byteLength).toBeLessThanOrEqual(chunkBytes);
      expect(part[0]).toBe(Math.floor(position / piece.byteLength));
      position += part.byteLength;
    }
    expect(position).toBe(count * piece.byteLength);
  });

  test("[FILES-7] it lists what is there, and nothing that is not", async () => {
    const [kept, gone] = [newId(), newId()];
    for (const id of [kept, gone]) await files().put(id, pieces(Buffer.from("x")));
    await files().remove(gone);
    await files()
      .put(newId(), failing(Buffer.from("x")))
      .catch(() => null);
    const listed: string[] = [];
    for await (const id of files().ids()) listed.push(id);
    expect(listed).toContain(kept);
    expect(listed).not.toContain(gone);
    for (const id of listed) expect(await files().stat(id as FileId)).not.toBeNull();
  });

  test("[FILES-8] it is gone through in pages, each file once, also what is put meanwhile", async () => {
    const all = [newId(), newId(), newId(), newId(), newId()];
    for (const id of all) await files().put(id, pieces(Buffer.from("x")));
    const found: FileId[] = [];
    for (let after: FileId | null = null; ; after = found.at(-1) ?? null) {
      const page = await files().page(after, 2);
      expect(page.length).toBeLessThanOrEqual(2);
      if (page.length === 0) break;
      found.push(...page);
      if (found.length === 2) await files().put(all[0] as FileId, pieces(Buffer.from("again")));
    }
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(expect.arrayContaining(all));
  });

  test("[FILES-8] what was put again since is not removed for its age", async () => {
    const id = newId();
    await files().put(id, pieces(Buffer.from("old")));
    const before = new Date(Date.now() + 1_000);
    expect(await files().removeOlder(id, new Date(0))).toBe(false);
    expect((await readAll(files(), id)).toString()).toBe("old");
    expect(await files().removeOlder(id, before)).toBe(true);
    expect(await files().stat(id)).toBeNull();
    expect(await files().removeOlder(id, before)).toBe(false);
  });

  test("[FILES-4] whoever stops reading in the middle leaves nothing open", async () => {
    const id = newId();
    await files().put(id, pieces(randomBytes(3 * chunkBytes)));
    for await (const part of files().read(id)) {
      expect(part.byteLength).toBeGreaterThan(0);
      break;
    }
    await files().remove(id);
    expect(await files().stat(id)).toBeNull();
  });
});

test("[FILES-3] [FILES-5] the database leaves no chunk of what was removed or replaced, and notices a damaged one", async () => {
  const { connection } = store;
  const files = adapters["database"] as FileStore;
  const chunks = connection.getClient().db(connection.name).collection("fileChunks");
  const id = newId();
  await files.put(id, pieces(randomBytes(3 * chunkBytes)));
  await files.put(id, pieces(randomBytes(2 * chunkBytes)));
  const { ObjectId } = connection.base.mongo;
  const fileId = new ObjectId(id);
  expect(await chunks.countDocuments({ fileId })).toBe(2);

  await chunks.updateOne({ fileId, index: 1 }, { $set: { data: Buffer.alloc(chunkBytes, 7) } });
  expect((await readAll(files, id, { start: 0, end: 9 })).byteLength).toBe(10);
  await expect(readAll(files, id)).rejects.toMatchObject({ code: "INTERNAL" });
  await chunks.deleteOne({ fileId, index: 1 });
  await expect(readAll(files, id)).rejects.toMatchObject({ code: "INTERNAL" });

  await files.remove(id);
  expect(await chunks.countDocuments({ fileId })).toBe(0);
});

test("[FILES-8] what an interrupted writing has left in the database is found and removed, too", async () => {
  const { connection } = store;
  const files = adapters["database"] as FileStore;
  const chunks = connection.getClient().db(connection.name).collection("fileChunks");
  const { ObjectId } = connection.base.mongo;
  const [id, whole] = [newId(), newId()];
  await files.put(whole, pieces(randomBytes(10)));
  const left = { fileId: new ObjectId(id), writing: new ObjectId(), data: Buffer.from("half"), sha256: "" };
  await chunks.insertMany([0, 1].map((index) => ({ ...left, _id: new ObjectId(), index })));
  const found: FileId[] = [];
  for (let after: FileId | null = null; ; after = found.at(-1) ?? null) {
    const page = await files.page(after, 3);
    if (page.length === 0) break;
    found.push(...page);
  }
  expect(found).toEqual([...new Set(found)].sort());
  expect(found).toEqual(expect.arrayContaining([id, whole]));
  expect(await files.removeOlder(id, new Date(Date.now() - 60_000))).toBe(false);
  expect(await files.removeOlder(id, new Date(Date.now() + 60_000))).toBe(true);
  expect(await chunks.countDocuments({ fileId: left.fileId })).toBe(0);
  expect(await files.stat(whole)).not.toBeNull();
});

test("[FILES-6] the directory holds files by their ids, and nothing half written after a start", async () => {
  const own = await mkdtemp(join(tmpdir(), "connvo-files-"));
  try {
    const files = await createDirectoryFiles(own);
    const id = newId();
    await files.put(id, pieces(Buffer.from("kept")));
    await writeFile(join(own, "incoming", `${newId()}.left`), "half");
    const again = await createDirectoryFiles(own);
    expect(await readdir(join(own, "incoming"))).toEqual([]);
    expect((await readFile(join(own, id.slice(-2), id))).toString()).toBe("kept");
    expect((await readAll(again, id)).toString()).toBe("kept");
    await expect(again.put("../escaped" as FileId, pieces(Buffer.from("x")))).rejects.toThrow("no id");
  } finally {
    await rm(own, { recursive: true, force: true });
  }
});
