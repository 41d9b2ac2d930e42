// Parses the stages of a pipeline and makes them run.
import { fieldsOf, firstField, itemsOf, getField } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { closeNode, ObjectNode, openNode, openObject } from "../bson/tree.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { documentValue, integerValue, longValue, nullValue, readString, type Value } from "../bson/value.ts";
import { documentOf, encodeDocument } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { matches, newMatchContext } from "../query/match.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { parseSort, Sorter, type Sort } from "../query/sort.ts";
import { isTruthy } from "../query/truth.ts";
import { bucketAutoStage, bucketStages } from "./bucket-stages.ts";
import { facetStage, sampleStage, unionStage } from "./combining-stages.ts";
import { documentStage, stageOf } from "./document-stages.ts";
import { graphLookupStage } from "./graph-lookup-stage.ts";
import { groupStage } from "./group-stage.ts";
import { lookupStage } from "./lookup-stage.ts";
import { pageStage, type RunningStage } from "./pipeline.ts";
import type { CheckPipeline, StageScope } from "./stage-scope.ts";

/** Throws 40324 for a stage that is not supported. */
export function makeStages(pipeline: readonly Value[], scope: StageScope): RunningStage[] {
  const stages: RunningStage[] = [];
  for (const [at, stage] of pipeline.entries()) {
    const { name, operand } = stageOf(stage);
    stages.push(...makeStage(name, operand, scope, pipeline[at + 1]));
  }
  return stages;
}

