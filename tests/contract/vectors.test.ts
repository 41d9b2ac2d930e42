// What every vector index keeps to, in this process and through Pinecone's own client against a local server with its paths.
import mongoose from "mongoose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock, type Clock } from "../../server/platform/clock.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createOutboundMetrics } from "../../server/platform/outbound/index.ts";
import type {
  KeptVector,
  StoredVector,
  VectorIndex,
  VectorStore,
} from "../../server/vendors/vectors/index.ts";
import { createPassagesRepository } from "../../server/modules/passages/index.ts";
import { createMongoVectors } from "../../server/vendors/vectors/mongodb.ts";
import { createMemoryVectors } from "../../server/vendors/vectors/memory.ts";
import { createPineconeVectors } from "../../server/vendors/vectors/pinecone.ts";
import type { AppError } from "../../shared/errors.ts";
import { clockWithout } from "../factories/ai.ts";
import { startPineconeEmulator, type PineconeEmulator } from "../factories/pinecone-emulator.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { startVectorSearchServer, type VectorSearchServer } from "../factories/vector-search-server.ts";

const dimensions = 4;
const vector = (...values: number[]) => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const one = (id: string, values: Float32Array, metadata: StoredVector["metadata"] = {}): StoredVector => ({
  id,
  vector: values,
  metadata,
});
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing",
    (error: AppError) => (error.details as { reason?: string } | undefined)?.reason ?? error.code,
  );

function storeInMemory(): VectorStore {
  const kept = new Map<string, Map<string, KeptVector>>();
  let change = 0;
  const write = (namespace: string, all: Omit<KeptVector, "change">[]) => {
    const space = kept.get(namespace) ?? new Map<string, KeptVector>();
    kept.set(namespace, space);
    for (const each of all) space.set(each.id, { ...each, change: (change += 1) });
  };
  return {
    async *changedSince(namespace, since) {
      const found = [...(kept.get(namespace)?.values() ?? [])].filter((each) => each.change > since);
      yield found.sort((a, b) => a.change - b.change);
    },
    put: async (namespace, vectors) =>
      write(
        namespace,
        vectors.map((each) => ({ ...each, deleted: false })),
      ),
    remove: async (namespace, ids) =>
      write(
        namespace,
        ids.map((id) => ({ id, vector: new Float32Array(0), metadata: {}, deleted: true })),
      ),
    count: async () =>
      [...kept.values()].flatMap((space) => [...space.values()]).filter(({ deleted }) => !deleted).length,
  };
}

let emulator: PineconeEmulator;
beforeEach(async () => {
  emulator = await startPineconeEmulator({ dimension: dimensions });
});
afterEach(() => emulator.close());

const openPinecone = (options: { timeoutMs?: number; clock?: Clock; byName?: true } = {}) =>
  createPineconeVectors({
    apiKey: "key-of-the-test",
    index: "talk",
    host: options.byName === true ? null : emulator.url,
    controllerUrl: emulator.url,
    dimensions,
    timeoutMs: options.timeoutMs ?? 20_000,
    atOnce: 2,
    clock: options.clock ?? systemClock,
    outboundMetrics: createOutboundMetrics(createMetrics({ processMetrics: false })),
    firstWaitMs: 1,
  });

let store: TestStore;
let mongo: VectorSearchServer;
let connection: mongoose.Connection;
let repository: Awaited<ReturnType<typeof createPassagesRepository>>;
beforeAll(async () => {
  store = await openTestStore();
  mongo = await startVectorSearchServer(store.uri);
  connection = await mongoose
    .createConnection(mongo.uri, { autoIndex: false, autoCreate: false })
    .asPromise();
  repository = await createPassagesRepository(connection, {
    clock: systemClock,
    configuration: { model: "m", version: "v" },
  });
});
afterAll(async () => {
  await connection?.close();
  await mongo?.close();
  await store?.close();
});
beforeEach(async () => {
  await connection.collection("embeddings").deleteMany({});
  mongo.received.length = 0;
  mongo.building = false;
  mongo.settle();
});

