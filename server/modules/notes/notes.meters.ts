// What is counted of notes beyond what the sockets count.
import type { Metrics } from "../../platform/metrics.ts";

export interface NotesMeters {
  operations(outcome: "applied" | "repeated", count: number): void;
  /** Building a past version, or a page of history, in seconds. */
  read(what: "history" | "version", seconds: number): void;
  restored(): void;
  template(action: "applied" | "saved" | "deleted"): void;
}

export function createNotesMeters(metrics: Metrics): NotesMeters {
  const operations = metrics.counter("notes_operations_total", "Operations of clients without Yjs", [
    "outcome",
  ]);
  const reads = metrics.histogram("notes_history_seconds", "Reading a page of history or a past version", [
    "what",
  ]);
  const restores = metrics.counter("notes_restores_total", "Past versions that were restored");
  const templates = metrics.counter("notes_templates_total", "Templates used, saved and deleted", ["action"]);
  return {
    operations: (outcome, count) => operations.inc({ outcome }, count),
    read: (what, seconds) => reads.observe({ what }, seconds),
    restored: () => restores.inc(),
    template: (action) => templates.inc({ action }),
  };
}
