// A local server with Stream Video's REST paths: rooms, members and blocks, and any answer as badly as a test asks for. No media.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface EmulatedRoom {
  createdBy: string;
  members: Map<string, { user_id: string; role: string; custom: Record<string, unknown> }>;
  blocked: Set<string>;
  /** What a person may not do that their role would allow. */
  revoked: Map<string, Set<string>>;
  ended: boolean;
}

/** How a request is answered instead of well. */
export type StreamBehaviour =
  | { status: number; code: number; retryAfter?: string }
  /** Never, until the client goes. */
  | "silence"
  | "not-json";

export interface StreamEmulator {
  url: string;
  apiKey: string;
  secret: string;
  /** Every request in order, as `METHOD path` without the query. */
  received: { request: string; body: Record<string, unknown> }[];
  users: Map<string, { id: string; role: string; [field: string]: unknown }>;
  /** By `type:id`. */
  rooms: Map<string, EmulatedRoom>;
  /** For the next requests in turn. */
  next(...behaviours: StreamBehaviour[]): void;
  /** After so many more that are answered well, once. */
  after(count: number, behaviour: StreamBehaviour): void;
  /** From now on every request is answered so; null: well again. */
  always(behaviour: StreamBehaviour | null): void;
  /** Resolves when a request (`METHOD path body`) of this kind has been answered well, this time or before. */
  answered(request: RegExp): Promise<void>;
  close(): Promise<void>;
}

class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export async function startStreamEmulator(
  options: { apiKey?: string; secret?: string } = {},
): Promise<StreamEmulator> {
  const { apiKey = "key-of-the-test", secret = "secret-of-the-test-that-is-long" } = options;
  const received: StreamEmulator["received"] = [];
  const users: StreamEmulator["users"] = new Map();
  const rooms: StreamEmulator["rooms"] = new Map();
  /** Null: well. */
  const queue: (StreamBehaviour | null)[] = [];
  const done: string[] = [];
  const waiting: { request: RegExp; resolve: () => void }[] = [];
  let standing: StreamBehaviour | null = null;

  function assertServer(request: IncomingMessage, query: URLSearchParams): void {
    if (query.get("api_key") !== apiKey) throw new Refusal(401, 2, "api_key not found");
    if (request.headers["stream-auth-type"] !== "jwt") throw new Refusal(401, 5, "no jwt");
    const [head = "", claims = "", signature = ""] = (request.headers.authorization ?? "").split(".");
    const expected = createHmac("sha256", secret).update(`${head}.${claims}`).digest();
    const given = Buffer.from(signature, "base64url");
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new Refusal(401, 43, "Token signature is invalid");
    const { server } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { server?: boolean };
    if (server !== true) throw new Refusal(403, 17, "not allowed");
  }

  const userIn = (body: Record<string, unknown>): string => {
    const id = body["user_id"];
    if (typeof id !== "string" || !users.has(id)) throw new Refusal(400, 4, "user_id: no such user");
    return id;
  };

  function answer(method: string, path: string, body: Record<string, unknown>): object {
    if (method === "POST" && path === "/api/v2/users") {
      for (const user of Object.values(body["users"] as Record<string, { id: string; role: string }>))
        users.set(user.id, user);
      return { duration: "1ms", users: Object.fromEntries(users), membership_deletion_task_id: "" };
    }
    const [, type, id, action = ""] =
      /^\/api\/v2\/video\/call\/([^/]+)\/([^/]+)(?:\/([a-z_]+))?$/.exec(path) ?? [];
    if (type === undefined || id === undefined || method !== "POST")
      throw new Refusal(404, 16, "no such path");
    const cid = `${type}:${id}`;
    if (action === "") {
      const createdBy = (body["data"] as { created_by_id?: string } | undefined)?.created_by_id;
      const known = rooms.get(cid);
      if (known === undefined) {
        if (createdBy === undefined || !users.has(createdBy))
          throw new Refusal(400, 4, "created_by_id: must be a user");
        const fresh = { createdBy, members: new Map(), blocked: new Set<string>(), revoked: new Map() };
        rooms.set(cid, { ...fresh, ended: false });
      }
      return { created: known === undefined, own_capabilities: [], ...shown(cid, type, id) };
    }
    const room = rooms.get(cid);
    if (room === undefined) throw new Refusal(404, 16, `Can't find call with id ${id}`);
    switch (action) {
      case "members":
        for (const member of (body["update_members"] ?? []) as { user_id: string; role: string }[])
          room.members.set(userIn({ user_id: member.user_id }), { custom: {}, ...member });
        return { members: [...room.members.values()] };
      case "block":
        room.blocked.add(userIn(body));
        return {};
      case "unblock":
        room.blocked.delete(userIn(body));
        return {};
      case "user_permissions": {
        const revoked = room.revoked.get(userIn(body)) ?? new Set<string>();
        for (const name of (body["revoke_permissions"] ?? []) as string[]) revoked.add(name);
        for (const name of (body["grant_permissions"] ?? []) as string[]) revoked.delete(name);
        room.revoked.set(userIn(body), revoked);
        return {};
      }
      case "mark_ended":
        room.ended = true;
        return {};
      default:
        throw new Refusal(404, 16, "no such path");
    }
  }

  function shown(cid: string, type: string, id: string): object {
    const room = rooms.get(cid);
    const members = [...(room?.members.values() ?? [])];
    return { call: { type, id, cid, blocked_user_ids: [...(room?.blocked ?? [])] }, members };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stream");
    let text = "";
    for await (const piece of request) text += String(piece);
    const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    const method = request.method ?? "";
    received.push({ request: `${method} ${pathname}`, body });
    const behaviour = queue.length > 0 ? (queue.shift() ?? null) : standing;
    if (behaviour === "silence") return;
    const send = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof value === "string" ? value : JSON.stringify(value));
    };
    if (behaviour === "not-json") return send(502, "<html>bad gateway</html>");
    try {
      if (behaviour !== null) throw new Refusal(behaviour.status, behaviour.code, "as the test wants it");
      assertServer(request, searchParams);
      const result = answer(method, pathname, body);
      send(201, { duration: "1.00ms", ...result });
      note(`${method} ${pathname} ${text}`);
    } catch (error) {
      const { status, code, message } =
        error instanceof Refusal ? error : new Refusal(500, -1, "the emulator failed");
      const retryAfter = typeof behaviour === "object" ? behaviour?.retryAfter : undefined;
      send(
        status,
        { code, message, StatusCode: status, duration: "1.00ms", more_info: "", details: [] },
        retryAfter === undefined ? {} : { "retry-after": retryAfter },
      );
    }
  }

  function note(request: string): void {
    done.push(request);
    for (const one of waiting.splice(0)) {
      if (one.request.test(request)) one.resolve();
      else waiting.push(one);
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    secret,
    received,
    users,
    rooms,
    next: (...behaviours) => void queue.push(...behaviours),
    after: (count, behaviour) => void queue.push(...Array.from({ length: count }, () => null), behaviour),
    always: (behaviour) => (standing = behaviour),
    answered(request) {
      if (done.some((one) => request.test(one))) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ request, resolve }));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
