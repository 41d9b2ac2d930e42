// What each update operator makes of the value at its path.
import { compare, equal } from "./compare.ts";
import { hasOperators, matcherOf, valueMatcherOf } from "./match.ts";
import { compute, isNumber, wholeLong, type Numeric } from "./number.ts";
import { Refused } from "./refused.ts";
import { getField, nothing, type Val } from "./value.ts";

export interface Operator {
  /** The value afterwards; undefined: missing. */
  apply(value: Val | undefined): Val | undefined;
}

type Maker = (operand: Val) => Operator["apply"];

const makers: Record<string, Maker> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $unset: () => () => undefined,
  $inc: (operand) => arithmetic("add", operand),
  $mul: (operand) => arithmetic("multiply", operand),
  $min: (operand) => (value) => (value === undefined || compare(operand, value) < 0 ? operand : value),
  $max: (operand) => (value) => (value === undefined || compare(operand, value) > 0 ? operand : value),
  $bit: bits,
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};

export const operatorNames: ReadonlySet<string> = new Set([...Object.keys(makers), "$rename"]);

export function makeOperator(name: string, operand: Val): Operator {
  const maker = makers[name];
  if (maker === undefined) throw new Refused(9, `Unknown modifier: ${name}`);
  return { apply: maker(operand) };
}

function arithmetic(operation: "add" | "multiply", operand: Val): Operator["apply"] {
  if (!isNumber(operand)) throw new Refused(14, "Cannot increment or multiply with a non-numeric argument");
  return (value) => {
    if (value !== undefined && !isNumber(value))
      throw new Refused(14, "Cannot apply to a value of non-numeric type");
    if (value === undefined && operation === "add") return operand;
    const before: Numeric = value ?? { t: "int", v: 0 };
    const after = compute(operation, before, operand);
    if (after === undefined) throw new Refused(2, "Failed to apply: integer overflow");
    // The same number of the same type is no change, however it is written.
    return value !== undefined && value.t === after.t && equal(value, after) ? value : after;
  };
}

function bits(operand: Val): Operator["apply"] {
  if (operand.t !== "object") throw new Refused(2, "The $bit modifier is not compatible with this type");
  if (operand.v.length === 0) throw new Refused(2, "You must pass in at least one bitwise operation");
  for (const [name, bit] of operand.v) {
    if (!["and", "or", "xor"].includes(name))
      throw new Refused(2, "The $bit modifier only supports 'and', 'or', 'xor'");
    if (bit.t !== "int" && bit.t !== "long")
      throw new Refused(2, "The $bit modifier field must be an integer");
  }
  return (value) => {
    if (value !== undefined && value.t !== "int" && value.t !== "long")
      throw new Refused(2, "Cannot apply $bit to a value of non-integral type");
    let type: "int" | "long" = value?.t ?? "int";
    let bitsNow = BigInt(value?.v ?? 0);
    for (const [name, bit] of operand.v) {
      if (bit.t !== "int" && bit.t !== "long") continue;
      const mask = BigInt(bit.v);
      bitsNow = name === "and" ? bitsNow & mask : name === "or" ? bitsNow | mask : bitsNow ^ mask;
      if (bit.t === "long") type = "long";
    }
    return type === "int" ? { t: "int", v: Number(bitsNow) } : { t: "long", v: bitsNow };
  };
}

function currentDate(operand: Val): Operator["apply"] {
  if (operand.t === "boolean") return () => ({ t: "now", type: "date" });
  if (operand.t !== "object") throw new Refused(2, "$currentDate takes a boolean or a {$type} document");
  const [[name, type] = ["", nothing]] = operand.v;
  if (name !== "$type" || type.t !== "string" || (type.v !== "date" && type.v !== "timestamp"))
    throw new Refused(2, "The '$type' string field is required to be 'date' or 'timestamp'");
  const written = type.v;
  return () => ({ t: "now", type: written });
}

/** A whole number of 64 bits, as the modifiers of `$push` and `$pop` take it. */
function integerOf(value: Val): bigint | undefined {
  return isNumber(value) ? wholeLong(value) : undefined;
}

