// Traces: what a request, an event or a job did, and how long each part took; names, figures and codes, never content.
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from "@opentelemetry/api";
import { toAppError } from "../../shared/errors.ts";

export type TraceAttributes = Attributes;

export interface OpenSpan {
  /** What is started in here belongs to the span, however deep it goes. */
  run<Result>(work: () => Result): Result;
  /** Once. Of an error its code is kept, never its message. */
  end(attributes: TraceAttributes, error?: unknown): void;
  traceId: string | null;
}

export interface SpanOptions {
  kind: "server" | "client" | "consumer";
  attributes?: TraceAttributes;
  /** A W3C `traceparent`; null or anything else begins a trace, or belongs to the span that runs. */
  parent?: string | null | undefined;
}

export interface Tracing {
  /** False: nothing is recorded, and nothing costs anything. */
  on: boolean;
  open(name: string, options: SpanOptions): OpenSpan;
  span<Result>(name: string, options: SpanOptions, work: () => Promise<Result>): Promise<Result>;
  /** `traceparent` of what runs now, for what is done later or elsewhere; null outside a trace. */
  parent(): string | null;
  /** Sends what waits. Never rejects. */
  stop(): Promise<void>;
}

const unrecorded: OpenSpan = { run: (work) => work(), end: () => undefined, traceId: null };

export const noTracing: Tracing = {
  on: false,
  open: () => unrecorded,
  span: (_name, _options, work) => work(),
  parent: () => null,
  stop: () => Promise.resolve(),
};

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER } as const;

/** Over any tracer; `stop` flushes it. */
export function createTracing(tracer: Tracer, stop: () => Promise<void>): Tracing {
  const tracing: Tracing = {
    on: true,
    open(name, { kind, attributes = {}, parent }) {
      const around = parse(parent ?? null) ?? context.active();
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, around);
      const within = trace.setSpan(around, span);
      return {
        run: (work) => context.with(within, work),
        end: (more, error) => end(span, more, error),
        traceId: span.spanContext().traceId,
      };
    },
    async span(name, options, work) {
      const open = tracing.open(name, options);
      try {
        const result = await open.run(work);
        open.end({});
        return result;
      } catch (error) {
        open.end({}, error);
        throw error;
      }
    },
    parent() {
      const running = trace.getSpan(context.active())?.spanContext();
      if (running === undefined) return null;
      const { traceId, spanId, traceFlags } = running;
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
    },
    stop,
  };
  return tracing;
}

function end(span: Span, attributes: TraceAttributes, error: unknown): void {
  span.setAttributes(attributes);
  if (error !== undefined) {
    span.setAttribute("error.type", toAppError(error).code);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function parse(traceparent: string | null): Context | null {
  const [, traceId, spanId, flags] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