/** What is kept says what it is of; the product writes passages alone. */
function openMongo(): VectorIndex {
  const index = createMongoVectors({ search: repository.search, store: repository, dimensions });
  return {
    ...index,
    upsert: (namespace, vectors) =>
      index.upsert(
        namespace,
        vectors.map((each) => ({
          ...each,
          metadata: { ...each.metadata, sourceType: "transcriptSegment" },
        })),
      ),
    query: async (...question) =>
      (await index.query(...question)).map(({ metadata: { sourceType: _, ...metadata }, ...match }) => ({
        ...match,
        metadata,
      })),
  };
}

describe.each<[string, () => VectorIndex]>([
  ["in this process", () => createMemoryVectors({ store: storeInMemory(), dimensions })],
  ["in Pinecone", () => openPinecone().vectors],
  ["in MongoDB's vector search", openMongo],
])("%s", (_name, open) => {
  let index: VectorIndex;
  beforeEach(async () => {
    index = open();
    await index.upsert("tenant-a", [
      one("east", vector(1, 0, 0, 0), { meetingId: "m1", startMs: 0 }),
      one("north-east", vector(1, 1, 0, 0), { meetingId: "m1", startMs: 5_000 }),
      one("north", vector(0, 1, 0, 0), { meetingId: "m2", startMs: 9_000 }),
    ]);
    await index.upsert("tenant-b", [one("other", vector(1, 0, 0, 0), { meetingId: "m3", startMs: 0 })]);
  });
  const ids = async (...question: Parameters<VectorIndex["query"]>) =>
    (await index.query(...question)).map(({ id }) => id);

  test("[VECTORS-2] the nearest come first, with their score and metadata, and no more than asked for", async () => {
    const found = await index.query("tenant-a", { vector: vector(1, 0.2, 0, 0), limit: 2 });
    expect(found.map(({ id }) => id)).toEqual(["east", "north-east"]);
    expect(found[0]?.score).toBeCloseTo(1 / Math.hypot(1, 0.2), 4);
    expect(found[0]?.metadata).toEqual({ meetingId: "m1", startMs: 0 });
  });

  test("[VECTORS-1] a tenant's search finds nothing of another one", async () => {
    expect(await ids("tenant-b", { vector: vector(0, 1, 0, 0), limit: 10 })).toEqual(["other"]);
    expect(await ids("tenant-c", { vector: vector(0, 1, 0, 0), limit: 10 })).toEqual([]);
    await index.deleteIds("tenant-b", ["east"]);
    expect(await ids("tenant-a", { vector: vector(1, 0, 0, 0), limit: 1 })).toEqual(["east"]);
  });

  test("[VECTORS-2] filters choose by metadata", async () => {
    const all = { vector: vector(1, 0, 0, 0), limit: 10 };
    const where = (filter: NonNullable<Parameters<VectorIndex["query"]>[1]["filter"]>) =>
      ids("tenant-a", { ...all, filter });
    expect(await where({ meetingId: { $eq: "m2" } })).toEqual(["north"]);
    expect(await where({ meetingId: { $in: ["m1", "m9"] } })).toEqual(["east", "north-east"]);
    expect(await where({ $and: [{ meetingId: { $ne: "m2" } }, { startMs: { $gt: 0 } }] })).toEqual([
      "north-east",
    ]);
    expect(await where({ $or: [{ startMs: { $gte: 9_000 } }, { startMs: { $lt: 1 } }] })).toEqual([
      "east",
      "north",
    ]);
  });

  test("[VECTORS-3] what is put again takes the place of what was there; what is deleted is gone", async () => {
    await index.upsert("tenant-a", [one("east", vector(0, 0, 1, 0), { meetingId: "m4" })]);
    const [found] = await index.query("tenant-a", { vector: vector(0, 0, 1, 0), limit: 1 });
    expect(found).toMatchObject({ id: "east", metadata: { meetingId: "m4" } });
    await index.deleteWhere("tenant-a", { meetingId: { $eq: "m1" } });
    await index.deleteIds("tenant-a", ["north", "never-there"]);
    expect(await ids("tenant-a", { vector: vector(1, 1, 1, 0), limit: 10 })).toEqual(["east"]);
    expect(await index.describe()).toMatchObject({ dimensions, vectors: 2 });
  });

  test("[VECTORS-4] a vector of another length is refused", async () => {
    const other = vector(1, 0);
    expect(await reasonOf(index.upsert("tenant-a", [one("x", other)]))).toBe("dimensions");
    expect(await reasonOf(index.query("tenant-a", { vector: other, limit: 1 }))).toBe("dimensions");
  });
});

