// Puts the parts together: the lock, the engine threads and the listening socket.
import { createServer, type Server, type Socket } from "node:net";
import { QuickFinds } from "./commands/quick-find.ts";
import { lockDirectory } from "./storage/directory-lock.ts";
import { EngineThread } from "./threads/engine-thread.ts";
import { Connection, type ConnectionOptions } from "./wire/connection.ts";
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

const maxConnections = 2000;
/** Connections that have not said anything whole yet; beyond it the oldest of them is closed. */
const maxSilentConnections = 500;

/** Throws StorageOpenError where the directory or its data cannot be used. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { directory, ttlIntervalMs, report } = options;
  const lock = lockDirectory(directory);
  const nowMs = () => Date.now();
  let quick: QuickFinds | null = null;
  const writer = new EngineThread({
    thread: { role: "writer", directory, ttlIntervalMs },
    report,
    answered: () => quick?.refresh(),
  });
  const reader = new EngineThread({ thread: { role: "reader", directory }, report });
  try {
    // The writer first: it creates the file, and repairs what a crash left.
    await writer.start();
    await reader.start();
    const finds = (quick = new QuickFinds({ directory, nowMs, report }));
    const sockets = new Set<Socket>();
    const listener = await listen(options, sockets, {
      credentials: scramCredentials(options.user, options.secret),
      nowMs,
      quick: (message) => finds.answer(message),
      forward: (place, message) => (place === "reader" ? reader : writer).run(message),
      report,
    });
    return {
      port: portOf(listener),
      async stop() {
        listener.close();
        finds.close();
        await Promise.all([writer.close(), reader.close()]);
        for (const socket of sockets) socket.destroySoon();
        lock.release();
      },
    };
  } catch (error) {
    quick?.close();
    await Promise.all([writer.close(), reader.close()]);
    lock.release();
    throw error;
  }
}

async function listen(
  options: ServerOptions,
  sockets: Set<Socket>,
  forConnections: Omit<ConnectionOptions, "connectionId" | "onFirstMessage">,
): Promise<Server> {
  let connections = 0;
  const silent = new Set<Socket>();
  const listener = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    silent.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      silent.delete(socket);
    });
    new Connection(socket, {
      ...forConnections,
      connectionId: connections,
      onFirstMessage: () => silent.delete(socket),
    });
    const [oldest] = silent;
    if (silent.size > maxSilentConnections) oldest?.destroy();
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
