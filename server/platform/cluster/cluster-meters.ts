// The cluster's metrics.
import type { Metrics } from "../metrics.ts";

export interface ClusterMeters {
  nodes(count: number): void;
  /** A meeting became this process's own, or ceased to be. */
  owned(change: "claimed" | "lost", meetings: number): void;
  takenOver(): void;
  fenced(): void;
  forwarded(method: string): void;
  called(call: { method: string; outcome: "answered" | "refused" | "lost"; seconds: number }): void;
  /** Entries of a stream that had to be asked for, because they did not arrive by themselves. */
  repaired(entries: number): void;
}

export function createClusterMeters(metrics: Metrics): ClusterMeters {
  const nodes = metrics.gauge("cluster_nodes", "Processes that serve meetings, as this one sees them");
  const owned = metrics.counter("cluster_ownership_changes_total", "Meetings claimed and lost", ["change"]);
  const takeovers = metrics.counter("cluster_takeovers_total", "Ended terms whose journal was filed here");
  const fenced = metrics.counter("cluster_fenced_total", "Times this process was taken for dead");
  const forwards = metrics.counter("cluster_forwards_total", "Journal calls passed on to an owner", [
    "method",
  ]);
  const seconds = metrics.histogram("cluster_call_seconds", "Calls to other processes", [
    "method",
    "outcome",
  ]);
  const repairs = metrics.counter("cluster_repaired_entries_total", "Entries of streams that were asked for");
  return {
    nodes: (count) => nodes.set(count),
    owned: (change, meetings) => owned.inc({ change }, meetings),
    takenOver: () => takeovers.inc(),
    fenced: () => fenced.inc(),
    forwarded: (method) => forwards.inc({ method }),
    called: (call) => seconds.observe({ method: call.method, outcome: call.outcome }, call.seconds),
    repaired: (entries) => repairs.inc(entries),
  };
}
