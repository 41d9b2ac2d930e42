// Transcripts of many meetings at once: every chunk durable before it is acknowledged, beside a relay that stores none.
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { MeetingId } from "../../../shared/ids.ts";
import { ownDatabase } from "../../../tests/factories/store.ts";
import { runLoadProcess } from "../load-process.ts";
import { prepareMeetings, type PreparedMeeting } from "../prepared-meetings.ts";
import { nowUs, readAreas, type AreaTime, type Stretch } from "../profile.ts";
import {
  childrenOf,
  costBetween,
  costOf,
  startProgram,
  startServerProcess,
  type Cost,
} from "../server-process.ts";
import { round, table, type Latency } from "../statistics.ts";
import type { TranscriptsLoadResult, TranscriptsPlan } from "./load-main.ts";

export type TranscriptsKind = "connvo, embedded store" | "connvo, MONGODB_URI" | "Socket.IO relay";

export interface TranscriptsOptions {
  meetings: number;
  chunksPerSecond: number;
  seconds: number;
  warmupSeconds: number;
  /** Raises the rate by half until 95 % of the deliveries take longer than `limitMs`. */
  findLimit: boolean;
  profileDir?: string | undefined;
  progress(line: string): void;
}

export interface TranscriptsRun extends TranscriptsLoadResult {
  kind: TranscriptsKind;
  chunksPerSecond: number;
  server: Cost | null;
  /** Of the embedded store; null where there is none, or it is somewhere else. */
  store: Cost | null;
  setupSeconds: number;
  loadAverage1m: number;
  /** Undelivered, lost, doubled, out of order, refused, disconnected: must be 0. */
  faults: number;
  measured: Stretch;
}

export interface TranscriptsResult {
  benchmark: "transcripts";
  at: string;
  machine: { cores: number; node: string };
  meetings: number;
  seconds: number;
  runs: TranscriptsRun[];
  /** Of the search for the limit: a run at the highest rate that met the targets, or the lowest, with the profiler on. */
  profiled: { run: TranscriptsRun; areas: AreaTime[] } | null;
  faults: number;
}

const peoplePerMeeting = 2;
const limitMs = 150;
const targets = { deliveryP95Ms: 100, deliveryP99Ms: 150, acknowledgementP95Ms: 150, cpuRatio: 1.5 };

export async function runTranscriptsBenchmark(options: TranscriptsOptions): Promise<TranscriptsResult> {
  const kinds: TranscriptsKind[] = ["connvo, embedded store", "Socket.IO relay"];
  if ((process.env["MONGODB_URI"] ?? "") !== "") kinds.splice(1, 0, "connvo, MONGODB_URI");
  const runs: TranscriptsRun[] = [];
  for (const kind of kinds) {
    for (let rate = options.chunksPerSecond; ; rate *= 1.5) {
      const run = await runOne(options, kind, rate);
      runs.push(run);
      if (!options.findLimit || run.faults > 0 || run.delivery.p95 > limitMs) break;
    }
  }
  // Where no rate met the targets the lowest is looked into.
  const limit = options.findLimit ? (limitOf(runs, "connvo, embedded store") ?? runs[0] ?? null) : null;
  return {
    benchmark: "transcripts",
    at: new Date().toISOString(),
    machine: { cores: availableParallelism(), node: process.version },
    meetings: options.meetings,
    seconds: options.seconds,
    runs,
    profiled: limit === null ? null : await profile(options, limit.chunksPerSecond),
    faults: runs
      .filter(({ delivery }) => !options.findLimit || delivery.p95 <= limitMs)
      .reduce((sum, run) => sum + run.faults, 0),
  };
}

