// One list of a call's peers over several processes, by the word of the meeting's owner.
import { beforeEach, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import type { CallPeer } from "../../shared/protocol/socket-events.ts";
import { createFakeHouse, meetingIdOf, userIdOf } from "../testing/fake-ports.ts";
import { FakeNetwork, settle } from "../testing/fake-nodes.ts";
import { CallRoster } from "./call-roster.ts";

const meetingId = meetingIdOf(1);
const media = { microphone: true, camera: true, screen: false, hand: false, transcribing: false };
const peer = (name: string): CallPeer => ({
  peerId: name,
  userId: userIdOf(1),
  displayName: name,
  media,
});

interface Process {
  roster: CallRoster;
  enter(name: string): Promise<void>;
  leave(name: string): void;
  list(): string[];
  /** Every list that was announced. */
  announced: string[][];
}

let network: FakeNetwork;
beforeEach(() => {
  network = new FakeNetwork();
  network.owner = "a";
});

function start(term: string): Process {
  const here: CallPeer[] = [];
  const announced: string[][] = [];
  const { ports } = createFakeHouse();
  const roster = new CallRoster({
    ports: { ...ports, nodes: network.join(term) },
    here: () => [...here],
    meetings: () => [meetingId],
    concerns: () => true,
    onChanged: (id: MeetingId) => announced.push(names(id)),
  });
  const names = (id: MeetingId) => roster.peers(id).map(({ peerId }) => peerId);
  return {
    roster,
    announced,
    enter: (name) => roster.enter(meetingId, peer(name), () => here.push(peer(name))),
    leave(name) {
      here.splice(
        here.findIndex(({ peerId }) => peerId === name),
        1,
      );
      roster.changed(meetingId);
    },
    list: () => names(meetingId),
  };
}

test("[NODE-3] every process has the same list in the same order, and the bound counts all of it", async () => {
  const [a, b, c] = [start("a"), start("b"), start("c")];
  await b.enter("b1");
  await a.enter("a1");
  await c.enter("c1");
  await settle();
  for (const { list } of [a, b, c]) expect(list()).toEqual(["b1", "a1", "c1"]);
  for (let count = 3; count < limits.callMaxPeers; count += 1) await c.enter(`more ${count}`);
  await expect(b.enter("too many")).rejects.toMatchObject({ code: "MEETING_FULL" });
  a.leave("a1");
  await settle();
  await b.enter("b2");
  await settle();
  expect(c.list()).toEqual(b.list());
  expect(c.list()).not.toContain("a1");
});

test("[NODE-3] of two who enter at once where one has room one does", async () => {
  const [a, b] = [start("a"), start("b")];
  for (let count = 0; count < limits.callMaxPeers - 1; count += 1) await a.enter(`a${count}`);
  const both = await Promise.allSettled([a.enter("last"), b.enter("also last"), b.enter("and another")]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await settle();
  expect(a.list()).toHaveLength(limits.callMaxPeers);
  expect(b.list()).toEqual(a.list());
});

test("[NODE-3] what got lost between processes is made good by the next sweep", async () => {
  const [a, b] = [start("a"), start("b")];
  await b.enter("b1");
  await settle();
  network.loses = () => true;
  await a.enter("a1");
  b.leave("b1");
  await settle();
  expect(a.list()).toEqual(["b1", "a1"]);
  network.loses = () => false;
  b.roster.sweep();
  await settle();
  expect([a.list(), b.list()]).toEqual([["a1"], ["a1"]]);
});

test("[NODE-3] a process that is gone takes its peers with it, and a new owner goes on with the others", async () => {
  const [a, b, c] = [start("a"), start("b"), start("c")];
  await a.enter("a1");
  await b.enter("b1");
  await c.enter("c1");
  await settle();
  network.owner = "c";
  network.end("a");
  for (const { announced } of [b, c]) announced.length = 0;
  b.roster.sweep();
  c.roster.sweep();
  await settle();
  expect([b.list(), c.list()]).toEqual([
    ["b1", "c1"],
    ["b1", "c1"],
  ]);
  // Nobody was shown a call without somebody who is still there.
  for (const { announced } of [b, c]) expect(announced).toEqual([["b1", "c1"]]);
});

test("[NODE-3] a process alone asks nobody", async () => {
  const a = start("a");
  await a.enter("a1");
  a.roster.sweep();
  await settle();
  expect(a.list()).toEqual(["a1"]);
  expect(network.arrived).toEqual([]);
});
