// The embedded store on a disk that is really full, and on one that really fails.
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { codeOf } from "../factories/embedded-mongo.ts";
import { inspectStore } from "../factories/store-integrity.ts";
import {
  canMount,
  failingCommits,
  faultProgram,
  mountSmallDisk,
  startFaultyStore,
  startStoreProcess,
  type FaultyStore,
  type SmallDisk,
} from "../factories/store-process.ts";

const { MongoClient } = mongoose.mongo;

interface Line {
  _id: string;
  n: number;
  text: string;
}

/** Writes from several connections, and what became of each. */
class Load {
  readonly kept = new Set<string>();
  readonly failed = new Set<string>();
  /** Of these the store has said that the next start shows whether they were kept: until a later write is acknowledged. */
  readonly #open = new Set<string>();
  readonly codes = new Set<unknown>();
  readonly #client: mongoose.mongo.MongoClient;
  #next = 0;

  private constructor(client: mongoose.mongo.MongoClient) {
    this.#client = client;
  }

  static async on(uri: string): Promise<Load> {
    return new Load(await new MongoClient(uri, { maxPoolSize: 16, retryReads: false }).connect());
  }

  get lines(): mongoose.mongo.Collection<Line> {
    return this.#client.db("disk").collection<Line>("lines");
  }

