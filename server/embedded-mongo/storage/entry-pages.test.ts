// Pages of entries: each statement that can read one gives the same rows, ends and damage.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { serialize } from "bson";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFileName, openSqliteStorage } from "./sqlite-storage.ts";
import type { EntryPosition, Storage, StoredRow } from "./storage.ts";

let directory: string;
let storage: Storage;

const range = { lower: Buffer.from([0, 0, 0, 1]), upper: Buffer.from([0, 0, 0, 2]) };
const count = 60;
/** Zeros, and bytes that are no text: a blob must come through as it is. */
const filler = (n: number) => Buffer.alloc(n % 7 === 0 ? 3000 + n : n * 3, n * 5);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "entry-pages-"));
  storage = openSqliteStorage(directory);
  storage.begin();
  // Two entries each for the same key, so that the record number decides.
  for (let n = 0; n < count; n += 1) {
    const id = storage.writer.insertDocument(1, Buffer.from(serialize({ _id: n, filler: filler(n) })));
    storage.writer.addEntry(Buffer.concat([range.lower, Buffer.from([n >> 1])]), id);
  }
  storage.commit();
});

afterEach(() => {
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Reading {
  sharedMemory: boolean;
  reverse: boolean;
  maxRows: number;
  maxBytes?: number;
}

function pagesOf({ maxBytes = 2 ** 20, ...reading }: Reading): StoredRow[][] {
  const pages: StoredRow[][] = [];
  for (let after: EntryPosition | null = null; ;) {
    const { rows, next } = storage.reader.entriesPage({ range, after, maxBytes, ...reading });
    pages.push(rows);
    if (next === null) return pages;
    after = next;
  }
}

const numbersOf = (pages: readonly StoredRow[][]) =>
  pages.flat().map(({ document }) => document.readInt32LE(document.indexOf("_id") + 4));

const rising = Array.from({ length: count }, (_, n) => n);

test.each([1, 3, 10, 11, 25, count, 256, 300])(
  "[STORE-59] pages of %i rows hold every entry once and in order, in memory of their own or shared",
  (maxRows) => {
    for (const sharedMemory of [false, true])
      for (const reverse of [false, true]) {
        const pages = pagesOf({ sharedMemory, reverse, maxRows });
        expect(numbersOf(pages)).toEqual(reverse ? rising.toReversed() : rising);
        for (const { document } of pages.flat()) {
          const n = numbersOf([[{ id: 0, document }]])[0] ?? 0;
          expect(document).toEqual(Buffer.from(serialize({ _id: n, filler: filler(n) })));
        }
      }
  },
);

test("[STORE-59] a page ends where its bytes reach the limit, and the next goes on behind it", () => {
  for (const maxRows of [10, 50])
    for (const reverse of [false, true]) {
      const own = pagesOf({ sharedMemory: false, reverse, maxRows, maxBytes: 2000 });
      expect(own.length).toBeGreaterThan(6);
      expect(pagesOf({ sharedMemory: true, reverse, maxRows, maxBytes: 2000 })).toEqual(own);
    }
});

test.each([
  [
    "a changed byte",
    "UPDATE documents SET body = CAST(substr(body, 1, 9) || 'x' || substr(body, 11) AS BLOB)",
  ],
  ["a changed length", "UPDATE documents SET body = CAST(x'ff' || substr(body, 2) AS BLOB)"],
  ["a byte too many", "UPDATE documents SET body = CAST(body || x'00' AS BLOB)"],
  ["nothing", "UPDATE documents SET body = x''"],
  ["no document", "DELETE FROM documents"],
])("[STORE-141] %s in a document fails the page, whichever statement reads it", (_what, change) => {
  const beside = new DatabaseSync(join(directory, dataFileName));
  const last = Number(beside.prepare("SELECT max(rid) AS rid FROM documents").get()?.["rid"]);
  for (const rid of [last, last - 3, last - 4]) {
    const sound = beside.prepare("SELECT body FROM documents WHERE rid = ?").get(rid)?.["body"] as Uint8Array;
    beside.exec(`${change} WHERE rid = ${rid}`);
    for (const maxRows of [10, 100])
      for (const sharedMemory of [false, true])
        expect(() => pagesOf({ sharedMemory, reverse: false, maxRows })).toThrow(
          expect.objectContaining({ code: 246 }) as Error,
        );
    beside.prepare("INSERT OR REPLACE INTO documents (rid, body) VALUES (?, ?)").run(rid, sound);
  }
  expect(numbersOf(pagesOf({ sharedMemory: true, reverse: false, maxRows: 100 }))).toEqual(rising);
  beside.close();
});
