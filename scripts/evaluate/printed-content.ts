// A résumé as its page says it: each text in the form in which it is printed, which is the most that can be read back.
import { pageText, rangeText } from "../../server/modules/career/artefacts/page/text.ts";
import { skillCategories, type ResumeContent } from "../../shared/schemas/career/resume.ts";

export function printedContent(content: ResumeContent): ResumeContent {
  const bullets = (all: readonly { text: string }[]) => all.map(({ text }) => ({ text: pageText(text) }));
  return {
    ...content,
    basics: Object.fromEntries(
      Object.entries(content.basics).map(([field, text]) => [field, pageText(text ?? "")]),
    ) as ResumeContent["basics"],
    summary: pageText(content.summary ?? ""),
    workExperience: content.workExperience.map((role) => ({
      ...role,
      company: pageText(role.company),
      title: pageText(role.title),
      dateRange: rangeText(role.dateRange),
      ...(role.location === undefined ? {} : { location: pageText(role.location) }),
      bullets: bullets(role.bullets),
    })),
    projects: content.projects.map((project) => ({
      ...project,
      name: pageText(project.name),
      ...(project.date === undefined ? {} : { date: rangeText(project.date) }),
      bullets: bullets(project.bullets),
    })),
    education: content.education.map((study) => ({
      ...study,
      institution: pageText(study.institution),
      degree: pageText(study.degree),
      dates: rangeText(study.dates),
    })),
    skills: Object.fromEntries(
      skillCategories.map((category) => [category, content.skills[category].map(pageText)]),
    ) as ResumeContent["skills"],
  };
}
