// One collection of the model: every operation over a list of documents in the order of their insertion.
import { equal, identical } from "./compare.ts";
import { sorted, type KeyPath } from "./keys.ts";
import { matcherOf } from "./match.ts";
import { distinct, project } from "./project.ts";
import { Refused } from "./refused.ts";
import { updaterOf } from "./update.ts";
import { getField, type Doc, type Field, type Val } from "./value.ts";

export type Operation =
  | { kind: "find"; filter: Doc; sort?: KeyPath[]; skip?: number; limit?: number; projection?: Doc }
  | { kind: "count"; filter: Doc }
  | { kind: "distinct"; filter: Doc; path: string }
  | { kind: "update"; filter: Doc; update: Doc; multi: boolean; upsert: boolean; arrayFilters?: Doc[] }
  | {
      kind: "findAndModify";
      filter: Doc;
      sort?: KeyPath[];
      /** Left out: the document is removed. */
      update?: Doc;
      returnNew?: boolean;
      upsert?: boolean;
      arrayFilters?: Doc[];
      projection?: Doc;
    }
  | { kind: "delete"; filter: Doc; multi: boolean };

export type Outcome =
  | { kind: "refused"; code: number }
  | { kind: "documents"; documents: Doc[] }
  | { kind: "values"; values: Val[] }
  | { kind: "counted"; matched: number; modified: number; upserted: boolean }
  | { kind: "document"; document: Doc | null };

/** What happened and the documents afterwards; null where MongoDB's result is not determined. */
export function perform(
  operation: Operation,
  documents: readonly Doc[],
): { outcome: Outcome; documents: readonly Doc[] } | null {
  try {
    return run(operation, documents);
  } catch (error) {
    if (error instanceof Refused) return { outcome: { kind: "refused", code: error.code }, documents };
    if (error instanceof Undetermined) return null;
    throw error;
  }
}

class Undetermined extends Error {}

function run(
  operation: Operation,
  documents: readonly Doc[],
): { outcome: Outcome; documents: readonly Doc[] } {
  // MongoDB parses the update before the query.
  if ("update" in operation && operation.update !== undefined)
    updaterOf(operation.update, operation.arrayFilters ?? []);
  const matcher = matcherOf(operation.filter);
  const found = () => documents.filter((document) => matcher(document).matched);
  switch (operation.kind) {
    case "find": {
      const { sort, skip = 0, limit, projection } = operation;
      // The projection is parsed although nothing may be found.
      if (projection !== undefined) project(projection, []);
      const ordered = (sort === undefined ? found() : sorted(sort, found())).slice(
        skip,
        limit === undefined ? undefined : skip + limit,
      );
      return {
        outcome: {
          kind: "documents",
          documents: projection === undefined ? ordered : ordered.map((own) => project(projection, own)),
        },
        documents,
      };
    }
    case "count":
      return {
        outcome: { kind: "counted", matched: found().length, modified: 0, upserted: false },
        documents,
      };
    case "distinct":
      return { outcome: { kind: "values", values: distinct(found(), operation.path) }, documents };
    case "delete": {
      const gone = new Set(operation.multi ? found() : found().slice(0, 1));
      return {
        outcome: { kind: "counted", matched: gone.size, modified: 0, upserted: false },
        documents: documents.filter((document) => !gone.has(document)),
      };
    }
    case "update":
      return update(operation, documents);
    case "findAndModify":
      return findAndModify(operation, documents);
  }
}

function update(
  operation: Extract<Operation, { kind: "update" }>,
  documents: readonly Doc[],
): { outcome: Outcome; documents: readonly Doc[] } {
  const { multi, upsert } = operation;
  const matcher = matcherOf(operation.filter);
  const updater = updaterOf(operation.update, operation.arrayFilters ?? []);
  const result = [...documents];
  const outcome = { kind: "counted" as const, matched: 0, modified: 0, upserted: false };
  for (const [index, before] of documents.entries()) {
    if (outcome.matched > 0 && !multi) break;
    const { matched, position } = matcher(before);
    if (!matched) continue;
    if (position === "open" && usesPosition(operation.update)) throw new Undetermined();
    outcome.matched += 1;
    let after: Doc;
    try {
      after = updater(before, { inserting: false, position: position === "open" ? undefined : position });
    } catch (error) {
      // What came before the refusal stays.
      if (error instanceof Refused)
        return { outcome: { kind: "refused", code: error.code }, documents: result };
      throw error;
    }
    if (!same(before, after)) outcome.modified += 1;
    result[index] = after;
  }
  if (outcome.matched === 0 && upsert) {
    result.push(upserted(operation, result));
    outcome.matched = 1;
    outcome.upserted = true;
  }
  return { outcome, documents: result };
}

