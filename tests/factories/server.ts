// The real server as its own process on a directory of its own, as `npm start` runs it.
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownDatabase } from "./store.ts";
import { mintTokenFor } from "../../server/vendors/identity/emulator/access-token.ts";

const root = join(import.meta.dirname, "..", "..");
const readyWithinMs = 60_000;

export interface TestServer {
  url: string;
  port: number;
  dataDir: string;
  pid(): number;
  /** A bearer token of a person, who is created on first use. */
  token(email: string, name?: string, place?: { org?: string; role?: string }): Promise<string>;
  /** Ends the process group at once, as a power cut would. */
  kill(): Promise<void>;
  /** SIGTERM to the server alone, or to its whole group as a service manager does; the exit code. */
  stop(whom?: "server" | "group"): Promise<number | null>;
  /** Starts again on the same data and port, from now on with these settings changed. */
  restart(change?: Record<string, string>): Promise<void>;
  /** Stops where needed and removes the directory. */
  close(): Promise<void>;
  /** What the server wrote to standard error so far. */
  logs(): string;
}

export interface TestServerOptions {
  environment?: Record<string, string>;
  /** `embedded` where the test is about that store; by default MONGODB_URI where it is given. */
  store?: "embedded";
  /** A file that takes the standard error instead of `logs`. */
  standardError?: string;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-server-"));
  const database = options.store === "embedded" ? null : ownDatabase("server");
  const environment: Record<string, string> = {
    DATA_DIR: dataDir,
    MONGODB_URI: database?.uri ?? "",
    ...options.environment,
  };
  const { standardError = null } = options;
  let running = await launch(environment, 0, standardError);
  return {
    url: running.url,
    port: running.port,
    dataDir,
    pid: () => running.child.pid ?? 0,
    token: (email, name, place) => mintTokenFor(dataDir, { email, name, ...place }, new Date()),
    logs: () => running.logs(),
    kill: () => signal(running.child, "SIGKILL", "group").then(() => undefined),
    stop: (whom = "server") => signal(running.child, "SIGTERM", whom),
    async restart(change = {}) {
      Object.assign(environment, change);
      running = await launch(environment, running.port, standardError);
    },
    async close() {
      await signal(running.child, "SIGKILL", "group");
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Runs the program until it exits by itself; for starts that must fail. */
export function runServer(
  environment: Record<string, string>,
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  return new Promise((resolve) => {
    const child = spawnServer(environment);
    let stderr = "";
    let stdout = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.once("close", (code) => resolve({ code, stderr, stdout }));
  });
}

function spawnServer(environment: Record<string, string>, standardError: string | null = null): ChildProcess {
  const inherited = Object.fromEntries(
    ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "NODE_COMPILE_CACHE"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const errors = standardError === null ? "pipe" : openSync(standardError, "a");
  const child = spawn(process.execPath, [join(root, "server", "main.ts")], {
    cwd: root,
    env: { ...inherited, LOG_LEVEL: "warn", ...environment },
    stdio: ["ignore", "pipe", errors],
    // A group of its own, so that a test can end the server together with its store.
    detached: true,
  });
  if (errors !== "pipe") closeSync(errors);
  return child;
}

async function launch(environment: Record<string, string>, port: number, standardError: string | null) {
  const child = spawnServer({ PORT: String(port), ...environment }, standardError);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = "";
    const timer = setTimeout(
      () => reject(new Error(`The server was not ready in time.\n${stderr}`)),
      readyWithinMs,
    );
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const ready = /Connvo is ready at (\S+)/.exec(stdout);
      if (ready?.[1] === undefined) return;
      clearTimeout(timer);
      resolve(ready[1]);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`The server exited with ${code}.\n${stderr}`));
    });
  });
  return { child, url, port: Number(new URL(url).port), logs: () => stderr };
}

function signal(
  child: ChildProcess,
  name: "SIGKILL" | "SIGTERM",
  whom: "server" | "group",
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve(code));
    if (child.pid !== undefined) process.kill(whom === "group" ? -child.pid : child.pid, name);
  });
}
