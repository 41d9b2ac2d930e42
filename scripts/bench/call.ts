// Benchmark of calls: meetings of two people who speak and write notes, against a server in a process of its own.
import { availableParallelism, loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { mintLocalToken } from "../token.ts";
import { eachAtOnce, paceEvenly, wait } from "./load-process.ts";
import { BenchNotesClient } from "./notes-client.ts";
import { Person, type Recorder } from "./person.ts";
import { Rest } from "./rest.ts";
import { childrenOf, costBetween, costOf, startServerProcess, type Cost } from "./server-process.ts";
import { latencyOf, round, table, type Latency } from "./statistics.ts";

const settleWithinMs = 15_000;
const setupAtOnce = 8;

export interface CallOptions {
  meetings: number;
  seconds: number;
  /** A meeting, by both people together. */
  chunksPerSecond: number;
  /** A person. */
  editsPerSecond: number;
  warmupSeconds: number;
  /** A server that runs already; without it one is started and removed again. */
  running?: { url: string; dataDir: string };
  progress(line: string): void;
}

export interface CallResult {
  benchmark: "call";
  at: string;
  /** A load average far above the cores means that something else ran: latencies then tell of that. */
  machine: { cores: number; node: string; platform: string; loadAverage1m: number };
  load: {
    meetings: number;
    people: number;
    seconds: number;
    chunksPerSecond: number;
    editsPerSecond: number;
  };
  transcript: {
    sent: number;
    acknowledged: number;
    delivery: Latency;
    acknowledgement: Latency;
    /** Acknowledged but never heard by somebody in the meeting. */
    undelivered: number;
    /** Acknowledged but not in the stored transcript. */
    lost: number;
    doubled: number;
    outOfOrder: number;
    refused: number;
  };
  notes: {
    sent: number;
    durable: number;
    delivery: Latency;
    durableAfter: Latency;
    undelivered: number;
    lost: number;
  };
  disconnects: number;
  /** Null where the system has no /proc or the server was not started here. CPU seconds within the measured time. */
  server: Cost | null;
  store: Cost | null;
  cpuSecondsPer10000Delivered: number | null;
  /** Delay of the load generator's own event loop: latencies include it. */
  generatorLagP99Ms: number;
  /** Lost, undelivered, doubled, out of order, refused, disconnected: must be 0. */
  faults: number;
}

export async function runCallBenchmark(options: CallOptions): Promise<CallResult> {
  const own = options.running === undefined ? await startServerProcess() : null;
  const server = own ?? options.running;
  if (server === undefined) throw new Error("There is no server to measure.");
  const people: Person[] = [];
  try {
    return await measure(options, server, own?.pid ?? null, people);
  } finally {
    for (const person of people) person.leave();
    await own?.stop();
  }
}

async function measure(
  options: CallOptions,
  { url, dataDir }: { url: string; dataDir: string },
  pid: number | null,
  people: Person[],
): Promise<CallResult> {
  const { progress } = options;
  const recorder: Recorder = {
    measuring: false,
    sentAt: new Map(),
    delivery: [],
    acknowledgement: [],
    notesDelivery: [],
    notesDurable: [],
    doubled: 0,
    outOfOrder: 0,
    refused: 0,
    disconnects: 0,
  };
  const rest = new Rest(url);
  progress(`Preparing ${options.meetings} meetings at ${url} …`);
  await eachAtOnce(options.meetings, setupAtOnce, async (meeting) => {
    people.push(...(await openMeeting({ rest, url, dataDir, meeting, recorder })));
  });

  const stopLoad = startLoad(people, options);
  await wait(options.warmupSeconds * 1000);
  const store = pid === null ? null : ((await childrenOf(pid))[0] ?? null);
  const before = { server: await maybeCost(pid), store: await maybeCost(store) };
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  recorder.measuring = true;
  progress(`Measuring for ${options.seconds} s …`);
  await wait(options.seconds * 1000);
  recorder.measuring = false;
  lag.disable();
  const after = { server: await maybeCost(pid), store: await maybeCost(store) };
  stopLoad();
  await settle(people);
  progress("Checking what is stored …");
  const stored = await verify(rest, url, people);

  const sent = people.reduce((sum, person) => sum + person.spoken, 0);
  const words = people.reduce((sum, person) => sum + person.written, 0);
  const undelivered = undeliveredOf(people);
  const outOfOrder = recorder.outOfOrder + stored.outOfOrder;
  const doubled = recorder.doubled + stored.doubled;
  const serverCost = costBetween(before.server, after.server);
  const storeCost = costBetween(before.store, after.store);
  const delivered = recorder.delivery.length + recorder.notesDelivery.length;
  const cpu = serverCost === null ? null : serverCost.cpuSeconds + (storeCost?.cpuSeconds ?? 0);
  return {
    benchmark: "call",
    at: new Date().toISOString(),
    machine: {
      cores: availableParallelism(),
      node: process.version,
      platform: process.platform,
      loadAverage1m: round(loadavg()[0] ?? 0),
    },
    load: {
      meetings: options.meetings,
      people: people.length,
      seconds: options.seconds,
      chunksPerSecond: options.chunksPerSecond,
      editsPerSecond: options.editsPerSecond,
    },
    transcript: {
      sent,
      acknowledged: people.reduce((sum, person) => sum + person.acknowledged.size, 0),
      delivery: latencyOf(recorder.delivery),
      acknowledgement: latencyOf(recorder.acknowledgement),
      undelivered: undelivered.chunks,
      lost: stored.lostChunks,
      doubled,
      outOfOrder,
      refused: recorder.refused,
    },
    notes: {
      sent: words,
      durable: people.reduce((sum, person) => sum + person.durableWords.size, 0),
      delivery: latencyOf(recorder.notesDelivery),
      durableAfter: latencyOf(recorder.notesDurable),
      undelivered: undelivered.words,
      lost: stored.lostWords,
    },
    disconnects: recorder.disconnects,
    server: serverCost,
    store: storeCost,
    cpuSecondsPer10000Delivered: cpu === null ? null : round((cpu / delivered) * 10_000),
    generatorLagP99Ms: round(lag.percentile(99) / 1e6),
    faults:
      stored.lostChunks +
      stored.lostWords +
      undelivered.chunks +
      undelivered.words +
      doubled +
      outOfOrder +
      recorder.refused +
      recorder.disconnects +
      people.filter((person) => !person.settled).length,
  };
}

async function openMeeting(parts: {
  rest: Rest;
  url: string;
  dataDir: string;
  meeting: number;
  recorder: Recorder;
}): Promise<Person[]> {
  const { rest, url, dataDir, meeting, recorder } = parts;
  const run = process.pid;
  const emails = ["host", "guest"].map((role) => `${role}-${meeting}-${run}@bench.example`);
  const tokens = await Promise.all(
    emails.map((email, index) =>
      mintLocalToken({ dataDir, email, name: `${index === 0 ? "Host" : "Guest"} ${meeting}` }),
    ),
  );
  const [host] = tokens;
  const [, guestEmail] = emails;
  if (host === undefined || guestEmail === undefined) throw new Error("A meeting needs two people.");
  const meetingId = await rest.startMeeting(host, `Benchmark ${meeting}`, [guestEmail]);
  const people = tokens.map(
    (token, index) => new Person({ url, token, meetingId, name: `${meeting}-${index}`, recorder }),
  );
  await Promise.all(people.map((person) => person.join(url)));
  return people;
}

/** Everybody speaks and writes evenly. Returns the end. */
function startLoad(people: Person[], { chunksPerSecond, editsPerSecond }: CallOptions): () => void {
  return paceEvenly(
    people.flatMap((person) => [
      { everyMs: 2000 / chunksPerSecond, act: () => person.speak() },
      { everyMs: 1000 / editsPerSecond, act: () => person.write() },
    ]),
  );
}

async function settle(people: Person[]): Promise<void> {
  const deadline = performance.now() + settleWithinMs;
  const done = () => {
    const { chunks, words } = undeliveredOf(people);
    return people.every((person) => person.settled) && chunks === 0 && words === 0;
  };
  while (!done() && performance.now() < deadline) await wait(50);
}

/** What was acknowledged, and has not reached everybody in its meeting. */
function undeliveredOf(people: Person[]): { chunks: number; words: number } {
  const others = new Map<string, Person[]>();
  for (const person of people) {
    others.set(person.meetingId, [...(others.get(person.meetingId) ?? []), person]);
  }
  let chunks = 0;
  let words = 0;
  for (const person of people) {
    for (const listener of others.get(person.meetingId) ?? []) {
      for (const key of person.acknowledged.keys()) if (!listener.heard.has(key)) chunks += 1;
      if (listener === person) continue;
      for (const word of person.durableWords) if (!listener.seenWords.has(word)) words += 1;
    }
  }
  return { chunks, words };
}

/** Reads everything back: transcripts by REST, notes by a new connection. */
async function verify(rest: Rest, url: string, people: Person[]) {
  const result = { lostChunks: 0, lostWords: 0, doubled: 0, outOfOrder: 0 };
  const meetings = Map.groupBy(people, ({ meetingId }) => meetingId);
  for (const [meetingId, present] of meetings) {
    const [first] = present;
    if (first === undefined) continue;
    const chunks = await rest.transcript(first.token, meetingId);
    const sequences = new Map(chunks.map(({ clientKey, sequence }) => [clientKey, sequence]));
    result.doubled += chunks.length - sequences.size;
    chunks.forEach(({ sequence }, index) => (result.outOfOrder += sequence === index + 1 ? 0 : 1));
    const notes = await BenchNotesClient.open({
      url,
      token: first.token,
      meetingId,
      onWord: () => undefined,
      onDurable: () => undefined,
    });
    const words = notes.words();
    notes.close();
    for (const person of present) {
      let last = 0;
      for (const [key, sequence] of person.acknowledged) {
        if (sequences.get(key) !== sequence) result.lostChunks += 1;
        // A person's chunks are stored in the order in which they were spoken.
        if (sequence <= last) result.outOfOrder += 1;
        last = sequence;
      }
      for (const word of person.durableWords) if (!words.has(word)) result.lostWords += 1;
    }
  }
  return result;
}

/** The result as a table for people. */
export function describeCall(result: CallResult): string {
  const { load, transcript, notes, server, store } = result;
  const row = (name: string, { count, p50, p95, p99, max }: Latency) => [
    name,
    ...[count, p50, p95, p99, max].map(String),
  ];
  const cost = (name: string, value: Cost | null) =>
    value === null
      ? `${name}: not measured`
      : `${name}: ${value.cpuSeconds.toFixed(1)} CPU s (${((100 * value.cpuSeconds) / load.seconds).toFixed(0)} % of a core), ${(value.residentBytes / 1e6).toFixed(0)} MB`;
  return [
    `${load.meetings} meetings × 2 people, ${load.chunksPerSecond} chunks/s a meeting, ${load.editsPerSecond} edits/s a person, ${load.seconds} s, ${result.machine.cores} cores with a load average of ${result.machine.loadAverage1m}`,
    "",
    table([
      ["milliseconds", "count", "p50", "p95", "p99", "max"],
      row("chunk delivered", transcript.delivery),
      row("chunk acknowledged", transcript.acknowledgement),
      row("edit delivered", notes.delivery),
      row("edit durable", notes.durableAfter),
    ]),
    "",
    `chunks: ${transcript.sent} sent, ${transcript.acknowledged} acknowledged, ${transcript.undelivered} undelivered, ${transcript.lost} lost, ${transcript.doubled} doubled, ${transcript.outOfOrder} out of order, ${transcript.refused} refused`,
    `edits: ${notes.sent} sent, ${notes.durable} durable, ${notes.undelivered} undelivered, ${notes.lost} lost`,
    cost("server", server),
    cost("store", store),
    `both: ${result.cpuSecondsPer10000Delivered ?? "?"} CPU s per 10 000 delivered; load generator's lag p99 ${result.generatorLagP99Ms} ms; ${result.disconnects} disconnects`,
  ].join("\n");
}

function maybeCost(pid: number | null): Promise<Cost | null> {
  return pid === null ? Promise.resolve(null) : costOf(pid);
}
