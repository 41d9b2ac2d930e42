// Files as use cases: kept once, used or removed after an hour, and gone with their person or meeting.
import { createHash } from "node:crypto";
import type { Connection } from "mongoose";
import { z } from "zod";
import { AppError, keyMismatch } from "../../../shared/errors.ts";
import { fileIdSchema, type FileId } from "../../../shared/ids.ts";
import { defineJob, type JobDefinition, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FileStore } from "../../vendors/files/index.ts";
import { createFilesCheck } from "./files.check.ts";
import { createFilesRepository } from "./files.repository.mongo.ts";
import type { FileNames, FilesRepository } from "./files.repository.ts";
import type { FileRecord, FilesService, InUse } from "./index.ts";

const minuteMs = 60_000;
/** Unused for so long, it goes. */
const unusedMs = 60 * minuteMs;
/** Some minutes less: whoever uses it must not meet its removal. */
const usableMs = 50 * minuteMs;
/**
 * What was used and is named by nothing is looked for so long: a message may lie in the journal of a process that is down.
 */
const namedWithinMs = 24 * 60 * minuteMs;
const removedAtOnce = 100;
const waitsMs = [minuteMs, 5 * minuteMs, 60 * minuteMs, 6 * 60 * minuteMs];

export interface FilesParts {
  store: Omit<FileStore, "page" | "removeOlder">;
  jobs: Jobs;
  clock: Clock;
  ids: IdSource;
  metrics: Metrics;
  inUse: InUse;
  /** What another module keeps in the same store: made here, and named by it alone. */
  madeHere: Pick<FileNames, "among">;
}

/** Registers its jobs, so it is made before the jobs start. */
export async function createFilesModule({
  connection,
  ...parts
}: FilesParts & {
  connection: Connection;
  logger: Logger;
  store: FileStore;
  madeHere: FileNames;
}): Promise<FilesService> {
  const repository = await createFilesRepository(connection);
  const files = createFilesService({ ...parts, repository });
  await createFilesCheck({ ...parts, names: { uploads: repository, runFiles: parts.madeHere } }).start();
  return files;
}

export function createFilesService(parts: FilesParts & { repository: FilesRepository }): FilesService {
  const { repository, store, jobs, clock, ids, inUse, madeHere } = parts;
  const removals = parts.metrics.counter("files_removed_total", "Stored files that were removed, by why", [
    "reason",
  ]);

  // The bytes before what names them: where it dies in between, a repetition finds what is left to do.
  async function remove(id: FileId, reason: string): Promise<void> {
    await store.remove(id);
    await repository.remove(id);
    removals.inc({ reason });
  }

  const payload = z.object({ fileId: fileIdSchema });
  const reconsiderFile: JobDefinition<typeof payload> = defineJob({
    name: "files.reconsider",
    payload,
    maxAttempts: waitsMs.length + 1,
    leaseMs: 30_000,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run({ fileId }) {
      const file = await repository.find(fileId);
      // A process may have died between the two.
      if (file === null) return await store.remove(fileId);
      if (file.state === "used" && (await inUse[file.purpose](file))) return;
      const lookUntil = file.usedAt === null ? null : new Date(file.usedAt.getTime() + namedWithinMs);
      if (file.purpose === "attachment" && lookUntil !== null && lookUntil > clock.now()) {
        return await jobs.rerun(reconsiderFile, { fileId }, { key: fileId, runAt: lookUntil });
      }
      await remove(fileId, "unused");
    },
  });
  jobs.register(reconsiderFile);

  async function removeAll(of: Parameters<FilesRepository["some"]>[0], reason: string): Promise<void> {
    for (;;) {
      const some = await repository.some(of, removedAtOnce);
      for (const id of some) await remove(id, reason);
      if (some.length < removedAtOnce) return;
    }
  }

  return {
    async keep({ content, ...file }) {
      const sha256 = createHash("sha256").update(content).digest("hex");
      const now = clock.now();
      const made: FileRecord = {
        ...file,
        id: ids.objectId() as FileId,
        bytes: content.byteLength,
        sha256,
        state: "writing",
        usedBy: null,
        usedAt: null,
        createdAt: now,
      };
      // Before anything of it is there, so that whatever a crash leaves is looked at.
      const lookAt = new Date(now.getTime() + unusedMs);
      await jobs.enqueue(reconsiderFile, { fileId: made.id }, { key: made.id, runAt: lookAt });
      const known = (await repository.insert(made)) ? made : await repository.byKey(file);
      if (known === null) {
        throw new AppError("CONFLICT", "This file is being removed. Please send it again.", {
          retryable: true,
        });
      }
      if (known.sha256 !== sha256) {
        throw keyMismatch("This clientKey was used for another file: take a new one.");
      }
      if (known.state !== "writing") return known;
      // Also where another request writes it, or has died on it: the same bytes twice are the same bytes.
      await store.put(known.id, once(content));
      await repository.written(known.id);
      return { ...known, state: "unused" };
    },

    async find(id) {
      const file = await repository.find(id);
      return file === null || file.state === "writing" ? null : file;
    },

    read: (id, range) => store.read(id, range),
    sentBy: (userId, meetingId) =>
      repository.used({
        ownerId: userId,
        purpose: meetingId === null ? "photo" : "attachment",
        meetingId,
      }),
    countIn: (meetingId) => repository.countIn(meetingId),

    use: (id, by) => {
      const now = clock.now();
      return repository.use(id, { ...by, now, after: new Date(now.getTime() - usableMs) });
    },

    async adopt(other, and) {
      let adopted = 0;
      for await (const id of other.ids()) {
        const isKnown = (await repository.find(id)) !== null || (await madeHere.among([id])).has(id);
        if (isKnown && (await store.stat(id)) === null) {
          await store.put(id, other.read(id));
          adopted += 1;
        }
        if (and === "empty") await other.remove(id);
      }
      return adopted;
    },

    remove: (id) => remove(id, "replaced"),

    async reconsider(id) {
      const runAt = new Date(clock.now().getTime() + minuteMs);
      await jobs.rerun(reconsiderFile, { fileId: id }, { key: id, runAt });
    },

    removeOfPerson: (ownerId) => removeAll({ ownerId }, "person-deleted"),
    removeOfMeeting: (meetingId) => removeAll({ meetingId }, "meeting-removed"),
  };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
