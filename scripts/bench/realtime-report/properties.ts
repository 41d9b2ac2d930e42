// The fifteen properties of the realtime core, and what shows each of them: tests at full size, or a benchmark's figure.
import type { NotesRun } from "../notes/notes.ts";

export interface TestEvidence {
  kind: "test";
  project: "unit" | "integration";
  file: string;
  /** A piece of the titles to run, as it stands there. */
  titles: string[];
  /** For the full size; the tests run short without it. */
  environment?: Readonly<Record<string, string>>;
}

export interface BenchmarkEvidence {
  kind: "notes";
  /** People in one room, or rooms of two. */
  load: { crowd: number; updatesPerSecond: number } | { rooms: number; updatesPerSecond: number };
  judge(run: NotesRun): { figure: string; met: boolean };
}

export interface Property {
  number: number;
  name: string;
  evidence: (TestEvidence | BenchmarkEvidence)[];
  /** What of it nothing here shows yet. */
  notShown?: string;
}

const unit = (file: string, ...titles: string[]): TestEvidence => ({
  kind: "test",
  project: "unit",
  file,
  titles,
});
const integration = (
  file: string,
  titles: string[],
  environment?: Readonly<Record<string, string>>,
): TestEvidence => ({
  kind: "test",
  project: "integration",
  file,
  titles,
  ...(environment && { environment }),
});

