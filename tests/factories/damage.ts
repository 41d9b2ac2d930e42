// Damages copies of a store's files at places that a seed chooses, and tells what a store holds.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Catalog } from "../../server/embedded-mongo/storage/catalog.ts";
import { indexRange } from "../../server/embedded-mongo/index/definition.ts";
import { openSqliteStorage } from "../../server/embedded-mongo/storage/sqlite-storage.ts";
import type { EntryPosition } from "../../server/embedded-mongo/storage/storage.ts";
import type { Random } from "./random.ts";

export const storeFiles = ["store.sqlite", "store.sqlite-wal", "store.sqlite-acknowledged"];

export function copyStore(from: string, to: string): void {
  for (const name of storeFiles)
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
}

/** One damage to the data file or its log, and what it was. */
export function damageStore(directory: string, random: Random): string {
  const name = random.chance(0.6) ? "store.sqlite" : "store.sqlite-wal";
  const file = join(directory, name);
  const bytes = readFileSync(file);
  // A quarter of them where the file and its log describe themselves.
  const at = random.chance(0.25) ? random.below(Math.min(200, bytes.length)) : random.below(bytes.length);
  const kind = random.pick(["bit", "bytes", "zeros", "cut"] as const);
  if (kind === "cut") truncateSync(file, at);
  else {
    const length = kind === "bit" ? 1 : 1 + random.below(kind === "bytes" ? 64 : 8192);
    for (let place = at; place < Math.min(at + length, bytes.length); place += 1) {
      const old = bytes[place] ?? 0;
      bytes[place] = kind === "bit" ? old ^ (1 << random.below(8)) : kind === "zeros" ? 0 : random.below(256);
    }
    writeFileSync(file, bytes);
  }
  return `${kind} at ${at} of ${name}`;
}

/** A hash of all documents, entries and index definitions, read as the server reads them. Throws StorageOpenError. */
export function contentsOf(directory: string): { documents: number; hash: string } {
  const storage = openSqliteStorage(directory);
  try {
    const hash = createHash("sha256");
    let documents = 0;
    const limits = { reverse: false, maxRows: 500, maxBytes: 2 ** 24 };
    for (const collection of new Catalog(storage).allCollections()) {
      hash.update(`${collection.database}.${collection.name}`);
      for (let after: number | null = null; ;) {
        const page = storage.reader.documentsPage({ collectionId: collection.id, after, ...limits });
        for (const { id, document } of page) hash.update(String(id)).update(document);
        documents += page.length;
        after = page.at(-1)?.id ?? null;
        if (after === null) break;
      }
      for (const index of collection.indexes) {
        hash.update(Buffer.from(index.specification.bytes()));
        // One by one, so that every key is seen.
        for (let after: EntryPosition | null = null; ;) {
          const { rows, next } = storage.reader.entriesPage({
            range: indexRange(index),
            after,
            ...limits,
            maxRows: 1,
          });
          for (const { id, document } of rows) hash.update(String(id)).update(document);
          if (next === null) break;
          hash.update(next.key);
          after = next;
        }
      }
    }
    return { documents, hash: hash.digest("hex") };
  } finally {
    storage.close();
  }
}
