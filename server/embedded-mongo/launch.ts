// Starts the store as a child process and hands out the address with the secret that only the parent knows.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

export interface EmbeddedMongo {
  /** For the driver; it carries the secret and must not be logged. */
  uri: string;
  pid: number;
  /** Commits, ends the process and resolves when it is gone. May be called more than once. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, asked for or not. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface EmbeddedMongoOptions {
  dataDir: string;
  /** 0 or left out: any free one. */
  port?: number;
  /** How often documents past their TTL are removed; once a minute if left out. */
  ttlIntervalMs?: number;
}

const user = "connvo";
const program = fileURLToPath(new URL("./main.ts", import.meta.url));
/**
 * Where not set otherwise: compiled code is kept between starts, threads share the allocator's arenas, and what glibc
 * frees goes back to the system at once (about 30 MB less after a scan of 200 000 documents).
 */
const leanRuntime = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL("./.code-cache", import.meta.url)),
  MALLOC_ARENA_MAX: "2",
  MALLOC_TRIM_THRESHOLD_: "131072",
  MALLOC_MMAP_THRESHOLD_: "131072",
};
/**
 * The main thread's nursery is kept small, as the other threads' are. Garbage is collected by the thread that made it:
 * helpers would take time from the threads beside it and from the program that this one serves.
 */
const runtimeFlags = [
  "--disable-warning=ExperimentalWarning",
  "--max-semi-space-size=4",
  "--single-threaded-gc",
];
const readyTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const maxErrorText = 4000;

/** Rejects with one sentence for people: directory in use or not writable, data damaged, port taken. */
export async function startEmbeddedMongo({
  dataDir,
  port = 0,
  ttlIntervalMs,
}: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const secret = randomBytes(24).toString("hex");
  const flags = ["--data-dir", dataDir, "--port", String(port), "--user", user];
  if (ttlIntervalMs !== undefined) flags.push("--ttl-interval-ms", String(ttlIntervalMs));
  const child = spawn(process.execPath, [...runtimeFlags, program, ...flags], {
    stdio: ["pipe", "pipe", "pipe"],
    // What SQLite puts aside while it compacts stays where the data is.
    env: { ...leanRuntime, ...process.env, SQLITE_TMPDIR: dataDir },
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  // The child may be gone before it reads its secret: its exit says why.
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${secret}\n`);
  const errors = collectErrors(child);
  const ready = await readyPort(child, exited, errors);
  return {
    uri: `mongodb://${user}:${secret}@127.0.0.1:${ready}/?directConnection=true&authSource=admin`,
    pid: child.pid ?? 0,
    exited,
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Keeps the last words of a child that does not start; afterwards they go on to this process's own stderr. */
function collectErrors(child: ChildProcess): { text(): string; passOn(): void } {
  let text = "";
  let passing = false;
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (chunk: string) => {
    if (passing) process.stderr.write(chunk);
    else text = (text + chunk).slice(-maxErrorText);
  });
  return { text: () => text.trim(), passOn: () => (passing = true) };
}

async function readyPort(
  child: ChildProcess,
  exited: Promise<unknown>,
  errors: { text(): string; passOn(): void },
): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const line = new Promise<string>((resolve) => {
    let text = "";
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (chunk: string) => {
      if (text.length < maxErrorText) text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
  });
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), readyTimeoutMs);
    // Who says how far it is (an older file that is brought to the present format) is not stuck.
    child.stderr?.on("data", () => timer?.refresh());
  });
  try {
    const first = await Promise.race([line, timeout, exited.then(() => undefined)]);
    if (first === undefined) {
      // Give the last words time to arrive: the streams end after the process.
      await new Promise<void>((resolve) => {
        if (child.stderr === null || child.stderr.readableEnded || child.stderr.destroyed) resolve();
        else child.stderr.once("close", () => resolve());
      });
      throw new Error(errors.text() || "The embedded store ended before it was ready and gave no reason.");
    }
    if (first === null) {
      child.kill("SIGKILL");
      throw new Error(`The embedded store was not ready within ${readyTimeoutMs / 1000} seconds.`);
    }
    const message: unknown = JSON.parse(first);
    const port = typeof message === "object" && message !== null && "port" in message ? message.port : null;
    if (typeof port !== "number")
      throw new Error("The embedded store answered something else than that it is ready.");
    errors.passOn();
    return port;
  } finally {
    clearTimeout(timer);
  }
}
