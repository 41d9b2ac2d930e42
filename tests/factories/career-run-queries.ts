// Every query of runs and of what they make, and whether late writes are refused as they are in memory.
import { defaultRunPage } from "../../shared/schemas/career/runs.ts";
import { createOrphans } from "../../server/modules/career/cleanup/index.ts";
import type { Connection } from "mongoose";
import { evidenceScores } from "../../server/modules/career/evidence/score.ts";
import { bulletsOf } from "../../server/modules/career/resume/bullets.ts";
import { rubricOf } from "../../server/modules/career/rubric/rubric.ts";
import {
  createRunFilesRepository,
  namesOfRunFiles,
} from "../../server/modules/career/runs/run-files.repository.mongo.ts";
import { createRunsRepository } from "../../server/modules/career/runs/index.ts";
import type { StoredRun } from "../../server/modules/career/runs/runs.repository.ts";
import { nurse, nurseWorld, plannerHere } from "../../server/modules/career/runs/testing-runs.ts";
import { fixedWordsOf } from "../../server/modules/career/tailoring/page.ts";
import { tailored } from "../../server/modules/career/tailoring/tailor.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { FileId, UserId } from "../../shared/ids.ts";
import { defaultSelectionConfig } from "../../shared/schemas/career/selection.ts";
import { testCipher } from "./cipher.ts";

