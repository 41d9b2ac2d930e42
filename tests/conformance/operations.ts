// What an operation of a test is: which arguments it takes, and how its result is compared.
import type mongoose from "mongoose";
import type { EntityMap } from "./entities.ts";
import { FormatError } from "./format.ts";
import type { Root } from "./matching.ts";

/** Values of a test file: whatever extended JSON can say. */
export type Arguments = mongoose.mongo.BSON.Document;

export interface Outcome {
  value: unknown;
  root: Root;
}

export interface OperationScope {
  entities: EntityMap;
  /** The runner's own client. */
  internal: mongoose.mongo.MongoClient;
  /** Run when the test is over, passed or not. */
  afterwards(action: () => Promise<unknown>): void;
}

export interface Operation<Target> {
  /** Arguments with a place of their own. */
  required: readonly string[];
  /** Arguments that go to the driver as options. */
  options: readonly string[];
  run(
    target: Target,
    given: { required: Arguments; options: Arguments; scope: OperationScope },
  ): Promise<Outcome>;
}

/** Throws for an argument that the operation does not know: nothing of a test is skipped in silence. */
export async function runOperation<Target>(
  table: Readonly<Record<string, Operation<Target>>>,
  target: Target,
  { name, given, scope }: { name: string; given: Arguments; scope: OperationScope },
): Promise<Outcome> {
  const operation = Object.hasOwn(table, name) ? table[name] : undefined;
  if (operation === undefined) throw new FormatError(`the runner does not know the operation ${name}`);
  const required: Arguments = {};
  const options: Arguments = {};
  for (const [argument, value] of Object.entries(given)) {
    if (argument === "session") options["session"] = scope.entities.session(String(value));
    else if (operation.required.includes(argument)) required[argument] = value;
    else if (operation.options.includes(argument)) options[argument] = value;
    else throw new FormatError(`the runner does not know the argument ${argument} of ${name}`);
  }
  return operation.run(target, { required, options, scope });
}

/** A result that is compared as one document. */
export async function asDocument(result: Promise<unknown>): Promise<Outcome> {
  return { value: await result, root: "document" };
}

/** A list of documents that may each have more fields than expected. */
export async function asDocuments(result: Promise<unknown[]>): Promise<Outcome> {
  return { value: await result, root: "elements" };
}

/** A value that must be met in full. */
export async function asValue(result: Promise<unknown>): Promise<Outcome> {
  return { value: await result, root: "none" };
}
