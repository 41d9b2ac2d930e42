// The store as a process: how it starts, refuses to start, and ends.
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";

const program = fileURLToPath(new URL("../../server/embedded-mongo/main.ts", import.meta.url));
const launcher = new URL("../../server/embedded-mongo/launch.ts", import.meta.url).href;
const secret = "a-secret-of-more-than-sixteen-characters";
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "embedded-mongo-"));
});

afterEach(async () => {
  await chmod(dataDir, 0o700);
  await rm(dataDir, { recursive: true, force: true });
});

function run(args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  const ready = new Promise<number>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^(\{.*\})\n/.exec(out)?.[1];
      if (line !== undefined) resolve((JSON.parse(line) as { port: number }).port);
    });
  });
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, errors })),
  );
  return { child, ready, ended };
}

const uri = (port: number) =>
  `mongodb://connvo:${secret}@127.0.0.1:${port}/?directConnection=true&authSource=admin`;

test("[STORE-27] it serves its parent on after SIGINT and SIGTERM, and ends with code 0 when stdin closes", async () => {
  const { child, ready, ended } = run(["--data-dir", dataDir]);
  child.stdin.write(`${secret}\n`);
  const client = await new mongoose.mongo.MongoClient(uri(await ready)).connect();
  child.kill("SIGINT");
  child.kill("SIGTERM");
  // A round trip after the signals: they were delivered, and the store still writes.
  await client.db("d").collection("c").insertOne({ a: 1 });
  child.stdin.end();
  expect((await ended).code).toBe(0);
  await client.close();
  const again = await startEmbeddedMongo({ dataDir });
  const second = await new mongoose.mongo.MongoClient(again.uri).connect();
  expect(await second.db("d").collection("c").countDocuments()).toBe(1);
  await second.close();
  await again.stop();
});

test("[STORE-27] it ends when its parent is killed", async () => {
  const parent = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `const { startEmbeddedMongo } = await import(${JSON.stringify(launcher)});
       const { pid } = await startEmbeddedMongo({ dataDir: ${JSON.stringify(dataDir)} });
       process.stdout.write(pid + "\\n");
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  parent.kill("SIGKILL");
  const isAlive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 30_000 }).toBe(false);
  const again = await startEmbeddedMongo({ dataDir });
  await again.stop();
});

test("[STORE-23] a directory that cannot be one stops the start in one sentence", async () => {
  const file = join(dataDir, "file");
  await writeFile(file, "");
  const { child, ended } = run(["--data-dir", join(file, "inside")]);
  child.stdin.write(`${secret}\n`);
  const { code, errors } = await ended;
  expect({ code, errors }).toEqual({
    code: 1,
    errors: expect.stringMatching(/^The directory .* cannot be written to \(ENOTDIR\): .*\.\n$/) as string,
  });
});

test.each([
  [["--port", "70000"], /--port must be a whole number between 0 and 65535/],
  [["--colour", "red"], /^Usage: /],
])("[STORE-23] wrong arguments %j stop the start in one sentence", async (args, message) => {
  const { child, ended } = run(["--data-dir", dataDir, ...args]);
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${secret}\n`);
  const { code, errors } = await ended;
  expect(code).toBe(1);
  expect(errors).toMatch(message);
});

test("[STORE-23] a port that is taken stops the start in one sentence", async () => {
  const first = await startEmbeddedMongo({ dataDir });
  const other = await mkdtemp(join(tmpdir(), "embedded-mongo-"));
  try {
    const port = Number(new URL(first.uri).port);
    await expect(startEmbeddedMongo({ dataDir: other, port })).rejects.toThrow(
      /^The port is in use by another program/,
    );
  } finally {
    await first.stop();
    await rm(other, { recursive: true, force: true });
  }
});
