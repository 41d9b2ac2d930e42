// What stands under everything, on one running server: the audit log and its verification.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { defaultDatabaseName } from "../../server/platform/database.ts";
import { runScript } from "../factories/commands.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";

// Each command and each server is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ store: "embedded" });
});
afterAll(() => server.close());

const admin = () => server.token("admin@example.org", "Admin", { org: "Acme", role: "admin" });

async function send(token: string, method: string, path: string, body?: unknown): Promise<Response> {
  return await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function createMeeting(token: string): Promise<string> {
  const response = await send(token, "POST", "/api/v1/meetings", { title: "Audited" });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

const verify = (...args: string[]) => runScript("audit-verify", args, { DATA_DIR: server.dataDir });

/** Changes the store of a stopped server behind its back. */
async function tamper(change: (db: mongoose.mongo.Db) => Promise<unknown>): Promise<void> {
  const store = await startEmbeddedMongo({ dataDir: join(server.dataDir, "store") });
  const connection = await mongoose.createConnection(store.uri, { dbName: defaultDatabaseName }).asPromise();
  if (connection.db === undefined) throw new Error("the store was not opened");
  await change(connection.db);
  await connection.close();
  await store.stop();
}

describe("the audit log", () => {
  test("[AUDIT-26] [AUDIT-20] [AUDIT-21] [AUDIT-24] is verified beside a running server and without it, and what was done to it is named", async () => {
    const token = await admin();
    for (let n = 0; n < 3; n += 1) await createMeeting(token);
    const running = await verify();
    expect(running).toMatchObject({ code: 0 });
    await server.stop();
    const head = /Head: \d+ ([0-9a-f]{64})/.exec(running.stdout)?.[1] ?? "";
    const stopped = await verify("--head", head);
    expect(stopped.stdout).toMatch(/0 not sealed yet/);
    expect(stopped).toMatchObject({ code: 0 });

    const second = { sequence: 2 };
    await tamper((db) =>
      db.collection("auditLogs").updateOne(second, { $set: { action: "meeting.cancel" } }),
    );
    const changed = await verify();
    expect(changed.code).toBe(2);
    expect(changed.stderr).toMatch(/First: changed. Entry 2 /);

    await tamper(async (db) => {
      await db.collection("auditLogs").updateOne(second, { $set: { action: "meeting.create" } });
      const last = await db.collection("auditBlocks").findOne({}, { sort: { _id: -1 } });
      if (last === null) throw new Error("nothing was sealed");
      await db.collection("auditBlocks").deleteOne({ _id: last._id });
      await db.collection("auditLogs").deleteMany({ sequence: { $gte: Number(last["firstSequence"]) } });
    });
    const cut = await verify();
    expect(cut.code).toBe(2);
    expect(cut.stderr).toMatch(/First: cut. The chain ends at/);

    // The product says so by itself at its next start.
    await server.restart();
    await expect.poll(() => server.logs(), { timeout: 30_000 }).toMatch(/the audit log was changed/);
    await server.stop();
    await rm(join(server.dataDir, "audit-heads.ndjson"));
    await rm(join(server.dataDir, "audit-head.json"));
    await server.restart();
  });
});
