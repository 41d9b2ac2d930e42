// The career pipeline, area by area: each is made here and handed on as one, with one port for what goes with its person.
import type { CareerArea, CareerServices } from "../modules/career/index.ts";
import type { PostingDependents } from "../modules/career/postings/index.ts";
import { createCareerPostings, type CareerPostingsParts } from "./career-postings.ts";
import { createCareerResumes, type CareerResumesParts } from "./career-resumes.ts";

export type CareerParts = Omit<CareerPostingsParts, "dependents" | "writer" | "readDocument"> &
  CareerResumesParts;

/** Registers jobs, so it is called before the jobs start. */
export async function createCareer(
  parts: CareerParts,
): Promise<{ career: CareerServices; careerData: CareerArea; closeCareer(): Promise<void> }> {
  const { resumes, area: resumesArea } = await createCareerResumes(parts);
  const dependents: PostingDependents[] = [];
  const { postings, applications, ...opened } = await createCareerPostings({
    ...parts,
    dependents,
    writer: null,
    readDocument: () => Promise.reject(new Error("no document is taken for a posting")),
  });
  // What is made of something stands behind it.
  const areas: CareerArea[] = [resumesArea, postings, applications];
  return {
    career: { resumes, postings, applications },
    closeCareer: () => opened.close(),
    careerData: {
      // What is made of something goes before it.
      async removeOfPerson(userId) {
        for (const area of [...areas].reverse()) await area.removeOfPerson(userId);
      },
      async exportOf(userId) {
        const found = await Promise.all(areas.map((area) => area.exportOf(userId)));
        return Object.assign({}, ...found) as Record<string, unknown[]>;
      },
      async removeDeleted(before) {
        let removed = 0;
        for (const area of [...areas].reverse()) removed += await area.removeDeleted(before);
        return removed;
      },
    },
  };
}
