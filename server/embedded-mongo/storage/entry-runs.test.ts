// Runs of entries: wherever an entry is on its way, every read finds it once, in order.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { serialize } from "bson";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFileName, openSqliteStorage } from "./sqlite-storage.ts";
import type { EntryPosition, Storage } from "./storage.ts";

let directory: string;
let storage: Storage;

const body = Buffer.from(serialize({ _id: 1 }));
const range = { lower: Buffer.from([0, 0, 0, 1]), upper: Buffer.from([0, 0, 0, 2]) };
const other = { lower: Buffer.from([0, 0, 0, 2]), upper: Buffer.from([0, 0, 0, 3]) };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "entry-runs-"));
  storage = openSqliteStorage(directory);
});

afterEach(() => {
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

const keyOf = (n: number, of = range) => Buffer.concat([of.lower, Buffer.from(String(n).padStart(6, "0"))]);

/** Numbers in an order that is neither rising nor falling. */
const mixed = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + ((at * 7919) % count));

function write(work: () => void): void {
  storage.begin();
  work();
  storage.commit();
}

/** Adds an entry for each number; its record is answered by it. */
function addAll(numbers: readonly number[], of = range): Map<number, number> {
  const ids = numbers.map(() => storage.writer.insertDocument(1, body));
  storage.writer.addEntries({ range: of, keys: numbers.map((n) => keyOf(n, of)), ids });
  return new Map(numbers.map((n, at) => [n, ids[at] ?? 0]));
}

function idsOf(options: { reverse: boolean; maxRows: number; of?: typeof range }): number[] {
  const { of = range, ...limits } = options;
  const ids: number[] = [];
  for (let after: EntryPosition | null = null; ;) {
    const { rows, next } = storage.reader.entriesPage({ range: of, after, maxBytes: 2 ** 20, ...limits });
    ids.push(...rows.map(({ id }) => id));
    if (next === null) return ids;
    after = next;
  }
}

const inOrder = (records: Map<number, number>) => [...records].sort(([a], [b]) => a - b).map(([, id]) => id);

test("[STORE-58] entries are found once and in order before, while and after they are moved", () => {
  const records = new Map<number, number>();
  write(() => {
    for (const n of [5, 500, 1500]) {
      const id = storage.writer.insertDocument(1, body);
      storage.writer.addEntry(keyOf(n), id);
      records.set(n, id);
    }
  });
  for (const from of [10_000, 20_000])
    write(() => addAll(mixed(from, 300)).forEach((id, n) => records.set(n, id)));
  const expected = inOrder(records);
  let moves = 0;
  for (let left = true; left; moves += 1) {
    expect(idsOf({ reverse: false, maxRows: 7 })).toEqual(expected);
    expect(idsOf({ reverse: true, maxRows: 1000 })).toEqual([...expected].reverse());
    write(() => (left = storage.writer.moveEntries(100)));
  }
  expect(moves).toBeGreaterThan(5);
  expect(idsOf({ reverse: false, maxRows: 1000 })).toEqual(expected);
});

test("[STORE-58] many entries of one key are moved bit by bit, and none is left behind", () => {
  let ids: number[] = [];
  write(() => {
    ids = Array.from({ length: 500 }, () => storage.writer.insertDocument(1, body));
    storage.writer.addEntries({ range, keys: [keyOf(9), ...ids.slice(1).map(() => keyOf(3))], ids });
  });
  for (let left = true; left;) write(() => (left = storage.writer.moveEntries(64)));
  expect(idsOf({ reverse: false, maxRows: 50 })).toEqual([...ids.slice(1), ids[0]]);
});

test("[STORE-58] an entry is removed wherever it is, and an index with all of its entries", () => {
  let records = new Map<number, number>();
  write(() => {
    records = addAll(mixed(0, 400));
    addAll(mixed(0, 200), other);
  });
  write(() => storage.writer.moveEntries(150));
  write(() => {
    for (const n of [3, 150, 399]) {
      storage.writer.removeEntry(keyOf(n), records.get(n) ?? 0);
      records.delete(n);
    }
    storage.writer.removeEntries(other);
  });
  expect(idsOf({ reverse: false, maxRows: 1000 })).toEqual(inOrder(records));
  expect(idsOf({ reverse: false, maxRows: 1000, of: other })).toEqual([]);
});

test("[STORE-58] what is undone leaves no entry, and what comes then is kept", () => {
  storage.begin();
  addAll(mixed(0, 200));
  storage.rollback();
  expect(idsOf({ reverse: false, maxRows: 1000 })).toEqual([]);
  let records = new Map<number, number>();
  write(() => {
    storage.savepoint();
    addAll(mixed(1000, 200));
    storage.rollbackToSavepoint();
    records = addAll(mixed(0, 200));
  });
  expect(idsOf({ reverse: false, maxRows: 1000 })).toEqual(inOrder(records));
});

test("[STORE-58] many runs are moved on by what comes in", { timeout: 300_000 }, () => {
  const records = new Map<number, number>();
  for (let round = 0; round < 10; round += 1)
    write(() => {
      const numbers = mixed(0, 20_000).map((n) => 10 * n + round);
      addAll(numbers).forEach((id, n) => records.set(n, id));
    });
  expect(idsOf({ reverse: false, maxRows: 5000 })).toEqual(inOrder(records));
  let steps = 0;
  for (let left = true; left; steps += 1) write(() => (left = storage.writer.moveEntries(20_000)));
  // Otherwise there were ten times as many to move.
  expect(steps).toBeLessThan(10);
  expect(idsOf({ reverse: false, maxRows: 5000 })).toEqual(inOrder(records));
});

/** Adds an entry for each number, one by one; its record is answered by it. */
function addEach(numbers: readonly number[]): Map<number, number> {
  const records = new Map<number, number>();
  for (const n of numbers) {
    const id = storage.writer.insertDocument(1, body);
    storage.writer.addEntryOfMany({ range, key: keyOf(n), id });
    records.set(n, id);
  }
  return records;
}

/** An entry that the others do not follow on, at its place. */
function addLast(): [number, number] {
  let id = 0;
  write(() => {
    id = storage.writer.insertDocument(1, body);
    storage.writer.addEntry(keyOf(900_000), id);
  });
  return [900_000, id];
}

/** As another connection sees them. */
function runs(): number {
  const database = new DatabaseSync(join(directory, dataFileName), { readOnly: true });
  try {
    const row = database.prepare("SELECT count(DISTINCT run) AS n FROM recent_entries").get();
    return Number(row?.["n"]);
  } finally {
    database.close();
  }
}

test("[STORE-58] entries that come one by one lie in few runs, and are found once and in order", () => {
  const records = new Map([addLast()]);
  let most = 0;
  for (let round = 0; round < 20; round += 1) {
    write(() => {
      // One that fails undoes its own entries, and no others.
      storage.savepoint();
      addEach([round, 800_000 + round]);
      storage.rollbackToSavepoint();
      addEach(mixed(0, 600).map((n) => 1000 + 20 * n + round)).forEach((id, n) => records.set(n, id));
    });
    most = Math.max(most, runs());
  }
  // 12 000 entries: one long run, and short ones that are not enough for the next.
  expect(most).toBeGreaterThan(8);
  expect(most).toBeLessThan(18);
  expect(idsOf({ reverse: false, maxRows: 1000 })).toEqual(inOrder(records));
  for (const n of [1000, 1620, 12_999]) {
    write(() => storage.writer.removeEntry(keyOf(n), records.get(n) ?? 0));
    records.delete(n);
  }
  for (let left = true; left;) {
    expect(idsOf({ reverse: true, maxRows: 5000 })).toEqual(inOrder(records).reverse());
    write(() => (left = storage.writer.moveEntries(8000)));
  }
  expect(runs()).toBe(0);
  expect(idsOf({ reverse: false, maxRows: 1000 })).toEqual(inOrder(records));
});

test("[STORE-58] a page that is read while runs are joined misses none of their entries", () => {
  addLast();
  write(() => addEach(mixed(0, 8192)));
  const database = new DatabaseSync(join(directory, dataFileName), { readOnly: true });
  const numbers = () =>
    database
      .prepare("SELECT DISTINCT run FROM recent_entries")
      .all()
      .map(({ run }) => Number(run));
  const before = numbers();
  // The entry that is one too many for the short runs.
  write(() => addEach([500_000]));
  const after = numbers();
  database.close();
  expect(before.length).toBe(16);
  expect(after.length).toBe(2);
  expect(before).toContain(Math.min(...after));
});

test("[STORE-58] entries whose keys rise go to their place at once, one by one as well", () => {
  write(() => addEach(Array.from({ length: 600 }, (_, at) => (at ^ 1) + 10)));
  expect(runs()).toBe(0);
  expect(storage.writer.putAside).toBe(0);
});
