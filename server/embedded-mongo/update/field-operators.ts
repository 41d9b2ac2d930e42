// Operators that change one field by its value: $set, $inc, $min and their like.
import { compareValues } from "../bson/compare.ts";
import { fieldsOf, getField } from "../bson/document.ts";
import { arithmetic } from "../bson/numeric.ts";
import { closeNode, nodeType, type Node } from "../bson/tree.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import {
  Value,
  dateValue,
  doubleValue,
  int32Value,
  longValue,
  readBoolean,
  readInt32,
  readLong,
  readString,
  timestampValue,
} from "../bson/value.ts";
import { decimalValue } from "../bson/decimal.ts";
import { StoreError, badValue, failedToParse, typeMismatch } from "../errors.ts";
import { keep, remove, type FieldUpdate, type Outcome } from "./types.ts";

/** What an operator needs beside its path. */
export type OperatorBody = Pick<FieldUpdate, "creates" | "apply"> & { onInsertOnly?: boolean };

export type UpdateOperator = (path: string, operand: Value) => OperatorBody;

function setNode(node: Node): Outcome {
  return { kind: "set", node };
}

function arithmeticOperator(name: "$inc" | "$mul"): UpdateOperator {
  const operation = name === "$inc" ? "add" : "multiply";
  return (path, operand) => {
    if (!isNumeric(operand.type))
      throw typeMismatch(
        `Cannot ${name === "$inc" ? "increment" : "multiply"} with non-numeric argument: {${path}}`,
      );
    return {
      creates: true,
      apply(existing) {
        if (existing === undefined) return setNode(name === "$inc" ? operand : zeroLike(operand));
        if (!(existing instanceof Value) || !isNumeric(existing.type))
          throw typeMismatch(
            `Cannot apply ${name} to a value of non-numeric type. The field '${path}' has type ${typeAlias(nodeType(existing))}`,
          );
        const result = arithmetic(operation, existing, operand);
        if (result === undefined)
          throw badValue(`Failed to apply ${name} operations to current value: the result is out of range`);
        return setNode(result);
      },
    };
  };
}

function zeroLike(operand: Value): Value {
  switch (operand.type) {
    case bsonType.int32:
      return int32Value(0);
    case bsonType.long:
      return longValue(0n);
    case bsonType.decimal:
      return decimalValue({ kind: "finite", coefficient: 0n, exponent: 0 });
    default:
      return doubleValue(0);
  }
}

function extremeOperator(sign: 1 | -1): UpdateOperator {
  return (_path, operand) => ({
    creates: true,
    apply(existing) {
      if (existing === undefined) return setNode(operand);
      return compareValues(operand, closeNode(existing)) * sign > 0 ? setNode(operand) : keep;
    },
  });
}

const set: UpdateOperator = (_path, operand) => ({ creates: true, apply: () => setNode(operand) });

function currentDate(path: string, operand: Value): OperatorBody {
  let type = "date";
  if (operand.type === bsonType.object) {
    const wanted = getField(operand, "$type");
    if (wanted === undefined || wanted.type !== bsonType.string || fieldsOf(operand).length !== 1)
      throw badValue("The '$type' string field is required to be 'date' or 'timestamp'");
    type = readString(wanted);
  } else if (operand.type !== bsonType.boolean || !readBoolean(operand))
    throw badValue(
      `${typeAlias(operand.type)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  if (type !== "date" && type !== "timestamp")
    throw badValue(
      `The '$type' string field of $currentDate for '${path}' is required to be 'date' or 'timestamp'`,
    );
  return {
    creates: true,
    apply: (_existing, { nowMs }) =>
      setNode(type === "date" ? dateValue(nowMs) : timestampValue(Math.floor(nowMs / 1000), 1)),
  };
}

function bit(path: string, operand: Value): OperatorBody {
  const operations = operand.type === bsonType.object ? fieldsOf(operand) : [];
  if (operations.length === 0)
    throw badValue(`You must pass in at least one bitwise operation to $bit on '${path}'`);
  for (const { name, value } of operations) {
    if (!["and", "or", "xor"].includes(name))
      throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    if (value.type !== bsonType.int32 && value.type !== bsonType.long)
      throw badValue("The $bit modifier field must be an Integer(32/64 bit)");
  }
  return {
    creates: true,
    apply(existing) {
      const start = existing ?? int32Value(0);
      if (!(start instanceof Value) || (start.type !== bsonType.int32 && start.type !== bsonType.long))
        throw badValue(`Cannot apply $bit to a value of non-integral type at '${path}'`);
      let bits = integerOf(start);
      let wide = start.type === bsonType.long;
      for (const { name, value } of operations) {
        const other = integerOf(value);
        wide ||= value.type === bsonType.long;
        bits = name === "and" ? bits & other : name === "or" ? bits | other : bits ^ other;
      }
      return setNode(wide ? longValue(bits) : int32Value(Number(BigInt.asIntN(32, bits))));
    },
  };
}

function integerOf(value: Value): bigint {
  return value.type === bsonType.long ? readLong(value) : BigInt(readInt32(value));
}

export const fieldOperators: ReadonlyMap<string, UpdateOperator> = new Map<string, UpdateOperator>([
  ["$set", set],
  ["$setOnInsert", (path, operand) => ({ ...set(path, operand), onInsertOnly: true })],
  ["$unset", () => ({ creates: false, apply: (existing) => (existing === undefined ? keep : remove) })],
  ["$inc", arithmeticOperator("$inc")],
  ["$mul", arithmeticOperator("$mul")],
  ["$min", extremeOperator(-1)],
  ["$max", extremeOperator(1)],
  ["$currentDate", currentDate],
  ["$bit", bit],
]);

/** Renames are kept apart, as each touches two paths. */
export function parseRename(from: string, operand: Value): { from: string; to: string } {
  if (operand.type !== bsonType.string)
    throw badValue(`The 'to' field for $rename must be a string: ${from}`);
  const to = readString(operand);
  if (to === from) throw badValue(`The source and target field for $rename must differ: ${from}`);
  for (const path of [from, to]) {
    if (path.split(".").some((part) => part === ""))
      throw new StoreError(56, "an update path must not have empty parts");
    if (path.includes("$"))
      throw failedToParse(`The source and target field for $rename must not be dynamic: ${path}`);
  }
  return { from, to };
}
