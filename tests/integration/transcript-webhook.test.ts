// What a recogniser sends by webhook to a real server: signed, repeated, late, and hostile.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timestampedSignature } from "../../server/platform/webhook-signature.ts";
import { limits } from "../../shared/limits.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";

const [present, before] = ["p".repeat(32), "b".repeat(32)];

let server: TestServer;
let host: string;
let meeting: Meeting;

beforeAll(async () => {
  server = await startTestServer({
    environment: {
      TRANSCRIPT_WEBHOOK_SECRETS: `${present},${before}`,
      RATE_LIMITS: "off",
      LOG_LEVEL: "info",
    },
  });
  host = await server.token("host@example.org", "Host");
  meeting = await running();
});
afterAll(() => server.close());

interface Answer {
  status: number;
  code: string | null;
  body: Record<string, unknown>;
}

async function api<Result>(method: string, path: string, body?: unknown): Promise<Result> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${host}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Result;
}

async function running(): Promise<Meeting> {
  const { id } = await api<Meeting>("POST", "/api/v1/meetings", { title: "A call" });
  return await api<Meeting>("POST", `/api/v1/meetings/${id}/start`);
}

const line = (clientKey: string, more: Partial<Record<keyof TranscriptChunk, unknown>> = {}) => ({
  clientKey,
  speakerLabel: "Speaker 1",
  text: `said ${clientKey}`,
  confidence: 0.8,
  startMs: 0,
  endMs: 10,
  ...more,
});

interface Delivery {
  /** What is signed; a string is sent as it is. */
  body: unknown;
  address?: string;
  secret?: string;
  /** Seconds between the stamp and now. */
  late?: number;
  headers?: Record<string, string>;
  /** What is sent instead of what was signed. */
  sent?: (signed: Buffer) => Uint8Array;
}

