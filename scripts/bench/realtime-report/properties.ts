// The fifteen properties of the realtime core, and what shows each of them: tests at full size, or a benchmark's figure.
import type { NotesRun } from "../notes/notes.ts";
import type { Limit } from "./figures.ts";

export interface TestEvidence {
  kind: "test";
  project: "unit" | "integration";
  file: string;
  /** A piece of the titles to run, as it stands there. */
  titles: string[];
  /** For the full size; the tests run short without it. */
  environment?: Readonly<Record<string, string>>;
  /** Of what the tests record; judged at full size alone. */
  limits?: Limit[];
}

export interface BenchmarkEvidence {
  kind: "notes";
  /** People in one room, or rooms of two. */
  load: { crowd: number; updatesPerSecond: number } | { rooms: number; updatesPerSecond: number };
  limit: string;
  judge(run: NotesRun): { figure: string; met: boolean };
}

export interface Property {
  number: number;
  name: string;
  evidence: (TestEvidence | BenchmarkEvidence)[];
  /** What of it nothing here shows yet. */
  notShown?: string;
}

export const unit = (file: string, ...titles: string[]): TestEvidence => ({
  kind: "test",
  project: "unit",
  file,
  titles,
});
export const integration = (
  file: string,
  titles: string[],
  environment: Readonly<Record<string, string>> = {},
  limits: Limit[] = [],
): TestEvidence => ({ kind: "test", project: "integration", file, titles, environment, limits });