/** Throws where a write did what it must not. */
export async function makeCareerRunQueries(
  connection: Connection,
  { userId, now }: { userId: UserId; now: Date },
): Promise<void> {
  const repository = await createRunsRepository(connection, testCipher);
  const files = await createRunFilesRepository(connection, testCipher);
  const owner = { userId, orgId: null };
  const runOf = (runId: string): StoredRun => ({
    ...owner,
    runId,
    masterResumeId: systemIds.objectId(),
    jobId: systemIds.objectId(),
    resumeName: "Nursing",
    jobTitle: "Nurse",
    company: "County Hospital",
    status: "pending",
    stage: "initialized",
    failedStage: null,
    errorMessage: "It stopped.",
    cancelledAt: now,
    mockMode: false,
    variants: [{ key: "rules", name: "Rules" }],
    primaryModelKey: "rules",
    promptVersions: { tailor: "1" },
    promptHashes: { tailor: "1" },
    config: defaultSelectionConfig,
    page: defaultRunPage,
    pins: ["a"],
    bans: ["b"],
    edition: 1,
    fence: 0,
    masterResumeHash: "a",
    jobExtractedHash: "b",
    rubricHash: "c",
    timing: { totalMs: 1 },
    cacheHits: { evidenceScores: true },
    coverage: { mustTotal: 1, niceTotal: 0, mustCovered: 1, niceCovered: 0 },
    pageFit: { rounds: 1, wordsMax: 400, wordsLeast: 300 },
    startedAt: now,
    completedAt: now,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
  });
  const run = runOf(systemIds.uuid());
  const { runId, jobId, masterResumeId } = run;
  await repository.insert(run);
  const other = runOf(systemIds.uuid());
  await repository.insert(other);
  expectAll(await taken(() => repository.insert(run)));
  expectAll((await repository.find(owner, runId)) !== null, (await repository.load(runId)) !== null);
  expectAll((await repository.find({ ...owner, orgId: "org" as never }, runId)) === null);
  const page = await repository.list(owner, {
    before: null,
    limit: 1,
    status: "pending",
    jobId,
    masterResumeId,
  });
  const before = { createdAt: new Date(now.getTime() + 1), runId };
  expectAll(page.length === 1, (await repository.list(owner, { before, limit: 10 })).length === 2);
  expectAll((await repository.countOpen(owner)) === 2);
  // Both without their résumé; their ids are the driver's own.
  const relation = { child: "runs", field: "masterResumeId", parent: "masterResumes" } as const;
  const orphans = createOrphans(connection);
  expectAll((await orphans.check({ ...relation, otherwise: "remove" }, { mend: false })) >= 2);
  const names = namesOfRunFiles(connection);
  expectAll((await names.among(["f".repeat(24) as FileId])).size === 0);
  await names.page(null, 10);
  expectAll((await repository.stalled(new Date(now.getTime() + 1), 10)).length > 0);

  const lease = { runId, edition: 1, fence: 5 };
  const late = { runId, edition: 1, fence: 4 };
  expectAll(await repository.move(lease, { stage: "selecting", status: "running" }));
  expectAll(!(await repository.move(late, { stage: "tailoring" })));
  const { posting } = nurseWorld();
  if (posting === null) throw new Error("there is a posting");
  const rubric = rubricOf(posting.posting);
  const kept = { rubric, rubricHash: "c", createdAt: now };
  expectAll(await repository.putRubric(lease, kept), !(await repository.putRubric(late, kept)));
  const bullets = bulletsOf(nurse);
  const plan = await plannerHere.plan({
    bullets,
    scores: evidenceScores({ masterResumeHash: "a", bullets }).scores,
    requirements: rubric.requirements,
    config: defaultSelectionConfig,
    fixedWords: fixedWordsOf(nurse),
    pins: [],
    bans: [],
    similarities: null,
    hashes: { masterResumeHash: "a", jobExtractedHash: "b", rubricHash: "c" },
  });
  expectAll(await repository.putPlan(lease, plan, now), !(await repository.putPlan(late, plan, now)));
  const made = await tailored({
    content: nurse,
    plan,
    rubric,
    posting: { text: posting.posting.rawDescription, company: null },
    variant: { key: "rules", name: "Rules" },
    rewriter: null,
    orgId: null,
  });
  expectAll(await repository.putTailored(lease, made, now), !(await repository.putTailored(late, made, now)));
  expectAll((await repository.rubric(runId)) !== null, (await repository.plan(runId, 1)) !== null);
  expectAll(
    (await repository.tailored(runId, 1)).length === 1,
    (await repository.tailored(runId, 2)).length === 0,
  );

  const file = {
    artifactId: systemIds.objectId(),
    runId,
    edition: 1,
    modelKey: "rules",
    artifactType: "pdf" as const,
    fileName: "a.pdf",
    mimeType: "application/pdf",
    sizeBytes: 1,
    storageId: systemIds.objectId() as FileId,
  };
  expectAll((await files.put(lease, file, now)) === null, (await files.put(late, file, now)) === undefined);
  expectAll((await files.put(lease, file, now)) === file.storageId);
  expectAll((await files.of(runId, 1)).length === 1, (await files.find(runId, file.artifactId)) !== null);
  expectAll((await files.allOf([runId])).length === 1);
  await files.removeAll([runId]);

  const ended = { status: "error", stage: "ERROR", updatedAt: now } as const;
  expectAll(await repository.end(runId, ended), !(await repository.end(runId, ended)));
  expectAll(!(await repository.move(lease, { stage: "tailoring" })));
  expectAll(await repository.reopen(owner, { runId, edition: 1, next: true }, { status: "pending" }));
  expectAll(!(await repository.reopen(owner, { runId, edition: 1, next: false }, { status: "pending" })));
  expectAll(
    await repository.setDeleted(owner, runId, now),
    !(await repository.setDeleted(owner, runId, now)),
  );
  await repository.deletedWith(owner, { jobId: other.jobId }, now);
  await repository.restoredWith(owner, { jobId: other.jobId }, now);
  expectAll((await repository.allOf(userId)).length === 2);
  expectAll((await repository.removedWith({ masterResumeId: other.masterResumeId })).length === 1);
  expectAll((await repository.removeDeleted(new Date(now.getTime() + 1))).includes(runId));
  await repository.insert(runOf(systemIds.uuid()));
  expectAll((await repository.removeOfPerson(userId)).length === 1);
}

async function taken(write: () => Promise<void>): Promise<boolean> {
  return await write().then(
    () => false,
    () => true,
  );
}

function expectAll(...holds: boolean[]): void {
  if (holds.includes(false)) throw new Error("A write of runs did not do what it promises.");
}