/** The run with the highest rate that met the targets of latency; null where none did. */
function limitOf(runs: TranscriptsRun[], kind: TranscriptsKind): TranscriptsRun | null {
  const met = runs.filter(
    (run) =>
      run.kind === kind &&
      run.faults === 0 &&
      run.delivery.p95 < targets.deliveryP95Ms &&
      run.delivery.p99 < targets.deliveryP99Ms &&
      run.acknowledgement.p95 < targets.acknowledgementP95Ms,
  );
  return met.at(-1) ?? null;
}

async function profile(
  options: TranscriptsOptions,
  chunksPerSecond: number,
): Promise<TranscriptsResult["profiled"]> {
  const profileDir = await mkdtemp(join(tmpdir(), "connvo-bench-profile-"));
  try {
    const run = await runOne({ ...options, profileDir }, "connvo, embedded store", chunksPerSecond);
    return { run, areas: await readAreas(profileDir, run.measured) };
  } finally {
    await rm(profileDir, { recursive: true, force: true });
  }
}

async function runOne(
  options: TranscriptsOptions,
  kind: TranscriptsKind,
  chunksPerSecond: number,
): Promise<TranscriptsRun> {
  options.progress(`${options.meetings} meetings × ${chunksPerSecond} chunks/s on ${kind} …`);
  const database = kind === "connvo, MONGODB_URI" ? ownDatabase("bench") : null;
  const relay = kind === "Socket.IO relay";
  const server = relay
    ? await startProgram(join(import.meta.dirname, "relay-main.ts"), {
        dataDir: await mkdtemp(join(tmpdir(), "connvo-bench-")),
        ready: /Listening at (\S+)/,
      })
    : await startServerProcess({
        environment: { MONGODB_URI: database?.uri ?? "" },
        profileDir: options.profileDir,
      });
  try {
    const startedMs = performance.now();
    const meetings = relay
      ? relayMeetings(options.meetings)
      : await prepareMeetings(server, { meetings: options.meetings, people: peoplePerMeeting });
    const setupSeconds = round((performance.now() - startedMs) / 1000, 1);
    options.progress(`set up in ${setupSeconds} s`);
    const store = (await childrenOf(server.pid))[0] ?? null;
    const at: Record<string, { server: Cost | null; store: Cost | null }> = {};
    const note = async (phase: string) => {
      const [ofServer, ofStore] = await Promise.all([
        costOf(server.pid),
        store === null ? null : costOf(store),
      ]);
      at[phase] = { server: ofServer, store: ofStore };
    };
    const plan: TranscriptsPlan = {
      url: server.url,
      meetings,
      chunksPerSecond,
      seconds: options.seconds,
      warmupSeconds: options.warmupSeconds,
      stored: !relay,
    };
    const file = join(import.meta.dirname, "load-main.ts");
    const measured: Stretch = { fromUs: 0, toUs: 0 };
    const load = await runLoadProcess<TranscriptsLoadResult>(file, plan, {
      measuring() {
        measured.fromUs = nowUs();
        return note("measuring");
      },
      measured() {
        measured.toUs = nowUs();
        return note("measured");
      },
    });
    return {
      ...load,
      kind,
      chunksPerSecond,
      server: costBetween(at["measuring"]?.server ?? null, at["measured"]?.server ?? null),
      store: costBetween(at["measuring"]?.store ?? null, at["measured"]?.store ?? null),
      setupSeconds,
      loadAverage1m: round(loadavg()[0] ?? 0),
      measured,
      faults: load.undelivered + load.lost + load.doubled + load.outOfOrder + load.refused + load.disconnects,
    };
  } finally {
    await server.stop();
    await database?.drop();
  }
}

function relayMeetings(count: number): PreparedMeeting[] {
  return Array.from({ length: count }, (_none, index) => ({
    meetingId: `meeting-${index}` as MeetingId,
    tokens: Array.from({ length: peoplePerMeeting }, () => ""),
  }));
}

