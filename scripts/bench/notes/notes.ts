// Notes servers side by side: ours, which stores every update and says when it is stored, and those that store nothing.
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp } from "node:fs/promises";
import { garbageCollection } from "../garbage.ts";
import { runLoadProcess } from "../load-process.ts";
import { prepareMeetings } from "../prepared-meetings.ts";
import {
  childrenOf,
  costBetween,
  costOf,
  startProgram,
  startServerProcess,
  type Cost,
  type ServerProcess,
} from "../server-process.ts";
import { round, table, type Latency } from "../statistics.ts";
import type { ServerKind } from "./dialects.ts";
import type { IdlePlan } from "./idle-main.ts";
import type { NotesLoadResult, NotesPlan, PlannedRoom } from "./load-main.ts";

export interface NotesShape {
  name: string;
  rooms: number;
  /** That memory is measured with: that of one room would be lost in the process's. Null: it is not measured. */
  idleRooms: number | null;
  connectionsPerRoom: number;
  updatesPerSecond: number;
  presencePerSecond: number;
}

export interface NotesOptions {
  shapes: NotesShape[];
  kinds: ServerKind[];
  seconds: number;
  warmupSeconds: number;
  coldLoadMegabytes: number;
  coldLoadSamples: number;
  profileDir?: string | undefined;
  progress(line: string): void;
}

export interface NotesRun extends NotesLoadResult {
  kind: ServerKind;
  shape: NotesShape;
  server: Cost | null;
  /** Of the embedded store; null for servers without one. */
  store: Cost | null;
  /** By which heaps and buffers grew for each room of idle people; with its store's where it has one. Null: not measured. */
  bytesPerIdleRoom: number | null;
  setupSeconds: number;
  loadAverage1m: number;
  /** Undelivered, doubled, different, unseen, disconnected: must be 0. */
  faults: number;
}

export interface NotesResult {
  benchmark: "notes";
  at: string;
  machine: { cores: number; node: string };
  seconds: number;
  runs: NotesRun[];
  faults: number;
}

/** A meeting has at most this many people here; further connections are further tabs of theirs. */
const peoplePerRoomMax = 50;

export async function runNotesBenchmark(options: NotesOptions): Promise<NotesResult> {
  const runs: NotesRun[] = [];
  for (const shape of options.shapes) {
    for (const kind of options.kinds) runs.push(await runOne(options, shape, kind));
  }
  return {
    benchmark: "notes",
    at: new Date().toISOString(),
    machine: { cores: availableParallelism(), node: process.version },
    seconds: options.seconds,
    runs,
    faults: runs.reduce((sum, run) => sum + run.faults, 0),
  };
}

async function runOne(options: NotesOptions, shape: NotesShape, kind: ServerKind): Promise<NotesRun> {
  options.progress(`${shape.name} on ${kind} …`);
  // In a process of its own: a heap that was made small by force would have to grow again under the load.
  const bytesPerIdleRoom =
    shape.idleRooms === null ? null : await measureIdleRooms(shape, kind, shape.idleRooms);
  const server = await start(kind, { profileDir: options.profileDir });
  try {
    const startedMs = performance.now();
    // One more, for the large document.
    const [cold, ...rooms] = await prepareRooms(server, shape, kind, 1 + shape.rooms);
    const setupSeconds = round((performance.now() - startedMs) / 1000, 1);
    const store = await storeOf(server);
    const costs = async () => ({
      server: await costOf(server.pid),
      store: store === null ? null : await costOf(store),
    });
    const at: Record<string, Awaited<ReturnType<typeof costs>>> = {};
    const note = async (phase: string) => void (at[phase] = await costs());
    const plan: NotesPlan = {
      kind,
      url: server.url,
      rooms,
      coldRoom: { room: cold?.room ?? "", token: cold?.tokens[0] ?? "" },
      updatesPerSecond: shape.updatesPerSecond,
      presencePerSecond: shape.presencePerSecond,
      seconds: options.seconds,
      warmupSeconds: options.warmupSeconds,
      coldLoadBytes: options.coldLoadMegabytes * 1024 * 1024,
      coldLoadSamples: options.coldLoadSamples,
    };
    const load = await runLoadProcess<NotesLoadResult>(join(import.meta.dirname, "load-main.ts"), plan, {
      measuring: () => note("measuring"),
      measured: () => note("measured"),
    });
    return {
      ...load,
      kind,
      shape,
      server: costBetween(at["measuring"]?.server ?? null, at["measured"]?.server ?? null),
      store: costBetween(at["measuring"]?.store ?? null, at["measured"]?.store ?? null),
      bytesPerIdleRoom,
      setupSeconds,
      loadAverage1m: round(loadavg()[0] ?? 0),
      faults: load.undelivered + load.doubled + load.different + load.unseen + load.disconnected,
    };
  } finally {
    await server.stop();
  }
}

