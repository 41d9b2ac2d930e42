// Looks into the embedded store's data file, past the server: whether it is sound and every index holds exactly its documents.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { validateDocument } from "../../server/embedded-mongo/bson/validate.ts";
import { documentValue } from "../../server/embedded-mongo/bson/value.ts";
import { indexFromStored, type IndexDefinition } from "../../server/embedded-mongo/index/definition.ts";
import { indexKeys } from "../../server/embedded-mongo/index/keys.ts";
import { unsealed } from "../../server/embedded-mongo/storage/seal.ts";

/** Record ids of a collection lie above its id times this. */
const recordsPerCollection = 2 ** 32;
const maxProblems = 20;

export interface StoreContents {
  /** What is wrong, in words, 20 at most; empty where all is well. */
  problems: string[];
  collections: number;
  documents: number;
  entries: number;
}

/**
 * Reads one snapshot of the data file of a store in `dataDir`, whether its server runs or not, and changes nothing.
 * Checked are SQLite's own structure, every document's checksum and BSON, and that the entries are those which the documents give by
 * the indexes of the catalogue: none missing, none left over, unique where they must be, arrays noted.
 */
export function inspectStore(dataDir: string): StoreContents {
  const database = new DatabaseSync(join(dataDir, "store.sqlite"), { readOnly: true, timeout: 10_000 });
  try {
    database.exec("BEGIN");
    const contents: StoreContents = { problems: [], collections: 0, documents: 0, entries: 0 };
    for (const row of database.prepare("PRAGMA integrity_check(20)").all())
      if (row["integrity_check"] !== "ok")
        contents.problems.push(`sqlite: ${String(row["integrity_check"])}`);
    if (contents.problems.length === 0) compareIndexes(database, contents);
    contents.problems.splice(maxProblems);
    return contents;
  } finally {
    database.close();
  }
}

function compareIndexes(database: DatabaseSync, contents: StoreContents): void {
  const indexes = readIndexes(database, contents);
  const expected = new Map<string, Set<number>>();
  for (const row of database.prepare("SELECT rid, body FROM documents ORDER BY rid").iterate()) {
    const id = Number(row["rid"]);
    contents.documents += 1;
    const body = openBody(id, row["body"] as Uint8Array);
    if (body === null) {
      contents.problems.push(`document ${id} does not have its checksum`);
      continue;
    }
    const own = indexes.get(Math.floor(id / recordsPerCollection));
    if (own === undefined) contents.problems.push(`document ${id} belongs to no collection`);
    else enterDocument(own, { id, body }, expected, contents.problems);
  }
  compareEntries(database, { indexes, expected, contents });
}

function openBody(id: number, body: Uint8Array): Buffer | null {
  try {
    return unsealed(id, body);
  } catch {
    return null;
  }
}

/** By collection; a collection without its _id index is a problem. */
function readIndexes(database: DatabaseSync, contents: StoreContents): Map<number, IndexDefinition[]> {
  const indexes = new Map<number, IndexDefinition[]>();
  for (const row of database.prepare("SELECT id FROM collections").all()) indexes.set(Number(row["id"]), []);
  contents.collections = indexes.size;
  const rows = database
    .prepare("SELECT id, collection_id, name, spec, multikey FROM indexes ORDER BY id")
    .all();
  for (const row of rows) {
    const index = indexFromStored(
      {
        id: Number(row["id"]),
        collectionId: Number(row["collection_id"]),
        name: String(row["name"]),
        specification: Buffer.from(row["spec"] as Uint8Array),
        multikeyFields: Number(row["multikey"]),
      },
      true,
    );
    const siblings = indexes.get(Number(row["collection_id"]));
    if (siblings === undefined) contents.problems.push(`index ${index.name} belongs to no collection`);
    else siblings.push(index);
  }
  for (const [id, [first]] of indexes)
    if (first?.name !== "_id_") contents.problems.push(`collection ${id} has no index on _id`);
  return indexes;
}

function enterDocument(
  indexes: readonly IndexDefinition[],
  { id, body }: { id: number; body: Buffer },
  expected: Map<string, Set<number>>,
  problems: string[],
): void {
  try {
    validateDocument(body, 0, body.length);
  } catch (error) {
    problems.push(`document ${id} is no BSON: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  for (const index of indexes) {
    const { keys, multikeyFields } = indexKeys(index, documentValue(body));
    if ((index.multikeyFields | multikeyFields) !== index.multikeyFields)
      problems.push(`index ${index.name} does not know of arrays in document ${id}`);
    for (const key of keys) {
      const text = key.toString("latin1");
      const holders = expected.get(text) ?? new Set();
      holders.add(id);
      if (index.unique && holders.size > 1)
        problems.push(`unique index ${index.name} has documents ${[...holders].join(", ")} under one key`);
      expected.set(text, holders);
    }
  }
}

function compareEntries(
  database: DatabaseSync,
  {
    indexes,
    expected,
    contents,
  }: { indexes: Map<number, IndexDefinition[]>; expected: Map<string, Set<number>>; contents: StoreContents },
): void {
  const names = new Map([...indexes.values()].flat().map(({ id, name }) => [id, name]));
  const nameOf = (key: Buffer) => names.get(key.readUInt32BE()) ?? `number ${key.readUInt32BE()} (dropped)`;
  const statement = database.prepare(
    "SELECT k, rid FROM entries UNION ALL SELECT k, rid FROM recent_entries ORDER BY k, rid",
  );
  for (const row of statement.iterate()) {
    const key = Buffer.from(row["k"] as Uint8Array);
    const id = Number(row["rid"]);
    contents.entries += 1;
    const text = key.toString("latin1");
    if (expected.get(text)?.delete(id) !== true)
      contents.problems.push(`index ${nameOf(key)} has an entry for ${id} that no document gives`);
  }
  for (const [text, missing] of expected)
    for (const id of missing)
      contents.problems.push(
        `index ${nameOf(Buffer.from(text, "latin1"))} lacks the entry of document ${id}`,
      );
}
