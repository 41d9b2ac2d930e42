// What the stages of a run read and keep. Each is read once a try: after that it is what this try has seen or written itself.
import { AppError } from "../../../../shared/errors.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { RunPosting, RunResume, RunsPostings, RunsResumes } from "./runs.ports.ts";
import type { RunLease, RunsRepository, StoredRun } from "./runs.repository.ts";

/** Another process works on it, or it was cancelled, deleted or begun anew: whoever meets it lets go. */
export class RunLost extends Error {}

/** The run cannot go on, for a reason that its owner is told in words. */
export class RunStopped extends Error {}

export interface RunSourcesParts {
  repository: Pick<RunsRepository, "rubric" | "plan" | "tailored" | "putRubric" | "putPlan" | "putTailored">;
  resumes: Pick<RunsResumes, "get">;
  postings: Pick<RunsPostings, "get">;
  clock: Clock;
}

/** Reading throws RunStopped where what the run is made of is gone; keeping throws RunLost where a later claim has written. */
export interface RunSources {
  /** As it is now. */
  resumeNow(): Promise<RunResume>;
  /** As this try has last seen it: a page is made of what its bullets were checked against. */
  resumeSeen(): Promise<RunResume>;
  posting(): Promise<RunPosting>;
  rubric(): Promise<KeptRubric>;
  plan(): Promise<SelectionPlan>;
  /** In the order of their models' keys. */
  tailored(): Promise<RunTailored[]>;
  keepRubric(kept: KeptRubric): Promise<void>;
  keepPlan(plan: SelectionPlan): Promise<void>;
  keepTailored(one: RunTailored): Promise<void>;
}

interface KeptRubric {
  rubric: Rubric;
  rubricHash: string;
}

const resumeGone = "The résumé is not there any more.";
const postingGone = "The posting is not there any more.";

export function createRunSources(
  run: StoredRun,
  lease: RunLease,
  { repository, resumes, postings, clock }: RunSourcesParts,
): RunSources {
  let resume: RunResume | null = null;
  let posting: RunPosting | null = null;
  let rubric: KeptRubric | null = null;
  let plan: SelectionPlan | null = null;
  let pages: Map<string, RunTailored> | null = null;

  async function resumeNow(): Promise<RunResume> {
    resume = await resumes.get(run, run.masterResumeId);
    if (resume === null) throw new RunStopped(resumeGone);
    return resume;
  }

  async function pagesByKey(): Promise<Map<string, RunTailored>> {
    pages ??= new Map((await repository.tailored(run.runId, run.edition)).map((one) => [one.modelKey, one]));
    return pages;
  }

  return {
    resumeNow,
    resumeSeen: async () => resume ?? (await resumeNow()),

    async posting() {
      posting ??= await postings.get(run, run.jobId);
      if (posting === null) throw new RunStopped(postingGone);
      return posting;
    },

    async rubric() {
      rubric ??= await repository.rubric(run.runId);
      if (rubric === null) throw new AppError("UNAVAILABLE", "The run's rubric is not there yet.");
      return rubric;
    },

    async plan() {
      plan ??= await repository.plan(run.runId, run.edition);
      if (plan === null) throw new AppError("UNAVAILABLE", "The run's plan is not there yet.");
      return plan;
    },

    async tailored() {
      const all = [...(await pagesByKey()).values()];
      return all.sort((a, b) => (a.modelKey < b.modelKey ? -1 : 1));
    },

    async keepRubric(made) {
      kept(await repository.putRubric(lease, { ...made, createdAt: clock.now() }));
      rubric = made;
    },

    async keepPlan(made) {
      kept(await repository.putPlan(lease, made, clock.now()));
      plan = made;
    },

    async keepTailored(one) {
      kept(await repository.putTailored(lease, one, clock.now()));
      (await pagesByKey()).set(one.modelKey, one);
    },
  };
}

function kept(written: boolean): void {
  if (!written) throw new RunLost();
}
