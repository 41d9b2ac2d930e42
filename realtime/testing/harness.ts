// Runs the realtime core on a real HTTP server for tests, with real Socket.IO and y-websocket clients.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import type { MeetingId } from "../../shared/ids.ts";
import { notesMessage } from "../../shared/protocol/notes-sync.ts";
import type { ClientEventInput, ClientEventName } from "../../shared/protocol/socket-events.ts";
import { createRealtime, type Realtime } from "../index.ts";
import { createFakeHouse, type FakeHouse } from "./fake-ports.ts";

export interface NotesClient {
  doc: Y.Doc;
  provider: WebsocketProvider;
  text(): string;
  /** Highest "durable" count of the current connection. */
  durable(): number;
  refusals: { code: string }[];
  closes: number[];
}

export interface Harness {
  house: FakeHouse;
  realtime: Realtime;
  port: number;
  url: string;
  connect(token: string, options?: Partial<ManagerOptions & SocketOptions>): Promise<Socket>;
  /** The acknowledgement, whatever it is. */
  emit<Name extends ClientEventName>(
    socket: Socket,
    name: Name,
    input: ClientEventInput<Name>,
  ): Promise<Record<string, unknown>>;
  openNotes(token: string, meetingId: MeetingId, layer?: "mine"): NotesClient;
  /** A bare WebSocket on a notes address, with the frames it got. */
  openRaw(
    path: string,
    options?: WebSocket.ClientOptions,
  ): { socket: WebSocket; frames: Uint8Array[]; closed: Promise<number> };
  close(): Promise<void>;
}

export async function startHarness(options: { fakeTime?: boolean } = {}): Promise<Harness> {
  const house = createFakeHouse(options);
  const server: Server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const realtime = createRealtime(house.ports, { allowedOrigins: [`http://localhost:${port}`] });
  realtime.attach(server);
  const sockets: Socket[] = [];
  const notes: NotesClient[] = [];
  const raw: WebSocket[] = [];

  return {
    house,
    realtime,
    port,
    url: `http://127.0.0.1:${port}`,
    async connect(token, socketOptions) {
      const socket = io(`http://127.0.0.1:${port}`, {
        auth: { token },
        transports: ["websocket"],
        forceNew: true,
        reconnectionDelay: 10,
        ...socketOptions,
      });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      return socket;
    },
    emit: (socket, name, input) =>
      socket.timeout(20_000).emitWithAck(name, input) as Promise<Record<string, unknown>>,
    openNotes(token, meetingId, layer) {
      const client = createNotesClient(port, token, meetingId, layer);
      notes.push(client);
      return client;
    },
    openRaw(path, socketOptions) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, socketOptions);
      raw.push(socket);
      const frames: Uint8Array[] = [];
      socket.on("message", (data: Buffer) => frames.push(new Uint8Array(data)));
      const closed = new Promise<number>((resolve, reject) => {
        socket.once("close", resolve);
        socket.once("error", reject);
      });
      // Tests that do not wait for it must not fail by it.
      closed.catch(() => undefined);
      return { socket, frames, closed };
    },
    async close() {
      for (const socket of sockets) socket.disconnect();
      for (const { provider, doc } of notes) {
        provider.awareness.destroy();
        provider.destroy();
        doc.destroy();
      }
      for (const socket of raw) socket.terminate();
      const stopped = realtime.stop(1_000);
      if (options.fakeTime === true) house.advance(5_000);
      await stopped;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createNotesClient(
  port: number,
  token: string,
  meetingId: MeetingId,
  layer: "mine" | undefined,
): NotesClient {
  const doc = new Y.Doc();
  let durable = 0;
  const refusals: { code: string }[] = [];
  const closes: number[] = [];
  const room = layer === undefined ? meetingId : `${meetingId}/${layer}`;
  const provider = new WebsocketProvider(`ws://127.0.0.1:${port}/notes`, room, doc, {
    params: { token },
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
    maxBackoffTime: 200,
    connect: false,
  });
  // Where a stock client would note an unknown message on the console, ours reads it.
  provider.messageHandlers[notesMessage.durable] = (_encoder, decoder) => {
    durable = decoding.readVarUint(decoder);
  };
  provider.messageHandlers[notesMessage.refused] = (_encoder, decoder) => {
    refusals.push(JSON.parse(decoding.readVarString(decoder)) as { code: string });
  };
  provider.on("connection-close", (event) => {
    durable = 0;
    if (event !== null) closes.push(event.code);
  });
  provider.connect();
  return {
    doc,
    provider,
    text: () => doc.getText("text").toString(),
    durable: () => durable,
    refusals,
    closes,
  };
}

/** Resolves when the condition holds; looks again after each turn of the event loop. Rejects after 20 s. */
export async function until(condition: () => boolean, what = "the condition"): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`Timed out waiting for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function synced({ provider }: NotesClient): Promise<void> {
  return until(() => provider.synced, "the notes to sync");
}

/** What the server sent this client before has arrived when this resolves: a pong comes behind it. */
export async function roundTrip({ provider }: NotesClient): Promise<void> {
  const socket = provider.ws as unknown as WebSocket | null;
  if (socket === null) return;
  await new Promise<void>((resolve) => {
    socket.once("pong", () => resolve());
    socket.ping();
  });
}
