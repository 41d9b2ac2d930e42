// A stranger with a valid token of another meeting is refused on every route, event and stream of this one.
import { decodeJwt } from "jose";
import type { Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { liveQueries } from "../../../shared/protocol/live-queries.ts";
import { clientEvents, type ClientEventName } from "../../../shared/protocol/socket-events.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { startTestServer, type TestServer } from "../../factories/server.ts";
import {
  connectSocket,
  emit,
  emitOk,
  errorCodeOf,
  observeNotesStream,
  readNotesStream,
} from "../../factories/sockets.ts";
import { auditLogOfAll } from "./audit-log.ts";
import { askAt, methodOf, sendTo, specs } from "./calls.ts";
import { observersWithoutConsent } from "./observers.ts";
import {
  canary,
  adminEndpoints,
  eventsWithoutMeeting,
  harmlessToStrangers,
  liveQueryRows,
  meetingEndpoints,
  openEndpoints,
  operatorEndpoints,
  sampleOf,
  socketEvents,
  unknownId,
  type AdminRow,
  type EventRow,
  type HttpRow,
  type OpenRow,
  type Sample,
  type WebhookRow,
  webhookEndpoints,
} from "./table.ts";

let server: TestServer;
let host: string, participant: string, observer: string, stranger: string;
let sample: Sample;
let meetingId: MeetingId;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startTestServer({
    environment: {
      OPERATORS: "operator@example.org",
      RATE_LIMITS: "off",
      TRANSCRIPT_WEBHOOK_SECRETS: "s".repeat(32),
    },
  });
  [host, participant, observer, stranger] = (await Promise.all(
    ["host", "participant", "observer", "stranger"].map((name) =>
      // One organisation, so that its administrators see in the audit log what all of them do.
      server.token(`${name}@example.org`, name, { org: "Acme" }),
    ),
  )) as [string, string, string, string];
  const meeting = await api<Meeting>(host, "POST", "/api/v1/meetings", {
    title: `Private ${canary}`,
    scheduledAt: "2030-03-12T10:00:00.000Z",
    durationMinutes: 45,
    participants: [
      { email: "participant@example.org", role: "participant" },
      { email: "observer@example.org", role: "observer" },
    ],
  });
  meetingId = meeting.id;
  const person = meeting.participants.find((other) => other.role === "participant");
  if (person === undefined) throw new Error("the participant is missing");
  sample = sampleOf(meeting.id, person.userId);
  for (const person of [host, participant])
    await api(person, "POST", `/api/v1/meetings/${meetingId}/consents`, {
      purpose: "sharing",
      answer: "given",
      wording: 1,
    });
  await api(host, "POST", `/api/v1/meetings/${meetingId}/start`);
  await api(participant, "POST", `/api/v1/meetings/${meetingId}/transcript`, {
    chunks: [{ clientKey: "seed", text: canary, confidence: 1, startMs: 0, endMs: 1000 }],
  });
  await api(host, "POST", `/api/v1/meetings/${meetingId}/messages`, { clientKey: "seed", content: canary });
  // The stranger has a meeting of their own: their token is a good one, only not for this meeting.
  await api(stranger, "POST", "/api/v1/meetings", { title: "Elsewhere" });
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.close();
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
});

describe("REST", () => {
  test.each(Object.entries<HttpRow>(meetingEndpoints))(
    "[ACCESS-5] %s answers a stranger as if there were no such meeting",
    async (name, row) => {
      const answer = await send(stranger, methodOf(name), row.path(sample), row.body);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "NOT_FOUND" } });
      expect(answer.text).not.toContain(canary);
    },
  );

  test.each(Object.entries<HttpRow>(meetingEndpoints))(
    "[ACCESS-6] %s refuses the signed-out",
    async (name, row) => {
      expect((await send(null, methodOf(name), row.path(sample), row.body)).status).toBe(401);
      expect((await send("not-a-token", methodOf(name), row.path(sample), row.body)).status).toBe(401);
    },
  );

  test.each(Object.entries<HttpRow>(meetingEndpoints))(
    "[ACCESS-7] %s answers observers and participants as the policy says",
    async (name, row) => {
      expect((await send(observer, methodOf(name), row.path(sample), row.body)).status).toBe(row.observer);
      expect((await send(participant, methodOf(name), row.path(sample), row.body)).status).toBe(
        row.participant,
      );
    },
  );

  test.each(Object.entries<OpenRow>(openEndpoints))(
    "[ACCESS-8] %s shows a stranger nothing of the meeting",
    async (name, row) => {
      if (name === "deleteNotesTemplate") return await expectTemplateOfOthersHidden();
      if (name === "endSession") return await expectSessionsOfOthersHidden();
      if (row.path === null) return await expectMailOfOthersHidden(name);
      const answer = await send(stranger, methodOf(name), row.path, row.body);
      expect(answer.status).toBeLessThan(300);
      expect(answer.text).not.toContain(canary);
      const signedOut = await send(null, methodOf(name), row.path, row.body);
      expect(signedOut.status).toBe(row.public === true ? 200 : 401);
    },
  );
});

