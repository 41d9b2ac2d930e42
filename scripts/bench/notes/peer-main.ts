// A server to compare with, as a process: `@y/websocket-server`, `@hocuspocus/server`, or one that relays bytes only.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

const [kind] = process.argv.slice(2);
const start: Record<string, () => Promise<number>> = {
  "@y/websocket-server": startYWebsocketServer,
  "@hocuspocus/server": startHocuspocus,
  relay: startRelay,
};
const port = await start[kind ?? ""]?.();
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

/** The floor: what comes in goes out to the others in the room, unread. */
function startRelay(): Promise<number> {
  const rooms = new Map<string, Set<WebSocket>>();
  return listen((socket, { url = "" }) => {
    const room = rooms.get(url) ?? new Set();
    rooms.set(url, room.add(socket));
    socket.on("message", (data) => {
      for (const other of room) if (other !== socket) other.send(data);
    });
    socket.on("close", () => room.delete(socket));
  });
}

async function listen(onConnection: (socket: WebSocket, request: IncomingMessage) => void): Promise<number> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
