// Operations on the store and on the model side by side: the same answers, the same refusals, the same bytes.
import { compare, identical, identicalFields } from "./model/compare.ts";
import { perform, type Operation, type Outcome } from "./model/collection.ts";
import { int, type Doc } from "./model/value.ts";
import { randomOperation } from "./generate/operations.ts";
import { randomDocument } from "./generate/values.ts";
import { describeCase, encodeCase, shrink, type Case } from "./case.ts";
import { Random } from "./random.ts";
import { insertAll, performOnStore, readAll, type FuzzStore } from "./store.ts";
import type { Tally } from "./tally.ts";

const operationsPerRound = 50;

/** One collection, filled and worked on; every write is followed by a look at all documents. */
export async function runModelRound(
  store: FuzzStore,
  seed: number,
  budget: number,
  tally: Tally,
): Promise<number> {
  const random = new Random(seed);
  const collection = `model-${seed}`;
  let documents: readonly Doc[] = Array.from({ length: random.integer(3, 14) }, (_, id) =>
    randomDocument(random, int(id)),
  );
  await insertAll(store, collection, documents);
  const count = Math.min(operationsPerRound, budget);
  for (let done = 0; done < count; done += 1) {
    const operation = randomOperation({ random, documents });
    const expected = perform(operation, documents);
    if (expected === null) {
      done -= 1;
      continue;
    }
    const difference = await step(store, collection, operation, expected);
    tally.count(`model ${nameOf(operation)}`, effectOf(expected.outcome));
    const after = isWrite(operation) ? await readAll(store, collection) : documents;
    if (difference !== null || !sameDocuments(expected.documents, after)) {
      tally.fail(await report(store, seed, { documents, operation }));
      // What follows would only repeat the difference.
      if (documents.some((document) => document.some(([, value]) => value.t === "generatedId"))) return done;
      documents = after;
      continue;
    }
    // Generated ids and times are taken over as they are.
    documents = after;
  }
  await store.db.dropCollection(collection);
  return count;
}

function nameOf(operation: Operation): string {
  if (operation.kind === "update") return operation.multi ? "updateMany" : "updateOne";
  if (operation.kind === "delete") return operation.multi ? "deleteMany" : "deleteOne";
  return operation.kind;
}

function isWrite({ kind }: Operation): boolean {
  return kind === "update" || kind === "findAndModify" || kind === "delete";
}

function effectOf(outcome: Outcome): "refused" | "none" | "matched" | "changed" {
  switch (outcome.kind) {
    case "refused":
      return "refused";
    case "documents":
      return outcome.documents.length > 0 ? "matched" : "none";
    case "values":
      return outcome.values.length > 0 ? "matched" : "none";
    case "document":
      return outcome.document === null ? "none" : "matched";
    case "counted":
      return outcome.modified > 0 || outcome.upserted ? "changed" : outcome.matched > 0 ? "matched" : "none";
  }
}

async function step(
  store: FuzzStore,
  collection: string,
  operation: Operation,
  expected: { outcome: Outcome },
): Promise<string | null> {
  const actual = await performOnStore(store, collection, operation);
  return differenceOf(expected.outcome, actual);
}

function differenceOf(expected: Outcome, actual: Outcome): string | null {
  return sameOutcome(expected, actual) ? null : `expected ${shown(expected)}, got ${shown(actual)}`;
}

function sameOutcome(expected: Outcome, actual: Outcome): boolean {
  switch (expected.kind) {
    case "refused":
      return actual.kind === "refused" && actual.code === expected.code;
    case "documents":
      return actual.kind === "documents" && sameDocuments(expected.documents, actual.documents);
    case "document":
      return (
        actual.kind === "document" &&
        (expected.document === null || actual.document === null
          ? expected.document === actual.document
          : identicalFields(expected.document, actual.document))
      );
    case "values": {
      if (actual.kind !== "values" || actual.values.length !== expected.values.length) return false;
      // MongoDB promises no order, and of equal values any.
      const [a, b] = [expected.values, actual.values].map((values) => [...values].sort(compare));
      return a?.every((value, index) => b?.[index] !== undefined && compare(value, b[index]) === 0) === true;
    }
    case "counted":
      return (
        actual.kind === "counted" &&
        actual.matched === expected.matched &&
        actual.modified === expected.modified &&
        actual.upserted === expected.upserted
      );
  }
}

function sameDocuments(expected: readonly Doc[], actual: readonly Doc[]): boolean {
  return (
    expected.length === actual.length &&
    expected.every((document, index) => {
      const other = actual[index];
      return other !== undefined && identical({ t: "object", v: document }, { t: "object", v: other });
    })
  );
}

function shown(outcome: Outcome): string {
  return JSON.stringify(outcome, (_key, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
      ? String(Object.is(value, -0) ? "-0" : value)
      : value;
  });
}

let caseNumber = 0;

/** The difference of one case on a fresh collection; null where store and model agree or MongoDB leaves it open. */
export async function checkCase(store: FuzzStore, { documents, operation }: Case): Promise<string | null> {
  const expected = perform(operation, documents);
  if (expected === null) return null;
  caseNumber += 1;
  const collection = `case-${caseNumber}`;
  await insertAll(store, collection, documents);
  try {
    const difference = await step(store, collection, operation, expected);
    if (difference !== null) return difference;
    const after = await readAll(store, collection);
    return differenceOf(
      { kind: "documents", documents: [...expected.documents] },
      { kind: "documents", documents: after },
    );
  } finally {
    await store.db.dropCollection(collection);
  }
}

async function report(
  store: FuzzStore,
  seed: number,
  failing: Case,
): Promise<{ title: string; details: string[] }> {
  const fails = async (candidate: Case) => {
    try {
      return (await checkCase(store, candidate)) !== null;
    } catch {
      return false;
    }
  };
  const small = (await fails(failing)) ? await shrink(failing, fails) : failing;
  const difference = await checkCase(store, small);
  return {
    title: `model seed ${seed}`,
    details: [describeCase(small), difference ?? "only in its round", encodeCase(small)],
  };
}