async function deliver({ body, address, secret, late, headers, sent }: Delivery): Promise<Answer> {
  const signed = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const stamp = Math.floor(Date.now() / 1_000) - (late ?? 0);
  const response = await fetch(`${server.url}/webhooks/transcripts/${address ?? meeting.id}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "connvo-signature": timestampedSignature(secret ?? present, stamp, signed),
      ...headers,
    },
    body: new Uint8Array(sent?.(signed) ?? signed),
  });
  const answered = (await response.json()) as Record<string, unknown>;
  const error = answered["error"] as { code: string } | undefined;
  return { status: response.status, code: error?.code ?? null, body: answered };
}

const say = (chunks: unknown[], to = meeting) => ({ body: { meetingId: to.id, chunks }, address: to.id });

async function linesOf({ id }: Meeting): Promise<TranscriptChunk[]> {
  const page = await api<TranscriptPage>("GET", `/api/v1/meetings/${id}/transcript?limit=1000`);
  expect(page.nextFromSequence).toBeNull();
  return page.chunks;
}

async function outcomes(): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const found = text.matchAll(/^connvo_webhook_deliveries_total\{.*outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, outcome, count]) => [outcome, Number(count)]));
}

describe("what is signed", () => {
  test("[TRANSCRIPT-50] [TRANSCRIPT-51] is durable when it is answered, heard live, and the vendor's", async () => {
    const here = await running();
    const socket = await connectSocket(server.url, host);
    await emitOk(socket, "meeting:join", { meetingId: here.id });
    const heard = new Promise<TranscriptChunk[]>((resolve) =>
      socket.once("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) => resolve(chunks)),
    );
    const { organizerId } = here;
    const chunks = [line("u-1"), line("u-2", { speakerLabel: undefined, speakerId: organizerId })];
    expect(await deliver(say(chunks, here))).toMatchObject({
      status: 200,
      body: { firstSequence: 1, lastSequence: 2 },
    });
    expect((await heard).map(({ clientKey, source }) => [clientKey, source])).toEqual([
      ["u-1", "vendor"],
      ["u-2", "vendor"],
    ]);
    socket.disconnect();
    await server.kill();
    await server.restart();
    const [first, second] = await linesOf(here);
    expect(first).toMatchObject({ clientKey: "u-1", speakerLabel: "Speaker 1", text: "said u-1" });
    expect(second).toMatchObject({ clientKey: "u-2", speakerId: organizerId });
    // The vendor repeats what it was not answered, also at a server that has started again.
    expect((await deliver(say(chunks, here))).body).toEqual({ firstSequence: 1, lastSequence: 2 });
    expect(await linesOf(here)).toHaveLength(2);
  });

  test("[TRANSCRIPT-50] either secret signs while they are exchanged", async () => {
    expect(await deliver({ ...say([line("by-before")]), secret: before })).toMatchObject({ status: 200 });
  });

  test("[TRANSCRIPT-51] one delivery repeated 1 000 times adds its lines once", async () => {
    const here = await running();
    const chunks = Array.from({ length: 5 }, (_, index) => line(`r-${index}`));
    const { body } = await deliver(say(chunks, here));
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => deliver(say(chunks, here))));
      for (const answer of answers) expect(answer).toEqual({ status: 200, code: null, body });
    }
    expect(await linesOf(here)).toHaveLength(5);
  });

  test("[TRANSCRIPT-51] the vendor's ids and a person's keys do not meet", async () => {
    const here = await running();
    await api("POST", `/api/v1/meetings/${here.id}/transcript`, {
      chunks: [{ ...line("same"), speakerLabel: undefined }],
    });
    await deliver(say([line("same")], here));
    expect((await linesOf(here)).map(({ source }) => source)).toEqual(["speech", "vendor"]);
  });

  test("[TRANSCRIPT-5] [TRANSCRIPT-52] late lines get later sequences and keep the time at which they were said", async () => {
    const here = await running();
    const at = (clientKey: string, startMs: number) => line(clientKey, { startMs, endMs: startMs + 5 });
    await deliver(say([at("third", 300), at("first", 100)], here));
    await deliver(say([at("second", 200)], here));
    await deliver(say([at("first", 999), at("fourth", 400)], here));
    expect((await linesOf(here)).map(({ clientKey, startMs }) => [clientKey, startMs])).toEqual([
      ["third", 300],
      ["first", 100],
      ["second", 200],
      ["fourth", 400],
    ]);
  });

  test("[TRANSCRIPT-52] any Unicode comes through; keys that are no text are refused", async () => {
    const here = await running();
    const text = "e\u0301 \u{1F469}\u200D\u{1F4BB} مرحبا \u202E \ud800 end";
    const label = "Zoë 🦊";
    expect(await deliver(say([line("k-é-🔑", { text, speakerLabel: label })], here))).toMatchObject({
      status: 200,
    });
    expect((await linesOf(here))[0]).toMatchObject({
      clientKey: "k-é-🔑",
      text: text.toWellFormed().normalize("NFC"),
      speakerLabel: label,
    });
    for (const bad of [line("half \udc00"), line("c", { text: "nul \u0000" }), line("")]) {
      expect(await deliver(say([bad], here))).toMatchObject({ status: 400, code: "VALIDATION_ERROR" });
    }
  });

  test("[WEBHOOK-6] a gzip body is signed as what it unpacks to", async () => {
    const headers = { "content-encoding": "gzip" };
    const zipped = { ...say([line("zipped")]), headers, sent: gzipSync };
    expect(await deliver(zipped)).toMatchObject({ status: 200 });
    const cut = { ...zipped, sent: (signed: Buffer) => gzipSync(signed).subarray(0, -9) };
    expect(await deliver(cut)).toMatchObject({ status: 400, code: "MALFORMED_REQUEST" });
    expect(await deliver({ ...zipped, sent: (signed) => signed })).toMatchObject({ status: 400 });
  });
});

describe("what is refused", () => {
  test("[WEBHOOK-1] [TRANSCRIPT-50] everything that is not signed, before anything is said of the meeting", async () => {
    const known = say([line("forged")]);
    const nobody = { ...known, address: "f".repeat(24) };
    const attempts: Delivery[] = [
      { ...known, secret: "x".repeat(32) },
      { ...nobody, secret: "x".repeat(32) },
      { ...known, headers: { "connvo-signature": "" } },
      { ...known, headers: { "connvo-signature": "garbage", authorization: `Bearer ${host}` } },
      { ...known, sent: (signed) => Buffer.concat([signed, Buffer.from(" ")]) },
      { ...known, sent: (signed) => signed.subarray(0, 10) },
      { ...known, sent: () => Buffer.alloc(0) },
      { ...known, late: 301 },
      { ...known, late: -301 },
    ];
    for (const attempt of attempts) {
      expect(await deliver(attempt)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    }
    expect((await linesOf(meeting)).some(({ clientKey }) => clientKey === "forged")).toBe(false);
  });

  test("[TRANSCRIPT-50] a delivery for another meeting than the one it is addressed to", async () => {
    const other = await running();
    const diverted = { body: { meetingId: meeting.id, chunks: [line("diverted")] }, address: other.id };
    expect(await deliver(diverted)).toMatchObject({ status: 400, code: "VALIDATION_ERROR" });
    expect(await linesOf(other)).toEqual([]);
    const unknown = "f".repeat(24);
    expect(
      await deliver({ body: { meetingId: unknown, chunks: [line("a")] }, address: unknown }),
    ).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect(await deliver({ ...say([line("a")]), address: "nonsense" })).toMatchObject({ status: 404 });
  });

  test("[TRANSCRIPT-50] a meeting that has not begun or has ended, and a speaker who is not in it", async () => {
    const planned = await api<Meeting>("POST", "/api/v1/meetings", { title: "Planned" });
    expect(await deliver(say([line("a")], planned))).toMatchObject({
      status: 409,
      code: "MEETING_NOT_ACTIVE",
    });
    const ended = await running();
    await deliver(say([line("in time")], ended));
    await api("POST", `/api/v1/meetings/${ended.id}/end`);
    expect(await deliver(say([line("late")], ended))).toMatchObject({
      status: 409,
      code: "MEETING_NOT_ACTIVE",
    });
    expect(await linesOf(ended)).toHaveLength(1);
    const stranger = line("s", { speakerLabel: undefined, speakerId: "e".repeat(24) });
    expect(await deliver(say([stranger]))).toMatchObject({ status: 400, code: "VALIDATION_ERROR" });
    // Among others', as of somebody who was removed a moment ago, it is left out alone.
    const going = await running();
    expect(await deliver(say([line("with"), stranger], going))).toMatchObject({
      status: 200,
      body: { withheld: 1 },
    });
    expect((await linesOf(going)).map(({ text }) => text)).toEqual(["said with"]);
  });

  test("[WEBHOOK-6] what is too large, also once it is unpacked, and what is no JSON of the right shape", async () => {
    const large = "x".repeat(limits.httpBodyMaxBytes + 1);
    expect(await deliver({ body: large })).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
    // Many small members make one stream; zipping all at once would keep this process from its open connections for seconds.
    const bomb = Buffer.concat(new Array<Buffer>(256).fill(gzipSync(Buffer.alloc(1024 * 1024))));
    expect(bomb.byteLength).toBeLessThan(limits.httpBodyMaxBytes);
    const unpacks = { body: large, headers: { "content-encoding": "gzip" }, sent: () => bomb };
    expect(await deliver(unpacks)).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
    const encoded = { ...say([line("a")]), headers: { "content-encoding": "compress" } };
    expect(await deliver(encoded)).toMatchObject({ status: 400, code: "MALFORMED_REQUEST" });
    const typed = { ...say([line("a")]), headers: { "content-type": "text/plain" } };
    expect(await deliver(typed)).toMatchObject({ status: 400, code: "MALFORMED_REQUEST" });
    for (const body of ["", "{", "\u0000", '{"meetingId":', `${"[".repeat(100_000)}`]) {
      expect(await deliver({ body })).toMatchObject({ status: 400, code: "MALFORMED_REQUEST" });
    }
    const latin = { body: "x", sent: () => Buffer.from([0xff]) };
    expect(await deliver(latin)).toMatchObject({ status: 401 });
    const shapes: unknown[] = [
      null,
      [],
      {},
      { meetingId: meeting.id },
      { meetingId: meeting.id, chunks: [] },
      { meetingId: meeting.id, chunks: "abc" },
      { meetingId: meeting.id, chunks: [line("a", { speakerLabel: undefined })] },
      { meetingId: meeting.id, chunks: [line("a", { confidence: 2 })] },
      { meetingId: meeting.id, chunks: [line("a", { startMs: -1 })] },
      { meetingId: meeting.id, chunks: Array.from({ length: 501 }, (_, index) => line(`n-${index}`)) },
      { meetingId: { $ne: null }, chunks: [line("a")] },
    ];
    for (const body of shapes) {
      expect(await deliver({ body })).toMatchObject({ status: 400, code: "VALIDATION_ERROR" });
    }
  });

  test("[WEBHOOK-7] deliveries are counted by their outcome, and no word of them is in the log", async () => {
    await deliver(say([line("counted", { text: "canary-4711" })]));
    await deliver({ ...say([line("x", { text: "canary-4711" })]), secret: "x".repeat(32) });
    const counted = await outcomes();
    expect(counted["accepted"]).toBeGreaterThan(0);
    expect(counted["UNAUTHENTICATED"]).toBeGreaterThan(0);
    expect(server.logs()).toContain("/webhooks/transcripts/:meetingId");
    expect(server.logs()).not.toContain("canary-4711");
    expect(server.logs()).not.toContain(present);
  });
});
