// The notes WebSockets on the HTTP server: the upgrade, letting people in, and everything that closes them again.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { WebSocket, WebSocketServer } from "ws";
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type UserId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import { notesStreams, type NotesLayer } from "../../shared/protocol/notes-sync.ts";
import type { AccessEpoch, Doorkeeper } from "../access.ts";
import { bounds } from "../bounds.ts";
import { toClientError } from "../errors.ts";
import { metricNames } from "../metrics.ts";
import type { NotesDocument, Origin, RealtimePorts } from "../ports.ts";
import { rejectUpgrade } from "../reject-upgrade.ts";
import { waitAtMost, withTimeout } from "../timeouts.ts";
import { AwarenessRelay } from "./awareness-relay.ts";
import { closeFor, notesClose, type NotesClose } from "./close-codes.ts";
import { NotesConnection } from "./connection.ts";
import { NotesRooms } from "./room.ts";
import { NotesSocket } from "./socket.ts";
import { Turns } from "./turns.ts";

export interface NotesServer {
  /** True where the request was one for notes, whatever came of it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** People with notes of this meeting open. */
  people(meetingId: MeetingId): UserId[];
  /** Everybody who has notes open here. */
  places(): { meetingId: MeetingId; userId: UserId }[];
  recheckAccess(meetingId: MeetingId, userId: UserId): Promise<void>;
  /** Sends everybody of the meeting to another process of whom everything is durable; how many connections that were. */
  letGo(meetingId: MeetingId): number;
  /** Whoever is meant may not be here any more. */
  endWhere(matches: (actor: Actor) => boolean): void;
  /** They come back by themselves, with a fresh proof of identity. */
  reconnect(matches: (actor: Actor) => boolean): void;
  /** Everybody who has the document open comes back to it as it is now. */
  reload(documentId: string): void;
  sweep(nowMs: number): void;
  connectionCount(): number;
  roomCount(): number;
  stop(graceMs: number): Promise<void>;
}

interface Options {
  ports: RealtimePorts;
  doorkeeper: Doorkeeper;
  epoch: AccessEpoch;
}

