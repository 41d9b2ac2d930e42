// Captions by a speech service, over a real server: two people's pieces become lines in order, and what must not, does not.
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mp4Of, oggOf, webmOf } from "../../server/platform/uploads/testing-sounds.ts";
import { presentWording } from "../../shared/consent-wording.ts";
import type { MeetingAi } from "../../shared/schemas/ai.ts";
import type { ConsentPurpose } from "../../shared/schemas/consents.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { uploadRules } from "../../shared/uploads.ts";
import { startOpenAiEmulator, type OpenAiEmulator } from "../factories/openai-emulator.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";

let emulator: OpenAiEmulator;
let server: TestServer;
let [host, guest, watcher, stranger] = ["", "", "", ""];
let meeting: Meeting;
const place = { org: "Captions" };

beforeAll(async () => {
  emulator = await startOpenAiEmulator();
  server = await startTestServer({
    environment: {
      SPEECH_MODEL: "test-speech",
      SPEECH_BASE_URL: emulator.url,
      SPEECH_PRICES: "1000000",
      AI_DAILY_COST: "600",
      RATE_LIMITS: "off",
      LOG_LEVEL: "info",
    },
  });
  const token = (name: string) => server.token(`${name}@example.org`, name, place);
  host = await server.token("host@example.org", "host", { ...place, role: "admin" });
  [guest, watcher, stranger] = await Promise.all([token("guest"), token("watcher"), token("stranger")]);
});
afterAll(async () => {
  await server?.close();
  await emulator?.close();
});
beforeEach(async () => {
  // Each says what stands in its sound.
  emulator.answerSpeech(({ text }) => /said:([^;]*);/.exec(text)?.[1] ?? "");
  emulator.received.length = 0;
  meeting = await running();
});

async function api<Result>(token: string, method: string, path: string, body?: unknown): Promise<Result> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Result;
}

const consent = (token: string, purpose: ConsentPurpose, answer: "given" | "refused", to = meeting.id) =>
  api(token, "POST", `/api/v1/meetings/${to}/consents`, {
    purpose,
    answer,
    wording: presentWording(purpose),
  });

async function running(): Promise<Meeting> {
  const participants = [
    { email: "guest@example.org", role: "participant" },
    { email: "watcher@example.org", role: "observer" },
  ];
  const { id } = await api<Meeting>(host, "POST", "/api/v1/meetings", { title: "Spoken", participants });
  for (const each of [host, guest])
    for (const purpose of ["captions", "ai", "sharing"] as const) await consent(each, purpose, "given", id);
  return await api<Meeting>(host, "POST", `/api/v1/meetings/${id}/start`);
}

interface Piece {
  key: string;
  startMs?: number;
  durationMs?: number;
  sound?: Buffer;
  type?: string;
  meetingId?: string;
  query?: string;
}

async function send(token: string, piece: Piece) {
  const { key, startMs = 0, durationMs = 2_000, type = "audio/webm", query = "" } = piece;
  const sound = piece.sound ?? webmOf(`said:Words of ${key};`);
  const address = `/api/v1/meetings/${piece.meetingId ?? meeting.id}/speech`;
  const response = await fetch(
    `${server.url}${address}?key=${key}&startMs=${startMs}&durationMs=${durationMs}${query}`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": type,
        "idempotency-key": `${meeting.id} ${key}`,
      },
      body: new Uint8Array(sound),
    },
  );
  const body = (await response.json()) as Record<string, unknown>;
  const error = body["error"] as { code: string; details?: { reason?: string } } | undefined;
  return { status: response.status, code: error?.code ?? null, reason: error?.details?.reason, body };
}

async function lines(): Promise<TranscriptChunk[]> {
  const page = await api<TranscriptPage>(host, "GET", `/api/v1/meetings/${meeting.id}/transcript?limit=1000`);
  return page.chunks;
}
const texts = async () => (await lines()).map(({ text }) => text);