test("[VECTORS-5] what another process writes is found at the next search, and what it deletes is not", async () => {
  const store = storeInMemory();
  const here = createMemoryVectors({ store, dimensions });
  const there = createMemoryVectors({ store, dimensions });
  const question = { vector: vector(1, 0, 0, 0), limit: 10 };
  await there.upsert("a", [one("1", vector(1, 0, 0, 0)), one("2", vector(0, 1, 0, 0))]);
  expect((await here.query("a", question)).map(({ id }) => id)).toEqual(["1", "2"]);
  await there.deleteIds("a", ["1"]);
  await there.upsert("a", [one("3", vector(1, 1, 0, 0))]);
  expect((await here.query("a", question)).map(({ id }) => id)).toEqual(["3", "2"]);
});

test("[VECTORS-5] the search is exact among thousands", async () => {
  const index = createMemoryVectors({ store: storeInMemory(), dimensions });
  const all = Array.from({ length: 3_000 }, (_, n) =>
    one(String(n), vector(Math.sin(n), Math.cos(n * 1.7), Math.sin(n * 0.3), 0.5), { n }),
  );
  await index.upsert("a", all);
  await index.deleteIds(
    "a",
    all.filter((_each, n) => n % 3 === 0).map(({ id }) => id),
  );
  const asked = vector(0.3, 0.4, 0.5, 0.6);
  const dot = (each: StoredVector) =>
    each.vector.reduce((sum, value, at) => sum + value * (asked[at] ?? 0), 0);
  const nearest = all
    .filter((_each, n) => n % 3 !== 0)
    .sort((a, b) => dot(b) - dot(a))
    .slice(0, 20);
  const found = await index.query("a", { vector: asked, limit: 20 });
  expect(found.map(({ id }) => id)).toEqual(nearest.map(({ id }) => id));
});

describe("Pinecone's own ways", () => {
  test("[VECTORS-3] what was written and is not visible yet is not found, and found when it is", async () => {
    const { vectors } = openPinecone();
    emulator.delayVisibility();
    await vectors.upsert("a", [one("1", vector(1, 0, 0, 0), { meetingId: "m1" })]);
    expect(await vectors.query("a", { vector: vector(1, 0, 0, 0), limit: 1 })).toEqual([]);
    emulator.settle();
    expect(await vectors.query("a", { vector: vector(1, 0, 0, 0), limit: 1 })).toHaveLength(1);
  });

  test("[VECTORS-6] an index without an address is found by its name", async () => {
    const { vectors } = openPinecone({ byName: true });
    await vectors.upsert("a", [one("1", vector(1, 0, 0, 0))]);
    expect(emulator.received.map(({ path }) => path)).toEqual(["/indexes/talk", "/vectors/upsert"]);
  });

  test("[VECTORS-6] many vectors go in bounded batches, with the key and in their namespace", async () => {
    const { vectors } = openPinecone();
    const all = Array.from({ length: 450 }, (_, n) => one(String(n), vector(1, n, 0, 0), { n }));
    await vectors.upsert("tenant-a", all);
    const sent = emulator.received.map(({ body }) => body as { namespace: string; vectors: unknown[] });
    expect(sent.map((body) => body.vectors.length)).toEqual([200, 200, 50]);
    expect(new Set(sent.map(({ namespace }) => namespace))).toEqual(new Set(["tenant-a"]));
    expect(emulator.received[0]?.apiKey).toBe("key-of-the-test");
  });

  test("[VECTORS-6] 429 is tried again as it asks for, 5xx too, another refusal is not", async () => {
    const { vectors } = openPinecone();
    const put = () => vectors.upsert("a", [one("1", vector(1, 0, 0, 0))]);
    emulator.next({ status: 429, retryAfter: "0.01" }, 503);
    await put();
    expect(emulator.received).toHaveLength(3);
    emulator.next(403);
    expect(await reasonOf(put())).toBe("http-403");
    expect(emulator.received).toHaveLength(4);
    emulator.next({ status: 429, retryAfter: "3600" });
    expect(await reasonOf(put())).toBe("http-429");
  });

  test("[VECTORS-6] a call without an answer ends", async () => {
    const timeoutMs = 600_000;
    const { clock, runOut } = clockWithout(timeoutMs);
    const { vectors } = openPinecone({ timeoutMs, clock });
    emulator.next("silence", "silence", "silence");
    emulator.onSilence(runOut);
    const question = { vector: vector(1, 0, 0, 0), limit: 1 };
    expect(await reasonOf(vectors.query("a", question))).toBe("timeout");
    expect(emulator.received).toHaveLength(3);
  });
});

