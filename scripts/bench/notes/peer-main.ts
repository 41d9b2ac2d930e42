// A server to compare with, as a process: `@y/websocket-server`, `@hocuspocus/server`, or one that relays bytes only,
// without keeping them and with.
import { constants, open, write } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { WebSocketServer, type WebSocket } from "ws";
import { durableFrame } from "../../../realtime/notes/frames.ts";
import { journalLimits } from "../../../server/platform/journal/journal-limits.ts";
import { notesMessage } from "../../../shared/protocol/notes-sync.ts";

const stepUpdate = 2;

const [kind, dataDir] = process.argv.slice(2);
if (kind === undefined || dataDir === undefined) throw new Error("Usage: peer-main.ts KIND DIRECTORY");
const start: Record<string, () => Promise<number>> = {
  "@y/websocket-server": startYWebsocketServer,
  "@hocuspocus/server": startHocuspocus,
  relay: () => startRelay(),
  "storing relay": async () => startRelay(await startLog(join(dataDir, "log"))),
};
const port = await start[kind]?.();
if (port === undefined) throw new Error(`No server is named ${kind}.`);
console.log(`Listening at http://127.0.0.1:${port}`);

// Neither has anything to store to: their documents live in memory only.
async function startYWebsocketServer(): Promise<number> {
  const { setupWSConnection } = await import("@y/websocket-server/utils");
  return listen((socket, request) => setupWSConnection(socket, request, {}));
}

async function startHocuspocus(): Promise<number> {
  const { Server } = await import("@hocuspocus/server");
  const server = new Server({ port: 0, address: "127.0.0.1", quiet: true, stopOnSignals: false });
  await server.listen();
  return (server.httpServer.address() as AddressInfo).port;
}

/**
 * The floor: what comes in goes out to the others in the room, unread. With a log it is stored and acknowledged, too:
 * the least that a server can spend that keeps what it passes on, as it checks nothing, knows nobody and files nothing.
 */
function startRelay(log?: (update: Update) => void): Promise<number> {
  const rooms = new Map<string, Set<WebSocket>>();
  return listen((socket, { url = "" }) => {
    const room = rooms.get(url) ?? new Set();
    rooms.set(url, room.add(socket));
    let stored = 0;
    socket.on("message", (data: Buffer) => {
      for (const other of room) if (other !== socket) other.send(data);
      const isUpdate = data[0] === notesMessage.sync && data[1] === stepUpdate;
      if (isUpdate) log?.({ data, durable: () => socket.send(durableFrame((stored += 1))) });
    });
    socket.on("close", () => room.delete(socket));
  });
}

interface Update {
  data: Buffer;
  durable(): void;
}

/** One write for all that came within the journal's window, to a file that is written through to the disk. */
async function startLog(path: string): Promise<(update: Update) => void> {
  const { O_WRONLY, O_CREAT, O_DSYNC } = constants;
  const file = await promisify(open)(path, O_WRONLY | O_CREAT | O_DSYNC, 0o600);
  let waiting: Update[] = [];
  let writing: Update[] = [];
  const flush = () => {
    writing = waiting;
    waiting = [];
    write(file, Buffer.concat(writing.map(({ data }) => data)), (error) => {
      if (error !== null) throw error;
      for (const { durable } of writing) durable();
      writing = [];
      if (waiting.length > 0) setTimeout(flush, journalLimits.windowMs);
    });
  };
  return (update) => {
    if (waiting.push(update) === 1 && writing.length === 0) setTimeout(flush, journalLimits.windowMs);
  };
}

async function listen(onConnection: (socket: WebSocket, request: IncomingMessage) => void): Promise<number> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
