// Every query of the application is served by an index, and no query escapes this test.
import { readFile, glob } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchQuerySites, type QuerySites } from "../factories/query-sites.ts";
import { planOf, recordQueries, type RecordedQuery } from "../factories/recorded-queries.ts";
import { classOf, fieldsOf, inventory } from "../../server/platform/privacy/inventory.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { watchWrites, watchSchemas, type StoredFields } from "../factories/stored-fields.ts";

const root = join(import.meta.dirname, "..", "..");

/** A change of keys asks for the size of what it is about to read as a whole. */
const wholeCollections = /^users\.count \{"filter":"\?","query":"\?",/;

/** Appended to only: nothing is searched in them yet. */
const neverSearched: string[] = ["aiCalls"];

let store: TestStore;
let queries: RecordedQuery[];
let sites: Awaited<ReturnType<QuerySites["stop"]>>;
let declared: StoredFields;
let written: StoredFields;

beforeAll(async () => {
  store = await openTestStore({ monitorCommands: true });
  const watched = await watchQuerySites();
  const schemas = watchSchemas();
  // Only now: the coverage of a file begins with its import.
  const { makeEveryQuery, openWorld } = await import("../factories/every-query.ts");
  const world = await openWorld(store);
  const recording = recordQueries(store.connection);
  const writes = watchWrites(store.connection);
  await makeEveryQuery(store, world);
  queries = recording.stop();
  sites = await watched.stop();
  declared = schemas.stop();
  written = writes.stop();
});
afterAll(() => store.close());

test("[QUERIES-1] the test makes every query that any repository can make", async () => {
  const files: string[] = [];
  const collections = new Set<string>();
  for await (const path of glob("server/**/*.mongo.ts", { cwd: root })) {
    const text = await readFile(join(root, path), "utf8");
    for (const [, name] of text.matchAll(/collection(?:: |<\w+>\()"(\w+)"/g)) collections.add(name ?? "");
    if (/\.(find|update|delete|exists|count|bulkWrite)\w*\(/.test(text)) files.push(basename(path));
  }
  expect(sites.unreached).toEqual([]);
  expect(sites.files).toEqual(files.sort());
  const searched = new Set(queries.map(({ collection }) => collection));
  expect([...collections].filter((name) => !searched.has(name))).toEqual(neverSearched);
});

test("[JOBS-15] [MAIL-41] [MEETINGS-79] [QUERIES-1] no query scans a collection or sorts by itself", async () => {
  const unserved: string[] = [];
  for (const query of queries.filter(({ shape }) => !wholeCollections.test(shape))) {
    const plan = await planOf(store.connection, query);
    const served = /IXSCAN|IDHACK|COUNT_SCAN|DISTINCT_SCAN|EXPRESS/.test(plan);
    if (!served || /COLLSCAN|"stage":"SORT"/.test(plan)) unserved.push(`${query.shape}: ${plan}`);
    if (query.shape.startsWith("jobs.findAndModify")) expect(plan).toContain("dueAt_1__id_1");
  }
  expect(unserved).toEqual([]);
});

test("[CRYPT-1] every field that is stored has its class in the inventory, and the inventory no other", () => {
  const unclassified: string[] = [];
  for (const [name, paths] of [...declared, ...written]) {
    const collection = inventory.find((each) => each.name === name);
    for (const path of paths) {
      if (collection === undefined || classOf(collection, path) === null)
        unclassified.push(`${name}.${path}`);
    }
  }
  expect(unclassified).toEqual([]);
  const gone = inventory.flatMap((collection) => {
    const known = [...(declared.get(collection.name) ?? written.get(collection.name) ?? [])];
    return fieldsOf(collection)
      .filter(({ path }) => !known.some((each) => each === path || each.startsWith(`${path}.`)))
      .map(({ path }) => `${collection.name}.${path}`);
  });
  expect(gone).toEqual([]);
});