describe("administration", () => {
  test.each(Object.entries<AdminRow>(adminEndpoints))(
    "[ACCESS-18] %s is for an organisation's administrators, who see nothing of the meeting by it",
    async (name, row) => {
      const member = await server.token("member@example.org", "member", { org: "Acme", role: "member" });
      const roleAlone = await server.token("alone@example.org", "alone", { role: "admin" });
      for (const [token, status] of [
        [null, 401],
        ["not-a-token", 401],
        [host, 403],
        [stranger, 403],
        [member, 403],
        [roleAlone, 403],
      ] as const) {
        const answer = await send(token, methodOf(name), row.path, row.body);
        expect([token, answer.status]).toEqual([token, status]);
        if (status === 403) expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "FORBIDDEN" } });
      }
      const admin = await server.token("admin@example.org", "admin", { org: "Acme", role: "admin" });
      const answer = await send(admin, methodOf(name), row.path, row.body);
      expect(answer.status).toBe(row.admin);
      expect(answer.text).not.toContain(canary);
    },
  );
});

describe("operating the installation", () => {
  test.each(Object.entries<AdminRow>(operatorEndpoints))(
    "[ACCESS-19] [FLAGS-9] %s is for those whom OPERATORS names, not for an organisation's administrators",
    async (name, row) => {
      const admin = await server.token("admin@example.org", "admin", { org: "Acme", role: "admin" });
      const operator = await server.token("operator@example.org", "operator", { org: "Acme" });
      for (const [token, status] of [
        [null, 401],
        [host, 403],
        [admin, 403],
        [operator, row.admin],
      ] as const) {
        const answer = await send(token, methodOf(name), row.path, row.body);
        expect([token, answer.status]).toEqual([token, status]);
        expect(answer.text).not.toContain(canary);
      }
    },
  );
});

describe("webhooks", () => {
  test.each(Object.entries<WebhookRow>(webhookEndpoints))(
    "[ACCESS-17] %s lets nobody in by a token, and tells a meeting that exists from none to nobody",
    async (name, row) => {
      for (const target of [sample, { ...sample, meetingId: unknownId }]) {
        for (const token of [null, stranger, observer, participant, host]) {
          const answer = await send(token, methodOf(name), row.path(target), row.body(target));
          expect(answer.status).toBe(401);
          expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "UNAUTHENTICATED" } });
        }
      }
    },
  );
});

