// Copies between stores: the embedded one, one that is spoken to as a MongoDB, and dumps as mongodump lays them out.
import { deserialize, EJSON } from "bson";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { compareDatabases, copyDatabase, markerCollection, type Target } from "../../scripts/store/copy.ts";
import { dumpSource, fileNameOf, writeDump } from "../../scripts/store/dump-directory.ts";
import { makePrivateDirectory } from "../../scripts/store/durable-files.ts";
import { insertRaw, openMongo } from "../../scripts/store/mongo.ts";
import { embeddedSource, mongoSource, rawPages } from "../../scripts/store/source.ts";
import { quiet } from "../../scripts/store/task.ts";
import { startEmbeddedMongo, type EmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { parseMongodbUri } from "../../server/platform/mongodb-uri.ts";
import { runScript } from "../factories/commands.ts";
import { everyTypeDocument, largestDocument } from "../factories/bson-documents.ts";

// Several stores and commands a test, each a process.
vi.setConfig({ testTimeout: 300_000 });

/** More than one page of a copy. */
const documents = 2_500;
const longName = "long ".repeat(44).trim() + "!";
const oddNames = ["dotted.name", "Größe 数", "a+b%c", longName];

let scratch: string;
/** The data directory that the copies start from; no server runs on it. */
let dataDir: string;
/** Spoken to by its address, as a MongoDB. */
let mongo: EmbeddedMongo;
let target: Target;
let uri: string;
let counter = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "connvo-move-"));
  dataDir = join(scratch, "data");
  await makePrivateDirectory(join(dataDir, "store"));
  const origin = await startEmbeddedMongo({ dataDir: join(dataDir, "store") });
  const { client } = await openMongo(origin.uri);
  await fill(client.db("connvo"));
  await client.close();
  await origin.stop();
  await mkdir(join(scratch, "mongo"));
  mongo = await startEmbeddedMongo({ dataDir: join(scratch, "mongo") });
});
beforeEach(async () => {
  counter += 1;
  uri = parseMongodbUri(mongo.uri)?.withDatabase(`target${counter}`) ?? "";
  if (target !== undefined) await target.client.close();
  target = await openMongo(uri);
});
afterAll(async () => {
  await target.client.close();
  await mongo.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function fill(db: mongoose.mongo.Db): Promise<void> {
  await insertRaw(db.collection("types"), db, [everyTypeDocument(), largestDocument()]);
  for (const [n, name] of oddNames.entries())
    await db.collection<{ _id: number }>(name).insertOne({ _id: n });
  await db.createCollection("empty");
  const many = Array.from({ length: documents }, (_, n) => ({
    _id: n,
    tag: [`t${n % 7}`],
    at: new Date(n),
    n: n % 3,
  }));
  const indexed = db.collection<(typeof many)[number]>("indexed");
  await indexed.insertMany(many);
  await indexed.createIndexes([
    { key: { tag: 1, at: -1 }, name: "compound, multikey" },
    { key: { at: 1 }, name: "ttl", expireAfterSeconds: 2_000_000_000 },
    { key: { "a.b": 1 }, name: "sparse", sparse: true, unique: true },
  ]);
  // As shells write it: the direction is a double.
  const direction = new mongoose.mongo.Double(1);
  const partial = { key: { n: direction }, name: "partial", partialFilterExpression: { n: { $gt: 1 } } };
  await db.command({ createIndexes: "indexed", indexes: [partial] });
}

const progress = { copied: quiet, compared: quiet };

async function copy(): Promise<string[]> {
  const source = embeddedSource(dataDir);
  try {
    const compared = await copyDatabase(source, target, progress);
    return compared.flatMap(({ name, differences }) => differences.map((what) => `${name} ${what}`));
  } finally {
    await source.close();
  }
}

const move = (...args: string[]) => runScript("move", args, { DATA_DIR: dataDir });

test("[BACKUP-20] a move and the way back keep every byte, every index and every odd name", async () => {
  const there = await move("--to", uri);
  expect(there).toMatchObject({ code: 0, stderr: "" });
  expect(there.stdout).toMatch(/^indexed +2500 +2500 +\d+ +5 +[0-9a-f]{16} +same$/m);
  expect(there.stdout).toMatch(/Set MONGODB_URI/);
  expect(there.stdout).not.toContain(mongo.uri.split("@")[0] ?? "");
  const db = target.client.db(target.database);
  const types: Buffer[] = [];
  for await (const page of rawPages(db.collection("types"))) types.push(...page);
  expect(types[0]?.equals(everyTypeDocument())).toBe(true);
  expect(types[1]?.equals(largestDocument())).toBe(true);
  expect((await db.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(
    ["empty", "indexed", "types", ...oddNames].sort(),
  );

  const back = join(scratch, "back");
  expect(await runScript("move", ["--from", uri], { DATA_DIR: back })).toMatchObject({ code: 0, stderr: "" });
  const returned = embeddedSource(back);
  const compared = await compareDatabases(returned, target, quiet);
  expect(compared.flatMap(({ differences }) => differences)).toEqual([]);
  expect(compared).toHaveLength(3 + oddNames.length);
  await returned.close();
});

test("[BACKUP-21] a move that was cut off goes on, and one that was complete says so again", async () => {
  const source = embeddedSource(dataDir);
  const stopped = new Error("the power went");
  const cutOff = copyDatabase(source, target, {
    copied: {
      moved(name) {
        if (name === "indexed") throw stopped;
      },
    },
    compared: quiet,
  });
  await expect(cutOff).rejects.toBe(stopped);
  await source.close();
  const db = target.client.db(target.database);
  expect(await db.collection(markerCollection).countDocuments()).toBe(1);
  expect(await db.collection("indexed").countDocuments()).toBeGreaterThan(0);
  expect(await copy()).toEqual([]);
  expect(await copy()).toEqual([]);
  expect(await db.collection("indexed").countDocuments()).toBe(documents);
  expect(await db.listCollections({ name: markerCollection }).toArray()).toEqual([]);
});

test("[BACKUP-22] a target with other data is refused and left as it is", async () => {
  const things = target.client.db(target.database).collection<{ _id: number }>("things");
  await things.insertOne({ _id: 1 });
  const outcome = await move("--to", uri);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toMatch(/^There is other data in .*\(things\): name an empty database/);
  expect(await things.countDocuments()).toBe(1);
  const found = await target.client.db(target.database).listCollections().toArray();
  expect(found.map(({ name }) => name)).toEqual(["things"]);
});

test("[BACKUP-22] --replace makes no database give way, by import and by restore, as their usage says", async () => {
  const things = target.client.db(target.database).collection<{ _id: number }>("things");
  await things.insertOne({ _id: 1 });
  const [dump, backup, empty] = ["dump", "backup", "empty"].map((name) => join(scratch, `replace-${name}`));
  await runScript("export", ["--to", dump ?? ""], { DATA_DIR: dataDir });
  await runScript("backup", ["--to", backup ?? ""], { DATA_DIR: dataDir });
  for (const [command, from] of [
    ["import", dump ?? ""],
    ["restore", backup ?? ""],
  ] as const) {
    const environment = { DATA_DIR: empty ?? "", MONGODB_URI: uri };
    const outcome = await runScript(command, [from, "--replace"], environment);
    expect(outcome.stderr).toMatch(/^There is other data in .*\(things\): name an empty database/);
    expect(outcome.code).toBe(1);
    expect(await things.countDocuments()).toBe(1);
    const { stdout } = await runScript(command, ["--help"], {});
    expect(stdout).toMatch(/--replace +.* DATA_DIR .*MONGODB_URI must be empty/);
  }
});

test("[BACKUP-23] every difference is found and named, and the move fails", async () => {
  const db = target.client.db(target.database);
  const indexed = db.collection<{ _id: number; n: number }>("indexed");
  const source = embeddedSource(dataDir);
  const spoil = copyDatabase(source, target, {
    copied: quiet,
    compared: {
      // Between copying and comparing somebody else writes.
      moved: () => {
        throw new Error("paused");
      },
    },
  });
  await expect(spoil).rejects.toThrow("paused");
  await source.close();
  await indexed.updateOne({ _id: 17 }, { $set: { n: 99 } });
  await indexed.dropIndex("ttl");
  await indexed.createIndex({ extra: 1 });
  await db.collection<{ _id: number }>("dotted.name").insertOne({ _id: 1_000 });
  await db.createCollection("more");
  const outcome = await move("--to", uri);
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toMatch(/must not be used/);
  expect(outcome.stderr).toMatch(/indexed has other documents \(the hashes differ\)/);
  expect(outcome.stderr).toMatch(/indexed has one index more: .*extra_1/);
  expect(outcome.stderr).toMatch(/dotted\.name has 2 documents instead of 1/);
  expect(outcome.stderr).toMatch(/more is not in the source/);
  expect(outcome.stdout).toMatch(/^indexed .* DIFFERS$/m);
});

test("[BACKUP-24] a move is refused while a server runs on the store", async () => {
  const running = await startEmbeddedMongo({ dataDir: join(dataDir, "store") });
  const outcome = await move("--to", uri);
  await running.stop();
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/stop the server first/) });
  expect(await target.client.db(target.database).listCollections().toArray()).toEqual([]);
});

test("[BACKUP-10] an export has mongodump's form, told by an independent reader, and is read back", async () => {
  const to = join(scratch, "export");
  expect(await runScript("export", ["--to", to], { DATA_DIR: dataDir })).toMatchObject({
    code: 0,
    stderr: "",
  });
  const files = await readdir(join(to, "connvo"));
  // As the Go tools name them: query escaping, and beyond 238 bytes the first 208 with a hash of the whole.
  const cut = files.find((file) => file.startsWith("long+long") && file.endsWith(".bson")) ?? "";
  expect(files).toEqual(
    expect.arrayContaining(["dotted.name.bson", "Gr%C3%B6%C3%9Fe+%E6%95%B0.bson", "a%2Bb%25c.metadata.json"]),
  );
  expect(cut).toBe(`${fileNameOf(longName)}.bson`);
  const metadata = JSON.parse(await readFile(join(to, "connvo", "indexed.metadata.json"), "utf8")) as {
    indexes: unknown[];
  };
  expect(metadata).toMatchObject({
    options: {},
    uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
    collectionName: "indexed",
    type: "collection",
  });
  expect(metadata.indexes[0]).toEqual({
    v: { $numberInt: "2" },
    key: { _id: { $numberInt: "1" } },
    name: "_id_",
  });
  expect(metadata.indexes[4]).toMatchObject({ key: { n: { $numberDouble: "1.0" } } });
  expect((EJSON.parse(JSON.stringify(metadata)) as typeof metadata).indexes).toHaveLength(5);
  const bytes = await readFile(join(to, "connvo", "indexed.bson"));
  const ids: unknown[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at))
    ids.push(deserialize(bytes.subarray(at, at + bytes.readInt32LE(at)))["_id"]);
  expect(ids.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: documents }, (_, n) => n));

  const into = join(scratch, "imported");
  expect(await runScript("import", [to], { DATA_DIR: into })).toMatchObject({ code: 0, stderr: "" });
  const imported = embeddedSource(into);
  await copyDatabase(imported, target, progress);
  await imported.close();
  expect(await copy()).toEqual([]);
});

