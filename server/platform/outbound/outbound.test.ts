import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { expect, test } from "vitest";
import { AppError } from "../../../shared/errors.ts";
import { FakeClock } from "../clock.ts";
import { createMetrics } from "../metrics.ts";
import { lazyOpenAi } from "./openai-client.ts";
import {
  createOutbound,
  createOutboundMetrics,
  failureOfStatus,
  parseRetryAfter,
  type OutboundOptions,
} from "./index.ts";

class Refusal extends Error {
  readonly status: number;
  readonly retryAfterMs: number | null;
  constructor(status: number, retryAfterMs: number | null = null) {
    super("said: something private");
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A clock on which every wait is over at once; waits are kept. */
class HastyClock extends FakeClock {
  readonly waits: number[] = [];
  readonly held = new Set<number>();
  override schedule(delayMs: number, run: () => void): () => void {
    if (this.held.has(delayMs)) return super.schedule(delayMs, run);
    this.waits.push(delayMs);
    queueMicrotask(() => {
      this.advance(delayMs);
      run();
    });
    return () => undefined;
  }
}

const timeoutMs = 10_000;

function open(options: Partial<OutboundOptions> = {}) {
  const clock = new HastyClock();
  clock.held.add(timeoutMs);
  const metrics = createMetrics({ processMetrics: false });
  const outbound = createOutbound({
    kind: "language",
    clock,
    metrics: createOutboundMetrics(metrics),
    failureOf: (error) =>
      error instanceof Refusal ? failureOfStatus(error.status, error.retryAfterMs) : null,
    timeoutMs,
    atOnce: 2,
    random: () => 1,
    ...options,
  });
  return { outbound, clock, metrics };
}

const reasonOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`not refused: ${String(error)}`);
  return (error.details as { reason?: string } | undefined)?.reason ?? error.code;
};

/** Fails with these statuses in turn, then answers. */
function failing(...statuses: (number | Refusal)[]) {
  const left = [...statuses];
  const calls = { count: 0 };
  return {
    calls,
    attempt: () => {
      calls.count += 1;
      const next = left.shift();
      if (next === undefined) return Promise.resolve("answer");
      return Promise.reject(next instanceof Refusal ? next : new Refusal(next));
    },
  };
}

test("[OUTBOUND-1] so many run at once, the others in their order, and a line that is full takes nobody in", async () => {
  const { outbound } = open({ atOnce: 1, waitingMost: 1 });
  const order: string[] = [];
  const first = Promise.withResolvers<string>();
  const one = outbound.call(() => first.promise);
  const two = outbound.call(async () => {
    order.push("two began");
    return "2";
  });
  expect(outbound.health()).toMatchObject({ running: 1, waiting: 1 });
  expect(await reasonOf(outbound.call(async () => "3"))).toBe("UNAVAILABLE");
  order.push("one ends");
  first.resolve("1");
  expect(await Promise.all([one, two])).toEqual(["1", "2"]);
  expect(order).toEqual(["one ends", "two began"]);
});

test("[OUTBOUND-2] what fails in passing is tried again with growing waits, what fails for good is not", async () => {
  const { outbound, clock } = open();
  const passing = failing(500, 429);
  expect(await outbound.call(passing.attempt)).toBe("answer");
  expect(clock.waits).toEqual([500, 1_000]);
  const forGood = failing(401);
  expect(await reasonOf(outbound.call(forGood.attempt))).toBe("http-401");
  expect(forGood.calls.count).toBe(1);
  const never = failing(503, 503, 503, 503);
  expect(await reasonOf(outbound.call(never.attempt))).toBe("http-503");
  expect(never.calls.count).toBe(3);
});

