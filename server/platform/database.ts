// The document store behind everything: MongoDB where one is given or installed, else the embedded store.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { access, chmod, constants, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import mongoose from "mongoose";
import { startEmbeddedMongo } from "../embedded-mongo/launch.ts";
import { StartError, type Config } from "./config.ts";
import type { Logger } from "./logger.ts";
import { traceStore } from "./store-tracing.ts";
import { noTracing, type Tracing } from "./tracing.ts";
import { parseMongodbUri } from "./mongodb-uri.ts";

export interface Database {
  connection: mongoose.Connection;
  kind: "mongodb" | "mongod" | "embedded";
  /** Resolves with a sentence if the store stops by itself; never otherwise. */
  failed: Promise<string>;
  ping(): Promise<void>;
  /**
   * The embedded store: leaves no byte of what was removed in its files. Another store keeps and overwrites such bytes by
   * rules of its own, which are whoever's who runs it.
   */
  compact(): Promise<void>;
  close(): Promise<void>;
}

interface StoreProcess {
  uri: string;
  kind: Database["kind"];
  failed: Promise<string>;
  stop(): Promise<void>;
}

/** Of the embedded store, of mongod from the PATH, and where MONGODB_URI names none. */
export const defaultDatabaseName = "connvo";
/** In DATA_DIR while data is being put in its place: half of it may be moved, so that nothing must start on it. */
export const replacementFile = "replacement.json";
const connectTimeoutMs = 15_000;
const mongodKeeper = fileURLToPath(new URL("./mongod-keeper.ts", import.meta.url));

/** Opens the store that the configuration names. Throws StartError in words a person can act on. */
export async function openDatabase(
  config: Config,
  logger: Logger,
  tracing: Tracing = noTracing,
): Promise<Database> {
  await ensureWritable(config.dataDir);
  if (existsSync(join(config.dataDir, replacementFile)))
    throw new StartError(
      `A restore into ${config.dataDir} was interrupted: run \`npm run restore\` without a file to finish it, then start again.`,
    );
  const store = await startStore(config, logger);
  try {
    const connecting = mongoose
      .createConnection(store.uri, {
        dbName: databaseNameOf(config.mongodbUri),
        serverSelectionTimeoutMS: connectTimeoutMs,
        autoIndex: false,
        autoCreate: false,
        monitorCommands: tracing.on,
        writeConcern: { w: "majority", journal: true },
      })
      .asPromise();
    const stoppedFirst = store.failed.then((sentence) => Promise.reject(new StartError(sentence)));
    const connection = await Promise.race([connecting, stoppedFirst]);
    if (tracing.on) traceStore(connection, tracing);
    return {
      connection,
      kind: store.kind,
      failed: store.failed,
      async ping() {
        await connection.db?.command({ ping: 1 });
      },
      async compact() {
        if (store.kind === "embedded") await connection.db?.command({ compact: "users" });
      },
      async close() {
        await connection.close();
        await store.stop();
      },
    };
  } catch (error) {
    await store.stop();
    if (error instanceof StartError) throw error;
    throw new StartError(
      config.mongodbUri === null
        ? "The document store on this machine started but could not be spoken to: see the log above."
        : `MongoDB at MONGODB_URI did not answer within ${connectTimeoutMs / 1000} seconds: check the address, the password and that it runs.`,
      { cause: error },
    );
  }
}

/** The database that this application uses there; null stands for a store on this machine. */
export function databaseNameOf(mongodbUri: string | null): string {
  return (mongodbUri === null ? null : parseMongodbUri(mongodbUri)?.database) ?? defaultDatabaseName;
}

async function startStore(config: Config, logger: Logger): Promise<StoreProcess> {
  if (config.mongodbUri !== null) {
    return {
      uri: config.mongodbUri,
      kind: "mongodb",
      failed: new Promise(() => undefined),
      stop: async () => undefined,
    };
  }
  const embeddedDir = join(config.dataDir, "store");
  const mongod = await findMongod();
  // Data written by the embedded store must not seem lost because somebody installed MongoDB later.
  if (mongod !== null && !existsSync(embeddedDir)) return startMongod(mongod, join(config.dataDir, "mongod"));
  if (mongod !== null)
    logger.info({}, "mongod is installed, but this data directory holds an embedded store: using that");
  try {
    await makePrivate(embeddedDir);
    const store = await startEmbeddedMongo({ dataDir: embeddedDir });
    let stopping = false;
    const failed = new Promise<string>((resolve) => {
      void store.exited.finally(() =>
        stopping ? undefined : resolve("The embedded store stopped unexpectedly."),
      );
    });
    return {
      uri: store.uri,
      kind: "embedded",
      failed,
      stop() {
        stopping = true;
        return store.stop();
      },
    };
  } catch (error) {
    throw new StartError(
      error instanceof Error ? error.message : "The embedded store could not be started.",
      {
        cause: error,
      },
    );
  }
}

async function findMongod(): Promise<string | null> {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    if (directory === "") continue;
    const candidate = join(directory, process.platform === "win32" ? "mongod.exe" : "mongod");
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here: look on.
    }
  }
  return null;
}

async function startMongod(program: string, dbPath: string): Promise<StoreProcess> {
  await makePrivate(dbPath);
  const port = await freePort();
  const options = ["--dbpath", dbPath, "--port", String(port), "--bind_ip", "127.0.0.1", "--quiet"];
  const child = spawn(process.execPath, [mongodKeeper, program, ...options], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`mongod could not be started: ${error.message}`));
    child.once("exit", (code) => resolve(`mongod stopped with exit code ${code ?? "none"}.`));
  });
  let stopping = false;
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    kind: "mongod",
    failed: new Promise(
      (resolve) => void exited.then((sentence) => (stopping ? undefined : resolve(sentence))),
    ),
    async stop() {
      stopping = true;
      child.stdin.end();
      await exited;
    },
  };
}

async function ensureWritable(directory: string): Promise<void> {
  const probe = join(directory, `.write-test-${process.pid}`);
  try {
    await makeDirectory(directory);
    await writeFile(probe, "");
    await rm(probe, { force: true });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new StartError(
      `DATA_DIR ${directory} cannot be written to (${reason}): make it writable or set DATA_DIR to another directory.`,
      { cause: error },
    );
  }
}

/** What people say and write lies in it unencrypted: other users of this machine have no way in, also where an earlier version left one. */
async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { mode } = await stat(directory);
  // A group that its owner let in on purpose stays.
  if ((mode & 0o007) !== 0) await chmod(directory, mode & 0o770).catch(() => undefined);
}

// Step by step: Node's own recursive mkdir never returns below file systems that answer ENOENT, such as /proc.
async function makeDirectory(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  await makeDirectory(dirname(directory));
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}