describe("sockets", () => {
  test("[ACCESS-9] without a valid token no socket opens", async () => {
    await expect(connectSocket(server.url, "")).rejects.toThrow();
    await expect(connectSocket(server.url, "not-a-token")).rejects.toThrow();
  });

  test.each(Object.entries<EventRow>(socketEvents))(
    "[ACCESS-10] %s is refused to a stranger",
    async (name, row) => {
      const socket = await open(stranger);
      const answer = await emit(socket, name as ClientEventName, row.input(sample) as never);
      if (harmlessToStrangers.includes(name)) expect(JSON.stringify(answer)).not.toContain(canary);
      else expect(errorCodeOf(answer)).toBe("NOT_FOUND");
    },
  );

  test("[ACCESS-11] observers receive, and are refused what writes", async () => {
    const socket = await open(observer);
    for (const [name, row] of Object.entries<EventRow>(socketEvents)) {
      expect([
        name,
        errorCodeOf(await emit(socket, name as ClientEventName, row.input(sample) as never)),
      ]).toEqual([name, row.observer]);
    }
  });

  test.each(Object.entries(liveQueryRows))(
    "[ACCESS-12] live query %s shows a stranger nothing of the meeting",
    async (query, row) => {
      const args = row.ofMeeting ? { meetingId } : {};
      const [strangers, observers] = [await open(stranger), await open(observer)];
      const refused = await emit(strangers, "live:subscribe", { query, args });
      if (row.ofMeeting) expect(errorCodeOf(refused)).toBe("NOT_FOUND");
      else expect(JSON.stringify(refused)).not.toContain(canary);
      const observed = await emit(observers, "live:subscribe", { query, args });
      expect(errorCodeOf(observed)).toBe(row.observer);
      // There may be 20 connections a person.
      for (const socket of [strangers, observers]) socket.disconnect();
    },
  );

  test("[ACCESS-13] a stranger's socket receives nothing while others talk and write", async () => {
    const socket = await open(stranger);
    const heard: unknown[] = [];
    socket.onAny((...event: unknown[]) => heard.push(event));
    await emit(socket, "meeting:join", { meetingId });
    const witness = await open(participant);
    await emitOk(witness, "meeting:join", { meetingId });
    const seen = new Promise((resolve) => witness.once("chat:message", resolve));
    await api(host, "POST", `/api/v1/meetings/${meetingId}/messages`, {
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
  test.each(["", "/mine"])(
    "[ACCESS-14] /notes/<meeting>%s is closed with 4403 to a stranger and 4401 to the signed-out",
    async (layer) => {
      const path = `/notes/${meetingId}${layer}`;
      const refused = await observeNotesStream(server.url, path, stranger);
      expect(refused.code).toBe(4403);
      expect(refused.bytes.toString("latin1")).not.toContain("Goal");
      expect((await observeNotesStream(server.url, path, null)).code).toBe(4401);
      expect((await observeNotesStream(server.url, path, "not-a-token")).code).toBe(4401);
    },
  );

  test("[ACCESS-15] a note stream of a meeting that does not exist closes as if it were somebody else's", async () => {
    expect((await observeNotesStream(server.url, `/notes/${"e".repeat(24)}`, stranger)).code).toBe(4403);
  });
});

describe("one's own layer of notes", () => {
  test("[ACCESS-16] what the host writes for themselves is in nobody else's notes, history, versions or streams", async () => {
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
      const bytes = await readNotesStream(server.url, path, participant);
      expect(bytes.toString("latin1")).not.toContain(secret);
    }
  });
});

auditLogOfAll(() => ({
  host,
  token: server.token,
  meetingId,
  administrator: () => server.token("admin@example.org", "admin", { org: "Acme", role: "admin" }),
  api,
}));
observersWithoutConsent(() => ({ url: server.url, observer, participant, sample, open, send, api }));

async function expectTemplateOfOthersHidden(): Promise<void> {
  const meetingNotes = `/api/v1/meetings/${meetingId}/notes/templates`;
  await api(host, "POST", `/api/v1/meetings/${meetingId}/notes/operations`, {
    clientKey: "template",
    layer: "mine",
    baseVersion: 0,
    operations: [{ type: "insert", position: 0, content: canary }],
  });
  const { id } = await api<{ id: string }>(host, "POST", meetingNotes, { title: canary, layer: "mine" });
  const path = `/api/v1/notes/templates/${id}`;
  const choose = (token: string) =>
    send(token, "POST", "/api/v1/meetings", { title: "x", template: `own:${id}` });
  for (const token of [stranger, participant]) {
    expect((await send(token, "DELETE", path)).status).toBe(404);
    expect((await send(token, "GET", "/api/v1/notes/templates")).text).not.toContain(canary);
    expect((await choose(token)).status).toBe(404);
  }
  expect((await send(null, "DELETE", path)).status).toBe(401);
  expect((await choose(host)).status).toBe(201);
  expect((await send(host, "DELETE", path)).status).toBe(204);
}

async function expectSessionsOfOthersHidden(): Promise<void> {
  const theirs = decodeJwt(host)["sid"];
  const path = `/api/v1/me/sessions/${String(theirs)}`;
  expect((await send(stranger, "DELETE", path)).status).toBe(404);
  expect((await send(null, "DELETE", path)).status).toBe(401);
  expect((await send(host, "GET", "/api/v1/me")).status).toBe(200);
}

async function expectMailOfOthersHidden(name: string): Promise<void> {
  const { items } = await api<{ items: { id: string }[] }>(participant, "GET", "/api/v1/outbox");
  const mailId = items[0]?.id;
  expect(mailId).toBeDefined();
  const path = name === "getMail" ? `/api/v1/outbox/${mailId}` : `/api/v1/outbox/${mailId}/attachments/0`;
  expect((await send(stranger, "GET", path)).status).toBe(404);
  expect((await send(null, "GET", path)).status).toBe(401);
  expect((await send(participant, "GET", path)).status).toBe(200);
}

async function open(token: string): Promise<Socket> {
  const socket = await connectSocket(server.url, token);
  sockets.push(socket);
  return socket;
}

const send = (token: string | null, method: string, path: string, body?: unknown) =>
  sendTo(server.url + path, token, method, body);

const api = <Answer>(token: string, method: string, path: string, body?: unknown) =>
  askAt<Answer>(server.url + path, token, method, body);
