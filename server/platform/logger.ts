// Structured logs: one JSON line an event, without anything that people said or wrote.
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
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2)));
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
