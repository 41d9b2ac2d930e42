// Master résumés as their owner is shown them.
import type { EvidenceScores } from "../../../../shared/schemas/career/bullets.ts";
import type {
  Resume,
  ResumeList,
  ResumePreparation,
  ResumeSummary,
} from "../../../../shared/schemas/career/resumes.ts";
import { bulletsOf } from "../resume/bullets.ts";
import type { StoredResume } from "./index.ts";

export function presented(
  resume: StoredResume,
  { evidence, preparation }: { evidence: EvidenceScores | null; preparation: ResumePreparation },
): Resume {
  const { content, customLatexTemplate, original, publicPage } = resume;
  return {
    ...summaryOf(resume),
    content,
    evidence: evidence?.scores ?? [],
    preparation,
    customLatexTemplate,
    publicPage:
      publicPage === null
        ? null
        : {
            path: `/r/${publicPage.token}`,
            parts: publicPage.parts,
            since: publicPage.since.toISOString(),
          },
    original:
      original === null
        ? null
        : { name: original.name, type: original.type, lines: original.lines, leftOut: original.leftOut },
  };
}

export function presentedList(resumes: readonly StoredResume[]): ResumeList {
  const latestFirst = [...resumes].sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
  return {
    items: latestFirst.filter(({ isDeleted }) => !isDeleted).map(summaryOf),
    deleted: latestFirst.flatMap((resume) =>
      resume.deletedAt === null ? [] : [{ ...summaryOf(resume), deletedAt: resume.deletedAt.toISOString() }],
    ),
  };
}

function summaryOf(resume: StoredResume): ResumeSummary {
  const { id, name, isActive, source, contentHash, content, customLatexTemplate, revision } = resume;
  return {
    id,
    name,
    isActive,
    source,
    contentHash,
    bullets: bulletsOf(content).length,
    hasOwnTemplate: customLatexTemplate !== null,
    revision,
    createdAt: resume.createdAt.toISOString(),
    updatedAt: resume.updatedAt.toISOString(),
  };
}
