// aggregate and distinct. A $match and a $sort at the beginning become a query that can use an index.
import { stageOf } from "../aggregate/document-stages.ts";
import { givenDocuments } from "../aggregate/combining-stages.ts";
import { PipelineSource, drain } from "../aggregate/pipeline.ts";
import type { StageScope } from "../aggregate/stage-scope.ts";
import { makeStages, requireSort, wholeNumber } from "../aggregate/stages.ts";
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { longValue, documentValue, type Value } from "../bson/value.ts";
import { arrayOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { matchesEverything, type Filter } from "../query/filter.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { pathOf, visitDistinct } from "../query/path.ts";
import type { Sort } from "../query/sort.ts";
import {
  booleanField,
  collectionName,
  documentField,
  findCollection,
  integerField,
  refuseCollation,
  stringField,
  type ReadCommand,
  type CommandContext,
  type Engine,
  type Reply,
} from "./context.ts";
import type { DocumentSource } from "./cursors.ts";
import { emptySource, QuerySource } from "./find.ts";
import { ListSource } from "./namespaces.ts";
import { filterField, hintField, letField, makeQuery, scanOf, type Query } from "./query-options.ts";

const defaultBatch = 101;

export const aggregateCommand: ReadCommand = {
  fields: [
    "pipeline",
    "cursor",
    "allowDiskUse",
    "let",
    "hint",
    "collation",
    "explain",
    "bypassDocumentValidation",
  ],
  async run(context): Promise<Reply> {
    const { engine, request, database, pace } = context;
    const { fields } = request;
    refuseCollation(fields);
    if (booleanField(fields, "explain"))
      throw new StoreError(72, "use the explain command to explain an aggregation");
    const cursor = documentField(fields, "cursor");
    if (cursor === undefined)
      throw new StoreError(
        9,
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    const cursorFields = new Map(fieldsOfCursor(cursor));
    const batchSize = integerField(cursorFields, "batchSize") ?? defaultBatch;
    const { query, given, rest } = parseAggregate(context);
    const variables = letField(fields, engine.nowMs());
    const source: DocumentSource =
      query !== null
        ? new QuerySource(engine, query, null)
        : given !== null
          ? new ListSource(given)
          : emptySource;
    const stages = makeStages(rest, stageScope(engine, database, variables));
    const namespace = `${database}.${given === null ? collectionName(context) : "$cmd.aggregate"}`;
    const { id, batch } = await engine.cursors.open(
      { namespace, source: stages.length === 0 ? source : new PipelineSource(source, stages), batchSize },
      pace,
    );
    return { cursor: { firstBatch: batch, id: longValue(id), ns: namespace } };
  },
};

function fieldsOfCursor(cursor: Value): [string, Value][] {
  return fieldsOf(cursor).map(({ name, value }) => {
    if (name !== "batchSize") throw new StoreError(40415, `BSON field 'cursor.${name}' is an unknown field.`);
    return [name, value];
  });
}

/** The query or the documents a pipeline begins with, and the stages after it. Shared with `explain`. */
export function parseAggregate(
  context: CommandContext,
  fields: ReadonlyMap<string, Value> = context.request.fields,
): { query: Query | null; given: Value[] | null; rest: Value[] } {
  const { engine } = context;
  const pipeline = fields.get("pipeline");
  if (pipeline === undefined || pipeline.type !== bsonType.array)
    throw new StoreError(14, "'pipeline' option must be specified as an array");
  const stages = itemsOf(pipeline);
  if (stages.length > 1000)
    throw new StoreError(7749501, "Pipeline length must be no longer than 1000 stages");
  const variables = letField(fields, engine.nowMs());
  const first = stages[0] === undefined ? undefined : stageOf(stages[0]);
  const target = fields.get("aggregate");
  if (target !== undefined && isNumeric(target.type)) {
    // A stage that nobody knows is that before anything else.
    if (first !== undefined && first.name !== "$documents")
      makeStages(stages.slice(0, 1), stageScope(engine, context.database, variables));
    if (toNumber(target) !== 1 || first?.name !== "$documents")
      throw new StoreError(
        73,
        `{aggregate: 1} is not valid for '${first?.name ?? "an empty pipeline"}'; a collection is required.`,
      );
    const given = givenDocuments(first.operand, { variables, nowMs: engine.nowMs() });
    return { query: null, given, rest: stages.slice(1) };
  }
  if (first?.name === "$documents")
    throw new StoreError(73, "'$documents' can only be run with {aggregate: 1}");
  const { filter, sort, limit, rest } = leadingQuery(stages);
  const collection = findCollection(context);
  const hint = hintField(fields, collection);
  if (collection === undefined) return { query: null, given: null, rest };
  return {
    query: makeQuery(engine, collection, { filter, sort, limit, hint, variables }),
    given: null,
    rest,
  };
}

/** The $match, $sort and $limit a pipeline begins with, as a query that can use an index. */
function leadingQuery(stages: readonly Value[]): {
  filter: Filter;
  sort: Sort;
  limit: number;
  rest: Value[];
} {
  const filters: Filter[] = [];
  let sort: Sort = [];
  let limit = Infinity;
  let taken = 0;
  for (const stage of stages) {
    const { name, operand } = stageOf(stage);
    if (name === "$match" && sort.length === 0 && operand.type === bsonType.object)
      filters.push(parseFilter(operand));
    else if (name === "$sort" && sort.length === 0) sort = requireSort(operand);
    else if (name === "$limit") {
      limit = wholeNumber(operand, "$limit", 1);
      taken += 1;
      break;
    } else break;
    taken += 1;
  }
  const filter: Filter = filters.length === 0 ? matchesEverything : { kind: "and", children: filters };
  return { filter, sort, limit, rest: stages.slice(taken) };
}

function stageScope(
  engine: Engine,
  database: string,
  variables: ReadonlyMap<string, Value | undefined>,
): StageScope {
  const nowMs = engine.nowMs();
  return {
    variables,
    nowMs,
    random: () => Math.random(),
    async runPipeline({ from, pipeline, filter, variables: inner, maxBytes, tooLarge }, pace) {
      const [first, ...others] = pipeline;
      const opening = first === undefined ? undefined : stageOf(first);
      let source: DocumentSource = emptySource;
      let rest = others;
      if (opening?.name === "$documents")
        source = new ListSource(givenDocuments(opening.operand, { variables: inner, nowMs }));
      else {
        const leading = leadingQuery(pipeline);
        ({ rest } = leading);
        const collection = from === null ? undefined : engine.catalog.find(database, from);
        if (collection !== undefined) {
          const both: Filter =
            filter === undefined ? leading.filter : { kind: "and", children: [filter, leading.filter] };
          const query = makeQuery(engine, collection, { ...leading, filter: both, variables: inner });
          source = new QuerySource(engine, query, null);
        }
      }
      const stages = makeStages(rest, stageScope(engine, database, inner));
      const all = stages.length === 0 ? source : new PipelineSource(source, stages);
      return drain(all, { maxBytes, tooLarge }, pace);
    },
  };
}

const maxDistinctBytes = 16 * 1024 * 1024;

export const distinctCommand: ReadCommand = {
  fields: ["key", "query", "collation", "hint"],
  async run(context) {
    const { engine, request, pace } = context;
    const { fields } = request;
    refuseCollation(fields);
    const key = stringField(fields, "key");
    if (key === undefined || key === "")
      throw new StoreError(40414, "BSON field 'distinct.key' is missing but a required field");
    const filter = filterField(fields, "query");
    const collection = findCollection(context);
    const hint = hintField(fields, collection);
    if (collection === undefined) return { values: [] };
    const path = pathOf(key);
    const scan = scanOf(makeQuery(engine, collection, { filter, hint }));
    const seen = new Map<string, Value>();
    let bytes = 0;
    while (!scan.done) {
      for (const { document } of scan.step(engine.storage.reader))
        visitDistinct(documentValue(document), path, (value) => {
          const text = keyText(value);
          if (seen.has(text)) return;
          seen.set(text, value.detach());
          bytes += value.end - value.start + 16;
        });
      if (bytes > maxDistinctBytes) throw new StoreError(17217, "distinct too big, 16mb cap");
      const pause = pace.breathe();
      if (pause !== undefined) await pause;
    }
    return { values: arrayOf(seen.values()) };
  },
};
