// The checkpoints' thread over a real log: it keeps the log short, and its death holds up nobody.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "bson";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteStorage } from "../storage/sqlite-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { Checkpoints, framesToBegin } from "./checkpoints.ts";

let directory: string;
let storage: Storage;
let faults: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "checkpoints-"));
  storage = openSqliteStorage(directory);
  faults = [];
});

afterEach(() => {
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

const report = (_error: unknown, where: string) => void faults.push(where);
const pageBytes = 4096;
/** A commit of some 500 pages. */
const body = Buffer.from(serialize({ _id: 1, filler: Buffer.alloc(500 * pageBytes) }));
const framesPerCommit = 520;

function commit(checkpoints: Checkpoints): number {
  storage.begin();
  storage.writer.insertDocument(1, body);
  storage.commit();
  checkpoints.committed();
  return storage.logFrames;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test(
  "[STORE-97] the log is taken in beside the writer, and begins anew with a commit of it",
  { timeout: 300_000 },
  async () => {
    const checkpoints = new Checkpoints({ directory, storage, report });
    while (commit(checkpoints) < framesToBegin);
    const full = storage.logFrames;
    // Nothing is written but a page now and then: far from where SQLite would do it itself.
    let commits = 0;
    for (; storage.logFrames >= framesToBegin; commits += 1) {
      await turn();
      storage.begin();
      storage.writer.insertDocument(1, Buffer.from(serialize({ _id: commits })));
      storage.commit();
      checkpoints.committed();
    }
    await checkpoints.stop();
    expect(full).toBeLessThan(framesToBegin + framesPerCommit);
    expect(storage.logFrames).toBeLessThan(framesToBegin);
    expect(faults).toEqual([]);
  },
);

test(
  "[STORE-98] a thread that dies holds up no writer: the log stays bounded, and the next log has a new thread",
  { timeout: 300_000 },
  async () => {
    const program = new URL("./mortal-checkpoints.fixture.ts", import.meta.url);
    const checkpoints = new Checkpoints({ directory, storage, report, program });
    const logs = { begun: 0, longest: 0 };
    for (let last = 0; logs.begun < 3;) {
      const frames = commit(checkpoints);
      if (frames < last) logs.begun += 1;
      logs.longest = Math.max(logs.longest, frames);
      last = frames;
      await turn();
    }
    await checkpoints.stop();
    expect(logs.longest).toBeGreaterThan(framesToBegin);
    expect(logs.longest).toBeLessThan(2 * framesToBegin + framesPerCommit);
    // One for each log that became so long: a thread that always dies is not always started again.
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(faults.length).toBeLessThanOrEqual(3);
  },
);

test(
  "[STORE-97] what was written meanwhile is taken in beside the writer too, before it does the rest itself",
  { timeout: 300_000 },
  async () => {
    let ownWork = 0;
    const watched = Object.create(storage, {
      logFrames: { get: () => storage.logFrames },
      checkpoint: { value: () => (ownWork += 1) },
    }) as Storage;
    const program = new URL("./lagging-checkpoints.fixture.ts", import.meta.url);
    const checkpoints = new Checkpoints({ directory, storage: watched, report, program });
    while (commit(checkpoints) < framesToBegin);
    while (ownWork === 0) {
      await turn();
      checkpoints.committed();
    }
    await checkpoints.stop();
    // The last answer leaves few enough frames.
    expect(readFileSync(join(directory, "rounds"), "utf8")).toBe("3");
    expect(faults).toEqual([]);
  },
);
