// How the program starts and stops: one clear sentence for what cannot work, data kept, no process left behind.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runServer, startTestServer } from "../factories/server.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "connvo-start-"));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function oneSentence(stderr: string): string {
  const lines = stderr.trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

test("[START-1] a port in use stops the start in one sentence", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => other.close(resolve)));
  const { port } = other.address() as AddressInfo;
  const { code, stderr, stdout } = await runServer({
    DATA_DIR: await temporaryDirectory(),
    PORT: String(port),
  });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(oneSentence(stderr)).toMatch(new RegExp(`^Port ${port} is already in use: .*set PORT`));
});

test("[START-2] a DATA_DIR that cannot be written stops the start in one sentence", async () => {
  const file = join(await temporaryDirectory(), "a-file");
  await writeFile(file, "");
  // Below a file, and below a file system that takes nothing in.
  for (const directory of [
    join(file, "data"),
    ...(process.platform === "linux" ? ["/proc/connvo/data"] : []),
  ]) {
    const { code, stderr } = await runServer({ DATA_DIR: directory, PORT: "0" });
    expect(code).toBe(1);
    expect(oneSentence(stderr)).toMatch(/^DATA_DIR .* cannot be written to/);
  }
});

test("[START-3] a bad variable stops the start in one sentence that names it", async () => {
  const { code, stderr } = await runServer({
    DATA_DIR: await temporaryDirectory(),
    PORT: "0",
    ROLES: "api,cook",
  });
  expect(code).toBe(1);
  expect(oneSentence(stderr)).toMatch(/^ROLES cannot be "api,cook"/);
});

test("[START-4] a MongoDB that does not answer stops the start in one sentence without its password", async () => {
  const { code, stderr } = await runServer({
    DATA_DIR: await temporaryDirectory(),
    PORT: "0",
    MONGODB_URI: "mongodb://user:hunter2@127.0.0.1:9/connvo?serverSelectionTimeoutMS=500",
  });
  expect(code).toBe(1);
  expect(oneSentence(stderr)).toMatch(/^MongoDB at MONGODB_URI did not answer/);
  expect(stderr).not.toContain("hunter2");
});

test("[START-5] a second server on the same data is refused in one sentence and harms nothing", async () => {
  const server = await startTestServer({ store: "embedded" });
  cleanups.push(() => server.close());
  const second = await runServer({ DATA_DIR: server.dataDir, PORT: "0", MONGODB_URI: "" });
  expect(second.code).toBe(1);
  expect(oneSentence(second.stderr)).toMatch(/already|in use|another/i);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test("[START-6] people and meetings survive a stop and a start, and a stop exits with 0", async () => {
  const server = await startTestServer();
  cleanups.push(() => server.close());
  const headers = {
    authorization: `Bearer ${await server.token("coach@example.org", "Coach")}`,
    "content-type": "application/json",
  };
  const created = await fetch(`${server.url}/api/v1/meetings`, {
    method: "POST",
    headers,
    body: JSON.stringify({ title: "Kept" }),
  });
  const { id } = (await created.json()) as { id: string };
  expect(await server.stop()).toBe(0);
  expect(server.logs()).toBe("");
  await server.restart();
  const found = await fetch(`${server.url}/api/v1/meetings/${id}`, { headers });
  expect(await found.json()).toMatchObject({ id, title: "Kept" });
});

test("[START-7] /healthz and /readyz answer while the server runs", async () => {
  const server = await startTestServer();
  cleanups.push(() => server.close());
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("process_cpu");
});

test("[START-8] a SIGTERM to the whole group, store included, is an orderly stop too", async () => {
  const server = await startTestServer({ store: "embedded" });
  cleanups.push(() => server.close());
  expect(await server.stop("group")).toBe(0);
  expect(server.logs()).toBe("");
});

test.skipIf(process.platform !== "linux")(
  "[START-9] where the log's disk is full, the server goes on, and stops when it is told to",
  async () => {
    const server = await startTestServer({
      standardError: "/dev/full",
      environment: { LOG_LEVEL: "info" },
    });
    cleanups.push(() => server.close());
    for (let request = 0; request < 20; request += 1)
      expect((await fetch(`${server.url}/api/v1/me`)).status).toBe(401);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  },
);

test.skipIf(process.platform === "win32")(
  "[START-10] other users of the machine cannot read the store, also where an earlier version let them",
  async () => {
    const server = await startTestServer({ store: "embedded" });
    cleanups.push(() => server.close());
    const store = join(server.dataDir, "store");
    const mode = async () => (await stat(store)).mode & 0o777;
    expect(await mode()).toBe(0o700);
    expect(await server.stop()).toBe(0);
    await chmod(store, 0o755);
    await server.restart();
    expect(await mode()).toBe(0o750);
  },
);

test.skipIf(process.platform === "win32")(
  "[START-11] a mongod that the server started ends with it, also where it is killed before it is ready",
  async () => {
    const directory = await temporaryDirectory();
    const pidFile = join(directory, "mongod.pid");
    // It never answers, so that the server goes on waiting for it.
    const script = `#!/bin/sh\necho $$ > ${pidFile}.new && mv ${pidFile}.new ${pidFile}\nexec sleep 600\n`;
    await writeFile(join(directory, "mongod"), script, { mode: 0o755 });
    const server = spawn(process.execPath, [join(import.meta.dirname, "..", "..", "server", "main.ts")], {
      env: {
        PATH: `${directory}:${process.env["PATH"] ?? ""}`,
        DATA_DIR: join(directory, "data"),
        PORT: "0",
      },
      stdio: "ignore",
    });
    cleanups.push(() => Promise.resolve(server.kill("SIGKILL")));
    await expect.poll(() => existsSync(pidFile), { timeout: 30_000 }).toBe(true);
    const pid = Number(await readFile(pidFile, "utf8"));
    cleanups.push(() => Promise.resolve(isAlive(pid) && process.kill(pid, "SIGKILL")));
    expect(isAlive(pid)).toBe(true);
    server.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  },
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
