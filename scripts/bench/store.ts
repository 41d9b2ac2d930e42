// Benchmark of the embedded store through the official driver: loading, single writes, reads, and reads beside a scan.
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { latencyOf, round, table, type Latency } from "./statistics.ts";
import { startInstantServer } from "./instant-server.ts";
import { costOf } from "./server-process.ts";
import { BenchData, scramble, secondaryIndexes, type BenchDocument } from "./store-data.ts";
import { repeatFor, repeatUntil, watchMemory, type Load } from "./store-load.ts";

export interface StoreOptions {
  /** Documents that are loaded. */
  size: number;
  /** Length of each part that is not the load. */
  seconds: number;
  batch: number;
  seed: number;
  /** A server that runs already; without it an embedded store is started on a directory of its own. */
  uri?: string;
  progress(line: string): void;
}

export interface Figure {
  name: string;
  value: number;
  unit: string;
  target: { atLeast: number } | { below: number } | null;
  /** Null where there is no target. */
  met: boolean | null;
  latencyMs: Latency | null;
  /** Of the store's process, an operation; null where it is not ours. */
  storeCpuMicroseconds: number | null;
  /** The same calls against a server that answers at once: the most that this driver can do on this machine. */
  driverAlone: number | null;
}

export interface StoreResult {
  benchmark: "store";
  at: string;
  machine: { cores: number; node: string; platform: string; loadAverage1m: number };
  load: { size: number; seconds: number; batch: number; seed: number; documentBytes: number };
  /** Found by each way of reading everything: must be what was written. */
  counted: { scanned: number; streamed: number; expected: number };
  figures: Figure[];
}

type Collection = mongoose.mongo.Collection<BenchDocument>;

const writersAtOnce = 64;
const readersAtOnce = 16;
const rangeRows = 100;
/** Both sides compile what they run often: the first seconds say little. */
const warmUpSeconds = 3;

export async function runStoreBenchmark(options: StoreOptions): Promise<StoreResult> {
  const { uri } = options;
  const instant = await startInstantServer();
  try {
    return await withClient(instant.uri, async (client) => {
      const alone = collectionOf(client);
      if (uri !== undefined) return await withClient(uri, (given) => measure(options, given, alone, null));
      return await withOwnStore((own, pid, dataDir) => measure(options, own, alone, { pid, dataDir }));
    });
  } finally {
    await instant.stop();
  }
}

