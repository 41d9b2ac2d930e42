// What the data file holds: its tables, its version, and how a file of the version before is brought to this one.
import { statSync, writeSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { runsSchema } from "./entry-runs.ts";
import { collectionChecksum, indexChecksum, sealed } from "./seal.ts";
import { StorageOpenError } from "./sqlite-errors.ts";
import { catalogRows } from "./sqlite-view.ts";

/** Marks the file as this server's ("EDoc"). */
const applicationId = 0x45446f63;
/** Since 2 documents and the catalogue have checksums; since 3 entries may be in runs. */
export const formatVersion = 3;
/** What this program reads: files of the older formats are brought to the present one when they are opened to write. */
export const knownFormats: readonly number[] = [1, 2, formatVersion];
/** A page that is changed several times within them is written to the data file once. */
const maxLogFrames = 16_000;
/** A log that one large write made longer is cut to this when it begins anew. */
const maxIdleLogBytes = 64 * 1024 * 1024;

const schema = `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL,
    checksum INTEGER NOT NULL, UNIQUE (db, name)
  ) STRICT;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection_id INTEGER NOT NULL, name TEXT NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL, checksum INTEGER NOT NULL, UNIQUE (collection_id, name)
  ) STRICT;
  CREATE TABLE documents (rid INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE TABLE entries (k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (k, rid)) STRICT, WITHOUT ROWID;
`;

/** One row that changes with every change of the catalogue, in the same transaction. Older files get it when opened. */
const catalogVersion = `
  CREATE TABLE catalog_version (n INTEGER NOT NULL) STRICT;
  INSERT INTO catalog_version (n) VALUES (1);
`;

/** Makes the file or brings it to this format. Throws StorageOpenError. */
export function prepareFile(database: DatabaseSync, file: string): void {
  // A random change costs a page in the log: small ones make it cheap. Files of before keep their larger pages.
  if (statSync(file).size === 0) database.exec("PRAGMA page_size = 4096;");
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${maxLogFrames};
     PRAGMA journal_size_limit = ${maxIdleLogBytes};`,
  );
  if (isEmpty(database)) {
    database.exec("BEGIN IMMEDIATE");
    database.exec(schema);
    database.exec(runsSchema);
    database.exec(catalogVersion);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion};`);
    database.exec("COMMIT");
  } else upgrade(database, file, checkFormat(database, file, knownFormats));
}

export function isEmpty(database: DatabaseSync): boolean {
  return ["user_version", "application_id", "schema_version"].every((name) => pragma(database, name) === 0);
}

/** Answers the format. Throws StorageOpenError where the file is another program's or of a format not among `known`. */
export function checkFormat(database: DatabaseSync, file: string, known: readonly number[]): number {
  if (pragma(database, "application_id") !== applicationId)
    throw new StorageOpenError(
      `The file ${file} is a database of another program: choose another directory.`,
    );
  const version = Number(pragma(database, "user_version"));
  if (known.includes(version)) return version;
  throw new StorageOpenError(
    knownFormats.includes(version)
      ? `The file ${file} was written by an earlier version of this program: start the server on it once, which brings it to the present format.`
      : `The file ${file} has format ${version} and this program reads format ${formatVersion}: use the program's version that wrote it.`,
  );
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

const rowsAtOnce = 1000;
const rowsPerLine = 100_000;

/** In one transaction: a process that is killed meanwhile leaves the file as it was. */
function upgrade(database: DatabaseSync, file: string, format: number): void {
  if (format === formatVersion) return;
  database.exec("BEGIN IMMEDIATE");
  if (format === 1) addChecksums(database, file);
  database.exec(runsSchema);
  database.exec(`PRAGMA user_version = ${formatVersion}`);
  database.exec("COMMIT");
}

function addChecksums(database: DatabaseSync, file: string): void {
  const [versioned] = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'catalog_version'").all();
  if (versioned === undefined) database.exec(catalogVersion);
  database.exec(
    `ALTER TABLE collections ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE indexes ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;`,
  );
  const { collections, indexes } = catalogRows(database);
  for (const { row } of collections)
    database.prepare("UPDATE collections SET checksum = ? WHERE id = ?").run(collectionChecksum(row), row.id);
  for (const { row } of indexes)
    database.prepare("UPDATE indexes SET checksum = ? WHERE id = ?").run(indexChecksum(row), row.id);
  sealDocuments(database, file);
}

function sealDocuments(database: DatabaseSync, file: string): void {
  const page = database.prepare("SELECT rid, body FROM documents WHERE rid > ? ORDER BY rid LIMIT ?");
  const update = database.prepare("UPDATE documents SET body = ? WHERE rid = ?");
  let last = 0;
  let done = 0;
  for (;;) {
    const rows = page.all(last, rowsAtOnce) as { rid: number; body: Uint8Array }[];
    for (const { rid, body } of rows) update.run(sealed(rid, Buffer.from(body)), rid);
    last = rows.at(-1)?.rid ?? last;
    done += rows.length;
    if (rows.length < rowsAtOnce) return;
    // Straight to the descriptor: a stream of this thread would wait for the end of the work.
    if (done % rowsPerLine === 0)
      writeSync(2, `Adding checksums to ${file}: ${done} documents so far; this is done once.\n`);
  }
}
