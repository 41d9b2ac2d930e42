// For tests: a journal on a store in memory with a clock moved by hand.
import { AppError } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import { FakeClock } from "../clock.ts";
import { countingIds } from "../ids.ts";
import { silentLogger } from "../logger.ts";
import { createMetrics, type Metrics } from "../metrics.ts";
import type { AppendedEntry, Journal, JournalInput } from "./index.ts";
import type { JournalLimits } from "./journal-limits.ts";
import { createJournalOn } from "./journal.ts";
import { MemoryDisk, MemoryProcess } from "./testing.ts";

// One source for all: a later process must not use the document ids of an earlier one.
const ids = countingIds();
export const author = "a".repeat(24) as UserId;

export interface World {
  disk: MemoryDisk;
  process: MemoryProcess;
  clock: FakeClock;
  metrics: Metrics;
  journal: Journal;
}

/** A process that has not started its journal yet. */
export function prepare(
  options: { disk?: MemoryDisk; limits?: Partial<JournalLimits>; listsKeys?: boolean } = {},
): World {
  const disk = options.disk ?? new MemoryDisk();
  const process = new MemoryProcess(disk);
  const clock = new FakeClock();
  const metrics = createMetrics({ processMetrics: false });
  const journal = createJournalOn({
    store: process.store,
    clock,
    ids,
    logger: silentLogger,
    metrics,
    limits: { windowMs: 0, ...options.limits },
  });
  journal.register(process.materialiser("notes", { listsKeys: options.listsKeys ?? true }));
  return { disk, process, clock, metrics, journal };
}

export async function open(options: Parameters<typeof prepare>[0] = {}): Promise<World> {
  const world = prepare(options);
  await world.journal.start();
  return world;
}

export function input(payload: string, key: string | null = null): JournalInput {
  return { key, authorId: author, payload: { text: payload } };
}

/** Lets everything run that waits for nothing but the event loop. */
export async function turn(): Promise<void> {
  for (let count = 0; count < 3; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock until the promise is settled. */
export async function within<Value>(clock: FakeClock, promise: Promise<Value>): Promise<Value> {
  let settled = false;
  const mark = () => void (settled = true);
  promise.then(mark, mark);
  for (let step = 0; step < 10_000 && !settled; step += 1) {
    await turn();
    if (!settled) clock.advance(50);
  }
  return promise;
}

export function sequences(appended: AppendedEntry[]): number[] {
  return appended.map(({ entry }) => entry.sequence);
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
}
