// Matching from MongoDB's documented semantics, on decoded values, without thought of speed.
import { compare, equal, rankOf } from "./compare.ts";
import { exactly, isNaNVal, isNumber, truncatedLong, wholeLong } from "./number.ts";
import { Refused } from "./refused.ts";
import { typeNumbers, type Doc, type Field, type Val } from "./value.ts";

/** What one path met: the value (undefined: missing) and the index in the outermost array it went through. */
interface Met {
  value: Val | undefined;
  index: number | undefined;
}

export type Matcher = (document: Doc) => Match;

/** Whether it matches, and the position `$` stands for; MongoDB leaves it open where several conditions name one. */
export interface Match {
  matched: boolean;
  position: number | "open" | undefined;
}

const no: Match = { matched: false, position: undefined };
const yes: Match = { matched: true, position: undefined };

/** Throws Refused for filters that MongoDB does not take. */
export function matcherOf(filter: Doc): Matcher {
  return all(filter.map(([name, value]) => topLevel(name, value)));
}

/** The matcher of `$pull` and array filters over single values: the path is the value itself. */
export function valueMatcherOf(condition: Val): (value: Val) => boolean {
  const matcher = matcherOf([["", condition]]);
  return (value) => matcher([["", value]]).matched;
}

function topLevel(name: string, value: Val): Matcher {
  if (name === "$and" || name === "$or" || name === "$nor") {
    if (value.t !== "array") throw new Refused(2, `${name} must be an array`);
    if (value.v.length === 0) throw new Refused(2, `${name} must be a nonempty array`);
    const children = value.v.map((child) => {
      if (child.t !== "object") throw new Refused(2, `${name} entries need to be full objects`);
      return matcherOf(child.v);
    });
    if (name === "$and") return all(children);
    const any = (document: Doc) => children.some((child) => child(document).matched);
    if (name === "$nor") return (document) => (any(document) ? no : yes);
    // Several branches say nothing about a position; a single one is the branch itself.
    return children.length === 1 ? all(children) : (document) => (any(document) ? yes : no);
  }
  if (name.startsWith("$")) throw new Refused(2, `unknown top level operator: ${name}`);
  return conditionOn(name.split("."), value);
}

function conditionOn(path: readonly string[], value: Val): Matcher {
  if (value.t === "regex") return onValues(path, regexTest(value.pattern, value.flags));
  if (isOperators(value)) return operators(path, value.v);
  return comparison(path, "$eq", value);
}

export function hasOperators(value: Val): boolean {
  return isOperators(value);
}

function isOperators(value: Val): value is Extract<Val, { t: "object" }> {
  return value.t === "object" && value.v[0]?.[0].startsWith("$") === true;
}

function all(matchers: readonly Matcher[]): Matcher {
  return (document) => {
    let position: Match["position"];
    for (const matcher of matchers) {
      const match = matcher(document);
      if (!match.matched) return no;
      if (match.position === undefined) continue;
      position = position === undefined || position === match.position ? match.position : "open";
    }
    return { matched: true, position };
  };
}

function not(matcher: Matcher): Matcher {
  return (document) => (matcher(document).matched ? no : yes);
}

function operators(path: readonly string[], fields: readonly Field[]): Matcher {
  const options = fields.find(([name]) => name === "$options")?.[1];
  if (options !== undefined && !fields.some(([name]) => name === "$regex"))
    throw new Refused(2, "$options needs a $regex");
  return all(
    fields
      .filter(([name]) => name !== "$options")
      .map(([name, operand]) => operator(path, name, operand, options)),
  );
}

function operator(path: readonly string[], name: string, operand: Val, options: Val | undefined): Matcher {
  switch (name) {
    case "$eq":
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return comparison(path, name, operand);
    case "$ne":
      if (operand.t === "regex") throw new Refused(2, "Can't have regex as arg to $ne.");
      return not(comparison(path, "$eq", operand));
    case "$in":
      return membership(path, operand);
    case "$nin":
      return not(membership(path, operand));
    case "$not":
      if (operand.t === "regex") return not(conditionOn(path, operand));
      if (operand.t !== "object") throw new Refused(2, "$not needs a regex or a document");
      if (operand.v.length === 0) throw new Refused(2, "$not cannot be empty");
      return not(operators(path, operand.v));
    case "$exists": {
      const exists = onValues(path, (value) => value !== undefined);
      return isTruthy(operand) ? exists : not(exists);
    }
    case "$type": {
      const types = typesOf(operand);
      return onValues(path, (value) => value !== undefined && types.has(typeNumbers[value.t]));
    }
    case "$size": {
      if (!isNumber(operand)) throw new Refused(9, "Failed to parse $size. Expected a number");
      const size = wholeLong(operand);
      if (size === undefined || size < 0n) throw new Refused(9, "Failed to parse $size");
      return onValues(path, (value) => value?.t === "array" && BigInt(value.v.length) === size, false);
    }
    case "$all":
      return allOf(path, operand);
    case "$elemMatch":
      return elemMatch(path, operand);
    case "$mod":
      return modulo(path, operand);
    case "$regex": {
      if (operand.t !== "string" && operand.t !== "regex") throw new Refused(2, "$regex has to be a string");
      if (options !== undefined && options.t !== "string")
        throw new Refused(2, "$options has to be a string");
      const pattern = operand.t === "string" ? operand.v : operand.pattern;
      const own = operand.t === "string" ? "" : operand.flags;
      if (own !== "" && options !== undefined)
        throw new Refused(51075, "options set in both $regex and $options");
      return onValues(path, regexTest(pattern, options === undefined ? own : options.v));
    }
    default:
      throw new Refused(2, `unknown operator: ${name}`);
  }
}

