// Servers that are stopped one after the other under load, as in an update: nobody loses anything, and all are soon back.
import { afterEach, describe, expect, test } from "vitest";
import type { Meeting } from "../../shared/schemas/meetings.ts";
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

describe.skipIf(redisProgram === null)("servers that stop (needs redis-server)", { timeout: 900_000 }, () => {
  let world: NodesWorld | null = null;
  afterEach(async () => {
    await world?.close();
    world = null;
  });

  test(`[STOP-1] a rolling restart with ${clients} clients: nothing acknowledged is missing, everybody is back`, async () => {
    world = await startNodes(2);
    const names = Array.from({ length: Math.min(peoplePerMeeting, clients) }, (_, index) => `person${index}`);
    const tokens = await Promise.all(names.map(world.token));
    const meetings: Meeting[] = [];
    for (let index = 0; index < Math.ceil(clients / peoplePerMeeting); index += 1)
      meetings.push(await world.meeting(names));
    const people: LivePerson[] = [];
    for (let index = 0; index < clients; index += 1) {
      const meetingId = itemAt(meetings, Math.floor(index / peoplePerMeeting)).id;
      const token = itemAt(tokens, index % tokens.length);
      const url = world.anyUrl;
      people.push(await startPerson(world, { url, token, meetingId, name: `client${index}`, everyMs }));
    }
    await pause(writeForMs);
    const [exits, stopMs, resyncMs]: [(number | null)[], number[], number[]] = [[], [], []];
    for (const node of world.nodes) {
      const lost = people.map(({ notes }) => backAfterLoss(notes));
      const startedMs = performance.now();
      exits.push(await node.stop());
      stopMs.push(Math.round(performance.now() - startedMs));
      await until(() => people.every(({ notes }) => notes.provider.synced), "everybody to be synced");
      resyncMs.push(...lost.flatMap(({ ms }) => ms() ?? []));
      await until(() => people.every(({ socket }) => socket.connected), "everybody to be connected");
      await node.restart();
    }
    expect(exits).toEqual([0, 0]);
    // Everybody was cut off at least once: by the stop of whichever node they were at.
    expect(resyncMs.length).toBeGreaterThanOrEqual(clients);
    const acknowledged = await stopAll(people);
    for (const { id: meetingId } of meetings) {
      const theirs = people.filter((person) => person.meetingId === meetingId);
      const named = new Set(theirs.map(({ name }) => name));
      const isTheirs = (key: string) => named.has(key.split(" ")[0] ?? "");
      const { token } = itemAt(theirs, 0);
      await assertStored(
        world,
        { url: world.anyUrl, token, meetingId },
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
  });
});

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
