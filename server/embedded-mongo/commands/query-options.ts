// Reading what find, count, update and the others have in common: filter, sort, hint, let.
import { compileExpression } from "../aggregate/expression.ts";
import { equalValues } from "../bson/compare.ts";
import { fieldsOf, firstField } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { documentValue, readString } from "../bson/value.ts";
import { badValue } from "../errors.ts";
import type { IndexDefinition } from "../index/definition.ts";
import { matchesEverything, type Filter } from "../query/filter.ts";
import { newMatchContext, type MatchContext } from "../query/match.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { planQuery, type Plan } from "../query/planner.ts";
import { Scan, type ScanRow } from "../query/scan.ts";
import { parseSort, Sorter, type Sort } from "../query/sort.ts";
import type { Collection } from "../storage/catalog.ts";
import type { ReadView, RecordId } from "../storage/storage.ts";
import { documentField, type Engine } from "./context.ts";
import type { Pace } from "./pace.ts";

export function filterField(fields: ReadonlyMap<string, Value>, name: string): Filter {
  const value = documentField(fields, name);
  return value === undefined ? matchesEverything : parseFilter(value);
}

export function sortField(fields: ReadonlyMap<string, Value>, name = "sort"): Sort {
  const value = documentField(fields, name);
  return value === undefined ? [] : parseSort(value);
}

/** The index that a hint names by name or key pattern; BadValue (2) where there is none. */
export function hintField(
  fields: ReadonlyMap<string, Value>,
  collection: Collection | undefined,
): IndexDefinition | "collection" | undefined {
  const hint = fields.get("hint");
  if (hint === undefined || hint.type === bsonType.null) return undefined;
  if (hint.type === bsonType.object && firstField(hint)?.name === "$natural") return "collection";
  if (hint.type === bsonType.object && firstField(hint) === undefined) return undefined;
  if (hint.type !== bsonType.string && hint.type !== bsonType.object)
    throw badValue("hint must be a string or a document");
  if (collection === undefined) return undefined;
  const found = collection.indexes.find(
    (index) =>
      !index.hidden &&
      (hint.type === bsonType.string ? index.name === readString(hint) : equalValues(index.keyPattern, hint)),
  );
  if (found === undefined)
    throw badValue(
      "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index",
    );
  return found;
}

/** The constants of `let`, as variables for $expr. */
export function letField(
  fields: ReadonlyMap<string, Value>,
  nowMs: number,
): ReadonlyMap<string, Value | undefined> {
  const variables = new Map<string, Value | undefined>();
  const given = documentField(fields, "let");
  if (given === undefined) return variables;
  for (const { name, value } of fieldsOf(given))
    variables.set(name, compileExpression(value)({ root: emptyDocument, variables, nowMs }));
  return variables;
}

const emptyDocument = documentValue(Buffer.from([5, 0, 0, 0, 0]));

export interface Query {
  collection: Collection;
  filter: Filter;
  sort: Sort;
  skip: number;
  /** Infinity: all. */
  limit: number;
  plan: Plan;
  context: MatchContext;
}

export function makeQuery(
  engine: Engine,
  collection: Collection,
  options: {
    filter: Filter;
    sort?: Sort;
    skip?: number;
    limit?: number;
    hint?: IndexDefinition | "collection" | undefined;
    variables?: ReadonlyMap<string, Value | undefined>;
  },
): Query {
  const { filter, sort = [], skip = 0, limit = Infinity, hint, variables } = options;
  const plan = planQuery({ indexes: collection.indexes, filter, sort, hint });
  return { collection, filter, sort, skip, limit, plan, context: newMatchContext(engine.nowMs(), variables) };
}

/** `passing` as `Scan` has it. */
export function scanOf(query: Query, { passing = false } = {}): Scan {
  const { collection, plan, filter, context, skip, limit } = query;
  const firstPageRows = Number.isFinite(limit) && sorts(query) ? skip + limit : 32;
  return new Scan({ collectionId: collection.id, plan, filter, context, firstPageRows, passing });
}

/** The scan itself gives the rows in order. */
export function sorts({ plan }: Query): boolean {
  return plan.kind === "union" ? false : plan.providesSort;
}

/** All rows of a query in order, for commands that change one of what they find. */
export async function collectRows(query: Query, view: ReadView, pace: Pace): Promise<ScanRow[]> {
  const { sort, skip, limit } = query;
  const sorter = sort.length > 0 && !sorts(query) ? new Sorter<ScanRow>(sort, skip + limit) : null;
  const rows: ScanRow[] = [];
  await eachRow(query, view, pace, (row) => {
    if (sorter === null) rows.push(row);
    else sorter.add(row, documentValue(row.document));
    return sorter === null && rows.length >= skip + limit;
  });
  return (sorter === null ? rows : sorter.sorted()).slice(skip, skip + limit);
}

/** The records of a query without their documents: all of them may be many. */
export async function collectIds(query: Query, view: ReadView, pace: Pace): Promise<RecordId[]> {
  const ids: RecordId[] = [];
  await eachRow(query, view, pace, ({ id }) => {
    ids.push(id);
    return false;
  });
  return ids;
}

/** Reads until the visitor answers true. */
async function eachRow(
  query: Query,
  view: ReadView,
  pace: Pace,
  visit: (row: ScanRow) => boolean,
): Promise<void> {
  const scan = scanOf(query);
  while (!scan.done) {
    for (const row of scan.step(view)) if (visit(row)) return;
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
}
