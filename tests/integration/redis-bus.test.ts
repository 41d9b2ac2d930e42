import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { busStream, createRedisBus, type RedisBus } from "../../server/platform/redis-bus.ts";
import { connectRedis, watchAnswers } from "../../server/platform/redis-client.ts";
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

  async function leave(bus: RedisBus): Promise<void> {
    await bus.stop();
    buses.splice(buses.indexOf(bus), 1);
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
    await leave(far);
    await network.close();
  });

  test("[BUS-6] events of the time without a connection arrive when it is back: once, in order", async () => {
    const network = await startTcpProxy(() => [Number(new URL(redis.url).port)]);
    const [near, far] = [await join("listener"), await join("dropped", `redis://127.0.0.1:${network.port}`)];
    const heard: string[] = [];
    near.subscribe("session.ended", ({ sessionId }) => heard.push(sessionId));
    const published: string[] = [];
    const publish = () => {
      published.push(`event ${published.length}`);
      far.publish("session.ended", { sessionId: published.at(-1) ?? "" });
    };
    for (let round = 0; round < 50; round += 1) {
      publish();
      // Some are on their way, some have arrived and their answer has not, some meet no connection.
      await new Promise((resolve) => setImmediate(resolve));
      publish();
      network.drop();
      publish();
      if (round % 10 === 0) await until(() => heard.length === published.length, "all events");
    }
    await until(() => heard.length >= published.length, "all events");
    expect(heard).toEqual(published);
    await leave(far);
    await network.close();
  });

  test("[BUS-7] a process that missed events for good is told so", async () => {
    const bus = await join("misses");
    let told = 0;
    bus.onSilent(() => (told += 1));
    const heard: string[] = [];
    bus.subscribe("session.ended", ({ sessionId }) => heard.push(sessionId));
    const client = await connectRedis({ url: redis.url, logger: silentLogger, reconnectMaxMs: 1_000 });
    const add = (number: number) => {
      const event = { sessionId: `number ${number}` };
      const envelope = JSON.stringify({ node: "another", number, name: "session.ended", event });
      return client.xAdd(busStream, "*", { envelope });
    };
    await add(7);
    await add(8);
    await until(() => heard.length === 2, "the first events");
    expect(told).toBe(0);
    await add(10);
    await until(() => heard.length === 3, "the event after the gap");
    expect(told).toBe(1);
    client.destroy();
  });

  test("[REDIS-1] [REDIS-2] a connection whose other end is gone without a word is given up, also in the middle of its beginning", async () => {
    let silentPort = 0;
    const mute = createServer((socket) => void socket.on("error", () => undefined).resume());
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    silentPort = (mute.address() as AddressInfo).port;
    let muted = false;
    const network = await startTcpProxy(() => [muted ? silentPort : Number(new URL(redis.url).port)]);
    const client = await connectRedis({
      url: `redis://127.0.0.1:${network.port}`,
      logger: silentLogger,
      reconnectMaxMs: 100,
      refusesOffline: true,
    });
    const unwatch = watchAnswers(client, silentLogger);
    // Whether it is ready at a moment that is looked at says nothing of the moments in between.
    let readyAgain = 0;
    client.on("ready", () => (readyAgain += 1));
    await client.set("answered", "yes");
    // What is written all the time keeps a connection from being idle.
    const writing = setInterval(() => void client.publish("nobody", "listens").catch(() => undefined), 50);
    network.mute();
    await until(() => readyAgain === 1, "another connection in place of the silent one");
    expect(await client.get("answered")).toBe("yes");
    muted = true;
    const taken = new Promise<void>((resolve) => mute.once("connection", () => resolve()));
    network.drop();
    // It is in a connection that was taken and never answers: this one, too, is given up.
    await taken;
    muted = false;
    await until(() => readyAgain === 2, "a connection that answers");
    expect(await client.get("answered")).toBe("yes");
    clearInterval(writing);
    unwatch();
    client.destroy();
    await network.close();
    await new Promise((resolve) => mute.close(resolve));
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
