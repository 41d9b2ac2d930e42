// find, getMore, killCursors and count.
import { itemsOf } from "../bson/document.ts";
import { toInteger } from "../bson/numeric.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { documentValue, longValue, readLong, readString } from "../bson/value.ts";
import { StoreError, badValue } from "../errors.ts";
import { compileProjection, type Projection } from "../query/projection.ts";
import { CountAll, type Scan, type ScanRow } from "../query/scan.ts";
import { Sorter } from "../query/sort.ts";
import {
  booleanField,
  collectionName,
  documentField,
  findCollection,
  integerField,
  refuseCollation,
  type ReadCommand,
  type CommandContext,
  type Engine,
  type Reply,
} from "./context.ts";
import type { DocumentSource } from "./cursors.ts";
import type { Pace } from "./pace.ts";
import {
  filterField,
  hintField,
  letField,
  makeQuery,
  scanOf,
  sortField,
  sorts,
  type Query,
} from "./query-options.ts";

export const defaultBatch = 101;

export const findCommand: ReadCommand = {
  fields: [
    "filter",
    "sort",
    "projection",
    "hint",
    "skip",
    "limit",
    "batchSize",
    "singleBatch",
    "collation",
    "let",
    "noCursorTimeout",
    "allowDiskUse",
    "allowPartialResults",
    "tailable",
    "awaitData",
    "returnKey",
    "showRecordId",
    "min",
    "max",
  ],
  async run(context) {
    const { engine, request, database, pace } = context;
    const { fields } = request;
    refuseUnsupported(fields);
    const namespace = `${database}.${collectionName(context)}`;
    const { query, projection, singleBatch } = parseFind(context);
    const batchSize = integerField(fields, "batchSize") ?? defaultBatch;
    const source: DocumentSource = query === null ? emptySource : new QuerySource(engine, query, projection);
    const { id, batch } = await engine.cursors.open({ namespace, source, batchSize, singleBatch }, pace);
    return { cursor: { firstBatch: batch, id: longValue(id), ns: namespace } };
  },
};

/** Throws BadValue (2) for what no find of this server does. */
export function refuseUnsupported(fields: ReadonlyMap<string, Value>): void {
  refuseCollation(fields);
  for (const name of ["tailable", "awaitData"])
    if (booleanField(fields, name))
      throw badValue("tailable cursors are not supported: there are no capped collections");
  for (const name of ["returnKey", "showRecordId"])
    if (booleanField(fields, name)) throw badValue(`${name} is not supported by this server`);
  for (const name of ["min", "max"])
    if (documentField(fields, name) !== undefined) throw badValue(`${name} is not supported by this server`);
}

/** Shared with `explain`. The query is null where the collection does not exist. */
export function parseFind(
  context: CommandContext,
  fields: ReadonlyMap<string, Value> = context.request.fields,
): {
  query: Query | null;
  projection: Projection | null;
  singleBatch: boolean;
} {
  const { engine } = context;
  const collection = findCollection(context);
  const filter = filterField(fields, "filter");
  const sort = sortField(fields);
  const projected = documentField(fields, "projection");
  const projection = projected === undefined ? null : compileProjection(projected, filter);
  const skip = integerField(fields, "skip") ?? 0;
  const limit = integerField(fields, "limit") ?? 0;
  const hint = hintField(fields, collection);
  const variables = letField(fields, engine.nowMs());
  const singleBatch = booleanField(fields, "singleBatch");
  if (collection === undefined) return { query: null, projection, singleBatch };
  const query = makeQuery(engine, collection, {
    filter,
    sort,
    skip,
    limit: limit === 0 ? Infinity : limit,
    hint,
    variables,
  });
  return { query, projection, singleBatch };
}

export const emptySource: DocumentSource = { done: true, pull: () => [] };

/** Streams a query: in the scan's order where that is the sort's, else sorted in memory first. */
export class QuerySource implements DocumentSource {
  readonly #engine: Engine;
  readonly #query: Query;
  readonly #projection: Projection | null;
  readonly #scan: Scan;
  #sorter: Sorter<ScanRow> | null;
  #toSkip: number;
  #left: number;
  done = false;

  constructor(engine: Engine, query: Query, projection: Projection | null) {
    this.#engine = engine;
    this.#query = query;
    this.#projection = projection;
    const sorted = query.sort.length === 0 || sorts(query);
    this.#scan = scanOf(query, { passing: sorted });
    this.#toSkip = query.skip;
    this.#left = query.limit;
    this.#sorter = sorted ? null : new Sorter<ScanRow>(query.sort, query.skip + query.limit);
  }