describe("MongoDB's own ways", () => {
  test("[VECTORS-8] the index is made once, with the length and the fields that searches choose by", async () => {
    const index = openMongo();
    await index.upsert("a", [one("1", vector(1, 0, 0, 0), { meetingId: "m1" })]);
    await index.query("a", { vector: vector(1, 0, 0, 0), limit: 3, filter: { meetingId: { $in: ["m1"] } } });
    const made = mongo.received.filter(({ name }) => name === "createSearchIndexes");
    // Tests before may have made it.
    expect(made.length).toBeLessThanOrEqual(1);
    const { search } = repository;
    await search.prepare(7);
    await search.prepare(7);
    const [created, ...more] = mongo.received
      .filter(({ name }) => name === "createSearchIndexes")
      .slice(made.length);
    expect(more).toEqual([]);
    expect(created?.command).toMatchObject({
      createSearchIndexes: "embeddings",
      indexes: [
        {
          name: "passages-7",
          type: "vectorSearch",
          definition: {
            fields: [
              { type: "vector", path: "vector", numDimensions: 7, similarity: "cosine" },
              { type: "filter", path: "namespace" },
              { type: "filter", path: "version" },
              { type: "filter", path: "metadata.meetingId" },
              { type: "filter", path: "metadata.startMs" },
            ],
          },
        },
      ],
    });
    const asked = mongo.received.find(({ name }) => name === "$vectorSearch")?.command;
    expect(asked).toMatchObject({
      pipeline: [
        {
          $vectorSearch: {
            index: "passages-4",
            path: "vector",
            numCandidates: 60,
            limit: 3,
            filter: {
              $and: [
                { namespace: { $eq: "a" } },
                { version: { $eq: "v" } },
                { "metadata.meetingId": { $in: ["m1"] } },
              ],
            },
          },
        },
        { $project: { metadata: 1, score: { $meta: "vectorSearchScore" } } },
      ],
    });
  });

  test("[VECTORS-8] two processes that make it at once make one", async () => {
    await Promise.all([repository.search.prepare(9), repository.search.prepare(9)]);
    await repository.search.prepare(9);
  });

  test("[VECTORS-3] [VECTORS-8] what is not visible yet, or not indexed yet, is not found, and found when it is", async () => {
    const index = openMongo();
    await index.query("a", { vector: vector(1, 0, 0, 0), limit: 1 });
    mongo.delayVisibility();
    await index.upsert("a", [one("1", vector(1, 0, 0, 0), { meetingId: "m1" })]);
    const found = () => index.query("a", { vector: vector(1, 0, 0, 0), limit: 1 });
    expect(await found()).toEqual([]);
    mongo.settle();
    expect(await found()).toHaveLength(1);
    mongo.building = true;
    expect(await found()).toEqual([]);
    mongo.building = false;
    expect(await found()).toHaveLength(1);
  });

  test("[VECTORS-7] whether the server has vector search is seen before anything is searched", async () => {
    expect(await repository.search.isThere()).toBe(true);
    const plain = store.connection.useDb(store.connection.name, { useCache: false });
    const without = await createPassagesRepository(plain, {
      clock: systemClock,
      configuration: { model: "m", version: "v" },
    });
    expect(await without.search.isThere()).toBe(false);
  });
});
