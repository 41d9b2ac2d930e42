// Two processes serve the live queue and are killed at random moments, again and again: nobody is matched twice, or stuck.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { randomNumbers } from "../../server/platform/testing-random.ts";
import { createTestQueue, type TestMeeting } from "../factories/matching-queue.ts";
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
    await (await createTestQueue(connection)).tick();

    const database = connection.getClient().db(connection.name);
    const proposals = await database
      .collection<{ _id: string; state: string; yes: number; entryIds: string[]; meetingId: string | null }>(
        "matchingProposals",
      )
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
    const meetings = await database.collection<TestMeeting>("testMeetings").find().toArray();
    const settled = proposals.filter(({ state }) => state === "settled");
    console.log(
      `figures: ${kills} kills, ${proposals.length} proposals, ${settled.length} matches, ${meetings.filter(({ asked }) => asked > 1).length} asked for more than once`,
    );
    expect(settled.length).toBeGreaterThan(0);
    const stays = settled.flatMap(({ entryIds }) => entryIds);
    expect(new Set(stays).size).toBe(stays.length);
    expect(settled.filter(({ _id, meetingId }) => meetingId !== _id)).toEqual([]);
    expect(meetings.map(({ _id }) => _id).sort()).toEqual(settled.map(({ _id }) => _id).sort());
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
