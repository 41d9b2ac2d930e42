// Group commit: who shares a transaction, and who gets which error.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "bson";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StoreError } from "../errors.ts";
import { openSqliteStorage } from "./sqlite-storage.ts";
import type { Storage } from "./storage.ts";
import { WriteQueue } from "./write-queue.ts";

let directory: string;
let storage: Storage;
let commits: number;
let failNextCommit: boolean;
let rollbacks: number;
let queue: WriteQueue;

const body = Buffer.from(serialize({ _id: 1 }));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "write-queue-"));
  storage = openSqliteStorage(directory);
  commits = 0;
  rollbacks = 0;
  failNextCommit = false;
  // The real storage, whose disk can be made to fill up at the moment of a commit.
  const watched: Storage = Object.create(storage, {
    begin: { value: (durably?: boolean) => storage.begin(durably) },
    rollback: { value: () => storage.rollback() },
    savepoint: { value: () => storage.savepoint() },
    releaseSavepoint: { value: () => storage.releaseSavepoint() },
    rollbackToSavepoint: { value: () => storage.rollbackToSavepoint() },
    writer: { value: storage.writer },
    commit: {
      value: () => {
        if (failNextCommit) {
          failNextCommit = false;
          throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
        }
        storage.commit();
        commits += 1;
      },
    },
  }) as Storage;
  queue = new WriteQueue(watched, { rolledBack: () => (rollbacks += 1), committed: () => undefined });
});

afterEach(async () => {
  await queue.close();
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

const stored = () =>
  storage.reader.documentsPage({ collectionId: 1, after: null, reverse: false, maxRows: 1000, maxBytes: 1e9 })
    .length;

test("[STORE-50] writes that arrive together share one commit and are answered after it", async () => {
  const durable = await Promise.all(
    Array.from({ length: 50 }, () =>
      queue.run(({ view }) => view.insertDocument(1, body)).then(() => ({ commits, stored: stored() })),
    ),
  );
  expect(commits).toBe(1);
  expect(durable).toEqual(Array.from({ length: 50 }, () => ({ commits: 1, stored: 50 })));
});

test("[STORE-62] a commit is synced where one of its writes asks for it, and with it all before", async () => {
  await queue.run(({ view }) => view.insertDocument(1, body), false);
  expect(storage.unsynced).toBe(true);
  await Promise.all(
    [false, true].map((durably) => queue.run(({ view }) => view.insertDocument(1, body), durably)),
  );
  expect(storage.unsynced).toBe(false);
  await queue.run(({ view }) => view.insertDocument(1, body), false);
  await queue.alone(() => storage.sync());
  expect({ unsynced: storage.unsynced, stored: stored(), commits }).toEqual({
    unsynced: false,
    stored: 4,
    commits: 3,
  });
});

test("[STORE-51] a write that fails leaves no trace and its neighbours stand", async () => {
  const results = await Promise.allSettled([
    queue.run(({ view }) => view.insertDocument(1, body)),
    queue.run(({ view }) => {
      view.insertDocument(1, body);
      throw new StoreError(2, "wrong");
    }),
    queue.run(async ({ view }) => {
      view.insertDocument(1, body);
      await Promise.resolve();
      throw new TypeError("a fault of the server");
    }),
    queue.run(({ view }) => view.insertDocument(1, body)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect({ commits, rollbacks, stored: stored() }).toEqual({ commits: 1, rollbacks: 2, stored: 2 });
});

test("[STORE-52] when the disk is full every waiting writer gets the error, and the store goes on afterwards", async () => {
  failNextCommit = true;
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => queue.run(({ view }) => view.insertDocument(1, body))),
  );
  expect(results.map((result) => result.status === "rejected" && (result.reason as StoreError).code)).toEqual(
    [14031, 14031, 14031, 14031, 14031],
  );
  expect(stored()).toBe(0);
  await queue.run(({ view }) => view.insertDocument(1, body));
  expect(stored()).toBe(1);
});

test("[STORE-53] readers do not see what is not committed", async () => {
  let seen = -1;
  await queue.run(async ({ view }) => {
    view.insertDocument(1, body);
    await new Promise((resolve) => setImmediate(resolve));
    seen = stored();
  });
  expect({ seen, after: stored() }).toEqual({ seen: 0, after: 1 });
});

test("[STORE-54] closing commits what was taken and takes no more", async () => {
  const taken = queue.run(({ view }) => view.insertDocument(1, body));
  await queue.close();
  await taken;
  expect(stored()).toBe(1);
  await expect(queue.run(() => undefined)).rejects.toMatchObject({ code: 91 });
});
