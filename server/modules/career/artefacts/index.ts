// What a run hands out: a résumé as JSON, LaTeX, PDF and Word, measured and checked.
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { TailoredResume } from "../../../../shared/schemas/career/tailored.ts";
import type { OwnTemplate, Paper } from "./page/templates.ts";

export { pagesCheck } from "./checks/text-checks.ts";
export { findLatex, type LatexProgram } from "./latex/compile.ts";
export { templateFaults } from "./latex/custom.ts";
export { createArtefactMaker, templatesVersion } from "./make.ts";

/** One of ours, or LaTeX that its owner wrote, with placeholders: see `latex/custom.ts`. */
export type Template = { name: OwnTemplate } | { name: "custom"; source: string };

export interface ArtefactRequest {
  /** The master résumé. */
  resume: ResumeContent;
  /** Null where the whole master is printed, as `tailored` is then. */
  plan: SelectionPlan | null;
  tailored: TailoredResume | null;
  template: Template;
  /** A4 unless it says otherwise. */
  paper?: Paper;
  pageLimit: number;
}

export type PdfEngine = "typst" | "pdflatex" | "lualatex" | "xelatex";

export interface PageCheck {
  name: string;
  passed: boolean;
  /** A sentence for a person, where it has not passed. */
  finding?: string;
}

export interface MadePdf {
  bytes: Uint8Array;
  engine: PdfEngine;
  /** As measured in the file. Above the limit nothing is cut: whoever asked selects less and asks again. */
  pages: number;
  fitsPageLimit: boolean;
  /** In pages, with the last one as far as it is filled; where that is not known, as if half. */
  length: number;
  /** What a machine that reads the file finds. */
  checks: PageCheck[];
}

export interface Artefacts {
  /** Of what is printed and how: the same hash, the same bytes. */
  hash: string;
  /** Ours: `resumeContentSchema` reads it back. */
  json: string;
  /** JSON Resume 1.2.1. */
  jsonResume: string;
  latex: string;
  docx: Uint8Array;
  /** Null where it cannot be printed: `notes` says why. */
  pdf: MadePdf | null;
  /** Sentences for the person. */
  notes: string[];
}

export interface ArtefactMaker {
  /**
   * All of it. The same request has the same bytes. Throws VALIDATION_ERROR where a template of one's own is refused, and says
   * why; UNAVAILABLE where the PDF was not made for what may pass.
   */
  make(request: ArtefactRequest): Promise<Artefacts>;
  /** The PDF alone, and all but the PDF: the same bytes as together. */
  makePdf(request: ArtefactRequest): Promise<Pick<Artefacts, "pdf" | "notes">>;
  makeOthers(request: ArtefactRequest): Promise<Omit<Artefacts, "pdf">>;
  /** Has what is heavy loaded, so that the next PDF does not wait for it. */
  warm(): void;
  stop(): Promise<void>;
}
