// What stands under everything, on one running server: keys that make repetition harmless, feature flags, the audit log and its verification.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { defaultDatabaseName } from "../../server/platform/database.ts";
import { runScript } from "../factories/commands.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emit, errorCodeOf } from "../factories/sockets.ts";
import type { ChainHead } from "../../server/modules/audit/index.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { AuditEntryView } from "../../shared/schemas/audit.ts";

// Each command and each server is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    store: "embedded",
    environment: { OPERATORS: "operator@example.org" },
  });
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

async function createWith(token: string, key: string, title: string): Promise<Response> {
  return await fetch(`${server.url}/api/v1/meetings`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify({ title }),
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

describe("keys that make repetition harmless", () => {
  test("[IDEMPOTENCY-1] [IDEMPOTENCY-3] [IDEMPOTENCY-4] parallel duplicates make one meeting, also after a restart; other words are refused, other people unconcerned", async () => {
    const [ann, ben] = [
      await server.token("ann@example.org", "Ann"),
      await server.token("ben@example.org", "Ben"),
    ];
    const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;
    const parallel = await Promise.all(Array.from({ length: 10 }, () => createWith(ann, "key", "One")));
    expect(new Set(parallel.map(({ status }) => status))).toEqual(new Set([201]));
    const ids = new Set(await Promise.all(parallel.map(idOf)));
    expect(ids.size).toBe(1);
    const other = await createWith(ann, "key", "Two");
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ error: { code: "IDEMPOTENCY_MISMATCH" } });
    expect(ids).not.toContain(await idOf(await createWith(ben, "key", "One")));
    await server.kill();
    await server.restart();
    expect(ids).toContain(await idOf(await createWith(ann, "key", "One")));
  });

  test("[IDEMPOTENCY-8] sockets' duplicates get one answer, also after a restart; other words under the key are refused", async () => {
    const token = await server.token("ann@example.org", "Ann");
    const id = (await createMeeting(token)) as MeetingId;
    expect((await send(token, "POST", `/api/v1/meetings/${id}/start`)).status).toBe(200);
    const line = { clientKey: "k", text: "Hello", confidence: 1, startMs: 0, endMs: 1 };
    for (const attempt of ["before", "after"]) {
      const socket = await connectSocket(server.url, token);
      const say = (text: string, key = "k") =>
        emit(socket, "transcript:append", { meetingId: id, chunks: [{ ...line, clientKey: key, text }] });
      const chat = (content: string) => emit(socket, "chat:send", { meetingId: id, clientKey: "k", content });
      const said = await Promise.all([say("Hello"), say("Hello"), say("Hello")]);
      expect(said).toEqual(Array(3).fill({ firstSequence: 1, lastSequence: 1 }));
      expect(await Promise.all([chat("Hi"), chat("Hi")])).toEqual([{ sequence: 1 }, { sequence: 1 }]);
      expect(errorCodeOf(await say("Good-bye"))).toBe("IDEMPOTENCY_MISMATCH");
      expect(errorCodeOf(await chat("Bye"))).toBe("IDEMPOTENCY_MISMATCH");
      socket.disconnect();
      if (attempt === "after") break;
      await server.kill();
      await server.restart();
    }
  });
});

describe("feature flags", () => {
  test("[FLAGS-5] what an operator switches off is off for open pages and refused by HTTP, until it is on again", async () => {
    const operator = await server.token("operator@example.org", "Operator");
    const ann = await server.token("ann@example.org", "Ann");
    const id = await createMeeting(ann);
    const socket = await connectSocket(server.url, ann);
    const shown: unknown[] = [];
    socket.on("live:update", ({ snapshot }: { snapshot: unknown }) => shown.push(snapshot));
    const first = await emit(socket, "live:subscribe", { id: "flags", query: "flags" });
    expect(first).toMatchObject({ snapshot: { "transcript.search": true } });
    const search = async () =>
      (await send(ann, "GET", `/api/v1/meetings/${id}/transcript/search?q=word`)).status;
    const flag = "/api/v1/operator/flags/transcript.search";
    for (const [version, on, status] of [
      [0, false, 403],
      [1, true, 200],
    ] as const) {
      expect((await send(operator, "PATCH", flag, { version, on })).status).toBe(200);
      await expect.poll(() => shown.at(-1), { timeout: 30_000 }).toEqual({ "transcript.search": on });
      expect(await search()).toBe(status);
    }
    const history = (await (await send(operator, "GET", `${flag}/history`)).json()) as { items: unknown[] };
    expect(history.items).toMatchObject([{ metadata: { on: true } }, { metadata: { on: false } }]);
    socket.disconnect();
  });
});

