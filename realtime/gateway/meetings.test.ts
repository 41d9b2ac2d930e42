// Meetings over real connections: who hears what of the transcript, of people, of chat and of prompts.
import { Socket as ServerSocket } from "socket.io";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Socket } from "socket.io-client";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { Correction } from "../../shared/schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { bounds } from "../bounds.ts";
import { userIdOf } from "../testing/fake-ports.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";
import { chunk, codeOf, heard, publishedChunk, roundTrip } from "../testing/sockets.ts";

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

async function joined(token: string): Promise<Socket> {
  const socket = await harness.connect(token);
  expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBeUndefined();
  return socket;
}

test("[MEET-1] a stranger cannot join, and who has not joined hears nothing", async () => {
  const stranger = await harness.connect("user-9");
  expect(codeOf(await harness.emit(stranger, "meeting:join", { meetingId }))).toBe("NOT_FOUND");
  const silent = await harness.connect("user-2");
  const speaker = await joined("user-1");
  const heardBy = [stranger, silent].map((socket) => heard(socket, "transcript:chunks"));
  const own = heard(speaker, "transcript:chunks");
  await harness.emit(speaker, "transcript:append", { meetingId, chunks: [chunk("a")] });
  await until(() => own.length === 1);
  await Promise.all([stranger, silent].map((socket) => roundTrip(harness, socket)));
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
    harness.house.publishTranscript(meetingId, [publishedChunk(sequence, "text")]);
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

test("[MEET-9] lines that are gathered go out before a correction that was delivered after them", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const listener = await joined("user-2");
  const seen: string[] = [];
  listener.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) =>
    seen.push(...chunks.map(({ sequence }) => `line ${sequence}`)),
  );
  listener.on("transcript:corrected", ({ correction }: { correction: Correction }) =>
    seen.push(`revision ${correction.revision}`),
  );
  const correct = (revision: number) =>
    harness.house.publishCorrection(meetingId, {
      kind: "text",
      sequence: 1,
      text: "mended",
      revision,
      authorId: userIdOf(1),
      at: "2026-01-05T09:00:00.000Z",
    });
  correct(1);
  for (let sequence = 1; sequence <= 5; sequence += 1)
    harness.house.publishTranscript(meetingId, [publishedChunk(sequence, "text")]);
  correct(2);
  await roundTrip(harness, listener);
  expect(seen).toEqual(["revision 1", "line 1", "line 2", "line 3", "line 4", "line 5", "revision 2"]);
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
  await roundTrip(harness, second);
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

test("[MEET-11] a connection that ends leaves what it was in and touches no other meeting", async () => {
  const others = [2, 3, 4].map((number) => harness.house.addMeeting(number, { 1: "host", 2: "participant" }));
  const [host, guest] = [await joined("user-1"), await joined("user-2")];
  for (const other of others) {
    await harness.emit(host, "meeting:join", { meetingId: other });
    await harness.emit(host, "call:enter", { meetingId: other, media });
  }
  await harness.emit(guest, "call:enter", { meetingId, media });
  const left = vi.spyOn(ServerSocket.prototype, "leave");
  try {
    guest.disconnect();
    await until(() => harness.realtime.stats().sockets === 1);
    expect(new Set(left.mock.calls.map(([room]) => room))).toEqual(
      new Set([`call:${meetingId}`, `meeting:${meetingId}`, `meeting:${meetingId}:${userIdOf(2)}`]),
    );
    left.mockClear();
    host.disconnect();
    await until(() => harness.realtime.stats().sockets === 0);
    expect(new Set(left.mock.calls.map(([room]) => room.split(":")[1]))).toEqual(
      new Set([meetingId, ...others]),
    );
  } finally {
    left.mockRestore();
  }
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
  await Promise.all([host, guest].map((socket) => roundTrip(harness, socket)));
  await Promise.all([host, guest].map((socket) => roundTrip(harness, socket)));
  expect(views.map((view) => view.map(({ meeting: seen }) => [seen.myRole, seen.title]))).toEqual([
    [["host", "Renamed"]],
    [["participant", "Renamed"]],
  ]);
});

test("[MEET-10] live figures alone are not passed on; what changes beside them is, with the figures as they stand", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const [host, guest] = [await joined("user-1"), await joined("user-2")];
  const states = [host, guest].map((socket) =>
    heard<{ meeting: { title: string }; state: { topics: string[] } }>(socket, "meeting:state"),
  );
  const meeting = harness.house.meetings.get(meetingId);
  if (meeting === undefined) throw new Error("no meeting");
  const publish = async () => {
    harness.realtime.publishMeeting(meetingId);
    harness.house.advance(60);
    await Promise.all([host, guest].map((socket) => roundTrip(harness, socket)));
    await Promise.all([host, guest].map((socket) => roundTrip(harness, socket)));
  };
  await publish();
  const before = states.map((seen) => seen.length);
  meeting.topics = ["goals"];
  await publish();
  expect(states.map((seen) => seen.length)).toEqual(before);
  meeting.title = "Renamed";
  await publish();
  expect(states.map((seen) => seen.slice(before[0]))).toEqual(
    [1, 2].map(() => [
      expect.objectContaining({
        meeting: expect.objectContaining({ title: "Renamed" }) as unknown,
        state: expect.objectContaining({ topics: ["goals"] }) as unknown,
      }),
    ]),
  );
});

