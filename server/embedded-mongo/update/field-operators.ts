// Operators that change one field by its value: $set, $inc, $min and their like.
import { compareValues } from "../bson/compare.ts";
import { fieldsOf, getField } from "../bson/document.ts";
import { arithmetic } from "../bson/numeric.ts";
import { closeNode, nodeType, type Node } from "../bson/tree.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import {
  Value,
  dateValue,
  int32Value,
  longValue,
  readInt32,
  readLong,
  readString,
  timestampValue,
} from "../bson/value.ts";
import { badValue, typeMismatch } from "../errors.ts";
import { keep, remove, type FieldUpdate, type Outcome } from "./types.ts";

/** What an operator needs beside its path. */
export type OperatorBody = Pick<FieldUpdate, "creates" | "apply" | "passesBlockedPaths"> & {
  onInsertOnly?: boolean;
};

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
        if (existing === undefined) return setNode(name === "$inc" ? operand : product(zero, operand));
        if (!(existing instanceof Value) || !isNumeric(existing.type))
          throw typeMismatch(
            `Cannot apply ${name} to a value of non-numeric type. The field '${path}' has type ${typeAlias(nodeType(existing))}`,
          );
        const result = arithmetic(operation, existing, operand);
        if (result === undefined)
          throw badValue(`Failed to apply ${name} operations to current value: the result is out of range`);
        // The same number of the same type is no change, however it is written: 1.0 stays 1.0 where 1.00 came out.
        return result.type === existing.type && compareValues(result, existing) === 0
          ? keep
          : setNode(result);
      },
    };
  };
}

const zero = int32Value(0);

/** Zero of the wider type; it may be a negative zero. */
function product(left: Value, right: Value): Value {
  return arithmetic("multiply", left, right) ?? left;
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
  } else if (operand.type !== bsonType.boolean)
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
  [
    "$unset",
    () => ({
      creates: false,
      passesBlockedPaths: true,
      apply: (existing) => (existing === undefined ? keep : remove),
    }),
  ],
  ["$inc", arithmeticOperator("$inc")],
  ["$mul", arithmeticOperator("$mul")],
  ["$min", extremeOperator(-1)],
  ["$max", extremeOperator(1)],
  ["$currentDate", currentDate],
  ["$bit", bit],
]);
