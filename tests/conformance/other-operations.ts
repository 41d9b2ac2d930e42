// The operations of tests on databases and command cursors, and those of the runner itself.
import type mongoose from "mongoose";
import { TestFailure } from "./failures.ts";
import { difference } from "./matching.ts";
import { readPreferenceOf } from "./entities.ts";
import {
  asDocument,
  asDocuments,
  type Arguments,
  type Operation,
  type OperationScope,
  type Outcome,
} from "./operations.ts";

type Db = mongoose.mongo.Db;
type CommandCursor = mongoose.mongo.RunCommandCursor;

const done: Outcome = { value: undefined, root: "none" };
const cursorOptions = ["comment", "batchSize", "maxTimeMS", "readPreference", "cursorType"];

function commandOptions({ readPreference, session }: Arguments): Arguments {
  return {
    ...(session === undefined ? {} : { session }),
    ...(readPreference === undefined ? {} : { readPreference: readPreferenceOf(readPreference) }),
  };
}

/** Batch size, comment and time limit belong to the getMores; the command carries its own. */
function commandCursor(target: Db, command: mongoose.mongo.BSON.Document, options: Arguments): CommandCursor {
  const { batchSize, maxTimeMS, comment, cursorType } = options;
  const isTailable = cursorType !== undefined && cursorType !== "nonTailable";
  const cursor = target.runCursorCommand(command, {
    ...commandOptions(options),
    ...(isTailable ? { tailable: true, awaitData: cursorType === "tailableAwait" } : {}),
  });
  if (batchSize !== undefined) cursor.setBatchSize(batchSize);
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS);
  if (comment !== undefined) cursor.setComment(comment);
  return cursor;
}

export const databaseOperations: Readonly<Record<string, Operation<Db>>> = {
  aggregate: {
    required: ["pipeline"],
    options: ["comment", "batchSize", "allowDiskUse", "let", "rawData", "bypassDocumentValidation"],
    run: (target, { required, options }) =>
      asDocuments(target.aggregate(required["pipeline"], options).toArray()),
  },
  createCollection: {
    required: ["collection"],
    options: [
      "capped",
      "size",
      "max",
      "viewOn",
      "pipeline",
      "timeseries",
      "expireAfterSeconds",
      "clusteredIndex",
      "changeStreamPreAndPostImages",
    ],
    async run(target, { required, options }) {
      await target.createCollection(required["collection"], options);
      return done;
    },
  },
  createCommandCursor: {
    required: ["command", "commandName"],
    options: cursorOptions,
    async run(target, { required, options }) {
      const cursor = commandCursor(target, required["command"], options);
      // The driver sends the command with the first step; what came is kept for the test's own first step.
      await cursor.hasNext();
      return { value: cursor, root: "none" };
    },
  },
  dropCollection: {
    required: ["collection"],
    options: [],
    async run(target, { required, options }) {
      await target.dropCollection(required["collection"], options);
      return done;
    },
  },
  listCollections: {
    required: ["filter"],
    options: ["nameOnly", "batchSize", "comment", "rawData", "authorizedCollections"],
    run: (target, { required, options }) =>
      asDocuments(target.listCollections(required["filter"], options).toArray()),
  },
  modifyCollection: {
    required: ["collection"],
    options: ["changeStreamPreAndPostImages", "index", "validator"],
    run: (target, { required, options }) =>
      asDocument(target.command({ collMod: required["collection"], ...options })),
  },
  runCommand: {
    required: ["command", "commandName"],
    options: ["readPreference"],
    run: (target, { required, options }) =>
      asDocument(target.command(required["command"], commandOptions(options))),
  },
  runCursorCommand: {
    required: ["command", "commandName"],
    options: cursorOptions,
    run: (target, { required, options }) =>
      asDocuments(commandCursor(target, required["command"], options).toArray()),
  },
};

export const clientOperations: Readonly<Record<string, Operation<mongoose.mongo.MongoClient>>> = {
  clientBulkWrite: {
    required: ["models"],
    options: [
      "bypassDocumentValidation",
      "comment",
      "let",
      "ordered",
      "rawData",
      "verboseResults",
      "writeConcern",
    ],
    async run(target, { required, options }) {
      const models = (required["models"] as Arguments[]).map((model) => {
        const [[name, fields] = ["", {}]] = Object.entries(model);
        return { name, ...fields } as mongoose.mongo.AnyClientBulkWriteModel<mongoose.mongo.BSON.Document>;
      });
      const result = await target.bulkWrite(models, options);
      return asDocument(Promise.resolve(bulkWriteDocument(result)));
    },
  },
};

/** The verbose results are maps from the number of a write. */
function bulkWriteDocument(result: mongoose.mongo.ClientBulkWriteResult): Arguments {
  return Object.fromEntries(
    Object.entries(result).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Map ? Object.fromEntries(value as Map<number, unknown>) : value,
    ]),
  );
}

export const cursorOperations: Readonly<Record<string, Operation<CommandCursor>>> = {
  close: {
    required: [],
    options: [],
    async run(target) {
      await target.close();
      return done;
    },
  },
  iterateOnce: { required: [], options: [], run: (target) => asDocument(target.tryNext()) },
  iterateUntilDocumentOrError: { required: [], options: [], run: (target) => asDocument(target.next()) },
};

export const runnerOperations: Readonly<Record<string, Operation<OperationScope>>> = {
  assertCollectionExists: {
    required: ["databaseName", "collectionName"],
    options: [],
    run: (scope, { required }) => collectionExists(scope, required, true),
  },
  assertCollectionNotExists: {
    required: ["databaseName", "collectionName"],
    options: [],
    run: (scope, { required }) => collectionExists(scope, required, false),
  },
  assertNumberConnectionsCheckedOut: {
    required: ["client", "connections"],
    options: [],
    run({ entities }, { required }) {
      const { checkedOut } = entities.events(required["client"]);
      if (checkedOut === required["connections"]) return Promise.resolve(done);
      throw new TestFailure(`${checkedOut} connections are checked out, not ${required["connections"]}`);
    },
  },
  assertSameLsidOnLastTwoCommands: {
    required: ["client"],
    options: [],
    run({ entities }, { required }) {
      const [first, second] = entities
        .events(required["client"])
        .commands()
        .slice(-2)
        .map((command) => (command as mongoose.mongo.BSON.Document)["lsid"] as unknown);
      if (first === undefined || second === undefined)
        throw new TestFailure("there are no two commands with an lsid");
      const problem = difference(first, second, { scope: entities, root: "none" }, "the second lsid");
      if (problem !== null) throw new TestFailure(problem);
      return Promise.resolve(done);
    },
  },
  failPoint: {
    required: ["client", "failPoint"],
    options: [],
    async run({ entities, internal, afterwards }, { required }) {
      const admin = entities.client(required["client"]).db("admin");
      await admin.command(required["failPoint"]);
      const { configureFailPoint } = required["failPoint"];
      afterwards(() => internal.db("admin").command({ configureFailPoint, mode: "off" }));
      return done;
    },
  },
};

async function collectionExists(
  { internal }: OperationScope,
  { databaseName, collectionName }: Arguments,
  expected: boolean,
): Promise<Outcome> {
  const found = await internal.db(databaseName).listCollections({ name: collectionName }).toArray();
  if (found.length > 0 === expected) return done;
  throw new TestFailure(
    `the collection ${databaseName}.${collectionName} ${expected ? "does not exist" : "exists"}`,
  );
}
