// Puts the parts together: storage, catalogue, write queue, cursors, the listening socket and the timers.
import { createServer, type Server, type Socket } from "node:net";
import { CursorRegistry } from "./commands/cursors.ts";
import type { Engine } from "./commands/context.ts";
import { Catalog } from "./storage/catalog.ts";
import { lockDirectory } from "./storage/directory-lock.ts";
import { openSqliteStorage } from "./storage/sqlite-storage.ts";
import { WriteQueue } from "./storage/write-queue.ts";
import { sweepExpired } from "./ttl-sweeper.ts";
import { Connection } from "./wire/connection.ts";
import { scramCredentials } from "./wire/scram.ts";

export interface ServerOptions {
  directory: string;
  /** 0: any free one. */
  port: number;
  user: string;
  secret: string;
  /** How often documents past their TTL are removed. */
  ttlIntervalMs: number;
  report(error: unknown, where: string): void;
}

export interface RunningServer {
  port: number;
  /** Refuses new work, commits what was taken, and closes the data file. */
  stop(): Promise<void>;
}

const cursorSweepMs = 30_000;
const maxConnections = 2000;

/** Throws StorageOpenError where the directory or its data cannot be used. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const lock = lockDirectory(options.directory);
  try {
    const storage = openSqliteStorage(options.directory);
    try {
      const catalog = new Catalog(storage);
      const writes = new WriteQueue(storage, catalogHooks(catalog));
      const nowMs = () => Date.now();
      const engine: Engine = {
        storage,
        catalog,
        writes,
        cursors: new CursorRegistry(nowMs),
        credentials: scramCredentials(options.user, options.secret),
        nowMs,
      };
      const sockets = new Set<Socket>();
      const listener = await listen(engine, options, sockets);
      const stopTimers = startTimers(engine, options);
      return {
        port: portOf(listener),
        async stop() {
          stopTimers();
          listener.close();
          await writes.close();
          for (const socket of sockets) socket.destroySoon();
          storage.close();
          lock.release();
        },
      };
    } catch (error) {
      storage.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function catalogHooks(catalog: Catalog): { rolledBack(): void; committed(): void } {
  return { rolledBack: () => catalog.rolledBack(), committed: () => catalog.committed() };
}

async function listen(engine: Engine, options: ServerOptions, sockets: Set<Socket>): Promise<Server> {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    new Connection(socket, { engine, connectionId: connections, report: options.report });
  });
  listener.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(options.port, "127.0.0.1", resolve);
  });
  return listener;
}

function portOf(listener: Server): number {
  const address = listener.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

function startTimers(engine: Engine, options: ServerOptions): () => void {
  const cursors = setInterval(() => engine.cursors.sweep(), cursorSweepMs);
  let sweeping = false;
  const ttl = setInterval(() => {
    if (sweeping) return;
    sweeping = true;
    sweepExpired(engine)
      .catch((error: unknown) => options.report(error, "ttl"))
      .finally(() => (sweeping = false));
  }, options.ttlIntervalMs);
  return () => {
    clearInterval(cursors);
    clearInterval(ttl);
  };
}
