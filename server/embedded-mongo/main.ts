// The embedded document store as a program: speaks MongoDB's wire protocol on loopback, keeps its data in one directory.
import { accessSync, constants, mkdirSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { startServer } from "./server.ts";
import { StorageOpenError } from "./storage/sqlite-storage.ts";

const usage =
  "Usage: node main.ts --data-dir DIRECTORY [--port PORT] [--user NAME] [--ttl-interval-ms N]; the secret comes as the first line on stdin";

/** How long after a SIGTERM the parent may still write before the store stops by itself. */
const parentGraceMs = 20_000;

/** One sentence for people on stderr, and an end with a code that is not 0. */
function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function wholeNumber(name: string, text: string, range: { min: number; max: number }): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < range.min || number > range.max)
    fail(`--${name} must be a whole number between ${range.min} and ${range.max}.`);
  return number;
}

function readArguments(): { directory: string; port: number; user: string; ttlIntervalMs: number } {
  try {
    const { values } = parseArgs({
      options: {
        "data-dir": { type: "string" },
        port: { type: "string", default: "0" },
        user: { type: "string", default: "connvo" },
        "ttl-interval-ms": { type: "string", default: "60000" },
      },
    });
    const directory = values["data-dir"];
    if (directory === undefined) fail(usage);
    return {
      directory,
      port: wholeNumber("port", values.port, { min: 0, max: 65535 }),
      user: values.user,
      ttlIntervalMs: wholeNumber("ttl-interval-ms", values["ttl-interval-ms"], { min: 10, max: 86_400_000 }),
    };
  } catch {
    return fail(usage);
  }
}

function ensureDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    fail(`The directory ${directory} cannot be written to (${reason}): make it writable, or choose another.`);
  }
}

/** Faults of this program: kind and place, never what a command carried. */
function report(error: unknown, where: string): void {
  const stack = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 6).join("\n") : "";
  const kind = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`The store failed in ${where} (${kind}).\n${stack}\n`);
}

async function run(): Promise<void> {
  const { directory, port, user, ttlIntervalMs } = readArguments();
  // A terminal's Ctrl-C reaches the whole process group: this program ends when its parent lets go of stdin.
  process.on("SIGINT", () => undefined);
  const lines = createInterface({ input: process.stdin });
  const secret = await new Promise<string>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(""));
  });
  if (secret.length < 16) fail("The first line on stdin must be a secret of at least 16 characters.");
  ensureDirectory(directory);
  const server = await startServer({ directory, port, user, secret, ttlIntervalMs, report });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        report(error, "stop");
        process.exit(1);
      },
    );
  };
  // A service manager's SIGTERM reaches the whole group too: the parent still has work to write, so it goes first.
  process.on("SIGTERM", () => setTimeout(stop, parentGraceMs).unref());
  lines.once("close", stop);
  // Nobody reads any more: the parent is gone, and stdin says so too.
  process.stdout.on("error", stop);
  process.stdout.write(`${JSON.stringify({ ready: true, port: server.port })}\n`);
  // What was compiled is kept now: who is killed has no time for it at the end.
  flushCompileCache();
}

run().catch((error: unknown) => {
  if (error instanceof StorageOpenError) fail(error.message);
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
    fail("The port is in use by another program: choose another, or 0 for any.");
  fail(`The store could not start: ${error instanceof Error ? error.message : String(error)}`);
});
