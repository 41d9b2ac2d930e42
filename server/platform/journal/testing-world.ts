// For tests: a journal on a store in memory with a clock moved by hand.
import { AppError } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import { FakeClock } from "../clock.ts";
import { countingIds } from "../ids.ts";
import { silentLogger } from "../logger.ts";
import { createMetrics, type Metrics } from "../metrics.ts";
import type { AppendedEntry, Journal, JournalInput, Materialiser } from "./index.ts";
import { journalLimits, type JournalLimits } from "./journal-limits.ts";
import { createJournalMeters } from "./journal-meters.ts";
import { formerTerm } from "./journal-store.ts";
import { recoverTerm, type RecoverOptions } from "./recover.ts";
import { TermJournal } from "./term-journal.ts";
import { MemoryDisk, MemoryProcess } from "./testing.ts";
import { boundMaterialiser } from "./time-bound.ts";

// One source for all: a later process must not use the terms of an earlier one.
const ids = countingIds();
export const author = "a".repeat(24) as UserId;

export interface World {
  disk: MemoryDisk;
  process: MemoryProcess;
  clock: FakeClock;
  metrics: Metrics;
  journal: TestJournal;
}

/** One process's journal as a single node runs it: what came before is recovered at the start, then a term begins. */
export class TestJournal implements Pick<
  Journal,
  "append" | "tail" | "lastSequence" | "materialise" | "rollOver"
> {
  readonly term = ids.objectId();
  readonly fenced = Promise.withResolvers<void>();
  readonly #options: Omit<RecoverOptions, "term" | "by">;
  readonly #disk: MemoryDisk;
  readonly #journal: TermJournal;

  constructor(disk: MemoryDisk, metrics: Metrics, options: Omit<RecoverOptions, "term" | "by">) {
    this.#disk = disk;
    this.#options = options;
    const meters = createJournalMeters(metrics);
    const fenced = () => this.fenced.resolve();
    this.#journal = new TermJournal({ ...options, meters, term: this.term, fenced });
  }

  async start(): Promise<void> {
    for (const term of [formerTerm, ...this.#disk.terms]) {
      const { complete } = await recoverTerm({ ...this.#options, term, by: this.term });
      if (complete) this.#disk.terms.delete(term);
    }
    this.#disk.terms.add(this.term);
    await this.#journal.start();
  }

  append = (stream: string, inputs: JournalInput[]) => this.#journal.append(stream, inputs);
  tail = (stream: string, fromSequence: number) => this.#journal.tail(stream, fromSequence);
  lastSequence = (stream: string) => this.#journal.lastSequence(stream);
  materialise = (stream?: string) => this.#journal.materialise(stream);
  rollOver = () => this.#journal.rollOver();

  async stop(): Promise<void> {
    if (await this.#journal.stop()) this.#disk.terms.delete(this.term);
  }
}

/** A process that has not started its journal yet. */
export function prepare(
  options: { disk?: MemoryDisk; limits?: Partial<JournalLimits>; listsKeys?: boolean } = {},
): World {
  const disk = options.disk ?? new MemoryDisk();
  const process = new MemoryProcess(disk);
  const clock = new FakeClock();
  const metrics = createMetrics({ processMetrics: false });
  const limits = { ...journalLimits, windowMs: 0, ...options.limits };
  const notes = process.materialiser("notes", { listsKeys: options.listsKeys ?? true });
  const materialisers = new Map<string, Materialiser>([["notes", boundMaterialiser(clock, limits, notes)]]);
  const parts = { store: process.store, clock, logger: silentLogger, limits, materialisers };
  return { disk, process, clock, metrics, journal: new TestJournal(disk, metrics, parts) };
}

/** Documents with entries that the journal holds. */
export function held({ documents }: MemoryDisk): number {
  return [...documents.values()].filter(({ entries }) => entries.length > 0).length;
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
