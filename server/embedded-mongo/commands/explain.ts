// explain: which plan a command would use, and with executionStats what running it reads. Nothing is changed.
import { fieldsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import { readString, type Value } from "../bson/value.ts";
import type { Encodable } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import type { IndexPlan } from "../query/planner.ts";
import { documentList } from "../wire/messages.ts";
import { parseAggregate } from "./aggregate.ts";
import { findCollection, type ReadCommand, type CommandContext, type Reply } from "./context.ts";
import { parseFind } from "./find.ts";
import { filterField, hintField, makeQuery, scanOf, sortField, sorts, type Query } from "./query-options.ts";

export const explainCommand: ReadCommand = {
  fields: ["verbosity"],
  async run(context) {
    const explained = context.request.fields.get("explain");
    if (explained === undefined || explained.type !== bsonType.object)
      throw new StoreError(14, "explain needs a command document");
    const verbosity = context.request.fields.get("verbosity");
    const level =
      verbosity === undefined
        ? "allPlansExecution"
        : verbosity.type === bsonType.string
          ? readString(verbosity)
          : "";
    if (!["queryPlanner", "executionStats", "allPlansExecution"].includes(level))
      throw new StoreError(9, "verbosity must be 'queryPlanner', 'executionStats' or 'allPlansExecution'");
    const fields = new Map(fieldsOf(explained).map(({ name, value }) => [name, value] as const));
    const [name = ""] = fields.keys();
    const inner: CommandContext = { ...context, request: { ...context.request, name, fields } };
    const query = queryOf(inner, name);
    const namespace = `${context.database}.${query?.collection.name ?? ""}`;
    return {
      explainVersion: "1",
      queryPlanner: {
        namespace,
        winningPlan: query === null ? { stage: "EOF" } : planOf(query),
        rejectedPlans: [],
      },
      ...(level === "queryPlanner" || query === null ? {} : { executionStats: await execute(inner, query) }),
      serverInfo: { version: "7.0.0" },
    };
  },
};

function queryOf(context: CommandContext, name: string): Query | null {
  const { fields } = context.request;
  switch (name) {
    case "find":
      return parseFind(context).query;
    case "aggregate":
      return parseAggregate(context).query;
    case "count":
    case "distinct":
    case "findAndModify":
      return simpleQuery(context, fields, "query");
    case "update":
    case "delete": {
      const [first] = documentList(context.request, name === "update" ? "updates" : "deletes");
      if (first === undefined) throw new StoreError(9, `explain needs one ${name} statement`);
      return simpleQuery(
        context,
        new Map(fieldsOf(first).map((field) => [field.name, field.value] as const)),
        "q",
      );
    }
    default:
      throw new StoreError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function simpleQuery(
  context: CommandContext,
  fields: ReadonlyMap<string, Value>,
  filterName: string,
): Query | null {
  const collection = findCollection(context);
  if (collection === undefined) return null;
  return makeQuery(context.engine, collection, {
    filter: filterField(fields, filterName),
    sort: sortField(fields),
    hint: hintField(fields, collection),
  });
}

function planOf(query: Query): Reply {
  const { plan, sort } = query;
  let stage: Reply;
  if (plan.kind === "collection")
    stage = { stage: "COLLSCAN", direction: plan.reverse ? "backward" : "forward" };
  else if (plan.kind === "union")
    stage = { stage: "FETCH", inputStage: { stage: "OR", inputStages: plan.plans.map(indexStage) } };
  else if (plan.byId) stage = { ...indexStage(plan), stage: "IDHACK" };
  else stage = { stage: "FETCH", inputStage: indexStage(plan) };
  if (sort.length === 0 || sorts(query)) return stage;
  const pattern: Record<string, Encodable> = {};
  for (const { path, descending } of sort) pattern[path.text] = descending ? -1 : 1;
  return { stage: "SORT", sortPattern: pattern, inputStage: stage };
}

function indexStage({ index, ranges, reverse }: IndexPlan): Reply {
  return {
    stage: "IXSCAN",
    keyPattern: index.keyPattern,
    indexName: index.name,
    isMultiKey: index.multikeyFields !== 0,
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partial !== null,
    direction: reverse ? "backward" : "forward",
    ranges: ranges.length,
  };
}

/** Counts what a run reads, with the query's own skip and limit. */
async function execute({ engine, pace }: CommandContext, query: Query): Promise<Reply> {
  const started = performance.now();
  const scan = scanOf(query);
  const stopsAt = query.sort.length === 0 || sorts(query) ? query.skip + query.limit : Infinity;
  let matched = 0;
  while (!scan.done && matched < stopsAt) {
    matched += scan.step(engine.storage.reader).length;
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
  return {
    executionSuccess: true,
    nReturned: Math.max(0, Math.min(matched, query.skip + query.limit) - query.skip),
    executionTimeMillis: Math.round(performance.now() - started),
    totalKeysExamined: scan.counts.keysExamined,
    totalDocsExamined: scan.counts.documentsExamined,
  };
}
