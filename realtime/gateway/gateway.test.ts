// The Socket.IO side over real connections: the door, events, meetings, presence, calls.
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { io, type Socket } from "socket.io-client";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { userIdOf } from "../testing/fake-ports.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";

let harness: Harness;
let meetingId: MeetingId;
const media = { microphone: true, camera: true, screen: false, hand: false, transcribing: false };

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

const chunk = (key: string) => ({ clientKey: key, text: key, confidence: 1, startMs: 0, endMs: 1 });
const codeOf = (answer: Record<string, unknown>) => (answer["error"] as { code: string } | undefined)?.code;

async function joined(token: string): Promise<Socket> {
  const socket = await harness.connect(token);
  expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBeUndefined();
  return socket;
}

/** Everything a socket hears under a name, from now on. */
function heard<Payload>(socket: Socket, name: string): Payload[] {
  const payloads: Payload[] = [];
  socket.on(name, (payload: Payload) => payloads.push(payload));
  return payloads;
}

/** What the server sent this socket before has arrived when this resolves. */
const roundTrip = (socket: Socket) => harness.emit(socket, "live:unsubscribe", { id: "none" });

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

  test("[CONN-6] a socket outlives its proof of identity by a minute at most and comes back by itself", async () => {
    await harness.close();
    await start({ fakeTime: true });
    harness.house.tokens.set("user-1", { expiresAt: new Date(harness.house.ports.now().getTime() + 30_000) });
    const socket = await harness.connect("user-1");
    const notes = harness.openRaw(`/notes/${meetingId}?token=user-1`);
    await once(notes.socket, "message");
    for (let seconds = 0; seconds < 80; seconds += 10) {
      harness.house.advance(10_000);
      await roundTrip(socket);
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
    await roundTrip(other);
    expect(other.connected).toBe(true);
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
    expect(await roundTrip(socket)).toEqual({ ok: true });
  });

  test("[CONN-3] what breaks inside is answered as INTERNAL without its words, and logged", async () => {
    const socket = await harness.connect("user-1");
    harness.house.ports.messages.send = () => Promise.reject(new Error("secret detail"));
    const answer = await harness.emit(socket, "chat:send", { meetingId, clientKey: "k", content: "hi" });
    expect(codeOf(answer)).toBe("INTERNAL");
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(harness.house.logged).toContainEqual({ level: "error", event: "realtime failure" });
  });

  test("[CONN-4] events beyond the rate are refused, and a socket that does not stop is closed", async () => {
    const socket = await harness.connect("user-1");
    const codes: (string | undefined)[] = [];
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));
    for (let count = 0; count < 4_000; count += 1) {
      socket.emit("live:unsubscribe", { id: "none" }, (answer: Record<string, unknown>) =>
        codes.push(codeOf(answer)),
      );
    }
    expect(await closed).toBe("io server disconnect");
    expect(codes.filter((code) => code === undefined).length).toBeGreaterThanOrEqual(200);
    expect(codes).toContain("RATE_LIMITED");
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
    const published = Array.from({ length: 6_000 }, (_unused, index) => bigChunk(index + 1, text));
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

describe("meetings", () => {
  test("[MEET-1] a stranger cannot join, and who has not joined hears nothing", async () => {
    const stranger = await harness.connect("user-9");
    expect(codeOf(await harness.emit(stranger, "meeting:join", { meetingId }))).toBe("NOT_FOUND");
    const silent = await harness.connect("user-2");
    const speaker = await joined("user-1");
    const heardBy = [stranger, silent].map((socket) => heard(socket, "transcript:chunks"));
    const own = heard(speaker, "transcript:chunks");
    await harness.emit(speaker, "transcript:append", { meetingId, chunks: [chunk("a")] });
    await until(() => own.length === 1);
    await Promise.all([stranger, silent].map(roundTrip));
    expect(heardBy).toEqual([[], []]);
  });

  test("[MEET-2] somebody who joins while others speak misses no chunk", async () => {
    const { ports } = harness.house;
    const speaker = await ports.authenticate({ token: "user-1" });
    let running = true;
    const speaking = (async () => {
      for (let count = 0; running; count += 1) {
        await ports.transcripts.append(speaker, meetingId, [chunk(`c${count}`)]);
        await new Promise(setImmediate);
      }
    })();
    const fromSequence = () => Math.max(1, spoken() - 20);
    const spoken = () => harness.house.meetings.get(meetingId)?.chunks.length ?? 0;
    for (let round = 0; round < 20; round += 1) {
      const listener = await harness.connect("user-2");
      const live = heard<{ chunks: TranscriptChunk[] }>(listener, "transcript:chunks");
      const first = fromSequence();
      const answer = await harness.emit(listener, "meeting:join", { meetingId, fromSequence: first });
      const target = spoken() + 5;
      const sequences = () =>
        new Set(
          [...(answer["chunks"] as TranscriptChunk[]), ...live.flatMap(({ chunks }) => chunks)].map(
            ({ sequence }) => sequence,
          ),
        );
      await until(() => sequences().has(target));
      const seen = sequences();
      for (let sequence = first; sequence <= target; sequence += 1) expect(seen.has(sequence)).toBe(true);
      listener.disconnect();
    }
    running = false;
    await speaking;
  });

  test("[MEET-3] the ack starts 200 chunks before the end, or where asked, and names the last sequence", async () => {
    const speaker = await joined("user-1");
    const keys = Array.from({ length: 450 }, (_unused, index) => chunk(`k${index}`));
    await harness.emit(speaker, "transcript:append", { meetingId, chunks: keys });
    const listener = await harness.connect("user-2");
    const rangeOf = (answer: Record<string, unknown>) => {
      const sequences = (answer["chunks"] as TranscriptChunk[]).map(({ sequence }) => sequence);
      return [sequences[0], sequences.at(-1), answer["lastSequence"]];
    };
    expect(rangeOf(await harness.emit(listener, "meeting:join", { meetingId }))).toEqual([251, 450, 450]);
    const from = { meetingId, fromSequence: 440 };
    expect(rangeOf(await harness.emit(listener, "meeting:join", from))).toEqual([440, 450, 450]);
  });

  test("[MEET-4] a few chunks go at once, a burst is gathered in order", async () => {
    await harness.close();
    await start({ fakeTime: true });
    const listener = await joined("user-2");
    const frames = heard<{ chunks: TranscriptChunk[] }>(listener, "transcript:chunks");
    const publish = (sequence: number) =>
      harness.house.publishTranscript(meetingId, [bigChunk(sequence, "text")]);
    for (let sequence = 1; sequence <= 6; sequence += 1) publish(sequence);
    await until(() => frames.length === 3);
    harness.house.advance(25);
    await until(() => frames.length === 4);
    publish(7);
    harness.house.advance(50);
    publish(8);
    await until(() => frames.length === 6);
    const sequences = frames.map(({ chunks }) => chunks.map(({ sequence }) => sequence));
    expect(sequences).toEqual([[1], [2], [3], [4, 5, 6], [7], [8]]);
  });

  test("[MEET-5] a lost connection that returns within 5 s is no leave; beyond it is; leaving is at once", async () => {
    await harness.close();
    await start({ fakeTime: true });
    const first = await joined("user-2");
    first.disconnect();
    await until(() => harness.realtime.stats().sockets === 0);
    harness.house.advance(4_000);
    const second = await joined("user-2");
    harness.house.advance(10_000);
    await roundTrip(second);
    expect(harness.house.calls.left).toEqual([]);
    const tab = await joined("user-2");
    await harness.emit(tab, "meeting:leave", { meetingId });
    expect(harness.house.calls.left).toEqual([]);
    second.disconnect();
    await until(() => harness.realtime.stats().sockets === 1);
    harness.house.advance(5_000);
    await until(() => harness.house.calls.left.length === 1);
    await harness.emit(tab, "meeting:join", { meetingId });
    await harness.emit(tab, "meeting:leave", { meetingId });
    await until(() => harness.house.calls.left.length === 2);
  });

  test("[MEET-6] each person gets their own view once for many changes, and nothing where nothing changed", async () => {
    await harness.close();
    await start({ fakeTime: true });
    const [host, guest] = [await joined("user-1"), await joined("user-2")];
    const views = [host, guest].map((socket) =>
      heard<{ meeting: { myRole: string; title: string } }>(socket, "meeting:state"),
    );
    const meeting = harness.house.meetings.get(meetingId);
    if (meeting === undefined) throw new Error("no meeting");
    meeting.title = "Renamed";
    for (let count = 0; count < 5; count += 1) harness.realtime.publishMeeting(meetingId);
    harness.house.advance(60);
    await until(() => views.every((view) => view.length === 1));
    harness.realtime.publishMeeting(meetingId);
    harness.house.advance(60);
    await Promise.all([host, guest].map(roundTrip));
    await Promise.all([host, guest].map(roundTrip));
    expect(views.map((view) => view.map(({ meeting: seen }) => [seen.myRole, seen.title]))).toEqual([
      [["host", "Renamed"]],
      [["participant", "Renamed"]],
    ]);
  });

  test("[MEET-7] when access goes the person's sockets are told, leave the call and hear no more", async () => {
    const [host, guest] = [await joined("user-1"), await joined("user-2")];
    await harness.emit(guest, "call:enter", { meetingId, media });
    const revoked = heard(guest, "access:revoked");
    const [after, peers] = [
      heard(guest, "transcript:chunks"),
      heard<{ peers: unknown[] }>(host, "call:peers"),
    ];
    harness.house.meetings.get(meetingId)?.roles.delete(userIdOf(2));
    await harness.realtime.recheckAccess(meetingId, userIdOf(2));
    await until(() => revoked.length === 1);
    await until(() => peers.at(-1)?.peers.length === 0);
    await harness.emit(host, "transcript:append", { meetingId, chunks: [chunk("secret")] });
    await roundTrip(guest);
    expect(after).toEqual([]);
    expect(codeOf(await harness.emit(guest, "meeting:join", { meetingId }))).toBe("NOT_FOUND");
  });

  test("[MEET-7] access that goes while a join is under way is noticed", async () => {
    const guest = await harness.connect("user-2");
    const join = harness.house.ports.meetings.join;
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    harness.house.ports.meetings.join = async (actor, id, seenBy) => {
      const answer = await join(actor, id, seenBy);
      asked.resolve();
      await gate.promise;
      return answer;
    };
    const answer = harness.emit(guest, "meeting:join", { meetingId });
    await asked.promise;
    harness.house.meetings.get(meetingId)?.roles.delete(userIdOf(2));
    await harness.realtime.recheckAccess(meetingId, userIdOf(2));
    gate.resolve();
    expect(codeOf(await answer)).toBe("NOT_FOUND");
    const secrets = heard(guest, "transcript:chunks");
    harness.house.publishTranscript(meetingId, [bigChunk(1, "secret")]);
    await roundTrip(guest);
    expect(secrets).toEqual([]);
  });

  test("[MEET-1] a chat message reaches everybody in the meeting once, and its sender the sequence", async () => {
    const [host, guest] = [await joined("user-1"), await joined("user-2")];
    const outside = await harness.connect("user-4");
    const messages = [host, guest, outside].map((socket) => heard(socket, "chat:message"));
    const answer = await harness.emit(host, "chat:send", { meetingId, clientKey: "k", content: "hello" });
    expect(answer).toEqual({ sequence: 1 });
    const stored = harness.house.meetings.get(meetingId)?.messages[0];
    await Promise.all([host, guest, outside].map(roundTrip));
    expect(messages).toEqual([[{ meetingId, message: stored }], [{ meetingId, message: stored }], []]);
  });

  test("[MEET-8] a prompt reaches the named people's sockets in this meeting alone", async () => {
    const [host, guest, elsewhere] = [
      await joined("user-1"),
      await joined("user-2"),
      await harness.connect("user-1"),
    ];
    const prompts = [host, guest, elsewhere].map((socket) => heard(socket, "prompt:new"));
    harness.realtime.publishPrompt(meetingId, { id: "p" } as never, [userIdOf(1)]);
    harness.realtime.publishPrompt(meetingId, { id: "q" } as never, []);
    await Promise.all([host, guest, elsewhere].map(roundTrip));
    expect(prompts.map(({ length }) => length)).toEqual([1, 0, 0]);
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

function bigChunk(sequence: number, text: string): TranscriptChunk {
  return {
    sequence,
    clientKey: `k${sequence}`,
    speakerId: userIdOf(1),
    text,
    confidence: 1,
    startMs: 0,
    endMs: 1,
    source: "typed",
    createdAt: "2026-01-05T09:00:00.000Z",
  };
}