/** The result as a table for people. */
export function describeTranscripts(result: TranscriptsResult): string {
  const three = ({ count, p50, p95, p99 }: Latency) => (count === 0 ? "–" : `${p50} / ${p95} / ${p99}`);
  const cpu = (run: TranscriptsRun) => ((run.server?.cpuSeconds ?? Number.NaN) / run.delivered) * 10_000;
  const both = (run: TranscriptsRun) => cpu(run) + ((run.store?.cpuSeconds ?? 0) / run.delivered) * 10_000;
  const figure = (value: number) => (Number.isNaN(value) ? "–" : value.toFixed(2));
  const floorOf = (rate: number) =>
    result.runs.find(({ kind, chunksPerSecond }) => kind === "Socket.IO relay" && chunksPerSecond === rate);
  return [
    `${result.meetings} meetings × ${peoplePerMeeting} listeners, ${result.seconds} s, ${result.machine.cores} cores with the load generator on the same machine, Node ${result.machine.node}`,
    "connvo makes every chunk durable before it acknowledges and delivers it; the relay stores nothing.",
    "",
    table([
      [
        "server",
        "chunks/s",
        "delivered",
        "delivery ms p50 / p95 / p99",
        "acknowledged ms p50 / p95 / p99",
        "CPU s per 10 000: server",
        "with store",
        "server : relay",
        "generator lag p99 ms",
        "load average",
        "faults",
      ],
      ...result.runs.map((run) => {
        const floor = floorOf(run.chunksPerSecond);
        return [
          run.kind,
          String(Math.round(run.chunksPerSecond * result.meetings)),
          String(run.delivered),
          three(run.delivery),
          three(run.acknowledgement),
          figure(cpu(run)),
          figure(both(run)),
          floor === undefined ? "–" : figure(cpu(run) / cpu(floor)),
          String(run.generatorLagP99Ms),
          String(run.loadAverage1m),
          String(run.faults),
        ];
      }),
    ]),
    "",
    `targets: delivery p95 < ${targets.deliveryP95Ms} ms, p99 < ${targets.deliveryP99Ms} ms, acknowledged p95 < ${targets.acknowledgementP95Ms} ms, server : relay ≤ ${targets.cpuRatio}`,
    ...result.runs.map(
      (run) =>
        `${run.kind}: ${run.sent} sent, ${run.acknowledged} acknowledged, ${run.undelivered} undelivered, ${run.lost} lost, ${run.doubled} doubled, ${run.outOfOrder} out of order, ${run.refused} refused, ${run.disconnects} disconnects; set up in ${run.setupSeconds} s`,
    ),
    ...describeLimits(result),
  ].join("\n");
}

const areasShown = 14;

function describeLimits({ runs, meetings, profiled }: TranscriptsResult): string[] {
  if (profiled === null) return [];
  const perSecond = (run: TranscriptsRun) => Math.round(run.chunksPerSecond * meetings);
  const limits = [...new Set(runs.map(({ kind }) => kind))].map((kind) => {
    const limit = limitOf(runs, kind);
    return `limit of ${kind}: ${limit === null ? "below what was tried" : `${perSecond(limit)} chunks/s meet the targets of latency, half as many again do not`}`;
  });
  const { run, areas } = profiled;
  const chunks = run.delivered / peoplePerMeeting;
  const total = areas.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const row = ({ area, microseconds }: AreaTime) => [
    area,
    (microseconds / chunks).toFixed(1),
    `${((100 * microseconds) / total).toFixed(1)} %`,
  ];
  const rest = areas.slice(areasShown).reduce((sum, { microseconds }) => sum + microseconds, 0);
  return [
    "",
    ...limits,
    "",
    `where the main thread's time goes at ${perSecond(run)} chunks/s, by the innermost part that a stack names (a run of its own, with the profiler on; kernel time is its caller's):`,
    table([
      ["part", "µs a chunk", "share"],
      ...areas.slice(0, areasShown).map(row),
      row({ area: "the rest", microseconds: rest }),
      row({ area: "all", microseconds: total }),
    ]),
  ];
}