async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const found = text.matchAll(/^connvo_caption_pieces_total\{.*outcome="(\w+)".*\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, outcome = "", count]) => [outcome, Number(count)]));
}

describe("two people's microphones", () => {
  test("[CAPTIONS-1] [CAPTIONS-5] become lines of theirs, in order, told to both as all lines are", async () => {
    const heard: TranscriptChunk[] = [];
    const socket = await connectSocket(server.url, guest);
    await emitOk(socket, "meeting:join", { meetingId: meeting.id });
    socket.on("transcript:chunks", (event: { chunks: TranscriptChunk[] }) => heard.push(...event.chunks));
    expect(await send(host, { key: "h1", startMs: 1_000, query: "&language=en" })).toMatchObject({
      status: 200,
      body: { firstSequence: 1, lastSequence: 1 },
    });
    expect(emulator.received.at(-1)?.text).toMatch(/name="language"\s+en/);
    expect(await send(guest, { key: "g1", startMs: 3_500 })).toMatchObject({ status: 200 });
    expect(await send(host, { key: "h2", startMs: 6_000 })).toMatchObject({ status: 200 });
    const all = await lines();
    const participant = meeting.participants.find(({ displayName }) => displayName === "guest");
    expect(
      all.map(({ text, speakerId, startMs, endMs, source }) => [text, speakerId, startMs, endMs, source]),
    ).toEqual([
      ["Words of h1", meeting.organizerId, 1_000, 3_000, "speech"],
      ["Words of g1", participant?.userId, 3_500, 5_500, "speech"],
      ["Words of h2", meeting.organizerId, 6_000, 8_000, "speech"],
    ]);
    await expect.poll(() => heard.map(({ text }) => text)).toEqual(all.map(({ text }) => text));
    const edit = { clientKey: "edit", text: "Mended" };
    await api(host, "PATCH", `/api/v1/meetings/${meeting.id}/transcript/1`, edit);
    expect((await texts())[0]).toBe("Mended");
  });

  test("[CAPTIONS-4] segments are lines of their own, and silence is none", async () => {
    emulator.answerSpeech(() => ({
      text: "One. Two.",
      segments: [
        { start: 0, end: 0.8, text: " One." },
        { start: 1, end: 1.9, text: " Two." },
      ],
    }));
    expect((await send(host, { key: "two", startMs: 500 })).body).toEqual({
      firstSequence: 1,
      lastSequence: 2,
    });
    expect((await lines()).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [500, 1_300],
      [1_500, 2_400],
    ]);
    emulator.answerSpeech(() => "");
    expect(await send(host, { key: "quiet" })).toMatchObject({
      status: 200,
      body: { firstSequence: null, lastSequence: null },
    });
    expect(await texts()).toEqual(["One.", "Two."]);
  });

  test("[CAPTIONS-5] a piece that is repeated is written down once, also at once and after a failure", async () => {
    const key = "again";
    emulator.next(...[1, 2, 3].map(() => ({ kind: "status", status: 500 }) as const));
    expect(await send(host, { key })).toMatchObject({ code: "VENDOR_ERROR", reason: "http-500" });
    expect(await texts()).toEqual([]);
    let hearings = 0;
    emulator.answerSpeech(() => `Heard ${(hearings += 1)} times`);
    const answers = await Promise.all([1, 2, 3].map(() => send(host, { key })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await send(host, { key, sound: webmOf("said:Something else;") })).toMatchObject({ status: 200 });
    await server.stop();
    await server.restart();
    expect(await send(host, { key })).toMatchObject({ status: 200, body: { firstSequence: 1 } });
    expect(await texts()).toEqual(["Heard 1 times"]);
    // The same key of somebody else is another piece.
    expect(await send(guest, { key })).toMatchObject({ status: 200, body: { firstSequence: 2 } });
  });
});

