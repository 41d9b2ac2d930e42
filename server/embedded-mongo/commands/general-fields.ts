// The fields that any command may carry: concerns, sessions, read preference. Their shapes, and what a single server cannot do.
import { fieldsOf, getField } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import { readBinary, readString, type Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import { apiFields } from "./api-version.ts";
import { placeOf } from "./places.ts";

type Fields = ReadonlyMap<string, Value>;

export const generalFields: ReadonlySet<string> = new Set([
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

export function checkGeneralFields(command: string, fields: Fields): void {
  checkSession(fields);
  const writeConcern = fields.get("writeConcern");
  if (writeConcern !== undefined) {
    checkWriteConcern(writeConcern);
    if (placeOf(command) === "reader")
      throw new StoreError(72, `Command ${command} does not support writeConcern`);
  }
  const readConcern = fields.get("readConcern");
  if (readConcern !== undefined) checkReadConcern(readConcern);
  const readPreference = fields.get("$readPreference");
  if (readPreference !== undefined) checkReadPreference(readPreference);
}

/** A session's id is taken and means nothing here; transactions need a replica set. */
function checkSession(fields: Fields): void {
  const lsid = fields.get("lsid");
  if (lsid !== undefined) {
    requireDocument("lsid", lsid);
    for (const { name } of fieldsOf(lsid))
      if (name !== "id" && name !== "uid")
        throw new StoreError(40415, `BSON field 'OperationSessionInfo.lsid.${name}' is an unknown field.`);
    const id = getField(lsid, "id");
    if (id === undefined)
      throw new StoreError(
        40414,
        "BSON field 'OperationSessionInfo.lsid.id' is missing but a required field",
      );
    if (id.type !== bsonType.binary || readBinary(id).subtype !== 4 || readBinary(id).bytes.length !== 16)
      throw new StoreError(14, "BSON field 'OperationSessionInfo.lsid.id' must be a UUID");
  }
  const transactional = ["txnNumber", "startTransaction", "autocommit"].some((name) => fields.has(name));
  if (!transactional) return;
  if (lsid === undefined)
    throw new StoreError(72, "Transaction number requires a session ID to also be specified");
  throw new StoreError(20, "Transaction numbers are only allowed on a replica set member or mongos");
}

/** False where the command says that its write may be answered before it is on the disk: `j: false`, nothing less. */
export function asksForSync(fields: Fields): boolean {
  const concern = fields.get("writeConcern");
  const journal = concern === undefined ? undefined : getField(concern, "j");
  return journal === undefined || isTruthy(journal);
}

function checkWriteConcern(concern: Value): void {
  requireDocument("writeConcern", concern);
  for (const { name, value } of fieldsOf(concern)) {
    if (name === "w") checkNodes(value);
    else if (!["j", "fsync", "wtimeout", "wtimeoutMS"].includes(name))
      throw new StoreError(9, `unrecognized write concern field: ${name}`);
  }
}

function checkNodes(nodes: Value): void {
  if (nodes.type === bsonType.string) {
    if (readString(nodes) === "majority") return;
    throw new StoreError(
      2,
      `cannot use non-majority 'w' mode ${readString(nodes).slice(0, 64)} when a host is not a member of a replica set`,
    );
  }
  if (!isNumeric(nodes.type))
    throw new StoreError(9, "w has to be a number, string, or object; found: " + typeAlias(nodes.type));
  const count = toNumber(nodes);
  if (!(count >= 0 && count <= 50))
    throw new StoreError(9, "w has to be a non-negative number and not greater than 50");
  if (count > 1) throw new StoreError(2, "cannot use 'w' > 1 when a host is not replicated");
}

function checkReadConcern(concern: Value): void {
  requireDocument("readConcern", concern);
  for (const { name } of fieldsOf(concern))
    if (name !== "level") throw new StoreError(72, `readConcern.${name} is not supported by this server`);
  const level = getField(concern, "level");
  if (level === undefined) return;
  if (level.type !== bsonType.string) throw new StoreError(14, "readConcern.level must be a string");
  const name = readString(level);
  if (["local", "available", "majority"].includes(name)) return;
  if (["linearizable", "snapshot"].includes(name))
    throw new StoreError(
      123,
      `node needs to be a replica set member to use read concern with level '${name}'`,
    );
  throw new StoreError(2, `Enumeration value '${name.slice(0, 64)}' for field 'level' is not a valid value.`);
}

/** One server answers every preference; only its shape can be wrong. */
function checkReadPreference(preference: Value): void {
  requireDocument("$readPreference", preference);
  const mode = getField(preference, "mode");
  const modes = ["primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"];
  if (mode === undefined || mode.type !== bsonType.string || !modes.includes(readString(mode)))
    throw new StoreError(9, `$readPreference needs a mode: one of ${modes.join(", ")}`);
}

function requireDocument(name: string, value: Value): void {
  if (value.type !== bsonType.object)
    throw new StoreError(
      14,
      `BSON field '${name}' is the wrong type '${typeAlias(value.type)}', expected type 'object'`,
    );
}
