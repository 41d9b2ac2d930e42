// The app by role: a process that serves people and a worker of its own, sharing a database and Redis.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseNameOf } from "../../server/platform/database.ts";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { Recap } from "../../shared/schemas/insights.ts";
import { redisProgram, startRedis } from "../factories/redis.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { ownDatabase } from "../factories/store.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import { until } from "../factories/nodes.ts";
import { askAt } from "./access/calls.ts";

describe.skipIf(redisProgram === null)("roles in processes of their own (needs redis-server)", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let app: TestServer;
  let worker: TestServer;
  let store: mongoose.Connection;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "connvo-roles-"));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const own = ownDatabase("roles");
    const { uri, stop } =
      own === null ? await startEmbeddedMongo({ dataDir }) : { uri: own.uri, stop: own.drop };
    cleanups.push(() => stop());
    store = await mongoose.createConnection(uri, { dbName: databaseNameOf(uri) }).asPromise();
    cleanups.push(() => store.close());
    const redis = await startRedis();
    cleanups.push(() => redis.stop());
    const environment = { MONGODB_URI: uri, REDIS_URL: redis.url, DELETION_GRACE_HOURS: "0" };
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

  const theirs = ["typed", "said", "sent"];

  /** Anna's words in notes, transcript and chat, beside a call's notes that are filed already. */
  async function plant(name: string) {
    const call = <Answer>(who: string, method: string, path: string, body?: unknown) =>
      askAt<Answer>(app.url + path, who, method, body);
    const [anna, ben] = [
      await app.token(`${name}@example.org`, name),
      await app.token("ben@example.org", "Ben"),
    ];
    await call(ben, "GET", "/api/v1/me");
    const participants = [{ email: "ben@example.org", role: "host" }];
    const { id } = await call<Meeting>(anna, "POST", "/api/v1/meetings", { title: "Two", participants });
    const path = `/api/v1/meetings/${id}`;
    await call(anna, "POST", `${path}/start`);
    const write = async (text: string) => {
      const operations = [{ type: "insert", position: 0, content: text }];
      const notes = { clientKey: text, layer: "shared", baseVersion: 0, operations };
      await call(anna, "POST", `${path}/notes/operations`, notes);
    };
    const say = async () => {
      await write(`${name} typed`);
      const line = { clientKey: "a", text: `${name} said`, confidence: 1, startMs: 0, endMs: 1_000 };
      await call(anna, "POST", `${path}/transcript`, { chunks: [line] });
      await call(anna, "POST", `${path}/messages`, { clientKey: "a", content: `${name} sent` });
    };
    const shown = async () => {
      const places = ["notes", "transcript", "messages"].map((part) => call(ben, "GET", `${path}/${part}`));
      return JSON.stringify(await Promise.all(places));
    };
    return { anna, call, write, say, shown };
  }

  test("[ROLES-3] a worker deletes a person with what the journal holds of theirs", async () => {
    const { anna, call, write, say, shown } = await plant("leaver");
    await write("leaver before");
    // Filed, so that there is something to take out of the log; what is said next is not.
    const pages = store.collection("noteOps");
    await until(async () => (await pages.countDocuments()) > 0, "the notes to be filed");
    await say();
    await call(anna, "POST", "/api/v1/me/deletion", { confirmation: "delete my account" });
    const deletions = store.collection("personDeletions");
    await until(async () => (await deletions.findOne())?.["state"] === "done", "the deletion to be done");
    expect(await shown()).not.toContain("leaver");
  });

  test("[ROLES-3] a worker exports what the journal has not filed yet", async () => {
    const { anna, call, say } = await plant("reader");
    await say();
    await call(anna, "POST", "/api/v1/me/export");
    await until(
      async () => (await call<{ state: string }>(anna, "GET", "/api/v1/me/export")).state === "ready",
      "the export",
    );
    const headers = { authorization: `Bearer ${anna}` };
    const zip = await fetch(`${app.url}/api/v1/me/export/file`, { headers });
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    const all = Object.values(files)
      .map((file) => strFromU8(file))
      .join("\n");
    for (const word of theirs) expect(all).toContain(`reader ${word}`);
  });

  test("[ROLES-2] a worker answers for its health and serves nothing else", async () => {
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${worker.url}/api/v1/status`)).status).toBe(404);
    expect((await fetch(worker.url)).status).toBe(404);
  });

  test("[ROLES-2] a worker that is told to stop ends in order", async () => {
    expect(await worker.stop()).toBe(0);
  });
});