function makeStage(name: string, operand: Value, scope: StageScope, next: Value | undefined): RunningStage[] {
  const checkInner: CheckPipeline = (pipeline, place) => checkPipeline(pipeline, place, scope);
  const single = documentStage(name, operand);
  if (single !== null)
    return [
      pageStage((documents) => documents.map((document) => single(document, scope.variables, scope.nowMs))),
    ];
  switch (name) {
    case "$match":
      return [matchStage(operand, scope)];
    case "$group":
      return [groupStage(operand, scope.variables, scope.nowMs)];
    case "$sort":
      return [sortStage(requireSort(operand), limitOf(next))];
    case "$limit":
      return [limitStage(wholeNumber(operand, "$limit", 1))];
    case "$skip":
      return [skipStage(wholeNumber(operand, "$skip", 0))];
    case "$count":
      return [countStage(operand)];
    case "$unwind":
      return [unwindStage(operand)];
    case "$lookup":
      return [lookupStage(operand, scope, checkInner)];
    case "$graphLookup":
      return [graphLookupStage(operand, scope)];
    case "$unionWith":
      return [unionStage(operand, scope, checkInner)];
    case "$facet":
      return [facetStage(operand, (pipeline) => makeStages(pipeline, scope))];
    case "$sample":
      return [sampleStage(operand, scope)];
    case "$bucket":
      return bucketStages(operand, scope, (sort) => sortStage(sort, Infinity));
    case "$bucketAuto":
      return [bucketAutoStage(operand, scope)];
    case "$sortByCount": {
      const specification = encodeDocument({ _id: operand, count: { $sum: 1 } });
      return [
        groupStage(specification, scope.variables, scope.nowMs),
        sortStage(parseSort(encodeDocument({ count: -1 })), Infinity),
      ];
    }
    case "$documents":
      throw new StoreError(40602, "$documents is only valid as the first stage in a pipeline");
    case "$changeStream":
      throw new StoreError(40573, "The $changeStream stage is only supported on replica sets");
    default:
      throw new StoreError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

/** What an inner pipeline would be refused for, told before it runs. */
function checkPipeline(pipeline: readonly Value[], place: string, scope: StageScope): void {
  const [first, ...rest] = pipeline;
  const own = first !== undefined && stageOf(first).name === "$documents";
  for (const stage of pipeline) {
    const { name } = stageOf(stage);
    if (name === "$out" || name === "$merge")
      throw new StoreError(51047, `${name} is not allowed to be used within a ${place} stage`);
  }
  makeStages(own ? rest : pipeline, scope);
}

function matchStage(operand: Value, scope: StageScope): RunningStage {
  if (operand.type !== bsonType.object)
    throw new StoreError(15959, "the match filter must be an expression in an object");
  const filter = parseFilter(operand);
  const context = newMatchContext(scope.nowMs, scope.variables);
  return pageStage((documents) => documents.filter((document) => matches(filter, document, context)));
}

export function requireSort(operand: Value): Sort {
  if (operand.type !== bsonType.object)
    throw new StoreError(15973, "the $sort key specification must be an object");
  const sort = parseSort(operand);
  if (sort.length === 0) throw new StoreError(15976, "$sort stage must have at least one sort key");
  return sort;
}

/** A $limit right after a $sort means that only so many need to be kept. */
function limitOf(next: Value | undefined): number {
  if (next === undefined || next.type !== bsonType.object) return Infinity;
  const first = firstField(next);
  return first?.name === "$limit" && isNumeric(first.value.type)
    ? Math.max(1, toNumber(first.value))
    : Infinity;
}

export function wholeNumber(operand: Value, name: string, min: number): number {
  const number = isNumeric(operand.type) ? toNumber(operand) : NaN;
  if (!Number.isSafeInteger(number) || number < min)
    throw new StoreError(
      name === "$limit" ? 15958 : 15956,
      `invalid argument to ${name} stage: Expected a number of at least ${min}`,
    );
  return number;
}

function sortStage(sort: Sort, limit: number): RunningStage {
  const sorter = new Sorter<{ document: Buffer }>(sort, limit);
  return {
    satisfied: false,
    take(documents) {
      for (const document of documents) sorter.add({ document: document.bytes() }, document);
      return [];
    },
    end: () => sorter.sorted().map(({ document }) => documentValue(document)),
  };
}

function limitStage(limit: number): RunningStage {
  let left = limit;
  return {
    take(documents) {
      const taken = documents.slice(0, left);
      left -= taken.length;
      return taken;
    },
    end: () => [],
    get satisfied() {
      return left <= 0;
    },
  };
}

function skipStage(count: number): RunningStage {
  let left = count;
  return pageStage((documents) => {
    const skipped = Math.min(left, documents.length);
    left -= skipped;
    return documents.slice(skipped);
  });
}

function countStage(operand: Value): RunningStage {
  const name = operand.type === bsonType.string ? readString(operand) : "";
  if (name === "" || name.startsWith("$") || name.includes("."))
    throw new StoreError(40156, "the count field must be a non-empty string without '$' and '.'");
  let count = 0;
  return {
    satisfied: false,
    take(documents) {
      count += documents.length;
      return [];
    },
    end: () => (count === 0 ? [] : [documentOf([[name, integerValue(count)]])]),
  };
}

interface Unwind {
  parts: string[];
  keepEmpty: boolean;
  indexField: string | null;
}

function unwindStage(operand: Value): RunningStage {
  const unwind = parseUnwind(operand);
  return pageStage(function* (documents) {
    for (const document of documents) yield* unwound(document, unwind);
  });
}

function parseUnwind(operand: Value): Unwind {
  const fields = operand.type === bsonType.object ? fieldsOf(operand) : [];
  for (const { name } of fields)
    if (!["path", "preserveNullAndEmptyArrays", "includeArrayIndex"].includes(name))
      throw new StoreError(28811, `unrecognized option to $unwind stage: ${name}`);
  const path = operand.type === bsonType.object ? getField(operand, "path") : operand;
  if (path === undefined || path.type !== bsonType.string)
    throw new StoreError(28812, "no path specified to $unwind stage");
  const text = readString(path);
  if (!text.startsWith("$") || text.length < 2)
    throw new StoreError(28818, `path option to $unwind stage should be prefixed with a '$': ${text}`);
  const keep = fields.find(({ name }) => name === "preserveNullAndEmptyArrays")?.value;
  const index = fields.find(({ name }) => name === "includeArrayIndex")?.value;
  if (
    index !== undefined &&
    (index.type !== bsonType.string || readString(index) === "" || readString(index).startsWith("$"))
  )
    throw new StoreError(
      28810,
      "expected a non-empty string for the includeArrayIndex option to $unwind stage",
    );
  return {
    parts: text.slice(1).split("."),
    keepEmpty: keep !== undefined && isTruthy(keep),
    indexField: index === undefined ? null : readString(index),
  };
}

/** One at a time: together they may be far larger than the document they come from. */
function* unwound(document: Value, { parts, keepEmpty, indexField }: Unwind): Generator<Value> {
  let value: Value | undefined = document;
  for (const part of parts)
    value = value !== undefined && value.type === bsonType.object ? getField(value, part) : undefined;
  const nothing = value === undefined || value.type === bsonType.null || value.type === bsonType.undefined;
  if (nothing || value === undefined || value.type !== bsonType.array) {
    if (!nothing || keepEmpty) yield withItem(document, parts, value, indexField, nullValue);
    return;
  }
  const items = itemsOf(value);
  if (items.length === 0 && keepEmpty) yield withItem(document, parts, undefined, indexField, nullValue);
  for (const [at, item] of items.entries())
    yield withItem(document, parts, item, indexField, longValue(BigInt(at)));
}

function withItem(
  document: Value,
  parts: readonly string[],
  item: Value | undefined,
  indexField: string | null,
  index: Value,
): Value {
  const root = openObject(document);
  let node = root;
  for (const part of parts.slice(0, -1)) {
    const child = node.fields.get(part);
    const opened = child === undefined ? null : openNode(child);
    if (!(opened instanceof ObjectNode)) break;
    node.fields.set(part, opened);
    node = opened;
  }
  const name = parts.at(-1) ?? "";
  if (item !== undefined) node.fields.set(name, item);
  else if (parts.length === 1 || node !== root) node.fields.delete(name);
  if (indexField !== null) root.fields.set(indexField, index);
  return closeNode(root);
}