test("[BACKUP-10] what other versions of mongodump wrote is read: bare numbers, namespaces, no options, a name in the file only", async () => {
  const from = join(scratch, "older", "shop");
  await mkdir(from, { recursive: true });
  await writeFile(join(from, "a%20b.bson"), everyTypeDocument());
  await writeFile(
    join(from, "a%20b.metadata.json"),
    '{"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_","ns":"shop.a b"},{"v":2,"key":{"f":{"$numberDouble":"1.0"}},"name":"f_1","ns":"shop.a b","expireAfterSeconds":1000}],"uuid":"0679db720f4944de90ae27472664e94a"}',
  );
  await writeFile(join(from, "..", "prelude.json"), "{}");
  const source = await dumpSource(join(scratch, "older"));
  const compared = await copyDatabase(source, target, progress);
  expect(compared).toMatchObject([{ name: "a b", differences: [], indexes: 2, target: { documents: 1 } }]);
});

test("[BACKUP-11] a dump that cannot be read whole is refused in words", async () => {
  const to = join(scratch, "broken");
  const source = await mongoSource(uri);
  await source.close();
  const origin = embeddedSource(dataDir);
  await writeDump(to, origin, quiet);
  await origin.close();
  const importing = (directory: string) =>
    runScript("import", [directory], { DATA_DIR: join(scratch, "never") });
  await truncate(join(to, "connvo", "indexed.bson"), 1_000);
  expect((await importing(to)).stderr).toMatch(/ends in the middle of a document/);
  await writeFile(join(to, "connvo", "indexed.bson"), Buffer.alloc(100, 0xff));
  expect((await importing(to)).stderr).toMatch(/is damaged: what is there is no document/);
  await rm(join(to, "connvo", "indexed.bson"));
  expect((await importing(to)).stderr).toMatch(/indexed\.bson is missing/);
  await mkdir(join(to, "second"));
  expect((await importing(to)).stderr).toMatch(/holds connvo, second: choose one with --database/);
  expect((await importing(scratch)).stderr).toMatch(/choose one with --database/);
  await rm(join(scratch, "never"), { recursive: true, force: true });
  await mkdir(join(scratch, "nothing"));
  expect(await importing(join(scratch, "nothing"))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is no dump/),
  });
});
