import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createRedisBus, type RedisBus } from "../../server/platform/redis-bus.ts";
import { redisProgram, startRedis } from "../factories/redis.ts";

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

  async function join(node: string): Promise<RedisBus> {
    const bus = await createRedisBus({ url: redis.url, node, logger: silentLogger });
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

  test("[BUS-4] a Redis that does not answer stops the start in one sentence", async () => {
    await expect(
      createRedisBus({ url: "redis://127.0.0.1:9", node: "x", logger: silentLogger }),
    ).rejects.toThrow(/^Redis at REDIS_URL did not answer/);
  });
});
