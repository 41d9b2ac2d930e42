// A real store process behind the driver: operations go out as BSON classes and come back as raw bytes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "bson";
import mongoose from "mongoose";
import { startEmbeddedMongo } from "../../../server/embedded-mongo/launch.ts";
import type { Operation, Outcome } from "./model/collection.ts";
import type { KeyPath } from "./model/keys.ts";
import { decodeDocument, elementsOf, getField, type Doc, type Val } from "./model/value.ts";

const {
  MongoClient,
  MongoServerError,
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} = mongoose.mongo;

export interface FuzzStore {
  readonly dataDir: string;
  readonly db: mongoose.mongo.Db;
  close(): Promise<void>;
}

export async function openFuzzStore(): Promise<FuzzStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "fuzz-store-"));
  const store = await startEmbeddedMongo({ dataDir });
  const client = await new MongoClient(store.uri, { retryWrites: false, maxPoolSize: 16 }).connect();
  return {
    dataDir,
    db: client.db("fuzz"),
    async close() {
      await client.close();
      await store.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The reply with nested documents as bytes; the error's code where the server refuses. */
export async function command(
  { db }: FuzzStore,
  body: Record<string, unknown>,
  options: object = { raw: true },
): Promise<Record<string, unknown>> {
  try {
    const reply: Record<string, unknown> = await db.command(body, options);
    const [writeError] = Array.isArray(reply["writeErrors"]) ? (reply["writeErrors"] as unknown[]) : [];
    if (writeError === undefined) return reply;
    const code = Buffer.isBuffer(writeError) ? getField(decodeDocument(writeError), "code") : undefined;
    return { refused: code?.t === "int" ? code.v : -1 };
  } catch (error) {
    if (error instanceof MongoServerError) return { refused: Number(error.code) };
    throw error;
  }
}

export async function insertAll(
  store: FuzzStore,
  collection: string,
  documents: readonly Doc[],
): Promise<void> {
  if (documents.length === 0) return;
  const reply = await command(store, { insert: collection, documents: documents.map(toDriver) });
  if ("refused" in reply) throw new Error(`insert refused with ${String(reply["refused"])}`);
}

/** All documents in the order of the collection. */
export async function readAll(store: FuzzStore, collection: string): Promise<Doc[]> {
  return firstBatch(await command(store, { find: collection, hint: { $natural: 1 }, batchSize: 10_000 }));
}

export function firstBatch(reply: Record<string, unknown>): Doc[] {
  return rawBatch(reply).map(decodeDocument);
}

/** The documents' own bytes. */
export function rawBatch(reply: Record<string, unknown>): Buffer[] {
  const cursor = Buffer.isBuffer(reply["cursor"]) ? decodeDocument(reply["cursor"]) : [];
  if (cursor.length === 0) throw new Error(`no cursor but ${JSON.stringify(reply)}`);
  const bytes = Buffer.isBuffer(reply["cursor"]) ? reply["cursor"] : Buffer.alloc(0);
  return batchDocuments(bytes);
}

function batchDocuments(cursor: Buffer): Buffer[] {
  const batch = rawFields(cursor).get("firstBatch");
  return batch === undefined ? [] : [...rawFields(batch).values()];
}

function rawFields(document: Buffer): Map<string, Buffer> {
  return new Map(elementsOf(document).map(({ name, start, end }) => [name, document.subarray(start, end)]));
}

const natural = { $natural: 1 };

/** Arrays of a reply come as arrays, the documents in them as bytes, other values in the classes of their types. */
const exactTypes = {
  raw: true,
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
};

export async function performOnStore(
  store: FuzzStore,
  collection: string,
  operation: Operation,
): Promise<Outcome> {
  const reply = await command(
    store,
    commandOf(collection, operation),
    operation.kind === "distinct" ? exactTypes : { raw: true },
  );
  if ("refused" in reply) return { kind: "refused", code: Number(reply["refused"]) };
  switch (operation.kind) {
    case "find":
      return { kind: "documents", documents: firstBatch(reply) };
    case "count":
    case "delete":
      return { kind: "counted", matched: Number(reply["n"]), modified: 0, upserted: false };
    case "update":
      return {
        kind: "counted",
        matched: Number(reply["n"]),
        modified: Number(reply["nModified"]),
        upserted: reply["upserted"] !== undefined,
      };
    case "distinct":
      return {
        kind: "values",
        values: Array.isArray(reply["values"]) ? reply["values"].map(exactValue) : [],
      };
    case "findAndModify":
      return {
        kind: "document",
        document: Buffer.isBuffer(reply["value"]) ? decodeDocument(reply["value"]) : null,
      };
  }
}

function exactValue(value: unknown): Val {
  if (Buffer.isBuffer(value)) return { t: "object", v: decodeDocument(value) };
  if (Array.isArray(value)) return { t: "array", v: value.map(exactValue) };
  const [field] = decodeDocument(Buffer.from(serialize({ value })));
  if (field === undefined) throw new Error("no value");
  return field[1];
}

function commandOf(collection: string, operation: Operation): Record<string, unknown> {
  const filter = toDriver(operation.filter);
  switch (operation.kind) {
    case "find":
      return {
        find: collection,
        filter,
        hint: natural,
        batchSize: 10_000,
        ...sortOption(operation.sort),
        ...(operation.skip === undefined ? {} : { skip: operation.skip }),
        ...(operation.limit === undefined ? {} : { limit: operation.limit }),
        ...(operation.projection === undefined ? {} : { projection: toDriver(operation.projection) }),
      };
    case "count":
      return { count: collection, query: filter, hint: natural };
    case "distinct":
      return { distinct: collection, key: operation.path, query: filter };
    case "delete":
      return { delete: collection, deletes: [{ q: filter, limit: operation.multi ? 0 : 1, hint: natural }] };
    case "update":
      return {
        update: collection,
        updates: [
          {
            q: filter,
            u: toDriver(operation.update),
            multi: operation.multi,
            upsert: operation.upsert,
            hint: natural,
            ...filtersOption(operation.arrayFilters),
          },
        ],
      };
    case "findAndModify":
      return {
        findAndModify: collection,
        query: filter,
        hint: natural,
        ...sortOption(operation.sort),
        ...(operation.update === undefined
          ? { remove: true }
          : {
              update: toDriver(operation.update),
              new: operation.returnNew === true,
              upsert: operation.upsert === true,
            }),
        ...filtersOption(operation.arrayFilters),
        ...(operation.projection === undefined ? {} : { fields: toDriver(operation.projection) }),
      };
  }
}

function sortOption(sort: readonly KeyPath[] | undefined): object {
  return sort === undefined
    ? {}
    : { sort: new Map(sort.map(({ path, descending }) => [path, descending ? -1 : 1])) };
}

function filtersOption(filters: readonly Doc[] | undefined): object {
  return filters === undefined ? {} : { arrayFilters: filters.map(toDriver) };
}

/** Maps keep the order of fields whatever their names. */
export function toDriver(document: Doc): Map<string, unknown> {
  return new Map(document.map(([name, value]) => [name, driverValue(value)]));
}

function driverValue(value: Val): unknown {
  switch (value.t) {
    case "double":
      return new Double(value.v);
    case "int":
      return new Int32(value.v);
    case "long":
      return Long.fromBigInt(value.v);
    case "decimal":
      return new Decimal128(value.v);
    case "string":
    case "boolean":
      return value.v;
    case "object":
      return toDriver(value.v);
    case "array":
      return value.v.map(driverValue);
    case "binary":
      return new Binary(value.v, value.subtype);
    case "objectId":
      return new ObjectId(value.v);
    case "date":
      return new Date(Number(value.v));
    case "timestamp":
      return new Timestamp(value.v);
    case "regex":
      return new BSONRegExp(value.pattern, value.flags);
    case "code":
      return new Code(value.v);
    case "symbol":
      return new BSONSymbol(value.v);
    case "codeWithScope":
      return new Code(value.code, toDriver(value.scope) as unknown as Record<string, unknown>);
    case "null":
      return null;
    case "minKey":
      return new MinKey();
    case "maxKey":
      return new MaxKey();
    default:
      throw new Error(`the driver does not send ${value.t}`);
  }
}