describe("who may not", () => {
  test("[CAPTIONS-1] observers, strangers and calls that do not run are refused, and nothing is heard", async () => {
    expect(await send(watcher, { key: "w" })).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect(await send(stranger, { key: "s" })).toMatchObject({ status: 404 });
    expect(await send(host, { key: "x", meetingId: "f".repeat(24) })).toMatchObject({ status: 404 });
    await api(host, "POST", `/api/v1/meetings/${meeting.id}/end`);
    expect(await send(host, { key: "late" })).toMatchObject({ code: "MEETING_NOT_ACTIVE" });
    expect(emulator.received).toEqual([]);
  });

  test("[CAPTIONS-2] without a yes, without one to machines, or switched off, nothing is heard", async () => {
    const refused = async () => (({ code, reason }) => [code, reason])(await send(guest, { key: "r" }));
    await consent(guest, "captions", "refused");
    expect(await refused()).toEqual(["CONSENT_MISSING", "captions"]);
    await consent(guest, "captions", "given");
    await consent(guest, "ai", "refused");
    expect(await refused()).toEqual(["CONSENT_MISSING", "ai"]);
    await consent(guest, "ai", "given");
    const ai = `/api/v1/meetings/${meeting.id}/ai`;
    const speech = { name: "test-speech", allowed: true };
    expect((await api<MeetingAi>(guest, "GET", ai)).speech).toEqual(speech);
    await api(host, "PATCH", ai, { use: "rules" });
    expect(await refused()).toEqual(["FORBIDDEN", "switched-off"]);
    expect((await api<MeetingAi>(guest, "GET", ai)).speech).toEqual({ ...speech, allowed: false });
    await api(host, "PATCH", ai, { use: "model" });
    await api(host, "PATCH", "/api/v1/admin/ai", { use: "off" });
    expect(await refused()).toEqual(["FORBIDDEN", "switched-off"]);
    await api(host, "PATCH", "/api/v1/admin/ai", { use: "model" });
    expect(emulator.received).toEqual([]);
    expect(await send(guest, { key: "r" })).toMatchObject({ status: 200 });
  });

  test("[CAPTIONS-3] a consent that is taken back while the service listens drops what it heard", async () => {
    const listening = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<string>();
    emulator.answerSpeech(() => {
      listening.resolve(undefined);
      return answer.promise;
    });
    const sent = send(guest, { key: "under-way" });
    await listening.promise;
    await consent(guest, "captions", "refused");
    answer.resolve("Said before I changed my mind");
    expect(await sent).toMatchObject({ code: "CONSENT_MISSING", reason: "captions" });
    expect(await texts()).toEqual([]);
  });
});

describe("what is no piece", () => {
  test("[CAPTIONS-6] too large, another type, cut off or too long is refused before anything is heard", async () => {
    const { maxBytes } = uploadRules.speech;
    const code = async (piece: Partial<Piece>) => (await send(host, { key: "bad", ...piece })).code;
    expect(await code({ sound: webmOf("x".repeat(maxBytes)) })).toBe("PAYLOAD_TOO_LARGE");
    expect(await code({ sound: Buffer.from("plain words"), type: "text/plain" })).toBe("UNSUPPORTED_FILE");
    expect(await code({ sound: Buffer.from("plain words") })).toBe("UNSUPPORTED_FILE");
    expect(await code({ sound: webmOf("said:x;").subarray(0, -3) })).toBe("FILE_DAMAGED");
    expect(await code({ sound: Buffer.alloc(0) })).toBe("FILE_DAMAGED");
    expect(await code({ durationMs: 15_001 })).toBe("VALIDATION_ERROR");
    expect(await code({ durationMs: 0 })).toBe("VALIDATION_ERROR");
    expect(await code({ query: "&language=english" })).toBe("VALIDATION_ERROR");
    expect(await code({ key: "k".repeat(101) })).toBe("VALIDATION_ERROR");
    expect(emulator.received).toEqual([]);
    expect(await texts()).toEqual([]);
  });

  test("[CAPTIONS-6] a request that ends before its sound is no piece", async () => {
    const whole = webmOf("said:half;");
    const path = `/api/v1/meetings/${meeting.id}/speech?key=cut&startMs=0&durationMs=1500`;
    const before = await counted();
    await new Promise<void>((resolve) => {
      const request = httpRequest(server.url + path, {
        method: "POST",
        headers: {
          authorization: `Bearer ${host}`,
          "content-type": "audio/webm",
          "content-length": whole.length,
        },
      });
      request.on("error", () => resolve());
      request.on("close", () => resolve());
      request.write(whole.subarray(0, 40), () => request.destroy());
    });
    await expect
      .poll(async () => (await counted())["MALFORMED_REQUEST"] ?? 0)
      .toBe((before["MALFORMED_REQUEST"] ?? 0) + 1);
    expect(emulator.received).toEqual([]);
  });

  test("[CAPTIONS-6] Ogg and MP4 are taken like WebM, and no sound is stored or logged", async () => {
    const mark = "sound-canary-71";
    await send(host, { key: "ogg", sound: oggOf(`${mark} said:In Ogg;`), type: "audio/ogg;codecs=opus" });
    await send(host, { key: "mp4", sound: mp4Of(`${mark} said:In MP4;`), type: "audio/mp4" });
    expect(await texts()).toEqual(["In Ogg", "In MP4"]);
    expect(emulator.received.map(({ text }) => /filename="recording\.(\w+)"/.exec(text)?.[1])).toEqual([
      "ogg",
      "mp4",
    ]);
    expect(server.logs()).not.toContain(mark);
    expect(server.logs()).not.toContain("In Ogg");
  });
});