test("[MEET-7] when access goes the person's sockets are told, leave the call and hear no more", async () => {
  const [host, guest] = [await joined("user-1"), await joined("user-2")];
  await harness.emit(guest, "call:enter", { meetingId, media });
  const revoked = heard(guest, "access:revoked");
  const [after, peers] = [heard(guest, "transcript:chunks"), heard<{ peers: unknown[] }>(host, "call:peers")];
  harness.house.meetings.get(meetingId)?.roles.delete(userIdOf(2));
  await harness.realtime.recheckAccess(meetingId, userIdOf(2));
  await until(() => revoked.length === 1);
  await until(() => peers.at(-1)?.peers.length === 0);
  await harness.emit(host, "transcript:append", { meetingId, chunks: [chunk("secret")] });
  await roundTrip(harness, guest);
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
  harness.house.publishTranscript(meetingId, [publishedChunk(1, "secret")]);
  await roundTrip(harness, guest);
  expect(secrets).toEqual([]);
});

test("[MEET-1] a chat message reaches everybody in the meeting once, and its sender the sequence", async () => {
  const [host, guest] = [await joined("user-1"), await joined("user-2")];
  const outside = await harness.connect("user-4");
  const messages = [host, guest, outside].map((socket) => heard(socket, "chat:message"));
  const answer = await harness.emit(host, "chat:send", { meetingId, clientKey: "k", content: "hello" });
  expect(answer).toEqual({ sequence: 1 });
  const stored = harness.house.meetings.get(meetingId)?.messages[0];
  await Promise.all([host, guest, outside].map((socket) => roundTrip(harness, socket)));
  expect(messages).toEqual([[{ meetingId, message: stored }], [{ meetingId, message: stored }], []]);
});

test("[MEET-1] [CHAT-4] a change of a message reaches everybody in the meeting, and is refused where it is too often", async () => {
  const [host, guest] = [await joined("user-1"), await joined("user-2")];
  const outside = await harness.connect("user-4");
  await harness.emit(host, "chat:send", { meetingId, clientKey: "k", content: "hello" });
  const messageId = harness.house.meetings.get(meetingId)?.messages[0]?.id ?? "";
  const changes = [host, guest, outside].map((socket) => heard(socket, "chat:changed"));
  const change = { kind: "reaction", emoji: "👍", on: true } as const;
  const react = (clientKey: string) =>
    harness.emit(guest, "chat:change", { meetingId, messageId, clientKey, change });
  expect(await react("first")).toEqual({ sequence: 2 });
  harness.house.changingRefused = true;
  expect(codeOf(await react("second"))).toBe("RATE_LIMITED");
  harness.house.changingRefused = false;
  const unknown = { meetingId, messageId, clientKey: "x", change: { ...change, emoji: "🦀" } };
  expect(codeOf(await harness.emit(guest, "chat:change", unknown as never))).toBe("VALIDATION_ERROR");
  await Promise.all([host, guest, outside].map((socket) => roundTrip(harness, socket)));
  const told = [{ meetingId, change: expect.objectContaining({ ...change, messageId, sequence: 2 }) }];
  expect(changes).toEqual([told, told, []]);
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
  await Promise.all([host, guest, elsewhere].map((socket) => roundTrip(harness, socket)));
  expect(prompts.map(({ length }) => length)).toEqual([1, 0, 0]);
});

