// Once a day the bytes are held against what names them: what nothing names goes, and what is named but not there is told.
import { z } from "zod";
import { fileIdSchema } from "../../../shared/ids.ts";
import { defineJob, type JobDefinition, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FileStore } from "../../vendors/files/index.ts";
import type { FileNames } from "./files.repository.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const waitsMs = [60_000, 600_000, 3_600_000];
const atOnce = 500;
/** After so many pages the rest is another job's: what a crash repeats is bounded. */
const pagesEach = 20;

const named = ["uploads", "runFiles"] as const;

const payload = z.object({
  day: z.iso.date(),
  /** What is gone through: the bytes, or what names them. */
  walk: z.enum(["bytes", ...named]),
  after: z.string().min(1).nullable(),
});
type Place = z.output<typeof payload>;

/** Registers its job, so it is made before the jobs start. */
export function createFilesCheck(parts: {
  store: Pick<FileStore, "page" | "removeOlder" | "stat">;
  names: Readonly<Record<(typeof named)[number], FileNames>>;
  jobs: Pick<Jobs, "register" | "enqueue">;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  metrics: Metrics;
}): { start(): Promise<void> } {
  const { store, names, jobs, clock, logger, metrics } = parts;
  const orphans = metrics.counter(
    "files_orphans_total",
    "Stored files that no document named a day after they were written, and that were removed",
  );
  const missing = metrics.counter(
    "files_missing_total",
    "Documents that name a stored file which is not there, each time that the daily check meets one",
    ["of"],
  );

  const check: JobDefinition<typeof payload> = defineJob({
    name: "files.check",
    payload,
    maxAttempts: waitsMs.length + 1,
    leaseMs: 300_000,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run({ day, walk, after }, { signal }) {
      if (after === null) await begin(day, walk);
      // Bytes are there before what names them: they, and what was only just named, are left for another day.
      const before = new Date(clock.now().getTime() - dayMs);
      const pageOf = walk === "bytes" ? pageOfBytes : pageOfNames(walk);
      let found = 0;
      let last = after;
      for (let pages = 0; pages < pagesEach; pages += 1) {
        signal.throwIfAborted();
        const page = await pageOf(last, before, signal);
        found += page.found;
        last = page.last;
        if (last === null) break;
      }
      if (found > 0) tell(walk, found);
      if (last !== null) await order({ day, walk, after: last }, clock.now());
    },
  });
  jobs.register(check);

  /** First of all, so that the others and tomorrow's come whatever happens to this one. */
  async function begin(day: string, walk: Place["walk"]): Promise<void> {
    if (walk !== "bytes") return;
    const now = clock.now();
    for (const each of named) await order({ day, walk: each, after: null }, now);
    await orderDay(new Date(startOfDay(now) + dayMs));
  }

  interface Page {
    found: number;
    /** Where the next one begins; null after the last. */
    last: string | null;
  }

  async function pageOfBytes(after: string | null, before: Date, signal: AbortSignal): Promise<Page> {
    const ids = await store.page(after === null ? null : fileIdSchema.parse(after), atOnce);
    const last = ids.at(-1) ?? null;
    const known = await Promise.all(named.map((kind) => names[kind].among(ids)));
    const unnamed = ids.filter((id) => known.every((some) => !some.has(id)));
    if (unnamed.length === 0 || (await isNothingNamed())) return { found: 0, last };
    let found = 0;
    for (const id of unnamed) {
      signal.throwIfAborted();
      if (!(await store.removeOlder(id, before))) continue;
      orphans.inc();
      found += 1;
    }
    return { found, last };
  }

  /** A store of documents that is new or was lost says nothing about files that may be needed when it is restored. */
  async function isNothingNamed(): Promise<boolean> {
    const firsts = await Promise.all(named.map((kind) => names[kind].page(null, 1)));
    return firsts.every((page) => page.length === 0);
  }

  const pageOfNames =
    (kind: (typeof named)[number]) =>
    async (after: string | null, before: Date, signal: AbortSignal): Promise<Page> => {
      const page = await names[kind].page(after, atOnce);
      let found = 0;
      for (const { id, createdAt, isWritten } of page) {
        signal.throwIfAborted();
        if (!isWritten || createdAt >= before || (await store.stat(id)) !== null) continue;
        // What removes a file takes the bytes first: asked again, whether it is still named.
        if (!(await names[kind].among([id])).has(id)) continue;
        missing.inc({ of: kind });
        found += 1;
      }
      return { found, last: page.at(-1)?.key ?? null };
    };

  function tell(walk: Place["walk"], found: number): void {
    if (walk === "bytes") logger.warn({ found }, "stored files that nothing named were removed");
    else logger.warn({ of: walk, found }, "the bytes of stored files are missing");
  }

  async function order(place: Place, runAt: Date): Promise<void> {
    const key = [place.day, place.walk, ...(place.after === null ? [] : [place.after])].join(".");
    await jobs.enqueue(check, place, { key, runAt });
  }

  const orderDay = (at: Date) =>
    order({ day: at.toISOString().slice(0, 10), walk: "bytes", after: null }, at);

  return { start: () => orderDay(new Date(startOfDay(clock.now()))) };
}

function startOfDay(at: Date): number {
  return Math.floor(at.getTime() / dayMs) * dayMs;
}
