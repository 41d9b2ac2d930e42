// Changing what is there: collMod (index options) and renameCollection.
import { equalValues } from "../bson/compare.ts";
import { fieldsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import { booleanValue, readString, type Value } from "../bson/value.ts";
import { documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { checkExpiry, idIndexName, type IndexDefinition } from "../index/definition.ts";
import type { Collection } from "../storage/catalog.ts";
import { collectionOptions, refuseCollectionOptions } from "./collection-options.ts";
import {
  booleanField,
  collectionName,
  documentField,
  onlyFields,
  stringField,
  type Reply,
  type WriteCommand,
} from "./context.ts";

export const collMod: WriteCommand = {
  fields: ["index", ...collectionOptions],
  async run(context) {
    const { engine, database, request } = context;
    refuseCollectionOptions(request.fields);
    const name = collectionName(context);
    const given = documentField(request.fields, "index");
    const fields =
      given === undefined ? null : new Map(fieldsOf(given).map((field) => [field.name, field.value]));
    if (fields !== null) checkIndexFields(fields);
    return engine.writes.run((transaction): Reply => {
      const collection = engine.catalog.find(database, name);
      if (collection === undefined) throw new StoreError(26, `ns does not exist: ${database}.${name}`);
      if (fields === null) return {};
      const index = indexToChange(collection, fields);
      const { specification, reply } = changedIndex(index, fields);
      if (specification !== null) engine.catalog.changeIndex(transaction, collection, index, specification);
      return reply;
    });
  },
};

function checkIndexFields(fields: ReadonlyMap<string, Value>): void {
  for (const option of ["unique", "prepareUnique"])
    if (fields.has(option))
      throw new StoreError(303, `collMod.index.${option} is not supported by this server`);
  onlyFields(fields, "collMod.index", ["name", "keyPattern", "hidden", "expireAfterSeconds"]);
  if (fields.has("name") && fields.has("keyPattern"))
    throw new StoreError(72, "Cannot specify both key pattern and name.");
  if (!fields.has("name") && !fields.has("keyPattern"))
    throw new StoreError(72, "Must specify either index name or key pattern.");
  if (!fields.has("hidden") && !fields.has("expireAfterSeconds"))
    throw new StoreError(72, "no expireAfterSeconds or hidden field");
}

function indexToChange(collection: Collection, fields: ReadonlyMap<string, Value>): IndexDefinition {
  const name = stringField(fields, "name");
  const key = documentField(fields, "keyPattern");
  const found = collection.indexes.filter((index) =>
    key === undefined ? index.name === name : equalValues(index.keyPattern, key),
  );
  const [index] = found;
  if (index === undefined) throw new StoreError(27, "cannot find the index");
  if (found.length > 1) throw new StoreError(181, "several indexes have this key: name one");
  if (index.name === idIndexName && fields.has("hidden")) throw new StoreError(2, "can't hide _id index");
  return index;
}

/** The new specification, or null where nothing changes; the reply names what changed, before and after. */
function changedIndex(
  index: IndexDefinition,
  fields: ReadonlyMap<string, Value>,
): { specification: Value | null; reply: Reply } {
  const options = new Map(fieldsOf(index.specification).map(({ name, value }) => [name, value]));
  const reply: Reply = {};
  const hidden = booleanField(fields, "hidden", index.hidden);
  if (hidden !== index.hidden) {
    options.delete("hidden");
    if (hidden) options.set("hidden", booleanValue(true));
    Object.assign(reply, { hidden_old: index.hidden, hidden_new: hidden });
  }
  const expiry = fields.get("expireAfterSeconds");
  if (expiry !== undefined) {
    checkExpiry(expiry, index.keyPattern);
    const before = options.get("expireAfterSeconds");
    if (before === undefined || !equalValues(before, expiry)) {
      options.set("expireAfterSeconds", expiry);
      Object.assign(reply, { expireAfterSeconds_old: before, expireAfterSeconds_new: expiry });
    }
  }
  return { specification: Object.keys(reply).length === 0 ? null : documentOf(options), reply };
}

export const renameCollection: WriteCommand = {
  fields: ["to", "dropTarget"],
  async run(context) {
    const { engine, database, request } = context;
    if (database !== "admin")
      throw new StoreError(13, "renameCollection may only be run against the admin database.");
    const source = namespaceOf(request.fields.get("renameCollection"), "renameCollection");
    const target = namespaceOf(request.fields.get("to"), "to");
    const dropTarget = booleanField(request.fields, "dropTarget");
    await engine.writes.run((transaction) => {
      const { catalog } = engine;
      const collection = catalog.find(source.database, source.name);
      if (collection === undefined)
        throw new StoreError(26, `Source collection ${source.database}.${source.name} does not exist`);
      const existing = catalog.find(target.database, target.name);
      if (existing === collection) throw new StoreError(20, "Can't rename a collection to itself");
      if (existing !== undefined && !dropTarget) throw new StoreError(48, "target namespace exists");
      if (existing !== undefined) catalog.dropCollection(transaction, existing);
      catalog.renameCollection(transaction, collection, target);
    });
    return {};
  },
};

function namespaceOf(value: Value | undefined, field: string): { database: string; name: string } {
  if (value === undefined || value.type !== bsonType.string)
    throw new StoreError(14, `renameCollection needs a namespace in '${field}'`);
  const text = readString(value);
  const dot = text.indexOf(".");
  if (dot <= 0 || dot === text.length - 1) throw new StoreError(73, `Invalid namespace specified '${text}'`);
  return { database: text.slice(0, dot), name: text.slice(dot + 1) };
}
