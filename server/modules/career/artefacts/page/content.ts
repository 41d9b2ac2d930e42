// The résumé that is printed: a tailored one with what only its master has, or the master itself.
import type { ResumeContent } from "../../../../../shared/schemas/career/resume.ts";
import type { SelectionPlan } from "../../../../../shared/schemas/career/selection.ts";
import type { TailoredResume } from "../../../../../shared/schemas/career/tailored.ts";

export interface Printed {
  resume: ResumeContent;
  tailored: TailoredResume | null;
  plan: SelectionPlan | null;
}

/**
 * A tailored résumé decides what stands on the page; name, ways to reach the person, links and addresses of projects and
 * schools are the master's. Mentorship is not selected for a posting and stands on the master's own page only.
 */
export function contentOf({ resume, tailored, plan }: Printed): ResumeContent {
  if (tailored === null) return resume;
  const links = new Map(resume.projects.map(({ projectId, name, url }) => [projectId ?? name, url]));
  const intended = plan === null ? null : new Set(selectedIds(plan));
  const kept = (bullets: TailoredResume["projects"][number]["bullets"]) =>
    bullets
      // What was not selected has no way onto the page, whoever wrote it.
      .filter(({ bulletId }) => intended === null || intended.has(bulletId))
      .map(({ bulletId, tailoredText }) => ({ bulletId, text: tailoredText }));
  return {
    basics: resume.basics,
    ...(tailored.summary.trim() === "" ? {} : { summary: tailored.summary }),
    skills: tailored.skills,
    workExperience: tailored.workExperience.map(({ bullets, ...role }) => ({
      ...role,
      bullets: kept(bullets),
    })),
    projects: tailored.projects.map(({ bullets, ...project }) => {
      const url = links.get(project.projectId);
      return { ...project, ...(url === undefined ? {} : { url }), bullets: kept(bullets) };
    }),
    education: tailored.education.map((entry) => {
      const own = resume.education.find(
        ({ institution, degree }) => institution === entry.institution && degree === entry.degree,
      );
      return own?.links === undefined ? entry : { ...entry, links: own.links };
    }),
    awards: tailored.awards ?? [],
    mentorship: [],
    links: resume.links,
  };
}

function selectedIds({ selected }: SelectionPlan): string[] {
  return [...selected.workExperience, ...selected.projects, ...selected.awards].map(
    ({ bulletId }) => bulletId,
  );
}