describe("a service that fails", () => {
  test.each([
    ["is busy", { kind: "status", status: 429 }, "http-429"],
    ["breaks off", { kind: "hang-up" }, "network"],
    ["says what is no answer", { kind: "raw", body: '{"words":[]}' }, "unreadable"],
  ] as const)("[CAPTIONS-7] %s: an error with a code, and no line", async (_what, behaviour, reason) => {
    emulator.next(behaviour, behaviour, behaviour);
    emulator.answerSpeech(() => "Not asked any more");
    const answer = await send(host, { key: "fails" });
    expect([answer.code, answer.reason]).toEqual(["VENDOR_ERROR", reason]);
    expect(await texts()).toEqual([]);
    // What was not asked for is taken out of the queue by the next ones.
    while ((await send(host, { key: "drain" })).status !== 200);
  });

  test("[CAPTIONS-7] a budget that is used up is told as such, and nothing is sent", async () => {
    // A second of sound costs one; 600 a day.
    let sent = 0;
    let answer = await send(host, { key: "budget-0", durationMs: 15_000 });
    for (; answer.code === null && sent < 60; sent += 1)
      answer = await send(host, { key: `budget-${sent + 1}`, durationMs: 15_000 });
    expect([answer.status, answer.code, answer.reason]).toEqual([429, "RATE_LIMITED", "budget"]);
    const asked = emulator.received.length;
    expect((await send(guest, { key: "none-left", durationMs: 15_000 })).reason).toBe("budget");
    expect(emulator.received).toHaveLength(asked);
  });
});

test("[CAPTIONS-8] that sound goes to a service is in the audit log once, and pieces are counted by outcome", async () => {
  await consent(guest, "ai", "refused");
  const before = await counted();
  await send(guest, { key: "counted" });
  expect((await counted())["CONSENT_MISSING"]).toBe((before["CONSENT_MISSING"] ?? 0) + 1);
  const path = `/api/v1/admin/audit?limit=200&action=speech.send&outcome=done`;
  const { items } = await api<{ items: { resourceId: string; metadata: unknown }[] }>(host, "GET", path);
  expect(items.length).toBeGreaterThan(1);
  expect(items[0]?.metadata).toEqual({ service: "test-speech" });
  // One a person and meeting, and process: one test restarts it.
  const most = Math.max(
    ...items.map((one) => items.filter(({ resourceId: id }) => id === one.resourceId).length),
  );
  expect(most).toBeLessThanOrEqual(4);
  expect(before["lines"]).toBeGreaterThan(0);
});
