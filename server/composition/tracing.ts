// Traces that leave this process.
import type { Tracing } from "../platform/tracing.ts";
import type { TracingTarget } from "../platform/tracing-export.ts";

/** Loaded only where it is used. */
export async function startTracing(target: TracingTarget): Promise<Tracing> {
  const { exportTraces } = await import("../platform/tracing-export.ts");
  return exportTraces(target);
}
