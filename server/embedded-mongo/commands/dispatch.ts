// Finds the command of a request, checks what is common to all, runs it and turns errors into answers.
import { doubleValue } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { sqliteCode } from "../storage/sqlite-storage.ts";
import { storageFailure } from "../storage/write-queue.ts";
import type { Request } from "../wire/messages.ts";
import { checkApiVersion } from "./api-version.ts";
import { integerField, type Command, type Reply } from "./context.ts";
import { checkGeneralFields, generalFields } from "./general-fields.ts";
import { newPace } from "./pace.ts";

/** Told of failures that are this server's own fault; never of what a command carried. */
export type ReportFault = (error: unknown, command: string) => void;

/** The commands of one thread, and what they run on. */
export interface CommandSet<E> {
  commands: ReadonlyMap<string, Command<E>>;
  engine: E;
  /** Before signing in only what is open to everybody is run. */
  authenticated: boolean;
}

/** Thrown by a command that belongs to another thread after all; it has changed nothing. */
export class RunElsewhere extends Error {}

/** Answers always, or throws RunElsewhere; a fault of the server itself becomes InternalError (1). */
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
    checkGeneralFields(request.name, request.fields);
    checkFields(request, command.fields);
    const pace = newPace(integerField(request.fields, "maxTimeMS") || null);
    const context = { engine, request, database: request.database, pace };
    return { ...(await command.run(context)), ok: doubleValue(1) };
  } catch (error) {
    if (error instanceof RunElsewhere) throw error;
    return errorReply(error, (remark) => report(error, `${commandName(request.name)}${remark}`));
  }
}

function commandName(name: string): string {
  return name.slice(0, 64);
}

function errorReply(error: unknown, report: (remark: string) => void): Reply {
  const known = knownError(error);
  // Whoever runs the server must hear of damage, not only whose command met it.
  if (known?.code === 246) report(" on damaged data");
  else if (known === null || sqliteCode(error) !== null) report("");
  return failureReply(known ?? new StoreError(1, "the server failed on this command: its log says more"));
}

/** Null for a fault of the server itself. */
function knownError(error: unknown): StoreError | null {
  if (error instanceof StoreError) return error;
  if (error instanceof RangeError && error.message.includes("call stack"))
    return new StoreError(15, "the command nests too deeply");
  return sqliteCode(error) === null ? null : storageFailure(error);
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
