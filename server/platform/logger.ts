// Structured logs: one JSON line an event, without anything that people said or wrote.
import { writeSync } from "node:fs";
import { pino } from "pino";

/** Only these kinds of values may be logged: figures, codes and ids, never text from people. */
export type LogFields = Record<string, string | number | boolean | null | undefined | Error>;

export interface Logger {
  debug(fields: LogFields, event: string): void;
  info(fields: LogFields, event: string): void;
  warn(fields: LogFields, event: string): void;
  error(fields: LogFields, event: string): void;
  child(fields: LogFields): Logger;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export function createLogger(level: LogLevel): Logger {
  // Logs go to standard error: standard output carries the one ready line that scripts wait for.
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, standardError()));
}

const standardErrorFd = 2;
/** Further lines are given up while standard error takes none. */
const waitingMostBytes = 1024 * 1024;
const againMs = 100;

/**
 * What cannot be written, as on a full disk, is given up: a log must neither end the program nor keep it from ending. Where
 * whoever reads it is slow, lines wait.
 */
function standardError(): pino.DestinationStream {
  let waiting = Buffer.alloc(0);

  function writeOn(): void {
    waiting = written(waiting);
    if (waiting.length > 0) setTimeout(writeOn, againMs).unref();
  }

  process.once("exit", () => {
    // They are waited for a second.
    for (let waits = 0; waiting.length > 0 && waits < 10; waits += 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs);
      waiting = written(waiting);
    }
  });
  return {
    write(line) {
      const isFirst = waiting.length === 0;
      if (waiting.length + line.length > waitingMostBytes) return;
      waiting = Buffer.concat([waiting, Buffer.from(line)]);
      if (isFirst) writeOn();
    },
  };
}

/** What is left of the bytes: all that is not taken yet, nothing where they cannot be written. */
function written(bytes: Buffer): Buffer<ArrayBuffer> {
  let rest = Buffer.from(bytes);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(standardErrorFd, rest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return Buffer.alloc(0);
  }
  return rest;
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};

function wrap(target: pino.Logger): Logger {
  return {
    debug: (fields, event) => target.debug(safe(fields), event),
    info: (fields, event) => target.info(safe(fields), event),
    warn: (fields, event) => target.warn(safe(fields), event),
    error: (fields, event) => target.error(safe(fields), event),
    child: (fields) => wrap(target.child(safe(fields))),
  };
}

// An error's own message may quote input, so only its name, code and stack frames are kept.
function safe(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error): Record<string, unknown> {
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .slice(0, 8)
    .map((line) => line.trim());
  const code = "code" in error ? String(error.code) : undefined;
  return {
    name: error.name,
    code,
    frames,
    cause: error.cause instanceof Error ? describe(error.cause) : undefined,
  };
}
