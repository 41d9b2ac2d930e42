// Each objective names a metric that there is, and a bound that its buckets have.
import { expect, test } from "vitest";
import { createMetrics } from "../../platform/metrics.ts";
import { definitions, type Sample } from "./objectives.definitions.ts";

async function counted(
  name: keyof typeof definitions,
  fill: (metrics: ReturnType<typeof createMetrics>) => void,
) {
  const metrics = createMetrics({ processMetrics: false });
  fill(metrics);
  const { metric, count } = definitions[name];
  const found = await metrics.registry.getSingleMetric(metric)?.get();
  return count((found?.values ?? []) as Sample[]);
}

const labels = ["method", "route", "status"];
const requests = (metrics: ReturnType<typeof createMetrics>) => {
  const seconds = metrics.histogram("http_request_seconds", "test", labels);
  const ask = (route: string, status: string, took: number) =>
    seconds.observe({ method: "GET", route, status }, took);
  ask("/api/v1/home", "200", 0.02);
  ask("/api/v1/home", "200", 0.19);
  ask("/api/v1/home", "200", 0.21);
  ask("/api/v1/home", "404", 0.01);
  ask("/api/v1/home", "503", 0.01);
  ask("/metrics", "500", 4);
};

test("answers of the API that are no server errors, however slow", async () => {
  expect(await counted("api-availability", requests)).toEqual({ good: 4, total: 5 });
});

test("answers of the API within 200 ms", async () => {
  expect(await counted("api-latency", requests)).toEqual({ good: 4, total: 5 });
});

test.each([
  ["transcript-durable", "realtime_transcript_append_seconds"],
  ["notes-durable", "realtime_notes_append_seconds"],
] as const)("%s within 150 ms", async (name, metric) => {
  const fill = (metrics: ReturnType<typeof createMetrics>) => {
    const seconds = metrics.histogram(metric, "test");
    for (const took of [0.01, 0.15, 0.16]) seconds.observe(took);
  };
  expect(await counted(name, fill)).toEqual({ good: 2, total: 3 });
});

test("jobs that ended, not those that are tried again", async () => {
  const fill = (metrics: ReturnType<typeof createMetrics>) => {
    const ended = metrics.counter("jobs_ended_total", "test", ["name", "outcome"]);
    for (const outcome of ["done", "done", "retry", "lost", "released", "dead"])
      ended.inc({ name: "x", outcome });
  };
  expect(await counted("jobs-done", fill)).toEqual({ good: 2, total: 3 });
});

test("nothing has happened where there is no such metric yet", async () => {
  expect(await counted("api-latency", () => undefined)).toEqual({ good: 0, total: 0 });
});
