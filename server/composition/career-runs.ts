// Runs put together: over résumés, postings and their rubrics, models that may be asked, and the maker of pages.
import type mongoose from "mongoose";
import { AppError } from "../../shared/errors.ts";
import { deriveModelKey, runTemplates, type ArtifactType } from "../../shared/schemas/career/enums.ts";
import type { RunPage } from "../../shared/schemas/career/runs.ts";
import type { MasterResumeId, PostingId } from "../../shared/ids.ts";
import type { AiService } from "../modules/ai/index.ts";
import {
  createArtefactMaker,
  templatesVersion,
  pagesCheck,
  type ArtefactMaker,
  findLatex,
  templateFaults,
  type ArtefactRequest,
  type LatexProgram,
} from "../modules/career/artefacts/index.ts";
import type { CareerOwner } from "../modules/career/index.ts";
import type { PostingDependents, PostingsService } from "../modules/career/postings/index.ts";
import { contentHash } from "../modules/career/resume/hash.ts";
import type { ResumeDependents, ResumesService } from "../modules/career/resumes/index.ts";
import {
  createRunFiles,
  createRunFilesRepository,
  createRunsModule,
  createRunsRepository,
  RunStopped,
  type ArtefactInput,
  type PageTemplate,
  type RunFileMaker,
  type RunResume,
  type RunsModuleParts,
  type RunsPostings,
  type RunsResumes,
} from "../modules/career/runs/index.ts";
import type { FieldCipher } from "../platform/privacy/field-cipher.ts";
import type { EmbeddingsProvider } from "../vendors/embeddings/index.ts";
import type { FileStore } from "../vendors/files/index.ts";
import type { Rewriter } from "../vendors/language/index.ts";

export interface CareerRunsParts extends Omit<
  RunsModuleParts,
  "repository" | "hashes" | "resumes" | "postings" | "artefacts" | "writers" | "observe" | "leaseMs"
> {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  ai: Pick<AiService, "useOf">;
  embeddings: EmbeddingsProvider;
  rewriters: readonly Rewriter[];
  fileStore: FileStore;
  /** Sets templates of people's own; null where it is not installed. */
  latex: LatexProgram | null;
  /** Told of each run that is gone for good. */
  forgotten(runId: string): Promise<void>;
}

/** Registers a job, so it is called before the jobs start. */
export async function createCareerRuns(
  parts: CareerRunsParts & { resumes: ResumesService; postings: PostingsService },
) {
  const { connection, cipher, ai, rewriters, logger, clock, fileStore, latex } = parts;
  const pages = createArtefactMaker({
    latex,
    report: (error) => logger.error({ error: error as Error }, "a page could not be made"),
  });
  const models = new Map(rewriters.map((rewriter) => [deriveModelKey(rewriter.name), rewriter]));
  const useOf = async (orgId: CareerOwner["orgId"]) => (orgId === null ? "model" : await ai.useOf(orgId));
  const files = createRunFiles({
    repository: await createRunFilesRepository(connection, cipher),
    store: fileStore,
    maker: makerOf(pages, latex?.engine === "pdflatex"),
    clock,
  });
  const runs = createRunsModule({
    ...parts,
    repository: await createRunsRepository(connection, cipher),
    hashes: cipher,
    resumes: resumesFor(parts, useOf),
    postings: postingsFor(parts.postings),
    artefacts: {
      ...files,
      async removeOfRuns(runIds) {
        await files.removeOfRuns(runIds);
        for (const runId of runIds) await parts.forgotten(runId);
      },
    },
    writers: {
      models: [...models].map(([key, { name }]) => ({ key, name })),
      rewriter: (key) => models.get(key) ?? null,
      useOf,
    },
  });
  const ofPosting: PostingDependents = {
    deletedWith: (owner, jobId, at) => runs.dependents.deletedWith(owner, { jobId }, at),
    restoredWith: (owner, jobId, at) => runs.dependents.restoredWith(owner, { jobId }, at),
    removedWith: (jobId) => runs.dependents.removedWith({ jobId }),
  };
  const ofResume: ResumeDependents = {
    deletedWith: (owner, masterResumeId, at) => runs.dependents.deletedWith(owner, { masterResumeId }, at),
    restoredWith: (owner, masterResumeId, at) => runs.dependents.restoredWith(owner, { masterResumeId }, at),
    removedWith: (masterResumeId) => runs.dependents.removedWith({ masterResumeId }),
  };
  return {
    runs,
    ofPosting,
    ofResume,
    async close() {
      await runs.stop();
      await pages.stop();
    },
  };
}

