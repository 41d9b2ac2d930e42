// Whether what the data file holds agrees with itself: structure, checksums, and each index with its documents.
import { crc32 } from "node:zlib";
import type { DatabaseSync } from "node:sqlite";
import { validateDocument } from "../bson/validate.ts";
import { documentValue } from "../bson/value.ts";
import { indexFromStored, type IndexDefinition } from "../index/definition.ts";
import { indexKeys } from "../index/keys.ts";
import { damagedData, unsealed } from "./seal.ts";
import { catalogRows, readCatalog, recordsPerCollection } from "./sqlite-view.ts";

export interface CheckedData {
  collections: number;
  documents: number;
  entries: number;
}

/**
 * Reads everything in one snapshot; files of format 1 have no checksums. Throws DataCorruptionDetected (246), or what
 * SQLite throws at damage. `progress` is told the documents read so far, now and then.
 */
export function checkData(
  database: DatabaseSync,
  { format, progress }: { format: number; progress?: (documents: number) => void },
): CheckedData {
  checkStructure(database);
  database.exec("BEGIN");
  try {
    const expected = new Map<number, IndexSum>();
    const { collections, byCollection } = definitions(database, format);
    const documents = sumDocuments(database, { format, byCollection, expected, progress });
    const entries = compareEntries(database, format, expected);
    return { collections, documents, entries };
  } finally {
    if (database.isTransaction) database.exec("COMMIT");
  }
}

/** quick_check leaves the catalogue's uniqueness out, so that it is asked for these two small tables. */
function checkStructure(database: DatabaseSync): void {
  for (const check of ["quick_check(1)", "integrity_check('collections')", "integrity_check('indexes')"]) {
    const rows = database.prepare(`PRAGMA ${check}`).all();
    if (rows.length !== 1 || Object.values(rows[0] ?? {})[0] !== "ok") throw damagedData();
  }
}

/** Equal sums over equal entries, in whatever order they are met: one changed entry always changes it. */
interface IndexSum {
  entries: number;
  sum: number;
}

const sumRange = 2 ** 48;

function addEntry(sums: Map<number, IndexSum>, key: Uint8Array, id: number): void {
  const index = new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0);
  let total = sums.get(index);
  if (total === undefined) sums.set(index, (total = { entries: 0, sum: 0 }));
  total.entries += 1;
  total.sum = (total.sum + crc32(key, ((id / 2 ** 32) ^ id) >>> 0)) % sumRange;
}

function definitions(
  database: DatabaseSync,
  format: number,
): { collections: number; byCollection: Map<number, IndexDefinition[]> } {
  const { collections, indexes } =
    format === 1
      ? {
          collections: catalogRows(database).collections.map(({ row }) => row),
          indexes: catalogRows(database).indexes.map(({ row }) => row),
        }
      : readCatalog(database);
  const byCollection = new Map<number, IndexDefinition[]>(collections.map(({ id }) => [id, []]));
  for (const stored of indexes) {
    const own = byCollection.get(stored.collectionId);
    if (own === undefined) throw damagedData();
    own.push(indexFromStored(stored, true));
  }
  return { collections: collections.length, byCollection };
}

const progressDocuments = 100_000;

function sumDocuments(
  database: DatabaseSync,
  options: {
    format: number;
    byCollection: Map<number, IndexDefinition[]>;
    expected: Map<number, IndexSum>;
    progress?: ((documents: number) => void) | undefined;
  },
): number {
  let documents = 0;
  const rows = database.prepare("SELECT rid, body FROM documents ORDER BY rid").iterate();
  for (const { rid, body } of rows as unknown as Iterable<{ rid: number; body: Uint8Array }>) {
    const document = options.format === 1 ? unchecked(body) : unsealed(rid, body);
    const indexes = options.byCollection.get(Math.floor(rid / recordsPerCollection));
    if (indexes === undefined) throw damagedData();
    for (const index of indexes) {
      const { keys, multikeyFields } = indexKeys(index, documentValue(document));
      if ((index.multikeyFields | multikeyFields) !== index.multikeyFields) throw damagedData();
      for (const key of keys) addEntry(options.expected, key, rid);
    }
    documents += 1;
    if (documents % progressDocuments === 0) options.progress?.(documents);
  }
  return documents;
}

function unchecked(body: Uint8Array): Buffer {
  const document = Buffer.from(body);
  validateDocument(document, 0, document.length);
  return document;
}

function compareEntries(database: DatabaseSync, format: number, expected: Map<number, IndexSum>): number {
  const found = new Map<number, IndexSum>();
  let entries = 0;
  const inRuns = format < 3 ? "" : "UNION ALL SELECT k, rid FROM recent_entries";
  const rows = database.prepare(`SELECT k, rid FROM entries ${inRuns}`).iterate();
  for (const { k, rid } of rows as unknown as Iterable<{ k: Uint8Array; rid: number }>) {
    if (k.byteLength < 4) throw damagedData();
    addEntry(found, k, rid);
    entries += 1;
  }
  if (found.size !== expected.size) throw damagedData();
  for (const [index, { entries: count, sum }] of expected) {
    const other = found.get(index);
    if (other?.entries !== count || other.sum !== sum) throw damagedData();
  }
  return entries;
}
