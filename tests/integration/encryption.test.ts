// Personal fields on a real server's disk: taken over from plain data, found by nobody, moved to another key through kills.
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createFieldCipher } from "../../server/platform/privacy/field-cipher.ts";
import { openEncryption } from "../../server/platform/privacy/open-cipher.ts";
import { keyFileName, newKey, parseKey, readKeyFile } from "../../server/platform/privacy/key-ring.ts";
import type { EncryptionStatus } from "../../shared/schemas/encryption.ts";
import { runScript } from "../factories/commands.ts";
import { newRandom } from "../factories/random.ts";
import { runServer, startTestServer, type TestServer } from "../factories/server.ts";
import { openTestStore } from "../factories/store.ts";

vi.setConfig({ testTimeout: 300_000 });

const people = 400;
const newest = newKey("newest");
const emailOf = (n: number) => `quillfeather${n}@example.org`;
const nameOf = (n: number) => `Quillfeather Number ${n}`;

let server: TestServer;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "connvo-encryption-"));
  server = await startTestServer({
    store: "embedded",
    environment: { OPERATORS: "operator@example.org", RATE_LIMITS: "off" },
  });
});
afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

async function ask<Answer>(
  email: string,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${await server.token(email)}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

const status = () => ask<EncryptionStatus>("operator@example.org", "GET", "/api/v1/operator/encryption");

async function onDisk(text: string): Promise<boolean> {
  const directory = join(server.dataDir, "store");
  for (const name of await readdir(directory)) {
    const bytes = await readFile(join(directory, name)).catch(() => Buffer.alloc(0));
    if (bytes.includes(text)) return true;
  }
  return false;
}

/** The stopped server's store. */
async function withStore<Result>(use: (db: mongoose.mongo.Db) => Promise<Result>): Promise<Result> {
  const store = await startEmbeddedMongo({ dataDir: join(server.dataDir, "store") });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  try {
    return await use(client.db("connvo"));
  } finally {
    await client.close();
    await store.stop();
  }
}

test("[CRYPT-31] a fresh installation makes its key file, and what is personal cannot be found on its disk", async () => {
  expect((await stat(join(server.dataDir, keyFileName))).mode & 0o777).toBe(0o600);
  await ask("ploverbright@example.org", "PATCH", "/api/v1/me", { displayName: "Ploverbright Herself" });
  await ask("ploverbright@example.org", "POST", "/api/v1/meetings", {
    title: "Titles are content",
    scheduledAt: "2099-01-01T09:00:00Z",
    participants: [{ email: "snowdrift@example.org", role: "participant" }],
  });
  const me = await ask<{ displayName: string; email: string }>(
    "ploverbright@example.org",
    "GET",
    "/api/v1/me",
  );
  expect(me).toMatchObject({ displayName: "Ploverbright Herself", email: "ploverbright@example.org" });
  await expect
    .poll(
      async () => (await ask<{ items: unknown[] }>("snowdrift@example.org", "GET", "/api/v1/outbox")).items,
    )
    .toHaveLength(1);
  await server.stop();
  // Where this is found, the rest would be.
  expect(await onDisk("Titles are content")).toBe(true);
  for (const personal of ["ploverbright@", "Ploverbright", "snowdrift@", "Snowdrift"])
    expect([personal, await onDisk(personal)]).toEqual([personal, false]);
});

test("[CRYPT-21] [CRYPT-40] [CRYPT-41] [CRYPT-42] [CRYPT-44] [CRYPT-45] plain data is taken over and moved to another key through kills, with nothing lost", async () => {
  const before = new Date("2026-01-01T00:00:00Z");
  const ids = Array.from({ length: people }, () => new mongoose.mongo.ObjectId());
  // As it was before there was encryption: no hashes, nothing under any key, an index over addresses.
  await withStore(async (db) => {
    await db.collection("users").dropIndex("emailHash_1");
    await db.collection("users").createIndex({ email: 1 }, { unique: true });
    const stamps = { createdAt: before, updatedAt: before };
    await db
      .collection("users")
      .insertMany(
        ids.map((_id, n) => ({ _id, email: emailOf(n), orgId: null, orgRole: "member", ...stamps })),
      );
    await db.collection("profiles").insertMany(
      ids.map((userId, n) => ({
        userId,
        displayName: nameOf(n),
        nameSource: "own",
        timeZone: null,
        ...stamps,
      })),
    );
    await db.collection<{ _id: string }>("searchKeys").updateOne({ _id: "email" }, { $set: { hashed: [] } });
  });
  const oldKeys = (await readKeyFile(server.dataDir))?.keys ?? [];
  await server.restart({ ENCRYPTION_KEYS: newest });

  // Somebody changes their names all the while, through every kill; what was acknowledged must stay.
  const acknowledged = new Map<string, string>();
  let editing = true;
  const editor = (async () => {
    for (let round = 0; editing; round += 1) {
      const email = emailOf((round * 97) % people);
      const displayName = `Renamed ${round} Quillfeather`;
      // The server may be dead at this moment: then nothing was promised.
      const done = await ask(email, "PATCH", "/api/v1/me", { displayName }).then(
        () => true,
        () => false,
      );
      if (done) acknowledged.set(email, displayName);
      else acknowledged.delete(email);
    }
  })();
  const random = newRandom(20_260_201);
  for (let kill = 0; kill < 2; kill += 1) {
    const { rotation } = await status();
    const until = (rotation?.changed ?? 0) + 40 + random.below(160);
    await expect
      .poll(async () => (await status()).rotation, { timeout: 120_000, interval: 25 })
      .toSatisfy(
        (now: EncryptionStatus["rotation"]) => now?.state === "finished" || (now?.changed ?? 0) >= until,
      );
    await server.kill();
    await server.restart();
  }
  await expect.poll(async () => (await status()).rotation?.state, { timeout: 120_000 }).toBe("finished");
  editing = false;
  await editor;
  expect(acknowledged.size).toBeGreaterThan(0);
  const after = await status();
  expect(after.rotation?.changed).toBeGreaterThan(people);
  expect(after).toMatchObject({
    primary: "newest",
    plainDocuments: 0,
    unreadableDocuments: 0,
    keys: [
      { id: "newest", state: "primary" },
      { id: oldKeys[0]?.id, state: "removable", documents: 0 },
    ],
  });

  // Found by address, whoever was there before.
  const me = await ask<{ id: string }>(emailOf(7), "GET", "/api/v1/me");
  expect(me.id).toBe(ids[7]?.toHexString());
  await server.stop();

  // Everything is there, under the new key alone.
  const key = parseKey(newest);
  const cipher = createFieldCipher({ keys: key === null ? [] : [key], searchSecret: Buffer.alloc(32) });
  await withStore(async (db) => {
    const users = await db
      .collection("users")
      .find({ _id: { $in: ids } })
      .toArray();
    const profiles = await db
      .collection("profiles")
      .find({ userId: { $in: ids } })
      .toArray();
    expect(new Set(users.map(({ emailHash }) => String(emailHash))).size).toBe(people);
    const addresses = new Map(
      users.map(({ _id, email }) => [
        _id.toHexString(),
        cipher.of("users").open(_id.toHexString(), "email", String(email)),
      ]),
    );
    expect(ids.map((id) => addresses.get(id.toHexString()))).toEqual(ids.map((_id, n) => emailOf(n)));
    const names = new Map(
      profiles.map(({ userId, displayName }) => [
        String(userId),
        cipher.of("profiles").open(String(userId), "displayName", String(displayName)),
      ]),
    );
    for (const [n, id] of ids.entries()) {
      const renamed = acknowledged.get(emailOf(n));
      if (renamed !== undefined) expect(names.get(id.toHexString())).toBe(renamed);
      else expect(names.get(id.toHexString())).toMatch(/Quillfeather/);
    }
    expect((await db.collection("users").indexes()).map(({ name }) => name)).not.toContain("email_1");
    // It began by itself, with nobody behind it.
    const entries = await db.collection("auditLogs").find({ resourceType: "encryption" }).toArray();
    expect(entries).toContainEqual(
      expect.objectContaining({ action: "encryption.rotated", resourceId: "newest", actorUserId: null }),
    );
  });
});

test("[CRYPT-43] [CRYPT-32] [CRYPT-34] the old key can go, the new one cannot, and a backup holds neither", async () => {
  const environment = { DATA_DIR: server.dataDir, PORT: "0" };
  const withKey = { ...environment, ENCRYPTION_KEYS: newest };
  const check = await runScript("keys", ["--check"], withKey);
  expect(check.code).toBe(0);
  expect(check.stdout).toMatch(/can be removed/);
  await rm(join(server.dataDir, keyFileName));

  for (const [keys, expected] of [
    ["", /encrypted with the key newest, which is neither in ENCRYPTION_KEYS nor in .*encryption-keys/],
    [newKey("newest"), /The key newest is another one than the data was encrypted with/],
  ] as const) {
    const refused = await runServer({ ...environment, ENCRYPTION_KEYS: keys });
    expect(refused.stderr).toMatch(expected);
    expect(refused.code).toBe(1);
    expect(await readKeyFile(server.dataDir)).toBeNull();
  }

  await server.restart();
  expect(await status()).toMatchObject({ primary: "newest", source: "setting", keys: [{ id: "newest" }] });
  const me = await ask<{ email: string }>(emailOf(9), "GET", "/api/v1/me");
  expect(me.email).toBe(emailOf(9));

  const backup = join(scratch, "backup");
  expect((await runScript("backup", ["--to", backup], withKey)).code).toBe(0);
  const elsewhere = join(scratch, "elsewhere");
  const restored = await runScript("restore", [backup], { DATA_DIR: elsewhere });
  expect(restored.code).toBe(0);
  expect(restored.stdout).toMatch(/encrypted with newest, which no backup holds/);
  expect(await readdir(elsewhere)).not.toContain(keyFileName);
});

test("[CRYPT-33] in a MongoDB elsewhere nothing is encrypted without keys, and no key file is made", async () => {
  const elsewhere = await openTestStore();
  const dataDir = join(scratch, "without-keys");
  const { cipher, source } = await openEncryption({
    config: { encryptionKeys: [], dataDir, mongodbUri: elsewhere.uri },
    connection: elsewhere.connection,
    clock: systemClock,
    logger: silentLogger,
  });
  expect(source).toBe("none");
  expect(cipher.of("users").seal("a", "email", "plain@example.org")).toBe("plain@example.org");
  expect(await readKeyFile(dataDir)).toBeNull();
  await elsewhere.close();
});
