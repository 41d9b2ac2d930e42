// Prometheus metrics: one registry a process, created by composition and handed down.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

const latencyBucketsSeconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * Each look at the event loop wakes the process: a hundred a second cost an idle server half of what it spent. What the
 * loop's lag is measured as includes this interval, which the dashboard in `docs/grafana` takes off.
 */
const lookAtEventLoopMs = 50;

export interface Metrics {
  registry: Registry;
  counter(name: string, help: string, labels?: string[]): Counter;
  gauge(name: string, help: string, labels?: string[]): Gauge;
  /** Durations in seconds. */
  histogram(name: string, help: string, labels?: string[]): Histogram;
}

export function createMetrics(options: { processMetrics: boolean }): Metrics {
  const registry = new Registry();
  if (options.processMetrics)
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lookAtEventLoopMs });
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labelNames = []) =>
      new Counter({ name: `connvo_${name}`, help, labelNames, registers }),
    gauge: (name, help, labelNames = []) =>
      new Gauge({ name: `connvo_${name}`, help, labelNames, registers }),
    histogram: (name, help, labelNames = []) =>
      new Histogram({ name: `connvo_${name}`, help, labelNames, registers, buckets: latencyBucketsSeconds }),
  };
}
