// Deletion of a person: asked for, cancelled while it waits, and done by a job that goes on where an earlier try ended.
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import { userIdSchema, type UserId } from "../../../shared/ids.ts";
import { deletionPhrase, isDeletionPhrase, type DeletionStatus } from "../../../shared/schemas/deletion.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { DeletionsRepository, StoredDeletion } from "./deletion.repository.mongo.ts";
import type { Step } from "./deletion.steps.ts";
import type { DeletionService } from "./index.ts";

/** Longer than a step's slowest call; a process that is killed is followed after it. */
const leaseMs = 20_000;
const waitsMs = [1_000, 5_000, 30_000, 5 * 60_000, 60 * 60_000, 6 * 60 * 60_000, 24 * 60 * 60_000];

export function createDeletionService({
  repository,
  steps,
  jobs,
  audit,
  clock,
  metrics,
  graceMs,
}: {
  repository: DeletionsRepository;
  steps: readonly Step[];
  jobs: Jobs;
  audit: AuditService;
  clock: Clock;
  metrics: Metrics;
  graceMs: number;
}): DeletionService {
  const outcomes = metrics.counter("deletions_total", "Deletions of people", ["outcome"]);

  const deletePerson = defineJob({
    name: "person.delete",
    payload: z.object({ userId: userIdSchema }),
    maxAttempts: waitsMs.length + 1,
    leaseMs,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run({ userId }, { signal }) {
      const deletion = await repository.begin(userId, clock.now());
      if (deletion === null) return;
      for (const step of steps) {
        if (deletion.stepsDone.includes(step.name)) continue;
        signal.throwIfAborted();
        await step.run(userId, signal);
        await repository.stepDone(userId, step.name);
      }
      await record(userId, "account.deleted", { requestedBy: deletion.requestedBy });
      await repository.finish(userId, clock.now());
      outcomes.inc({ outcome: "done" });
    },
    async onDead() {
      outcomes.inc({ outcome: "failed" });
    },
  });
  jobs.register(deletePerson);

  async function record(userId: UserId, action: string, metadata = {}): Promise<void> {
    await audit.record({
      actorUserId: null,
      orgId: null,
      resourceType: "account",
      resourceId: userId,
      action,
      outcome: "done",
      metadata,
    });
  }

  /** Durable when it resolves. What a crash has left between the two writes is enqueued at the next start. */
  async function enqueue({ userId, requestedAt, dueAt }: StoredDeletion): Promise<void> {
    await jobs.enqueue(deletePerson, { userId }, { key: `${userId}/${requestedAt.getTime()}`, runAt: dueAt });
  }

  async function request(
    userId: UserId,
    requestedBy: StoredDeletion["requestedBy"],
  ): Promise<StoredDeletion> {
    const now = clock.now();
    const dueAt = new Date(now.getTime() + (requestedBy === "person" ? graceMs : 0));
    if (await repository.request({ userId, requestedBy, requestedAt: now, dueAt }))
      outcomes.inc({ outcome: "requested" });
    const deletion = await repository.find(userId);
    if (deletion === null) throw new Error("a deletion that was asked for is not there");
    await enqueue(deletion);
    return deletion;
  }

  return {
    status: async (actor) => presented(await repository.find(actor.userId), graceMs),

    async request(actor, { confirmation }) {
      assertThemselves(actor);
      if (!isDeletionPhrase(confirmation)) {
        throw new AppError("VALIDATION_ERROR", `Type “${deletionPhrase}” to delete your account.`, {
          details: { field: "confirmation" },
        });
      }
      const deletion = await request(actor.userId, "person");
      return presented(deletion, graceMs);
    },

    async cancel(actor) {
      assertThemselves(actor);
      if (await repository.cancel(actor.userId)) outcomes.inc({ outcome: "cancelled" });
      const deletion = await repository.find(actor.userId);
      if (deletion?.state === "running") {
        throw new AppError("CONFLICT", "The deletion has begun: it cannot be cancelled any more.");
      }
      return presented(deletion, graceMs);
    },

    async start() {
      for (const deletion of await repository.unfinished()) await enqueue(deletion);
    },

    async requestByVendor(userId) {
      await request(userId, "vendor");
    },
  };
}

/** Neither a key nor the vendor's support acts for somebody in this. */
function assertThemselves(actor: Actor): void {
  if (actor.apiKeyId !== undefined || actor.impersonator !== undefined)
    throw new AppError("FORBIDDEN", "Only the person themselves, signed in, can do this.");
}

function presented(deletion: StoredDeletion | null, graceMs: number): DeletionStatus {
  const graceHours = graceMs / 3_600_000;
  if (deletion === null || deletion.state === "cancelled" || deletion.state === "done")
    return { state: "none", dueAt: null, graceHours };
  return { state: deletion.state, dueAt: deletion.dueAt.toISOString(), graceHours };
}
