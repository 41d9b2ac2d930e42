// Calls between processes over a network that loses messages.
import { describe, expect, test } from "vitest";
import { FakeClock } from "../clock.ts";
import { turn } from "../journal/testing-world.ts";
import { silentLogger } from "../logger.ts";
import { createMetrics } from "../metrics.ts";
import { clusterLimits, type ClusterLimits } from "./cluster-limits.ts";
import { createClusterMeters } from "./cluster-meters.ts";
import { CallLost, Rpc, type Handler, type Values } from "./rpc.ts";
import { ServedCalls } from "./served-calls.ts";
import { MemoryNetwork } from "./testing.ts";

async function twoProcesses(handler: Handler, changes: Partial<ClusterLimits> = {}) {
  const network = new MemoryNetwork();
  const clock = new FakeClock();
  const limits = { ...clusterLimits, ...changes };
  const make = (handlers: Record<string, Handler>) =>
    new Rpc({
      transport: network.of(() => false),
      clock,
      logger: silentLogger,
      limits,
      meters: createClusterMeters(createMetrics({ processMetrics: false })),
      handlers,
    });
  const [caller, other] = [make({}), make({ work: handler })];
  await caller.listen("caller");
  await other.listen("other");
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turns = 0; turns < 5; turns += 1) await turn();
  };
  /** Loses the first messages to each, so many as given. */
  const lose = (first: Record<string, number>) => {
    const left = new Map(Object.entries(first));
    network.loses = (to) => {
      const count = left.get(to) ?? 0;
      left.set(to, count - 1);
      return count > 0;
    };
  };
  return { caller, network, clock, limits, pass, lose };
}

/** Answers each call with its number and keeps the order in which they came. */
function counting() {
  const seen: unknown[] = [];
  const handler: Handler = (args) => {
    seen.push(args["n"]);
    return { n: args["n"] };
  };
  return { seen, handler };
}

describe("a lost message", () => {
  test.each([
    ["the call", { other: 1 }],
    ["the answer", { caller: 1 }],
    ["the call and the question after it", { other: 2 }],
    ["the answer and its repeat", { caller: 2 }],
  ])(
    "[CLUSTER-16] %s is made good long before the call's time is over, and it is served once",
    async (_, lost) => {
      const { seen, handler } = counting();
      const { caller, lose, pass, limits } = await twoProcesses(handler);
      lose(lost);
      let answer: Values | null = null;
      void caller.call("other", "work", { n: 7 }).then((values) => (answer = values));
      await pass(0);
      expect(answer).toBeNull();
      for (let asked = 0; asked < 2; asked += 1) await pass(limits.callAgainMs);
      expect(answer).toEqual({ n: 7 });
      expect(seen).toEqual([7]);
    },
  );

  test("[CLUSTER-16] a call that is still being served is not served again, however long it takes", async () => {
    const { pass, caller, limits, seen, finish } = await slowProcess();
    const called = caller.call("other", "work", { n: 1 });
    for (let asked = 0; asked < 4; asked += 1) await pass(limits.callAgainMs);
    finish();
    await pass(0);
    expect(await called).toEqual({ done: true });
    expect(seen()).toBe(1);
  });

  test("[CLUSTER-16] where the call itself comes late, after it was asked for again, one of the two is served", async () => {
    const { seen, handler } = counting();
    const { caller, network, pass, limits } = await twoProcesses(handler);
    let messages = 0;
    network.turnsLate = () => ((messages += 1) === 1 ? 100 : 0);
    const called = caller.call("other", "work", { n: 1 });
    await pass(0);
    await pass(limits.callAgainMs);
    await called;
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(await called).toEqual({ n: 1 });
    expect(seen).toEqual([1]);
  });

  test("[CLUSTER-16] a call that nobody answers is lost when its time is over, not later", async () => {
    const { handler } = counting();
    const { caller, network, pass, limits } = await twoProcesses(handler);
    network.loses = (to) => to === "other";
    const called = caller.call("other", "work", { n: 1 }).catch((error: unknown) => error);
    let settled = false;
    void called.then(() => (settled = true));
    for (let passed = 0; passed + 100 < limits.callTimeoutMs; passed += 100) await pass(100);
    expect(settled).toBe(false);
    await pass(100);
    expect(await called).toBeInstanceOf(CallLost);
  });

  test("[CLUSTER-16] answers that are too large to keep are made anew, those that are kept are bounded", async () => {
    let served = 0;
    const handler: Handler = (args) => {
      served += 1;
      return { bytes: new Uint8Array(args["size"] as number) };
    };
    const { caller, lose, pass, limits } = await twoProcesses(handler, { answersKeptBytes: 10_000 });
    lose({ caller: 1 });
    const large = caller.call("other", "work", { size: 5_000 });
    await pass(0);
    await pass(limits.callAgainMs);
    expect((await large)["bytes"]).toHaveLength(5_000);
    expect(served).toBe(2);
  });

  test("[CLUSTER-16] the answers that are kept are bounded in number, in bytes and in time", () => {
    const clock = new FakeClock();
    const served = new ServedCalls({
      clock,
      limits: { ...clusterLimits, answersKeptBytes: 10_000, callsInFlightMax: 20 },
    });
    const answer = (id: number, bytes: number) => {
      served.arrived("a", id);
      served.answered("a", id, new Uint8Array(bytes));
    };
    const kept = () => Array.from({ length: 200 }, (_, id) => id).filter((id) => served.find("a", id));
    for (let id = 0; id < 30; id += 1) answer(id, 900);
    expect(kept()).toEqual([18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    for (let id = 100; id < 130; id += 1) answer(id, 1);
    expect(kept()).toEqual(Array.from({ length: 20 }, (_, index) => 110 + index));
    clock.advance(clusterLimits.callTimeoutMs);
    answer(150, 1);
    expect(kept()).toEqual([150]);
  });
});

async function slowProcess() {
  let seen = 0;
  let finish = () => {};
  const done = new Promise<void>((resolve) => (finish = resolve));
  const world = await twoProcesses(async () => {
    seen += 1;
    await done;
    return { done: true };
  });
  return { ...world, seen: () => seen, finish: () => finish() };
}