function findAndModify(
  operation: Extract<Operation, { kind: "findAndModify" }>,
  documents: readonly Doc[],
): { outcome: Outcome; documents: readonly Doc[] } {
  const { sort, projection } = operation;
  if (projection !== undefined) project(projection, []);
  const shown = (document: Doc): Doc => (projection === undefined ? document : project(projection, document));
  const matcher = matcherOf(operation.filter);
  const updater =
    operation.update === undefined ? null : updaterOf(operation.update, operation.arrayFilters ?? []);
  const matching = documents.filter((document) => matcher(document).matched);
  const [before] = sort === undefined ? matching : sorted(sort, matching);
  if (before === undefined) {
    if (operation.update === undefined || operation.upsert !== true)
      return { outcome: { kind: "document", document: null }, documents };
    const made = upserted({ ...operation, update: operation.update }, documents);
    const document = operation.returnNew === true ? shown(made) : null;
    return { outcome: { kind: "document", document }, documents: [...documents, made] };
  }
  if (updater === null)
    return {
      outcome: { kind: "document", document: shown(before) },
      documents: documents.filter((document) => document !== before),
    };
  const { position } = matcher(before);
  if (position === "open" && operation.update !== undefined && usesPosition(operation.update))
    throw new Undetermined();
  const after = updater(before, { inserting: false, position: position === "open" ? undefined : position });
  return {
    outcome: { kind: "document", document: shown(operation.returnNew === true ? after : before) },
    documents: documents.map((document) => (document === before ? after : document)),
  };
}

function usesPosition(update: Doc): boolean {
  return update.some(
    ([, fields]) => fields.t === "object" && fields.v.some(([path]) => path.split(".").includes("$")),
  );
}

function same(before: Doc, after: Doc): boolean {
  return before === after || JSON.stringify(before, plain) === JSON.stringify(after, plain);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" && (Object.is(value, -0) || !Number.isFinite(value))
    ? `${Object.is(value, -0) ? "-0" : value}d`
    : value;
}

function upserted(
  operation: { filter: Doc; update: Doc; arrayFilters?: Doc[] },
  documents: readonly Doc[],
): Doc {
  const replaces = operation.update[0]?.[0].startsWith("$") !== true;
  const equalities = equalitiesOf(operation.filter).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [index, [path, value]] of equalities.entries())
    for (const [other, otherValue] of equalities.slice(index + 1)) {
      if ((path !== other && !other.startsWith(`${path}.`)) || (replaces && path !== "_id")) continue;
      // Whether the same condition twice is one depends on what MongoDB's optimizer folds.
      if (path === other && identical(value, otherValue)) throw new Undetermined();
      throw new Refused(54, `cannot infer query fields to set: '${path}' is matched twice`);
    }
  const seeds = equalities.filter(([path]) => !replaces || path === "_id");
  let seed: Doc = [];
  for (const [path, value] of seeds) seed = withPath(seed, path.split("."), value);
  const updater = updaterOf(operation.update, operation.arrayFilters ?? []);
  const made = updater(seed, { inserting: true, position: undefined });
  const id = getField(made, "_id");
  if (id !== undefined && ["array", "regex", "undefined"].includes(id.t))
    throw new Refused(53, `_id cannot be a ${id.t}`);
  if (id !== undefined && documents.some((own) => equal(getField(own, "_id") ?? { t: "null" }, id)))
    throw new Refused(11000, "duplicate key");
  return [["_id", id ?? { t: "generatedId" }], ...made.filter(([name]) => name !== "_id")];
}

/** What a filter says of the document it would match: equalities, also inside `$and` and where only one choice is left. */
function equalitiesOf(filter: Doc): Field[] {
  return filter.flatMap(([name, value]): Field[] => {
    if (name === "$and" || (name === "$or" && value.t === "array" && value.v.length === 1))
      return value.t === "array"
        ? value.v.flatMap((child) => (child.t === "object" ? equalitiesOf(child.v) : []))
        : [];
    if (name.startsWith("$") || value.t === "regex") return [];
    if (value.t !== "object" || value.v[0]?.[0].startsWith("$") !== true) return [[name, value]];
    return value.v.flatMap(([operator, operand]): Field[] => {
      if (operator === "$eq") return [[name, operand]];
      if (operator !== "$in" && operator !== "$all") return [];
      if (operand.t !== "array") return [];
      const plainItems = operand.v.filter(({ t }) => t !== "regex");
      if (operator === "$all")
        return operand.v.flatMap((item): Field[] =>
          item.t === "regex" || (item.t === "object" && item.v[0]?.[0].startsWith("$")) ? [] : [[name, item]],
        );
      const [only, ...others] = plainItems;
      return only !== undefined &&
        plainItems.length === operand.v.length &&
        others.every((item) => equal(item, only))
        ? [[name, only]]
        : [];
    });
  });
}

function withPath(fields: Doc, path: readonly string[], value: Val): Doc {
  const [name = "", ...rest] = path;
  const before = getField(fields, name);
  const after: Val =
    rest.length === 0
      ? value
      : { t: "object", v: withPath(before?.t === "object" ? before.v : [], rest, value) };
  return before === undefined
    ? [...fields, [name, after]]
    : fields.map(([own, old]): Field => [own, own === name ? after : old]);
}
