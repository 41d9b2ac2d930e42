// Operators on documents, and $let.
import { fieldsOf, getField, itemsOf } from "../bson/document.ts";
import { bsonType, typeAlias } from "../bson/types.ts";
import { nullValue, readString, stringValue, type Value } from "../bson/value.ts";
import { arrayOf, documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import type { OperatorCompiler } from "./expression-types.ts";
import { anyCount, namedOperands, operandsOf, present, unaryOperand } from "./operands.ts";

const mergeObjects: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, anyCount);
  return (scope) => {
    const merged = new Map<string, Value>();
    for (const part of parts) {
      const value = present(part(scope));
      if (value === null) continue;
      const documents = parts.length === 1 && value.type === bsonType.array ? itemsOf(value) : [value];
      for (const document of documents) {
        if (document.type !== bsonType.object)
          throw new StoreError(
            40400,
            `$mergeObjects requires object inputs, but input is of type ${typeAlias(document.type)}`,
          );
        for (const field of fieldsOf(document)) merged.set(field.name, field.value);
      }
    }
    return documentOf(merged);
  };
};

const objectToArray: OperatorCompiler = (operand, compile, name) => {
  const part = unaryOperand(operand, compile, name);
  return (scope) => {
    const value = present(part(scope));
    if (value === null) return nullValue;
    if (value.type !== bsonType.object)
      throw new StoreError(40390, "$objectToArray requires a document input");
    return arrayOf(
      fieldsOf(value).map((field) =>
        documentOf([
          ["k", stringValue(field.name)],
          ["v", field.value],
        ]),
      ),
    );
  };
};

const arrayToObject: OperatorCompiler = (operand, compile, name) => {
  const part = unaryOperand(operand, compile, name);
  return (scope) => {
    const value = present(part(scope));
    if (value === null) return nullValue;
    if (value.type !== bsonType.array) throw new StoreError(40386, "$arrayToObject requires an array input");
    const fields = new Map<string, Value>();
    for (const item of itemsOf(value)) {
      const [key, field] =
        item.type === bsonType.array
          ? itemsOf(item)
          : item.type === bsonType.object
            ? [getField(item, "k"), getField(item, "v")]
            : [];
      if (key === undefined || field === undefined || key.type !== bsonType.string)
        throw new StoreError(40392, "$arrayToObject requires pairs of a string and a value");
      fields.set(readString(key), field);
    }
    return documentOf(fields);
  };
};

const letIn: OperatorCompiler = (operand, compile, name) => {
  const named = namedOperands(operand, name, ["vars", "in"], ["vars", "in"]);
  const given = named.get("vars") ?? nullValue;
  if (given.type !== bsonType.object) throw new StoreError(16876, "$let needs 'vars' to be a document");
  const variables = fieldsOf(given).map((field) => {
    if (!/^[a-z]\w*$/.test(field.name))
      throw new StoreError(
        16867,
        `'${field.name}' starts with an invalid character for a user variable name`,
      );
    return [field.name, compile(field.value)] as const;
  });
  const body = compile(named.get("in") ?? nullValue);
  return (scope) =>
    body({
      ...scope,
      variables: new Map([
        ...scope.variables,
        ...variables.map(([variable, value]) => [variable, value(scope)] as const),
      ]),
    });
};

export const objectOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$mergeObjects", mergeObjects],
  ["$objectToArray", objectToArray],
  ["$arrayToObject", arrayToObject],
  ["$let", letIn],
];
