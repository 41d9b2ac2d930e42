// Parses aggregation expressions: field paths, variables, literals, documents, arrays and operators.
import { fieldsOf, firstField, getField, isEmpty, itemsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { dateValue, nullValue, readString, stringValue } from "../bson/value.ts";
import { arrayOf, documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { arithmeticOperators } from "./arithmetic-operators.ts";
import { arrayOperators } from "./array-operators.ts";
import { comparisonOperators } from "./comparison-operators.ts";
import { conversionOperators } from "./conversion-operators.ts";
import { dateOperators } from "./date-operators.ts";
import type { Expression, OperatorCompiler } from "./expression-types.ts";
import { fieldOperators } from "./field-operators.ts";
import { objectOperators } from "./object-operators.ts";
import { stringOperators } from "./string-operators.ts";

const operators: ReadonlyMap<string, OperatorCompiler> = new Map([
  ...arithmeticOperators,
  ...arrayOperators,
  ...comparisonOperators,
  ...conversionOperators,
  ...dateOperators,
  ...fieldOperators,
  ...objectOperators,
  ...stringOperators,
  [
    "$literal",
    (operand: Value): Expression =>
      () =>
        operand,
  ],
]);

/** Throws 168 (InvalidPipelineOperator) for an operator that is not supported. */
export function compileExpression(value: Value): Expression {
  if (value.type === bsonType.string) return compileString(readString(value));
  if (value.type === bsonType.array) {
    const items = itemsOf(value).map(compileExpression);
    return (scope) => arrayOf(items.map((item) => item(scope) ?? nullValue));
  }
  if (value.type !== bsonType.object || isEmpty(value)) return () => value;
  const first = firstField(value);
  if (first !== undefined && first.name.startsWith("$")) return compileOperator(value, first.name);
  const fields = fieldsOf(value).map(({ name, value: field }) => {
    if (name.startsWith("$"))
      throw new StoreError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    if (name.includes("."))
      throw new StoreError(
        16412,
        "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
      );
    return [name, compileExpression(field)] as const;
  });
  return (scope) =>
    documentOf(
      fields.flatMap(([name, field]) => {
        const result = field(scope);
        return result === undefined ? [] : [[name, result] as const];
      }),
    );
}

function compileOperator(value: Value, name: string): Expression {
  const fields = fieldsOf(value);
  const operand = fields[0]?.value;
  if (fields.length !== 1 || operand === undefined)
    throw new StoreError(
      15983,
      `an expression specification must contain exactly one field, the name of the expression. Found ${fields.length} fields`,
    );
  const compiler = operators.get(name);
  if (compiler === undefined) throw new StoreError(168, `Unrecognized expression '${name}'`);
  return compiler(operand, compileExpression, name);
}

function compileString(text: string): Expression {
  if (text.startsWith("$$")) return compileVariable(text.slice(2));
  if (text.startsWith("$")) return fieldPath(text.slice(1));
  const literal = stringValue(text);
  return () => literal;
}

function compileVariable(text: string): Expression {
  const [name = "", ...path] = text.split(".");
  const base = variable(name);
  return path.length === 0
    ? base
    : (scope) => {
        const value = base(scope);
        return value === undefined ? undefined : valueAt(value, path, 0);
      };
}

function variable(name: string): Expression {
  switch (name) {
    case "ROOT":
      return (scope) => scope.root;
    case "CURRENT":
      return (scope) => (scope.variables.has("CURRENT") ? scope.variables.get("CURRENT") : scope.root);
    case "NOW":
      return (scope) => dateValue(scope.nowMs);
    case "REMOVE":
      return () => undefined;
    default:
      if (!/^[a-z][A-Za-z0-9_]*$|^\P{ASCII}/u.test(name))
        throw new StoreError(17276, `Use of undefined variable: ${name}`);
      return (scope) => {
        if (!scope.variables.has(name)) throw new StoreError(17276, `Use of undefined variable: ${name}`);
        return scope.variables.get(name);
      };
  }
}

/** The value of a field path: over an array, the values of its documents as an array. */
export function fieldPath(text: string): Expression {
  const parts = text.split(".");
  if (parts.some((part) => part === ""))
    throw new StoreError(40353, "FieldPath must not end with a '.' or have empty parts.");
  if (parts.some((part) => part.startsWith("$")))
    throw new StoreError(16410, "FieldPath field names may not start with '$'.");
  return ({ root }) => valueAt(root, parts, 0);
}

function valueAt(value: Value, parts: readonly string[], from: number): Value | undefined {
  let current: Value | undefined = value;
  for (let at = from; at < parts.length; at += 1) {
    if (current.type === bsonType.array) {
      const collected: Value[] = [];
      for (const item of itemsOf(current)) {
        const inner =
          item.type === bsonType.object || item.type === bsonType.array
            ? valueAt(item, parts, at)
            : undefined;
        if (inner !== undefined) collected.push(inner);
      }
      return arrayOf(collected);
    }
    if (current.type !== bsonType.object) return undefined;
    current = getField(current, parts[at] ?? "");
    if (current === undefined) return undefined;
  }
  return current;
}
