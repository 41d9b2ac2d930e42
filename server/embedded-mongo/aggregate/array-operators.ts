// Array and set operators.
import { compareValues } from "../bson/compare.ts";
import { itemsOf } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import { booleanValue, int32Value, nullValue, readString, type Value } from "../bson/value.ts";
import { arrayOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import type { Compile, Expression, OperatorCompiler, Scope } from "./expression-types.ts";
import { anyCount, namedOperands, operandsOf, present, unaryOperand } from "./operands.ts";

function requireArray(value: Value, name: string): Value[] {
  if (value.type !== bsonType.array)
    throw new StoreError(28689, `${name} requires an array, found: ${typeAlias(value.type)}`);
  return itemsOf(value);
}

function requireInteger(value: Value, name: string): number {
  const number = isNumeric(value.type) ? toNumber(value) : NaN;
  if (!Number.isInteger(number)) throw new StoreError(28690, `${name} requires a whole number`);
  return number;
}

function withVariables(scope: Scope, values: Iterable<readonly [string, Value | undefined]>): Scope {
  return { ...scope, variables: new Map([...scope.variables, ...values]) };
}

const size: OperatorCompiler = (operand, compile, name) => {
  const part = unaryOperand(operand, compile, name);
  return (scope) => {
    const value = part(scope);
    if (value === undefined || value.type !== bsonType.array)
      throw new StoreError(
        17124,
        `The argument to $size must be an array, but was of type: ${value === undefined ? "missing" : typeAlias(value.type)}`,
      );
    return int32Value(itemsOf(value).length);
  };
};

/** Null where the input is nothing, else what `compute` makes of its items. */
function overItems(
  operand: Value,
  compile: Compile,
  name: string,
  compute: (items: Value[]) => Value | undefined,
): Expression {
  const part = unaryOperand(operand, compile, name);
  return (scope) => {
    const value = present(part(scope));
    return value === null ? nullValue : compute(requireArray(value, name));
  };
}

const arrayElemAt: OperatorCompiler = (operand, compile, name) => {
  const [array, index] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [value, at] = [present(array?.(scope)), present(index?.(scope))];
    if (value === null || at === null) return nullValue;
    return requireArray(value, name).at(requireInteger(at, name));
  };
};

const inArray: OperatorCompiler = (operand, compile, name) => {
  const [needle, array] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const value = array?.(scope);
    if (value === undefined || value.type !== bsonType.array)
      throw new StoreError(40081, "$in requires an array as a second argument");
    const wanted = needle?.(scope);
    return booleanValue(
      wanted !== undefined && itemsOf(value).some((item) => compareValues(item, wanted) === 0),
    );
  };
};

const indexOfArray: OperatorCompiler = (operand, compile, name) => {
  const [array, needle, from, to] = operandsOf(operand, compile, name, { min: 2, max: 4 });
  return (scope) => {
    const value = present(array?.(scope));
    if (value === null) return nullValue;
    const items = requireArray(value, name);
    const wanted = needle?.(scope);
    const [start, end] = [from, to].map((part) => {
      const bound = present(part?.(scope));
      return bound === null ? null : requireInteger(bound, name);
    });
    for (let at = start ?? 0; at < Math.min(items.length, end ?? Infinity); at += 1) {
      const item = items[at];
      if (item !== undefined && wanted !== undefined && compareValues(item, wanted) === 0)
        return int32Value(at);
    }
    return int32Value(-1);
  };
};

const concatArrays: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, anyCount);
  return (scope) => {
    const all: Value[] = [];
    for (const part of parts) {
      const value = present(part(scope));
      if (value === null) return nullValue;
      all.push(...requireArray(value, name));
    }
    return arrayOf(all);
  };
};

const slice: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, { min: 2, max: 3 });
  return (scope) => {
    const [array, first, second] = parts.map((part) => present(part(scope)));
    if (array === null || array === undefined || first === null || first === undefined || second === null)
      return nullValue;
    const items = requireArray(array, name);
    const n = requireInteger(first, name);
    if (second === undefined) return arrayOf(n < 0 ? items.slice(n) : items.slice(0, n));
    const count = requireInteger(second, name);
    if (count <= 0) throw new StoreError(28729, "the third argument to $slice must be positive");
    const start = n < 0 ? Math.max(0, items.length + n) : n;
    return arrayOf(items.slice(start, start + count));
  };
};

const filter: OperatorCompiler = (operand, compile, name) => {
  const named = namedOperands(operand, name, ["input", "as", "cond", "limit"], ["input", "cond"]);
  const [input, test] = [compile(named.get("input") ?? nullValue), compile(named.get("cond") ?? nullValue)];
  const limitOperand = named.get("limit");
  const limit = limitOperand === undefined ? null : compile(limitOperand);
  const variable = variableName(named.get("as"), name);
  return (scope) => {
    const value = present(input(scope));
    if (value === null) return nullValue;
    const most = limit === null ? null : present(limit(scope));
    const left = most === null ? Infinity : requireInteger(most, name);
    const kept: Value[] = [];
    for (const item of requireArray(value, name)) {
      if (kept.length >= left) break;
      if (isTruthy(test(withVariables(scope, [[variable, item]])))) kept.push(item);
    }
    return arrayOf(kept);
  };
};

