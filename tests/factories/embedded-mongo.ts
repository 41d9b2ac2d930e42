// One embedded store for a test file, with a database of its own for each test, through the real driver.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { startEmbeddedMongo, type EmbeddedMongo } from "../../server/embedded-mongo/launch.ts";

const { MongoClient, MongoServerError } = mongoose.mongo;

export type Id = number | string | number[] | mongoose.mongo.ObjectId;

/** Documents of tests hold anything under these names; the driver's types need the names. */
type Field =
  | "a"
  | "active"
  | "at"
  | "by"
  | "c"
  | "d"
  | "decimal"
  | "double"
  | "e"
  | "email"
  | "int"
  | "key"
  | "meetingId"
  | "n"
  | "name"
  | "other"
  | "p"
  | "runAt"
  | "s"
  | "seen"
  | "sequence"
  | "state"
  | "sum"
  | "team"
  | "text"
  | "more"
  | "worker"
  | "zz";

export interface Doc extends Partial<Record<Field, mongoose.mongo.BSON.Document[string]>> {
  _id?: Id;
  list?: number[];
  tags?: string[];
  items?: { k?: number; q?: number; low?: boolean }[];
}

export interface EmbeddedFixture {
  readonly dataDir: string;
  readonly store: EmbeddedMongo;
  readonly client: mongoose.mongo.MongoClient;
  /** Empty at the start of each test. */
  readonly db: mongoose.mongo.Db;
  things(): mongoose.mongo.Collection<Doc>;
}

export function useEmbeddedMongo(): EmbeddedFixture {
  let opened: { dataDir: string; store: EmbeddedMongo; client: mongoose.mongo.MongoClient } | null = null;
  let counter = 0;
  const current = () => {
    if (opened === null) throw new Error("the store is open inside tests only");
    return opened;
  };
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "embedded-mongo-"));
    const store = await startEmbeddedMongo({ dataDir, ttlIntervalMs: 50 });
    const client = await new MongoClient(store.uri, { maxPoolSize: 64 }).connect();
    opened = { dataDir, store, client };
  });
  beforeEach(() => {
    counter += 1;
  });
  afterAll(async () => {
    const { client, store, dataDir } = current();
    await client.close();
    await store.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    get dataDir() {
      return current().dataDir;
    },
    get store() {
      return current().store;
    },
    get client() {
      return current().client;
    },
    get db() {
      return current().client.db(`test${counter}`);
    },
    things: () => current().client.db(`test${counter}`).collection<Doc>("things"),
  };
}

/** The code the server refuses with, or undefined where it does not refuse. */
export async function codeOf(promise: Promise<unknown>): Promise<number | string | undefined> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MongoServerError) return error.code;
    throw error;
  }
  return undefined;
}