test("[MEET-5] who is gone before the join has ended is not present, whatever became of the join", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const { ports, calls } = harness.house;
  const [join, follow] = [ports.meetings.join, ports.transcripts.follow];
  const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  ports.meetings.join = async (...args) => {
    const answer = await join(...args);
    asked.resolve();
    await gone.promise;
    return answer;
  };
  ports.transcripts.follow = () => Promise.reject(new AppError("UNAVAILABLE", "Not now."));
  const guest = await harness.connect("user-2");
  guest.emit("meeting:join", { meetingId });
  await asked.promise;
  guest.disconnect();
  await until(() => harness.realtime.stats().sockets === 0);
  gone.resolve();
  await new Promise(setImmediate);
  ports.transcripts.follow = follow;
  ports.meetings.join = join;
  harness.house.advance(bounds.presenceGraceMs);
  await until(() => calls.left.length === 1);
});

test("[MEET-5] leaving counts where it was said while the join was under way", async () => {
  const { ports, calls } = harness.house;
  const { join } = ports.meetings;
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  ports.meetings.join = async (...args) => {
    const answer = await join(...args);
    asked.resolve();
    await gate.promise;
    return answer;
  };
  const guest = await harness.connect("user-2");
  const joining = harness.emit(guest, "meeting:join", { meetingId });
  await asked.promise;
  const leaving = harness.emit(guest, "meeting:leave", { meetingId });
  await roundTrip(harness, guest);
  gate.resolve();
  await leaving;
  expect(codeOf(await joining)).toBe("NOT_FOUND");
  await until(() => calls.left.length === 1);
  const said = heard(guest, "transcript:chunks");
  harness.house.publishTranscript(meetingId, [publishedChunk(1, "text")]);
  await roundTrip(harness, guest);
  expect(said).toEqual([]);
});

test("[MEET-5] who leaves while the store is away is not present any more when it is back", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const { ports, calls } = harness.house;
  const { leave } = ports.meetings;
  let tries = 0;
  ports.meetings.leave = () => {
    tries += 1;
    return Promise.reject(new AppError("UNAVAILABLE", "The store is away."));
  };
  const guest = await joined("user-2");
  await harness.emit(guest, "meeting:leave", { meetingId });
  await until(() => tries === 1);
  harness.house.advance(bounds.presenceRetryMs);
  await until(() => tries === 2);
  ports.meetings.leave = leave;
  await new Promise(setImmediate);
  harness.house.advance(bounds.presenceRetryMs);
  await until(() => calls.left.length === 1);
  // Whoever is back meanwhile stays.
  ports.meetings.leave = () => Promise.reject(new AppError("UNAVAILABLE", "The store is away."));
  const again = await joined("user-2");
  await harness.emit(again, "meeting:leave", { meetingId });
  await harness.emit(again, "meeting:join", { meetingId });
  ports.meetings.leave = leave;
  harness.house.advance(bounds.presenceRetryMs);
  await roundTrip(harness, again);
  expect(calls.left).toHaveLength(1);
});

test("[MEET-7] who may only look on no more keeps their place, and is not present any more", async () => {
  const observer = await joined("user-3");
  const revoked = heard(observer, "access:revoked");
  harness.house.ports.meetings.mayRead = () => Promise.resolve(false);
  await harness.realtime.recheckAccess(meetingId, userIdOf(3));
  await until(() => revoked.length === 1);
  await until(() => harness.house.calls.left.length === 1);
});
