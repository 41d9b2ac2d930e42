// The career pipeline, area by area: each is made here and handed on as one, with one port for what goes with its person.
import type { CareerArea, CareerServices } from "../modules/career/index.ts";
import {
  verifiedRubric,
  type PostingDependents,
  type RubricWriter,
} from "../modules/career/postings/index.ts";
import { createResumeReader } from "../modules/career/resumes/index.ts";
import type { RunsModule } from "../modules/career/runs/index.ts";
import type { ResumeDependents } from "../modules/career/resumes/index.ts";
import type { PostingReader } from "../vendors/language/posting-reading.ts";
import { careerRelations, createCareerCleanup, createOrphans } from "../modules/career/cleanup/index.ts";
import { createCareerPostings, type CareerPostingsParts } from "./career-postings.ts";
import { createCareerResumes, type CareerResumesParts } from "./career-resumes.ts";
import { createCareerRuns, type CareerRunsParts } from "./career-runs.ts";

export type CareerParts = Omit<CareerPostingsParts, "dependents" | "namedRuns" | "writer" | "readDocument"> &
  Omit<CareerResumesParts, "reader" | "dependents"> &
  Omit<CareerRunsParts, "forgotten"> & { postingReader: PostingReader | null };

export { latexBy } from "./career-runs.ts";

/** Registers jobs, so it is called before the jobs start. */
export async function createCareer(parts: CareerParts): Promise<{
  career: CareerServices;
  careerData: CareerArea;
  /** What a crash left between two writes goes on. */
  startCareer(): Promise<void>;
  closeCareer(): Promise<void>;
}> {
  const reader = createResumeReader(parts);
  const resumeDependents: ResumeDependents[] = [];
  const { resumes, area: resumesArea } = await createCareerResumes({
    ...parts,
    reader,
    dependents: resumeDependents,
  });
  const dependents: PostingDependents[] = [];
  const made: { runs?: RunsModule } = {};
  const { postings, applications, ...opened } = await createCareerPostings({
    ...parts,
    dependents,
    namedRuns: { find: (owner, runId) => made.runs?.find(owner, runId) ?? Promise.resolve(null) },
    writer: parts.postingReader === null ? null : writerOf(parts.postingReader),
    readDocument: (file) => reader.readText(file),
  });
  const { runs, ofPosting, ofResume, ...openedRuns } = await createCareerRuns({
    ...parts,
    resumes,
    postings,
    forgotten: (runId) => applications.forgetRun(runId),
  });
  made.runs = runs;
  dependents.push(ofPosting);
  resumeDependents.push(ofResume);
  // What is made of something stands behind it.
  const areas: CareerArea[] = [resumesArea, postings, applications, runs.area];
  const careerData = together(areas);
  const cleanup = createCareerCleanup({
    ...parts,
    area: careerData,
    orphans: createOrphans(parts.connection),
    relations: careerRelations,
    before: { generatedArtifacts: (runIds) => runs.removeFilesOf(runIds) },
  });
  await cleanup.start();
  return {
    career: { resumes, postings, applications, runs: runs.service },
    startCareer: () => runs.start(),
    async closeCareer() {
      await openedRuns.close();
      await opened.close();
    },
    careerData,
  };
}

/** Quotes are checked here: what the model says is not believed. */
function writerOf(reader: PostingReader): RubricWriter {
  const { name, version, promptHash } = reader;
  return {
    name,
    version,
    promptHash,
    write: async (text, { orgId }) => verifiedRubric(await reader.read(text, { orgId }), text),
  };
}

function together(areas: readonly CareerArea[]): CareerArea {
  // What is made of something goes before it.
  const backwards = [...areas].reverse();
  return {
    async removeOfPerson(userId) {
      for (const area of backwards) await area.removeOfPerson(userId);
    },
    async exportOf(userId) {
      const found = await Promise.all(areas.map((area) => area.exportOf(userId)));
      return Object.assign({}, ...found) as Record<string, unknown[]>;
    },
    async removeDeleted(before) {
      let removed = 0;
      for (const area of backwards) removed += await area.removeDeleted(before);
      return removed;
    },
  };
}
