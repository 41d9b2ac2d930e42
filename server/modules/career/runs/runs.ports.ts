// What a run needs of the other areas: the résumé, the posting and its rubric, similarities, writers, and files.
import type { EvidenceScore } from "../../../../shared/schemas/career/bullets.ts";
import type { Posting } from "../../../../shared/schemas/career/posting.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { Requirement, Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { RunFile, RunPage, RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { RunTemplate } from "../../../../shared/schemas/career/enums.ts";
import type { AiUse } from "../../../../shared/schemas/ai.ts";
import type { Rewriter } from "../../../vendors/language/index.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { MadePage } from "./page-fit.ts";

export interface RunResume {
  id: string;
  name: string;
  /** Changes with the content. */
  contentHash: string;
  /** Every role, project and bullet with its id. */
  content: ResumeContent;
  /** LaTeX of its owner's; null where there is none. */
  customLatexTemplate: string | null;
  evidence: EvidenceScore[];
  /** Whether all of it was there already. */
  evidenceCached: boolean;
}

export interface RunsResumes {
  /** As it is now; null where there is none of theirs, or it is deleted. */
  get(owner: CareerOwner, masterResumeId: string): Promise<RunResume | null>;
  /**
   * How much each bullet has to do with each requirement by an embedding model, 0 to 1; null where none is set, and words
   * alone count. `cached`: no bullet had to be embedded.
   */
  similarities(
    owner: CareerOwner,
    resume: RunResume,
    requirements: readonly Requirement[],
    signal: AbortSignal,
  ): Promise<{
    model: string;
    pairs: { bulletId: string; reqId: string; sim: number }[];
    cached: boolean;
  } | null>;
}

export interface RunPosting {
  id: string;
  posting: Posting;
}

export interface RunsPostings {
  /** Null where there is none of theirs, or it is deleted. */
  get(owner: CareerOwner, jobId: string): Promise<RunPosting | null>;
  /** The one that is kept, or made now; by rules alone where `rulesOnly` says so. */
  rubric(
    owner: CareerOwner,
    jobId: string,
    options: { rulesOnly: boolean; signal: AbortSignal },
  ): Promise<{ rubric: Rubric; promptVersion: string; promptHash: string | null }>;
}

export interface PageTemplate {
  version: string;
  /** Changes with what it makes of the same page. */
  hash: string;
}

export interface ArtefactInput {
  owner: CareerOwner;
  runId: string;
  edition: number;
  /** The highest claim counts: what a late one makes is not kept. */
  fence: number;
  masterResumeId: string;
  page: RunPage;
  /** Whose résumé it is, for the page's head. */
  resume: RunResume;
  plan: SelectionPlan;
  tailored: RunTailored;
  jobTitle: string;
  company: string | null;
  signal: AbortSignal;
}

/** What is to be said of what was made. */
export interface MadeFiles {
  notes: string[];
}

export interface RunsArtefacts {
  /** What pages can be set by here; the first where nothing else is asked for. */
  readonly templates: readonly RunTemplate[];
  /** Which template and rules make a page. Throws VALIDATION_ERROR, in words, where this résumé's own cannot be used. */
  templateOf(page: RunPage, resume: Pick<RunResume, "customLatexTemplate">): PageTemplate;
  /** Has what is heavy loaded while the stages before are worked on. */
  warm(): void;
  /** Makes and keeps all but the page as PDF; over what was there for this run and model. */
  makeLatex(input: ArtefactInput): Promise<MadeFiles>;
  /** Makes, keeps and measures the PDF; over what was there. Throws RunStopped where it cannot be printed, in words. */
  makePdf(input: ArtefactInput): Promise<MadeFiles & { page: MadePage }>;
  /** Of this edition, that are not deleted. */
  of(owner: CareerOwner, runId: string, edition: number): Promise<RunFile[]>;
  /** Throws NOT_FOUND. Whose run it is has been asked before. */
  read(runId: string, artifactId: string): Promise<ReadRunFile>;
  /** For good. */
  removeOfRuns(runIds: readonly string[]): Promise<void>;
}

export interface ReadRunFile extends RunFile {
  /** Names these very bytes. */
  storageId: string;
  bytes(range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
}

export interface RunsWriters {
  /** Models that may be asked, the first one first; empty where none is set. */
  readonly models: readonly { key: string; name: string }[];
  /** Null where there is no such model. */
  rewriter(key: string): Rewriter | null;
  /** What an organisation allows machines. */
  useOf(orgId: CareerOwner["orgId"]): Promise<AiUse>;
}
