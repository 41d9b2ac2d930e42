// What any command may carry, as a table: the command, its fields, and the code they are refused with.
import { Long, UUID, serialize } from "bson";
import { expect, test } from "vitest";
import { fieldsOf } from "../bson/document.ts";
import { documentValue } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { checkGeneralFields } from "./general-fields.ts";

const id = new UUID();
const refused: [string, object, number | undefined][] = [
  ["ping", { lsid: { id } }, undefined],
  ["ping", { lsid: 1 }, 14],
  ["ping", { lsid: { id: 1 } }, 14],
  ["ping", { lsid: {} }, 40414],
  ["ping", { lsid: { id, frobnicate: 1 } }, 40415],
  ["insert", { lsid: { id }, txnNumber: Long.ONE }, 20],
  ["insert", { txnNumber: Long.ONE }, 72],
  ["insert", { lsid: { id }, autocommit: false, startTransaction: true }, 20],
  ["insert", { writeConcern: { w: 0 } }, undefined],
  ["insert", { writeConcern: { w: "majority", j: true, wtimeout: 1000 } }, undefined],
  ["insert", { writeConcern: { w: 2 } }, 2],
  ["insert", { writeConcern: { w: "elsewhere" } }, 2],
  ["insert", { writeConcern: { w: 51 } }, 9],
  ["insert", { writeConcern: { w: -1 } }, 9],
  ["insert", { writeConcern: { w: null } }, 9],
  ["insert", { writeConcern: { frobnicate: 1 } }, 9],
  ["insert", { writeConcern: 1 }, 14],
  ["find", { writeConcern: { w: 1 } }, 72],
  ["find", { readConcern: {} }, undefined],
  ["find", { readConcern: { level: "majority" } }, undefined],
  ["find", { readConcern: { level: "snapshot" } }, 123],
  ["find", { readConcern: { level: "linearizable" } }, 123],
  ["find", { readConcern: { level: "frobnicate" } }, 2],
  ["find", { readConcern: { level: 1 } }, 14],
  ["find", { readConcern: { frobnicate: 1 } }, 72],
  ["find", { readConcern: "local" }, 14],
  ["find", { $readPreference: { mode: "secondaryPreferred", tags: [{}] } }, undefined],
  ["find", { $readPreference: { mode: "frobnicate" } }, 9],
  ["find", { $readPreference: {} }, 9],
  ["find", { $readPreference: 1 }, 14],
];

test.each(refused)("[STORE-117] %s with %j is refused with %s", (command, given, code) => {
  const fields = new Map(
    fieldsOf(documentValue(Buffer.from(serialize(given)))).map(({ name, value }) => [name, value] as const),
  );
  let answered: number | undefined;
  try {
    checkGeneralFields(command, fields);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    answered = error.code;
  }
  expect(answered).toBe(code);
});
