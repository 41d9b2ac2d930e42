// $bucket and $bucketAuto: documents grouped by ranges, given ones or ones that share them out evenly.
import { compareValues } from "../bson/compare.ts";
import { fieldsOf, firstField, itemsOf } from "../bson/document.ts";
import { toInteger } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeRank } from "../bson/types.ts";
import { nullValue, readString, type Value } from "../bson/value.ts";
import { documentOf, encodeDocument } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { parseSort } from "../query/sort.ts";
import { compileExpression } from "./expression.ts";
import { groupStage, parseOutput, type Output } from "./group-stage.ts";
import type { RunningStage } from "./pipeline.ts";
import type { StageScope } from "./stage-scope.ts";

const maxBytes = 100 * 1024 * 1024;

/** As a $group by $switch, sorted by the lower bounds afterwards with the stage that `sort` makes. */
export function bucketStages(
  operand: Value,
  { variables, nowMs }: StageScope,
  sort: (sort: ReturnType<typeof parseSort>) => RunningStage,
): RunningStage[] {
  if (operand.type !== bsonType.object)
    throw new StoreError(40201, "Argument to $bucket stage must be an object");
  const given = new Map(fieldsOf(operand).map(({ name, value }) => [name, value]));
  for (const name of given.keys())
    if (!["groupBy", "boundaries", "default", "output"].includes(name))
      throw new StoreError(40197, `Unrecognized option to $bucket: ${name}`);
  const [groupBy, boundaries, fallback] = ["groupBy", "boundaries", "default"].map((name) => given.get(name));
  if (groupBy === undefined || boundaries === undefined)
    throw new StoreError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified");
  requireExpression(groupBy, 40202, "$bucket");
  const bounds = parseBoundaries(boundaries);
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (fallback !== undefined) {
    requireConstant(fallback, 40195);
    if (
      first !== undefined &&
      last !== undefined &&
      compareValues(fallback, first) >= 0 &&
      compareValues(fallback, last) < 0
    )
      throw new StoreError(
        40199,
        "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
      );
  }
  const branches = bounds.slice(1).map((upper, at) => {
    const lower = bounds[at] ?? nullValue;
    return {
      case: { $and: [{ $gte: [groupBy, { $literal: lower }] }, { $lt: [groupBy, { $literal: upper }] }] },
      then: { $literal: lower },
    };
  });
  const bucket = {
    $switch: { branches, ...(fallback === undefined ? {} : { default: { $literal: fallback } }) },
  };
  const outputs = outputFields(given.get("output"), 40196, "$bucket");
  const specification = documentOf([
    ["_id", encodeDocument(bucket)],
    ...outputs.map(({ name, value }) => [name, value] as const),
  ]);
  return [groupStage(specification, variables, nowMs), sort(parseSort(encodeDocument({ _id: 1 })))];
}

function parseBoundaries(boundaries: Value): Value[] {
  if (boundaries.type !== bsonType.array)
    throw new StoreError(40200, "The $bucket 'boundaries' field must be an array of constants");
  const bounds = itemsOf(boundaries);
  for (const bound of bounds) requireConstant(bound, 40191);
  if (bounds.length < 2)
    throw new StoreError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  for (const [at, upper] of bounds.slice(1).entries()) {
    const lower = bounds[at] ?? nullValue;
    if (typeRank(lower.type) !== typeRank(upper.type))
      throw new StoreError(40193, "All values in the 'boundaries' option to $bucket must have the same type");
    if (compareValues(lower, upper) >= 0)
      throw new StoreError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
  }
  return bounds;
}

function requireConstant(value: Value, code: number): void {
  const isPath = value.type === bsonType.string && readString(value).startsWith("$");
  const isOperator = value.type === bsonType.object && firstField(value)?.name.startsWith("$") === true;
  if (isPath || isOperator)
    throw new StoreError(code, "$bucket's 'boundaries' and 'default' must be constants on this server");
}

