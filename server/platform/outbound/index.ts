// Calls that leave this server for a vendor: bounded in number and time, tried again with care, and stopped by a circuit breaker.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../clock.ts";
import type { Metrics } from "../metrics.ts";
import { createCircuitBreaker, type CircuitState } from "./circuit-breaker.ts";
import { createConcurrency } from "./concurrency.ts";

/** How one try failed, as the adapter reads its client's error. */
export interface Failure {
  /** A short name such as `timeout`, `network`, `http-429`; never words of the vendor. */
  code: string;
  status: number | null;
  /** Whether another try may succeed. */
  passing: boolean;
  /** Of the header `Retry-After`; null where there is none. */
  retryAfterMs: number | null;
}

export interface OutboundHealth {
  /** Which service, such as `language`. */
  kind: string;
  circuit: CircuitState;
  running: number;
  waiting: number;
  succeeded: number;
  failed: number;
  lastSuccessAt: Date | null;
  lastFailure: { code: string; status: number | null; at: Date } | null;
}

export interface Outbound {
  /**
   * The result of a try that succeeded. Throws VENDOR_ERROR (after the last try, or while the circuit is open) with the
   * failure's code in its details and the client's error as cause.
   */
  call<Result>(attempt: (signal: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  health(): OutboundHealth;
}

export interface OutboundOptions {
  kind: string;
  clock: Clock;
  metrics: OutboundMetrics;
  /** Reads the error of a try; null where the error is the caller's own, and is thrown on as it is. */
  failureOf(error: unknown): Failure | null;
  timeoutMs: number;
  atOnce: number;
  waitingMost?: number;
  triesMost?: number;
  firstWaitMs?: number;
  retryAfterMostMs?: number;
  /** 0 to 1, for spreading waits. */
  random?: () => number;
}

export type OutboundMetrics = ReturnType<typeof createOutboundMetrics>;

const circuitValues: Record<CircuitState, number> = { closed: 0, "half-open": 1, open: 2 };

/** Shared by all kinds of calls in a process. */
export function createOutboundMetrics(metrics: Metrics) {
  return {
    calls: metrics.counter("vendor_calls_total", "Tries of calls to vendors by how they ended", [
      "kind",
      "outcome",
    ]),
    seconds: metrics.histogram("vendor_call_seconds", "Duration of tries of calls to vendors", ["kind"]),
    circuit: metrics.gauge("vendor_circuit_state", "0 closed, 1 half open, 2 open", ["kind"]),
  };
}

export function createOutbound(options: OutboundOptions): Outbound {
  const { kind, clock, metrics, failureOf, timeoutMs, atOnce, waitingMost = 200, triesMost = 3 } = options;
  const { firstWaitMs = 500, retryAfterMostMs = 30_000, random = Math.random } = options;
  const breaker = createCircuitBreaker({
    clock,
    onChange: (state) => metrics.circuit.set({ kind }, circuitValues[state]),
  });
  const concurrency = createConcurrency({ atOnce, waitingMost });
  metrics.circuit.set({ kind }, 0);
  let succeeded = 0;
  let failed = 0;
  let lastSuccessAt: Date | null = null;
  let lastFailure: OutboundHealth["lastFailure"] = null;

  async function tryOnce<Result>(
    attempt: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const ended = new AbortController();
    const timer = clock.schedule(timeoutMs, () => ended.abort(new OutboundTimeout()));
    const giveUp = () => ended.abort(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    const cut = new Promise<never>((_resolve, reject) => {
      ended.signal.addEventListener("abort", () => reject(ended.signal.reason as Error), { once: true });
    });
    cut.catch(() => undefined);
    try {
      // A client that does not heed its signal is left to itself.
      return await Promise.race([attempt(ended.signal), cut]);
    } catch (error) {
      throw ended.signal.aborted && ended.signal.reason instanceof OutboundTimeout
        ? ended.signal.reason
        : error;
    } finally {
      timer();
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Null: thrown on as it is. */
  function read(error: unknown): Failure | null {
    if (error instanceof OutboundTimeout)
      return { code: "timeout", status: null, passing: true, retryAfterMs: null };
    return failureOf(error);
  }

  function waitOf(failure: Failure, tries: number): number | null {
    if (failure.retryAfterMs !== null)
      return failure.retryAfterMs <= retryAfterMostMs ? failure.retryAfterMs : null;
    return firstWaitMs * 2 ** (tries - 1) * (0.5 + random() / 2);
  }

  async function call<Result>(
    attempt: (signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      signal?.throwIfAborted();
      if (!breaker.admit()) {
        metrics.calls.inc({ kind, outcome: "circuit-open" });
        throw vendorError(kind, { code: "circuit-open", status: null }, undefined);
      }
      const startedMs = clock.monotonicMs();
      try {
        const result = await tryOnce(attempt, signal);
        breaker.succeeded();
        succeeded += 1;
        lastSuccessAt = clock.now();
        metrics.calls.inc({ kind, outcome: "ok" });
        return result;
      } catch (error) {
        if (signal?.aborted === true) {
          breaker.abandoned();
          throw error;
        }
        const failure = read(error);
        if (failure === null) {
          breaker.abandoned();
          throw error;
        }
        if (failure.passing) breaker.failed();
        else breaker.succeeded();
        failed += 1;
        lastFailure = { code: failure.code, status: failure.status, at: clock.now() };
        metrics.calls.inc({ kind, outcome: failure.code });
        const waitMs = failure.passing && tries < triesMost ? waitOf(failure, tries) : null;
        if (waitMs === null) throw vendorError(kind, failure, error);
        await pause(clock, waitMs, signal);
      } finally {
        metrics.seconds.observe({ kind }, (clock.monotonicMs() - startedMs) / 1_000);
      }
    }
  }

  return {
    call: (attempt, signal) => concurrency.run(() => call(attempt, signal), signal),
    health: () => ({
      kind,
      circuit: breaker.state,
      running: concurrency.running,
      waiting: concurrency.waiting,
      succeeded,
      failed,
      lastSuccessAt,
      lastFailure,
    }),
  };
}

class OutboundTimeout extends Error {
  override readonly name = "OutboundTimeout";
}

function vendorError(kind: string, { code, status }: Pick<Failure, "code" | "status">, cause: unknown) {
  return new AppError("VENDOR_ERROR", `The ${kind} service did not answer. Please try again later.`, {
    details: { reason: code, status },
    cause,
  });
}

/** In milliseconds from now, at least 0; null where it is neither a number of seconds nor a date. */
export function parseRetryAfter(value: string | null | undefined, now: Date): number | null {
  if (value === null || value === undefined || value.trim() === "") return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** What every HTTP status means for another try. */
export function failureOfStatus(status: number, retryAfterMs: number | null): Failure {
  const passing = status === 408 || status === 409 || status === 429 || status >= 500;
  return { code: `http-${status}`, status, passing, retryAfterMs };
}

function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.schedule(ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
