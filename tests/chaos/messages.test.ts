// Three real servers whose messages get lost and overtake each other, and one of whom is cut off: all become equal again.
import { afterEach, describe, expect, test } from "vitest";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import {
  assertEditsOnce,
  assertOnceInOrder,
  assertStored,
  itemAt,
  pause,
  startPerson,
  stopAll,
} from "../factories/live-people.ts";
import { startNodes, until, type NodesWorld } from "../factories/nodes.ts";
import { newRandom } from "../factories/random.ts";
import { badMessages, endOfValue } from "../factories/redis-messages.ts";
import { redisProgram } from "../factories/redis.ts";

const rounds = sizeOf("MESSAGES_ROUNDS", 1);
const seed = sizeOf("MESSAGES_SEED", 1);
const badForMs = 1_500;
const cutForMs = 3_000;

test("a value of Redis's protocol ends where it ends, wherever the bytes were cut", () => {
  const text =
    ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\n\r\n\r\n\r\n*-1\r\n%1\r\n+a\r\n:1\r\n$-1\r\n|1\r\n+k\r\n+v\r\n_\r\n";
  const bytes = Buffer.from(text);
  const ends: number[] = [];
  for (let end = endOfValue(bytes, 0); end !== null; end = endOfValue(bytes, end)) ends.push(end);
  expect(ends).toEqual([34, 39, 51, 56, 71]);
  for (let cut = 0; cut < 34; cut += 1) expect(endOfValue(bytes.subarray(0, cut), 0)).toBeNull();
});

describe.skipIf(redisProgram === null)(
  "messages between nodes (needs redis-server)",
  { timeout: 600_000 + rounds * 60_000 },
  () => {
    let world: NodesWorld | null = null;
    afterEach(async () => {
      await world?.close();
      world = null;
    });

    test(`[NODE-1] ${rounds} times 5 % of the messages between three nodes are lost, others overtaken, and one node is cut off: all become equal, in order`, async () => {
      const random = newRandom(seed);
      const bad = badMessages({ random, dropped: 0.05, overtaken: 0.05 });
      const nodes = await startNodes(3, { proxied: true, filter: () => bad.filter() });
      world = nodes;
      const names = ["ann", "ben", "cleo"];
      const { id: meetingId } = await nodes.meeting(names);
      const people = await Promise.all(
        names.map(async (name, index) => {
          const { url } = itemAt(nodes.nodes, index);
          return startPerson(nodes, { url, token: await nodes.token(name), meetingId, name });
        }),
      );
      const healedMs: number[] = [];
      const writtenInRounds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        bad.turn(true);
        await pause(badForMs);
        const cut = random.pick(nodes.networks);
        cut.cut();
        await pause(cutForMs);
        const written = [...new Set(people.flatMap(({ notes }) => notes.edits()))];
        const startedMs = performance.now();
        cut.heal();
        bad.turn(false);
        const hasAll = (edits: string[]) => {
          const there = new Set(edits);
          return written.every((edit) => there.has(edit));
        };
        await until(() => people.every(({ notes }) => hasAll(notes.edits())), "what was written till then");
        healedMs.push(Math.round(performance.now() - startedMs));
        writtenInRounds.push(written.length);
      }
      // The run was not empty: people wrote in each round, and messages suffered.
      expect(writtenInRounds.every((count, index) => count > (writtenInRounds[index - 1] ?? 0))).toBe(true);
      expect(bad.counts.dropped).toBeGreaterThan(0);
      expect(bad.counts.overtaken).toBeGreaterThan(0);
      const acknowledged = await stopAll(people);
      await until(
        () => people.every(({ notes }) => acknowledged.edits.every((edit) => notes.edits().includes(edit))),
        "all edits everywhere",
      );
      const [first, ...others] = people.map(({ notes }) => notes.edits());
      for (const edits of others) expect(edits).toEqual(first);
      assertEditsOnce(first ?? []);
      const { token } = itemAt(people, 0);
      await assertStored(nodes, { url: itemAt(nodes.nodes, 0).url, token, meetingId }, acknowledged);
      const last = Math.max(...acknowledged.sequences);
      await until(() => people.every(({ heard }) => heard.at(-1) === last), "the last line everywhere");
      for (const { heard } of people) assertOnceInOrder(heard);
      recordFigure("equalAfterPartitionMs", healedMs);
      recordFigure("messages", bad.counts.messages);
      recordFigure("messagesDropped", bad.counts.dropped);
      recordFigure("messagesOvertaken", bad.counts.overtaken);
    });
  },
);
