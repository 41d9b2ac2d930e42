// Servers that are stopped one after the other under load, as in an update: nobody loses anything, and all are soon back.
import { afterEach, describe, expect, test } from "vitest";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import {
  assertStored,
  itemAt,
  pause,
  startPerson,
  stopAll,
  type LivePerson,
} from "../factories/live-people.ts";
import { startNodes, until, type NodesWorld, type NotesClient } from "../factories/nodes.ts";
import { redisProgram } from "../factories/redis.ts";

const clients = sizeOf("ROLLING_CLIENTS", 20);
/** Of each, in each meeting: together never more than about forty lines, messages and edits a second each. */
const everyMs = Math.max(40, clients * 25);
const peoplePerMeeting = 10;
const writeForMs = 1_500;

describe.skipIf(redisProgram === null)(
  "servers that stop (needs redis-server)",
  { timeout: 1_800_000 },
  () => {
    let world: NodesWorld | null = null;
    afterEach(async () => {
      await world?.close();
      world = null;
    });

    test(`[STOP-1] a rolling restart with ${clients} clients: nothing acknowledged is missing, everybody is back`, async () => {
      const nodes = await startNodes(2);
      world = nodes;
      const people: LivePerson[] = [];
      // Everybody has an account of their own, as each person may have a few connections only.
      for (let first = 0; first < clients; first += peoplePerMeeting) {
        const count = Math.min(peoplePerMeeting, clients - first);
        const names = Array.from({ length: count }, (_, index) => `client${first + index}`);
        const { id: meetingId } = await nodes.meeting(names);
        const starting = names.map(async (name) => {
          const token = await nodes.token(name);
          return startPerson(nodes, { url: nodes.anyUrl, token, meetingId, name, everyMs });
        });
        people.push(...(await Promise.all(starting)));
      }
      await pause(writeForMs);
      const [exits, stopMs, resyncMs]: [(number | null)[], number[], number[]] = [[], [], []];
      for (const node of nodes.nodes) {
        const lost = people.map(({ notes }) => backAfterLoss(notes));
        const startedMs = performance.now();
        exits.push(await node.stop());
        stopMs.push(Math.round(performance.now() - startedMs));
        await until(() => people.every(({ notes }) => notes.provider.synced), "everybody to be synced");
        resyncMs.push(...lost.flatMap(({ ms }) => ms() ?? []));
        await until(() => people.every(({ isIn }) => isIn()), "everybody to be in their meeting");
        await node.restart();
      }
      expect(exits).toEqual([0, 0]);
      // Everybody was cut off at least once: by the stop of whichever node they were at.
      expect(resyncMs.length).toBeGreaterThanOrEqual(clients);
      const acknowledged = await stopAll(people);
      for (const meetingId of new Set(people.map((person) => person.meetingId))) {
        const theirs = people.filter((person) => person.meetingId === meetingId);
        const named = new Set(theirs.map(({ name }) => name));
        const isTheirs = (key: string) => named.has(key.split(" ")[0] ?? "");
        const { token } = itemAt(theirs, 0);
        await assertStored(
          nodes,
          { url: nodes.anyUrl, token, meetingId },
          {
            edits: acknowledged.edits.filter(isTheirs),
            lines: acknowledged.lines.filter(isTheirs),
            messages: acknowledged.messages.filter(isTheirs),
            sequences: [],
          },
        );
      }
      recordFigure("stopMs", stopMs);
      recordFigure("resyncMs", resyncMs);
      recordFigure(
        "rejoinMs",
        people.flatMap(({ away }) => away),
      );
    });
  },
);

/** How long the notes were away: from the loss of the connection until they are synced again. */
function backAfterLoss({ provider }: NotesClient): { ms(): number | null } {
  let lostMs: number | null = null;
  let tookMs: number | null = null;
  provider.on("connection-close", () => (lostMs ??= performance.now()));
  provider.on("sync", (synced: boolean) => {
    if (synced && lostMs !== null) tookMs ??= Math.round(performance.now() - lostMs);
  });
  return { ms: () => tookMs };
}
