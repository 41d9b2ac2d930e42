// Finds the command of a request, checks what is common to all, runs it and turns errors into answers.
import { fieldsOf, getField } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { doubleValue, readString, type Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import { sqliteCode } from "../storage/sqlite-storage.ts";
import { storageFailure } from "../storage/write-queue.ts";
import type { Request } from "../wire/messages.ts";
import { apiFields, checkApiVersion } from "./api-version.ts";
import { integerField, type Command, type Reply } from "./context.ts";
import { newPace } from "./pace.ts";

const generalFields = new Set<string>([
  "$db",
  "lsid",
  "comment",
  "maxTimeMS",
  "writeConcern",
  "readConcern",
  "$readPreference",
  "$clusterTime",
  "txnNumber",
  "startTransaction",
  "autocommit",
  ...apiFields,
]);

/** Told of failures that are this server's own fault; never of what a command carried. */
export type ReportFault = (error: unknown, command: string) => void;

/** The commands of one thread, and what they run on. */
export interface CommandSet<E> {
  commands: ReadonlyMap<string, Command<E>>;
  engine: E;
  /** Before signing in only what is open to everybody is run. */
  authenticated: boolean;
}

/** Always answers; a fault of the server itself becomes InternalError (1). */
export async function runCommand<E>(
  { commands, engine, authenticated }: CommandSet<E>,
  request: Request,
  report: ReportFault,
): Promise<Reply> {
  try {
    const command = commands.get(request.name);
    if (command?.open !== true && !authenticated)
      throw new StoreError(13, `Command ${commandName(request.name)} requires authentication`);
    if (command === undefined) throw new StoreError(59, `no such command: '${commandName(request.name)}'`);
    checkApiVersion(request.name, request.fields);
    checkGeneralFields(request);
    checkFields(request, command.fields);
    const pace = newPace(integerField(request.fields, "maxTimeMS") || null);
    const context = { engine, request, database: request.database, pace };
    return { ...(await command.run(context)), ok: doubleValue(1) };
  } catch (error) {
    return errorReply(error, (fault) => report(fault, commandName(request.name)));
  }
}

function commandName(name: string): string {
  return name.slice(0, 64);
}

function errorReply(error: unknown, report: (fault: unknown) => void): Reply {
  let known: StoreError;
  if (error instanceof StoreError) known = error;
  else if (error instanceof RangeError && error.message.includes("call stack"))
    known = new StoreError(15, "the command nests too deeply");
  else {
    report(error);
    known =
      sqliteCode(error) !== null
        ? storageFailure(error)
        : new StoreError(1, "the server failed on this command: its log says more");
  }
  return failureReply(known);
}

export function failureReply(error: StoreError): Reply {
  return {
    ok: doubleValue(0),
    errmsg: error.message,
    code: error.code,
    codeName: error.codeName,
    ...(error.details as Reply),
  };
}

function checkFields(request: Request, known: readonly string[]): void {
  for (const name of request.fields.keys())
    if (name !== request.name && !generalFields.has(name) && !known.includes(name))
      throw new StoreError(40415, `BSON field '${request.name}.${name}' is an unknown field.`);
  for (const name of request.sequences.keys())
    if (!known.includes(name) || request.fields.has(name))
      throw new StoreError(40415, `BSON field '${request.name}.${name}' is an unknown field.`);
}

function checkGeneralFields({ fields }: Request): void {
  for (const name of ["txnNumber", "startTransaction", "autocommit"])
    if (fields.has(name))
      throw new StoreError(20, "Transaction numbers are only allowed on a replica set member or mongos");
  const writeConcern = fields.get("writeConcern");
  if (writeConcern !== undefined) checkWriteConcern(writeConcern);
  const readConcern = fields.get("readConcern");
  if (readConcern !== undefined) checkReadConcern(readConcern);
}

function checkWriteConcern(concern: Value): void {
  if (concern.type !== bsonType.object) throw new StoreError(14, "writeConcern must be a document");
  for (const { name, value } of fieldsOf(concern)) {
    if (name === "w") {
      const fits =
        value.type === bsonType.string
          ? readString(value) === "majority"
          : isNumeric(value.type) && (toNumber(value) === 0 || toNumber(value) === 1);
      if (!fits)
        throw new StoreError(
          100,
          "Not enough data-bearing nodes: cannot use 'w' > 1 when a host is not replicated",
        );
    } else if (!["j", "fsync", "wtimeout", "wtimeoutMS"].includes(name))
      throw new StoreError(9, `unrecognized write concern field: ${name}`);
  }
}

function checkReadConcern(concern: Value): void {
  if (concern.type !== bsonType.object) throw new StoreError(14, "readConcern must be a document");
  for (const { name } of fieldsOf(concern))
    if (name !== "level") throw new StoreError(72, `readConcern.${name} is not supported by this server`);
  const level = getField(concern, "level");
  if (level === undefined) return;
  if (level.type !== bsonType.string || !isTruthy(level))
    throw new StoreError(14, "readConcern.level must be a string");
  if (!["local", "available", "majority"].includes(readString(level)))
    throw new StoreError(72, `readConcern level '${readString(level)}' is not supported by this server`);
}