  /** `count` writes at once; answers how many of them were acknowledged. */
  async write(count: number, bytes = 1500, { j }: { j?: boolean } = {}): Promise<number> {
    const before = this.kept.size;
    const openBefore = [...this.#open];
    await Promise.all(
      Array.from({ length: count }, async () => {
        const _id = `line-${(this.#next += 1)}`;
        let isOpen = false;
        const code = await codeOf(
          this.lines
            .insertOne(
              { _id, n: this.#next, text: "x".repeat(bytes) },
              j === undefined ? {} : { writeConcern: { w: 1, j } },
            )
            .then(() => this.kept.add(_id))
            .catch((error: unknown) => {
              isOpen = error instanceof Error && error.message.includes("shows when the store starts again");
              throw error;
            }),
        );
        if (code === undefined) return;
        this.codes.add(code);
        (isOpen ? this.#open : this.failed).add(_id);
      }),
    );
    const acknowledged = this.kept.size - before;
    if (acknowledged > 0)
      for (const _id of openBefore) {
        this.#open.delete(_id);
        this.failed.add(_id);
      }
    return acknowledged;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** Acknowledged lines that are not stored, and refused ones that are. */
async function difference(
  uri: string,
  { kept, failed }: Load,
): Promise<{ lost: string[]; returned: string[] }> {
  const client = await new MongoClient(uri).connect();
  const lines = client.db("disk").collection<Line>("lines");
  const stored = new Set((await lines.find().hint({ $natural: 1 }).toArray()).map(({ _id }) => _id));
  await client.close();
  return {
    lost: [...kept].filter((_id) => !stored.has(_id)),
    returned: [...failed].filter((_id) => stored.has(_id)),
  };
}

const intact = { lost: [], returned: [] };

describe.skipIf(!canMount())("a full disk (needs the right to mount a tmpfs)", () => {
  let disk: SmallDisk;

  beforeEach(() => {
    const mounted = mountSmallDisk(8);
    if (mounted === null) throw new Error("mounting is not permitted any more");
    disk = mounted;
  });

  afterEach(() => disk.remove());

  const fillUp = (name: string) => {
    const file = openSync(join(disk.directory, name), "w");
    for (const bytes of [64 * 1024, 512])
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes, 1));
      } catch (error) {
        expect(error).toMatchObject({ code: "ENOSPC" });
      }
    closeSync(file);
  };

  test("[STORE-55] every waiting writer gets OutOfDiskSpace, reads go on, and writes succeed again when space returns", async () => {
    writeFileSync(join(disk.directory, "ballast"), Buffer.alloc(2 * 1024 * 1024, 1));
    const store = await startEmbeddedMongo({ dataDir: disk.directory });
    const load = await Load.on(store.uri);
    await load.lines.createIndex({ n: 1 });
    while ((await load.write(12)) === 12);
    fillUp("rest");
    expect(await load.write(60, 40_000)).toBe(0);
    expect([...load.codes]).toEqual([14031]);
    expect(await codeOf(load.lines.updateMany({}, { $set: { text: "y".repeat(3000) } }))).toBe(14031);
    expect(await codeOf(load.lines.createIndex({ text: 1 }))).toBe(14031);
    expect(await load.lines.countDocuments({ n: { $gte: 0 } })).toBe(load.kept.size);
    for (const name of ["ballast", "rest"]) rmSync(join(disk.directory, name));
    expect(await load.write(24)).toBe(24);
    expect(await load.lines.indexes()).toHaveLength(2);
    await load.close();
    expect(await difference(store.uri, load)).toEqual(intact);
    expect(inspectStore(disk.directory)).toMatchObject({ problems: [], documents: load.kept.size });
    process.kill(store.pid, "SIGKILL");
    await store.exited;
    const again = await startEmbeddedMongo({ dataDir: disk.directory });
    expect(await difference(again.uri, load)).toEqual(intact);
    await again.stop();
  });

  test("[STORE-55] after kill -9 a start on a full disk answers reads or says in one sentence that the disk is full", async () => {
    const store = await startEmbeddedMongo({ dataDir: disk.directory });
    const load = await Load.on(store.uri);
    await load.write(200);
    fillUp("rest");
    process.kill(store.pid, "SIGKILL");
    await store.exited;
    await load.close();
    fillUp("more");
    try {
      const full = await startEmbeddedMongo({ dataDir: disk.directory });
      expect(await difference(full.uri, load)).toEqual(intact);
      await full.stop();
    } catch (error) {
      expect((error as Error).message).toMatch(/^The (disk|directory) .*(full|space).*\.$/);
    }
    for (const name of ["rest", "more"]) rmSync(join(disk.directory, name));
    const again = await startEmbeddedMongo({ dataDir: disk.directory });
    expect(await difference(again.uri, load)).toEqual(intact);
    await again.stop();
    expect(inspectStore(disk.directory)).toMatchObject({ problems: [], documents: 200 });
  });

  test("[STORE-55] a first start on a full disk says so in one sentence and works when there is space", async () => {
    fillUp("rest");
    await expect(startEmbeddedMongo({ dataDir: disk.directory })).rejects.toThrow(
      /^The (disk|directory) .*(full|space).*\.$/,
    );
    rmSync(join(disk.directory, "rest"));
    await (await startEmbeddedMongo({ dataDir: disk.directory })).stop();
  });
});

describe.skipIf(faultProgram === null)("a failing disk (needs fiu-run)", () => {
  let dataDir: string;
  let store: FaultyStore;
  let load: Load;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "embedded-mongo-faults-"));
    store = await startFaultyStore(dataDir);
    load = await Load.on(store.uri);
    expect(await load.write(20)).toBe(20);
  });

  afterEach(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  const killAndCompare = async () => {
    await load.close();
    await store.kill();
    const again = await startStoreProcess(dataDir);
    try {
      return await difference(again.uri, load);
    } finally {
      await again.stop();
      expect(inspectStore(dataDir).problems).toEqual([]);
    }
  };

  test("[STORE-56] when syncs fail no write is acknowledged, and none of them is there after kill -9", async () => {
    await store.fault("enable name=posix/io/sync/*,failinfo=5");
    expect(await load.write(30)).toBe(0);
    expect(await load.write(1)).toBe(0);
    expect([...load.codes]).toEqual([1]);
    expect(await load.lines.countDocuments()).toBe(20);
    expect(await killAndCompare()).toEqual(intact);
    expect(load.failed.size).toBe(31);
  });

  test("[STORE-56] the store goes on when syncs succeed again, and what it then acknowledges stays", async () => {
    await store.fault("enable name=posix/io/sync/*,failinfo=5");
    expect(await load.write(30)).toBe(0);
    await store.fault("disable name=posix/io/sync/*");
    expect(await load.write(30)).toBe(30);
    expect(await killAndCompare()).toEqual(intact);
  });

  test("[STORE-56] of syncs and writes that fail now and then nothing acknowledged is lost and nothing refused is kept", async () => {
    await store.fault("enable_random name=posix/io/sync/*,probability=0.3,failinfo=5");
    await store.fault("enable_random name=posix/io/rw/pwrite,probability=0.02,failinfo=28");
    for (let round = 0; round < 150; round += 1) await load.write(4);
    expect(load.codes).toEqual(new Set([1, 14031]));
    expect(load.failed.size).toBeGreaterThan(50);
    expect(load.kept.size).toBeGreaterThan(50);
    expect(await killAndCompare()).toEqual(intact);
  });

  test("[STORE-56] a commit that fails at the front of a log that begins anew is not there after kill -9, either", async () => {
    const directory = await mkdtemp(join(dataDir, "alone-"));
    const fault = "enable_random name=posix/io/sync/*,probability=0.3,failinfo=5";
    const counts = await failingCommits(directory, { rounds: 600, fault });
    expect(counts.returned).toBe(0);
    expect(Math.min(counts.kept, counts.refused, counts.begunAnew)).toBeGreaterThan(20);
  });

  test("[STORE-62] writes that ask for no sync are answered although syncs fail, are there after kill -9, and the failure is reported", async () => {
    await store.fault("enable name=posix/io/sync/*,failinfo=5");
    expect(await load.write(30, 1500, { j: false })).toBe(30);
    await expect.poll(() => store.said(), { timeout: 30_000 }).toContain("The store failed in sync");
    expect(await load.write(1)).toBe(0);
    expect(await load.lines.countDocuments()).toBe(50);
    expect(await killAndCompare()).toEqual(intact);
  });

  test("[STORE-62] what follows a failed sync is durable with all that was answered before it", async () => {
    expect(await load.write(10, 1500, { j: false })).toBe(10);
    await store.fault("enable name=posix/io/sync/*,failinfo=5");
    expect(await load.write(5)).toBe(0);
    expect(await load.write(10, 1500, { j: false })).toBe(10);
    // The log is written over itself before the next sync counts; where that fails, too, nothing is acknowledged.
    expect(await load.write(5)).toBe(0);
    await store.fault("disable name=posix/io/sync/*");
    expect(await load.write(5)).toBe(5);
    expect(await killAndCompare()).toEqual(intact);
  });

  test("[STORE-62] the first write that is acknowledged after a failed sync brings the whole log to the disk again", async () => {
    expect(await load.write(40, 40_000)).toBe(40);
    const logBytes = statSync(join(dataDir, "store.sqlite-wal")).size;
    /** Bytes that the store hands to the system meanwhile. */
    const handedOver = async (work: () => Promise<unknown>) => {
      const count = () => Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${store.pid}/io`, "utf8"))?.[1]);
      const before = count();
      await work();
      return count() - before;
    };
    const oneWrite = async () => expect(await load.write(1)).toBe(1);
    expect(await handedOver(oneWrite)).toBeLessThan(logBytes / 4);
    await store.fault("enable name=posix/io/sync/*,failinfo=5");
    expect(await load.write(1, 1500, { j: false })).toBe(1);
    expect(await load.write(1)).toBe(0);
    const again = await handedOver(async () => {
      await store.fault("disable name=posix/io/sync/*");
      await oneWrite();
    });
    expect(again).toBeGreaterThan(logBytes);
    expect(await handedOver(oneWrite)).toBeLessThan(logBytes / 4);
    expect(await killAndCompare()).toEqual(intact);
  });

  test("[STORE-62] mixed with others on a disk that fails now and then nothing is lost and nothing refused is kept", async () => {
    await store.fault("enable_random name=posix/io/sync/*,probability=0.3,failinfo=5");
    await store.fault("enable_random name=posix/io/rw/pwrite,probability=0.02,failinfo=28");
    for (let round = 0; round < 150; round += 1) {
      await Promise.all([load.write(2), load.write(2, 1500, { j: false })]);
      await load.write(2, 1500, { j: false });
    }
    expect(load.failed.size).toBeGreaterThan(50);
    expect(load.kept.size).toBeGreaterThan(50);
    expect(await killAndCompare()).toEqual(intact);
  });

  test("[STORE-56] a start on a disk whose syncs fail says so in one sentence and changes nothing", async () => {
    await load.close();
    await store.kill();
    const child = startStoreProcess(dataDir, [
      faultProgram ?? "",
      "-x",
      "-f",
      "",
      "-c",
      "enable name=posix/io/sync/*,failinfo=5",
    ]);
    await expect(child).rejects.toThrow(/^The disk that holds .* fails \(.*\): check it, .*\.$/);
    const again = await startStoreProcess(dataDir);
    expect(await difference(again.uri, load)).toEqual(intact);
    await again.stop();
  });
});
