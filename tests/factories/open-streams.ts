// Everything a person can have open of a meeting at several nodes: how each of it ends, and what comes of using it afterwards.
import type { Socket } from "socket.io-client";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { LiveQueryName } from "../../shared/protocol/live-queries.ts";
import type { ServerEventPayload } from "../../shared/protocol/socket-events.ts";
import { headersOf, until, type NodesWorld, type NotesClient } from "./nodes.ts";
import { emit, emitOk, errorCodeOf } from "./sockets.ts";

export type StreamKind = "socket" | "live" | "notes" | "own notes";

/** Somebody who is signed in with a browser. */
export interface StreamOwner {
  email: string;
  userId: UserId;
  sessionId: string;
  cookie: string;
}

interface AnyStream {
  owner: StreamOwner;
  url: string;
  /** On the clock of `performance`; `how` is the event, the reason or the code that its page is told. */
  ended: Promise<{ atMs: number; how: string }>;
  hasEnded(): boolean;
  /** Writes into what was open, and comes back by every way there is: the code of each refusal, or "accepted". */
  useAgain(): Promise<string[]>;
}

export type OpenStream = AnyStream &
  ({ kind: "socket" | "live" } | { kind: "notes" | "own notes"; client: NotesClient });

export interface OpenOptions {
  owner: StreamOwner;
  meetingId: MeetingId;
  kinds: readonly StreamKind[];
  /** Which the "live" stream asks for. */
  query?: LiveQueryName;
}

export interface Opened {
  streams: OpenStream[];
  /** Of each node. */
  sockets: Socket[];
}

/** One of each kind at each node. A live query shares its node's socket, as on a page. */
export async function openStreams(world: NodesWorld, options: OpenOptions): Promise<Opened> {
  const { owner, meetingId, kinds, query = "state" } = options;
  const opened: Opened = { streams: [], sockets: [] };
  for (const { url } of world.nodes) {
    if (kinds.includes("socket") || kinds.includes("live")) {
      const socket = await world.connect(url, owner);
      opened.sockets.push(socket);
      if (kinds.includes("socket"))
        opened.streams.push(await socketStream({ socket, owner, url, meetingId }));
      if (kinds.includes("live"))
        opened.streams.push(await liveStream({ socket, owner, url, meetingId }, query));
    }
    for (const kind of ["notes", "own notes"] as const) {
      if (!kinds.includes(kind)) continue;
      const client = world.openNotes(url, owner, kind === "notes" ? meetingId : `${meetingId}/mine`);
      await until(() => client.provider.synced, "the notes to be synced");
      opened.streams.push(notesStream({ client, owner, url, kind }));
    }
  }
  return opened;
}

interface SocketParts {
  socket: Socket;
  owner: StreamOwner;
  url: string;
  meetingId: MeetingId;
}

async function socketStream({ socket, owner, url, meetingId }: SocketParts): Promise<OpenStream> {
  const end = endOf();
  const engineId = socket.io.engine.id;
  socket.once("access:revoked", () => end.happened("access:revoked"));
  socket.once("disconnect", (reason) => end.happened(reason));
  await emitOk(socket, "meeting:join", { meetingId });
  return {
    kind: "socket",
    owner,
    url,
    ...end.shown,
    async useAgain() {
      if (!socket.connected) {
        const recovered = await fetch(
          `${url}/socket.io/?EIO=4&transport=polling&sid=${encodeURIComponent(engineId ?? "")}`,
          { headers: headersOf(url, owner) },
        );
        return [await connectAgain(socket), recovered.ok ? "accepted" : `HTTP ${recovered.status}`];
      }
      const chunk = { clientKey: "late", text: "late", confidence: 1, startMs: 0, endMs: 1 };
      return [
        codeOf(await emit(socket, "transcript:append", { meetingId, chunks: [chunk] })),
        codeOf(await emit(socket, "chat:send", { meetingId, clientKey: "late", content: "late" })),
        codeOf(await emit(socket, "meeting:join", { meetingId })),
      ];
    },
  };
}

async function liveStream(
  { socket, owner, url, meetingId }: SocketParts,
  query: LiveQueryName,
): Promise<OpenStream> {
  const end = endOf();
  const { id } = await emitOk(socket, "live:subscribe", { query, args: { meetingId } });
  socket.on("live:update", (update: ServerEventPayload<"live:update">) => {
    if (update.id === id && update.error !== undefined) end.happened(update.error.code);
  });
  socket.once("disconnect", (reason) => end.happened(reason));
  return {
    kind: "live",
    owner,
    url,
    ...end.shown,
    async useAgain() {
      if (!socket.connected) return [await connectAgain(socket)];
      return [codeOf(await emit(socket, "live:subscribe", { query, args: { meetingId } }))];
    },
  };
}

function notesStream(parts: {
  client: NotesClient;
  owner: StreamOwner;
  url: string;
  kind: "notes" | "own notes";
}): OpenStream {
  const { client, owner, url, kind } = parts;
  const end = endOf();
  client.provider.on("connection-close", (event) => end.happened(String(event?.code)));
  return {
    kind,
    client,
    owner,
    url,
    ...end.shown,
    async useAgain() {
      const before = client.closes.length;
      client.push("late");
      client.provider.connect();
      await until(() => client.closes.length > before || client.provider.synced, "an answer to coming back");
      return [client.closes.length > before ? String(client.closes.at(-1)) : "accepted"];
    },
  };
}

function endOf() {
  let ended = false;
  const { promise, resolve } = Promise.withResolvers<{ atMs: number; how: string }>();
  return {
    happened(how: string) {
      ended = true;
      resolve({ atMs: performance.now(), how });
    },
    shown: { ended: promise, hasEnded: () => ended },
  };
}

function connectAgain(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once("connect", () => resolve("accepted"));
    socket.once("connect_error", (error: Error & { data?: unknown }) =>
      resolve(errorCodeOf({ error: error.data }) ?? error.message),
    );
    socket.connect();
  });
}

function codeOf(answer: unknown): string {
  return errorCodeOf(answer) ?? "accepted";
}
