// Two processes serve the live queue and are killed at random moments, again and again: nobody is matched twice, or stuck.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { randomNumbers } from "../../server/platform/testing-random.ts";
import { createTestQueue } from "../factories/matching-queue.ts";
import { openTestStore } from "../factories/store.ts";

const kills = Number(process.env["CHAOS_ROUNDS"] ?? 2);
const actsBeforeKillMost = 60;

interface Worker {
  process: ChildProcess;
  /** Rejects where it ends without having been killed. */
  acted(times: number): Promise<void>;
}

function startWorker(uri: string, dbName: string, seed: number): Worker {
  const path = join(import.meta.dirname, "matching-worker.ts");
  const child = spawn(process.execPath, [path, uri, dbName, String(seed)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => (complaints += text.toString()));
  let acts = 0;
  let waiting: { times: number; resolve: () => void; reject: (error: Error) => void } | null = null;
  createInterface({ input: child.stdout }).on("line", () => {
    acts += 1;
    if (waiting !== null && acts >= waiting.times) waiting.resolve();
  });
  child.once("exit", (_code, signal) => {
    if (signal !== "SIGKILL") waiting?.reject(new Error(`the worker ended by itself: ${complaints}`));
  });
  return {
    process: child,
    async acted(times) {
      await new Promise<void>((resolve, reject) => {
        if (child.exitCode !== null) reject(new Error(`the worker ended by itself: ${complaints}`));
        waiting = { times: acts + times, resolve, reject };
      });
      waiting = null;
    },
  };
}

async function kill(worker: Worker): Promise<void> {
  const exit = once(worker.process, "exit");
  worker.process.kill("SIGKILL");
  await exit;
}

test(`[MATCH-45] ${kills} kills of processes that serve the queue leave nobody stuck or matched twice`, async () => {
  const store = await openTestStore();
  const { connection, uri } = store;
  const random = randomNumbers(kills);
  const start = (seed: number) => startWorker(uri, connection.name, seed);
  let workers = [start(1), start(2)];
  try {
    for (let round = 0; round < kills; round += 1) {
      const index = round % 2;
      const dying = workers[index];
      if (dying === undefined) throw new Error("There are two.");
      await dying.acted(1 + Math.floor(random() * actsBeforeKillMost));
      await kill(dying);
      workers = workers.map((worker, place) => (place === index ? start(round + 3) : worker));
    }
    await Promise.all(workers.map(kill));
    workers = [];
    const { queue } = await createTestQueue(connection);
    await queue.tick();

    const database = connection.getClient().db(connection.name);
    const proposals = await database
      .collection<{
        _id: string;
        state: string;
        yes: number;
        people: string[];
        entryIds: string[];
        meetingId: string | null;
      }>("matchingProposals")
      .find()
      .toArray();
    const entries = await database
      .collection<{
        _id: string;
        entryId: string;
        status: string;
        heldBy: string | null;
        matchId: string | null;
      }>("matchingQueue")
      .find()
      .toArray();
    const meetings = await database.collection<{ _id: string }>("meetings").find().toArray();
    const places = await database
      .collection<{ meetingId: string; userId: string; role: string }>("meetingParticipants")
      .find()
      .toArray();
    const mails = await database
      .collection<{ meetingId: string; kind: string }>("outboxMails")
      .find({ kind: "invitation" })
      .toArray();
    const settled = proposals.filter(({ state }) => state === "settled");
    console.log(
      `figures: ${kills} kills, ${proposals.length} proposals, ${settled.length} matches, ${meetings.length} meetings, ${mails.length} invitations`,
    );
    expect(settled.length).toBeGreaterThan(0);
    const stays = settled.flatMap(({ entryIds }) => entryIds);
    expect(new Set(stays).size).toBe(stays.length);
    // One meeting each, of these two alone, to which one of them has invited the other once.
    const meetingsOf = settled.map(({ meetingId }) => String(meetingId)).sort();
    expect(meetings.map(({ _id }) => String(_id)).sort()).toEqual(meetingsOf);
    expect(mails.map(({ meetingId }) => String(meetingId)).sort()).toEqual(meetingsOf);
    const peopleOf = Map.groupBy(places, ({ meetingId }) => String(meetingId));
    for (const { meetingId, people } of settled) {
      const here = peopleOf.get(String(meetingId)) ?? [];
      expect(here.map(({ userId }) => String(userId)).sort()).toEqual(people.map(String).sort());
    }
    expect(peopleOf.size).toBe(settled.length);
    expect(proposals.filter(({ state, yes }) => state === "open" && yes === 2)).toEqual([]);
    expect(entries.filter(({ heldBy }) => heldBy !== null)).toEqual([]);
    const matches = new Map(settled.map(({ _id, entryIds }) => [_id, entryIds]));
    for (const { entryId, status, matchId } of entries) {
      if (status === "matched") expect(matches.get(matchId ?? "")).toContain(entryId);
      else expect(stays).not.toContain(entryId);
    }
  } finally {
    await Promise.all(workers.map(kill));
    await store.close();
  }
});
