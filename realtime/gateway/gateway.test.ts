// The Socket.IO side over real connections: the door, what is done with any event, and the end.
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { io, type Socket } from "socket.io-client";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import { socketErrorSchema } from "../../shared/protocol/socket-events.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { createRealtime } from "../server.ts";
import { createFakeHouse, idOf, userIdOf } from "../testing/fake-ports.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";
import { codeOf, heard, publishedChunk, roundTrip } from "../testing/sockets.ts";

let harness: Harness;
let meetingId: MeetingId;

async function start(options?: { fakeTime: boolean }) {
  harness = await startHarness(options);
  meetingId = harness.house.addMeeting(1, {
    1: "host",
    2: "participant",
    3: "observer",
    4: "participant",
    5: "participant",
  });
}
beforeEach(() => start());
afterEach(() => harness.close());

async function joined(token: string): Promise<Socket> {
  const socket = await harness.connect(token);
  expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBeUndefined();
  return socket;
}

describe("the door", () => {
  test("[CONN-1] no token and a bad token are refused with a code", async () => {
    for (const token of ["", "nobody"]) {
      await expect(harness.connect(token)).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
    }
  });

  test("[CONN-1] a cookie counts for a page of ours, under any name of loopback, and for no other", async () => {
    const attempt = (headers: Record<string, string>) =>
      harness.connect("", { extraHeaders: { cookie: "session=user-1", ...headers } });
    await attempt({ origin: `http://localhost:${harness.port}` });
    await attempt({ origin: `http://127.0.0.1:${harness.port}` });
    await expect(attempt({ origin: "http://evil.example" })).rejects.toThrow();
    await expect(attempt({})).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
    const { closed } = harness.openRaw(`/notes/${meetingId}`, { headers: { cookie: "session=user-1" } });
    expect(await closed).toBe(4401);
    const foreign = harness.openRaw(`/notes/${meetingId}?token=user-1`, { origin: "http://evil.example" });
    await expect(foreign.closed).rejects.toThrow("403");
  });

  test("[CONN-1] long polling works, and upgrades", async () => {
    const socket = await harness.connect("user-1", { transports: ["polling", "websocket"] });
    expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBeUndefined();
  });

  test("[CONN-2] the connections of a person are bounded, and a closed one makes room", async () => {
    const sockets: Socket[] = [];
    for (let count = 0; count < limits.socketsPerPerson; count += 1)
      sockets.push(await harness.connect("user-1"));
    await expect(harness.connect("user-1")).rejects.toMatchObject({ data: { code: "RATE_LIMITED" } });
    await harness.connect("user-2");
    sockets[0]?.disconnect();
    await until(() => harness.realtime.stats().sockets === limits.socketsPerPerson);
    await harness.connect("user-1");
  });

  test("[CONN-9] opening connections has a limit of its own, and says when to come back", async () => {
    harness.house.connectingRefused = true;
    const refused = { data: { code: "RATE_LIMITED", retryAfter: 7 } };
    await expect(harness.connect("user-1")).rejects.toMatchObject(refused);
    expect(await harness.openRaw(`/notes/${meetingId}?token=user-1`).closed).toBe(1013);
  });

  test("[CONN-6] a socket outlives its proof of identity by a minute at most and comes back by itself", async () => {
    await harness.close();
    await start({ fakeTime: true });
    harness.house.tokens.set("user-1", { expiresAt: new Date(harness.house.ports.now().getTime() + 30_000) });
    const socket = await harness.connect("user-1");
    const notes = harness.openRaw(`/notes/${meetingId}?token=user-1`);
    await once(notes.socket, "message");
    for (let seconds = 0; seconds < 80; seconds += 10) {
      harness.house.advance(10_000);
      await roundTrip(harness, socket);
      // A ping of ours is answered before the server's answer to it: so the server's own pings are, too.
      notes.socket.ping();
      await once(notes.socket, "pong");
    }
    harness.house.tokens.clear();
    const back = new Promise<void>((resolve) => socket.once("connect", resolve));
    harness.house.advance(14_000);
    expect(await notes.closed).toBe(1012);
    await back;
    expect(socket.connected).toBe(true);
  });

  test("[CONN-7] the end of a session closes its sockets and no others", async () => {
    const [mine, other] = [await harness.connect("user-1"), await harness.connect("user-1-elsewhere")];
    const reason = new Promise((resolve) => mine.once("disconnect", resolve));
    harness.realtime.endSession("session-user-1");
    expect(await reason).toBe("io server disconnect");
    await roundTrip(harness, other);
    expect(other.connected).toBe(true);
  });

  test("[CONN-7] a session that ends while its connection is being let in lets nobody in", async () => {
    const { ports } = harness.house;
    const { connecting } = ports.limits;
    const [counted, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    ports.limits.connecting = async (origin) => {
      counted.resolve();
      await gate.promise;
      await connecting(origin);
    };
    const opening = harness.connect("user-1");
    const refused = expect(opening).rejects.toMatchObject({ data: { code: "SESSION_EXPIRED" } });
    await counted.promise;
    harness.house.endedSessions.add("session-user-1");
    harness.realtime.endSession("session-user-1");
    gate.resolve();
    await refused;
    expect(harness.realtime.stats().sockets).toBe(0);
  });

  test("an upgrade on an address that nobody serves is refused", async () => {
    await expect(harness.openRaw("/elsewhere").closed).rejects.toThrow("404");
    await expect(harness.openRaw("/notes/nonsense").closed).rejects.toThrow("404");
  });
});

describe("events", () => {
  test("[CONN-3] an unknown event, a bad input and a missing ack are answered or survived", async () => {
    const socket = await harness.connect("user-1");
    const send = (name: string, ...args: unknown[]) =>
      socket.timeout(20_000).emitWithAck(name, ...args) as Promise<Record<string, unknown>>;
    expect(codeOf(await send("meeting:explode", {}))).toBe("MALFORMED_REQUEST");
    expect(codeOf(await send("toString", {}))).toBe("MALFORMED_REQUEST");
    expect(codeOf(await send("meeting:join", { meetingId: "nonsense" }))).toBe("VALIDATION_ERROR");
    expect(codeOf(await send("meeting:join"))).toBe("VALIDATION_ERROR");
    expect(await send("meeting:join", { meetingId: 5 })).toMatchObject({
      error: { details: { issues: [{ path: "meetingId" }] } },
    });
    socket.emit("meeting:join", { meetingId });
    socket.emit("meeting:explode");
    expect(await roundTrip(harness, socket)).toEqual({ ok: true });
  });

  test("[CONN-3] what breaks inside is answered as INTERNAL without its words, and logged", async () => {
    const socket = await harness.connect("user-1");
    harness.house.ports.messages.send = () => Promise.reject(new Error("secret detail"));
    const answer = await harness.emit(socket, "chat:send", { meetingId, clientKey: "k", content: "hi" });
    expect(codeOf(answer)).toBe("INTERNAL");
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(harness.house.logged).toContainEqual({ level: "error", event: "realtime failure" });
  });

  test("[CONN-3] a refusal that passes says after how many seconds, every other one does not", async () => {
    const socket = await harness.connect("user-1");
    const refusals = [
      new AppError("UNAVAILABLE", "Full.", { retryAfterSeconds: 4.2 }),
      new AppError("UNAVAILABLE", "Full."),
      new AppError("FORBIDDEN", "Never."),
    ];
    harness.house.ports.messages.send = () =>
      Promise.reject(refusals.shift() ?? new Error("asked too often"));
    const send = () => harness.emit(socket, "chat:send", { meetingId, clientKey: "k", content: "hi" });
    expect(await send()).toEqual({ error: { code: "UNAVAILABLE", message: "Full.", retryAfter: 5 } });
    expect(await send()).toEqual({ error: { code: "UNAVAILABLE", message: "Full.", retryAfter: 1 } });
    expect(await send()).toEqual({ error: { code: "FORBIDDEN", message: "Never." } });
  });

  test("[IDEMPOTENCY-8] a repeated event with a key is done once, and its key is good for nothing else", async () => {
    const socket = await joined("user-1");
    const send = (feedback: "used" | "dismissed", idempotencyKey?: string) =>
      harness.emit(socket, "prompt:feedback", { meetingId, promptId: idOf(9), feedback, idempotencyKey });
    const answers = await Promise.all([send("used", "key"), send("used", "key"), send("used", "key")]);
    expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(harness.house.calls.feedback).toBe(1);
    expect(codeOf(await send("dismissed", "key"))).toBe("IDEMPOTENCY_MISMATCH");
    await send("dismissed");
    expect(harness.house.calls.feedback).toBe(2);
  });

  test("[CONN-9] a person's events are bounded over all their sockets, and another's are their own", async () => {
    await harness.close();
    await start({ fakeTime: true });
    const each = limits.socketEventsPerSecond * 2;
    const sockets = Math.floor((limits.socketEventsPerPersonPerSecond * 2) / each) + 1;
    const answers: Record<string, unknown>[] = [];
    for (let count = 0; count < sockets; count += 1) {
      const socket = await harness.connect("user-1");
      for (let sent = 0; sent < each; sent += 1)
        answers.push(await harness.emit(socket, "live:unsubscribe", { id: "none" }));
    }
    const refused = answers.filter((answer) => codeOf(answer) === "RATE_LIMITED");
    expect(refused).toHaveLength(answers.length - limits.socketEventsPerPersonPerSecond * 2);
    expect(
      codeOf(await harness.emit(await harness.connect("user-2"), "live:unsubscribe", { id: "none" })),
    ).toBeUndefined();
  });

  test("[CONN-9] they are told in sums, and refused for as long as is answered", async () => {
    await harness.close();
    await start({ fakeTime: true });
    const socket = await harness.connect("user-1");
    const send = () => harness.emit(socket, "live:unsubscribe", { id: "none" });
    for (let sent = 0; sent < 100; sent += 1) await send();
    expect(harness.house.sent).toBe(0);
    harness.house.sentRefusedSeconds = 40;
    harness.house.advance(2_000);
    await until(() => harness.house.sent === 100);
    expect(await send()).toMatchObject({ error: { code: "RATE_LIMITED", retryAfter: 40 } });
    harness.house.advance(40_000);
    expect(codeOf(await send())).toBeUndefined();
  });

  test("[CONN-4] events beyond the rate are refused, and a socket that does not stop is closed", async () => {
    const socket = await harness.connect("user-1");
    const codes: (string | undefined)[] = [];
    const refusals: Record<string, unknown>[] = [];
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));
    for (let count = 0; count < 4_000; count += 1) {
      socket.emit("live:unsubscribe", { id: "none" }, (answer: Record<string, unknown>) => {
        codes.push(codeOf(answer));
        if (codeOf(answer) !== undefined) refusals.push(answer);
      });
    }
    expect(await closed).toBe("io server disconnect");
    expect(codes.filter((code) => code === undefined).length).toBeGreaterThanOrEqual(200);
    expect(codes).toContain("RATE_LIMITED");
    for (const refusal of refusals) expect(socketErrorSchema.parse(refusal).error.retryAfter).toBe(1);
  });

  test("[CONN-5] a reader that stops reading is cut off by what waits for it; others notice nothing", async () => {
    const reader = await joined("user-2");
    const stalled = await joined("user-4");
    const received = heard<{ chunks: TranscriptChunk[] }>(reader, "transcript:chunks");
    const engine = stalled.io.engine as unknown as {
      transport: { ws: { pause(): void; resume(): void; terminate(): void } };
    };
    engine.transport.ws.pause();
    const text = "x".repeat(limits.chunkTextMaxChars);
    const published = Array.from({ length: 6_000 }, (_unused, index) => publishedChunk(index + 1, text));
    let sent = 0;
    while (harness.realtime.stats().sockets === 2) {
      if (sent >= published.length) throw new Error("the stalled reader was never cut off");
      harness.house.publishTranscript(meetingId, published.slice(sent, sent + 50));
      sent += 50;
      await until(() => received.reduce((sum, { chunks }) => sum + chunks.length, 0) === sent);
    }
    expect(harness.house.logged).toContainEqual({ level: "info", event: "slow reader cut off" });
    expect(reader.connected).toBe(true);
    engine.transport.ws.terminate();
  });
});

test("[STOP-1] after a stop clients come back by themselves to whoever listens then", async () => {
  const socket = await joined("user-1");
  const reason = new Promise((resolve) => socket.once("disconnect", resolve));
  await harness.realtime.stop(1_000);
  expect(await reason).toMatch(/^transport/);
  expect(socket.active).toBe(true);
  expect(harness.house.calls.left).toEqual([userIdOf(1)]);
});

test("a connection that speaks no protocol at all harms nothing", async () => {
  const raw = connect(harness.port, "127.0.0.1");
  await once(raw, "connect");
  raw.resume();
  raw.write(
    "GET /notes/%%%/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  await once(raw, "close");
  const ok = io(harness.url, { auth: { token: "user-1" }, forceNew: true, transports: ["websocket"] });
  await new Promise<void>((resolve) => ok.once("connect", resolve));
  ok.disconnect();
});

test("[STOP-1] where nothing was ever served, as in a worker of its own, the stop comes to its end", async () => {
  const { ports } = createFakeHouse();
  await expect(createRealtime(ports, { allowedOrigins: [] }).stop(0)).resolves.toBeUndefined();
});
