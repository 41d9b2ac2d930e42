// Several real servers under kills, restarts and a bad network: what was acknowledged stays, and everybody ends up equal.
import { afterEach, describe, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import {
  assertEditsOnce,
  assertOnceInOrder,
  assertStored,
  itemAt,
  pause,
  presenceOf,
  startPerson,
  stopAll,
} from "../factories/live-people.ts";
import { startNodes, until, type NodesWorld, type NotesClient } from "../factories/nodes.ts";
import { newRandom } from "../factories/random.ts";
import { redisProgram } from "../factories/redis.ts";
import type { TestServer } from "../factories/server.ts";
import { emitOk } from "../factories/sockets.ts";

const rounds = sizeOf("NODES_ROUNDS", 1);
const openRounds = sizeOf("NODES_OPEN_ROUNDS", 1);
const openClients = sizeOf("NODES_OPEN_CLIENTS", 50);
const seed = sizeOf("NODES_SEED", 1);
const writeForMs = 1_500;

const timeout = 600_000 + rounds * 60_000 + openRounds * 10_000;

describe.skipIf(redisProgram === null)("several nodes (needs redis-server)", { timeout }, () => {
  let world: NodesWorld;
  const started: NodesWorld[] = [];
  afterEach(async () => {
    for (const one of started.splice(0)) await one.close();
  });

  async function start(...options: Parameters<typeof startNodes>): Promise<void> {
    world = await startNodes(...options);
    started.push(world);
  }

  test(`[NOTES-1] ${openRounds} times ${openClients} clients on two nodes open one document for the first time at once: it is initialised once`, async () => {
    await start(2);
    const names = Array.from({ length: 10 }, (_, index) => `person${index}`);
    const tokens = await Promise.all(names.map((name) => world.token(name)));
    const shown = ({ doc }: NotesClient) => doc.getXmlFragment("notes").toJSON();
    const alone = world.openNotes(nodeAt(0).url, itemAt(tokens, 0), (await world.meeting(names)).id);
    await until(() => alone.provider.synced, "one alone");
    expect(shown(alone)).not.toBe("");
    for (let round = 0; round < openRounds; round += 1) {
      const { id } = await world.meeting(names);
      const clients = Array.from({ length: openClients }, (_, index) =>
        world.openNotes(nodeAt(index % 2).url, itemAt(tokens, index % tokens.length), id),
      );
      await until(() => clients.every(({ provider }) => provider.synced), "all to be synced");
      await until(() => clients.every((client) => shown(client) === shown(alone)), "the same content");
      clients[0]?.push("one more");
      await until(() => clients.every((client) => client.edits().length === 1), "an edit to reach everybody");
      expect(new Set(clients.map(shown))).toEqual(new Set([shown(alone)]));
      for (const { provider } of clients) provider.disconnect();
    }
  });

  test(`[NODE-1] ${rounds} times dropped connections, delays and a partition between three nodes and Redis: all become equal, in order`, async () => {
    await start(3, { proxied: true });
    const random = newRandom(seed);
    const names = ["ann", "ben", "cleo"];
    const { id } = await world.meeting(names);
    const people = await Promise.all(
      names.map(async (name, index) => {
        const { url } = nodeAt(index);
        return startPerson(world, { url, token: await world.token(name), meetingId: id, name });
      }),
    );
    for (const network of world.networks) network.delay(() => random.below(20));
    const healedMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (let step = 0; step < 4; step += 1) {
        random.pick(world.networks).drop();
        await pause(writeForMs / 4);
      }
      const cut = random.pick(world.networks);
      cut.cut();
      await pause(writeForMs * 2);
      cut.heal();
      cut.drop();
      const startedMs = performance.now();
      const mark = `mark ${round}`;
      for (const { notes } of people) notes.push(mark);
      await until(() => people.every(({ notes }) => count(notes.edits(), mark) === 3), "what was cut off");
      healedMs.push(Math.round(performance.now() - startedMs));
    }
    const acknowledged = await stopAll(people);
    await until(
      () => people.every(({ notes }) => acknowledged.edits.every((edit) => notes.edits().includes(edit))),
      "all edits everywhere",
    );
    const all = people.map(({ notes }) => notes.edits());
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    assertEditsOnce(all[0] ?? []);
    const { token } = itemAt(people, 0);
    await assertStored(world, { url: nodeAt(0).url, token, meetingId: id }, acknowledged);
    const last = Math.max(...acknowledged.sequences);
    await until(() => people.every(({ heard }) => heard.at(-1) === last), "the last line everywhere");
    for (const { heard } of people) assertOnceInOrder(heard);
    recordFigure("healedMs", healedMs);
  });

  test(`[NODE-2] ${rounds} times a node is killed: its people come back at another, nothing acknowledged is missing, no ghost stays`, async () => {
    await start(2);
    const names = ["ann", "ben", "ghost"];
    const { id } = await world.meeting(names);
    const [ann, ben, ghost] = (await Promise.all(names.map((name) => world.token(name)))) as [
      string,
      string,
      string,
    ];
    const people = [
      await startPerson(world, { url: world.anyUrl, token: ann, meetingId: id, name: "ann" }),
      await startPerson(world, { url: world.anyUrl, token: ben, meetingId: id, name: "ben" }),
    ];
    const shownAs = (name: string) => presenceOf(world, { meetingId: id, token: ann, name });
    const ghostGoneMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const victim = nodeAt(round % 2);
      const socket = await world.connect(victim.url, ghost);
      await emitOk(socket, "meeting:join", { meetingId: id });
      const notes = world.openNotes(victim.url, ghost, id);
      notes.provider.awareness.setLocalStateField("cursor", { at: round });
      const seen = () =>
        people.some((person) => person.notes.provider.awareness.getStates().has(notes.doc.clientID));
      await until(seen, "the cursor of the one who will be gone");
      await pause(writeForMs);
      socket.disconnect();
      notes.provider.shouldConnect = false;
      await joinFor(victim, ghost, id);
      await victim.kill();
      const startedMs = performance.now();
      await until(async () => (await shownAs("ghost")) === "left", "the presence to go");
      await until(() => !seen(), "the cursor to go");
      ghostGoneMs.push(Math.round(performance.now() - startedMs));
      await pause(writeForMs);
      await victim.restart();
    }
    const acknowledged = await stopAll(people);
    await assertStored(world, { url: nodeAt(0).url, token: ann, meetingId: id }, acknowledged);
    expect(await shownAs("ann")).toBe("joined");
    recordFigure("ghostOfKilledNodeMs", ghostGoneMs);
  });

  function nodeAt(index: number): TestServer {
    return itemAt(world.nodes, index);
  }

  /** Somebody who is connected to that node alone, and whose client is gone together with it. */
  async function joinFor(node: TestServer, token: string, meetingId: MeetingId): Promise<void> {
    const socket = await world.connect(node.url, token);
    socket.io.reconnection(false);
    await emitOk(socket, "meeting:join", { meetingId });
  }
});

function count(items: string[], item: string): number {
  return items.filter((one) => one === item).length;
}
