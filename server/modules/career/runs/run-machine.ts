// Takes one run through its stages: each can be begun again, reads what the ones before it have kept, and is written down first.
import { AppError } from "../../../../shared/errors.ts";
import type { RunStage } from "../../../../shared/schemas/career/enums.ts";
import { rulesModelKey, type RunTailored, type RunTiming } from "../../../../shared/schemas/career/runs.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import { bulletsOf } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import type { SelectionSolver } from "../selection/solver.ts";
import { fixedWordsOf } from "../tailoring/page.ts";
import { findingsOf, remembering } from "../tailoring/remembering.ts";
import { rulesTailoringHash, rulesTailoringVersion, tailored } from "../tailoring/tailor.ts";
import { fewerChosen, fitted, nextFit, stillTooLong } from "./page-fit.ts";
import { countBullets, type RunMetrics } from "./run-metrics.ts";
import { nextStage, resumedAt, withTime, type WorkStage } from "./run-stages.ts";
import type {
  ArtefactInput,
  MadeFiles,
  RunResume,
  RunsArtefacts,
  RunsPostings,
  RunsResumes,
  RunsWriters,
} from "./runs.ports.ts";
import { createRunSources, RunLost, RunStopped, type RunSources } from "./run-sources.ts";
import type { RunChange, RunLease, RunsRepository, StoredRun } from "./runs.repository.ts";

export interface RunMachineParts {
  repository: RunsRepository;
  resumes: RunsResumes;
  postings: RunsPostings;
  artefacts: RunsArtefacts;
  writers: RunsWriters;
  planner: Pick<SelectionSolver, "plan" | "warm">;
  clock: Clock;
  metrics: RunMetrics;
  /** Keyed, so that nobody can ask the store whether a run was for a certain posting. */
  hashes: Pick<FieldCipher, "hashOfContent">;
  /** Something that is shown of the run has changed. */
  changed(run: Pick<StoredRun, "runId" | "userId">): void;
  /** For tests: told when a stage begins, and when its work is kept and the next has not begun. */
  observe?: ((stage: RunStage, moment: "begun" | "worked") => Promise<void>) | undefined;
}

interface Work {
  run: StoredRun;
  sources: RunSources;
  lease: RunLease;
  signal: AbortSignal;
  /** Not written yet. */
  found: RunChange;
}

export interface RunMachine {
  /** Throws what may pass, to be tried again. */
  run(runId: string, claim: { fence: number; signal: AbortSignal }): Promise<void>;
  /** Ends it with this sentence; false where it had ended. */
  fail(runId: string, sentence: string): Promise<boolean>;
}

/** A résumé that is edited all the time is not waited for. */
const returnsMost = 3;

