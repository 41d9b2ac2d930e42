// Operators that read, set and remove a field by a name that a path cannot say: with a dollar sign or a dot.
import { fieldsOf, firstField, getField } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import { nullValue, readString, type Value } from "../bson/value.ts";
import { documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import type { Expression, OperatorCompiler } from "./expression-types.ts";
import { namedOperands, present } from "./operands.ts";

/** Codes of the two ways in which `field` can be wrong, by operator. */
const fieldCodes = {
  $getField: { notConstant: 5654601, notString: 5654602 },
  $setField: { notConstant: 4161106, notString: 4161107 },
  $unsetField: { notConstant: 4161106, notString: 4161107 },
} as const;

/** The constant name: a string without a dollar sign in front, or any string as a literal. */
function constantName(field: Value, name: keyof typeof fieldCodes): string {
  const literal = field.type === bsonType.object ? firstField(field) : undefined;
  const isLiteral = literal?.name === "$literal";
  const value = isLiteral ? literal.value : field;
  const isPath = !isLiteral && value.type === bsonType.string && readString(value).startsWith("$");
  if (isPath || (!isLiteral && (field.type === bsonType.object || field.type === bsonType.array)))
    throw new StoreError(
      fieldCodes[name].notConstant,
      `${name} requires 'field' to evaluate to a constant, but got a non-constant argument`,
    );
  if (value.type !== bsonType.string)
    throw new StoreError(fieldCodes[name].notString, `${name} requires 'field' to evaluate to type String`);
  return readString(value);
}

const getFieldOperator: OperatorCompiler = (operand, compile) => {
  const first = operand.type === bsonType.object ? firstField(operand)?.name : "";
  const isShort = first === "" || first?.startsWith("$") === true;
  const named = isShort ? null : namedOperands(operand, "$getField", ["field", "input"], ["field"]);
  const name = constantName(named?.get("field") ?? operand, "$getField");
  const input = named?.get("input");
  const from: Expression =
    input === undefined ? ({ root, variables }) => variables.get("CURRENT") ?? root : compile(input);
  return (scope) => {
    const document = from(scope);
    if (document === undefined || document.type === bsonType.object)
      return document === undefined ? undefined : getField(document, name);
    return present(document) === null ? nullValue : undefined;
  };
};

function settingField(from: Expression, name: string, valueOf: Expression): Expression {
  return (scope) => {
    const document = present(from(scope));
    if (document === null) return nullValue;
    if (document.type !== bsonType.object)
      throw new StoreError(4161105, "$setField requires 'input' to evaluate to type Object");
    const value = valueOf(scope);
    const fields = new Map(fieldsOf(document).map((field) => [field.name, field.value]));
    if (value === undefined) fields.delete(name);
    else fields.set(name, value);
    return documentOf(fields);
  };
}

const setField: OperatorCompiler = (operand, compile) => {
  const names = ["field", "input", "value"];
  const named = namedOperands(operand, "$setField", names, names);
  const name = constantName(named.get("field") ?? nullValue, "$setField");
  return settingField(
    compile(named.get("input") ?? nullValue),
    name,
    compile(named.get("value") ?? nullValue),
  );
};

const unsetField: OperatorCompiler = (operand, compile) => {
  const names = ["field", "input"];
  const named = namedOperands(operand, "$unsetField", names, names);
  const name = constantName(named.get("field") ?? nullValue, "$unsetField");
  return settingField(compile(named.get("input") ?? nullValue), name, () => undefined);
};

export const fieldOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$getField", getFieldOperator],
  ["$setField", setField],
  ["$unsetField", unsetField],
];