function push(operand: Val): Operator["apply"] {
  const each = operand.t === "object" ? getField(operand.v, "$each") : undefined;
  if (operand.t !== "object" || each === undefined)
    return (value) => ({ t: "array", v: [...arrayOf(value, 2), operand] });
  if (each.t !== "array") throw new Refused(2, "The argument to $each in $push must be an array");
  for (const [name] of operand.v)
    if (!["$each", "$slice", "$sort", "$position"].includes(name))
      throw new Refused(2, "Unrecognized clause in $push");
  const number = (name: string): bigint | undefined => {
    const given = getField(operand.v, name);
    if (given === undefined) return undefined;
    const whole = integerOf(given);
    if (whole === undefined) throw new Refused(2, `The value for ${name} must be an integer value`);
    return whole;
  };
  const slice = number("$slice");
  const order = orderOf(getField(operand.v, "$sort"));
  const position = number("$position");
  return (value) => {
    let items = arrayOf(value, 2);
    const at = position === undefined ? items.length : Number(position);
    const index = at < 0 ? Math.max(0, items.length + at) : Math.min(at, items.length);
    items = [...items.slice(0, index), ...each.v, ...items.slice(index)];
    if (order !== undefined) items.sort(order);
    if (slice !== undefined) {
      const count = Number(slice);
      items = count >= 0 ? items.slice(0, count) : items.slice(Math.max(0, items.length + count));
    }
    return { t: "array", v: items };
  };
}

function arrayOf(value: Val | undefined, code: number): Val[] {
  if (value === undefined) return [];
  if (value.t !== "array") throw new Refused(code, "The field must be an array");
  return [...value.v];
}

function orderOf(sort: Val | undefined): ((a: Val, b: Val) => number) | undefined {
  if (sort === undefined) return undefined;
  const signOf = (value: Val): 1 | -1 => {
    if (isNumber(value) && equal(value, { t: "int", v: 1 })) return 1;
    if (isNumber(value) && equal(value, { t: "int", v: -1 })) return -1;
    throw new Refused(2, "The $sort element value must be either 1 or -1");
  };
  if (sort.t !== "object") {
    const sign = signOf(sort);
    return (a, b) => sign * compare(a, b);
  }
  if (sort.v.length === 0) throw new Refused(2, "The $sort pattern is empty");
  const fields = sort.v.map(([name, value]) => ({ path: name.split("."), sign: signOf(value) }));
  return (a, b) => {
    for (const { path, sign } of fields) {
      const order = compare(plainValue(a, path), plainValue(b, path));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

function plainValue(value: Val, path: readonly string[]): Val {
  let current: Val | undefined = value;
  for (const name of path) current = current?.t === "object" ? getField(current.v, name) : undefined;
  return current ?? nothing;
}

function addToSet(operand: Val): Operator["apply"] {
  let added: Val[] = [operand];
  if (operand.t === "object" && operand.v[0]?.[0] === "$each") {
    const each = operand.v[0][1];
    if (each.t !== "array") throw new Refused(14, "The argument to $each in $addToSet must be an array");
    if (operand.v.length > 1) throw new Refused(2, "Found unexpected fields after $each in $addToSet");
    added = each.v;
  }
  return (value) => {
    const items = arrayOf(value, 2);
    for (const item of added) if (!items.some((own) => equal(own, item))) items.push(item);
    return { t: "array", v: items };
  };
}

function pull(operand: Val): Operator["apply"] {
  const test = pullTest(operand);
  return (value) =>
    value === undefined ? undefined : { t: "array", v: arrayOf(value, 2).filter((item) => !test(item)) };
}

function pullTest(operand: Val): (item: Val) => boolean {
  if (operand.t === "regex" || hasOperators(operand)) return valueMatcherOf(operand);
  const fields = operand.t === "object" ? operand.v : undefined;
  if (fields === undefined) return (item) => equal(item, operand);
  const matcher = matcherOf(fields);
  return (item) => item.t === "object" && matcher(item.v).matched;
}

function pullAll(operand: Val): Operator["apply"] {
  if (operand.t !== "array") throw new Refused(2, "$pullAll requires an array argument");
  return (value) =>
    value === undefined
      ? undefined
      : { t: "array", v: arrayOf(value, 2).filter((item) => !operand.v.some((other) => equal(item, other))) };
}

function pop(operand: Val): Operator["apply"] {
  const end = integerOf(operand);
  if (end !== 1n && end !== -1n) throw new Refused(9, "$pop expects 1 or -1");
  return (value) => {
    if (value === undefined) return undefined;
    const items = arrayOf(value, 14);
    return { t: "array", v: end === 1n ? items.slice(0, -1) : items.slice(1) };
  };
}
