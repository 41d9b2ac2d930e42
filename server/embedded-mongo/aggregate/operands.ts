// Small helpers that operators share: their operands as expressions, and checks of what those give.
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";

import { StoreError } from "../errors.ts";
import type { Compile, Expression } from "./expression-types.ts";

/** The operands of an operator that takes `count` (or between two counts); one operand may stand without its array. */
export function operandsOf(
  operand: Value,
  compile: Compile,
  name: string,
  counts: { min: number; max: number },
): Expression[] {
  const items = operand.type === bsonType.array ? itemsOf(operand) : [operand];
  if (items.length < counts.min || items.length > counts.max) {
    const wanted =
      counts.min === counts.max ? `exactly ${counts.min}` : `between ${counts.min} and ${counts.max}`;
    throw new StoreError(
      16020,
      `Expression ${name} takes ${wanted} arguments. ${items.length} were passed in.`,
    );
  }
  return items.map(compile);
}

export function unaryOperand(operand: Value, compile: Compile, name: string): Expression {
  const [only] = operandsOf(operand, compile, name, { min: 1, max: 1 });
  if (only === undefined) throw new StoreError(16020, `Expression ${name} takes exactly 1 arguments.`);
  return only;
}

export const anyCount = { min: 0, max: 10_000 };

/** The named operands of an operator; unknown names are refused. */
export function namedOperands(
  operand: Value,
  name: string,
  allowed: readonly string[],
  required: readonly string[],
): Map<string, Value> {
  if (operand.type !== bsonType.object)
    throw new StoreError(9, `${name} only supports an object as its argument`);
  const fields = new Map(fieldsOf(operand).map((field) => [field.name, field.value]));
  for (const field of fields.keys())
    if (!allowed.includes(field)) throw new StoreError(9, `Unrecognized argument to ${name}: ${field}`);
  for (const field of required)
    if (!fields.has(field)) throw new StoreError(9, `Missing '${field}' parameter to ${name}`);
  return fields;
}

/** Null, undefined and missing are all "nothing" to operators: null here, else the value. */
export function present(value: Value | undefined): Value | null {
  if (value === undefined || value.type === bsonType.null || value.type === bsonType.undefined) return null;
  return value;
}