const worst = (figure: string, below: number): Limit => ({ figure, of: "max", below, unit: "ms" });
export const p99 = (figure: string, below: number): Limit => ({ figure, of: "p99", below, unit: "ms" });

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
        limit: "p95 < 50 ms, p99 < 150 ms",
        judge: ({ durableAfter }) => ({
          figure: `durable after ${durableAfter.p50} / ${durableAfter.p95} / ${durableAfter.p99} ms`,
          met: durableAfter.p95 < 50 && durableAfter.p99 < 150,
        }),
      },
    ],
  },
  {
    number: 3,
    name: "store unreachable for 60 s: nothing acknowledged or unloaded, buffers bounded, converged < 5 s after",
    evidence: [
      unit("server/platform/journal/journal.failure.test.ts", "[JOURNAL-12]"),
      unit("realtime/notes/notes-durable.test.ts", "[NOTES-3]"),
      unit("realtime/notes/notes.test.ts", "[NOTES-9]"),
      integration("tests/chaos/store-pause.test.ts", ["[NOTES-3]"], { STORE_PAUSE_SECONDS: "60" }, [
        worst("convergedAfterPauseMs", 5_000),
        { figure: "memoryDuringPauseMB", of: "max", below: 128, unit: "MB" },
      ]),
    ],
  },
  {
    number: 4,
    name: "compaction raced with writers, stale nodes and crashes: no entry removed outside its snapshot",
    evidence: [
      {
        ...unit("server/platform/journal/journal.fuzz.test.ts", "[JOURNAL-2]"),
        environment: { FUZZ_SEEDS: "1000" },
      },
      integration("tests/fuzz/compaction/compaction.test.ts", ["[JOURNAL-16]"], {
        FUZZ_SEEDS: "1000",
        FUZZ_SEED: "1",
      }),
      integration("tests/integration/notes.test.ts", ["a snapshot without its pointer"]),
      integration("tests/chaos/journal.test.ts", ["[JOURNAL-2]"], { CHAOS_ROUNDS: "40" }),
      integration("tests/chaos/cluster.test.ts", ["[CLUSTER-3]", "[CLUSTER-5]"], { CHAOS_ROUNDS: "10" }),
    ],
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
      integration("tests/chaos/cluster.test.ts", ["[CLUSTER-5]", "[CLUSTER-3]"], { CHAOS_ROUNDS: "20" }, [
        worst("takeoverMs", 10_000),
        worst("takeoverFromPausedMs", 10_000),
      ]),
      unit("server/platform/cluster/cluster.test.ts", "[CLUSTER-5]", "[CLUSTER-3]"),
    ],
  },
  {
    number: 7,
    name: "three nodes, 5 % of bus messages dropped, others overtaken, a partition: equal state and content < 5 s after it heals",
    evidence: [
      integration("tests/chaos/nodes.test.ts", ["[NODE-1]"], { NODES_ROUNDS: "20", NODES_SEED: "1" }, [
        worst("healedMs", 5_000),
      ]),
      integration(
        "tests/chaos/messages.test.ts",
        ["[NODE-1]"],
        { MESSAGES_ROUNDS: "20", MESSAGES_SEED: "1" },
        [worst("equalAfterPartitionMs", 5_000)],
      ),
      integration("tests/fuzz/notes/notes.test.ts", ["[NOTES-1]"], { FUZZ_SEEDS: "1000", FUZZ_SEED: "1" }),
    ],
  },
  {
    number: 8,
    name: "access revoked: closed or downgraded on every node < 1 s, later updates refused",
    evidence: [
      integration("tests/integration/nodes.test.ts", ["[NODE-4]"]),
      integration("tests/chaos/revocation.test.ts", ["[NODE-4]"], { REVOKED_STREAMS: "200" }, [
        p99("removedMs", 1_000),
      ]),
      unit("realtime/notes/notes-access.test.ts", "[MEET-7]"),
      unit("realtime/gateway/meetings.test.ts", "[MEET-7]"),
    ],
  },
  {
    number: 9,
    name: "a stalled reader: ≤ 8 MB buffered, closed < 10 s, others' p99 changes < 10 %",
    evidence: [
      unit("realtime/notes/notes-access.test.ts", "[CONN-5]"),
      unit("realtime/gateway/gateway.test.ts", "[CONN-5]"),
      integration("tests/chaos/readers.test.ts", ["[CONN-5]"], { STALLED_WINDOWS: "20" }, [
        worst("stalledClosedMs", 10_000),
        { figure: "stalledBufferedMB", of: "max", below: 9, unit: "MB" },
        { figure: "othersSlowerPercent", of: "max", below: 10, unit: "%" },
      ]),
    ],
  },
  {
    number: 10,
    name: "100 people with presence in one meeting: update p99 < 100 ms; 500: nothing undelivered",
    evidence: [
      {
        kind: "notes",
        load: { crowd: 100, updatesPerSecond: 50 },
        limit: "p99 < 100 ms, no fault",
        judge: ({ propagation, faults }) => ({
          figure: `100 people: ${propagation.p50} / ${propagation.p95} / ${propagation.p99} ms, ${faults} faults`,
          met: propagation.p99 < 100 && faults === 0,
        }),
      },
      {
        kind: "notes",
        load: { crowd: 500, updatesPerSecond: 10 },
        limit: "no fault",
        judge: ({ propagation, undelivered, faults, delivered }) => ({
          figure: `500 people: ${delivered} delivered, ${undelivered} undelivered, p99 ${propagation.p99} ms`,
          met: faults === 0,
        }),
      },
    ],
  },
  {
    number: 11,
    name: "10 000 open/close cycles, failed loads included: nothing retained, heap drift < 5 %",
    evidence: [
      unit("realtime/notes/notes.test.ts", "[NOTES-8]"),
      integration("tests/chaos/open-close.test.ts", ["[NOTES-8]"], { OPEN_CYCLES: "10000" }, [
        { figure: "heapDriftPercent", of: "max", below: 5, unit: "%" },
      ]),
    ],
  },
  {
    number: 12,
    name: "ghost presence cleared < 35 s after a silent death; identity stamped; one awareness id a socket",
    evidence: [
      unit("realtime/notes/awareness.test.ts", "[AWARE-1]", "[AWARE-2]", "[AWARE-4]"),
      integration("tests/chaos/nodes.test.ts", ["[NODE-2]"], { NODES_ROUNDS: "5" }, [
        worst("ghostOfKilledNodeMs", 35_000),
      ]),
      integration("tests/chaos/readers.test.ts", ["[AWARE-4]"], { SILENT_DEATHS: "5" }, [
        worst("ghostOfClientMs", 35_000),
        worst("ghostOfSilentNodeMs", 35_000),
      ]),
    ],
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
      integration("tests/chaos/rolling.test.ts", ["[STOP-1]"], { ROLLING_CLIENTS: "1000" }, [
        worst("stopMs", 15_000),
        p99("resyncMs", 3_000),
      ]),
      unit("realtime/notes/notes-access.test.ts", "[STOP-1]"),
      unit("server/platform/journal/journal.test.ts", "[JOURNAL-3]"),
    ],
  },
];
