// Exports as use cases: asked for, made by a job that goes on where an earlier run ended, downloaded, and deleted in time.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import { userIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import type { OwnExport } from "../../../shared/schemas/exports.ts";
import { defineJob, type JobDefinition, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { ExportFiles, ExportKey } from "./export.files.ts";
import type { ExportParts } from "./export.gather.ts";
import type { ExportsRepository, StoredExport } from "./export.repository.mongo.ts";
import { createExportRun } from "./export.run.ts";
import type { ExportService } from "./index.ts";

export const exportKeptDays = 7;
const keptMs = exportKeptDays * 24 * 60 * 60 * 1_000;
const leaseMs = 20_000;
const waitsMs = [1_000, 10_000, 60_000, 10 * 60_000];
const meetingsAtOnce = 500;

const payload = z.object({ userId: userIdSchema, exportId: z.string() });

export function createExportService(
  options: Omit<ExportParts, "audit"> & {
    repository: ExportsRepository;
    files: ExportFiles;
    jobs: Jobs;
    audit: Pick<AuditService, "record" | "ofPerson">;
    clock: Clock;
    ids: IdSource;
    metrics: Metrics;
  },
): ExportService {
  const { repository, files, jobs, audit, clock, ids, metrics, sources } = options;
  const outcomes = metrics.counter("exports_total", "Exports of people's data", ["outcome"]);
  const seconds = metrics.histogram("export_seconds", "From the request of an export to its zip", []);
  const run = createExportRun(options);

  const build = defineJob({
    name: "person.export",
    payload,
    maxAttempts: waitsMs.length + 1,
    leaseMs,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run({ userId, exportId }, { fence, signal }) {
      const claimed = await repository.claim(userId, exportId, fence);
      if (claimed === null) return;
      const made = await run(claimed, signal);
      if (made === null) return await leaveNothing(claimed);
      const expiresAt = new Date(clock.now().getTime() + keptMs);
      // Before it is ready: whatever happens in between, nothing stays longer than it may.
      await jobs.enqueue(expire, { userId, exportId }, { key: exportId, runAt: expiresAt });
      const { partsTotal, ...zip } = made;
      if (!(await repository.ready(claimed, { ...zip, partsTotal, expiresAt })))
        return await leaveNothing(claimed);
      await files.remove(userId, claimed);
      await record(userId, "export.made");
      outcomes.inc({ outcome: "made" });
      seconds.observe({}, (clock.now().getTime() - claimed.requestedAt.getTime()) / 1_000);
    },
    async onDead({ userId, exportId }) {
      if (await repository.fail(userId, exportId)) outcomes.inc({ outcome: "failed" });
      await removeAllBut(await repository.find(userId), userId);
    },
  });

  const expire: JobDefinition<typeof payload> = defineJob({
    name: "person.export-expire",
    payload,
    maxAttempts: 10,
    leaseMs,
    backoffMs: (attempt) => 60_000 * 2 ** attempt,
    async run({ userId, exportId }) {
      const found = await repository.find(userId);
      if (found?.exportId !== exportId) return;
      const until = found.expiresAt;
      // Made by a later run than the one that ordered this.
      if (found.state === "preparing" || (until !== null && until > clock.now())) {
        const runAt = until ?? new Date(clock.now().getTime() + keptMs);
        return await jobs.rerun(expire, { userId, exportId }, { key: exportId, runAt });
      }
      if (await repository.expire(userId, exportId, clock.now())) outcomes.inc({ outcome: "expired" });
      await removeAllBut(await repository.find(userId), userId);
    },
  });
  jobs.register(build);
  jobs.register(expire);

  async function enqueue({ userId, exportId }: Pick<StoredExport, "userId" | "exportId">): Promise<void> {
    await jobs.enqueue(build, { userId, exportId }, { key: exportId });
  }

  /** A run that has lost its export (a newer one, or the end of the person) takes what it has written with it. */
  async function leaveNothing({ userId }: StoredExport): Promise<void> {
    await removeAllBut(await repository.find(userId), userId);
  }

  /** Nothing is removed under the hands of a run. */
  async function removeAllBut(present: StoredExport | null, userId: UserId): Promise<void> {
    if (present?.state === "preparing") return;
    await files.remove(userId, present?.state === "ready" ? present : null);
  }

  async function record(userId: UserId, action: string, actorUserId: UserId | null = null): Promise<void> {
    await audit.record({
      actorUserId,
      ...(actorUserId === null ? { orgId: null } : {}),
      resourceType: "account",
      resourceId: userId,
      action,
      outcome: "done",
    });
  }

  async function countParts(userId: UserId): Promise<number> {
    let count = 1;
    let after: MeetingId | null = null;
    do {
      const page: MeetingId[] = await sources.meetingsOf(userId, { after, limit: meetingsAtOnce });
      count += page.length;
      after = page.at(-1) ?? null;
    } while (after !== null);
    return count;
  }

  return {
    async status(actor) {
      return presented(await repository.find(actor.userId), clock.now());
    },

    async request(actor) {
      assertThemselves(actor);
      const { userId } = actor;
      const exportId = ids.objectId();
      const partsTotal = await countParts(userId);
      if (await repository.request(userId, { exportId, requestedAt: clock.now(), partsTotal })) {
        outcomes.inc({ outcome: "requested" });
        await files.removeOthers(userId, exportId);
      }
      const present = await repository.find(userId);
      // Also where one was being prepared before: a crash may have come before it was enqueued.
      if (present?.state === "preparing") await enqueue(present);
      return presented(present, clock.now());
    },

    async download(actor) {
      assertThemselves(actor);
      const found = await repository.find(actor.userId);
      const { state } = presented(found, clock.now());
      if (state === "expired") {
        throw new AppError(
          "NOT_FOUND",
          `This export has expired: it was kept for ${exportKeptDays} days. Ask for a new one under Privacy.`,
        );
      }
      if (found === null || state !== "ready" || found.sizeBytes === null || found.sha256 === null) {
        throw new AppError(
          "NOT_FOUND",
          "There is no export to download yet: ask for one under Privacy, and wait until it is ready.",
        );
      }
      await record(actor.userId, "export.download", actor.userId);
      outcomes.inc({ outcome: "downloaded" });
      return {
        filename: `connvo-export-${found.requestedAt.toISOString().slice(0, 10)}.zip`,
        sizeBytes: found.sizeBytes,
        bytes: verified(files, found, found.sha256),
      };
    },

    async removeOf(userId) {
      await repository.remove(userId);
      await files.remove(userId, null);
    },

    async start() {
      for (const unfinished of await repository.unfinished()) await enqueue(unfinished);
    },
  };
}

/** The last piece leaves only when all of them are what was made: a download of anything else breaks off. */
async function* verified(files: ExportFiles, key: ExportKey, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let held: Uint8Array | null = null;
  for await (const piece of files.get(key)) {
    hash.update(piece);
    if (held !== null) yield held;
    held = piece;
  }
  if (held === null || hash.digest("hex") !== sha256)
    throw new AppError("INTERNAL", "This export cannot be read. Please ask for a new one.");
  yield held;
}

/** Neither a key nor the vendor's support takes somebody's data away. */
function assertThemselves(actor: Actor): void {
  if (actor.apiKeyId !== undefined || actor.impersonator !== undefined)
    throw new AppError("FORBIDDEN", "Only the person themselves, signed in, can do this.");
}

function presented(found: StoredExport | null, now: Date): OwnExport {
  if (found === null)
    return {
      state: "none",
      requestedAt: null,
      progress: null,
      sizeBytes: null,
      expiresAt: null,
      keptDays: exportKeptDays,
    };
  // Its file may lie there for a moment longer; nobody gets it.
  const isOver = found.state === "ready" && found.expiresAt !== null && found.expiresAt <= now;
  const state = isOver ? "expired" : found.state;
  return {
    state,
    requestedAt: found.requestedAt.toISOString(),
    progress:
      state === "preparing"
        ? { done: Math.min(found.partsDone, found.partsTotal), total: found.partsTotal }
        : null,
    sizeBytes: state === "ready" ? found.sizeBytes : null,
    expiresAt: found.expiresAt?.toISOString() ?? null,
    keptDays: exportKeptDays,
  };
}
