// Several processes on one store and a real Redis, killed, paused, stopped and cut off under load.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import { house, numbers } from "../factories/live-modules.ts";
import { redisProgram, startRedis, type TestRedis } from "../factories/redis.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import type { Told } from "./cluster-node.ts";

const rounds = sizeOf("CHAOS_ROUNDS", 1);
const meetings = 4;
const acknowledgedBetween = 150;
/** What was on its way when the owner died may still be answered. */
const heirWriters = 12;

type Of<Kind extends Told["kind"]> = Extract<Told, { kind: Kind }>;

/** One process of the cluster. */
class Node {
  readonly child: ChildProcess;
  readonly told: Told[] = [];
  readonly #ended: Promise<never>;
  #complaints = "";
  #waiting: { until: () => boolean; resolve: () => void }[] = [];
  #commands = 0;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stderr?.on("data", (text: Buffer) => (this.#complaints += text.toString()));
    this.#ended = once(child, "exit").then(() => {
      throw new Error(`the node ended by itself: ${this.#complaints}`);
    });
    this.#ended.catch(() => undefined);
    if (child.stdout === null) throw new Error("the node has no output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      // The last line may be cut off by a kill: then nobody was told.
      if (line.endsWith("}")) this.told.push(JSON.parse(line) as Told);
      this.#waiting = this.#waiting.filter(({ until, resolve }) => {
        if (!until()) return true;
        resolve();
        return false;
      });
    });
  }

  all<Kind extends Told["kind"]>(kind: Kind): Of<Kind>[] {
    return this.told.filter((line): line is Of<Kind> => line.kind === kind);
  }

  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    const met = new Promise<void>((resolve) => this.#waiting.push({ until: condition, resolve }));
    await Promise.race([met, this.#ended]);
  }

  /** So many more lines of this kind. */
  more(kind: Told["kind"], count: number): Promise<void> {
    const wanted = this.all(kind).length + count;
    return this.until(() => this.all(kind).length >= wanted);
  }

  command(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  write(): void {
    this.#commands += 1;
    this.command(`write ${this.#commands}`);
  }

  async quiet(): Promise<Of<"quiet">> {
    const answered = this.more("quiet", 1);
    this.command("quiet");
    await answered;
    const answer = this.all("quiet").at(-1);
    if (answer === undefined) throw new Error("the node did not answer");
    return answer;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, "exit") as Promise<[number | null]>;
    this.child.kill(signal);
    const [code] = await exited;
    return code;
  }
}

let store: TestStore;
let redis: TestRedis;
let meetingIds: MeetingId[];
let nodes: Node[];

async function startNode(options: { ownHost?: boolean } = {}): Promise<Node> {
  const name = `node${nodes.length}`;
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "cluster-node.ts"),
      store.uri,
      store.connection.name,
      redis.url,
      name,
      options.ownHost === true ? name : "",
      meetingIds.join(","),
    ],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const node = new Node(child);
  nodes.push(node);
  await node.until(() => node.all("ready").length > 0);
  return node;
}

/** Everything that anybody was told is there, once, in order, and every follower of a living process has seen all of it. */
async function check(living: Node[]): Promise<void> {
  for (const node of living) await node.quiet();
  const seen = await seenByAll(living);
  expect(await Promise.all(living.map((node) => node.end("SIGTERM")))).toEqual(living.map(() => 0));
  const { journal, transcripts } = await house(store);
  const chunks = new Map<string, TranscriptChunk[]>();
  for (const meetingId of meetingIds) {
    const all: TranscriptChunk[] = [];
    for await (const page of transcripts.readAll(meetingId)) all.push(...page);
    chunks.set(meetingId, all);
    expect(all.map(({ sequence }) => sequence)).toEqual(numbers(1, all.length));
    expect(new Set(all.map(({ clientKey }) => clientKey)).size).toBe(all.length);
    expect(seen[meetingId]).toBe(all.length);
  }
  await journal.stop();
  const told = nodes.flatMap((node) => node.all("acknowledged"));
  const lost = told.filter(
    ({ meetingId, sequence, text }) => chunks.get(meetingId)?.[sequence - 1]?.text !== text,
  );
  expect(lost).toEqual([]);
  expect(nodes.flatMap((node) => node.all("disorder"))).toEqual([]);
}

/** How far the followers have come, asked until all have come equally far. */
async function seenByAll(living: Node[]): Promise<Record<string, number>> {
  for (;;) {
    const answers: Record<string, number>[] = [];
    for (const node of living) answers.push((await node.quiet()).seen);
    const [first] = answers;
    if (first === undefined) throw new Error("nobody lives");
    if (answers.every((seen) => meetingIds.every((id) => seen[id] === first[id]))) return first;
  }
}

