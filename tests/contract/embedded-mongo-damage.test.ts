// Damage to the data of the embedded store, and that the check for it sees what it is there to see.
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { indexRange } from "../../server/embedded-mongo/index/definition.ts";
import { checkStore } from "../../server/embedded-mongo/check.ts";
import { openSnapshot } from "../../server/embedded-mongo/snapshot.ts";
import { Catalog } from "../../server/embedded-mongo/storage/catalog.ts";
import { openSqliteStorage, StorageOpenError } from "../../server/embedded-mongo/storage/sqlite-storage.ts";
import { sealed } from "../../server/embedded-mongo/storage/seal.ts";
import { contentsOf, copyStore, damageStore, storeFiles } from "../factories/damage.ts";
import { newRandom } from "../factories/random.ts";
import { inspectStore } from "../factories/store-integrity.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "embedded-mongo-damage-"));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

interface Thing {
  _id: number;
  n: number;
  tags: string[];
  text: string;
}

const seed = Number(process.env["STORE_DAMAGE_SEED"] ?? 1);
/** More of them than a test run takes: see the README of the store. */
const damages = Number(process.env["STORE_DAMAGES"] ?? 60);
const races = Number(process.env["STORE_RACES"] ?? 3);

async function fill(documents: number): Promise<void> {
  const store = await startEmbeddedMongo({ dataDir });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  const things = client.db("damage").collection<Thing>("things");
  await things.createIndex({ n: 1 }, { unique: true });
  await things.createIndex({ tags: 1, n: -1 });
  await things.insertMany(
    Array.from({ length: documents }, (_, n) => ({
      _id: n,
      n: n * 3,
      tags: [`t${n % 7}`, "all"],
      text: String(n).padEnd(200, "."),
    })),
  );
  await client.close();
  await store.stop();
}

test.each([
  ["a missing entry", "DELETE FROM entries WHERE k = (SELECT max(k) FROM entries)", /lacks the entry/],
  ["an entry too many", "INSERT INTO entries VALUES (x'0000000110', 4294967297)", /that no document gives/],
  [
    "a document without entries",
    "INSERT INTO documents VALUES (4294967999, sealed(4294967999, x'0500000000'))",
    /lacks the entry/,
  ],
  [
    "a document that is no BSON",
    "UPDATE documents SET body = sealed(rid, x'0600000000') WHERE rid = 4294967297",
    /is no BSON/,
  ],
  [
    "a document with another's bytes",
    "UPDATE documents SET body = (SELECT body FROM documents WHERE rid = 4294967298) WHERE rid = 4294967297",
    /does not have its checksum/,
  ],
  [
    "a document of no collection",
    "INSERT INTO documents VALUES (429496729600, sealed(429496729600, x'0500000000'))",
    /no collection/,
  ],
  ["arrays that are not noted", "UPDATE indexes SET multikey = 0", /does not know of arrays/],
])("[STORE-26] the check of indexes against documents sees %s", async (_name, statement, problem) => {
  await fill(20);
  expect(inspectStore(dataDir)).toEqual({ problems: [], collections: 1, documents: 20, entries: 80 });
  const database = new DatabaseSync(join(dataDir, "store.sqlite"));
  database.function("sealed", (id, body) => sealed(Number(id), Buffer.from(body as Uint8Array)));
  database.exec(statement);
  database.close();
  expect(inspectStore(dataDir).problems).toContainEqual(expect.stringMatching(problem));
});

/** A store that was killed with documents in its data file and more, acknowledged, in its log. */
async function fillAndKill(): Promise<void> {
  await fill(300);
  const store = await startEmbeddedMongo({ dataDir });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  const things = client.db("damage").collection<Thing>("things");
  await things.insertMany(
    Array.from({ length: 60 }, (_, n) => ({
      _id: 1000 + n,
      n: 5000 + n,
      tags: ["late"],
      text: "l".repeat(n),
    })),
  );
  await things.updateMany({ _id: { $lt: 50 } }, { $set: { text: "changed" } });
  await things.deleteMany({ _id: { $gte: 100, $lt: 110 } });
  await client.db("other").collection<Thing>("few").insertOne({ _id: 1, n: 1, tags: [], text: "" });
  process.kill(store.pid, "SIGKILL");
  await store.exited;
  await client.close();
}

test("[STORE-140] a store damaged anywhere starts with exactly what was acknowledged, or refuses and is left as it is", async () => {
  await fillAndKill();
  const work = join(dataDir, "work");
  const renewed = async () => {
    await rm(work, { recursive: true, force: true });
    await mkdir(work);
    copyStore(dataDir, work);
  };
  await renewed();
  const acknowledged = contentsOf(work);
  expect(acknowledged.documents).toBe(351);
  const random = newRandom(seed);
  const outcomes = { served: 0, refused: 0 };
  for (let round = 0; round < damages; round += 1) {
    await renewed();
    const what = `${damageStore(work, random)} (seed ${seed}, round ${round})`;
    const before = storeFiles.map((name) => readFileSync(join(work, name)));
    let found: { documents: number; hash: string } | StorageOpenError;
    try {
      found = contentsOf(work);
    } catch (error) {
      if (!(error instanceof StorageOpenError)) throw new Error(what, { cause: error });
      found = error;
    }
    if (found instanceof StorageOpenError) {
      outcomes.refused += 1;
      expect(found.message, what).toMatch(/^(The|There) [^\n]+\.$/);
      storeFiles.forEach((name, number) => {
        expect(
          readFileSync(join(work, name)).equals(before[number] ?? Buffer.alloc(0)),
          `${name}: ${what}`,
        ).toBe(true);
      });
    } else {
      outcomes.served += 1;
      expect(found, what).toEqual(acknowledged);
    }
  }
  expect(outcomes.refused).toBeGreaterThan(damages / 3);
});

