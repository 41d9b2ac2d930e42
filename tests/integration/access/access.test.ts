// Everybody at every door of a running product, from a table of who is answered what; a door without a row fails here.
import type { Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { liveQueries } from "../../../shared/protocol/live-queries.ts";
import { notesStreams } from "../../../shared/protocol/notes-sync.ts";
import { clientEvents } from "../../../shared/protocol/socket-events.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { connectSocket, emit, emitOk, observeNotesStream, readNotesStream } from "../../factories/sockets.ts";
import type { Person } from "./actors.ts";
import { auditLogOfAll } from "./audit-log.ts";
import { specs } from "./calls.ts";
import { otherDoors } from "./doors.ts";
import { eventsWithoutMeeting, liveQueryRows, noteStreamRows, socketEvents } from "./live-table.ts";
import { graphqlFieldNames, graphqlRows, plainFieldRows } from "./graphql-table.ts";
import { matrixOfGraphql } from "./matrix-graphql.ts";
import { matrixOfRequests } from "./matrix.ts";
import { matrixOfStreams } from "./matrix-live.ts";
import { observersWithoutConsent } from "./observers.ts";
import { servedRoutes, upgradesServed } from "./served.ts";
import { adminEndpoints, operatorEndpoints } from "./admin-table.ts";
import { canary, meetingEndpoints, openEndpoints, webhookEndpoints } from "./table.ts";
import { openAccessWorld, type AccessWorld } from "./world.ts";

let world: AccessWorld;
let host: string, participant: string, observer: string, stranger: string;
let meetingId: MeetingId;
const sockets: Socket[] = [];
const socketsOf = new Map<Person, Promise<Socket>>();

beforeAll(async () => {
  world = await openAccessWorld();
  ({ meetingId } = world);
  ({ host, participant, observer, stranger } = world.tokens);
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await world.server.close();
});

describe("the table is complete", () => {
  test("[ACCESS-1] every REST endpoint has its row", () => {
    const tables = [meetingEndpoints, openEndpoints, adminEndpoints, operatorEndpoints, webhookEndpoints];
    const rows = tables.flatMap((table) => Object.keys(table));
    expect(rows.sort()).toEqual(Object.keys(endpoints).sort());
  });

  test("[ACCESS-2] every endpoint under a meeting is in the meeting table, and no other", () => {
    const ofMeeting = Object.entries(specs).filter(([, spec]) => spec.path.includes("/meetings/:id"));
    expect(ofMeeting.map(([name]) => name).sort()).toEqual(Object.keys(meetingEndpoints).sort());
    for (const [, spec] of ofMeeting) expect(spec.access).toBe("meeting");
    const signed = Object.entries(specs).filter(([, spec]) => spec.access === "webhook");
    expect(signed.map(([name]) => name).sort()).toEqual(Object.keys(webhookEndpoints).sort());
    const admins = Object.entries(specs).filter(([, spec]) => spec.access === "org-admin");
    expect(admins.map(([name]) => name).sort()).toEqual(Object.keys(adminEndpoints).sort());
    const operators = Object.entries(specs).filter(([, spec]) => spec.access === "operator");
    expect(operators.map(([name]) => name).sort()).toEqual(Object.keys(operatorEndpoints).sort());
    for (const [name, spec] of Object.entries(specs)) {
      expect([name, spec.path.startsWith("/api/v1/admin/")]).toEqual([name, spec.access === "org-admin"]);
    }
  });

  test("[ACCESS-3] every socket event has its row", () => {
    expect([...Object.keys(socketEvents), ...eventsWithoutMeeting].sort()).toEqual(
      Object.keys(clientEvents).sort(),
    );
  });

  test("[ACCESS-4] every live query has its row", () => {
    expect(Object.keys(liveQueryRows).sort()).toEqual(Object.keys(liveQueries).sort());
  });

  test("[ACCESS-20] every route beside the table of endpoints has its row", async () => {
    const ofEndpoints = Object.values(specs).map(({ method, path }) => `${method} ${path}`);
    const served = (await servedRoutes()).filter((route) => !ofEndpoints.includes(route));
    expect(served.sort()).toEqual(
      otherDoors.map(({ method, route }) => (route.startsWith("<") ? route : `${method} ${route}`)).sort(),
    );
  });

  test("[ACCESS-21] every stream of notes has its row, and nothing else takes a connection over", async () => {
    expect(Object.keys(noteStreamRows).sort()).toEqual(Object.keys(notesStreams).sort());
    expect(await upgradesServed()).toEqual([
      "realtime/gateway/gateway.ts",
      "realtime/notes/server.ts",
      "realtime/server.ts",
    ]);
  });

  test("[ACCESS-23] every field of the GraphQL schema has its row", () => {
    const { calls, plain } = graphqlFieldNames();
    expect(Object.keys(graphqlRows).sort()).toEqual(calls);
    expect(plainFieldRows).toEqual(plain);
  });
});

matrixOfGraphql(() => world);
matrixOfRequests(() => world);
matrixOfStreams(
  () => world,
  (person) => {
    const socket = socketsOf.get(person) ?? open(world.tokens[person]);
    socketsOf.set(person, socket);
    return socket;
  },
);

describe("sockets", () => {
  test("[ACCESS-13] a stranger's socket receives nothing while others talk and write", async () => {
    const socket = await open(stranger);
    const heard: unknown[] = [];
    socket.onAny((...event: unknown[]) => heard.push(event));
    await emit(socket, "meeting:join", { meetingId });
    const witness = await open(participant);
    await emitOk(witness, "meeting:join", { meetingId });
    const seen = new Promise((resolve) => witness.once("chat:message", resolve));
    await world.api(host, "POST", `/api/v1/meetings/${meetingId}/messages`, {
      clientKey: "later",
      content: canary,
    });
    await seen;
    // Asked on the same connection after the witness has heard it: anything on its way would have come first.
    await emit(socket, "live:subscribe", { query: "home", args: {} });
    expect(JSON.stringify(heard)).not.toContain(canary);
  });
});

describe("note streams", () => {
  test("[ACCESS-15] a note stream of a meeting that does not exist closes as if it were somebody else's", async () => {
    expect((await observeNotesStream(world.server.url, `/notes/${"e".repeat(24)}`, stranger)).code).toBe(
      4403,
    );
  });
});

describe("templates", () => {
  test("[ACCESS-22] a template of one's own opens a meeting for nobody else", async () => {
    const { send, api } = world;
    const path = `/api/v1/meetings/${meetingId}/notes`;
    await api(host, "POST", `${path}/operations`, {
      clientKey: "template",
      layer: "mine",
      baseVersion: 0,
      operations: [{ type: "insert", position: 0, content: canary }],
    });
    const { id } = await api<{ id: string }>(host, "POST", `${path}/templates`, {
      title: canary,
      layer: "mine",
    });
    const choose = (token: string) =>
      send(token, "POST", "/api/v1/meetings", { title: "x", template: `own:${id}` });
    for (const token of [stranger, participant]) {
      expect((await send(token, "GET", "/api/v1/notes/templates")).text).not.toContain(canary);
      expect((await choose(token)).status).toBe(404);
    }
    expect((await choose(host)).status).toBe(201);
  });
});

describe("one's own layer of notes", () => {
  test("[ACCESS-16] what the host writes for themselves is in nobody else's notes, history, versions or streams", async () => {
    const { send, api } = world;
    const secret = "canary-own-layer-5c1d";
    const notes = `/api/v1/meetings/${meetingId}/notes`;
    const written = await api<{ version: number }>(host, "POST", `${notes}/operations`, {
      clientKey: "secret",
      layer: "mine",
      baseVersion: 0,
      operations: [{ type: "insert", position: 0, content: secret }],
    });
    const paths = ["", "/history", `/versions/${written.version}`].flatMap((path) => [
      `${notes}${path}?layer=mine`,
      `${notes}${path}`,
    ]);
    expect((await send(host, "GET", `${notes}?layer=mine`)).text).toContain(secret);
    expect((await send(host, "GET", `${notes}/versions/${written.version}?layer=mine`)).text).toContain(
      secret,
    );
    for (const person of [participant, observer, stranger]) {
      for (const path of paths) expect((await send(person, "GET", path)).text).not.toContain(secret);
    }
    await api(host, "POST", `${notes}/versions/0/restore`, { clientKey: "own", layer: "mine" });
    for (const path of [`/notes/${meetingId}/mine`, `/notes/${meetingId}`]) {
      const bytes = await readNotesStream(world.server.url, path, participant);
      expect(bytes.toString("latin1")).not.toContain(secret);
    }
  });
});

auditLogOfAll(() => ({
  host,
  token: world.server.token,
  meetingId,
  administrator: () => world.server.token("admin@example.org", "admin", { org: "Acme", role: "admin" }),
  api: world.api,
}));
observersWithoutConsent(() => ({ ...world, url: world.server.url, observer, participant, open }));

async function open(token: string): Promise<Socket> {
  const socket = await connectSocket(world.server.url, token);
  sockets.push(socket);
  return socket;
}
