// MongoDB's stable API: what a client may declare with each command, and which commands belong to version 1.
import { bsonType } from "../bson/types.ts";
import { readString, type Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { booleanField } from "./context.ts";

export const apiFields = ["apiVersion", "apiStrict", "apiDeprecationErrors"] as const;

/** Of this server's commands, those that MongoDB 7.0 has in version 1. */
const versionOne = new Set([
  "aggregate",
  "count",
  "create",
  "createIndexes",
  "delete",
  "drop",
  "dropDatabase",
  "dropIndexes",
  "endSessions",
  "explain",
  "find",
  "findAndModify",
  "getMore",
  "hello",
  "insert",
  "killCursors",
  "listCollections",
  "listDatabases",
  "listIndexes",
  "ping",
  "refreshSessions",
  "update",
]);

/** Signing in is no part of a version and allowed with each. */
const alwaysAllowed = new Set(["saslStart", "saslContinue"]);

/** Throws APIVersionError (322) for another version and APIStrictError (323) for a command outside it. */
export function checkApiVersion(command: string, fields: ReadonlyMap<string, Value>): void {
  const version = fields.get("apiVersion");
  const strict = booleanField(fields, "apiStrict");
  booleanField(fields, "apiDeprecationErrors");
  if (version === undefined) {
    if (fields.has("apiStrict") || fields.has("apiDeprecationErrors"))
      throw new StoreError(
        4886600,
        "Provided apiStrict and/or apiDeprecationErrors without passing apiVersion",
      );
    return;
  }
  if (version.type !== bsonType.string) throw new StoreError(14, "apiVersion must be a string");
  if (readString(version) !== "1") throw new StoreError(322, 'API version must be "1"');
  if (strict && !versionOne.has(command) && !alwaysAllowed.has(command))
    throw new StoreError(323, `Provided apiStrict:true, but the command ${command} is not in API Version 1.`);
}