function resumesFor(
  { resumes, embeddings }: { resumes: ResumesService; embeddings: EmbeddingsProvider },
  useOf: (orgId: CareerOwner["orgId"]) => Promise<string>,
): RunsResumes {
  return {
    async get(owner, id) {
      return await resumes.scored(owner, id as MasterResumeId);
    },
    async similarities(owner, resume, requirements, signal) {
      // Counted words say nothing that relevance does not know already.
      if (embeddings.mode === "lexical" || (await useOf(owner.orgId)) !== "model") return null;
      const found = await resumes.prepared(owner, resume.id as MasterResumeId, signal);
      if (found === null || found.embeddings.size === 0) return null;
      const vectors = await embeddings.embed(
        requirements.map(({ requirement }) => requirement),
        { subject: { meetingId: null, orgId: owner.orgId }, signal },
      );
      const pairs = [...found.embeddings].flatMap(([bulletId, vector]) =>
        requirements.map(({ reqId }, place) => ({ bulletId, reqId, sim: cosine(vector, vectors[place]) })),
      );
      return { model: found.embeddingModel, pairs, cached: found.cacheHits.embeddings };
    },
  };
}

/** Of vectors of length 1. */
function cosine(one: Float32Array, other: Float32Array | undefined): number {
  if (other === undefined) return 0;
  return Math.max(
    0,
    one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0),
  );
}

function postingsFor(postings: PostingsService): RunsPostings {
  return {
    async get(owner, id) {
      const posting = await postings.record(owner, id as PostingId);
      if (posting === null) return null;
      const { title, company, extractedText, rawDescription, jobUrl, platform } = posting;
      return {
        id,
        posting: {
          ...{ title, extractedText, rawDescription, jobUrl, platform },
          ...(company !== null && { company }),
        },
      };
    },
    async rubric(owner, id, { rulesOnly }) {
      const posting = await postings.record(owner, id as PostingId);
      if (posting === null) throw new RunStopped("The posting is not there any more.");
      const { rubric, promptHash } = await postings.rubricOf(posting, rulesOnly ? "rules" : undefined);
      return { rubric, promptVersion: rubric.version, promptHash };
    },
  };
}

/** By the setting `PDFLATEX`. */
export async function latexBy(setting: string | null): Promise<LatexProgram | null> {
  if (setting === "off") return null;
  return setting === null ? await findLatex(process.env["PATH"]) : { engine: "pdflatex", path: setting };
}

function templateOf(
  { template, pageLimit }: RunPage,
  { customLatexTemplate }: Pick<RunResume, "customLatexTemplate">,
  canSetLatex: boolean,
): PageTemplate {
  const own = template === "custom" ? ownTemplateOf(customLatexTemplate, canSetLatex) : null;
  return {
    version: `${template}/${templatesVersion}`,
    hash: contentHash([templatesVersion, template, pageLimit, ...(own === null ? [] : [own])]),
  };
}

function ownTemplateOf(source: string | null, canSetLatex: boolean): string {
  const refused = (sentence: string) =>
    new AppError("VALIDATION_ERROR", sentence, { details: { field: "template" } });
  if (!canSetLatex)
    throw refused("pdfLaTeX, which sets templates of one's own, is not installed here: choose another look.");
  if (source === null) throw refused("This résumé has no LaTeX template of its own: add one to it first.");
  const faults = templateFaults(source);
  if (faults.length > 0) throw refused(`This résumé's own template cannot be used. ${faults.join(" ")}`);
  return source;
}

function requestOf({ resume, plan, tailored, page }: ArtefactInput): ArtefactRequest {
  const { template: name, pageLimit } = page;
  const template =
    name === "custom" ? { name, source: ownTemplateOf(resume.customLatexTemplate, true) } : { name };
  return { resume: resume.content, plan, tailored, template, pageLimit };
}

function makerOf(pages: ArtefactMaker, canSetLatex: boolean): RunFileMaker {
  return {
    templates: runTemplates.filter((name) => name !== "custom" || canSetLatex),
    templateOf: (page, resume) => templateOf(page, resume, canSetLatex),
    warm: () => pages.warm(),
    async makeOthers(input) {
      const { json, jsonResume, docx, latex, notes } = await pages.makeOthers(requestOf(input));
      const files = new Map<ArtifactType, Uint8Array>([
        ["tex", Buffer.from(latex)],
        ["json", Buffer.from(json)],
        ["json-resume", Buffer.from(jsonResume)],
        ["docx", docx],
      ]);
      return { files, notes };
    },
    async makePdf(input) {
      const { pdf, notes } = await pages.makePdf(requestOf(input));
      if (pdf === null) throw new RunStopped(notes.join(" "));
      const findings = pdf.checks.flatMap(({ name, finding }) =>
        // How long it is, is answered by choosing less.
        finding === undefined || name === pagesCheck ? [] : [finding],
      );
      const { bytes, pages: count, length } = pdf;
      return {
        pdf: bytes,
        page: { pages: count, length, limit: input.page.pageLimit },
        notes: [...notes, ...findings],
      };
    },
  };
}
