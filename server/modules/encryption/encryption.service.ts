// The change of keys as use cases: begun by an operator or at a start, carried on by jobs, told to operators.
import type mongoose from "mongoose";
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { EncryptionStatus, Rotation } from "../../../shared/schemas/encryption.ts";
import { defineJob, type JobContext, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Encryption } from "../../platform/privacy/open-cipher.ts";
import type { AuditService } from "../audit/index.ts";
import type { EncryptionService } from "./index.ts";
import {
  createRotationRepository,
  type Progress,
  type RotationRepository,
} from "./rotation.repository.mongo.ts";
import { begunWalk, sealingVersion, takeStep, walkedCollections } from "./rotation.walk.ts";

/** After this long a job ends and the next one goes on, so that others get their turn. */
const sliceMs = 20_000;
const leaseMs = 5_000;
const minuteMs = 60_000;
/** Rounds in a row; where others still write under an older key, the next one waits. */
const roundsAtOnce = 3;

export interface EncryptionParts {
  encryption: Encryption;
  /** Nobody else can use the store. */
  exclusive: boolean;
  jobs: Jobs;
  audit: AuditService;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export function createEncryptionModule(
  parts: EncryptionParts & { connection: mongoose.Connection },
): EncryptionService {
  return createEncryptionService({ ...parts, repository: createRotationRepository(parts.connection) });
}

/** Registers its job: before the jobs start. */
export function createEncryptionService(
  parts: EncryptionParts & { repository: RotationRepository },
): EncryptionService {
  const { encryption, exclusive, jobs, audit, clock, logger, metrics, repository } = parts;
  const { cipher, registry, source } = encryption;
  const documents = metrics.counter(
    "key_rotation_documents_total",
    "Documents encrypted under the first key anew",
  );
  const unreadable = metrics.gauge(
    "encryption_unreadable_documents",
    "Documents that no key opens, as counted last",
  );
  const running = metrics.gauge("key_rotation_running", "1 while keys are being changed");

  const job = defineJob({
    name: "encryption.rotate",
    payload: z.object({ slice: z.number().int() }),
    // A kill counts as a try, and a rotation outlives many.
    maxAttempts: 50,
    leaseMs,
    backoffMs: (attempt) => Math.min(attempt * 2_000, minuteMs),
    run: ({ slice }, context) => runSlice(slice, context),
  });
  jobs.register(job);

  const enqueue = (slice: number, runAt?: Date) =>
    jobs.enqueue(job, { slice }, { key: String(slice), ...(runAt === undefined ? {} : { runAt }) });

  async function runSlice(slice: number, { signal }: JobContext): Promise<void> {
    let progress = await repository.progress();
    if (progress === null || progress.state === "finished") return;
    // The one before has ended without a successor: a crash came between its two writes.
    if (progress.slice !== slice) return progress.slice > slice ? enqueue(progress.slice) : undefined;
    if (progress.target !== cipher.primary)
      throw new AppError("UNAVAILABLE", "This process encrypts with another key.", { retryable: true });
    // Begun by a version that encrypts more, or less: it would pass by what that one means.
    if (progress.sealing !== sealingVersion)
      throw new AppError("UNAVAILABLE", "This process encrypts other fields.", { retryable: true });
    const startedMs = clock.monotonicMs();
    const { pass } = progress;
    while (clock.monotonicMs() - startedMs < sliceMs && progress.pass - pass < roundsAtOnce) {
      signal.throwIfAborted();
      const next: Progress | null = await takeStep(progress, { repository, cipher, clock, logger });
      // Somebody else works on it: this run's lease was lost.
      if (next === null) return;
      documents.inc(next.changed - progress.changed);
      progress = next;
      if (progress.state === "finished") return finish(progress);
    }
    const next = { ...progress, slice: slice + 1, step: progress.step + 1 };
    if (!(await repository.write(next, progress))) return;
    const waits = progress.pass - pass >= roundsAtOnce;
    await enqueue(next.slice, waits ? new Date(clock.now().getTime() + minuteMs) : undefined);
  }

  // Also where the process dies in the middle: what is left out is done at the next count.
  async function finish(progress: Progress): Promise<void> {
    const needed = new Set(progress.lastCounts?.counts.map(({ keyId }) => keyId));
    const registered = await registry.keys();
    const free = registered.filter(({ id }) => id !== progress.target && !needed.has(id)).map(({ id }) => id);
    await registry.retire(free, clock.now());
    running.set(0);
    unreadable.set(progress.lastCounts?.unreadable ?? 0);
    await audit.record({
      actorUserId: null,
      resourceType: "encryption",
      resourceId: progress.target,
      action: "encryption.rotated",
      outcome: "done",
      metadata: { documents: progress.changed, unreadable: progress.lastCounts?.unreadable ?? 0 },
    });
    logger.info({ key: progress.target, documents: progress.changed }, "everything is under the first key");
  }

  async function begin(primary: string, startedBy: UserId | null): Promise<void> {
    const before = await repository.progress();
    if (before?.state === "running" && isCurrent(before, primary)) return carryOn(before);
    const sizes = await Promise.all(walkedCollections.map(({ name }) => repository.size(name)));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const progress = begunWalk({ target: primary, total, startedBy }, before, clock.now());
    // Two begin at once: the other one's counts.
    if (await repository.write(progress, before)) running.set(1);
    await enqueue((await repository.progress())?.slice ?? progress.slice);
  }

  async function carryOn(progress: Progress): Promise<void> {
    running.set(1);
    await enqueue(progress.slice);
    await jobs.requeue(job.name, String(progress.slice));
  }

  async function status(): Promise<EncryptionStatus> {
    const [registered, progress] = await Promise.all([registry.keys(), repository.progress()]);
    const counted = progress?.lastCounts ?? null;
    const countOf = (keyId: string | null) =>
      counted === null ? null : (counted.counts.find((count) => count.keyId === keyId)?.documents ?? 0);
    return {
      primary: cipher.primary,
      source,
      keys: cipher.keyIds.map((id) => {
        const known = registered.find((key) => key.id === id);
        const other = known === undefined ? "unused" : known.retiredAt === null ? "needed" : "removable";
        return {
          id,
          state: id === cipher.primary ? "primary" : other,
          firstUsedAt: known?.firstUsedAt.toISOString() ?? null,
          documents: countOf(id),
        };
      }),
      plainDocuments: countOf(null),
      unreadableDocuments: counted?.unreadable ?? null,
      countedAt: counted?.at.toISOString() ?? null,
      rotation: progress === null ? null : present(progress),
    };
  }

  return {
    status,

    async rotate(actor) {
      if (cipher.primary === null)
        throw new AppError(
          "CONFLICT",
          "Nothing is encrypted here yet: set ENCRYPTION_KEYS and start again (npm run keys prints a key).",
        );
      await begin(cipher.primary, actor.userId);
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "encryption",
        resourceId: cipher.primary,
        action: "encryption.rotate",
        outcome: "done",
      });
      return await status();
    },

    async start() {
      const { primary } = cipher;
      if (primary === null) return;
      const progress = await repository.progress();
      if (progress !== null && isCurrent(progress, primary))
        return progress.state === "running" ? carryOn(progress) : undefined;
      // Where others use the store, all of them must know the key first: somebody has to say when. Of the key that
      // everything was moved to before, they have: only more fields are taken over.
      if (exclusive || progress?.target === primary) await begin(primary, null);
    },
  };
}

/** It takes over all that this version encrypts. */
function isCurrent({ target, sealing }: Progress, primary: string): boolean {
  return target === primary && sealing === sealingVersion;
}

function present(progress: Progress): Rotation {
  const { target, state, seen, total, changed, startedAt, updatedAt, finishedAt } = progress;
  return {
    target,
    state,
    seen,
    total,
    changed,
    startedAt: startedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