export function createNotesServer({ ports, doorkeeper, epoch }: Options): NotesServer {
  const rooms = new NotesRooms(ports);
  const turns = new Turns();
  const relay = new AwarenessRelay(ports, rooms);
  const byMeeting = new Map<MeetingId, Set<NotesConnection>>();
  const perPerson = new Map<UserId, number>();
  let connections = 0;
  let opened = 0;
  let stopping = false;
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Room for a refusal in words; far larger ones are cut off while they arrive.
    maxPayload: limits.notesFrameMaxBytes + 64 * 1024,
    WebSocket: NotesSocket,
  });
  // Its own answer would have a form of its own.
  webSockets.on("wsClientError", (_error, socket) => rejectUpgrade(socket, "MALFORMED_REQUEST"));

  const all = () => [...byMeeting.values()].flatMap((set) => [...set]);

  async function letIn(
    socket: NotesSocket,
    stream: Duplex,
    request: IncomingMessage,
    target: Target,
  ): Promise<void> {
    // Not read from until the room is there, so that nothing has to be kept meanwhile.
    socket.pause();
    let actor: Actor | null = null;
    let counted = false;
    try {
      const identify = () =>
        withTimeout(ports, doorkeeper.authenticate(request, target.token), bounds.notesOpenMs);
      const asked = epoch.current;
      actor = await identify();
      await ports.limits.connecting(originOf(actor, request));
      countPerson(actor.userId, 1);
      counted = true;
      await openFor(socket, stream, { actor, asked, identify }, target);
    } catch (thrown) {
      if (actor !== null && counted) countPerson(actor.userId, -1);
      const error = toClientError(thrown);
      const reason = closeFor(error);
      if (actor !== null && reason === notesClose.forbidden) {
        ports.refused(originOf(actor, request), "notes.open", target.meetingId, error.code);
      }
      if (reason === notesClose.tryAgain && error.code !== "SHUTTING_DOWN") {
        ports.log("warn", "notes could not be opened", {
          meetingId: target.meetingId,
          error: error.cause instanceof Error ? error.cause : error,
        });
      }
      refuse(socket, reason);
    }
  }

  function originOf(actor: Actor, request: IncomingMessage): Origin {
    return {
      actor,
      ipAddress: ports.addressOf(request),
      userAgent: request.headers["user-agent"] ?? null,
    };
  }

  async function openFor(socket: NotesSocket, stream: Duplex, who: Asked, target: Target): Promise<void> {
    let { actor, asked } = who;
    if ((perPerson.get(actor.userId) ?? 0) > limits.socketsPerPerson) {
      throw new AppError("RATE_LIMITED", "Too many notes are open at once.");
    }
    for (;;) {
      const access = await withTimeout(
        ports,
        ports.notes.open(actor, target.meetingId, target.layer),
        bounds.notesOpenMs,
      );
      const room = await acquire(access.documentId);
      if (stopping) {
        rooms.release(room);
        throw new AppError("SHUTTING_DOWN", "The server restarts.");
      }
      // Access moved, or a session ended, while the document was loading: what was decided before may be wrong by now.
      if (asked !== epoch.current) {
        rooms.release(room);
        asked = epoch.current;
        actor = await who.identify();
        continue;
      }
      if (socket.readyState !== WebSocket.OPEN) {
        rooms.release(room);
        countPerson(actor.userId, -1);
        return;
      }
      const { mode } = access;
      const options = { socket, stream, mode, room, rooms, turns, ports, onClosed: forget };
      const connection = new NotesConnection({
        ...options,
        ...alike(actor, target.meetingId),
        layer: target.layer,
        pingEarlierMs: (opened * bounds.sweepMs) % bounds.notesPingMs,
      });
      opened += 1;
      remember(connection);
      connection.open();
      return;
    }
  }

  /** The same in the words of a connection that is there: a person's layers and tabs hold who they are once. */
  function alike(actor: Actor, meetingId: MeetingId): { actor: Actor; meetingId: MeetingId } {
    const there = [...(byMeeting.get(meetingId) ?? [])];
    const same = there.find((other) => isDeepStrictEqual(other.actor, actor));
    return { actor: same?.actor ?? actor, meetingId: there[0]?.meetingId ?? meetingId };
  }

  async function acquire(documentId: string) {
    const loading = rooms.acquire(documentId);
    try {
      return await withTimeout(ports, loading, bounds.notesOpenMs);
    } catch (error) {
      // It may still arrive after the time-out: nobody holds it then.
      loading.then(
        (room) => rooms.release(room),
        () => undefined,
      );
      throw error;
    }
  }

  function remember(connection: NotesConnection): void {
    const set = byMeeting.get(connection.meetingId) ?? new Set();
    byMeeting.set(connection.meetingId, set.add(connection));
    connections += 1;
    ports.gauge(metricNames.notesConnections, connections);
    ports.gauge(metricNames.openDocuments, rooms.size);
  }

  function forget(connection: NotesConnection): void {
    const set = byMeeting.get(connection.meetingId);
    set?.delete(connection);
    if (set?.size === 0) byMeeting.delete(connection.meetingId);
    countPerson(connection.actor.userId, -1);
    connections -= 1;
    ports.gauge(metricNames.notesConnections, connections);
    ports.gauge(metricNames.openDocuments, rooms.size);
  }

  function countPerson(userId: UserId, by: number): void {
    const count = (perPerson.get(userId) ?? 0) + by;
    if (count > 0) perPerson.set(userId, count);
    else perPerson.delete(userId);
  }

  function refuse(socket: WebSocket, reason: NotesClose): void {
    ports.count(metricNames.connectionsRefused, 1);
    socket.resume();
    socket.close(reason.code, reason.text);
  }

  async function recheck(connection: NotesConnection): Promise<void> {
    const { actor, meetingId, layer } = connection;
    let access: NotesDocument;
    try {
      access = await withTimeout(ports, ports.notes.open(actor, meetingId, layer), bounds.notesOpenMs);
    } catch (thrown) {
      const reason = closeFor(toClientError(thrown));
      if (reason === notesClose.forbidden) ports.count(metricNames.accessRevoked, 1);
      // Where nobody can say whether they may, they may not for now.
      return connection.close(reason);
    }
    connection.mode = access.mode;
  }

  return {
    handleUpgrade(request, socket, head) {
      const target = parseTarget(request);
      if (target === null) return false;
      if (target === "malformed") rejectUpgrade(socket, "NOT_FOUND");
      else if (!doorkeeper.originAllowed(request)) rejectUpgrade(socket, "FORBIDDEN");
      else if (stopping) rejectUpgrade(socket, "SHUTTING_DOWN");
      // A refusal needs an open WebSocket: browsers do not show a page why an upgrade failed.
      else
        webSockets.handleUpgrade(
          request,
          socket,
          head,
          (opened) => void letIn(opened, socket, request, target),
        );
      return true;
    },
    people: (meetingId) => [
      ...new Set([...(byMeeting.get(meetingId) ?? [])].map(({ actor }) => actor.userId)),
    ],
    places: () => all().map(({ meetingId, actor }) => ({ meetingId, userId: actor.userId })),
    async recheckAccess(meetingId, userId) {
      const theirs = [...(byMeeting.get(meetingId) ?? [])].filter(({ actor }) => actor.userId === userId);
      await Promise.all(theirs.map(recheck));
    },
    letGo(meetingId) {
      const theirs = [...(byMeeting.get(meetingId) ?? [])].filter(({ unsavedFrames }) => unsavedFrames === 0);
      for (const connection of theirs) connection.close(notesClose.goingAway);
      return theirs.length;
    },
    endWhere(matches) {
      for (const connection of all())
        if (matches(connection.actor)) connection.close(notesClose.unauthorized);
    },
    reconnect(matches) {
      for (const connection of all())
        if (matches(connection.actor)) connection.close(notesClose.sessionExpired);
    },
    reload: (documentId) => rooms.retire(documentId),
    sweep(nowMs) {
      for (const connection of all()) {
        if (nowMs >= connection.actor.expiresAt.getTime() + bounds.expiryGraceMs) {
          connection.close(notesClose.sessionExpired);
        } else connection.check(nowMs);
      }
      relay.sweep(nowMs);
    },
    connectionCount: () => connections,
    roomCount: () => rooms.size,
    async stop(graceMs) {
      stopping = true;
      for (const connection of all()) connection.stopReading();
      const unsaved = () => all().reduce((sum, connection) => sum + connection.unsavedFrames, 0);
      await waitAtMost(ports, graceMs, () => unsaved() === 0);
      const left = unsaved();
      if (left > 0) ports.log("warn", "stopped with unsaved notes frames", { frames: left });
      for (const connection of all()) connection.close(notesClose.goingAway);
      webSockets.close();
    },
  };
}

/** Whoever is being let in; `asked` says where changes of access stood when they were asked who they are. */
interface Asked {
  actor: Actor;
  asked: number;
  identify(): Promise<Actor>;
}

interface Target {
  meetingId: MeetingId;
  layer: NotesLayer;
  token: string | undefined;
}

/** Null where the address is not one for notes. */
function parseTarget(request: IncomingMessage): Target | "malformed" | null {
  const url = URL.parse(request.url ?? "", "http://notes.invalid");
  if (url === null || !url.pathname.startsWith("/notes/")) return null;
  const [, id, rest = ""] = /^\/notes\/([^/]+)(\/.+?)?\/?$/.exec(url.pathname) ?? [];
  const meetingId = meetingIdSchema.safeParse(id);
  const [layer] = Object.entries(notesStreams).find(([, suffix]) => suffix === rest) ?? [];
  if (!meetingId.success || layer === undefined) return "malformed";
  return {
    // A copy: a piece of the address would keep all of it, the token included, as long as the connection lives.
    meetingId: Buffer.from(meetingId.data).toString() as MeetingId,
    layer: layer as NotesLayer,
    token: url.searchParams.get("token") ?? undefined,
  };
}
