// Sends traces to an OpenTelemetry collector; loaded only where one is named.
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { createTracing, type Tracing } from "./tracing.ts";

export interface TracingTarget {
  /** Address of the collector, without `/v1/traces`. */
  endpoint: string;
  serviceName: string;
  /** Share of the traces that begin here; what somebody else has begun is recorded as they decided. */
  ratio: number;
}

export function exportTraces({ endpoint, serviceName, ratio }: TracingTarget): Tracing {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    // A collector that does not answer costs the traces, not the memory: 2 048 spans wait at most.
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: 2_000, exportTimeoutMillis: 10_000 }),
    ],
    spanLimits: { attributeValueLengthLimit: 200 },
  });
  return createTracing(provider.getTracer("connvo"), async () => {
    await provider.shutdown().catch(() => undefined);
  });
}