function requireExpression(value: Value, code: number, name: string): void {
  const isPath = value.type === bsonType.string && readString(value).startsWith("$");
  if (!isPath && value.type !== bsonType.object)
    throw new StoreError(
      code,
      `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression object`,
    );
}

function outputFields(
  output: Value | undefined,
  code: number,
  name: string,
): { name: string; value: Value }[] {
  if (output === undefined) return [{ name: "count", value: encodeDocument({ $sum: 1 }) }];
  if (output.type !== bsonType.object)
    throw new StoreError(code, `The ${name} 'output' field must be an object`);
  return fieldsOf(output);
}

/** Sorts all documents by a value and cuts them into so many parts; equal values stay together. */
export function bucketAutoStage(operand: Value, { variables, nowMs }: StageScope): RunningStage {
  const { groupBy, count, outputs } = parseBucketAuto(operand);
  const expression = compileExpression(groupBy);
  const rows: { key: Value; document: Value }[] = [];
  let bytes = 0;
  return {
    satisfied: false,
    take(documents) {
      for (const given of documents) {
        const document = given.detach();
        bytes += document.end + 64;
        if (bytes > maxBytes) throw new StoreError(292, "Exceeded memory limit for $bucketAuto");
        rows.push({ key: expression({ root: document, variables, nowMs }) ?? nullValue, document });
      }
      return [];
    },
    end() {
      rows.sort((a, b) => compareValues(a.key, b.key));
      return evenParts(rows, count).map((part, at, parts) => {
        const min = part[0]?.key ?? nullValue;
        const max = parts[at + 1]?.[0]?.key ?? part.at(-1)?.key ?? nullValue;
        const fields = outputs.map(({ name, expression: output, make }) => {
          const accumulator = make();
          for (const { document } of part) accumulator.add(output({ root: document, variables, nowMs }));
          return [name, accumulator.result()] as const;
        });
        return documentOf([["_id", encodeDocument({ min, max })], ...fields]);
      });
    },
  };
}

function evenParts<Row extends { key: Value }>(rows: readonly Row[], count: number): Row[][] {
  const size = Math.max(1, Math.round(rows.length / count));
  const parts: Row[][] = [];
  let from = 0;
  while (from < rows.length && parts.length < count) {
    let to = parts.length === count - 1 ? rows.length : Math.min(rows.length, from + size);
    const last = rows[to - 1];
    while (last !== undefined && to < rows.length) {
      const next = rows[to];
      if (next === undefined || compareValues(last.key, next.key) !== 0) break;
      to += 1;
    }
    parts.push(rows.slice(from, to));
    from = to;
  }
  return parts;
}

function parseBucketAuto(operand: Value): { groupBy: Value; count: number; outputs: Output[] } {
  if (operand.type !== bsonType.object)
    throw new StoreError(40240, "The argument to $bucketAuto must be an object");
  const given = new Map(fieldsOf(operand).map(({ name, value }) => [name, value]));
  for (const name of given.keys())
    if (!["groupBy", "buckets", "output"].includes(name))
      throw new StoreError(
        40245,
        name === "granularity"
          ? "$bucketAuto's 'granularity' is not supported by this server"
          : `Unrecognized option to $bucketAuto: ${name}`,
      );
  const [groupBy, buckets] = [given.get("groupBy"), given.get("buckets")];
  if (groupBy === undefined || buckets === undefined)
    throw new StoreError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  requireExpression(groupBy, 40239, "$bucketAuto");
  const count = isNumeric(buckets.type) ? toInteger(buckets) : undefined;
  if (count === undefined || count > 2147483647n)
    throw new StoreError(40241, "The $bucketAuto 'buckets' field must be a whole number of 32 bits");
  if (count <= 0n) throw new StoreError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  const outputs = outputFields(given.get("output"), 40244, "$bucketAuto").map(({ name, value }) =>
    parseOutput(name, value),
  );
  return { groupBy, count: Number(count), outputs };
}