type Comparison = "$eq" | "$gt" | "$gte" | "$lt" | "$lte";

function comparison(path: readonly string[], name: Comparison, operand: Val): Matcher {
  if (operand.t === "undefined") throw new Refused(2, "cannot compare to undefined");
  if (operand.t === "regex" && name !== "$eq")
    throw new Refused(2, `Can't have RegEx as arg to predicate over field '${path.join(".")}'.`);
  return onValues(path, (value) => holds(name, value, operand));
}

function holds(name: Comparison, value: Val | undefined, operand: Val): boolean {
  const [own, other] = [rankOf(value), rankOf(operand)];
  const withEquality = name === "$eq" || name === "$gte" || name === "$lte";
  if (own !== other || value === undefined) {
    if (own + other === 5 && (own === 0 || own === 5)) return withEquality;
    if (operand.t === "maxKey") return name === "$lt" || name === "$lte";
    if (operand.t === "minKey") return name === "$gt" || name === "$gte";
    return false;
  }
  if (name !== "$eq" && (isNaNVal(value) || isNaNVal(operand)))
    return withEquality && isNaNVal(value) && isNaNVal(operand);
  const order = compare(value, operand);
  return name === "$eq"
    ? order === 0
    : name === "$gt"
      ? order > 0
      : name === "$gte"
        ? order >= 0
        : name === "$lt"
          ? order < 0
          : order <= 0;
}

function membership(path: readonly string[], operand: Val): Matcher {
  if (operand.t !== "array") throw new Refused(2, "$in needs an array");
  const tests = operand.v.map((item): ((value: Val | undefined) => boolean) => {
    if (item.t === "regex") return regexTest(item.pattern, item.flags);
    if (item.t === "undefined") throw new Refused(2, "cannot compare to undefined");
    if (isOperators(item)) throw new Refused(2, "cannot nest $ under $in");
    return (value) => holds("$eq", value, item);
  });
  return onValues(path, (value) => tests.some((test) => test(value)));
}

function allOf(path: readonly string[], operand: Val): Matcher {
  if (operand.t !== "array") throw new Refused(2, "$all needs an array");
  if (operand.v.length === 0) return () => no;
  const [first] = operand.v;
  const conditions = first !== undefined && isOperators(first) && first.v[0]?.[0] === "$elemMatch";
  return all(
    operand.v.map((item) => {
      if (conditions) {
        if (item.t !== "object" || item.v[0]?.[0] !== "$elemMatch")
          throw new Refused(2, "$all/$elemMatch has to be consistent");
        return elemMatch(path, item.v[0][1]);
      }
      if (isOperators(item)) throw new Refused(2, "no $ expressions in $all");
      return conditionOn(path, item);
    }),
  );
}

function elemMatch(path: readonly string[], operand: Val): Matcher {
  if (operand.t !== "object") throw new Refused(2, "$elemMatch needs an Object");
  const [firstName = ""] = operand.v[0] ?? [];
  const ofValues =
    firstName.startsWith("$") && !["$and", "$or", "$nor", "$where", "$expr"].includes(firstName);
  const inner = ofValues ? operators([], operand.v) : matcherOf(operand.v);
  const accepts = (item: Val): boolean => {
    if (ofValues) return inner([["", item]]).matched;
    if (item.t === "object") return inner(item.v).matched;
    // An array stands for a document with its positions as names.
    return item.t === "array" && inner(item.v.map((value, index) => [String(index), value])).matched;
  };
  return (document) => {
    for (const { value, index } of walk(document, path, false)) {
      if (value?.t !== "array") continue;
      const found = value.v.findIndex(accepts);
      if (found >= 0) return { matched: true, position: index ?? found };
    }
    return no;
  };
}

