// The app by role: a process that serves people and a worker of its own, sharing a database and Redis.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { Recap } from "../../shared/schemas/insights.ts";
import { redisProgram, startRedis } from "../factories/redis.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { ownDatabase } from "../factories/store.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";

describe.skipIf(redisProgram === null)("roles in processes of their own (needs redis-server)", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let app: TestServer;
  let worker: TestServer;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "connvo-roles-"));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const own = ownDatabase("roles");
    const store = own === null ? await startEmbeddedMongo({ dataDir }) : { uri: own.uri, stop: own.drop };
    cleanups.push(() => store.stop());
    const redis = await startRedis();
    cleanups.push(() => redis.stop());
    const environment = { MONGODB_URI: store.uri, REDIS_URL: redis.url };
    app = await startTestServer({ environment: { ...environment, ROLES: "api,realtime" } });
    cleanups.push(() => app.close());
    worker = await startTestServer({ environment: { ...environment, ROLES: "worker" } });
    cleanups.push(() => worker.close());
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  test("[ROLES-1] the worker prepares the recap, and people connected to the app see it arrive", async () => {
    const token = await app.token("coach@example.org", "Coach");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const post = async (path: string, body: unknown = {}) => {
      const answer = await fetch(app.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      expect(answer.ok).toBe(true);
      return (await answer.json()) as Meeting;
    };
    const { id } = await post("/api/v1/meetings", { title: "By role" });
    await post(`/api/v1/meetings/${id}/start`);
    const text = "I will send the guide tomorrow.";
    await post(`/api/v1/meetings/${id}/transcript`, {
      chunks: [{ clientKey: "one", text, confidence: 1, startMs: 0, endMs: 2_000 }],
    });
    const socket = await connectSocket(app.url, token);
    cleanups.push(async () => socket.disconnect());
    const ready = new Promise<Recap>((resolve) => {
      socket.on("live:update", ({ snapshot }: { snapshot: Recap }) => {
        if (snapshot.status === "ready") resolve(snapshot);
      });
    });
    await emitOk(socket, "live:subscribe", { query: "recap", args: { meetingId: id } });
    await post(`/api/v1/meetings/${id}/end`);
    const { insight } = await ready;
    expect(insight?.actionItems[0]?.citations[0]?.quote).toBe(text);
  });

  test("[ROLES-2] a worker answers for its health and serves nothing else", async () => {
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${worker.url}/api/v1/status`)).status).toBe(404);
    expect((await fetch(worker.url)).status).toBe(404);
  });
});
