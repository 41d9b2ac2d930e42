// What the gateway owes to the other processes: streams followed while somebody is here, presence under its own term.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Socket } from "socket.io-client";
import type { MeetingId } from "../../shared/ids.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";
import { codeOf } from "../testing/sockets.ts";

let harness: Harness;
let meetingId: MeetingId;

async function start(options?: { fakeTime: boolean }) {
  harness = await startHarness(options);
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
}
beforeEach(() => start());
afterEach(() => harness.close());

async function joined(token: string): Promise<Socket> {
  const socket = await harness.connect(token);
  expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBeUndefined();
  return socket;
}

test("[NODE-1] a meeting's streams are followed while somebody is in it, and no longer", async () => {
  const [host, guest] = [await joined("user-1"), await joined("user-2")];
  expect(harness.house.followed()).toEqual([meetingId]);
  await harness.emit(host, "meeting:leave", { meetingId });
  expect(harness.house.followed()).toEqual([meetingId]);
  await harness.emit(guest, "meeting:leave", { meetingId });
  await until(() => harness.house.followed().length === 0);
});

test("[NODE-1] where the streams cannot be followed joining is refused, and works again later", async () => {
  const { follow } = harness.house.ports.messages;
  harness.house.ports.messages.follow = () => Promise.reject(new Error("no owner"));
  const socket = await harness.connect("user-1");
  expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBe("INTERNAL");
  expect(harness.house.followed()).toEqual([]);
  harness.house.ports.messages.follow = follow;
  expect(codeOf(await harness.emit(socket, "meeting:join", { meetingId }))).toBeUndefined();
});

test("[NODE-2] after this process was taken for dead it sees its people under its new term, and not under the old one", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const { meetings, nodes } = harness.house.ports;
  const seen = new Set<string>();
  const changes: string[] = [];
  const { join, leave } = meetings;
  meetings.join = (actor, id, seenBy) => {
    seen.add(seenBy);
    changes.push(`in ${seenBy}`);
    return join(actor, id, seenBy);
  };
  meetings.leave = (actor, id, seenBy) => {
    seen.delete(seenBy);
    changes.push(`out ${seenBy}`);
    return leave(actor, id, seenBy);
  };
  const socket = await joined("user-2");
  nodes.term = () => "anew";
  harness.house.advance(2_000);
  await until(() => changes.length === 3);
  expect(changes).toEqual(["in here", "in anew", "out here"]);
  await harness.emit(socket, "meeting:leave", { meetingId });
  await until(() => seen.size === 0);
});
