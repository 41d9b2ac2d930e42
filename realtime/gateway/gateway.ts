// The Socket.IO side: who may connect, every event parsed, bounded and answered, and what one connection holds.
import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import { meetingIdSchema, type MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import { clientEvents, type ClientEventName } from "../../shared/protocol/socket-events.ts";
import type { AccessEpoch, Doorkeeper } from "../access.ts";
import { bounds } from "../bounds.ts";
import { refuse, toClientError } from "../errors.ts";
import { metricNames } from "../metrics.ts";
import type { Origin, RealtimePorts } from "../ports.ts";
import { withTimeout } from "../timeouts.ts";
import type { Handlers } from "./handlers.ts";
import { OutgoingMeter } from "./outgoing.ts";
import { People, type Person } from "./people.ts";
import { TokenBucket } from "./rate.ts";
import type { GatewayNamespace, GatewayServer, GatewaySocket } from "./sockets.ts";

interface Held {
  socket: GatewaySocket;
  origin: Origin;
  person: Person;
  meter: OutgoingMeter;
  bucket: TokenBucket;
  inFlight: number;
  rateRefusals: number;
}

export interface Gateway {
  readonly namespace: GatewayNamespace;
  attach(server: HttpServer): void;
  /** Starts to answer events; called once, before `attach`. */
  serve(handlers: Handlers, onGone: (socket: GatewaySocket) => void): void;
  /** Whoever is meant may not be here any more. */
  endWhere(matches: (actor: Actor) => boolean): void;
  /** Closed below Socket.IO, because clients come back by themselves from that, with a fresh proof of identity. */
  reconnect(matches: (actor: Actor) => boolean): void;
  sweep(nowMs: number): void;
  socketCount(): number;
  /** No new connections or events; those under way are still answered. */
  drain(): void;
  eventsInFlight(): number;
  close(): void;
}

export function createGateway(ports: RealtimePorts, doorkeeper: Doorkeeper, epoch: AccessEpoch): Gateway {
  const io: GatewayServer = new Server({
    maxHttpBufferSize: limits.socketFrameMaxBytes,
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    // Together the longest time in which a silently dead connection goes unnoticed.
    pingInterval: 12_000,
    pingTimeout: 12_000,
    connectTimeout: 10_000,
    allowRequest: (request, answer) => answer(null, doorkeeper.originAllowed(request)),
  });
  const held = new Map<string, Held>();
  const people = new People(ports);
  let draining = false;
  let attached = false;

  io.use((socket, next) => {
    void admit(socket as GatewaySocket).then(
      () => next(),
      (thrown: unknown) => {
        ports.count(metricNames.connectionsRefused, 1);
        const { error } = refuse(ports, "connect", thrown);
        next(Object.assign(new Error(error.message), { data: error }));
      },
    );
  });

  async function admit(socket: GatewaySocket): Promise<void> {
    if (draining) throw new AppError("SHUTTING_DOWN", "The server restarts. Please try again shortly.");
    const { token } = socket.handshake.auth as { token?: unknown };
    const identify = () =>
      withTimeout(
        ports,
        doorkeeper.authenticate(socket.request, typeof token === "string" ? token : undefined),
        bounds.notesOpenMs,
      );
    let asked = epoch.current;
    let actor = await identify();
    await ports.limits.connecting(originOf(actor, socket));
    if (people.socketsOf(actor.userId) >= limits.socketsPerPerson) {
      throw new AppError(
        "RATE_LIMITED",
        `There may be ${limits.socketsPerPerson} connections a person. Close a window and try again.`,
      );
    }
    // Somebody's session ended meanwhile: it may have been this one.
    while (asked !== epoch.current) {
      asked = epoch.current;
      actor = await identify();
    }
    socket.data.actor = actor;
    socket.data.askedAt = asked;
  }

  function originOf(actor: Actor, { request }: GatewaySocket): Origin {
    return {
      actor,
      ipAddress: ports.addressOf(request),
      userAgent: request.headers["user-agent"] ?? null,
    };
  }

  function hold(socket: GatewaySocket): Held {
    const { userId } = socket.data.actor;
    const nowMs = ports.now().getTime();
    const meter = new OutgoingMeter(socket.conn, {
      nowMs: () => ports.now().getTime(),
      onExceeded() {
        ports.count(metricNames.slowReaders, 1);
        ports.log("info", "slow reader cut off", { stream: "events", userId });
      },
    });
    const perSecond = limits.socketEventsPerSecond;
    const bucket = new TokenBucket({ perSecond, burst: perSecond * 2, nowMs });
    const origin = originOf(socket.data.actor, socket);
    const person = people.enter(origin);
    const entry: Held = { socket, origin, person, meter, bucket, inFlight: 0, rateRefusals: 0 };
    held.set(socket.id, entry);
    ports.gauge(metricNames.sockets, held.size);
    return entry;
  }

  function release(socket: GatewaySocket): void {
    const { userId } = socket.data.actor;
    held.delete(socket.id);
    people.leave(userId);
    ports.gauge(metricNames.sockets, held.size);
  }

  /** Throws where the event may not even be looked at. */
  function assertWithinBounds(entry: Held): void {
    if (draining) throw new AppError("SHUTTING_DOWN", "The server restarts. Please try again shortly.");
    if (!entry.bucket.take(ports.now().getTime())) {
      entry.rateRefusals += 1;
      throw new AppError("RATE_LIMITED", "Too many events a second.", { retryAfterSeconds: 1 });
    }
    people.take(entry.person);
    if (entry.inFlight >= bounds.eventsInFlight) {
      throw new AppError("RATE_LIMITED", "Too many events wait for their answer.", { retryAfterSeconds: 1 });
    }
  }

  async function answer(entry: Held, handlers: Handlers, name: string, args: unknown[]): Promise<unknown> {
    assertWithinBounds(entry);
    if (!isClientEvent(name)) throw new AppError("MALFORMED_REQUEST", "There is no event of this name.");
    const input: unknown = clientEvents[name].input.parse(args[0] ?? {});
    const handler = handlers[name] as (socket: GatewaySocket, input: unknown) => Promise<unknown>;
    entry.inFlight += 1;
    try {
      return await handler(entry.socket, input);
    } finally {
      entry.inFlight -= 1;
    }
  }

  async function dispatch(entry: Held, handlers: Handlers, name: string, all: unknown[]): Promise<void> {
    const last = all.at(-1);
    const acknowledge = typeof last === "function" ? (last as (answer: unknown) => void) : null;
    const args = acknowledge === null ? all : all.slice(0, -1);
    ports.count(metricNames.events, 1);
    try {
      const result = await ports.serving(entry.origin, isClientEvent(name) ? name : "unknown event", () =>
        answer(entry, handlers, name, args),
      );
      acknowledge?.(result);
    } catch (thrown) {
      ports.count(metricNames.eventsRefused, 1);
      noteRefusal(entry.origin, name, args[0], thrown);
      acknowledge?.(refuse(ports, isClientEvent(name) ? name : "unknown event", thrown));
      if (entry.rateRefusals > bounds.rateRefusalsMax) entry.socket.disconnect(true);
    }
  }

  function noteRefusal(origin: Origin, name: string, input: unknown, thrown: unknown): void {
    const { kind, code } = toClientError(thrown);
    const meetingId = isClientEvent(name) ? meetingOf(input) : null;
    if (meetingId === null || (kind !== "forbidden" && kind !== "not-found")) return;
    ports.refused(origin, name.replace(":", "."), meetingId, code);
  }

  return {
    namespace: io.of("/"),
    attach(server) {
      // Upgrades of other paths are answered by the owner of the server's upgrade event.
      io.attach(server, { destroyUpgrade: false });
      attached = true;
    },
    serve(handlers, onGone) {
      io.on("connection", (socket) => {
        // Between the last question and here: clients come back by themselves, and are asked again.
        if (socket.data.askedAt !== epoch.current) return void socket.conn.close();
        const entry = hold(socket);
        socket.onAny((name: string, ...args: unknown[]) => void dispatch(entry, handlers, name, args));
        socket.on("disconnect", () => {
          release(socket);
          onGone(socket);
        });
      });
    },
    endWhere(matches) {
      for (const { socket } of [...held.values()]) {
        if (matches(socket.data.actor)) socket.disconnect(true);
      }
    },
    reconnect(matches) {
      for (const { socket } of [...held.values()]) if (matches(socket.data.actor)) socket.conn.close();
    },
    sweep(nowMs) {
      people.sweep();
      for (const { socket, meter } of [...held.values()]) {
        meter.check(nowMs);
        // Closed below Socket.IO, because clients come back by themselves from that, with a fresh proof of identity.
        if (nowMs >= socket.data.actor.expiresAt.getTime() + bounds.expiryGraceMs) socket.conn.close();
      }
    },
    socketCount: () => held.size,
    drain() {
      draining = true;
    },
    eventsInFlight: () => [...held.values()].reduce((sum, { inFlight }) => sum + inFlight, 0),
    close() {
      // As a lost connection, so that clients reconnect by themselves when the server is back. A worker of its own has none.
      if (attached) io.engine.close();
    },
  };
}

/** The meeting that an event or a subscription names. */
function meetingOf(input: unknown): MeetingId | null {
  const { meetingId, args } = (input ?? {}) as { meetingId?: unknown; args?: { meetingId?: unknown } | null };
  const parsed = meetingIdSchema.safeParse(meetingId ?? args?.meetingId);
  return parsed.success ? parsed.data : null;
}

function isClientEvent(name: string): name is ClientEventName {
  return Object.hasOwn(clientEvents, name);
}
