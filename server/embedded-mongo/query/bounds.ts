// What a condition says about index keys: ranges of encoded values that hold every key a matching document can have.
import { encodeKey } from "../bson/key-encoding.ts";
import { itemsOf } from "../bson/document.ts";
import { bsonType, typeRank } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { nullValue, stringValue, undefinedValue } from "../bson/value.ts";
import type { Filter, RegexCondition } from "./filter.ts";

/** From `lower` to before `upper`, in the encoding of one rising field. */
export interface Interval {
  lower: Buffer;
  upper: Buffer;
  /** The interval holds one value only. */
  point: boolean;
}

export interface FieldBounds {
  intervals: Interval[];
  /** A document without the field (or with null in it) cannot match: a sparse index may be used. */
  needsField: boolean;
}

const whole: Interval = { lower: Buffer.from([0x01]), upper: Buffer.from([0xf1]), point: false };

export const allValues: FieldBounds = { intervals: [whole], needsField: false };

/** The smallest byte string above every string with this prefix. The prefix must not be all 0xff. */
export function afterPrefix(prefix: Buffer): Buffer {
  let length = prefix.length;
  while (length > 1 && prefix[length - 1] === 0xff) length -= 1;
  const next = Buffer.from(prefix.subarray(0, length));
  next[length - 1] = (next[length - 1] ?? 0) + 1;
  return next;
}

function point(value: Value): Interval {
  const lower = encodeKey(value);
  return { lower, upper: afterPrefix(lower), point: true };
}

function bracket(type: number): Interval {
  const rank = typeRank(type);
  return { lower: Buffer.from([rank]), upper: Buffer.from([rank + 1]), point: false };
}

/** The bounds of one condition on its own path, or null where an index cannot help with it. */
export function boundsOf(filter: Filter): FieldBounds | null {
  switch (filter.kind) {
    case "compare":
      return comparisonBounds(filter);
    case "in":
      return {
        intervals: merge([
          ...filter.values.flatMap(equalityIntervals),
          ...filter.regexes.flatMap(regexIntervals),
        ]),
        needsField: !filter.withNull,
      };
    case "regex":
      return { intervals: merge(regexIntervals(filter.condition)), needsField: true };
    case "exists":
      return { intervals: [whole], needsField: true };
    case "type":
      return typeBounds(filter.types);
    case "not":
      return notNullBounds(filter.child);
    case "elemMatchValue":
      return elementBounds(filter.conditions);
    default:
      return null;
  }
}

function comparisonBounds({ operator, operand }: Extract<Filter, { kind: "compare" }>): FieldBounds | null {
  if (operand.type === bsonType.null || operand.type === bsonType.undefined)
    return operator === "gt" || operator === "lt"
      ? { intervals: [], needsField: true }
      : { intervals: [point(nullValue)], needsField: false };
  if (operator === "eq") return { intervals: merge(equalityIntervals(operand)), needsField: true };
  if (operand.type === bsonType.array || operand.type === bsonType.minKey || operand.type === bsonType.maxKey)
    return { intervals: [whole], needsField: false };
  const { lower, upper } = bracket(operand.type);
  const key = encodeKey(operand);
  const interval: Interval = { lower, upper, point: false };
  if (operator === "lt") interval.upper = key;
  else if (operator === "lte") interval.upper = afterPrefix(key);
  else interval.lower = operator === "gte" ? key : afterPrefix(key);
  return {
    intervals: Buffer.compare(interval.lower, interval.upper) < 0 ? [interval] : [],
    needsField: true,
  };
}

/** An array equals a stored array, whose keys are its elements, or an element that is such an array. */
function equalityIntervals(operand: Value): Interval[] {
  if (operand.type === bsonType.undefined) return [point(nullValue)];
  if (operand.type !== bsonType.array) return [point(operand)];
  const first = itemsOf(operand)[0] ?? undefinedValue;
  return [
    point(operand),
    point(first.type === bsonType.undefined && first !== undefinedValue ? nullValue : first),
  ];
}

function regexIntervals(condition: RegexCondition): Interval[] {
  const expressions = bracket(bsonType.regex);
  if (condition.prefix === "") return [bracket(bsonType.string), expressions];
  // Without the two zeros that end a string's key.
  const key = encodeKey(stringValue(condition.prefix));
  const lower = key.subarray(0, key.length - 2);
  return [{ lower, upper: afterPrefix(lower), point: false }, expressions];
}

function typeBounds(types: ReadonlySet<number>): FieldBounds {
  if (types.has(bsonType.array) || types.has(bsonType.undefined))
    return { intervals: [whole], needsField: true };
  return { intervals: merge([...types].map(bracket)), needsField: true };
}

/** `{$ne: null}`: everything beside null. Other negations would read almost the whole index. */
function notNullBounds(child: Filter): FieldBounds | null {
  if (child.kind !== "compare" || child.operator !== "eq" || child.operand.type !== bsonType.null)
    return null;
  const at = point(nullValue);
  return {
    intervals: [
      { lower: whole.lower, upper: at.lower, point: false },
      { lower: at.upper, upper: whole.upper, point: false },
    ],
    needsField: true,
  };
}

/** All conditions of an `$elemMatch` hold for one element, so that here their bounds may be narrowed together. */
function elementBounds(conditions: readonly Filter[]): FieldBounds | null {
  let bounds: FieldBounds | null = null;
  for (const condition of conditions.flatMap((child) => (child.kind === "and" ? child.children : [child]))) {
    if (condition.kind !== "compare" || condition.operand.type === bsonType.array) continue;
    if (condition.operand.type === bsonType.null) continue;
    const own = comparisonBounds(condition);
    if (own !== null) bounds = bounds === null ? own : intersect(bounds, own);
  }
  return bounds === null ? null : { ...bounds, needsField: true };
}

export function intersect(left: FieldBounds, right: FieldBounds): FieldBounds {
  const intervals: Interval[] = [];
  for (const a of left.intervals)
    for (const b of right.intervals) {
      const lower = Buffer.compare(a.lower, b.lower) >= 0 ? a.lower : b.lower;
      const upper = Buffer.compare(a.upper, b.upper) <= 0 ? a.upper : b.upper;
      if (Buffer.compare(lower, upper) < 0) intervals.push({ lower, upper, point: a.point || b.point });
    }
  return { intervals, needsField: left.needsField || right.needsField };
}

/** Sorted and without overlaps, so that a scan meets each entry once and in order. */
function merge(intervals: Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => Buffer.compare(a.lower, b.lower));
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last === undefined || Buffer.compare(interval.lower, last.upper) >= 0) merged.push({ ...interval });
    else if (Buffer.compare(interval.upper, last.upper) > 0) {
      last.upper = interval.upper;
      last.point = false;
    }
  }
  return merged;
}

/** The same interval for a field whose encoding has every bit turned. */
export function turned({ lower, upper, point: isPoint }: Interval): Interval {
  return { lower: afterPrefix(invert(upper)), upper: afterPrefix(invert(lower)), point: isPoint };
}

function invert(bytes: Buffer): Buffer {
  const inverted = Buffer.from(bytes);
  for (let at = 0; at < inverted.length; at += 1) inverted[at] = ~(inverted[at] ?? 0) & 0xff;
  return inverted;
}
