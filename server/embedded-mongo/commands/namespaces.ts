// Collections, databases and indexes: making, dropping and listing them.
import { fieldsOf } from "../bson/document.ts";
import { equalValues } from "../bson/compare.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { binaryValue, longValue, readString } from "../bson/value.ts";
import { encodeDocument } from "../bson/writer.ts";
import { StoreError, badValue } from "../errors.ts";
import { idIndexName, parseIndexSpecification, type IndexDefinition } from "../index/definition.ts";
import { matchesEverything } from "../query/filter.ts";
import { matches, newMatchContext } from "../query/match.ts";
import { Scan } from "../query/scan.ts";
import { sameIdentity, sameIndex, type Collection } from "../storage/catalog.ts";
import { CollectionWriter } from "../storage/collection-writer.ts";
import type { WriteTransaction } from "../storage/write-queue.ts";
import { documentList } from "../wire/messages.ts";
import { collectionOptions, refuseCollectionOptions } from "./collection-options.ts";
import {
  booleanField,
  collectionName,
  documentField,
  findCollection,
  integerField,
  refuseCollation,
  type ReadCommand,
  type CommandContext,
  type ReadEngine,
  type Reply,
  type WriteCommand,
  type WriteEngine,
} from "./context.ts";
import { collMod, renameCollection } from "./collection-changes.ts";
import type { DocumentSource } from "./cursors.ts";
import { filterField } from "./query-options.ts";

const create: WriteCommand = {
  fields: ["collation", "autoIndexId", ...collectionOptions],
  async run(context) {
    const { fields } = context.request;
    refuseCollation(fields);
    refuseCollectionOptions(fields);
    if (!booleanField(fields, "autoIndexId", true))
      throw new StoreError(72, "every collection has an index on _id: autoIndexId cannot be false");
    const { engine, database } = context;
    const name = collectionName(context);
    await engine.writes.run((transaction) => {
      if (engine.catalog.find(database, name) !== undefined)
        throw new StoreError(48, `Collection ${database}.${name} already exists.`);
      engine.catalog.ensure(transaction, database, name);
    });
    return {};
  },
};

const drop: WriteCommand = {
  fields: [],
  async run(context) {
    const { engine, database } = context;
    const name = collectionName(context);
    return engine.writes.run((transaction): Reply => {
      const collection = engine.catalog.find(database, name);
      // Since 7.0 dropping what is not there is no error.
      if (collection === undefined) return {};
      const count = collection.indexes.length;
      engine.catalog.dropCollection(transaction, collection);
      return { nIndexesWas: count, ns: `${database}.${name}` };
    });
  },
};

const dropDatabase: WriteCommand = {
  fields: [],
  async run({ engine, database }) {
    return engine.writes.run((transaction): Reply => {
      const collections = engine.catalog.collectionsOf(database);
      for (const collection of collections) engine.catalog.dropCollection(transaction, collection);
      return collections.length > 0 ? { dropped: database } : {};
    });
  },
};

const createIndexes: WriteCommand = {
  fields: ["indexes", "commitQuorum"],
  async run(context) {
    const { engine, database, request } = context;
    const name = collectionName(context);
    const wanted = documentList(request, "indexes").map(parseIndexSpecification);
    if (wanted.length === 0) throw badValue("Must specify at least one index to create");
    return engine.writes.run(async (transaction): Promise<Reply> => {
      const existed = engine.catalog.find(database, name) !== undefined;
      const collection = engine.catalog.ensure(transaction, database, name);
      const before = collection.indexes.length;
      for (const specification of wanted) await createIndex(context, transaction, collection, specification);
      const after = collection.indexes.length;
      return {
        numIndexesBefore: before,
        numIndexesAfter: after,
        createdCollectionAutomatically: !existed,
        ...(before === after ? { note: "all indexes already exist" } : {}),
      };
    });
  },
};

async function createIndex(
  context: CommandContext<WriteEngine>,
  transaction: WriteTransaction,
  collection: Collection,
  wanted: { name: string; specification: Value },
): Promise<void> {
  const { engine, pace } = context;
  if (isIdKey(wanted.specification)) return;
  for (const index of collection.indexes) {
    const isSame = sameIndex(index, wanted.specification);
    if (index.name === wanted.name) {
      if (isSame) return;
      if (sameIdentity(index, wanted.specification))
        throw new StoreError(
          85,
          `An equivalent index already exists with the same name but different options: ${wanted.name}`,
        );
      throw new StoreError(
        86,
        `An existing index has the same name as the requested index but another key or other options: ${wanted.name}`,
      );
    }
    if (isSame) throw new StoreError(85, `Index already exists with a different name: ${index.name}`);
    if (sameIdentity(index, wanted.specification))
      throw new StoreError(
        85,
        `An equivalent index already exists with a different name and options: ${index.name}`,
      );
  }
  if (collection.indexes.length >= 64) throw new StoreError(67, "a collection may have 64 indexes at most");
  const index = engine.catalog.addIndex(transaction, collection, wanted);
  const writer = new CollectionWriter(engine.catalog, transaction, collection);
  const scan = new Scan({
    collectionId: collection.id,
    plan: { kind: "collection", reverse: false, providesSort: true },
    filter: matchesEverything,
    context: newMatchContext(engine.nowMs()),
    firstPageRows: 256,
  });
  while (!scan.done) {
    for (const { id, document } of scan.step(transaction.view)) writer.enter(index, id, document);
    const pause = pace.breathe();
    if (pause !== undefined) await pause;
  }
}

