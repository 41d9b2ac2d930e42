// Video by Stream at a real server: who gets in, who is taken out and how soon, and a service that is away. No media.
import { createHmac, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadStreamSdk } from "../../server/vendors/video/stream-sdk.ts";
import type { AiOverview } from "../../shared/schemas/ai.ts";
import type { Meeting, Participant } from "../../shared/schemas/meetings.ts";
import type { TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { limits } from "../../shared/limits.ts";
import type { CallAccess } from "../../shared/schemas/video.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import { startStreamEmulator, type EmulatedRoom, type StreamEmulator } from "../factories/stream-emulator.ts";

const installed = (await loadStreamSdk()) !== null;
const withinMs = 1_000;

let stream: StreamEmulator;
let server: TestServer;
const tokens: Record<"host" | "participant" | "observer" | "stranger" | "admin", string> = {
  host: "",
  participant: "",
  observer: "",
  stranger: "",
  admin: "",
};
type Who = keyof typeof tokens;

interface Answer<Body> {
  status: number;
  body: Body & { error?: { code: string; message: string } };
}

async function ask<Body>(who: Who, method: string, path: string, body?: unknown): Promise<Answer<Body>> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${tokens[who]}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Answer<Body>["body"] };
}

async function done<Body>(who: Who, method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await ask<Body>(who, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.body;
}

async function running(): Promise<{ meeting: Meeting; idOf: (role: string) => string; at: string }> {
  const { id } = await done<Meeting>("host", "POST", "/api/v1/meetings", {
    title: "A call",
    participants: [
      { email: "participant@example.org", role: "participant" },
      { email: "observer@example.org", role: "observer" },
    ],
  });
  const at = `/api/v1/meetings/${id}`;
  const meeting = await done<Meeting>("host", "POST", `${at}/start`);
  for (const who of ["host", "participant"] as const)
    await done(who, "POST", `${at}/consents`, { purpose: "sharing", answer: "given", wording: 1 });
  const idOf = (role: string) =>
    meeting.participants.find((person: Participant) => person.role === role)?.userId ?? "";
  return { meeting, idOf, at };
}

const pass = (who: Who, at: string) => ask<CallAccess>(who, "GET", `${at}/call`);
const roomOf = ({ id }: Meeting): EmulatedRoom => {
  const room = stream.rooms.get(`default:${id}`);
  if (room === undefined) throw new Error("no room");
  return room;
};

/** Milliseconds until the service was asked for it. */
async function soon(request: RegExp, act: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await act();
  await stream.answered(request);
  return performance.now() - before;
}

describe.skipIf(!installed)("video by Stream", () => {
  beforeAll(async () => {
    stream = await startStreamEmulator();
    server = await startTestServer({
      environment: {
        STREAM_API_KEY: stream.apiKey,
        STREAM_SECRET: stream.secret,
        STREAM_BASE_URL: stream.url,
        RATE_LIMITS: "off",
      },
    });
    for (const who of Object.keys(tokens) as Who[])
      tokens[who] = await server.token(
        `${who}@example.org`,
        who,
        who === "admin" ? { org: "Acme", role: "admin" } : {},
      );
    for (const who of Object.keys(tokens) as Who[]) await done(who, "GET", "/api/v1/me");
  });
  beforeEach(() => stream.always(null));
  afterAll(async () => {
    await server.close();
    await stream.close();
  });

  test("[CALLROOM-1] each of a running meeting gets a token of their own; a stranger, and a meeting that waits, none", async () => {
    const { meeting, idOf, at } = await running();
    for (const who of ["host", "participant", "observer"] as const) {
      const { status, body } = await pass(who, at);
      expect(status).toBe(200);
      if (body.provider !== "stream") throw new Error("not by Stream");
      const { payload } = await jwtVerify(body.token, new TextEncoder().encode(stream.secret));
      expect(payload).toMatchObject({ user_id: idOf(who), call_cids: [`default:${meeting.id}`] });
      expect(body).toMatchObject({ userId: idOf(who), callId: meeting.id, apiKey: stream.apiKey });
    }
    const room = roomOf(meeting);
    expect([...room.members.values()].map(({ role, custom }) => [role, custom["standing"]])).toEqual([
      ["host", "host"],
      ["user", "participant"],
      ["user", "observer"],
    ]);
    expect(room.revoked.get(idOf("observer"))?.size).toBe(3);
    expect(await pass("stranger", at)).toMatchObject({ status: 404, body: { error: { code: "NOT_FOUND" } } });
    const { id } = await done<Meeting>("host", "POST", "/api/v1/meetings", { title: "Later" });
    const asked = stream.received.length;
    expect((await pass("host", `/api/v1/meetings/${id}`)).status).toBe(409);
    expect(stream.received).toHaveLength(asked);
  });

  test("[CALLROOM-2] [CALLROOM-4] whoever is removed is out within a second, gets no other token, and may be let in again", async () => {
    const { meeting, idOf, at } = await running();
    await pass("participant", at);
    const userId = idOf("participant");
    const path = `${at}/participants/${userId}`;
    const tookMs = await soon(new RegExp(`${meeting.id}/block`), () => done("host", "DELETE", path));
    expect(tookMs).toBeLessThan(withinMs);
    expect([...roomOf(meeting).blocked]).toEqual([userId]);
    expect((await pass("participant", at)).status).toBe(404);
    await done("host", "POST", `${at}/participants`, {
      email: "participant@example.org",
      role: "participant",
    });
    expect((await pass("participant", at)).status).toBe(200);
    expect(roomOf(meeting).blocked.size).toBe(0);
  });

  test("[CALLROOM-2] a role that is lowered takes microphone and camera away within a second", async () => {
    const { meeting, idOf, at } = await running();
    await pass("participant", at);
    const userId = idOf("participant");
    const lower = () => done("host", "PATCH", `${at}/participants/${userId}`, { role: "observer" });
    const tookMs = await soon(new RegExp(`${meeting.id}/user_permissions .*${userId}.*revoke`), lower);
    expect(tookMs).toBeLessThan(withinMs);
    expect([...(roomOf(meeting).revoked.get(userId) ?? [])]).toEqual([
      "send-audio",
      "send-video",
      "screenshare",
    ]);
  });

  test("[CALLROOM-2] an answer that takes back being observed takes the observer out", async () => {
    const { meeting, idOf, at } = await running();
    expect((await pass("observer", at)).status).toBe(200);
    const answer = { purpose: "sharing", answer: "refused", wording: 1 };
    const tookMs = await soon(new RegExp(`${meeting.id}/block`), () =>
      done("participant", "POST", `${at}/consents`, answer),
    );
    expect(tookMs).toBeLessThan(withinMs);
    expect([...roomOf(meeting).blocked]).toEqual([idOf("observer")]);
  });

  test("[CALLROOM-2] a meeting that ends ends its room", async () => {
    const { meeting, at } = await running();
    await pass("host", at);
    const tookMs = await soon(new RegExp(`${meeting.id}/mark_ended`), () =>
      done("host", "POST", `${at}/end`),
    );
    expect(tookMs).toBeLessThan(withinMs);
    expect(roomOf(meeting).ended).toBe(true);
  });

  test("[CALLROOM-3] a removal that the service did not answer is done by a job when it does, also after a crash", async () => {
    const { meeting, idOf, at } = await running();
    await pass("participant", at);
    stream.always({ status: 403, code: 17 });
    await done("host", "DELETE", `${at}/participants/${idOf("participant")}`);
    await server.kill();
    stream.always(null);
    await server.restart();
    await stream.answered(new RegExp(`${meeting.id}/block`));
    expect([...roomOf(meeting).blocked]).toEqual([idOf("participant")]);
  });

  test("[VIDEO-12] pages may connect to the service that is configured, and to its media servers", async () => {
    const policy = (await fetch(`${server.url}/`)).headers.get("content-security-policy") ?? "";
    const connect = policy.split(";").find((part) => part.startsWith("connect-src")) ?? "";
    expect(connect.split(" ")).toEqual(
      expect.arrayContaining([stream.url, stream.url.replace("http", "ws"), "wss://*.stream-io-video.com"]),
    );
  });

  describe("webhooks", () => {
    async function deliver(
      event: object,
      more: { secret?: string; gzip?: boolean; headers?: Record<string, string> } = {},
    ) {
      const body = Buffer.from(JSON.stringify(event));
      const signature = createHmac("sha256", more.secret ?? stream.secret)
        .update(body)
        .digest("hex");
      const response = await fetch(`${server.url}/webhooks/stream`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-signature": signature,
          "x-api-key": stream.apiKey,
          "x-webhook-id": randomUUID(),
          ...(more.gzip === true ? { "content-encoding": "gzip" } : {}),
          ...more.headers,
        },
        body: new Uint8Array(more.gzip === true ? gzipSync(body) : body),
      });
      return response.status;
    }
    const caption = (meetingId: string, id: string, speakerId: string, startedAt: string) => {
      const time = (ms: number) => new Date(Date.parse(startedAt) + ms).toISOString();
      const said = {
        id,
        speaker_id: speakerId,
        text: `said ${id}`,
        start_time: time(1_000),
        end_time: time(1_500),
      };
      const created = { call_cid: `default:${meetingId}`, created_at: time(1_500) };
      return {
        type: "call.closed_caption",
        ...created,
        closed_caption: { ...said, language: "en", translated: false },
      };
    };
    const linesAt = async (at: string) =>
      (await done<TranscriptPage>("host", "GET", `${at}/transcript?limit=100`)).chunks;

    test("[CALLROOM-6] [VIDEO-9] a caption of who said yes is a line, once, however often and however packed it comes", async () => {
      const { meeting, idOf, at } = await running();
      const answer = { purpose: "captions", answer: "given", wording: 2 };
      await done("participant", "POST", `${at}/consents`, answer);
      const startedAt = meeting.startedAt ?? "";
      const event = caption(meeting.id, "u-1", idOf("participant"), startedAt);
      expect(await deliver(event, { gzip: true })).toBe(200);
      for (let round = 0; round < 20; round += 1) {
        const again = await Promise.all(
          Array.from({ length: 50 }, (_, index) => deliver(event, { gzip: index % 2 === 0 })),
        );
        expect(new Set(again)).toEqual(new Set([200]));
      }
      await server.kill();
      await server.restart();
      expect(await deliver(event)).toBe(200);
      expect(await deliver(caption(meeting.id, "u-2", idOf("host"), startedAt))).toBe(200);
      expect(await linesAt(at)).toMatchObject([
        { speakerId: idOf("participant"), text: "said u-1", startMs: 1_000, endMs: 1_500, source: "vendor" },
      ]);
    });

    test("[VIDEO-9] a forged delivery, and one of another app, change nothing", async () => {
      const { meeting, idOf, at } = await running();
      await done("participant", "POST", `${at}/consents`, {
        purpose: "captions",
        answer: "given",
        wording: 2,
      });
      const event = caption(meeting.id, "u-1", idOf("participant"), meeting.startedAt ?? "");
      expect(await deliver(event, { secret: "another-secret-of-nobody" })).toBe(401);
      expect(await deliver(event, { headers: { "x-signature": "" } })).toBe(401);
      expect(await deliver(event, { headers: { "x-api-key": "other" } })).toBe(401);
      expect(await deliver({ type: "x", pad: "x".repeat(limits.httpBodyMaxBytes) }, { gzip: true })).toBe(
        413,
      );
      expect(await linesAt(at)).toEqual([]);
    });

    test("[CALLROOM-7] a call that Stream calls ended goes on here; what nobody knows is acknowledged", async () => {
      const { meeting, at } = await running();
      const created = { call_cid: `default:${meeting.id}`, created_at: new Date().toISOString() };
      expect(await deliver({ type: "call.ended", ...created })).toBe(200);
      expect(await deliver({ type: "call.invented", ...created })).toBe(200);
      expect((await done<Meeting>("host", "GET", at)).state).toBe("active");
    });
  });

  test("[VIDEO-8] a service that is away is said in words, and everything else of the call goes on", async () => {
    const { meeting, at } = await running();
    stream.always({ status: 403, code: 17 });
    expect(await pass("host", at)).toMatchObject({
      status: 503,
      body: {
        error: { code: "VENDOR_ERROR", message: "The video service did not answer. Please try again later." },
      },
    });
    const socket = await connectSocket(server.url, tokens.host);
    await emitOk(socket, "meeting:join", { meetingId: meeting.id });
    await emitOk(socket, "chat:send", { meetingId: meeting.id, clientKey: "c1", content: "Still here" });
    const chunk = { clientKey: "t1", text: "Still here", confidence: 1, startMs: 0, endMs: 1 };
    await emitOk(socket, "transcript:append", { meetingId: meeting.id, chunks: [chunk] });
    socket.disconnect();
    const { vendors } = await done<AiOverview>("admin", "GET", "/api/v1/admin/ai");
    expect(vendors.find(({ kind }) => kind === "video")).toMatchObject({
      provider: "stream",
      mode: "vendor",
      health: { lastFailure: { code: "stream-17", status: 403 } },
    });
    expect(server.logs()).not.toContain(stream.secret);
  });
});