test("[OUTBOUND-3] Retry-After is kept to within a bound", async () => {
  const { outbound, clock } = open();
  const soon = failing(new Refusal(429, 7_000));
  expect(await outbound.call(soon.attempt)).toBe("answer");
  expect(clock.waits).toEqual([7_000]);
  const late = failing(new Refusal(429, 3_600_000));
  expect(await reasonOf(outbound.call(late.attempt))).toBe("http-429");
  expect(late.calls.count).toBe(1);
  const now = new Date("2026-01-05T09:00:00Z");
  expect(parseRetryAfter("2", now)).toBe(2_000);
  expect(parseRetryAfter("Mon, 05 Jan 2026 09:00:09 GMT", now)).toBe(9_000);
  expect(parseRetryAfter("Mon, 05 Jan 2026 08:00:00 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeNull();
  expect(parseRetryAfter(null, now)).toBeNull();
});

test("[OUTBOUND-4] a try that takes too long is ended, also where the client does not heed its signal", async () => {
  const { outbound, clock } = open({ triesMost: 1 });
  const began = Promise.withResolvers<AbortSignal>();
  const call = reasonOf(
    outbound.call((signal) => {
      began.resolve(signal);
      return new Promise<never>(() => undefined);
    }),
  );
  const signal = await began.promise;
  clock.advance(timeoutMs);
  expect(await call).toBe("timeout");
  expect(signal.aborted).toBe(true);
  expect(outbound.health().lastFailure).toMatchObject({ code: "timeout", status: null });
});

test("[OUTBOUND-5] five failures open the circuit; after a while one call decides; its state is a metric", async () => {
  const { outbound, clock, metrics } = open({ triesMost: 1 });
  const stateShown = async () =>
    /vendor_circuit_state\{kind="language"\} (\d)/.exec(await metrics.registry.metrics())?.[1];
  for (let n = 0; n < 5; n += 1) expect(await reasonOf(outbound.call(failing(500).attempt))).toBe("http-500");
  expect(outbound.health().circuit).toBe("open");
  expect(await stateShown()).toBe("2");
  const refused = failing();
  expect(await reasonOf(outbound.call(refused.attempt))).toBe("circuit-open");
  expect(refused.calls.count).toBe(0);

  clock.advance(30_000);
  const probe = Promise.withResolvers<string>();
  const probing = reasonOf(outbound.call(() => probe.promise));
  await Promise.resolve();
  expect(await reasonOf(outbound.call(refused.attempt))).toBe("circuit-open");
  probe.reject(new Refusal(500));
  expect(await probing).toBe("http-500");
  expect(outbound.health().circuit).toBe("open");

  clock.advance(30_000);
  // It is there, even if it refuses.
  expect(await reasonOf(outbound.call(failing(400).attempt))).toBe("http-400");
  expect(outbound.health().circuit).toBe("closed");
  expect(await stateShown()).toBe("0");
});

test("[OUTBOUND-6] a call that is given up is no failure and starts no further try", async () => {
  const { outbound } = open();
  const giveUp = new AbortController();
  const began = Promise.withResolvers<undefined>();
  const call = outbound.call((signal) => {
    began.resolve(undefined);
    return new Promise<never>((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(new Refusal(500)), { once: true }),
    );
  }, giveUp.signal);
  await began.promise;
  giveUp.abort(new Error("no longer wanted"));
  await expect(call).rejects.toThrow();
  expect(outbound.health()).toMatchObject({ failed: 0, succeeded: 0, running: 0 });
  await expect(outbound.call(failing().attempt, giveUp.signal)).rejects.toThrow("no longer wanted");
});

test("[OUTBOUND-7] a failure is kept as a code and a status, without the vendor's words", async () => {
  const { outbound } = open({ triesMost: 1 });
  const error = await outbound.call(failing(500).attempt).catch((reason: unknown) => reason as AppError);
  expect(JSON.stringify([error, outbound.health()])).not.toContain("private");
  expect(outbound.health().lastFailure).toMatchObject({ code: "http-500", status: 500 });
});

test("[OUTBOUND-4] nothing but its own time ends a try: a slow model is waited for as long as was set", async () => {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.setHeader("content-type", "application/json").end("{}"), 3_000);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // Node's own end, five minutes, brought near.
  const before = getGlobalDispatcher();
  setGlobalDispatcher(new Agent({ headersTimeout: 500 }));
  try {
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      cause: { code: "UND_ERR_HEADERS_TIMEOUT" },
    });
    const endpoint = { baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: null, model: "slow" };
    const openai = await lazyOpenAi(endpoint)();
    await openai.chat.completions.create({ model: "slow", messages: [{ role: "user", content: "Hello" }] });
  } finally {
    setGlobalDispatcher(before);
    server.closeAllConnections();
    server.close();
  }
});
