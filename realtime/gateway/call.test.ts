// Signalling over real connections: who is in a call, and what passes between two of them.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Socket } from "socket.io-client";
import type { MeetingId } from "../../shared/ids.ts";
import { userIdOf } from "../testing/fake-ports.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";
import { codeOf, heard, roundTrip } from "../testing/sockets.ts";

let harness: Harness;
let meetingId: MeetingId;
const media = { microphone: true, camera: true, screen: false, hand: false, transcribing: false };

beforeEach(async () => {
  harness = await startHarness();
  meetingId = harness.house.addMeeting(1, {
    1: "host",
    2: "participant",
    4: "participant",
    5: "participant",
  });
});
afterEach(() => harness.close());

test("[CALL-1] a call is full at its bound; entering again keeps the id; leaving makes room", async () => {
  const sockets = await Promise.all([1, 2, 4, 5, 1].map((number) => harness.connect(`user-${number}`)));
  const answers = [];
  for (const socket of sockets) answers.push(await harness.emit(socket, "call:enter", { meetingId, media }));
  expect(answers.map(codeOf)).toEqual([undefined, undefined, undefined, undefined, "MEETING_FULL"]);
  const [first, , , , last] = sockets as [Socket, Socket, Socket, Socket, Socket];
  const again = await harness.emit(first, "call:enter", { meetingId, media });
  expect(again["peerId"]).toBe(answers[0]?.["peerId"]);
  await harness.emit(first, "call:leave", { meetingId });
  expect(codeOf(await harness.emit(last, "call:enter", { meetingId, media }))).toBeUndefined();
});

test("[CALL-2] every change sends the whole list, to the lobby too; a lost connection leaves at once", async () => {
  const lobby = await harness.connect("user-1");
  await harness.emit(lobby, "meeting:join", { meetingId });
  const lists = heard<{ peers: { userId: string; media: unknown }[] }>(lobby, "call:peers");
  const [caller, other] = [await harness.connect("user-2"), await harness.connect("user-4")];
  await harness.emit(caller, "call:enter", { meetingId, media });
  await harness.emit(other, "call:enter", { meetingId, media });
  await harness.emit(caller, "call:media", { meetingId, media: { ...media, hand: true } });
  await until(() => lists.length === 3);
  expect(lists.at(-1)?.peers).toMatchObject([
    { userId: userIdOf(2), media: { hand: true } },
    { userId: userIdOf(4), media: { hand: false } },
  ]);
  other.disconnect();
  await until(() => lists.at(-1)?.peers.length === 1);
  const late = await harness.connect("user-5");
  const seen = heard<{ peers: unknown[] }>(late, "call:peers");
  await harness.emit(late, "meeting:join", { meetingId });
  expect(seen.at(-1)?.peers).toHaveLength(1);
});

test("[CALL-3] signals pass between two peers of one call and nowhere else", async () => {
  const otherMeeting = harness.house.addMeeting(2, { 1: "host", 4: "participant" });
  const [first, second, outside, foreign] = await Promise.all(
    [1, 2, 5, 4].map((number) => harness.connect(`user-${number}`)),
  );
  if (first === undefined || second === undefined || outside === undefined || foreign === undefined) return;
  const mine = await harness.emit(first, "call:enter", { meetingId, media });
  const theirs = await harness.emit(second, "call:enter", { meetingId, media });
  const away = await harness.emit(foreign, "call:enter", { meetingId: otherMeeting, media });
  const signals = [first, second, outside, foreign].map((socket) => heard(socket, "call:signal"));
  const signal = { kind: "candidate" as const, payload: "{}" };
  const send = (socket: Socket, toPeerId: unknown) =>
    harness.emit(socket, "call:signal", { meetingId, toPeerId: String(toPeerId), signal });
  expect(await send(first, theirs["peerId"])).toEqual({ ok: true });
  expect(codeOf(await send(first, away["peerId"]))).toBe("NOT_FOUND");
  expect(codeOf(await send(foreign, mine["peerId"]))).toBe("NOT_FOUND");
  expect(codeOf(await send(outside, mine["peerId"]))).toBe("NOT_FOUND");
  await Promise.all([first, second, outside, foreign].map((socket) => roundTrip(harness, socket)));
  expect(signals).toEqual([[], [{ meetingId, fromPeerId: mine["peerId"], signal }], [], []]);
});
