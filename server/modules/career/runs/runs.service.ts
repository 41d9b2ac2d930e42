// Runs as use cases: started, watched, changed, cancelled, tried again, compared, deleted; by their owner alone.
import { z } from "zod";
import type { Actor } from "../../../../shared/actor.ts";
import type { FileAnswer } from "../../../../shared/contract/endpoint.ts";
import { AppError, notFound } from "../../../../shared/errors.ts";
import type { Page } from "../../../../shared/schemas/common.ts";
import {
  rulesModelKey,
  type ChangeSelection,
  type ListRunsQuery,
  type RunComparison,
  type RunOptions,
  type RunSummary,
  type RunView,
  type StartRun,
} from "../../../../shared/schemas/career/runs.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { defaultSelectionConfig } from "../../../../shared/schemas/career/selection.ts";
import { decodeCursor, encodeCursor } from "../../../platform/cursor.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import { ownerOf, type CareerOwner } from "../career.policy.ts";
import { bulletsOf } from "../resume/bullets.ts";
import { comparisonOf, differenceOf, type ComparedRun } from "./compare.ts";
import { resumedAt } from "./run-stages.ts";
import type { RunsArtefacts, RunsPostings, RunsResumes, RunsWriters } from "./runs.ports.ts";
import type { RunChange, RunVariant, RunsRepository, StoredRun } from "./runs.repository.ts";
import { shownBullets, summaryOf } from "./runs.views.ts";

export interface RunsService {
  /** What a run may be started with. */
  options(actor: Actor): Promise<RunOptions>;
  /** Durable and queued when it resolves. Throws NOT_FOUND for a résumé or posting that is not theirs. */
  start(actor: Actor, input: StartRun): Promise<RunSummary>;
  list(actor: Actor, query: ListRunsQuery): Promise<Page<RunSummary>>;
  get(actor: Actor, runId: string): Promise<RunView>;
  /** Throws CONFLICT where it has ended. */
  cancel(actor: Actor, runId: string): Promise<RunSummary>;
  /** Goes on where it stopped. Throws CONFLICT where it has not failed. */
  retry(actor: Actor, runId: string): Promise<RunSummary>;
  /** Chooses and tailors anew; what came before is kept. Throws CONFLICT while it runs. */
  changeSelection(actor: Actor, runId: string, input: ChangeSelection): Promise<RunSummary>;
  compare(actor: Actor, runId: string, otherId: string): Promise<RunComparison>;
  /** Can be recovered for 30 days. */
  remove(actor: Actor, runId: string): Promise<void>;
  restore(actor: Actor, runId: string): Promise<RunSummary>;
  /** Throws NOT_FOUND. */
  file(actor: Actor, runId: string, artifactId: string): Promise<FileAnswer>;
}

export interface RunsServiceParts {
  repository: RunsRepository;
  resumes: RunsResumes;
  postings: RunsPostings;
  artefacts: Pick<RunsArtefacts, "of" | "read" | "templates" | "templateOf">;
  writers: RunsWriters;
  enqueue(runId: string): Promise<void>;
  changed(run: Pick<StoredRun, "runId" | "userId">): void;
  clock: Clock;
  ids: IdSource;
}

const openMost = 250;
/** After it the job is forgotten that would go on where it stopped. */
const resumableMs = 60 * 24 * 60 * 60 * 1_000;
const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

