// The journal's metrics.
import type { Metrics } from "../metrics.ts";

export interface JournalMeters {
  flushed(flush: { entries: number; seconds: number; failed: boolean }): void;
  gauges(now: {
    entries: number;
    bytes: number;
    tailBytes: number;
    streams: number;
    documents: number;
  }): void;
}

export function createJournalMeters(metrics: Metrics): JournalMeters {
  const seconds = metrics.histogram("journal_flush_seconds", "Time of one group commit until it is durable");
  const flushes = metrics.counter("journal_flushes_total", "Group commits", ["outcome"]);
  // Entries per flush are this over the flushes.
  const entries = metrics.counter("journal_flushed_entries_total", "Entries in group commits", ["outcome"]);
  const bufferEntries = metrics.gauge("journal_buffer_entries", "Entries waiting to become durable");
  const bufferBytes = metrics.gauge("journal_buffer_bytes", "Bytes waiting to become durable");
  const tailBytes = metrics.gauge("journal_tail_bytes", "Bytes durable and not yet materialised");
  const streams = metrics.gauge("journal_streams", "Streams kept in memory");
  const documents = metrics.gauge("journal_documents", "Journal documents not yet trimmed");
  return {
    flushed(flush) {
      const outcome = flush.failed ? "failed" : "durable";
      seconds.observe(flush.seconds);
      flushes.inc({ outcome });
      entries.inc({ outcome }, flush.entries);
    },
    gauges(now) {
      bufferEntries.set(now.entries);
      bufferBytes.set(now.bytes);
      tailBytes.set(now.tailBytes);
      streams.set(now.streams);
      documents.set(now.documents);
    },
  };
}
