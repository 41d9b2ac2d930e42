// What counts as true in filters, options and expressions.
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { readBoolean, type Value } from "../bson/value.ts";

/** MongoDB's truth: everything but false, null, undefined and zero. */
export function isTruthy(value: Value | undefined): boolean {
  if (value === undefined || value.type === bsonType.null || value.type === bsonType.undefined) return false;
  if (value.type === bsonType.boolean) return readBoolean(value);
  return !isNumeric(value.type) || toNumber(value) !== 0;
}
