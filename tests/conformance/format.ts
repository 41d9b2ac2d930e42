// The unified test format, as far as the suites use it. A field this runner does not know is an error: nothing is skipped in silence.
import { EJSON } from "bson";
import { z } from "zod";

/** A test says something that this runner does not know, or that contradicts itself: never a result of the server. */
export class FormatError extends Error {}

const record = z.record(z.string(), z.unknown());
const observable = z.enum([
  "commandStartedEvent",
  "commandSucceededEvent",
  "commandFailedEvent",
  "connectionReadyEvent",
  "connectionCheckedOutEvent",
  "connectionCheckedInEvent",
]);

const requirement = z.strictObject({
  minServerVersion: z.string().optional(),
  maxServerVersion: z.string().optional(),
  topologies: z.array(z.string()).optional(),
  serverless: z.enum(["require", "forbid", "allow"]).optional(),
  auth: z.boolean().optional(),
});

const clientEntity = z.strictObject({
  id: z.string(),
  uriOptions: record.optional(),
  useMultipleMongoses: z.boolean().optional(),
  observeEvents: z.array(observable).optional(),
  ignoreCommandMonitoringEvents: z.array(z.string()).optional(),
  serverApi: record.optional(),
});

const optionsOfHandle = z.strictObject({
  readConcern: record.optional(),
  readPreference: record.optional(),
  writeConcern: record.optional(),
});

const entity = z.union([
  z.strictObject({ client: clientEntity }),
  z.strictObject({
    database: z.strictObject({
      id: z.string(),
      client: z.string(),
      databaseName: z.string(),
      databaseOptions: optionsOfHandle.optional(),
    }),
  }),
  z.strictObject({
    collection: z.strictObject({
      id: z.string(),
      database: z.string(),
      collectionName: z.string(),
      collectionOptions: optionsOfHandle.optional(),
    }),
  }),
  z.strictObject({ session: z.strictObject({ id: z.string(), client: z.string() }) }),
]);

const collectionData = z.strictObject({
  collectionName: z.string(),
  databaseName: z.string(),
  createOptions: record.optional(),
  documents: z.array(record),
});

const expectedError = z.strictObject({
  isError: z.literal(true).optional(),
  isClientError: z.boolean().optional(),
  errorContains: z.string().optional(),
  errorCode: z.number().optional(),
  errorCodeName: z.string().optional(),
  errorLabelsContain: z.array(z.string()).optional(),
  errorLabelsOmit: z.array(z.string()).optional(),
  errorResponse: record.optional(),
  writeErrors: record.optional(),
  writeConcernErrors: z.array(record).optional(),
  expectResult: z.unknown().optional(),
});

const operation = z.strictObject({
  name: z.string(),
  object: z.string(),
  arguments: record.optional(),
  ignoreResultAndError: z.boolean().optional(),
  expectError: expectedError.optional(),
  expectResult: z.unknown().optional(),
  saveResultAsEntity: z.string().optional(),
});

const expectedEvents = z.strictObject({
  client: z.string(),
  eventType: z.enum(["command", "cmap"]).optional(),
  ignoreExtraEvents: z.boolean().optional(),
  events: z.array(z.partialRecord(observable, record)),
});

const testCase = z.strictObject({
  description: z.string(),
  runOnRequirements: z.array(requirement).optional(),
  skipReason: z.string().optional(),
  operations: z.array(operation),
  expectEvents: z.array(expectedEvents).optional(),
  outcome: z.array(collectionData).optional(),
});

const testFile = z.strictObject({
  description: z.string(),
  schemaVersion: z.string(),
  runOnRequirements: z.array(requirement).optional(),
  createEntities: z.array(entity).optional(),
  initialData: z.array(collectionData).optional(),
  tests: z.array(testCase),
  _yamlAnchors: z.unknown().optional(),
});

/** Of the same file, the stored documents alone. */
const outcomes = z.object({ tests: z.array(z.object({ outcome: z.array(collectionData).optional() })) });

export type Requirement = z.infer<typeof requirement>;
export type EntityDescription = z.infer<typeof entity>;
export type ClientDescription = z.infer<typeof clientEntity>;
export type CollectionData = z.infer<typeof collectionData>;
export type ExpectedError = z.infer<typeof expectedError>;
export type Operation = z.infer<typeof operation>;
export type ExpectedEvents = z.infer<typeof expectedEvents>;
export type ObservableEvent = z.infer<typeof observable>;
export type TestCase = z.infer<typeof testCase>;
export type TestFile = z.infer<typeof testFile>;

/**
 * Reads a test file in extended JSON. Numbers become plain ones, except in outcomes: there they keep their BSON type, so
 * that a stored Double is not taken for an Int32. Throws where the file says something this runner does not know.
 */
export function parseTestFile(text: string): TestFile {
  const file = testFile.parse(EJSON.parse(text, { relaxed: true }));
  const typed = outcomes.parse(EJSON.parse(text, { relaxed: false }));
  for (const [index, test] of file.tests.entries()) {
    const outcome = typed.tests[index]?.outcome;
    if (outcome !== undefined) test.outcome = outcome;
  }
  return file;
}