const map: OperatorCompiler = (operand, compile, name) => {
  const named = namedOperands(operand, name, ["input", "as", "in"], ["input", "in"]);
  const [input, body] = [compile(named.get("input") ?? nullValue), compile(named.get("in") ?? nullValue)];
  const variable = variableName(named.get("as"), name);
  return (scope) => {
    const value = present(input(scope));
    if (value === null) return nullValue;
    return arrayOf(
      requireArray(value, name).map((item) => body(withVariables(scope, [[variable, item]])) ?? nullValue),
    );
  };
};

const reduce: OperatorCompiler = (operand, compile, name) => {
  const named = namedOperands(
    operand,
    name,
    ["input", "initialValue", "in"],
    ["input", "initialValue", "in"],
  );
  const [input, initial, body] = ["input", "initialValue", "in"].map((key) =>
    compile(named.get(key) ?? nullValue),
  );
  return (scope) => {
    const value = present(input?.(scope));
    if (value === null) return nullValue;
    let result = initial?.(scope);
    for (const item of requireArray(value, name))
      result = body?.(
        withVariables(scope, [
          ["this", item],
          ["value", result],
        ]),
      );
    return result;
  };
};

function variableName(value: Value | undefined, name: string): string {
  if (value === undefined) return "this";
  const text = value.type === bsonType.string ? readString(value) : "";
  if (!/^[a-z]\w*$/.test(text))
    throw new StoreError(
      16866,
      `'${text}' in ${name} starts with an invalid character for a user variable name`,
    );
  return text;
}

const range: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, { min: 2, max: 3 });
  return (scope) => {
    const [start = 0, end = 0, step = 1] = parts.map((part) =>
      requireInteger(part(scope) ?? nullValue, name),
    );
    if (step === 0) throw new StoreError(34449, "$range requires a non-zero step value");
    if ((end - start) / step > 100_000) throw new StoreError(2, "$range would make too many values");
    const items: Value[] = [];
    for (let at = start; step > 0 ? at < end : at > end; at += step) items.push(int32Value(at));
    return arrayOf(items);
  };
};

/** Operators on arrays as sets: the values without repetitions, in the order they were met. */
function setOperator(combine: (sets: Map<string, Value>[]) => Value): OperatorCompiler {
  return (operand, compile, name) => {
    const parts = operandsOf(operand, compile, name, anyCount);
    return (scope) => {
      const sets: Map<string, Value>[] = [];
      for (const part of parts) {
        const value = present(part(scope));
        if (value === null) return nullValue;
        sets.push(new Map(requireArray(value, name).map((item) => [keyText(item), item])));
      }
      return combine(sets);
    };
  };
}

function everyItem(decide: (items: Value[]) => boolean): OperatorCompiler {
  return (operand, compile, name) => {
    const part = unaryOperand(operand, compile, name);
    return (scope) => booleanValue(decide(requireArray(part(scope) ?? nullValue, name)));
  };
}

export const arrayOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$size", size],
  ["$arrayElemAt", arrayElemAt],
  ["$first", (operand, compile, name) => overItems(operand, compile, name, (items) => items[0])],
  ["$last", (operand, compile, name) => overItems(operand, compile, name, (items) => items.at(-1))],
  [
    "$reverseArray",
    (operand, compile, name) => overItems(operand, compile, name, (items) => arrayOf(items.reverse())),
  ],
  ["$in", inArray],
  ["$indexOfArray", indexOfArray],
  ["$concatArrays", concatArrays],
  ["$slice", slice],
  ["$filter", filter],
  ["$map", map],
  ["$reduce", reduce],
  ["$range", range],
  [
    "$isArray",
    (operand, compile, name) => {
      const part = unaryOperand(operand, compile, name);
      return (scope) => booleanValue(part(scope)?.type === bsonType.array);
    },
  ],
  ["$setUnion", setOperator((sets) => arrayOf(new Map(sets.flatMap((set) => [...set])).values()))],
  [
    "$setIntersection",
    setOperator(([first, ...others]) =>
      arrayOf(
        [...(first ?? [])].filter(([key]) => others.every((set) => set.has(key))).map(([, item]) => item),
      ),
    ),
  ],
  [
    "$setDifference",
    setOperator(([first, second]) =>
      arrayOf([...(first ?? [])].filter(([key]) => second?.has(key) !== true).map(([, item]) => item)),
    ),
  ],
  [
    "$setIsSubset",
    setOperator(([first, second]) => booleanValue([...(first ?? [])].every(([key]) => second?.has(key)))),
  ],
  [
    "$setEquals",
    setOperator(([first, ...others]) =>
      booleanValue(
        others.every((set) => set.size === first?.size && [...set.keys()].every((key) => first.has(key))),
      ),
    ),
  ],
  ["$allElementsTrue", everyItem((items) => items.every(isTruthy))],
  ["$anyElementTrue", everyItem((items) => items.some(isTruthy))],
];
