// What every command is given, and helpers for reading its fields.
import { getField, isEmpty } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { readString } from "../bson/value.ts";
import type { Encodable } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import type { Catalog, CatalogView, Collection } from "../storage/catalog.ts";
import type { ReadStorage, Storage } from "../storage/storage.ts";
import type { WriteQueue } from "../storage/write-queue.ts";
import type { Request } from "../wire/messages.ts";
import type { ScramConversation, ScramCredentials } from "../wire/scram.ts";
import type { CursorRegistry } from "./cursors.ts";
import type { Pace } from "./pace.ts";

/** What reading and writing commands have in common. */
export interface Engine {
  storage: ReadStorage;
  catalog: CatalogView;
  nowMs(): number;
}

/** What the commands of the reader's thread share. */
export interface ReadEngine extends Engine {
  cursors: CursorRegistry;
}

/** What the commands of the writer's thread share. */
export interface WriteEngine extends Engine {
  storage: Storage;
  catalog: Catalog;
  writes: WriteQueue;
}

/** What greeting and signing in need: one connection's own, on the main thread. */
export interface SessionEngine {
  session: Session;
  credentials: ScramCredentials;
  nowMs(): number;
}

/** What is known of one connection. */
export interface Session {
  connectionId: number;
  authenticated: boolean;
  conversation: { id: number; scram: ScramConversation; proven: boolean; skipsEmptyExchange: boolean } | null;
}

export interface CommandContext<E = Engine> {
  engine: E;
  request: Request;
  database: string;
  pace: Pace;
}

export type Reply = Record<string, Encodable>;

export interface Command<E> {
  /** Fields it understands beside the general ones; any other is refused. */
  fields: readonly string[];
  /** May be called before signing in. */
  open?: boolean;
  run(context: CommandContext<E>): Reply | Promise<Reply>;
}

export type SessionCommand = Command<SessionEngine>;
export type ReadCommand = Command<ReadEngine>;
export type WriteCommand = Command<WriteEngine>;

export function collectionName(context: CommandContext): string {
  const { request } = context;
  const value = request.fields.get(request.name);
  if (value === undefined || value.type !== bsonType.string)
    throw new StoreError(
      73,
      `collection name has invalid type ${value === undefined ? "missing" : typeAlias(value.type)}`,
    );
  const name = readString(value);
  if (name === "") throw new StoreError(73, `Invalid namespace specified '${context.database}.'`);
  return name;
}

export function findCollection(context: CommandContext): Collection | undefined {
  return context.engine.catalog.find(context.database, collectionName(context));
}

/** A field that must be a document if it is there. */
export function documentField(fields: ReadonlyMap<string, Value>, name: string): Value | undefined {
  const value = fields.get(name);
  if (value === undefined || value.type === bsonType.null) return undefined;
  if (value.type !== bsonType.object) throw wrongType(name, value, "object");
  return value;
}

/** A whole number of at least `min` if it is there. */
export function integerField(fields: ReadonlyMap<string, Value>, name: string, min = 0): number | undefined {
  const value = fields.get(name);
  if (value === undefined || value.type === bsonType.null) return undefined;
  if (!isNumeric(value.type)) throw wrongType(name, value, "number");
  const number = Math.trunc(toNumber(value));
  if (!Number.isSafeInteger(number)) throw new StoreError(2, `BSON field '${name}' must be a whole number`);
  if (number < min)
    throw new StoreError(51024, `BSON field '${name}' value must be >= ${min}, actual value '${number}'`);
  return number;
}

export function booleanField(fields: ReadonlyMap<string, Value>, name: string, fallback = false): boolean {
  const value = fields.get(name);
  if (value === undefined || value.type === bsonType.null) return fallback;
  if (value.type !== bsonType.boolean && !isNumeric(value.type)) throw wrongType(name, value, "bool");
  return isTruthy(value);
}

export function stringField(fields: ReadonlyMap<string, Value>, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (value.type !== bsonType.string) throw wrongType(name, value, "string");
  return readString(value);
}

function wrongType(name: string, value: Value, expected: string): StoreError {
  return new StoreError(
    14,
    `BSON field '${name}' is the wrong type '${typeAlias(value.type)}', expected type '${expected}'`,
  );
}

/** Refuses fields of a nested document (an update statement, say) that nobody would look at. */
export function onlyFields(
  fields: ReadonlyMap<string, Value>,
  place: string,
  allowed: readonly string[],
): void {
  for (const name of fields.keys())
    if (!allowed.includes(name))
      throw new StoreError(40415, `BSON field '${place}.${name}' is an unknown field.`);
}

/** Only the simple collation (bytewise) is supported. */
export function refuseCollation(fields: ReadonlyMap<string, Value>): void {
  const collation = documentField(fields, "collation");
  if (collation === undefined || isEmpty(collation)) return;
  const locale = getField(collation, "locale");
  if (locale === undefined || locale.type !== bsonType.string || readString(locale) !== "simple")
    throw new StoreError(303, "collations other than { locale: 'simple' } are not supported by this server");
}
