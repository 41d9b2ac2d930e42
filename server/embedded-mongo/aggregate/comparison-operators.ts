// Comparison, boolean and conditional operators.
import { compareValues } from "../bson/compare.ts";
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { booleanValue, int32Value, nullValue, undefinedValue } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import type { Compile, Expression, OperatorCompiler } from "./expression-types.ts";
import { anyCount, present, namedOperands, operandsOf, unaryOperand } from "./operands.ts";

function comparison(decide: (order: number) => Value): OperatorCompiler {
  return (operand, compile, name) => {
    const [left, right] = operandsOf(operand, compile, name, { min: 2, max: 2 });
    return (scope) =>
      decide(compareValues(left?.(scope) ?? undefinedValue, right?.(scope) ?? undefinedValue));
  };
}

function conditional(operand: Value, compile: Compile): Expression {
  let parts: (Expression | undefined)[];
  if (operand.type === bsonType.object) {
    const named = namedOperands(operand, "$cond", ["if", "then", "else"], ["if", "then", "else"]);
    parts = ["if", "then", "else"].map((key) => compile(named.get(key) ?? nullValue));
  } else parts = operandsOf(operand, compile, "$cond", { min: 3, max: 3 });
  const [test, then, otherwise] = parts;
  return (scope) => (isTruthy(test?.(scope)) ? then?.(scope) : otherwise?.(scope));
}

function switchOf(operand: Value, compile: Compile): Expression {
  const named = namedOperands(operand, "$switch", ["branches", "default"], ["branches"]);
  const list = named.get("branches") ?? nullValue;
  if (list.type !== bsonType.array) throw new StoreError(40061, "$switch expected an array for 'branches'");
  const branches = itemsOf(list).map((branch) => {
    const fields = new Map(fieldsOf(branch).map(({ name, value }) => [name, value]));
    const [test, then] = [fields.get("case"), fields.get("then")];
    if (test === undefined || then === undefined)
      throw new StoreError(40067, "$switch requires each branch to have a 'case' and a 'then' expression");
    return { test: compile(test), then: compile(then) };
  });
  if (branches.length === 0) throw new StoreError(40068, "$switch requires at least one branch.");
  const fallback = named.get("default");
  const otherwise = fallback === undefined ? null : compile(fallback);
  return (scope) => {
    for (const { test, then } of branches) if (isTruthy(test(scope))) return then(scope);
    if (otherwise === null)
      throw new StoreError(
        40066,
        "$switch could not find a matching branch for an input, and no default was specified.",
      );
    return otherwise(scope);
  };
}

export const comparisonOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$eq", comparison((order) => booleanValue(order === 0))],
  ["$ne", comparison((order) => booleanValue(order !== 0))],
  ["$gt", comparison((order) => booleanValue(order > 0))],
  ["$gte", comparison((order) => booleanValue(order >= 0))],
  ["$lt", comparison((order) => booleanValue(order < 0))],
  ["$lte", comparison((order) => booleanValue(order <= 0))],
  ["$cmp", comparison((order) => int32Value(Math.sign(order)))],
  [
    "$and",
    (operand, compile, name) => {
      const parts = operandsOf(operand, compile, name, anyCount);
      return (scope) => booleanValue(parts.every((part) => isTruthy(part(scope))));
    },
  ],
  [
    "$or",
    (operand, compile, name) => {
      const parts = operandsOf(operand, compile, name, anyCount);
      return (scope) => booleanValue(parts.some((part) => isTruthy(part(scope))));
    },
  ],
  [
    "$not",
    (operand, compile, name) => {
      const part = unaryOperand(operand, compile, name);
      return (scope) => booleanValue(!isTruthy(part(scope)));
    },
  ],
  ["$cond", conditional],
  [
    "$ifNull",
    (operand, compile, name) => {
      const parts = operandsOf(operand, compile, name, { min: 2, max: 1000 });
      return (scope) => {
        let value: Value | undefined;
        for (const part of parts) {
          value = part(scope);
          if (present(value) !== null) return value;
        }
        return value;
      };
    },
  ],
  ["$switch", switchOf],
];