async function measureIdleRooms(shape: NotesShape, kind: ServerKind, count: number): Promise<number> {
  const garbage = await garbageCollection();
  try {
    const server = await start(kind, { environment: garbage.environment });
    try {
      const [visitedRoom = { room: "", tokens: [] }, ...rooms] = await prepareRooms(
        server,
        shape,
        kind,
        1 + count,
      );
      const store = await storeOf(server);
      const held = () => garbage.held(store === null ? [server.pid] : [server.pid, store]);
      let [heldBefore, heldByIdle] = [0, 0];
      const plan: IdlePlan = { kind, url: server.url, rooms, visitedRoom };
      await runLoadProcess<null>(join(import.meta.dirname, "idle-main.ts"), plan, {
        connecting: async () => void (heldBefore = await held()),
        idle: async () => void (heldByIdle = await held()),
      });
      return Math.round((heldByIdle - heldBefore) / count);
    } finally {
      await server.stop();
    }
  } finally {
    await garbage.close();
  }
}

async function storeOf(server: ServerProcess): Promise<number | null> {
  return (await childrenOf(server.pid))[0] ?? null;
}

async function start(
  kind: ServerKind,
  {
    profileDir,
    environment,
  }: { profileDir?: string | undefined; environment?: Readonly<Record<string, string>> },
): Promise<ServerProcess> {
  if (kind === "connvo")
    return await startServerProcess({ profileDir, environment: { ...environment, MONGODB_URI: "" } });
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-bench-"));
  return await startProgram(join(import.meta.dirname, "peer-main.ts"), {
    dataDir,
    ready: /Listening at (\S+)/,
    args: [kind, dataDir],
    ...(environment && { environment }),
  });
}

async function prepareRooms(
  server: ServerProcess,
  shape: NotesShape,
  kind: ServerKind,
  count: number,
): Promise<PlannedRoom[]> {
  const seats = Array.from({ length: shape.connectionsPerRoom }, (_none, index) => index);
  if (kind !== "connvo")
    return Array.from({ length: count }, (_none, index) => ({
      room: `room-${index}`,
      tokens: seats.map(() => ""),
    }));
  const people = Math.min(shape.connectionsPerRoom, peoplePerRoomMax);
  const meetings = await prepareMeetings(server, { meetings: count, people });
  return meetings.map(({ meetingId, tokens }) => ({
    room: meetingId,
    tokens: seats.map((seat) => tokens[seat % people] ?? ""),
  }));
}

const perTenThousand = (cost: Cost | null, { delivered }: NotesRun) =>
  cost === null ? "–" : ((cost.cpuSeconds / delivered) * 10_000).toFixed(2);

/** The result as tables for people. */
export function describeNotes(result: NotesResult): string {
  const three = ({ count, p50, p95, p99 }: Latency) => (count === 0 ? "–" : `${p50} / ${p95} / ${p99}`);
  const shapes = [...Map.groupBy(result.runs, ({ shape }) => shape.name)];
  return [
    `${result.seconds} s each, ${result.machine.cores} cores with the load generator on the same machine, Node ${result.machine.node}`,
    "connvo stores every update (in the embedded store, fsynced) before it acknowledges it, and passes it on meanwhile; the others store and acknowledge nothing.",
    "storing relay: the floor of whoever stores; it appends the bytes to a file (written through, one write in each window of the journal) and acknowledges them, and checks, knows and files nothing.",
    ...shapes.flatMap(([name, runs]) => [
      "",
      `${name}, load average ${runs.map(({ loadAverage1m }) => loadAverage1m).join(", ")}`,
      table([
        [
          "server",
          "updates",
          "delivered",
          "propagation ms p50 / p95 / p99",
          "durable after ms p50 / p95 / p99",
          "CPU s per 10 000: server",
          "store",
          "both",
          "MB an idle room",
          "cold load ms p50",
          "generator lag p99 ms",
          "faults",
        ],
        ...runs.map((run) => [
          run.kind,
          String(run.sent),
          String(run.delivered),
          three(run.propagation),
          three(run.durableAfter),
          perTenThousand(run.server, run),
          perTenThousand(run.store, run),
          perTenThousand(sumOf(run.server, run.store), run),
          run.bytesPerIdleRoom === null ? "–" : (run.bytesPerIdleRoom / 1e6).toFixed(3),
          run.coldLoadMs === null ? "–" : String(run.coldLoadMs.p50),
          String(run.generatorLagP99Ms),
          String(run.faults),
        ]),
      ]),
      ...runs
        .filter(({ faults }) => faults > 0)
        .map(
          (run) =>
            `${run.kind}: ${run.undelivered} undelivered, ${run.doubled} doubled, ${run.different} documents differ, ${run.unseen} people unseen, ${run.disconnected} disconnected`,
        ),
    ]),
    "",
    "memory: what heaps and buffers of the main threads, the store's included, compiled code left aside, hold more for rooms that nobody types in, after 2 000 visits to another, each time when garbage has been collected, in a process that has no load; cold load: connvo reads the document from its store, the others have it in memory.",
  ].join("\n");
}

function sumOf(server: Cost | null, store: Cost | null): Cost | null {
  if (server === null) return null;
  return {
    cpuSeconds: server.cpuSeconds + (store?.cpuSeconds ?? 0),
    residentBytes: server.residentBytes + (store?.residentBytes ?? 0),
  };
}
