// The daily check of stored files by its real job: a real directory and real documents, with what should not be there.
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createJobs } from "../../server/jobs/index.ts";
import { namesOfRunFiles } from "../../server/modules/career/runs/index.ts";
import { createFilesModule } from "../../server/modules/files/index.ts";
import { createFilesRepository } from "../../server/modules/files/files.repository.mongo.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createDirectoryFiles } from "../../server/vendors/files/directory.ts";
import type { FileId, UserId } from "../../shared/ids.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let directory: string;

beforeAll(async () => {
  store = await openTestStore();
  directory = await mkdtemp(join(tmpdir(), "connvo-files-"));
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const newId = () => systemIds.objectId() as FileId;
const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1_000);

async function* words(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("words");
}

test("[FILES-9] [FILES-10] old bytes without a name go, young and named ones stay, and what is missing is counted", async () => {
  const { connection } = store;
  const files = await createDirectoryFiles(directory);
  const place = async (id: FileId, at: Date) => {
    await files.put(id, words());
    await utimes(join(directory, id.slice(-2), id), at, at);
    return id;
  };
  const [old, young] = [await place(newId(), longAgo), await place(newId(), new Date())];
  const [ofRun, ofUpload] = [await place(newId(), longAgo), await place(newId(), longAgo)];
  const uploads = await createFilesRepository(connection.useDb(connection.name, { useCache: false }));
  const upload = {
    ...({ ownerId: newId() as string as UserId, purpose: "photo", meetingId: null, name: "a.png" } as const),
    ...({ type: "image/png", bytes: 5, sha256: "0".repeat(64), width: 1, height: 1 } as const),
    ...({ state: "used", usedBy: "me", usedAt: longAgo, createdAt: longAgo } as const),
  };
  await uploads.insert({ ...upload, id: ofUpload, clientKey: "there" });
  await uploads.insert({ ...upload, id: newId(), clientKey: "missing" });
  const artefacts = connection.collection<{ _id: string }>("generatedArtifacts");
  const artefact = { runId: "r", createdAt: longAgo, isDeleted: false };
  await artefacts.insertMany([
    { ...artefact, _id: "there", storageId: ofRun },
    { ...artefact, _id: "missing", storageId: newId() },
  ] as never[]);

  const metrics = createMetrics({ processMetrics: false });
  const base = { connection, clock: systemClock, ids: systemIds, logger: silentLogger, metrics };
  const jobs = await createJobs(base);
  const isNamed = () => Promise.resolve(true);
  await createFilesModule({
    ...{ ...base, jobs, store: files, madeHere: namesOfRunFiles(connection) },
    inUse: { photo: isNamed, attachment: isNamed, resume: isNamed },
  });
  jobs.start();
  try {
    const done = { name: "files.check", state: "done" };
    await expect
      .poll(() => connection.collection("jobs").countDocuments(done), { timeout: 30_000, interval: 50 })
      .toBe(3);
  } finally {
    await jobs.stop(1_000);
  }
  const left: FileId[] = [];
  for await (const id of files.ids()) left.push(id);
  expect(left.sort()).toEqual([young, ofRun, ofUpload].sort());
  expect(await files.stat(old)).toBeNull();
  const said = await metrics.registry.metrics();
  expect(said).toContain("connvo_files_orphans_total 1");
  expect(said).toContain('connvo_files_missing_total{of="uploads"} 1');
  expect(said).toContain('connvo_files_missing_total{of="runFiles"} 1');
  // Told in words where it is asked for.
  const asked = async () => {
    for await (const piece of files.read(old)) piece.fill(0);
  };
  await expect(asked()).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: "This file does not exist any more.",
  });
});
