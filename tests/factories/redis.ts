// A real redis-server for tests, where one is installed (scripts/test.mjs looks for it).
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Path of redis-server, or null where the machine has none. */
export const redisProgram = process.env["CONNVO_REDIS"] ?? null;

export interface TestRedis {
  url: string;
  /** Kills it, and starts it again empty on the same port. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), "connvo-redis-"));
  const port = await freePort();
  let child = await launch(directory, port);
  const end = async (signal: NodeJS.Signals) => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    async crash() {
      await end("SIGKILL");
      child = await launch(directory, port);
    },
    async stop() {
      await end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function launch(directory: string, port: number): Promise<ChildProcess> {
  if (redisProgram === null) throw new Error("redis-server is not installed");
  const child = spawn(
    redisProgram,
    ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--save", ""],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`redis-server exited with ${code}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("Ready to accept connections")) resolve();
    });
  });
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