describe("the audit log", () => {
  test("[AUDIT-31] [AUDIT-33] is searched by what, on what, how it ended, by whom and when; reading it is in it", async () => {
    const token = await admin();
    const person = "searcher@example.org";
    const searcher = await server.token(person, "Searcher", { org: "Acme", role: "admin" });
    const id = await createMeeting(searcher);
    expect((await send(searcher, "POST", `/api/v1/meetings/${id}/start`)).status).toBe(200);
    expect((await send(token, "GET", `/api/v1/meetings/${id}`)).status).toBe(404);
    const found = async (query: Record<string, string>, by = searcher) => {
      const address = `/api/v1/admin/audit?${new URLSearchParams({ limit: "50", ...query }).toString()}`;
      const { items } = (await (await send(by, "GET", address)).json()) as { items: AuditEntryView[] };
      return items.map(({ action, outcome }) => `${action} ${outcome}`);
    };
    const meeting = { resourceType: "meeting", resourceId: id };
    expect(await found({ ...meeting, action: "meeting.start" })).toEqual(["meeting.start done"]);
    expect(await found({ ...meeting, outcome: "refused" })).toEqual(["meeting.read refused"]);
    expect(await found({ ...meeting, person })).toEqual(["meeting.start done", "meeting.create done"]);
    const now = new Date(Date.now() + 60_000).toISOString();
    expect(await found({ ...meeting, to: now })).toHaveLength(3);
    expect(await found({ ...meeting, from: now })).toEqual([]);
    expect((await send(searcher, "GET", "/api/v1/admin/audit/export.csv")).status).toBe(200);
    const reading = await found({ person, resourceType: "organization" }, token);
    expect(new Set(reading)).toEqual(new Set(["audit.export done", "audit.read done"]));
  });

  test("[AUDIT-5] [AUDIT-15] [AUDIT-26] [AUDIT-20] [AUDIT-21] [AUDIT-24] is verified beside a running server and without it, and what was done to it is named", async () => {
    const token = await admin();
    for (let n = 0; n < 3; n += 1) await createMeeting(token);
    const running = await verify();
    expect(running).toMatchObject({ code: 0 });
    await server.stop();
    const head = /Head: \d+ ([0-9a-f]{64})/.exec(running.stdout)?.[1] ?? "";
    // What was sealed until the stop is in the file as well, and at least as far as the command saw it.
    const kept = JSON.parse(await readFile(join(server.dataDir, "audit-head.json"), "utf8")) as ChainHead;
    expect(kept.sequence).toBeGreaterThanOrEqual(Number(/Head: (\d+)/.exec(running.stdout)?.[1]));
    expect(await readFile(join(server.dataDir, "audit-heads.ndjson"), "utf8")).toMatch(/^\{"sequence":\d+/);
    const stopped = await verify("--head", head);
    expect(stopped.stdout).toMatch(/0 not sealed yet/);
    expect(stopped).toMatchObject({ code: 0 });

    const second = { sequence: 2 };
    let written: unknown;
    await tamper(async (db) => {
      const forged = { $set: { action: "meeting.forged" } };
      written = (await db.collection("auditLogs").findOneAndUpdate(second, forged))?.["action"];
    });
    const changed = await verify();
    expect(changed.code).toBe(2);
    expect(changed.stderr).toMatch(/First: changed. Entry 2 /);

    await tamper(async (db) => {
      await db.collection("auditLogs").updateOne(second, { $set: { action: written } });
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
    // Killed right behind an answer: the entry is there.
    const id = await createMeeting(token);
    await server.kill();
    await tamper(async (db) =>
      expect(await db.collection("auditLogs").countDocuments({ resourceId: id })).toBe(1),
    );
    await rm(join(server.dataDir, "audit-heads.ndjson"));
    await rm(join(server.dataDir, "audit-head.json"));
    await server.restart();
  });
});
