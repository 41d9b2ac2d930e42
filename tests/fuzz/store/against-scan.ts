// Chosen plans against forced scans: the same documents, counts and values, the same effect of updates and deletes.
import { compareKeys, sortKeyOf, type KeyPath } from "./model/keys.ts";
import { Refused } from "./model/refused.ts";
import { encodeDocument, int, type Doc } from "./model/value.ts";
import { randomFilter, type FilterScope } from "./generate/filters.ts";
import { randomIndexes, type GeneratedIndex } from "./generate/indexes.ts";
import { randomSort } from "./generate/operations.ts";
import { randomUpdate } from "./generate/updates.ts";
import { randomDocument, topNames, innerNames } from "./generate/values.ts";
import { describeCase, encodeCase, shrink, type Case } from "./case.ts";
import { Random } from "./random.ts";
import { command, firstBatch, rawBatch, readAll, toDriver, type FuzzStore } from "./store.ts";
import type { Tally } from "./tally.ts";

const operationsPerRound = 50;
const natural = { $natural: 1 };
const indexedPaths = [
  ...topNames,
  ...topNames.flatMap((name) => innerNames.map((inner) => `${name}.${inner}`)),
  "a.0",
];

interface Round {
  store: FuzzStore;
  seed: number;
  random: Random;
  tally: Tally;
  collection: string;
  /** Holds the same documents without an index. */
  twin: string;
  indexes: GeneratedIndex[];
  nextId: number;
}

interface Find {
  filter: Doc;
  sort: KeyPath[] | undefined;
  limit: number | undefined;
}

/** The collection stays, so that its index entries can be looked at when all rounds are over. */
export async function runPlanRound(
  store: FuzzStore,
  seed: number,
  budget: number,
  tally: Tally,
): Promise<number> {
  const random = new Random(seed);
  const collection = `plan-${seed}`;
  const round: Round = {
    store,
    seed,
    random,
    tally,
    collection,
    twin: `${collection}-twin`,
    indexes: randomIndexes(random),
    nextId: 0,
  };
  await createIndexes(store, collection, round.indexes);
  await fill(round);
  const count = Math.min(operationsPerRound, budget);
  let documents: Doc[] = [];
  for (let done = 0; done < count; done += 1) {
    // Conditions need not know of the last few writes.
    if (done % 5 === 0) documents = await readAll(store, collection);
    if (documents.length < 10) await fill(round);
    const scope: FilterScope = { random, documents, ...pathsFor(round) };
    await random.weighted([
      [10, () => find(round, scope)],
      [2, () => countAndDistinct(round, scope)],
      [4, () => update(round, scope)],
      [1, () => remove(round, scope)],
    ]);
  }
  return count;
}

/** Mostly paths that an index of the round begins with, so that there is a plan to choose. */
function pathsFor({ random, indexes }: Round): { paths?: readonly string[] } {
  if (random.chance(0.7)) return { paths: indexes.flatMap(({ key }) => [...key.keys()].slice(0, 1)) };
  return random.chance(0.7) ? { paths: indexedPaths } : {};
}

/** Indexes that the server refuses are left out, on documents it refuses too. */
async function createIndexes(
  store: FuzzStore,
  collection: string,
  indexes: readonly GeneratedIndex[],
): Promise<void> {
  for (const index of indexes) await command(store, { createIndexes: collection, indexes: [index] });
}

async function fill(round: Round): Promise<void> {
  const { random, store, collection } = round;
  const documents = random.times(15, 40, () => randomDocument(random, int((round.nextId += 1))));
  await command(store, { insert: collection, documents: documents.map(toDriver), ordered: false });
  await copyToTwin(round);
}

async function copyToTwin({ store, collection, twin }: Round): Promise<void> {
  const documents = await readAll(store, collection);
  await command(store, { drop: twin });
  await command(store, { insert: twin, documents: documents.map(toDriver) });
}

function findCommand(collection: string, { filter, sort, limit }: Find): Record<string, unknown> {
  return {
    find: collection,
    filter: toDriver(filter),
    batchSize: 10_000,
    ...(sort === undefined
      ? {}
      : { sort: new Map(sort.map(({ path, descending }) => [path, descending ? -1 : 1])) }),
    ...(limit === undefined ? {} : { limit }),
  };
}