async function withOwnStore<T>(
  use: (client: mongoose.mongo.MongoClient, pid: number, dataDir: string) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), "store-bench-"));
  const store = await startEmbeddedMongo({ dataDir });
  try {
    return await withClient(store.uri, (client) => use(client, store.pid, dataDir));
  } finally {
    await store.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function collectionOf(client: mongoose.mongo.MongoClient): Collection {
  return client.db("storebench").collection("documents");
}

async function withClient<T>(
  uri: string,
  use: (client: mongoose.mongo.MongoClient) => Promise<T>,
): Promise<T> {
  const client = await new mongoose.mongo.MongoClient(uri, {
    maxPoolSize: writersAtOnce + readersAtOnce,
  }).connect();
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function measure(
  options: StoreOptions,
  client: mongoose.mongo.MongoClient,
  alone: Collection,
  own: { pid: number; dataDir: string } | null,
): Promise<StoreResult> {
  const { size, seconds, batch, seed, progress } = options;
  const documents = collectionOf(client);
  const database = client.db(documents.dbName);
  await database.dropDatabase();
  for (const index of secondaryIndexes) await documents.createIndex(index);
  const data = new BenchData({ seed, size });
  const figures: Figure[] = [];
  const pid = own?.pid ?? null;
  const measured = async (
    part: { name: string; unit: string; target: Figure["target"]; perOperation?: number },
    run: () => Promise<Load>,
  ) => {
    progress(`${part.name} …`);
    const before = pid === null ? null : await costOf(pid);
    const load = await run();
    const after = pid === null ? null : await costOf(pid);
    const operations = load.count * (part.perOperation ?? 1);
    figures.push({
      ...figure(part.name, operations / load.seconds, part.unit, part.target),
      latencyMs: latencyOf(load.latenciesMs),
      storeCpuMicroseconds:
        before === null || after === null
          ? null
          : round(((after.cpuSeconds - before.cpuSeconds) / operations) * 1e6, 1),
    });
  };

  await measured(
    { name: `insertMany of ${batch}`, unit: "documents/s", target: { atLeast: 20_000 }, perOperation: batch },
    () => loadAll(documents, data, { size, batch }),
  );
  const repeated = async (
    part: { name: string; target: number; atOnce: number },
    operation: (collection: Collection, pick: number) => Promise<void>,
  ) => {
    const { name, target, atOnce } = part;
    const run = (collection: Collection, forSeconds: number) =>
      repeatFor({ seconds: forSeconds, atOnce }, (pick) => operation(collection, pick));
    const warmUp = Math.min(warmUpSeconds, seconds);
    await run(documents, warmUp);
    await measured({ name: `${name}, ${atOnce} at once`, unit: "1/s", target: { atLeast: target } }, () =>
      run(documents, seconds),
    );
    const { count, seconds: took } = await run(alone, warmUp);
    const last = figures.at(-1);
    if (last !== undefined) last.driverAlone = round(count / took, 1);
  };
  let written = size;
  await repeated({ name: "insertOne", target: 6000, atOnce: writersAtOnce }, async (collection, pick) => {
    await collection.insertOne(data.document(collection === documents ? written++ : pick));
  });
  const findOne = (collection: Collection, pick: number) =>
    collection.findOne({ email: data.email(scramble(seed, pick) % size) });
  await repeated(
    { name: "findOne by index", target: 8000, atOnce: readersAtOnce },
    async (collection, pick) => {
      const found = await findOne(collection, pick);
      if (found === null) throw new Error("a document that was written is not found");
    },
  );
  await repeated(
    { name: `${rangeRows} by compound index`, target: 600, atOnce: readersAtOnce },
    async (collection, pick) => {
      const { meetingId, from } = data.range(pick, size);
      await collection
        .find({ meetingId, sequence: { $gte: from } })
        .sort({ sequence: 1 })
        .limit(rangeRows)
        .toArray();
    },
  );

  const memory = pid === null ? null : watchMemory(pid);
  const p99 = (name: string, load: Load) => {
    const latency = latencyOf(load.latenciesMs);
    figures.push({ ...figure(name, latency.p99, "ms", { below: 50 }), latencyMs: latency });
  };
  progress("findOne during full scans …");
  let scanned = 0;
  p99(
    "findOne p99 during full scans",
    await repeatUntil(
      async () => (scanned = await documents.countDocuments({ speaker: { $regex: "^speaker" } })),
      async (pick) => void (await findOne(documents, pick)),
    ),
  );
  progress("findOne during writes …");
  p99(
    "findOne p99 during sustained writes",
    await repeatUntil(
      () =>
        repeatFor({ seconds, atOnce: 16 }, async () => {
          await documents.insertOne(data.document(written++));
        }),
      async (pick) => void (await findOne(documents, pick)),
    ),
  );
  progress("Reading everything through a cursor …");
  let streamed = 0;
  await measured({ name: "documents through a cursor", unit: "documents/s", target: null }, async () => {
    const started = performance.now();
    // Raw: what is measured is the store, not the decoding.
    for await (const _document of documents.find({}, { raw: true })) streamed += 1;
    return { count: streamed, seconds: (performance.now() - started) / 1000, latenciesMs: [] };
  });
  if (memory !== null)
    figures.push(
      figure("resident memory, peak during scans", memory.stop() / 1024 ** 2, "MB", { below: 300 }),
    );
  if (own !== null) figures.push(figure("on disk", (await bytesIn(own.dataDir)) / 1024 ** 2, "MB", null));
  if (own === null) await database.dropDatabase();
  return {
    benchmark: "store",
    at: new Date().toISOString(),
    machine: {
      cores: availableParallelism(),
      node: process.version,
      platform: process.platform,
      loadAverage1m: round(loadavg()[0] ?? 0),
    },
    load: { size, seconds, batch, seed, documentBytes: documentBytes(data) },
    counted: { scanned, streamed, expected: written },
    figures,
  };
}

async function loadAll(
  documents: Collection,
  data: BenchData,
  { size, batch }: { size: number; batch: number },
): Promise<Load> {
  const latenciesMs: number[] = [];
  const started = performance.now();
  let next = 0;
  // Two at once: one is made and sent while the other is written.
  const loader = async () => {
    while (next < size) {
      const from = next;
      next = Math.min(size, from + batch);
      const made = Array.from({ length: next - from }, (_, at) => data.document(from + at));
      const sentAt = performance.now();
      await documents.insertMany(made);
      latenciesMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all([loader(), loader()]);
  return { count: size / batch, seconds: (performance.now() - started) / 1000, latenciesMs };
}

function figure(name: string, value: number, unit: string, target: Figure["target"]): Figure {
  const met = target === null ? null : "atLeast" in target ? value >= target.atLeast : value < target.below;
  return {
    name,
    value: round(value, 1),
    unit,
    target,
    met,
    latencyMs: null,
    storeCpuMicroseconds: null,
    driverAlone: null,
  };
}

function documentBytes(data: BenchData): number {
  return mongoose.mongo.BSON.calculateObjectSize(data.document(1));
}

async function bytesIn(directory: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

export function describeStore({ load, machine, counted, figures }: StoreResult): string {
  const target = (given: Figure["target"]) =>
    given === null ? "" : "atLeast" in given ? `>= ${given.atLeast}` : `< ${given.below}`;
  const rows = figures.map(({ target: wanted, met, latencyMs, storeCpuMicroseconds, ...rest }) => [
    rest.name,
    String(rest.value),
    rest.unit,
    target(wanted),
    met === null ? "" : met ? "met" : "MISSED",
    rest.driverAlone === null ? "" : String(rest.driverAlone),
    latencyMs === null || latencyMs.count === 0
      ? ""
      : `${latencyMs.p50} / ${latencyMs.p99} / ${latencyMs.max}`,
    storeCpuMicroseconds === null ? "" : String(storeCpuMicroseconds),
  ]);
  return [
    `${load.size} documents of ${load.documentBytes} bytes, three secondary indexes; parts of ${load.seconds} s; ${machine.cores} cores for client and store, load average ${machine.loadAverage1m}, Node ${machine.node}`,
    "",
    table([
      ["", "measured", "", "target", "", "driver alone", "ms p50/p99/max", "store CPU µs each"],
      ...rows,
    ]),
    "",
    `Counted by scan ${counted.scanned}, by cursor ${counted.streamed}, written ${counted.expected}.`,
  ].join("\n");
}
