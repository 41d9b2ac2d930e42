// kill -9 of the embedded store at random moments of load and of its own recovery: nothing acknowledged is lost.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import mongoose from "mongoose";
import { expect, test } from "vitest";
import { newRandom, type Random } from "../factories/random.ts";
import { inspectStore } from "../factories/store-integrity.ts";
import { launchStore, startStoreProcess, type StoreProcess } from "../factories/store-process.ts";
import { EntryWriter, SchemaWriter, type Entry } from "./store-load.ts";

const rounds = Number(process.env["CHAOS_ROUNDS"] ?? 3);
const seed = Number(process.env["CHAOS_SEED"] ?? 20261126);
const writerCount = 8;
/** The longest a round lasts before it is killed; long enough for the log to be moved into the data file meanwhile. */
const maxLoadMs = 3000;

test(
  "[STORE-26] kill -9 at random moments under load and during recovery loses nothing acknowledged and leaves indexes equal to documents",
  { timeout: 120_000 + rounds * 60_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "embedded-mongo-chaos-"));
    const random = newRandom(seed);
    const schema = new SchemaWriter(random);
    const writers = Array.from(
      { length: writerCount },
      (_, writer) => new EntryWriter(writer, newRandom(seed + writer)),
    );
    const figures = { kills: 0, killedStarts: 0, comparisons: 0 };
    try {
      for (let round = 0; round <= rounds; round += 1) {
        const startedAtMs = performance.now();
        const store = await startStoreProcess(dataDir);
        const startMs = performance.now() - startedAtMs;
        figures.comparisons += await compare(store, { dataDir, writers, schema });
        if (round === rounds) {
          await store.stop();
          break;
        }
        await loadUntilKilled(store, { random, writers, schema });
        figures.kills += 1;
        for (; random.chance(0.4); figures.killedStarts += 1) {
          const starting = launchStore(dataDir);
          // The moment is the point of it: anywhere from before the first line of the program to after the ready line.
          await delay(random.next() * startMs * 1.1);
          await starting.kill();
        }
      }
      expect(inspectStore(dataDir).problems).toEqual([]);
      const statements = [...writers, schema].reduce((sum, { ledger }) => sum + ledger.acknowledged, 0);
      expect(statements).toBeGreaterThan(rounds * writerCount);
      console.log(
        `figures: seed ${seed}, ${figures.kills} kills under load, ${figures.killedStarts} during start, ${statements} acknowledged statements, ${figures.comparisons} documents compared`,
      );
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);

interface Participants {
  writers: readonly EntryWriter[];
  schema: SchemaWriter;
}

const connect = (store: StoreProcess) =>
  new mongoose.mongo.MongoClient(store.uri, {
    maxPoolSize: 2,
    retryWrites: false,
    retryReads: false,
    serverSelectionTimeoutMS: 2000,
  }).connect();

async function loadUntilKilled(
  store: StoreProcess,
  { random, writers, schema }: Participants & { random: Random },
): Promise<void> {
  const clients = await Promise.all([...writers, schema].map(() => connect(store)));
  const loops = clients.map(async (client, number) => {
    const database = client.db("chaos");
    const writer = writers[number];
    if (writer === undefined) for (;;) await schema.step(database);
    else for (;;) await writer.step(database.collection<Entry>("entries"));
  });
  const ended = Promise.allSettled(loops);
  await delay(random.next() * maxLoadMs);
  await store.kill();
  for (const result of await ended)
    if (result.status === "rejected") expect(result.reason).toBeInstanceOf(mongoose.mongo.MongoError);
  await Promise.all(clients.map((client) => client.close()));
}

/** Everything acknowledged is there, open statements are whole or absent, the file is sound. Answers how many documents. */
async function compare(
  store: StoreProcess,
  { dataDir, writers, schema }: Participants & { dataDir: string },
): Promise<number> {
  expect(inspectStore(dataDir).problems).toEqual([]);
  const client = await connect(store);
  try {
    const database = client.db("chaos");
    const entries = database.collection<Entry>("entries");
    await entries.createIndex({ writer: 1, n: 1 });
    await entries.createIndex({ slot: 1 }, { unique: true, sparse: true });
    await entries.createIndex({ tags: 1 });
    const stored = await entries
      .find({}, { projection: { text: 0 } })
      .hint({ $natural: 1 })
      .toArray();
    for (const { writer, ledger } of writers) {
      const own = stored.filter((entry) => entry.writer === writer);
      expect(ledger.compare(new Map(own.map(({ _id, n }) => [_id, n])))).toEqual([]);
    }
    expect(schema.ledger.compare(await schema.stored(database))).toEqual([]);
    const slots = stored.flatMap(({ slot }) => (slot === undefined ? [] : [slot]));
    expect(new Set(slots).size).toBe(slots.length);
    const moved = await entries.countDocuments({ tags: "moved" }, { hint: "tags_1" });
    expect(moved).toBe(stored.filter(({ tags }) => tags.includes("moved")).length);
    return stored.length;
  } finally {
    await client.close();
  }
}