async function find(round: Round, scope: FilterScope): Promise<void> {
  const { random, store, collection, tally } = round;
  const filter = random.chance(0.1) ? [] : randomFilter(scope);
  const sort = random.chance(0.6) ? randomSort(random) : undefined;
  const limit = sort !== undefined && random.chance(0.4) ? random.integer(1, 6) : undefined;
  // Among equal documents a limit may choose any: the _id decides.
  const total = limit !== undefined && sort !== undefined && !sort.some(({ path }) => path === "_id");
  const asked: Find = { filter, sort: total ? [...sort, { path: "_id", descending: false }] : sort, limit };
  const result = await compareFinds(store, collection, asked);
  tally.count("plan find", result.refused ? "refused" : result.found > 0 ? "matched" : "none");
  if (random.chance(0.25)) tally.notePlan(await usesIndex(store, collection, asked));
  if (result.difference !== null) await report(round, asked, result.difference);
}

interface Comparison {
  difference: string | null;
  found: number;
  refused: boolean;
}

async function compareFinds(store: FuzzStore, collection: string, asked: Find): Promise<Comparison> {
  const chosen = await command(store, findCommand(collection, asked));
  const forced = await command(store, { ...findCommand(collection, asked), hint: natural });
  if ("refused" in chosen || "refused" in forced) {
    const same = chosen["refused"] === forced["refused"];
    return {
      difference: same
        ? null
        : `refused with ${String(chosen["refused"])}, forced with ${String(forced["refused"])}`,
      found: 0,
      refused: true,
    };
  }
  const [own, other] = [rawBatch(chosen), rawBatch(forced)].map((batch) =>
    batch.map((raw) => raw.toString("latin1")),
  );
  const [a, b] = [own ?? [], other ?? []];
  const isTotal = asked.sort?.some(({ path }) => path === "_id") === true;
  const same = isTotal ? sameList(a, b) : sameList([...a].sort(), [...b].sort());
  const found = b.length;
  if (!same)
    return { difference: `${a.length} documents by the plan, ${found} by the scan`, found, refused: false };
  const disorder = asked.sort === undefined ? null : disorderOf(asked.sort, firstBatch(chosen));
  return { difference: disorder, found, refused: false };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function disorderOf(sort: readonly KeyPath[], documents: readonly Doc[]): string | null {
  try {
    const keys = documents.map((document) => sortKeyOf(sort, document));
    for (const [index, key] of keys.entries()) {
      const next = keys[index + 1];
      if (next !== undefined && compareKeys(sort, key, next) > 0)
        return `document ${index} stands before a smaller one`;
    }
    return null;
  } catch (error) {
    if (error instanceof Refused) return "sorted although two arrays stand side by side";
    throw error;
  }
}

async function usesIndex(store: FuzzStore, collection: string, asked: Find): Promise<boolean> {
  const reply = await command(store, { explain: findCommand(collection, asked), verbosity: "queryPlanner" });
  const plan = reply["queryPlanner"];
  return Buffer.isBuffer(plan) && /IXSCAN|IDHACK/.test(plan.toString("latin1"));
}

async function countAndDistinct(round: Round, scope: FilterScope): Promise<void> {
  const { random, store, collection, twin, tally } = round;
  const query = toDriver(randomFilter(scope));
  const chosen = await command(store, { count: collection, query });
  const forced = await command(store, { count: collection, query, hint: natural });
  const met = Number(forced["n"]) > 0 ? "matched" : "none";
  tally.count("plan count", "refused" in forced ? "refused" : met);
  if (chosen["n"] !== forced["n"] || chosen["refused"] !== forced["refused"])
    tally.fail({
      title: `plan seed ${round.seed}`,
      details: ["count", JSON.stringify([...query]), String(chosen["n"]), String(forced["n"])],
    });
  const key = random.pick(indexedPaths);
  const [own, other] = await Promise.all(
    [collection, twin].map(async (name) => {
      const reply = await command(store, { distinct: name, key, query });
      return Array.isArray(reply["values"]) ? reply["values"].length : -1;
    }),
  );
  tally.count("plan distinct", (other ?? 0) > 0 ? "matched" : "none");
  if (own !== other)
    tally.fail({
      title: `plan seed ${round.seed}`,
      details: ["distinct", key, JSON.stringify([...query]), String(own), String(other)],
    });
}

async function update(round: Round, scope: FilterScope): Promise<void> {
  const { store, collection, twin, tally } = round;
  const { update: change, arrayFilters } = randomUpdate(scope);
  const filter = randomFilter(scope);
  const statement = {
    q: toDriver(filter),
    u: toDriver(change),
    multi: true,
    ...(arrayFilters === undefined ? {} : { arrayFilters: arrayFilters.map(toDriver) }),
  };
  const chosen = await command(store, { update: collection, updates: [statement] });
  if ("refused" in chosen) {
    // How far it came before the refusal depends on the order.
    tally.count("plan updateMany", "refused");
    await copyToTwin(round);
    return;
  }
  const forced = await command(store, { update: twin, updates: [{ ...statement, hint: natural }] });
  tally.count(
    "plan updateMany",
    Number(chosen["nModified"]) > 0 ? "changed" : Number(chosen["n"]) > 0 ? "matched" : "none",
  );
  const same = chosen["n"] === forced["n"] && chosen["nModified"] === forced["nModified"];
  const touchesTime = change.some(([name]) => name === "$currentDate");
  if (!same || (!touchesTime && !(await sameAsTwin(round))))
    tally.fail({
      title: `plan seed ${round.seed}`,
      details: [
        "updateMany",
        describeCase({
          documents: [],
          operation: { kind: "update", filter, update: change, multi: true, upsert: false },
        }),
      ],
    });
  if (!same || touchesTime) await copyToTwin(round);
}

async function remove(round: Round, scope: FilterScope): Promise<void> {
  const { store, collection, twin, tally } = round;
  const q = toDriver(randomFilter(scope));
  const chosen = await command(store, { delete: collection, deletes: [{ q, limit: 0 }] });
  const forced = await command(store, { delete: twin, deletes: [{ q, limit: 0, hint: natural }] });
  tally.count(
    "plan deleteMany",
    "refused" in chosen ? "refused" : Number(chosen["n"]) > 0 ? "matched" : "none",
  );
  if (chosen["n"] !== forced["n"] || chosen["refused"] !== forced["refused"] || !(await sameAsTwin(round))) {
    tally.fail({ title: `plan seed ${round.seed}`, details: ["deleteMany", JSON.stringify([...q])] });
    await copyToTwin(round);
  }
}

async function sameAsTwin({ store, collection, twin }: Round): Promise<boolean> {
  const [own, other] = await Promise.all(
    [collection, twin].map(async (name) =>
      (await readAll(store, name)).map((document) => encodeDocument(document).toString("latin1")).sort(),
    ),
  );
  return sameList(own ?? [], other ?? []);
}

let caseNumber = 0;

/** Whether plan and scan still differ on a fresh collection with these documents and indexes. */
export async function checkPlan(
  store: FuzzStore,
  indexes: readonly GeneratedIndex[],
  { documents, operation }: Case,
): Promise<string | null> {
  if (operation.kind !== "find") return null;
  caseNumber += 1;
  const collection = `plan-case-${caseNumber}`;
  await createIndexes(store, collection, indexes);
  await command(store, { insert: collection, documents: documents.map(toDriver), ordered: false });
  const { filter, sort, limit } = operation;
  const { difference } = await compareFinds(store, collection, { filter, sort, limit });
  await command(store, { drop: collection });
  return difference;
}

async function report(round: Round, { filter, sort, limit }: Find, difference: string): Promise<void> {
  const { store, collection, indexes, seed, tally } = round;
  const failing: Case = {
    documents: await readAll(store, collection),
    operation: {
      kind: "find",
      filter,
      ...(sort === undefined ? {} : { sort }),
      ...(limit === undefined ? {} : { limit }),
    },
  };
  const fails = async (candidate: Case) => (await checkPlan(store, indexes, candidate)) !== null;
  const small = (await fails(failing)) ? await shrink(failing, fails) : failing;
  tally.fail({
    title: `plan seed ${seed}`,
    details: [
      describeCase(small),
      (await checkPlan(store, indexes, small)) ?? difference,
      encodeCase(small),
      JSON.stringify(indexes.map(({ key, ...rest }) => ({ key: Object.fromEntries(key), ...rest }))),
    ],
  });
}