function keyOf(specification: Value): Value {
  return fieldsOf(specification).find(({ name }) => name === "key")?.value ?? specification;
}

function isIdKey(specification: Value): boolean {
  return equalValues(keyOf(specification), encodeDocument({ _id: 1 }));
}

const dropIndexes: WriteCommand = {
  fields: ["index"],
  async run(context) {
    const { engine, database, request } = context;
    const name = collectionName(context);
    const wanted = request.fields.get("index");
    if (wanted === undefined)
      throw new StoreError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
    return engine.writes.run((transaction): Reply => {
      const collection = engine.catalog.find(database, name);
      if (collection === undefined) throw new StoreError(26, `ns not found ${database}.${name}`);
      const before = collection.indexes.length;
      for (const index of indexesNamed(collection, wanted))
        engine.catalog.dropIndex(transaction, collection, index);
      return { nIndexesWas: before };
    });
  },
};

function indexesNamed(collection: Collection, wanted: Value): IndexDefinition[] {
  if (wanted.type === bsonType.string && readString(wanted) === "*")
    return collection.indexes.filter(({ name }) => name !== idIndexName);
  if (wanted.type !== bsonType.string && wanted.type !== bsonType.object)
    throw new StoreError(14, "dropIndexes takes one index name, one key or '*'");
  const found = collection.indexes.filter((index) =>
    wanted.type === bsonType.string
      ? index.name === readString(wanted)
      : equalValues(index.keyPattern, wanted),
  );
  const [first] = found;
  if (first === undefined) throw new StoreError(27, "index not found");
  if (found.length > 1) throw new StoreError(181, "several indexes have this key: name one");
  if (first.name === idIndexName) throw new StoreError(72, "cannot drop _id index");
  return found;
}

const listIndexes: ReadCommand = {
  fields: ["cursor"],
  async run(context) {
    const collection = findCollection(context);
    if (collection === undefined)
      throw new StoreError(26, `ns does not exist: ${context.database}.${collectionName(context)}`);
    return listed(
      context,
      collection.name,
      collection.indexes.filter(({ ready }) => ready).map(({ specification }) => specification),
    );
  },
};

const listCollections: ReadCommand = {
  fields: ["filter", "nameOnly", "authorizedCollections", "cursor"],
  async run(context) {
    const { engine, database, request } = context;
    const filter = filterField(request.fields, "filter");
    const nameOnly = booleanField(request.fields, "nameOnly");
    const collections = engine.catalog.collectionsOf(database).map(({ name, uuid }) =>
      encodeDocument({
        name,
        type: "collection",
        ...(nameOnly
          ? {}
          : {
              options: {},
              info: { readOnly: false, uuid: binaryValue(uuid, 4) },
              idIndex: { v: 2, key: { _id: 1 }, name: idIndexName },
            }),
      }),
    );
    const found = collections.filter((document) =>
      matches(filter, document, newMatchContext(engine.nowMs())),
    );
    return listed(context, "$cmd.listCollections", found);
  },
};

/** A list as a cursor, with the batch size that `cursor` may name. */
async function listed(context: CommandContext<ReadEngine>, name: string, documents: Value[]): Promise<Reply> {
  const { engine, database, request, pace } = context;
  const cursor = documentField(request.fields, "cursor");
  const fields = new Map(
    cursor === undefined ? [] : fieldsOf(cursor).map((field) => [field.name, field.value] as const),
  );
  const batchSize = integerField(fields, "batchSize") ?? Infinity;
  const namespace = `${database}.${name}`;
  const { id, batch } = await engine.cursors.open(
    { namespace, source: new ListSource(documents), batchSize },
    pace,
  );
  return { cursor: { firstBatch: batch, id: longValue(id), ns: namespace } };
}

export class ListSource implements DocumentSource {
  #documents: Value[];
  done = false;

  constructor(documents: Value[]) {
    this.#documents = documents;
  }

  pull(): Value[] {
    this.done = true;
    const documents = this.#documents;
    this.#documents = [];
    return documents;
  }
}

const listDatabases: ReadCommand = {
  fields: ["filter", "nameOnly", "authorizedDatabases"],
  run({ engine, request, database }) {
    if (database !== "admin")
      throw new StoreError(13, "listDatabases may only be run against the admin database.");
    const filter = filterField(request.fields, "filter");
    const nameOnly = booleanField(request.fields, "nameOnly");
    const total = engine.storage.sizeBytes();
    const databases = engine.catalog
      .databaseNames()
      .map((name) => encodeDocument(nameOnly ? { name } : { name, sizeOnDisk: total, empty: false }))
      .filter((document) => matches(filter, document, newMatchContext(engine.nowMs())));
    return { databases, ...(nameOnly ? {} : { totalSize: total }) };
  },
};

export const namespaceWriteCommands = {
  collMod,
  renameCollection,
  create,
  drop,
  dropDatabase,
  createIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
};

export const namespaceReadCommands = { listIndexes, listCollections, listDatabases };
