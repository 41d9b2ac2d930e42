// The statements of insert, update and delete: each runs inside a transaction of the write queue.
import { getField, itemsOf } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { documentValue } from "../bson/value.ts";
import { StoreError, failedToParse } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { matches } from "../query/match.ts";
import type { ScanRow } from "../query/scan.ts";
import type { Sort } from "../query/sort.ts";
import { CollectionWriter } from "../storage/collection-writer.ts";
import type { Collection } from "../storage/catalog.ts";
import type { ReadView } from "../storage/storage.ts";
import type { WriteTransaction } from "../storage/write-queue.ts";
import { applyUpdate } from "../update/apply-update.ts";
import { parseUpdate } from "../update/parse-update.ts";
import type { Update } from "../update/types.ts";
import { upsertedDocument } from "../update/upsert.ts";
import {
  booleanField,
  documentField,
  onlyFields,
  refuseCollation,
  type Engine,
  type WriteEngine,
} from "./context.ts";
import type { Pace } from "./pace.ts";
import {
  collectIds,
  collectRows,
  filterField,
  hintField,
  letField,
  makeQuery,
  type Query,
} from "./query-options.ts";

export interface StatementScope {
  engine: WriteEngine;
  transaction: WriteTransaction;
  pace: Pace;
  /** Values of the command's `let`. */
  variables: ReadonlyMap<string, Value | undefined>;
}

export interface UpdateStatement {
  filter: Filter;
  update: Update;
  multi: boolean;
  upsert: boolean;
  sort: Sort;
  hint(collection: Collection | undefined): ReturnType<typeof hintField>;
}

export interface UpdateResult {
  matched: number;
  modified: number;
  /** The _id of the document an upsert made. */
  upsertedId: Value | null;
  /** Of a single update: the document before (null if it was made) and after. */
  before: Value | null;
  after: Value | null;
}

const updateFields = ["q", "u", "multi", "upsert", "collation", "arrayFilters", "hint", "c"];
const deleteFields = ["q", "limit", "collation", "hint"];

/** What makes the whole command wrong, before any of its statements is run. */
export function checkUpdateShape(fields: ReadonlyMap<string, Value>): void {
  onlyFields(fields, "update.updates", updateFields);
  requireField(fields, "update.updates", "q");
  requireField(fields, "update.updates", "u");
  documentField(fields, "q");
}

/** As `checkUpdateShape`, of a delete. */
export function checkDeleteShape(fields: ReadonlyMap<string, Value>): void {
  onlyFields(fields, "delete.deletes", deleteFields);
  requireField(fields, "delete.deletes", "q");
  requireField(fields, "delete.deletes", "limit");
  documentField(fields, "q");
  deleteLimit(fields);
}

function requireField(fields: ReadonlyMap<string, Value>, place: string, name: string): void {
  if (!fields.has(name))
    throw new StoreError(40414, `BSON field '${place}.${name}' is missing but a required field`);
}