function modulo(path: readonly string[], operand: Val): Matcher {
  if (operand.t !== "array") throw new Refused(2, "malformed mod, needs to be an array");
  if (operand.v.length < 2) throw new Refused(2, "malformed mod, not enough elements");
  if (operand.v.length > 2) throw new Refused(2, "malformed mod, too many elements");
  const [divisor, remainder] = operand.v.map((item) => {
    if (!isNumber(item) || exactly(item).kind !== "ratio")
      throw new Refused(2, "malformed mod, not a number");
    return truncatedLong(item);
  });
  if (divisor === undefined || remainder === undefined) throw new Refused(2, "malformed mod, out of range");
  if (divisor === 0n) throw new Refused(2, "divisor cannot be 0");
  return onValues(path, (value) => {
    const dividend = value !== undefined && isNumber(value) ? truncatedLong(value) : undefined;
    return dividend !== undefined && dividend % divisor === remainder;
  });
}

function regexTest(pattern: string, flags: string): (value: Val | undefined) => boolean {
  const regex = new RegExp(pattern, flags);
  return (value) =>
    ((value?.t === "string" || value?.t === "symbol") && regex.test(value.v)) ||
    (value?.t === "regex" && value.pattern === pattern && value.flags === flags);
}

const aliases = new Map<string, number>([
  ...Object.entries(typeNumbers)
    .filter(([name]) => !["boolean", "binary", "codeWithScope", "code", "now", "generatedId"].includes(name))
    .map(([name, number]) => [name, number] as const),
  ["bool", 8],
  ["binData", 5],
  ["javascript", 13],
  ["javascriptWithScope", 15],
]);

function typesOf(operand: Val): Set<number> {
  const items = operand.t === "array" ? operand.v : [operand];
  if (items.length === 0) throw new Refused(9, "$type must match at least one type");
  return new Set(
    items.flatMap((item): number[] => {
      if (item.t === "string") {
        if (item.v === "number") return [1, 16, 18, 19];
        const number = aliases.get(item.v);
        if (number === undefined) throw new Refused(2, `Unknown type name alias: ${item.v}`);
        return [number];
      }
      if (!isNumber(item)) throw new Refused(14, "type must be represented as a number or a string");
      const number = Number(wholeLong(item) ?? 0n);
      const known = number === -1 ? 255 : number;
      if (!Object.values<number>(typeNumbers).includes(known) || number === 255)
        throw new Refused(2, "Invalid numerical type code");
      return [known];
    }),
  );
}

function isTruthy(value: Val): boolean {
  if (value.t === "boolean") return value.v;
  if (isNumber(value)) return !equal(value, { t: "int", v: 0 });
  return value.t !== "null" && value.t !== "undefined";
}

function onValues(
  path: readonly string[],
  test: (value: Val | undefined) => boolean,
  intoLeafArrays = true,
): Matcher {
  return (document) => {
    for (const { value, index } of walk(document, path, intoLeafArrays))
      if (test(value)) return { matched: true, position: index };
    return no;
  };
}

/** Every value a path meets; no path at all stands for the only field as a whole. */
function walk(document: Doc, path: readonly string[], intoLeafArrays: boolean): Met[] {
  if (path.length === 0) return [{ value: document[0]?.[1], index: undefined }];
  return walkDocument(document, path, intoLeafArrays);
}

function walkDocument(fields: readonly Field[], path: readonly string[], intoLeafArrays: boolean): Met[] {
  const [name = "", ...rest] = path;
  const value = fields.find(([own]) => own === name)?.[1];
  if (value?.t === "array") return walkArray(value, rest, intoLeafArrays);
  if (rest.length === 0) return [{ value, index: undefined }];
  if (value?.t === "object") return walkDocument(value.v, rest, intoLeafArrays);
  return [{ value: undefined, index: undefined }];
}

function walkArray(
  array: Extract<Val, { t: "array" }>,
  rest: readonly string[],
  intoLeafArrays: boolean,
): Met[] {
  if (rest.length === 0) {
    const whole: Met = { value: array, index: undefined };
    return intoLeafArrays ? [...array.v.map((value, index) => ({ value, index })), whole] : [whole];
  }
  const [name = "", ...further] = rest;
  return array.v.flatMap((item, index): Met[] => {
    const isPosition = /^\d+$/.test(name) && String(index) === name;
    const met: Met[] = [];
    if (item.t === "object")
      met.push(...walkDocument(item.v, rest, intoLeafArrays).map(({ value }) => ({ value, index })));
    if (!isPosition) return met;
    if (further.length === 0) met.push({ value: item, index: undefined });
    else if (item.t === "object") met.push(...walkDocument(item.v, further, intoLeafArrays));
    else if (item.t === "array") met.push(...walkArray(item, further, intoLeafArrays));
    return met;
  });
}