  pull(pace: Pace): Promise<Value[]> | Value[] {
    if (this.#sorter !== null) return this.#sortAll(this.#sorter, pace);
    const documents = this.#take(this.#scan.step(this.#engine.storage.reader));
    if (this.#scan.done) this.done = true;
    return documents;
  }

  async #sortAll(sorter: Sorter<ScanRow>, pace: Pace): Promise<Value[]> {
    while (!this.#scan.done) {
      for (const row of this.#scan.step(this.#engine.storage.reader))
        sorter.add(row, documentValue(row.document));
      const pause = pace.breathe();
      if (pause !== undefined) await pause;
    }
    this.#sorter = null;
    this.done = true;
    return this.#take(sorter.sorted());
  }

  #take(rows: readonly ScanRow[]): Value[] {
    const documents: Value[] = [];
    for (const row of rows) {
      if (this.#toSkip > 0) {
        this.#toSkip -= 1;
        continue;
      }
      if (this.#left <= 0) break;
      this.#left -= 1;
      const document = documentValue(row.document);
      documents.push(this.#projection === null ? document : this.#projection(document, this.#scopeOf(row)));
    }
    if (this.#left <= 0) this.done = true;
    return documents;
  }

  #scopeOf(row: ScanRow): {
    position: number;
    nowMs: number;
    variables: ReadonlyMap<string, Value | undefined>;
  } {
    const { nowMs, variables } = this.#query.context;
    return { position: row.position, nowMs, variables };
  }
}

export const getMoreCommand: ReadCommand = {
  fields: ["collection", "batchSize", "maxAwaitTimeMS"],
  async run({ engine, request, database, pace }) {
    const id = request.fields.get("getMore");
    const collection = request.fields.get("collection");
    if (id === undefined || id.type !== bsonType.long)
      throw new StoreError(14, "getMore needs a cursor id of type long");
    if (collection === undefined || collection.type !== bsonType.string)
      throw new StoreError(14, "getMore needs a collection name");
    const namespace = `${database}.${readString(collection)}`;
    const batchSize = integerField(request.fields, "batchSize") ?? 0;
    const { id: open, batch } = await engine.cursors.more(readLong(id), namespace, batchSize, pace);
    return { cursor: { nextBatch: batch, id: longValue(open), ns: namespace } };
  },
};

export const killCursorsCommand: ReadCommand = {
  fields: ["cursors"],
  run({ engine, request }) {
    const list = request.fields.get("cursors");
    if (list === undefined || list.type !== bsonType.array)
      throw new StoreError(14, "killCursors needs an array of cursors");
    const killed: Value[] = [];
    const missing: Value[] = [];
    for (const item of itemsOf(list)) {
      const id = toInteger(item);
      (id !== undefined && engine.cursors.kill(id) ? killed : missing).push(item);
    }
    return { cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] };
  },
};

export const countCommand: ReadCommand = {
  fields: ["query", "limit", "skip", "hint", "collation", "fields"],
  async run(context): Promise<Reply> {
    const { engine, request, pace } = context;
    const { fields } = request;
    refuseCollation(fields);
    const filter = filterField(fields, "query");
    const limit = Math.abs(integerField(fields, "limit", -Number.MAX_SAFE_INTEGER) ?? 0);
    const skip = integerField(fields, "skip") ?? 0;
    const collection = findCollection(context);
    const hint = hintField(fields, collection);
    if (collection === undefined) return { n: 0 };
    const [idIndex] = collection.indexes;
    let count = 0;
    if (filter.kind === "constant" && filter.result && hint === undefined && idIndex !== undefined) {
      const all = new CountAll(idIndex);
      while (!all.done) {
        all.step(engine.storage.reader);
        const pause = pace.breathe();
        if (pause !== undefined) await pause;
      }
      count = all.count;
    } else {
      const scan = scanOf(makeQuery(engine, collection, { filter, hint }), { passing: true });
      while (!scan.done) {
        count += scan.step(engine.storage.reader).length;
        const pause = pace.breathe();
        if (pause !== undefined) await pause;
      }
    }
    const left = Math.max(0, count - skip);
    return { n: limit > 0 ? Math.min(limit, left) : left };
  },
};
