import { describe, expect, test } from "vitest";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { createMemoryCounters, type Counted, type CounterStore } from "./rate-counters.ts";
import { createRateLimiter, rateLimits, type RateLimiter, type RateLimitName } from "./rate-limits.ts";

interface WatchedStore extends CounterStore {
  down: boolean;
  ids: string[];
}

function watched(clock: FakeClock): WatchedStore {
  const counters = createMemoryCounters(clock);
  const store: WatchedStore = {
    down: false,
    ids: [],
    add(counts: readonly Counted[]) {
      if (store.down) return Promise.reject(new Error("the store is away"));
      store.ids.push(...counts.map(({ id }) => id));
      return counters.add(counts);
    },
  };
  return store;
}

function setUp(options: { redis?: boolean } = {}) {
  const clock = new FakeClock();
  const durable = watched(clock);
  const shared = options.redis === true ? watched(clock) : null;
  const metrics = createMetrics({ processMetrics: false });
  const process = () =>
    createRateLimiter({
      durable,
      shared,
      clock,
      logger: silentLogger,
      metrics: createMetrics({ processMetrics: false }),
    });
  const limiter = createRateLimiter({ durable, shared, clock, logger: silentLogger, metrics });
  return { clock, durable, shared, metrics, limiter, process };
}

const person = (name: string, orgId = "org_1") => ({ userId: name as UserId, orgId: orgId as OrgId });
const ann = { actor: person("ann"), address: "203.0.113.7" };

async function times(count: number, run: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n += 1) await run();
}
const exhaust = (limiter: RateLimiter, name: RateLimitName, by: "person" | "address") =>
  times((rateLimits[name].most as Record<string, number>)[by] ?? 0, () => limiter.checkNamed(name, ann));

describe("counting", () => {
  test("[LIMITS-1] more than a window allows is refused with the seconds until it ends; then it is allowed again", async () => {
    const { clock, limiter } = setUp();
    clock.advance(20_000);
    await exhaust(limiter, "write", "person");
    const write = { endpoint: "updateMe", method: "PATCH", ...ann };
    await expect(limiter.check(write)).rejects.toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 40 });
    await limiter.check({ ...write, actor: person("ben") });
    await limiter.check({ ...write, method: "GET" });
    clock.advance(40_000);
    await limiter.check(write);
  });

  test("[LIMITS-2] what is frequent costs no write to the document store", async () => {
    const { limiter, durable } = setUp();
    await times(100, () => limiter.check({ endpoint: "appendTranscript", method: "POST", ...ann }));
    expect(durable.ids).toEqual([]);
  });

  test("[LIMITS-3] no counter names whom it counts", async () => {
    const { limiter, durable, shared, metrics } = setUp({ redis: true });
    await limiter.checkNamed("sign-in", "203.0.113.7");
    await limiter.check({ endpoint: "inviteParticipant", method: "POST", ...ann });
    await limiter.check({ endpoint: "me", method: "GET", ...ann });
    expect(durable.ids).toHaveLength(3);
    expect(shared?.ids).toHaveLength(3);
    const shown = [...durable.ids, ...(shared?.ids ?? []), await metrics.registry.metrics()].join("\n");
    expect(shown).not.toMatch(/203\.0\.113\.7|ann|org_1/);
  });

  test("[LIMITS-4] an organisation and an address have limits of their own, over all their people", async () => {
    const { limiter } = setUp();
    const { organisation, person: each } = rateLimits.invite.most;
    const invite = (name: string) =>
      limiter.check({
        endpoint: "createMeeting",
        method: "POST",
        actor: person(name),
        address: "203.0.113.7",
      });
    for (let n = 0; n < organisation / each; n += 1) await times(each, () => invite(`person-${n}`));
    await expect(invite("another")).rejects.toMatchObject({ code: "RATE_LIMITED" });
    const elsewhere = { actor: person("another", "org_2"), address: "203.0.113.7" };
    await limiter.check({ endpoint: "createMeeting", method: "POST", ...elsewhere });

    await exhaust(limiter, "sign-in", "address");
    await expect(limiter.checkNamed("sign-in", "203.0.113.7")).rejects.toMatchObject({
      code: "RATE_LIMITED",
    });
    await limiter.checkNamed("sign-in", "203.0.113.8");
  });

  test("[LIMITS-5] what is rare outlives a restart; with Redis what is frequent counts for all processes", async () => {
    const { limiter, process } = setUp({ redis: true });
    await exhaust(limiter, "sign-in", "address");
    await expect(process().checkNamed("sign-in", ann)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    await exhaust(limiter, "write", "person");
    await expect(process().checkNamed("write", ann)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });

  test("[LIMITS-6] what has happened is counted in sums, and told when it was too much", async () => {
    const { limiter } = setUp();
    const most = rateLimits["socket-events"].most.person;
    expect(await limiter.countDone("socket-events", ann, most)).toBeNull();
    expect(await limiter.countDone("socket-events", ann, 1)).toBe(60);
  });
});

describe("while the store is down", () => {
  test.each(Object.entries(rateLimits))(
    "[LIMITS-7] %s does what its row says",
    async (name, { durable: rare, whenDown, most }) => {
      const { limiter, durable, shared, metrics } = setUp({ redis: true });
      if (shared !== null) shared.down = true;
      durable.down = true;
      const check = () => limiter.checkNamed(name as RateLimitName, ann);
      if (whenDown === "refuse") {
        expect(rare).toBe(true);
        await expect(check()).rejects.toMatchObject({ code: "UNAVAILABLE", retryAfterSeconds: 5 });
        expect(await metrics.registry.metrics()).toContain(`limit="${name}",by="",outcome="down-refused"`);
        return;
      }
      const [smallest] = Object.values(most).sort((a, b) => a - b);
      await limiter.countDone(name as RateLimitName, ann, (smallest ?? 0) - 1);
      await check();
      await expect(check()).rejects.toMatchObject({ code: "RATE_LIMITED" });
      expect(await metrics.registry.metrics()).toContain(`limit="${name}",by="",outcome="down-counted-here"`);
    },
  );

  test("[LIMITS-7] signing in is closed and reading is open", () => {
    expect(rateLimits["sign-in"].whenDown).toBe("refuse");
    expect(rateLimits.read.whenDown).toBe("count-here");
  });
});
