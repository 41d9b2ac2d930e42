// Runs one test of a file: its data, entities and operations, then its events and what is stored in the end.
import mongoose from "mongoose";
import { collectionOperations } from "./collection-operations.ts";
import { EntityMap, isCollection } from "./entities.ts";
import { TestFailure, checkError, unexpected } from "./failures.ts";
import { FormatError, type CollectionData, type Operation, type TestCase, type TestFile } from "./format.ts";
import { difference, isPlain, text } from "./matching.ts";
import { runOperation, type OperationScope, type Outcome } from "./operations.ts";
import {
  clientOperations,
  cursorOperations,
  databaseOperations,
  runnerOperations,
} from "./other-operations.ts";

const { AbstractCursor, Db, MongoClient } = mongoose.mongo;

export interface TestServer {
  uri: string;
  /** The runner's own client: for data before the test and the look at it after. */
  internal: mongoose.mongo.MongoClient;
}

/** Resolves if the test passed, else rejects with TestFailure. */
export async function runTest({ uri, internal }: TestServer, file: TestFile, test: TestCase): Promise<void> {
  const entities = new EntityMap(uri);
  const actions: (() => Promise<unknown>)[] = [];
  const scope: OperationScope = { entities, internal, afterwards: (action) => actions.push(action) };
  try {
    for (const data of file.initialData ?? []) await setUp(internal, data);
    for (const description of file.createEntities ?? []) entities.create(description);
    for (const [index, operation] of test.operations.entries())
      await perform(operation, scope, `operation ${index} (${operation.name})`);
    entities.stopRecording();
    for (const expected of test.expectEvents ?? [])
      entities.events(expected.client).check(expected, entities);
    for (const data of test.outcome ?? []) await checkOutcome(internal, data);
  } catch (error) {
    throw unexpected(error, "the test");
  } finally {
    entities.stopRecording();
    for (const action of actions) await action();
    await entities.close();
  }
}

async function setUp(internal: mongoose.mongo.MongoClient, data: CollectionData): Promise<void> {
  const { databaseName, collectionName, documents, createOptions } = data;
  const db = internal.db(databaseName, { writeConcern: { w: "majority" } as mongoose.mongo.WriteConcern });
  await db.dropCollection(collectionName);
  if (createOptions !== undefined || documents.length === 0)
    await db.createCollection(collectionName, createOptions);
  if (documents.length > 0) await db.collection(collectionName).insertMany(documents);
}

async function perform(operation: Operation, scope: OperationScope, place: string): Promise<void> {
  const { entities } = scope;
  const { expectError, saveResultAsEntity } = operation;
  let outcome: Outcome;
  try {
    outcome = await execute(operation, scope);
  } catch (error) {
    // The runner's own words are no answer of the server, whatever the test expects.
    if (error instanceof FormatError || error instanceof TestFailure) throw error;
    if (operation.ignoreResultAndError === true) return;
    if (expectError === undefined) throw unexpected(error, place);
    checkError(error, expectError, entities);
    return;
  }
  if (operation.ignoreResultAndError === true) return;
  if (expectError !== undefined) throw new TestFailure(`${place} should have failed`);
  if (Object.hasOwn(operation, "expectResult")) {
    const problem = difference(
      operation.expectResult,
      outcome.value,
      { scope: entities, root: outcome.root },
      "the result",
    );
    if (problem !== null) throw new TestFailure(`${place}: ${problem}`);
  }
  if (saveResultAsEntity !== undefined) {
    if (outcome.value === undefined) throw new TestFailure(`${place} has no result to be saved`);
    entities.set(saveResultAsEntity, outcome.value);
  }
}

function execute({ name, object, arguments: given = {} }: Operation, scope: OperationScope) {
  const call = { name, given, scope };
  if (object === "testRunner") return runOperation(runnerOperations, scope, call);
  const target = scope.entities.get(object);
  if (isCollection(target)) return runOperation(collectionOperations, target, call);
  if (target instanceof MongoClient) return runOperation(clientOperations, target, call);
  if (target instanceof Db) return runOperation(databaseOperations, target, call);
  if (target instanceof AbstractCursor)
    return runOperation(cursorOperations, target as mongoose.mongo.RunCommandCursor, call);
  throw new FormatError(`the runner does not know operations on ${object}`);
}

/** Values and their types must be the same; the order of fields may differ. */
async function checkOutcome(internal: mongoose.mongo.MongoClient, expected: CollectionData): Promise<void> {
  const { databaseName, collectionName, documents } = expected;
  const found = await internal
    .db(databaseName)
    .collection(collectionName)
    .find({}, { sort: { _id: 1 }, promoteValues: false, promoteLongs: false, readPreference: "primary" })
    .toArray();
  const wanted = documents.map((document) => text(inOrder(document)));
  const actual = found.map((document) => text(inOrder(document)));
  for (let index = 0; index < Math.max(wanted.length, actual.length); index += 1)
    if (wanted[index] !== actual[index])
      throw new TestFailure(
        `document ${index} of ${databaseName}.${collectionName} should be ${wanted[index] ?? "absent"} but is ${actual[index] ?? "absent"}`,
      );
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, inOrder(value[name])]),
  );
}
