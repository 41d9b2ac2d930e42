// A failing case by itself: documents and one operation, as text that can be pinned, shrunk by trying smaller ones.
import { deserialize, EJSON } from "bson";
import type { Operation } from "./model/collection.ts";
import {
  bool,
  decodeDocument,
  encodeDocument,
  getField,
  int,
  list,
  obj,
  type Doc,
  type Field,
  type Val,
} from "./model/value.ts";

export interface Case {
  documents: readonly Doc[];
  operation: Operation;
}

/** Base64 of one BSON document with both. */
export function encodeCase({ documents, operation }: Case): string {
  return encodeDocument(caseDocument(documents, operation)).toString("base64");
}

export function describeCase({ documents, operation }: Case): string {
  const plain = deserialize(encodeDocument(caseDocument(documents, operation)), {
    promoteValues: false,
    bsonRegExp: true,
  });
  return EJSON.stringify(plain, { relaxed: true });
}

export function decodeCase(encoded: string): Case {
  const fields = decodeDocument(Buffer.from(encoded, "base64"));
  const documents = getField(fields, "documents");
  const operation = getField(fields, "operation");
  if (documents?.t !== "array" || operation?.t !== "object") throw new Error("no case");
  return {
    documents: documents.v.map((document) => (document.t === "object" ? document.v : [])),
    operation: operationOf(operation.v),
  };
}

function caseDocument(documents: readonly Doc[], operation: Operation): Doc {
  const fields = Object.entries(operation).map(([name, value]): Field => [name, fieldValue(name, value)]);
  return [
    ["documents", list(documents.map((document) => obj(document)))],
    ["operation", obj(fields)],
  ];
}

function fieldValue(name: string, value: unknown): Val {
  if (name === "sort")
    return obj(
      (value as { path: string; descending: boolean }[]).map(({ path, descending }) => [
        path,
        int(descending ? -1 : 1),
      ]),
    );
  if (name === "arrayFilters") return list((value as Doc[]).map((filter) => obj(filter)));
  if (typeof value === "string") return { t: "string", v: value };
  if (typeof value === "boolean") return bool(value);
  if (typeof value === "number") return int(value);
  return obj(value as Doc);
}

function operationOf(fields: Doc): Operation {
  const plain = fields.map(([name, value]): [string, unknown] => {
    if (name === "sort" && value.t === "object")
      return [name, value.v.map(([path, order]) => ({ path, descending: order.t === "int" && order.v < 0 }))];
    if (name === "arrayFilters" && value.t === "array")
      return [name, value.v.map((filter) => (filter.t === "object" ? filter.v : []))];
    return [name, "v" in value ? value.v : null];
  });
  return Object.fromEntries(plain) as unknown as Operation;
}

/** The smallest case found for which `fails` still answers true; asks at most `maxTries` times. */
export async function shrink(
  start: Case,
  fails: (candidate: Case) => Promise<boolean>,
  maxTries = 400,
): Promise<Case> {
  let best = start;
  let tries = 0;
  for (let smaller = true; smaller && tries < maxTries;) {
    smaller = false;
    for (const candidate of smallerCases(best)) {
      tries += 1;
      if (tries >= maxTries) break;
      if (!(await fails(candidate))) continue;
      best = candidate;
      smaller = true;
      break;
    }
  }
  return best;
}

function* smallerCases({ documents, operation }: Case): Generator<Case> {
  for (const half of [documents.slice(0, documents.length >> 1), documents.slice(documents.length >> 1)])
    if (documents.length > 3) yield { documents: half, operation };
  for (const index of documents.keys())
    yield { documents: documents.filter((_, other) => other !== index), operation };
  for (const name of ["sort", "skip", "limit", "projection"] as const)
    if (name in operation) {
      const { [name]: _dropped, ...rest } = operation as Record<string, unknown>;
      yield { documents, operation: rest as unknown as Operation };
    }
  for (const name of ["filter", "update", "projection"] as const) {
    const value = (operation as Partial<Record<typeof name, Doc>>)[name];
    if (value === undefined) continue;
    for (const smaller of smallerValues(obj(value), 0))
      if (smaller.t === "object" && (name !== "update" || smaller.v.length > 0))
        yield { documents, operation: { ...operation, [name]: smaller.v } as Operation };
  }
  for (const [index, document] of documents.entries())
    for (const smaller of smallerValues(obj(document.slice(1)), 0))
      if (smaller.t === "object")
        yield {
          documents: documents.map((own, other) =>
            other === index ? [...own.slice(0, 1), ...smaller.v] : own,
          ),
          operation,
        };
}

function* smallerValues(value: Val, depth: number): Generator<Val> {
  if (value.t === "object") {
    for (const index of value.v.keys()) yield obj(value.v.filter((_, other) => other !== index));
    for (const [index, [name, child]] of value.v.entries())
      for (const smaller of smallerValues(child, depth + 1))
        yield obj(value.v.map((field, other): Field => (other === index ? [name, smaller] : field)));
  } else if (value.t === "array") {
    for (const index of value.v.keys()) yield list(value.v.filter((_, other) => other !== index));
    for (const [index, child] of value.v.entries())
      for (const smaller of smallerValues(child, depth + 1))
        yield list(value.v.map((item, other) => (other === index ? smaller : item)));
  } else if (depth > 1 && value.t !== "int" && value.t !== "string" && value.t !== "boolean") yield int(1);
}
