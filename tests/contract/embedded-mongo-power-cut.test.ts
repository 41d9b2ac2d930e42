// The embedded store's log over a power cut behind a sync that failed, on a disk that has forgotten what it failed to sync.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StatementSync } from "node:sqlite";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { logOf, noteOf } from "../../server/embedded-mongo/storage/acknowledged.ts";
import { dataFileName, openSqliteStorage } from "../../server/embedded-mongo/storage/sqlite-storage.ts";
import type { Storage } from "../../server/embedded-mongo/storage/storage.ts";
import { ForgetfulDisk } from "../factories/forgetful-disk.ts";

/** Each takes several pages of the log. */
const bodyOf = (n: number) => Buffer.from(mongoose.mongo.BSON.serialize({ _id: n, text: "x".repeat(9_000) }));

let scratch: string;
let storage: Storage;
let disk: ForgetfulDisk;
let file: string;
let collectionId: number;
let written: number;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "embedded-mongo-power-"));
  storage = openSqliteStorage(scratch);
  storage.begin();
  collectionId = storage.writer.createCollection("power", "lines", randomBytes(16)).id;
  storage.commit();
  file = join(scratch, dataFileName);
  disk = new ForgetfulDisk(logOf(file));
  written = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
  disk.failing = false;
  storage.close();
  disk.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Where it is durable, SQLite has synced it. */
function write({ durably, count = 1 }: { durably: boolean; count?: number }): void {
  for (let n = 0; n < count; n += 1) {
    storage.begin(durably);
    storage.writer.insertDocument(collectionId, bodyOf(written));
    storage.commit();
    written += 1;
    if (durably) disk.synced();
  }
}

const documentsIn = ({ reader }: Storage) =>
  reader.documentsPage({ collectionId, after: null, reverse: false, maxRows: 1_000, maxBytes: 1e9 }).length;

/** How the files look to who comes after, in a directory of their own: with this log, and all else as the system has it. */
function copyWith(log: Buffer): string {
  const directory = mkdtempSync(join(scratch, "after-"));
  const copy = join(directory, dataFileName);
  copyFileSync(file, copy);
  copyFileSync(noteOf(file), noteOf(copy));
  writeFileSync(logOf(copy), log);
  return directory;
}

/** How many documents the next start finds after a power cut now. */
const afterPowerCut = () => documentsWith(disk.leaves());

/** How many it finds after `kill -9`. */
const afterKill = () => documentsWith(readFileSync(logOf(file)));

function documentsWith(log: Buffer): number {
  const again = openSqliteStorage(copyWith(log));
  try {
    return documentsIn(again);
  } finally {
    again.close();
  }
}

function failSync(): void {
  disk.failing = true;
  expect(() => storage.sync()).toThrow("EIO");
  disk.failing = false;
  expect(storage.unsynced).toBe(true);
}

/** Its sync fails: all of it lies in the log. */
function failCommit(): void {
  const whole = logWithCommit();
  const { run } = StatementSync.prototype;
  const spy = vi.spyOn(StatementSync.prototype, "run");
  spy.mockImplementation(function (this: StatementSync, ...values) {
    if (this.sourceSQL !== "COMMIT") return Reflect.apply(run, this, values);
    writeOver(logOf(file), whole);
    disk.forgot();
    throw Object.assign(new Error("disk I/O error"), { errcode: 1034 });
  });
  storage.begin(true);
  storage.writer.insertDocument(collectionId, bodyOf(-1));
  expect(() => storage.commit()).toThrow("disk I/O error");
  spy.mockRestore();
}

/** The log as it would be with the commit that fails. */
function logWithCommit(): Buffer {
  const directory = copyWith(readFileSync(logOf(file)));
  const again = openSqliteStorage(directory);
  try {
    again.begin(true);
    again.writer.insertDocument(collectionId, bodyOf(-1));
    again.commit();
    return readFileSync(logOf(join(directory, dataFileName)));
  } finally {
    again.close();
  }
}

/** In place, as it is open elsewhere. */
function writeOver(path: string, bytes: Buffer): void {
  const descriptor = openSync(path, "r+");
  try {
    expect(writeSync(descriptor, bytes, 0, bytes.length, 0)).toBe(bytes.length);
  } finally {
    closeSync(descriptor);
  }
}

test("[STORE-62] a power cut behind a failed sync takes what was answered without one, and nothing else", () => {
  write({ durably: true, count: 3 });
  write({ durably: false, count: 3 });
  failSync();
  expect({ there: afterPowerCut(), shown: documentsIn(storage) }).toEqual({ there: 3, shown: 6 });
});

test.each<[what: string, next: () => void]>([
  ["a durable write", () => write({ durably: true })],
  ["the sync that is tried again", () => storage.sync()],
  [
    "a write that waits for no sync, and a durable one",
    () => {
      write({ durably: false });
      write({ durably: true });
    },
  ],
  [
    "a durable write, refused while the log cannot be written over",
    () => {
      disk.failing = true;
      expect(() => storage.begin(true)).toThrow("EIO");
      expect(() => storage.begin(true)).toThrow("EIO");
      disk.failing = false;
      write({ durably: true });
    },
  ],
  [
    "the sync that is tried again, and fails once more",
    () => {
      failSync();
      storage.sync();
    },
  ],
])("[STORE-62] a failed sync behind answered writes loses none of them after %s", (_what, next) => {
  write({ durably: true, count: 3 });
  write({ durably: false, count: 3 });
  failSync();
  next();
  expect(storage.unsynced).toBe(false);
  expect(written).toBeGreaterThanOrEqual(6);
  expect(afterPowerCut()).toBe(written);
  // The doubt is over: what follows needs no more than its own sync.
  write({ durably: false });
  storage.sync();
  expect(afterPowerCut()).toBe(written);
});

test("[STORE-62] a synced commit that fails behind answered writes loses none of them once the next is answered", () => {
  write({ durably: true, count: 3 });
  write({ durably: false, count: 3 });
  failCommit();
  expect({ there: afterPowerCut(), shown: documentsIn(storage) }).toEqual({ there: 3, shown: 6 });
  expect(afterKill()).toBe(6);
  write({ durably: true });
  expect(afterPowerCut()).toBe(7);
});

test("[STORE-56] a commit whose sync failed lies whole in the log, and is not there after kill -9", () => {
  write({ durably: true, count: 3 });
  expect(documentsWith(logWithCommit())).toBe(4);
  failCommit();
  expect({ there: afterKill(), shown: documentsIn(storage) }).toEqual({ there: 3, shown: 3 });
  write({ durably: true });
  expect(afterKill()).toBe(4);
});

test("[STORE-57] a start writes the log that it finds over itself: a power cut takes nothing that is acknowledged later", () => {
  write({ durably: true, count: 3 });
  // Its sync fails, and the process dies.
  write({ durably: false });
  disk.forgot();
  expect(afterPowerCut()).toBe(3);
  const kept = disk.leaves();
  const directory = copyWith(readFileSync(logOf(file)));
  storage.close();
  disk.stop();
  file = join(directory, dataFileName);
  disk = new ForgetfulDisk(logOf(file), kept);
  storage = openSqliteStorage(directory);
  expect(documentsIn(storage)).toBe(4);
  write({ durably: true });
  expect(afterPowerCut()).toBe(5);
});
