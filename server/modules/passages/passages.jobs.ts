// The jobs of passages: one meeting at a time after its recap, and the move to another index or model from meeting to meeting.
import { createHash } from "node:crypto";
import { z } from "zod";
import { meetingIdSchema, type MeetingId } from "../../../shared/ids.ts";
import { defineJob, type JobContext, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { EmbeddingsProvider } from "../../vendors/embeddings/index.ts";
import type { IndexMeta, PassagesRepository } from "./passages.repository.ts";

export interface PassagesJobsOptions {
  repository: PassagesRepository;
  embeddings: Pick<EmbeddingsProvider, "name" | "version">;
  provider: string;
  indexName: string;
  jobs: Jobs;
  clock: Clock;
  logger: Logger;
  indexMeeting(meetingId: MeetingId, signal: AbortSignal): Promise<void>;
}

/** After this long a job ends and the next one goes on, so that others get their turn. */
const sliceMs = 20_000;
/** Several changes of a moment are one making. */
const settlesMs = 1_000;
const retries = {
  maxAttempts: 8,
  leaseMs: 60_000,
  backoffMs: (attempt: number) => Math.min(2_000 * 2 ** attempt, 600_000),
};

export function createPassagesJobs(options: PassagesJobsOptions) {
  const { repository, embeddings, provider, indexName, jobs, clock, logger, indexMeeting } = options;
  const { name: model, version } = embeddings;
  const hash = createHash("sha256").update(version).digest("hex").slice(0, 12);
  const id = `${provider}/${indexName}/${hash}`;

  const ofMeeting = defineJob({
    name: "passages.index",
    payload: z.object({ meetingId: meetingIdSchema }),
    ...retries,
    run: ({ meetingId }, { signal }) => indexMeeting(meetingId, signal),
  });

  const move = defineJob({
    name: "passages.move",
    payload: z.object({ target: z.string(), slice: z.number().int() }),
    ...retries,
    // A kill counts as a try, and a move outlives many.
    maxAttempts: 50,
    run: ({ target, slice }, context) => runSlice(target, slice, context),
  });

  const own = async () => (await repository.metas()).find((meta) => meta.id === id) ?? null;
  const enqueue = (slice: number) => jobs.enqueue(move, { target: id, slice }, { key: `${id}/${slice}` });

  async function runSlice(target: string, slice: number, { signal }: JobContext): Promise<void> {
    const found = await own();
    // Configured otherwise meanwhile, or done.
    if (target !== id || found?.status !== "migrating") return;
    let meta: IndexMeta = found;
    const startedMs = clock.monotonicMs();
    while (clock.monotonicMs() - startedMs < sliceMs) {
      signal.throwIfAborted();
      const meetingId = await repository.nextMeeting(meta.after);
      if (meetingId === null) return await finish(meta);
      await indexMeeting(meetingId, signal);
      const change: Partial<IndexMeta> = { after: meetingId, done: meta.done + 1 };
      // Somebody else works on it: this run's lease was lost.
      if (!(await repository.moveMeta(meta, change, clock.now()))) return;
      meta = { ...meta, ...change, step: meta.step + 1 };
    }
    await enqueue(slice + 1);
  }

  /** Its own last: whoever reads that it is the active one finds no other, also after a kill in between. */
  async function finish(meta: IndexMeta): Promise<void> {
    for (const other of await repository.metas())
      if (other.id !== id && other.status !== "inactive")
        await repository.moveMeta(other, { status: "inactive" }, clock.now());
    if (!(await repository.moveMeta(meta, { status: "active", after: null }, clock.now()))) return;
    logger.info({ provider, meetings: meta.done }, "passages are in another index now");
  }

  jobs.register(ofMeeting);
  jobs.register(move);

  return {
    async reconsider(meetingId: MeetingId): Promise<void> {
      const runAt = new Date(clock.now().getTime() + settlesMs);
      await jobs.rerun(ofMeeting, { meetingId }, { key: meetingId, runAt });
    },

    async progress() {
      const meta = await own();
      return {
        complete: meta === null || meta.status === "active",
        done: meta?.done ?? 0,
        total: meta?.total ?? 0,
      };
    },

    async start(): Promise<void> {
      const total = await repository.countMeetings();
      const config = { model, version };
      const status = total === 0 ? "active" : "migrating";
      const begun = { after: null, done: 0, total, step: 0 };
      await repository.addMeta({ id, provider, indexName, config, status, ...begun }, clock.now());
      const meta = await own();
      if (meta === null) return;
      // It was left for another one, and is chosen again: what was said since is not in it.
      if (meta.status === "inactive")
        await repository.moveMeta(meta, { status: "migrating", after: null, done: 0, total }, clock.now());
      if (meta.status === "active") return;
      const slice = meta.step + 1;
      await enqueue(slice);
      await jobs.requeue(move.name, `${id}/${slice}`);
    },
  };
}