test.each(["store.sqlite", "store.sqlite-wal"])(
  "[STORE-140] a store whose %s is gone or empty is not begun anew",
  async (name) => {
    await fillAndKill();
    await rm(join(dataDir, name));
    expect(() => contentsOf(dataDir)).toThrow(/missing/);
    await writeFile(join(dataDir, name), "");
    expect(() => contentsOf(dataDir)).toThrow(/missing/);
  },
);

test("[STORE-141] damage met while it runs is error 246 of that command, which changes nothing; the rest is served; the next start refuses", async () => {
  await fill(300);
  const store = await startEmbeddedMongo({ dataDir });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  const things = client.db("damage").collection<Thing>("things");
  const file = join(dataDir, "store.sqlite");
  const at = readFileSync(file).indexOf("150.......") + 20;
  const handle = await open(file, "r+");
  await handle.write(Buffer.from("!"), 0, 1, at);
  await handle.close();
  const damaged = {
    code: 246,
    codeName: "DataCorruptionDetected",
    message: expect.stringMatching(
      /^[^!]*damaged[^!]*nothing was changed[^!]*restore a backup[^!]*$/,
    ) as string,
  };
  await expect(things.findOne({ _id: 150 })).rejects.toMatchObject(damaged);
  await expect(things.find({ tags: "all" }).toArray()).rejects.toMatchObject(damaged);
  await expect(things.updateMany({}, { $set: { text: "new" } })).rejects.toMatchObject(damaged);
  await expect(things.deleteOne({ _id: 150 })).rejects.toMatchObject(damaged);
  for (let n = 0; n < 300; n += 1)
    if (n !== 150) expect((await things.findOne({ _id: n }))?.text).toBe(String(n).padEnd(200, "."));
  await things.insertOne({ _id: 1000, n: -1, tags: [], text: "" });
  expect(() => checkStore(dataDir, () => undefined)).toThrow(/is damaged/);
  await client.close();
  await store.stop();
  const before = readFileSync(file);
  await expect(startEmbeddedMongo({ dataDir })).rejects.toThrow(
    /is damaged\. It was left as it is: [^\n]+\.$/,
  );
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("[STORE-141] an entry without its document is damage, not nothing", async () => {
  await fill(20);
  const storage = openSqliteStorage(dataDir);
  const database = new DatabaseSync(join(dataDir, "store.sqlite"));
  database.exec("DELETE FROM documents WHERE rid = (SELECT max(rid) FROM documents)");
  database.close();
  const [index] = new Catalog(storage).allCollections().flatMap(({ indexes }) => indexes);
  if (index === undefined) throw new Error("no index");
  const page = { range: indexRange(index), after: null, reverse: false, maxRows: 100, maxBytes: 2 ** 20 };
  expect(() => storage.reader.entriesPage(page)).toThrow(expect.objectContaining({ code: 246 }));
  storage.close();
});

test.each([
  {
    format: 1,
    older: `
      UPDATE documents SET body = substr(body, 1, length(body) - 4);
      ALTER TABLE collections DROP COLUMN checksum;
      ALTER TABLE indexes DROP COLUMN checksum;
    `,
  },
  { format: 2, older: "" },
])("[STORE-142] a file of format $format is brought to format 3 with everything it holds", async (given) => {
  await fill(2500);
  const present = contentsOf(dataDir);
  const database = new DatabaseSync(join(dataDir, "store.sqlite"));
  // Formats 1 and 2 know no runs: what lies in them goes to its place first.
  database.exec(`
    INSERT INTO entries SELECT k, rid FROM recent_entries;
    DROP TABLE recent_entries;
    ${given.older}
    PRAGMA user_version = ${given.format};
  `);
  database.close();
  expect(() => openSnapshot(dataDir)).toThrow(/written by an earlier version .* start the server on it once/);
  expect(checkStore(dataDir, () => undefined).documents).toBe(2500);
  expect(contentsOf(dataDir)).toEqual(present);
  expect(contentsOf(dataDir)).toEqual(present);
  expect(inspectStore(dataDir)).toMatchObject({ problems: [], documents: 2500 });
});

test("[STORE-21] of two servers that start on one directory at the same moment exactly one serves", async () => {
  for (let round = 0; round < races; round += 1) {
    const directory = join(dataDir, `race${round}`);
    const results = await Promise.allSettled([
      startEmbeddedMongo({ dataDir: directory }),
      startEmbeddedMongo({ dataDir: directory }),
    ]);
    const [loser, ...others] = results.flatMap((result) =>
      result.status === "rejected" ? [String((result.reason as Error).message)] : [],
    );
    for (const result of results) if (result.status === "fulfilled") await result.value.stop();
    expect(others, `round ${round}`).toEqual([]);
    expect(loser, `round ${round}`).toMatch(
      /^The directory [^\n]+ is in use by another store server[^\n]*\.$/,
    );
  }
});