function deleteLimit(fields: ReadonlyMap<string, Value>): 0 | 1 {
  const given = fields.get("limit");
  const limit = given !== undefined && isNumeric(given.type) ? toNumber(given) : NaN;
  if (limit !== 0 && limit !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${limit}`);
  return limit;
}

/** Of fields that passed `checkDeleteShape`. */
export function parseDeleteStatement(fields: ReadonlyMap<string, Value>): DeleteStatement {
  refuseCollation(fields);
  return {
    filter: filterField(fields, "q"),
    limit: deleteLimit(fields),
    sort: [],
    hint: (collection) => hintField(fields, collection),
  };
}

/** Of fields that passed `checkUpdateShape`. */
export function parseUpdateStatement(fields: ReadonlyMap<string, Value>): UpdateStatement {
  if (fields.has("c")) throw failedToParse("constants ('c') are not supported by this server: use 'let'");
  refuseCollation(fields);
  const change = fields.get("u");
  if (change === undefined) throw failedToParse("an update needs 'u'");
  const update = parseUpdate(change, arrayFiltersOf(fields));
  const multi = booleanField(fields, "multi");
  if (multi && update.kind === "replacement")
    throw failedToParse("multi update is not supported for replacement-style update");
  return {
    filter: filterField(fields, "q"),
    update,
    multi,
    upsert: booleanField(fields, "upsert"),
    // A sort of an update statement came with MongoDB 8.0; findAndModify has one.
    sort: [],
    hint: (collection) => hintField(fields, collection),
  };
}

export function arrayFiltersOf(fields: ReadonlyMap<string, Value>): Value[] {
  const value = fields.get("arrayFilters");
  if (value === undefined || value.type === bsonType.null) return [];
  if (value.type !== bsonType.array) throw new StoreError(14, "arrayFilters must be an array");
  return itemsOf(value);
}

/** Finds first and changes then, so that a changed document is never found again by its own new place in an index. */
export async function runUpdate(
  scope: StatementScope,
  namespace: { database: string; name: string },
  statement: UpdateStatement,
): Promise<UpdateResult> {
  const { engine, transaction, pace, variables } = scope;
  const { view } = transaction;
  const { filter, update, multi, sort } = statement;
  const collection = engine.catalog.find(namespace.database, namespace.name);
  const hint = statement.hint(collection);
  const result: UpdateResult = { matched: 0, modified: 0, upsertedId: null, before: null, after: null };
  if (collection !== undefined) {
    const query = makeQuery(engine, collection, {
      filter,
      sort,
      hint,
      variables,
      limit: multi ? Infinity : 1,
    });
    const writer = new CollectionWriter(engine.catalog, transaction, collection);
    for await (const { id, document, position } of foundRows(query, multi, view, pace)) {
      const before = documentValue(document);
      const after = applyUpdate(update, before, {
        inserting: false,
        position,
        nowMs: engine.nowMs(),
        variables,
      });
      result.matched += 1;
      result.before = before;
      result.after = after;
      if (after.bytes().equals(before.bytes())) continue;
      writer.replace(id, document, after);
      result.modified += 1;
    }
  }
  if (result.matched === 0 && statement.upsert) insertUpsert(scope, namespace, statement, result);
  return result;
}

function insertUpsert(
  { engine, transaction, variables }: StatementScope,
  namespace: { database: string; name: string },
  { update, filter }: UpdateStatement,
  result: UpdateResult,
): void {
  const document = upsertedDocument(update, filter, { nowMs: engine.nowMs(), variables });
  const collection = engine.catalog.ensure(transaction, namespace.database, namespace.name);
  new CollectionWriter(engine.catalog, transaction, collection).insert(document);
  result.after = document;
  result.upsertedId = getField(document, "_id") ?? null;
}

export interface DeleteStatement {
  filter: Filter;
  limit: 0 | 1;
  sort: Sort;
  hint(collection: Collection | undefined): ReturnType<typeof hintField>;
}

export async function runDelete(
  { engine, transaction, pace, variables }: StatementScope,
  namespace: { database: string; name: string },
  { filter, limit, sort, hint }: DeleteStatement,
): Promise<{ deleted: number; document: Value | null }> {
  const collection = engine.catalog.find(namespace.database, namespace.name);
  if (collection === undefined) return { deleted: 0, document: null };
  const { view } = transaction;
  const query = makeQuery(engine, collection, {
    filter,
    sort,
    hint: hint(collection),
    variables,
    limit: limit === 1 ? 1 : Infinity,
  });
  const writer = new CollectionWriter(engine.catalog, transaction, collection);
  let deleted = 0;
  let last: Value | null = null;
  for await (const { id, document } of foundRows(query, limit === 0, view, pace)) {
    writer.delete(id, document);
    deleted += 1;
    last = documentValue(document);
  }
  return { deleted, document: last };
}

/** One row, or all: then only the records are kept, and each document is read and matched again in its turn. */
async function* foundRows(query: Query, all: boolean, view: ReadView, pace: Pace): AsyncGenerator<ScanRow> {
  if (!all) {
    yield* await collectRows(query, view, pace);
    return;
  }
  for (const id of await collectIds(query, view, pace)) {
    const document = view.document(id);
    if (document === undefined) continue;
    query.context.position = -1;
    if (matches(query.filter, documentValue(document), query.context))
      yield { id, document, position: query.context.position };
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
}

/** letField with the engine's clock, for commands that write. */
export function writeVariables(
  engine: Engine,
  fields: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value | undefined> {
  return letField(fields, engine.nowMs());
}
