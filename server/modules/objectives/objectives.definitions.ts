// What is promised, and which figures of the metrics say whether it was kept. Pure.
import type { ObjectiveName } from "../../../shared/schemas/objectives.ts";

/** One value of a metric, as Prometheus has it. */
export interface Sample {
  labels: Readonly<Record<string, string | number | undefined>>;
  value: number;
  /** Of a histogram: which of its series. */
  metricName?: string | undefined;
}

export interface Counted {
  good: number;
  total: number;
}

interface Definition {
  /** Share of good events; where the seeds name a target, it is theirs. */
  target: number;
  metric: string;
  count(samples: readonly Sample[]): Counted;
}

/** Event within `seconds`, which must be a bound of the histogram's buckets. */
function within(seconds: number, fits: (labels: Sample["labels"]) => boolean = () => true) {
  return (samples: readonly Sample[]): Counted => {
    let good = 0;
    let total = 0;
    for (const { labels, value, metricName = "" } of samples) {
      if (!fits(labels)) continue;
      if (metricName.endsWith("_bucket") && Number(labels["le"]) === seconds) good += value;
      if (metricName.endsWith("_count")) total += value;
    }
    return { good, total };
  };
}

const isApi = ({ route }: Sample["labels"]) => String(route).startsWith("/api/");
/** A piece of sound is answered when it has been written down, as fast as its service is. */
const isOwnWork = (labels: Sample["labels"]) =>
  isApi(labels) && labels["route"] !== "/api/v1/meetings/:id/speech";
const isServerError = ({ status }: Sample["labels"]) => Number(status) >= 500;

export const definitions: Record<ObjectiveName, Definition> = {
  "api-availability": {
    target: 0.999,
    metric: "connvo_http_request_seconds",
    count(samples) {
      const answered = samples.filter(
        ({ labels, metricName = "" }) => metricName.endsWith("_count") && isApi(labels),
      );
      const sum = (some: Sample[]) => some.reduce((all, { value }) => all + value, 0);
      const total = sum(answered);
      return { good: total - sum(answered.filter(({ labels }) => isServerError(labels))), total };
    },
  },
  // The seeds: API p99 under 200 ms.
  "api-latency": { target: 0.99, metric: "connvo_http_request_seconds", count: within(0.2, isOwnWork) },
  // The seeds: delivery p95 under 150 ms; what is delivered was made durable first.
  "transcript-durable": {
    target: 0.95,
    metric: "connvo_realtime_transcript_append_seconds",
    count: within(0.15),
  },
  "notes-durable": { target: 0.99, metric: "connvo_realtime_notes_append_seconds", count: within(0.15) },
  "jobs-done": {
    target: 0.999,
    metric: "connvo_jobs_ended_total",
    // A run that is tried again, or given to another process, is no end.
    count(samples) {
      const of = (outcome: string) =>
        samples
          .filter(({ labels }) => labels["outcome"] === outcome)
          .reduce((all, one) => all + one.value, 0);
      const done = of("done");
      return { good: done, total: done + of("dead") };
    },
  },
};

export const objectiveNames = Object.keys(definitions) as ObjectiveName[];