export function createRunMachine(parts: RunMachineParts): RunMachine {
  const { repository, resumes, postings, artefacts, writers, planner, clock, metrics, changed } = parts;
  const keyed = (hash: string) => parts.hashes.hashOfContent(hash);
  const observe = parts.observe ?? (() => Promise.resolve());

  async function move(work: Work, change: RunChange): Promise<void> {
    const all = { ...work.found, ...change };
    if (!(await repository.move(work.lease, { ...all, updatedAt: clock.now() }))) throw new RunLost();
    work.found = {};
    Object.assign(work.run, change);
    changed(work.run);
  }

  /** What a stage has found out is written with the beginning of the next: a stage that is cut off is begun again. */
  function find(work: Work, found: RunChange): void {
    Object.assign(work.run, found);
    work.found = { ...work.found, ...found };
  }

  async function select(work: Work, similar: Similar): Promise<void> {
    const { run, sources, signal } = work;
    const [resume, { rubric, rubricHash }] = [await sources.resumeSeen(), await sources.rubric()];
    const similarities = await similar(resume);
    signal.throwIfAborted();
    const plan = await planner.plan({
      bullets: bulletsOf(resume.content),
      scores: resume.evidence,
      requirements: rubric.requirements,
      config: fitted(run.config, run.pageFit),
      fixedWords: fixedWordsOf(resume.content),
      pins: run.pins,
      bans: run.bans,
      similarities: similarities === null ? null : { model: similarities.model, pairs: similarities.pairs },
      hashes: {
        masterResumeHash: resume.contentHash,
        jobExtractedHash: run.jobExtractedHash ?? "",
        rubricHash,
      },
    });
    await sources.keepPlan(plan);
    const { mustTotal, niceTotal, mustCovered, niceCovered } = plan.coverage;
    const cacheHits = { ...run.cacheHits, evidenceScores: resume.evidenceCached };
    const coverage = { mustTotal, niceTotal, mustCovered, niceCovered };
    find(work, { masterResumeHash: resume.contentHash, cacheHits, coverage });
  }

  async function tailor(work: Work): Promise<WorkStage | void> {
    const { run, sources, signal } = work;
    const [resume, { rubric }, plan] = [
      await sources.resumeNow(),
      await sources.rubric(),
      await sources.plan(),
    ];
    // Edited since its bullets were chosen: what is checked against must be what was chosen from.
    if (resume.contentHash !== plan.masterResumeHash) return "selecting";
    const { posting } = await sources.posting();
    const use = await writers.useOf(run.orgId);
    if (use === "off") throw new RunStopped(machinesOff);
    const planHash = contentHash(plan);
    const before = new Map((await sources.tailored()).map((one) => [one.modelKey, one]));
    const { promptVersions, promptHashes } = run;
    for (const variant of run.variants) {
      const earlier = before.get(variant.key) ?? null;
      const mayAsk = use === "model" && !run.mockMode && variant.key !== rulesModelKey;
      const rewriter = mayAsk ? writers.rewriter(variant.key) : null;
      // Also of a page that an earlier try has kept, which was cut off before this was written.
      find(work, {
        promptVersions: { ...promptVersions, tailor: rewriter?.promptVersion ?? rulesTailoringVersion },
        promptHashes: { ...promptHashes, tailor: rewriter?.promptHash ?? rulesTailoringHash },
      });
      if (earlier?.planHash === planHash) continue;
      signal.throwIfAborted();
      const made = await tailored({
        content: resume.content,
        plan,
        rubric,
        posting: {
          text: posting.extractedText ?? posting.rawDescription,
          company: posting.company ?? null,
        },
        variant,
        rewriter: rewriter === null ? null : remembering(rewriter, earlier),
        orgId: run.orgId,
        signal,
      });
      if (rewriter === null && variant.key !== rulesModelKey && !run.mockMode)
        made.notes.push(
          use === "model"
            ? `${variant.name} is not set on this server any more: rules have put this in order instead.`
            : "Your organisation allows no model: rules on this server have put this in order instead.",
        );
      made.findings = findingsOf(made, earlier);
      if (run.pageFit !== null) made.notes.push(fewerChosen(run.pageFit));
      await sources.keepTailored(made);
      countBullets(metrics, made);
    }
  }

  /** Since its bullets were chosen, by an earlier try: what is printed would be of two résumés. */
  async function isEdited({ sources }: Work): Promise<boolean> {
    return (await sources.resumeSeen()).contentHash !== (await sources.plan()).masterResumeHash;
  }

  /** What is to be said of a writer's page stands with it. */
  async function eachVariant<Made extends MadeFiles>(
    work: Work,
    make: (input: ArtefactInput) => Promise<Made>,
  ): Promise<Made[]> {
    const { run, sources, lease, signal } = work;
    const [resume, plan] = [await sources.resumeSeen(), await sources.plan()];
    const { jobTitle, company, masterResumeId, page, runId, edition } = run;
    const { fence } = lease;
    const given = {
      owner: run,
      runId,
      edition,
      fence,
      masterResumeId,
      page,
      resume,
      plan,
      jobTitle,
      company,
      signal,
    };
    const all: Made[] = [];
    for (const one of await sources.tailored()) {
      signal.throwIfAborted();
      const made = await make({ ...given, tailored: one });
      await say(work, one, made.notes);
      all.push(made);
    }
    return all;
  }

  async function say({ sources }: Work, page: RunTailored, sentences: readonly string[]): Promise<void> {
    const fresh = sentences.filter((sentence) => !page.notes.includes(sentence));
    if (fresh.length === 0) return;
    await sources.keepTailored({ ...page, notes: [...page.notes, ...fresh] });
  }

  /** Goes back to the choice of bullets where a page is too long and fewer may fit. */
  async function print(work: Work): Promise<WorkStage | void> {
    const { run, sources } = work;
    if (await isEdited(work)) return "selecting";
    const pages = (await eachVariant(work, (input) => artefacts.makePdf(input))).map(({ page }) => page);
    const [plan, { content }] = [await sources.plan(), await sources.resumeSeen()];
    const pageFit = nextFit(run.pageFit, { pages, plan, fixedWords: fixedWordsOf(content) });
    if (pageFit !== null) {
      // With its stage in one write: cut off here, it is not counted twice.
      await move(work, { pageFit, stage: "selecting" });
      return "selecting";
    }
    const sentence = stillTooLong(pages);
    if (sentence === null) return;
    for (const one of await sources.tailored()) await say(work, one, [sentence]);
  }

  type Similar = (resume: RunResume) => ReturnType<RunsResumes["similarities"]>;

  /** Asked for once a try and content: where a run goes on at the choice of bullets, there, and anew after an edit. */
  function similarOf({ run, sources, signal }: Work): Similar {
    let asked: { contentHash: string; answer: ReturnType<Similar> } | null = null;
    return async (resume) => {
      const { contentHash } = resume;
      if (asked?.contentHash !== contentHash) {
        const { rubric } = await sources.rubric();
        asked = { contentHash, answer: resumes.similarities(run, resume, rubric.requirements, signal) };
      }
      return await asked.answer;
    };
  }

  function stepsOf(work: Work): Record<WorkStage, () => Promise<WorkStage | void>> {
    const { run, sources, signal } = work;
    const similar = similarOf(work);
    return {
      initialized: async () => {
        planner.warm();
        artefacts.warm();
        await sources.resumeNow();
      },
      extracting: async () => {
        const { posting } = await sources.posting();
        const text = posting.extractedText ?? posting.rawDescription;
        find(work, { jobExtractedHash: keyed(contentHash(text)) });
      },
      rubric_generating: async () => {
        const rulesOnly = run.mockMode || (await writers.useOf(run.orgId)) !== "model";
        const found = await postings.rubric(run, run.jobId, { rulesOnly, signal });
        const rubricHash = keyed(contentHash(found.rubric));
        const { rubric, promptVersion, promptHash } = found;
        await sources.keepRubric({ rubric, rubricHash });
        find(work, {
          rubricHash,
          promptVersions: { ...run.promptVersions, rubric: promptVersion },
          promptHashes: { ...run.promptHashes, rubric: promptHash ?? contentHash(promptVersion) },
        });
      },
      rubric_generated: async () => {
        const { rubric } = await sources.rubric();
        if (rubric.requirements.length === 0) throw new RunStopped(nothingAsked);
      },
      embedding_jd: async () => {
        const found = await similar(await sources.resumeNow());
        if (found !== null) find(work, { cacheHits: { ...run.cacheHits, embeddings: found.cached } });
      },
      selecting: () => select(work, similar),
      selection_complete: async () => {
        const { selected } = await sources.plan();
        if (selected.workExperience.length + selected.projects.length + selected.awards.length === 0)
          throw new RunStopped(nothingChosen);
      },
      tailoring: () => tailor(work),
      tailored: async () => {
        const made = await sources.tailored();
        if (made.length === 0) throw new AppError("UNAVAILABLE", "What was tailored is not there yet.");
      },
      generating_latex: async () => {
        if (await isEdited(work)) return "selecting";
        const { version, hash } = artefacts.templateOf(run.page, await sources.resumeSeen());
        await eachVariant(work, (input) => artefacts.makeLatex(input));
        find(work, {
          promptVersions: { ...run.promptVersions, latex: version },
          // Of one's own template it would be a hash of somebody's words.
          promptHashes: { ...run.promptHashes, latex: run.page.template === "custom" ? keyed(hash) : hash },
        });
      },
      generating_pdf: () => print(work),
    };
  }

  async function through(work: Work): Promise<void> {
    const { run, signal } = work;
    const steps = stepsOf(work);
    let stage: WorkStage | "DONE" = resumedAt(run.stage);
    let returns = 0;
    while (stage !== "DONE") {
      signal.throwIfAborted();
      const current: WorkStage = stage;
      // With what the stage before took: one write a stage.
      const { timing, startedAt } = run;
      await move(work, { stage, status: "running", startedAt: startedAt ?? clock.now(), timing });
      await observe(stage, "begun");
      const startedMs = clock.monotonicMs();
      const back = await steps[current]();
      const ms = clock.monotonicMs() - startedMs;
      metrics.seconds.observe({ stage: current }, ms / 1_000);
      run.timing = withTime(run.timing, current, ms);
      if (back !== undefined && current === "tailoring" && (returns += 1) > returnsMost)
        throw new RunStopped(alwaysEdited);
      stage = back ?? nextStage(current);
      await observe(current, "worked");
    }
    const now = clock.now();
    const totalMs = now.getTime() - (run.startedAt ?? now).getTime();
    const timing: RunTiming = { ...run.timing, totalMs };
    await observe("DONE", "begun");
    await move(work, { stage: "DONE", status: "success", timing, completedAt: now, failedStage: null });
    await observe("DONE", "worked");
    metrics.ended.inc({ outcome: "success" });
  }

  async function fail(runId: string, sentence: string): Promise<boolean> {
    const run = await repository.load(runId);
    if (run === null) return false;
    const now = clock.now();
    await observe("ERROR", "begun");
    const ended = await repository.end(runId, {
      status: "error",
      stage: "ERROR",
      failedStage: resumedAt(run.stage),
      errorMessage: sentence,
      completedAt: now,
      updatedAt: now,
    });
    await observe("ERROR", "worked");
    if (ended) {
      metrics.ended.inc({ outcome: "error" });
      changed(run);
    }
    return ended;
  }

  return {
    async run(runId, { fence, signal }) {
      const run = await repository.load(runId);
      if (run === null || run.deletedAt !== null) return;
      if (run.status !== "pending" && run.status !== "running") return;
      try {
        const lease = { runId, edition: run.edition, fence };
        const sources = createRunSources(run, lease, parts);
        await through({ run, sources, lease, signal, found: {} });
      } catch (error) {
        if (error instanceof RunLost) return;
        signal.throwIfAborted();
        const sentence = sentenceOf(error);
        if (sentence === null) throw error;
        await fail(runId, sentence);
      }
    },
    fail,
  };
}

/** Null where another try may help. */
function sentenceOf(error: unknown): string | null {
  if (error instanceof RunStopped) return error.message;
  return error instanceof AppError && !error.retryable && error.code !== "INTERNAL" ? error.message : null;
}

const machinesOff = "Your organisation has switched machines off: nothing is rewritten.";
const nothingAsked =
  "No requirement was found in the posting: add what it asks for to its text, and try again.";
const nothingChosen = "No bullet fits under these budgets: raise them, or pin what must be on the page.";
const alwaysEdited = "The résumé was edited all the while: try again when it is finished.";
