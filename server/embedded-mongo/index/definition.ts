// An index as the catalogue keeps it in memory, and the parsing of what `createIndexes` is given.
import { fieldsOf, getField } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { documentValue, readString, trueValue } from "../bson/value.ts";
import { encodeDocument } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { isTruthy } from "../query/truth.ts";
import { pathOf, type Path } from "../query/path.ts";
import type { KeyRange, StoredIndex } from "../storage/storage.ts";

export interface IndexField {
  path: Path;
  descending: boolean;
}

export interface IndexDefinition {
  id: number;
  name: string;
  fields: readonly IndexField[];
  keyPattern: Value;
  /** As `listIndexes` shows it. */
  specification: Value;
  unique: boolean;
  sparse: boolean;
  partial: Filter | null;
  expireAfterSeconds: number | null;
  /** Kept, unique and expiring like any other, but no plan uses it. */
  hidden: boolean;
  /** All entries of this index begin with these bytes. */
  prefix: Buffer;
  /** Bit n: field n met an array in some document since the index was made. */
  multikeyFields: number;
  /** False until the commit that filled it: readers must not use it before. */
  ready: boolean;
}

export const idIndexName = "_id_";
const maxIndexFields = 31;
const idKeyPattern = encodeDocument({ _id: 1 });

export function idIndexSpecification(): Value {
  return encodeDocument({ v: 2, key: idKeyPattern, name: idIndexName });
}

export function indexFromStored(stored: StoredIndex, ready: boolean): IndexDefinition {
  const specification = documentValue(stored.specification);
  const keyPattern = getField(specification, "key") ?? idKeyPattern;
  const partial = getField(specification, "partialFilterExpression");
  const expire = getField(specification, "expireAfterSeconds");
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(stored.id);
  return {
    id: stored.id,
    name: stored.name,
    fields: fieldsOf(keyPattern).map(({ name, value }) => ({
      path: pathOf(name),
      descending: toNumber(value) < 0,
    })),
    keyPattern,
    specification,
    unique: stored.name === idIndexName || isTruthy(getField(specification, "unique")),
    sparse: isTruthy(getField(specification, "sparse")),
    partial: partial === undefined ? null : parseFilter(partial),
    expireAfterSeconds: expire === undefined ? null : toNumber(expire),
    hidden: isTruthy(getField(specification, "hidden")),
    prefix,
    multikeyFields: stored.multikeyFields,
    ready,
  };
}

/** Every entry of an index. */
export function indexRange(index: { prefix: Buffer }): KeyRange {
  const upper = Buffer.from(index.prefix);
  upper.writeUInt32BE(index.prefix.readUInt32BE() + 1);
  return { lower: index.prefix, upper };
}

/** Checks one element of `createIndexes.indexes`; answers its name and the specification to store. */
export function parseIndexSpecification(given: Value): { name: string; specification: Value } {
  const fields = new Map(fieldsOf(given).map(({ name, value }) => [name, value]));
  const key = fields.get("key");
  if (key === undefined || key.type !== bsonType.object)
    throw new StoreError(9, "an index needs a 'key' document");
  const name = fields.get("name");
  if (name === undefined || name.type !== bsonType.string) throw new StoreError(9, "an index needs a 'name'");
  checkKey(key);
  const stored: Record<string, Value> = { key, name };
  for (const [option, value] of fields) {
    switch (option) {
      case "key":
      case "name":
      case "v":
      case "ns":
      case "background":
        break;
      case "unique":
      case "sparse":
        if (isTruthy(value)) stored[option] = value;
        break;
      case "hidden":
        if (isTruthy(value)) stored[option] = trueValue;
        break;
      case "partialFilterExpression":
        if (value.type !== bsonType.object)
          throw new StoreError(14, "partialFilterExpression must be a document");
        checkPartial(parseFilter(value));
        stored[option] = value;
        break;
      case "expireAfterSeconds":
        checkExpiry(value, key);
        stored[option] = value;
        break;
      case "collation": {
        const locale = value.type === bsonType.object ? getField(value, "locale") : undefined;
        if (locale === undefined || locale.type !== bsonType.string || readString(locale) !== "simple")
          throw new StoreError(67, "indexes with a collation are not supported by this server");
        break;
      }
      default:
        throw new StoreError(
          197,
          `The field '${option}' is not valid for an index specification. Specification: ${readString(name)}`,
        );
    }
  }
  if (stored["sparse"] !== undefined && stored["partialFilterExpression"] !== undefined)
    throw new StoreError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  return { name: readString(name), specification: encodeDocument({ v: 2, ...stored }) };
}

function checkKey(key: Value): void {
  const fields = fieldsOf(key);
  if (fields.length === 0) throw new StoreError(67, "Index keys cannot be empty.");
  if (fields.length > maxIndexFields)
    throw new StoreError(13103, `an index may have ${maxIndexFields} fields at most`);
  for (const { name, value } of fields) {
    if (value.type === bsonType.string)
      throw new StoreError(67, `index type '${readString(value)}' is not supported by this server`);
    if (!isNumeric(value.type) || toNumber(value) === 0 || Number.isNaN(toNumber(value)))
      throw new StoreError(67, "Values in v:2 index key pattern must be numbers above or below 0");
    if (name === "$**" || name.endsWith(".$**"))
      throw new StoreError(67, "wildcard indexes are not supported by this server");
    if (name === "" || name.split(".").some((part) => part === "" || part.startsWith("$")))
      throw new StoreError(67, `Index key contains an illegal field name: '${name}'`);
  }
  if (new Set(fields.map(({ name }) => name)).size !== fields.length)
    throw new StoreError(67, "an index names a field twice");
}

export function checkExpiry(value: Value, key: Value): void {
  if (!isNumeric(value.type)) throw new StoreError(67, "expireAfterSeconds must be a number");
  const seconds = toNumber(value);
  if (!(seconds >= 0 && seconds <= 2147483647))
    throw new StoreError(67, "expireAfterSeconds must be within 0 and 2147483647");
  if (fieldsOf(key).length !== 1)
    throw new StoreError(67, "TTL indexes are single-field indexes, compound indexes do not support TTL");
  if (getField(key, "_id") !== undefined)
    throw new StoreError(197, "The field 'expireAfterSeconds' is not valid for an _id index specification");
}

/** Partial filters may use what an index bound can express, joined by $and, $or and $in. */
function checkPartial(filter: Filter): void {
  switch (filter.kind) {
    case "and":
    case "or":
      filter.children.forEach(checkPartial);
      return;
    case "compare":
    case "exists":
    case "type":
    case "in":
      return;
    case "constant":
      if (filter.result) return;
      break;
    default:
      break;
  }
  throw new StoreError(67, "Expression not supported in partial index");
}
