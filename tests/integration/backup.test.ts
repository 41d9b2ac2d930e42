// Backups of a running server on the embedded store, and what restoring them does and refuses.
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { filesBelow } from "../../scripts/store/durable-files.ts";
import { runScript } from "../factories/commands.ts";
import { runServer, startTestServer, type TestServer } from "../factories/server.ts";

// Each command and each server is a process of its own.
vi.setConfig({ testTimeout: 300_000 });

let server: TestServer;
let scratch: string;
let backup: string;
let token: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "connvo-backup-"));
  backup = join(scratch, "backup");
  server = await startTestServer({ store: "embedded" });
  token = await server.token("ann@example.org", "Ann");
});
afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

const run = (name: string, ...args: string[]) => runScript(name, args, { DATA_DIR: server.dataDir });

async function createMeeting(title: string): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/meetings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ title }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function statusOf(meetingId: string): Promise<number> {
  const response = await fetch(`${server.url}/api/v1/meetings/${meetingId}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  return response.status;
}

async function refusedAndUnchanged(from: string, expected: RegExp, ...args: string[]): Promise<void> {
  // A file that the running server is just replacing has a second name for a moment.
  const names = async () => (await readdir(server.dataDir)).filter((name) => !name.endsWith(".tmp"));
  const before = await names();
  const outcome = await run("restore", from, ...args);
  expect(outcome.stderr).toMatch(expected);
  expect(outcome.code).toBe(1);
  expect(await names()).toEqual(before);
}

test("[BACKUP-1] [BACKUP-2] [BACKUP-3] [BACKUP-4] a backup of a writing server brings everything acknowledged before it", async () => {
  const before = [await createMeeting("One"), await createMeeting("Two")];
  const during: string[] = [];
  let writing = true;
  const writer = (async () => {
    while (writing) during.push(await createMeeting("Meanwhile"));
  })();
  const taken = await run("backup", "--to", backup);
  writing = false;
  await writer;
  expect(taken).toMatchObject({ code: 0 });
  expect(taken.stdout).toMatch(/meetings +\d+ +\d+ +[0-9a-f]{16}\n/);
  const after = await createMeeting("Later");

  if (process.platform !== "win32") {
    for (const path of await filesBelow(backup))
      expect((await stat(join(backup, path))).mode & 0o777).toBe(0o600);
    expect((await stat(backup)).mode & 0o777).toBe(0o700);
  }
  expect(await filesBelow(backup)).toEqual(
    expect.arrayContaining(["manifest.json", "dump/connvo/meetings.bson", "files/identity/keys.json"]),
  );
  expect(await readdir(scratch)).toEqual(["backup"]);
  expect(await run("backup", "--to", backup)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/exists already/),
  });

  await refusedAndUnchanged(backup, /stop the server first/, "--replace");
  await server.stop();
  await refusedAndUnchanged(backup, /holds data already \(store, identity\): add --replace/);
  const restored = await run("restore", backup, "--replace");
  expect(restored).toMatchObject({ code: 0 });
  await server.restart();
  for (const id of before) expect(await statusOf(id)).toBe(200);
  expect(await statusOf(after)).toBe(404);
  expect(during.length).toBeGreaterThan(0);

  const aside = (await readdir(server.dataDir)).filter((name) => name.startsWith("replaced-"));
  expect(aside).toHaveLength(1);
  expect(await filesBelow(join(server.dataDir, aside[0] ?? ""))).toEqual(
    expect.arrayContaining(["identity/keys.json", "store/store.sqlite"]),
  );
  await server.stop();
});

test.each<[string, (copy: string) => Promise<void>, RegExp]>([
  [
    "cut off",
    (copy) => truncate(join(copy, "dump/connvo/meetings.bson"), 100),
    /ends in the middle of a document/,
  ],
  [
    "longer",
    (copy) => appendFile(join(copy, "dump/connvo/users.bson"), "x"),
    /ends in the middle of a document/,
  ],
  ["without documents", (copy) => rm(join(copy, "dump/connvo/users.bson")), /users\.bson is missing/],
  [
    "without a file",
    (copy) => rm(join(copy, "files/identity/keys.json")),
    /files\/identity\/keys\.json is missing/,
  ],
  ["without a manifest", (copy) => rm(join(copy, "manifest.json")), /no complete backup/],
  [
    "with half a manifest",
    (copy) => truncate(join(copy, "manifest.json"), 200),
    /manifest\.json cannot be read/,
  ],
  [
    "with another byte",
    async (copy) => {
      const file = join(copy, "dump/connvo/meetings.bson");
      const bytes = await readFile(file);
      const at = bytes.indexOf("One");
      expect(at).toBeGreaterThan(0);
      bytes[at] = 0x41;
      await writeFile(file, bytes);
    },
    /meetings has other documents/,
  ],
  [
    "with other indexes",
    (copy) => appendFile(join(copy, "dump/connvo/users.metadata.json"), " "),
    /users\.metadata\.json is not what was written/,
  ],
])("[BACKUP-3] a backup %s is refused in words", async (_what, damage, expected) => {
  const copy = await mkdtemp(join(scratch, "copy-"));
  await cp(backup, copy, { recursive: true });
  await damage(copy);
  await refusedAndUnchanged(copy, expected, "--replace");
});

test("[BACKUP-5] a restore that a crash interrupted is finished by the next one, and nothing starts before", async () => {
  const dataDir = await mkdtemp(join(scratch, "interrupted-"));
  const environment = { DATA_DIR: dataDir };
  expect(await runScript("restore", [backup], environment)).toMatchObject({ code: 0 });
  // As it stands after the old store was moved away and before the new one took its place.
  await cp(join(dataDir, "store"), join(dataDir, "restoring-x/store"), { recursive: true });
  await cp(join(dataDir, "store"), join(dataDir, "replaced-x/store"), { recursive: true });
  await rm(join(dataDir, "store"), { recursive: true });
  const replacement = { staging: "restoring-x", aside: "replaced-x", parts: ["store", "identity"] };
  await writeFile(join(dataDir, "replacement.json"), JSON.stringify(replacement));

  const refused = await runServer({ DATA_DIR: dataDir, PORT: "0", MONGODB_URI: "" });
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/A restore into .* was interrupted/),
  });
  expect(await runScript("restore", [backup], environment)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/interrupted is finished/),
  });
  expect((await readdir(dataDir)).sort()).toEqual(["identity", "replaced-x", "store"]);
  expect(await filesBelow(join(dataDir, "store"))).toContain("store.sqlite");
});