export const properties: Property[] = [
  {
    number: 1,
    name: "kill -9 under load, 100 runs: no acknowledged update lost",
    evidence: [
      integration("tests/chaos/call.test.ts", ["[CHAOS-1]"], { CHAOS_ROUNDS: "100" }),
      integration("tests/chaos/journal.test.ts", ["[JOURNAL-2]"], { CHAOS_ROUNDS: "100" }),
    ],
  },
  {
    number: 2,
    name: "journal-backed acknowledgement p95 < 50 ms, p99 < 150 ms at 350 updates/s",
    evidence: [
      {
        kind: "notes",
        load: { rooms: 50, updatesPerSecond: 350 },
        judge: ({ durableAfter: { p50, p95, p99 } }) => ({
          figure: `durable after ${p50} / ${p95} / ${p99} ms`,
          met: p95 < 50 && p99 < 150,
        }),
      },
    ],
  },
  {
    number: 3,
    name: "store unreachable for 60 s: nothing acknowledged or unloaded, buffers bounded, converged < 5 s after",
    evidence: [
      unit("server/platform/journal/journal.failure.test.ts", "[JOURNAL-12]"),
      unit("realtime/notes/notes.test.ts", "[NOTES-3]", "[NOTES-9]"),
    ],
    notShown: "with a real store that is paused for 60 s; the tests use a store in memory and a fake clock",
  },
  {
    number: 4,
    name: "compaction raced with writers, stale nodes and crashes: no entry removed outside its snapshot",
    evidence: [
      unit("server/platform/journal/journal.fuzz.test.ts", "[JOURNAL-2]"),
      integration("tests/integration/notes.test.ts", ["a snapshot without its pointer"]),
    ],
    notShown:
      "1 000 seeds (200 histories of the journal are run), and seeds of the notes' snapshots themselves",
  },
  {
    number: 5,
    name: "two nodes and 50 clients open a document for the first time at once: initialised once, 1 000 runs",
    evidence: [
      integration("tests/chaos/nodes.test.ts", ["[NOTES-1]"], { NODES_OPEN_ROUNDS: "1000", NODES_SEED: "1" }),
    ],
  },
  {
    number: 6,
    name: "a paused owner's late writes are fenced off; takeover < 10 s",
    evidence: [
      integration("tests/chaos/cluster.test.ts", ["[CLUSTER-5]", "[CLUSTER-3]"], { CHAOS_ROUNDS: "20" }),
      unit("server/platform/cluster/cluster.test.ts", "[CLUSTER-5]", "[CLUSTER-3]"),
    ],
    notShown:
      "the 10 s with real processes: their takeover times are printed; the limit is checked on a fake clock",
  },
  {
    number: 7,
    name: "three nodes, dropped messages, a partition: equal state and content < 5 s after it heals",
    evidence: [
      integration("tests/chaos/nodes.test.ts", ["[NODE-1]"], { NODES_ROUNDS: "20", NODES_SEED: "1" }),
    ],
    notShown:
      "the 5 s, which are printed and not judged, and single messages dropped or reordered: connections are cut and delayed",
  },
  {
    number: 8,
    name: "access revoked: closed or downgraded on every node < 1 s, later updates refused",
    evidence: [
      integration("tests/integration/nodes.test.ts", ["[NODE-4]"]),
      unit("realtime/notes/notes-access.test.ts", "[MEET-7]"),
      unit("realtime/gateway/meetings.test.ts", "[MEET-7]"),
    ],
    notShown: "the second as a measured figure",
  },
  {
    number: 9,
    name: "a stalled reader: ≤ 8 MB buffered, closed < 10 s, others' p99 changes < 10 %",
    evidence: [
      unit("realtime/notes/notes-access.test.ts", "[CONN-5]"),
      unit("realtime/gateway/gateway.test.ts", "[CONN-5]"),
    ],
    notShown: "the 10 s and the others' p99 as measured figures",
  },
  {
    number: 10,
    name: "100 people with presence in one meeting: update p99 < 100 ms; 500: nothing undelivered",
    evidence: [
      {
        kind: "notes",
        load: { crowd: 100, updatesPerSecond: 50 },
        judge: ({ propagation: { p50, p95, p99 }, faults }) => ({
          figure: `100 people: ${p50} / ${p95} / ${p99} ms, ${faults} faults`,
          met: p99 < 100 && faults === 0,
        }),
      },
      {
        kind: "notes",
        load: { crowd: 500, updatesPerSecond: 10 },
        judge: ({ propagation: { p99 }, undelivered, faults, delivered }) => ({
          figure: `500 people: ${delivered} delivered, ${undelivered} undelivered, p99 ${p99} ms`,
          met: faults === 0,
        }),
      },
    ],
  },
  {
    number: 11,
    name: "10 000 open/close cycles, failed loads included: nothing retained, heap drift < 5 %",
    evidence: [unit("realtime/notes/notes.test.ts", "[NOTES-8]")],
    notShown: "10 000 cycles (1 000 are run) and the heap's drift",
  },
  {
    number: 12,
    name: "ghost presence cleared < 35 s after a silent death; identity stamped; one awareness id a socket",
    evidence: [
      unit("realtime/notes/awareness.test.ts", "[AWARE-1]", "[AWARE-2]", "[AWARE-4]"),
      integration("tests/chaos/nodes.test.ts", ["[NODE-2]"]),
    ],
    notShown: "the 35 s as a judged figure, and a death on another machine, which only its heartbeats tell",
  },
  {
    number: 13,
    name: "oversized: a typed error to the sender alone, nothing applied; documents > 16 MB persist in chunks",
    evidence: [
      unit("realtime/notes/notes.test.ts", "[NOTES-6]"),
      integration("tests/integration/notes.test.ts", ["a document over 16 MB persists in chunks"]),
    ],
  },
  {
    number: 14,
    name: "chat and transcript: server sequence and client key; after kill or reconnect no gap and no double",
    evidence: [
      integration("tests/chaos/call.test.ts", ["[CHAOS-1]"], { CHAOS_ROUNDS: "20" }),
      integration("tests/chaos/nodes.test.ts", ["[NODE-2]"], { NODES_ROUNDS: "10" }),
      integration("tests/integration/journal.test.ts", ["[JOURNAL-9]", "messages keep order"]),
      unit("realtime/gateway/meetings.test.ts", "[MEET-2]"),
    ],
  },
  {
    number: 15,
    name: "SIGTERM under load: exit ≤ 15 s, unsaved work reported; rolling restart with 1 000 clients loses nothing",
    evidence: [
      integration("tests/chaos/nodes.test.ts", ["[STOP-1]"], { NODES_ROLLING_CLIENTS: "1000" }),
      unit("realtime/notes/notes-access.test.ts", "[STOP-1]"),
      unit("server/platform/journal/journal.test.ts", "[JOURNAL-3]"),
    ],
    notShown: "the 15 s and the 3 s of resync (p99), which are printed and not judged",
  },
];
