// Presence in one document's rooms in several processes: relayed, under the word of each process, and never left behind.
import { beforeEach, expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import { bounds } from "../bounds.ts";
import { createFakeHouse, meetingIdOf, userIdOf, type FakeHouse } from "../testing/fake-ports.ts";
import { FakeNetwork, settle } from "../testing/fake-nodes.ts";
import { AwarenessRelay } from "./awareness-relay.ts";
import { NotesRooms, type NotesRoom, type RoomMember } from "./room.ts";

const documentId = `notes/${meetingIdOf(1)}/shared`;

interface Process {
  house: FakeHouse;
  relay: AwarenessRelay;
  rooms: NotesRooms;
  room: NotesRoom;
  member(person: number): RoomMember;
  says(member: RoomMember, clientId: number, state: object | null): void;
  /** Ids that are present, with what they show. */
  shows(): Record<number, unknown>;
}

let network: FakeNetwork;
beforeEach(() => {
  network = new FakeNetwork();
});

async function start(term: string): Promise<Process> {
  const house = createFakeHouse({ fakeTime: true });
  const ports = { ...house.ports, nodes: network.join(term) };
  const rooms = new NotesRooms(ports);
  const relay = new AwarenessRelay(ports, rooms);
  const room = await rooms.acquire(documentId);
  await settle();
  return {
    house,
    relay,
    rooms,
    room,
    member(person) {
      const actor: Actor = {
        userId: userIdOf(person),
        email: `person${person}@example.org`,
        displayName: `Person ${person}`,
        orgId: null,
        orgRole: "member",
        sessionId: "session",
        expiresAt: new Date("2030-01-01"),
      };
      const member = {
        actor,
        awarenessId: null,
        origin: `${term} ${person}`,
        pass: () => undefined,
        startOver: () => undefined,
      };
      room.members.add(member);
      return member;
    },
    says(member, clientId, state) {
      room.awareness.receive(member, [{ clientId, clock: 1, state: JSON.stringify(state) }]);
      house.advance(bounds.awarenessWindowMs);
      room.awarenessChanged();
    },
    shows: () =>
      Object.fromEntries(
        room.awareness.all().map(({ clientId, state }) => [clientId, JSON.parse(state) as unknown]),
      ),
  };
}

test("[NODE-5] who comes sees who is there, and is seen, with the name that their own process gave them", async () => {
  const a = await start("a");
  a.says(a.member(1), 7, { at: 1, user: { name: "Somebody else" } });
  const b = await start("b");
  b.says(b.member(2), 8, { at: 2 });
  await settle();
  const both = {
    7: { at: 1, user: { id: userIdOf(1), name: "Person 1" } },
    8: { at: 2, user: { id: userIdOf(2), name: "Person 2" } },
  };
  expect([a.shows(), b.shows()]).toEqual([both, both]);
});

test("[NODE-5] presence goes with its connection, with the room, and with the process", async () => {
  const [a, b, c] = [await start("a"), await start("b"), await start("c")];
  const leaving = a.member(1);
  a.says(leaving, 1, {});
  b.says(b.member(2), 2, {});
  c.says(c.member(3), 3, {});
  await settle();
  expect(Object.keys(a.shows())).toEqual(["1", "2", "3"]);
  a.room.leave(leaving);
  await settle();
  expect(Object.keys(b.shows())).toEqual(["2", "3"]);
  b.rooms.release(b.room);
  await settle();
  expect(Object.keys(a.shows())).toEqual(["3"]);
  network.end("c");
  expect(Object.keys(a.shows())).toEqual([]);
});

test("[NODE-5] a lost greeting is repeated, and what nobody renews is dropped", async () => {
  const a = await start("a");
  a.says(a.member(1), 1, {});
  network.loses = () => true;
  const b = await start("b");
  expect(b.shows()).toEqual({});
  network.loses = () => false;
  b.relay.sweep(b.house.ports.now().getTime());
  await settle();
  expect(Object.keys(b.shows())).toEqual(["1"]);
  b.house.advance(bounds.awarenessSilentMs - 1_000);
  b.relay.sweep(b.house.ports.now().getTime());
  expect(Object.keys(b.shows())).toEqual(["1"]);
  b.house.advance(2_000);
  b.relay.sweep(b.house.ports.now().getTime());
  expect(b.shows()).toEqual({});
});

test("[NODE-5] a tab that moves to another process stays; an id that another person holds elsewhere cannot be taken", async () => {
  const [a, b] = [await start("a"), await start("b")];
  const before = a.member(1);
  a.says(before, 7, { tab: "old" });
  await settle();
  b.says(b.member(2), 7, { tab: "stolen" });
  await settle();
  expect(b.shows()).toMatchObject({ 7: { tab: "old" } });
  b.house.advance(1_000);
  b.says(b.member(1), 7, { tab: "new" });
  await settle();
  a.room.leave(before);
  await settle();
  expect([a.shows(), b.shows()]).toMatchObject([{ 7: { tab: "new" } }, { 7: { tab: "new" } }]);
});

test("[NODE-5] a process alone sends nothing", async () => {
  const a = await start("a");
  a.says(a.member(1), 7, {});
  a.relay.sweep(a.house.ports.now().getTime());
  a.rooms.release(a.room);
  await settle();
  expect(network.arrived).toEqual([]);
});