describe.skipIf(redisProgram === null)("several processes (needs redis-server)", () => {
  beforeEach(async () => {
    store = await openTestStore();
    redis = await startRedis();
    meetingIds = Array.from({ length: meetings }, () => systemIds.objectId() as MeetingId);
    nodes = [];
  });

  afterEach(async () => {
    for (const node of nodes) {
      node.child.kill("SIGCONT");
      await node.end("SIGKILL");
    }
    await redis.stop();
    await store.close();
  });

  const timeout = 120_000 + rounds * 60_000;

  test(
    `[CLUSTER-3] [CLUSTER-4] [CLUSTER-14] ${rounds} owners killed under load: nothing acknowledged lost, no doubles, no gaps`,
    { timeout },
    async () => {
      const takeoversMs: number[] = [];
      // On machines of their own: only the heartbeats tell that somebody is dead.
      let owner = await startNode({ ownHost: true });
      owner.write();
      await owner.more("acknowledged", acknowledgedBetween);
      for (let round = 0; round < rounds; round += 1) {
        const heir = await startNode({ ownHost: true });
        heir.write();
        await heir.more("acknowledged", acknowledgedBetween);
        // Not the same point each time: the count moves the kill through the phases of flushing and moving.
        await owner.more("acknowledged", 10 + round * 17);
        await owner.end("SIGKILL");
        const killedMs = performance.now();
        await heir.more("acknowledged", heirWriters + 1);
        takeoversMs.push(Math.round(performance.now() - killedMs));
        await heir.more("acknowledged", acknowledgedBetween);
        owner = heir;
      }
      recordFigure("takeoverMs", takeoversMs);
      await check([owner]);
    },
  );

  test(
    `[CLUSTER-5] ${rounds} owners paused under load and taken over: their late writes are fenced off, and they serve again`,
    { timeout },
    async () => {
      const takeoversMs: number[] = [];
      let owner = await startNode();
      let other = await startNode();
      for (let round = 0; round < rounds; round += 1) {
        owner.write();
        await owner.more("acknowledged", acknowledgedBetween);
        owner.child.kill("SIGSTOP");
        const pausedMs = performance.now();
        // Without the owner nothing is acknowledged before the takeover is complete.
        other.write();
        await other.more("acknowledged", heirWriters + 1);
        takeoversMs.push(Math.round(performance.now() - pausedMs));
        await other.more("acknowledged", acknowledgedBetween);
        owner.child.kill("SIGCONT");
        await owner.more("acknowledged", acknowledgedBetween);
        const before = owner.all("ready")[0]?.term;
        const { term } = await owner.quiet();
        expect(term).not.toBe(before);
        await other.quiet();
        [owner, other] = [other, owner];
      }
      recordFigure("takeoverFromPausedMs", takeoversMs);
      await check([owner, other]);
    },
  );

  test(
    `[CLUSTER-6] ${rounds} rolling restarts under load: who stops hands over, exits with 0, and nobody waits for an expiry`,
    { timeout },
    async () => {
      let running = await startNode();
      running.write();
      await running.more("acknowledged", acknowledgedBetween);
      for (let round = 0; round < rounds; round += 1) {
        const next = await startNode();
        next.write();
        await next.more("acknowledged", acknowledgedBetween);
        expect(await running.end("SIGTERM")).toBe(0);
        await next.more("acknowledged", acknowledgedBetween);
        running = next;
      }
      await check([running]);
    },
  );

  test(
    `[CLUSTER-1] ${rounds * 20} meetings that three processes claim at once have one owner each`,
    { timeout },
    async () => {
      const three = [await startNode(), await startNode(), await startNode()];
      for (let round = 0; round < rounds * 20; round += 1) {
        const meetingId = systemIds.objectId();
        const claimed = three.map((node) => node.more("claimed", 1));
        for (const node of three) node.command(`claim ${meetingId}`);
        await Promise.all(claimed);
        const answers = three
          .flatMap((node) => node.all("claimed"))
          .filter((one) => one.meetingId === meetingId);
        expect(new Set(answers.map(({ owner }) => owner)).size).toBe(1);
        const told = three
          .flatMap((node) => node.all("acknowledged"))
          .filter((one) => one.meetingId === meetingId);
        expect(told.map(({ sequence }) => sequence).toSorted()).toEqual([1, 2, 3]);
      }
    },
  );

  test(
    `[CLUSTER-2] [CLUSTER-13] ${rounds} deaths of Redis under load: nothing acknowledged lost, and all recover`,
    { timeout },
    async () => {
      const both = [await startNode(), await startNode()];
      for (const node of both) node.write();
      for (let round = 0; round < rounds; round += 1) {
        await Promise.all(both.map((node) => node.more("acknowledged", acknowledgedBetween)));
        await redis.crash();
      }
      await Promise.all(both.map((node) => node.more("acknowledged", acknowledgedBetween)));
      await check(both);
    },
  );
});