export function createRunsService(parts: RunsServiceParts): RunsService {
  const { repository, resumes, postings, artefacts, writers, enqueue, changed, clock, ids } = parts;

  async function ownRun(owner: CareerOwner, runId: string): Promise<StoredRun> {
    const run = await repository.find(owner, runId);
    if (run === null || run.deletedAt !== null) throw notFound("This run");
    return run;
  }

  async function options(owner: CareerOwner): Promise<RunOptions> {
    const use = await writers.useOf(owner.orgId);
    const models = use === "model" ? writers.models : [];
    const rules = { modelKey: rulesModelKey, modelName: "Rules on this server" };
    return {
      variants: [...models.map(({ key, name }) => ({ modelKey: key, modelName: name })), rules],
      config: defaultSelectionConfig,
      templates: [...artefacts.templates],
      pagesMost: careerBounds.pagesMost,
      note:
        use === "off"
          ? machinesOff
          : use === "rules" && writers.models.length > 0
            ? "Your organisation allows no model: rules on this server do the work."
            : writers.models.length === 0
              ? "No model is set on this server: rules put your bullets in order and use the posting's names for tools, and nothing is rewritten freely."
              : null,
    };
  }

  async function variantsOf(
    owner: CareerOwner,
    { modelVariants, mockMode }: StartRun,
  ): Promise<RunVariant[]> {
    const { variants, note } = await options(owner);
    if (note === machinesOff) throw new AppError("FORBIDDEN", machinesOff);
    const known = new Map(variants.map(({ modelKey, modelName }) => [modelKey, modelName]));
    if (mockMode) return [{ key: rulesModelKey, name: known.get(rulesModelKey) ?? rulesModelKey }];
    const wanted = modelVariants ?? variants.slice(0, 1).map(({ modelKey }) => modelKey);
    return [...new Set(wanted)].map((key) => {
      const name = known.get(key);
      if (name === undefined)
        throw new AppError("VALIDATION_ERROR", `${key} may not be asked here: choose from what is offered.`, {
          details: { field: "modelVariants" },
        });
      return { key, name };
    });
  }

  async function reopened(
    run: StoredRun,
    { next, ...change }: RunChange & { next: boolean },
  ): Promise<RunSummary> {
    const { runId, edition } = run;
    const fresh: RunChange = {
      ...change,
      status: "pending",
      failedStage: null,
      errorMessage: null,
      cancelledAt: null,
      startedAt: null,
      completedAt: null,
      updatedAt: clock.now(),
    };
    if (!(await repository.reopen(run, { runId, edition, next }, fresh)))
      throw new AppError("CONFLICT", "This run is under way: wait until it has ended, or cancel it.");
    await enqueue(runId);
    changed(run);
    return summaryOf(await ownRun(run, runId));
  }

  async function compared(owner: CareerOwner, runId: string): Promise<ComparedRun> {
    const run = await ownRun(owner, runId);
    const [rubric, plan] = await Promise.all([repository.rubric(runId), repository.plan(runId, run.edition)]);
    return {
      summary: summaryOf(run),
      config: run.config,
      page: run.page,
      rubric: rubric?.rubric ?? null,
      plan,
    };
  }

  return {
    options: (actor) => options(ownerOf(actor)),

    async start(actor, input) {
      const owner = ownerOf(actor);
      const variants = await variantsOf(owner, input);
      const [resume, posting] = await Promise.all([
        resumes.get(owner, input.masterResumeId),
        postings.get(owner, input.jobId),
      ]);
      if (resume === null) throw notFound("This résumé");
      if (posting === null) throw notFound("This posting");
      const page = { template: input.template, pageLimit: input.pageLimit };
      artefacts.templateOf(page, resume);
      if ((await repository.countOpen(owner)) >= openMost)
        throw new AppError(
          "RATE_LIMITED",
          `${openMost} of your runs are waiting already: let them end first.`,
          {
            retryAfterSeconds: 60,
          },
        );
      const now = clock.now();
      const run: StoredRun = {
        ...owner,
        runId: ids.uuid(),
        masterResumeId: input.masterResumeId,
        jobId: input.jobId,
        resumeName: resume.name,
        jobTitle: posting.posting.title,
        company: posting.posting.company ?? null,
        status: "pending",
        stage: "initialized",
        failedStage: null,
        errorMessage: null,
        cancelledAt: null,
        mockMode: input.mockMode,
        variants,
        primaryModelKey: variants[0]?.key ?? rulesModelKey,
        promptVersions: {},
        promptHashes: {},
        config: input.config ?? defaultSelectionConfig,
        page,
        pins: input.pins,
        bans: input.bans,
        edition: 1,
        fence: 0,
        masterResumeHash: null,
        jobExtractedHash: null,
        rubricHash: null,
        timing: {},
        cacheHits: {},
        coverage: null,
        pageFit: null,
        startedAt: null,
        completedAt: null,
        deletedAt: null,
        createdAt: now,
        updatedAt: now,
      };
      await repository.insert(run);
      await enqueue(run.runId);
      changed(run);
      return summaryOf(run);
    },

    async list(actor, { limit, cursor, ...filter }) {
      const owner = ownerOf(actor);
      const parts = cursor === undefined ? null : decodeCursor(cursor, cursorSchema);
      const before = parts === null ? null : { createdAt: new Date(parts[0]), runId: parts[1] };
      const found = await repository.list(owner, { ...filter, before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map(summaryOf),
        nextCursor: last === undefined ? null : encodeCursor([last.createdAt.toISOString(), last.runId]),
      };
    },

    async get(actor, runId) {
      const owner = ownerOf(actor);
      const run = await ownRun(owner, runId);
      const { edition } = run;
      const [rubric, plan, before, made, resume, files] = await Promise.all([
        repository.rubric(runId),
        repository.plan(runId, edition),
        edition > 1 ? repository.plan(runId, edition - 1) : null,
        repository.tailored(runId, edition),
        resumes.get(owner, run.masterResumeId),
        artefacts.of(owner, runId, edition),
      ]);
      return {
        ...summaryOf(run),
        config: run.config,
        ...run.page,
        pins: run.pins,
        bans: run.bans,
        rubric: rubric?.rubric ?? null,
        plan,
        planChange: plan === null || before === null ? null : differenceOf(before, plan),
        tailored: made,
        bullets: resume === null ? [] : shownBullets(bulletsOf(resume.content), resume.evidence),
        files,
      };
    },

    async cancel(actor, runId) {
      const owner = ownerOf(actor);
      const run = await ownRun(owner, runId);
      const now = clock.now();
      const ended = await repository.end(runId, {
        status: "error",
        stage: "ERROR",
        failedStage: resumedAt(run.stage),
        errorMessage: "You cancelled it.",
        cancelledAt: now,
        completedAt: now,
        updatedAt: now,
      });
      if (!ended) throw new AppError("CONFLICT", "This run has ended already.");
      changed(run);
      return summaryOf(await ownRun(owner, runId));
    },

    async retry(actor, runId) {
      const run = await ownRun(ownerOf(actor), runId);
      if (run.status !== "error")
        throw new AppError("CONFLICT", "Only a run that has stopped can be tried again.");
      const stoppedAt = run.completedAt ?? run.updatedAt;
      const goesOn = clock.now().getTime() - stoppedAt.getTime() < resumableMs;
      return await reopened(run, {
        next: !goesOn,
        stage: goesOn ? resumedAt(run.failedStage) : "initialized",
      });
    },

    async changeSelection(actor, runId, { pins, bans }) {
      const run = await ownRun(ownerOf(actor), runId);
      // Without a rubric there is nothing to choose by yet.
      const stage = run.rubricHash === null ? "initialized" : "selecting";
      const fresh = { coverage: null, pageFit: null, timing: kept(run) };
      return await reopened(run, { next: true, pins, bans, stage, ...fresh });
    },

    async compare(actor, runId, otherId) {
      const owner = ownerOf(actor);
      const [first, second] = await Promise.all([compared(owner, runId), compared(owner, otherId)]);
      return comparisonOf(first, second);
    },

    async remove(actor, runId) {
      const owner = ownerOf(actor);
      const run = await ownRun(owner, runId);
      const now = clock.now();
      // What still runs ends first: nothing is written to what is deleted.
      await repository.end(runId, {
        status: "error",
        stage: "ERROR",
        failedStage: resumedAt(run.stage),
        errorMessage: "It was deleted before it had ended.",
        completedAt: now,
        updatedAt: now,
      });
      if (!(await repository.setDeleted(owner, runId, now))) throw notFound("This run");
      changed(run);
    },

    async restore(actor, runId) {
      const owner = ownerOf(actor);
      if (!(await repository.setDeleted(owner, runId, null))) throw notFound("This deleted run");
      const run = await ownRun(owner, runId);
      changed(run);
      return summaryOf(run);
    },

    async file(actor, runId, artifactId) {
      await ownRun(ownerOf(actor), runId);
      const { fileName, mimeType, sizeBytes, storageId, bytes } = await artefacts.read(runId, artifactId);
      return {
        type: mimeType,
        name: fileName,
        bytes: sizeBytes,
        version: storageId,
        shown: mimeType === "application/pdf",
        freshSeconds: 0,
        read: bytes,
      };
    },
  };
}

/** What the stages took that are not repeated. */
function kept({ timing: { rubricMs, embeddingMs } }: StoredRun): StoredRun["timing"] {
  return { ...(rubricMs !== undefined && { rubricMs }), ...(embeddingMs !== undefined && { embeddingMs }) };
}

const machinesOff = "Your organisation has switched machines off: a run cannot be started.";
