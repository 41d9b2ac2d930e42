// What stands on a public page: of each part every word where it was chosen, and none where it was not.
import { expect, test } from "vitest";
import { currentResumeSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { publicParts, type PublicPart } from "../../../../shared/schemas/career/resumes.ts";
import { publicPageOf } from "./public-page.ts";

const bullet = (bulletId: string, text: string) => ({ bulletId, text, tags: ["Hiddentag"] });

/** Every field holds words that stand nowhere else. */
const content: ResumeContent = currentResumeSchema.parse({
  basics: {
    name: "Ownname",
    headline: "Ownheadline",
    email: "mail@contact.example",
    phone: "+44 20 7946 0123",
    location: "Contactplace",
  },
  summary: "Summarytext",
  skills: {
    programming_languages: ["SkillLanguages"],
    frameworks_libraries: ["SkillFrameworks"],
    tools_cloud_technologies: ["SkillTools"],
    data_science_analytics: ["SkillData"],
    machine_learning_ai: ["SkillMachines"],
    other_skills: ["SkillOthers"],
  },
  workExperience: [
    {
      roleId: "hiddenrole",
      company: "Workcompany",
      title: "Worktitle",
      dateRange: "Mar 2011 - Apr 2012",
      location: "Workplace",
      bullets: [bullet("hiddenbullet1", "Workbullet")],
    },
  ],
  projects: [
    {
      projectId: "hiddenproject",
      name: "Projectname",
      date: "2013",
      url: "https://project.example/one",
      bullets: [bullet("hiddenbullet2", "Projectbullet")],
    },
  ],
  education: [
    {
      institution: "Studyschool",
      degree: "Studydegree",
      dates: "2014",
      location: "Studyplace",
      gpa: "3.97",
      links: ["https://study.example/two"],
    },
  ],
  awards: [{ name: "Awardname", issuer: "Awardissuer", year: "2015", details: "Awarddetails" }],
  mentorship: ["Mentortext"],
  links: ["https://own.example/three"],
});

const wordsOf: Record<PublicPart, string[]> = {
  contact: ["mail@contact.example", "7946 0123", "Contactplace"],
  links: ["own.example/three"],
  summary: ["Summarytext"],
  experience: ["Workcompany", "Worktitle", "2011", "2012", "Workplace", "Workbullet"],
  projects: ["Projectname", "2013", "Projectbullet"],
  education: ["Studyschool", "Studydegree", "2014", "Studyplace", "3.97"],
  skills: ["SkillLanguages", "SkillFrameworks", "SkillTools", "SkillData", "SkillMachines", "SkillOthers"],
  awards: ["Awardname", "Awardissuer", "2015", "Awarddetails"],
  mentorship: ["Mentortext"],
};
/** Addresses inside a part show where both are chosen. */
const linksIn = { projects: "project.example/one", education: "study.example/two" };

test("[CAREER-110] each part alone shows its own words and no word of another part, nor an id or a tag", () => {
  for (const chosen of publicParts) {
    const page = publicPageOf(content, [chosen]);
    for (const own of ["Ownname", "Ownheadline", ...wordsOf[chosen]]) expect(page).toContain(own);
    for (const other of publicParts.filter((part) => part !== chosen))
      for (const word of wordsOf[other]) expect(page, `${word} beside ${chosen}`).not.toContain(word);
    for (const link of Object.values(linksIn)) expect(page, chosen).not.toContain(link);
    expect(page).not.toMatch(/hidden/i);
  }
});

test("[CAREER-110] all parts show all words, and the addresses inside of them", () => {
  const page = publicPageOf(content, publicParts);
  for (const word of [...Object.values(wordsOf).flat(), ...Object.values(linksIn)])
    expect(page).toContain(word);
  expect(page).not.toMatch(/hidden|<script/i);
});
