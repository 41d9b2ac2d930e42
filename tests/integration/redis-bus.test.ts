import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createRedisBus, type RedisBus } from "../../server/platform/redis-bus.ts";
import { createRedisCounters } from "../../server/transport/http/rate-counters.redis.ts";
import { until } from "../factories/nodes.ts";
import { redisProgram, startRedis } from "../factories/redis.ts";
import { startTcpProxy } from "../factories/tcp-proxy.ts";

const meetingId = "a".repeat(24) as MeetingId;

describe.skipIf(redisProgram === null)("bus between processes (needs redis-server)", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  const buses: RedisBus[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const bus of buses) await bus.stop();
    await redis.stop();
  });

  async function join(node: string, url = redis.url): Promise<RedisBus> {
    const bus = await createRedisBus({ url, node, logger: silentLogger });
    buses.push(bus);
    return bus;
  }

  test("[BUS-3] other processes hear every event once, in order, with dates as dates", async () => {
    const [first, second] = [await join("first"), await join("second")];
    const own: string[] = [];
    first.subscribe("meeting.changed", (event) => own.push(event.change));
    const heard: { change: string; at: Date }[] = [];
    const all = new Promise<void>((resolve) => {
      second.subscribe("meeting.changed", (event) => {
        heard.push(event);
        if (event.change === "ended") resolve();
      });
    });
    const at = new Date("2026-03-12T10:00:00.000Z");
    for (const change of ["created", "started", "ended"] as const) {
      first.publish("meeting.changed", { meetingId, change, at, actorId: null });
    }
    await all;
    expect(heard.map((event) => event.change)).toEqual(["created", "started", "ended"]);
    expect(heard[0]?.at).toEqual(at);
    // The publisher heard its own events directly and does not hear them again from the stream.
    second.publish("meeting.changed", { meetingId, change: "updated", at, actorId: null });
    await new Promise<void>((resolve) => first.subscribe("meeting.changed", () => resolve()));
    expect(own).toEqual(["created", "started", "ended", "updated"]);
  });

  test("[BUS-5] a process that Redis does not reach knows it, and is told again when it has heard what it missed", async () => {
    const network = await startTcpProxy(() => [Number(new URL(redis.url).port)]);
    const [near, far] = [await join("near"), await join("far", `redis://127.0.0.1:${network.port}`)];
    const heard: string[] = [];
    far.subscribe("session.ended", ({ sessionId }) => heard.push(sessionId));
    near.publish("session.ended", { sessionId: "before" });
    await until(() => heard.length === 1, "the first event");
    let silences = 0;
    far.onSilent(() => (silences += 1));
    network.cut();
    near.publish("session.ended", { sessionId: "missed" });
    await until(() => silences > 1, "the silence to be noticed");
    expect(heard).toEqual(["before"]);
    const lastSilence = new Promise<string[]>((resolve) =>
      far.onSilent(() => {
        if (heard.length > 1) resolve([...heard]);
      }),
    );
    network.heal();
    expect(await lastSilence).toEqual(["before", "missed"]);
    await far.stop();
    buses.splice(buses.indexOf(far), 1);
    await network.close();
  });

  test("[LIMITS-5] [LIMITS-7] counters are one for all processes; cut off, they reject at once, and count again when it is back", async () => {
    const network = await startTcpProxy(() => [Number(new URL(redis.url).port)]);
    const options = { clock: systemClock, logger: silentLogger };
    const near = await createRedisCounters({ ...options, url: redis.url });
    const far = await createRedisCounters({ ...options, url: `redis://127.0.0.1:${network.port}` });
    const count = (id: string, amount: number) => [{ id, amount, endsAtMs: Date.now() + 60_000 }];
    expect(await near.add([...count("a", 2), ...count("b", 1)])).toEqual([2, 1]);
    expect(await far.add([...count("b", 5), ...count("a", 1)])).toEqual([6, 3]);
    network.cut();
    await expect(far.add(count("a", 1))).rejects.toThrow();
    expect(await near.add(count("a", 1))).toEqual([4]);
    network.heal();
    await expect.poll(() => far.add(count("c", 1)).catch(() => null), { timeout: 30_000 }).not.toBeNull();
    near.close();
    far.close();
    await network.close();
  });

  test("[BUS-4] a Redis that does not answer stops the start in one sentence", async () => {
    await expect(
      createRedisBus({ url: "redis://127.0.0.1:9", node: "x", logger: silentLogger }),
    ).rejects.toThrow(/^Redis at REDIS_URL did not answer/);
  });
});
