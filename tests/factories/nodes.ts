// Several real servers on one store and one Redis, behind a balancer, with clients of them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import * as decoding from "lib0/decoding";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { mintTokenFor } from "../../server/vendors/identity/emulator/access-token.ts";
import { notesMessage } from "../../shared/protocol/notes-sync.ts";
import { socketReconnect, spreadReconnects } from "../../shared/protocol/reconnect.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { startRedis } from "./redis.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { ownDatabase } from "./store.ts";
import { startTcpProxy, type Filter, type TcpProxy } from "./tcp-proxy.ts";

/** A bearer token, or the cookie of a browser that is on a page of ours. */
export type Credentials = string | { cookie: string };

export interface NodesWorld {
  nodes: TestServer[];
  /** Of all of them. */
  dataDir: string;
  /** Address of whichever node answers. */
  anyUrl: string;
  /** Between node and Redis, where `proxied` was asked for. */
  networks: TcpProxy[];
  token(name: string): Promise<string>;
  /** An active meeting of these people; the first is its host. */
  meeting(names: string[]): Promise<Meeting>;
  api<Answer>(url: string, who: Credentials, method: string, path: string, body?: unknown): Promise<Answer>;
  connect(url: string, who: Credentials): Promise<Socket>;
  openNotes(url: string, who: Credentials, path: string): NotesClient;
  close(): Promise<void>;
}

export interface NotesClient {
  doc: Y.Doc;
  provider: WebsocketProvider;
  edits(): string[];
  push(edit: string): void;
  /** "Durable" count of the current connection. */
  durable(): number;
  closes: number[];
}

export interface NodesOptions {
  /** A proxy between each node and Redis. */
  proxied?: boolean;
  /** Of what Redis says to each of them through it. */
  filter?: () => Filter;
  /** Of each node. */
  environment?: Record<string, string>;
}

export async function startNodes(count: number, options: NodesOptions = {}): Promise<NodesWorld> {
  const cleanups: (() => unknown)[] = [];
  try {
    return await start(count, options, cleanups);
  } catch (error) {
    for (const cleanup of cleanups.reverse()) await cleanup();
    throw error;
  }
}

async function start(count: number, options: NodesOptions, cleanups: (() => unknown)[]): Promise<NodesWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-nodes-"));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const own = ownDatabase("nodes");
  const store =
    own === null
      ? await startEmbeddedMongo({ dataDir: join(dataDir, "store") })
      : { uri: own.uri, stop: own.drop };
  cleanups.push(() => store.stop());
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  const nodes: TestServer[] = [];
  const networks: TcpProxy[] = [];
  for (let index = 0; index < count; index += 1) {
    let redisUrl = redis.url;
    if (options.proxied === true) {
      const network = await startTcpProxy(() => [Number(new URL(redis.url).port)], options.filter?.());
      cleanups.push(() => network.close());
      networks.push(network);
      redisUrl = `redis://127.0.0.1:${network.port}`;
    }
    // One directory for all: it holds the keys of the local sign-in.
    const environment = {
      DATA_DIR: dataDir,
      MONGODB_URI: store.uri,
      REDIS_URL: redisUrl,
      ROLES: "api,realtime",
      RATE_LIMITS: "off",
      ...options.environment,
    };
    const node = await startTestServer({ environment });
    nodes.push(node);
    cleanups.push(() => node.close());
  }
  const balancer = await startTcpProxy(() => nodes.map(({ port }) => port));
  cleanups.push(() => balancer.close());
  const sockets: Socket[] = [];
  const notes: NotesClient[] = [];
  const first = nodes[0] as TestServer;

  const world: NodesWorld = {
    nodes,
    dataDir,
    anyUrl: `http://127.0.0.1:${balancer.port}`,
    networks,
    token: (name) => mintTokenFor(dataDir, { email: `${name}@example.org`, name }, new Date()),
    async meeting([host = "host", ...guests]) {
      const token = await world.token(host);
      // People exist from their first request on.
      for (const guest of guests) await world.api(first.url, await world.token(guest), "GET", "/api/v1/me");
      const meeting = await world.api<Meeting>(first.url, token, "POST", "/api/v1/meetings", {
        title: "On many nodes",
        participants: guests.map((name) => ({ email: `${name}@example.org`, role: "participant" })),
      });
      return world.api<Meeting>(first.url, token, "POST", `/api/v1/meetings/${meeting.id}/start`);
    },
    async api<Answer>(url: string, who: Credentials, method: string, path: string, body?: unknown) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...headersOf(url, who),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      const text = await response.text();
      return (text === "" ? undefined : JSON.parse(text)) as Answer;
    },
    async connect(url, who) {
      const socket = io(url, {
        ...(typeof who === "string" ? { auth: { token: who } } : { extraHeaders: headersOf(url, who) }),
        transports: ["websocket"],
        forceNew: true,
        ...socketReconnect,
      });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      return socket;
    },
    openNotes(url, who, path) {
      const client = openNotesClient(url, who, path);
      notes.push(client);
      return client;
    },
    async close() {
      for (const socket of sockets) socket.disconnect();
      for (const { provider, doc } of notes) {
        provider.awareness.destroy();
        provider.destroy();
        doc.destroy();
      }
      for (const cleanup of cleanups.reverse()) await cleanup();
    },
  };
  return world;
}

/** As a page of ours sends it, or a script. */
export function headersOf(url: string, who: Credentials): Record<string, string> {
  if (typeof who === "string") return { authorization: `Bearer ${who}` };
  return { cookie: who.cookie, origin: url, "x-connvo-client": "1" };
}

function socketWith(headers: Record<string, string>) {
  return class extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers });
    }
  };
}

/** Of any server; whoever opens it destroys it. The path is a meeting's id, with `/mine` for one's own layer. */
export function openNotesClient(url: string, who: Credentials, path: string): NotesClient {
  const doc = new Y.Doc();
  const edits = doc.getArray<string>("edits");
  const closes: number[] = [];
  let durable = 0;
  const provider = new WebsocketProvider(`${url.replace(/^http/, "ws")}/notes`, path, doc, {
    params: typeof who === "string" ? { token: who } : {},
    WebSocketPolyfill: (typeof who === "string" ? WebSocket : socketWith(headersOf(url, who))) as never,
    disableBc: true,
    connect: false,
  });
  spreadReconnects(provider, Math.random);
  provider.messageHandlers[notesMessage.durable] = (_encoder, decoder) => {
    durable = decoding.readVarUint(decoder);
  };
  provider.on("connection-close", (event) => {
    durable = 0;
    if (event !== null) closes.push(event.code);
  });
  provider.connect();
  return {
    doc,
    provider,
    edits: () => edits.toArray(),
    push: (edit) => edits.push([edit]),
    durable: () => durable,
    closes,
  };
}

/** Resolves when the condition holds. Rejects after 60 s. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`Timed out waiting for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
