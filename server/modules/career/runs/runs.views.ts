// Runs as their owner sees them.
import type { RunBullet, RunSummary } from "../../../../shared/schemas/career/runs.ts";
import type { ResumeBullet, EvidenceScore } from "../../../../shared/schemas/career/bullets.ts";
import type { StoredRun } from "./runs.repository.ts";

export function summaryOf(run: StoredRun): RunSummary {
  return {
    runId: run.runId,
    masterResumeId: run.masterResumeId,
    jobId: run.jobId,
    resumeName: run.resumeName,
    jobTitle: run.jobTitle,
    company: run.company,
    status: run.status,
    stage: run.stage,
    failedStage: run.failedStage,
    errorMessage: run.errorMessage,
    cancelled: run.cancelledAt !== null,
    mockMode: run.mockMode,
    modelVariants: run.variants.map(({ key }) => key),
    primaryModelKey: run.primaryModelKey,
    edition: run.edition,
    promptVersions: run.promptVersions,
    promptHashes: run.promptHashes,
    timing: run.timing,
    cacheHits: run.cacheHits,
    coverage: run.coverage,
    startedAt: iso(run.startedAt),
    completedAt: iso(run.completedAt),
    deletedAt: iso(run.deletedAt),
    createdAt: run.createdAt.toISOString(),
    updatedAt: run.updatedAt.toISOString(),
  };
}

export function shownBullets(
  bullets: readonly ResumeBullet[],
  scores: readonly EvidenceScore[],
): RunBullet[] {
  const tiers = new Map(scores.map(({ bulletId, tier }) => [bulletId, tier]));
  return bullets.map(({ bulletId, parentType, company, role, projectName, text }) => ({
    bulletId,
    parentType,
    parent: [role, company, projectName].filter((part) => part !== undefined && part !== "").join(", "),
    text,
    tier: tiers.get(bulletId) ?? "weak",
  }));
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
