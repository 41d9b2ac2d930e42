// Résumés in and out, and ids that stay with their bullets, on a nurse's and an engineer's résumé.
import fc from "fast-check";
import { expect, test } from "vitest";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { deriveModelKey } from "../../../../shared/schemas/career/enums.ts";
import { jsonResumeSchema } from "../../../../shared/schemas/career/json-resume.ts";
import { resumeContentSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { bulletsOf, withBulletIds } from "./bullets.ts";
import { shownRange, standardRange } from "./dates.ts";
import { contentHash } from "./hash.ts";
import { contentOfJsonResume, jsonResumeOf } from "./json-resume.ts";

const nurse = {
  basics: { name: "Amara Okafor", headline: "Staff nurse", location: "Leeds" },
  summary: "Ward nurse with a teaching certificate.",
  skills: { other_skills: ["Triage", "Epic"] },
  workExperience: [
    {
      company: "St Mary's Hospital",
      title: "Staff Nurse",
      dateRange: "Mar 2019 - Present",
      bullets: [
        { text: "Led a shift of 12 nurses on a 30-bed surgical ward." },
        { text: "Cut medication errors by 22% with a double-check protocol." },
      ],
    },
    {
      company: "St Mary's Hospital",
      title: "Health Care Assistant",
      dateRange: "2016 - Feb 2019",
      bullets: [{ text: "Supported 15 patients a day with meals and mobility.", tags: ["Care"] }],
    },
  ],
  projects: [
    { name: "Handover checklist", date: "2021", bullets: [{ text: "Wrote a one-page handover checklist." }] },
  ],
  education: [{ institution: "University of Leeds", degree: "BSc Nursing", dates: "2013 - 2016" }],
  awards: [{ name: "Nurse of the Year", issuer: "St Mary's", year: "2022" }],
  mentorship: ["Mentored three student nurses"],
  links: ["https://example.org/amara"],
};

const read = (input: unknown): ResumeContent => resumeContentSchema.parse(input);
const numbered = () => withBulletIds(read(nurse));
const idsOf = (content: ResumeContent) => bulletsOf(content).map(({ bulletId }) => bulletId);

test("[CAREER-1] old names of fields are understood, and single texts where lists or objects are meant", () => {
  const old = {
    full_name: "Amara Okafor",
    professional_summary: "Ward nurse.",
    technical_skills: ["Triage", "Epic"],
    work_experience: [
      {
        employer: "St Mary's",
        position: "Nurse",
        duration: "2019 - 2021",
        responsibilities: ["Led a shift."],
      },
      { company: "Hill House", role: "Carer", dates: 2018, description: "Cooked.\nCleaned." },
    ],
    personal_projects: [{ project_name: "Checklist", year: 2021, bullet_points: [{ bullet: "Wrote it." }] }],
    education: [{ school: "Leeds", qualification: "BSc", year: 2016, location: null }],
    honours: ["Nurse of the Year"],
    links: { site: "https://example.org" },
  };
  const content = read(old);
  expect(content.basics.name).toBe("Amara Okafor");
  expect(content.skills.other_skills).toEqual(["Triage", "Epic"]);
  expect(content.workExperience.map(({ company, title, dateRange }) => [company, title, dateRange])).toEqual([
    ["St Mary's", "Nurse", "2019 - 2021"],
    ["Hill House", "Carer", "2018"],
  ]);
  expect(content.workExperience[1]?.bullets.map(({ text }) => text)).toEqual(["Cooked.", "Cleaned."]);
  expect(content.projects[0]).toMatchObject({
    name: "Checklist",
    date: "2021",
    bullets: [{ text: "Wrote it." }],
  });
  expect(content.education[0]).toMatchObject({ institution: "Leeds", degree: "BSc", dates: "2016" });
  expect(content.awards).toEqual([{ name: "Nurse of the Year", issuer: "", year: "" }]);
  expect(content.links).toEqual(["https://example.org"]);
});

test("[CAREER-1] what is too large or has no name is refused, and nobody is made up", () => {
  const tooLong = { ...nurse, summary: "x".repeat(careerBounds.summaryMaxChars + 1) };
  const bullets = Array.from({ length: 51 }, (_, at) => ({ text: `Line ${at}` }));
  const role = { company: "A", title: "B", dateRange: "", bullets };
  expect(resumeContentSchema.safeParse(tooLong).success).toBe(false);
  expect(resumeContentSchema.safeParse({ ...nurse, workExperience: Array(10).fill(role) }).success).toBe(
    false,
  );
  expect(resumeContentSchema.safeParse({ ...nurse, basics: {} }).success).toBe(false);
  expect(resumeContentSchema.safeParse("John Doe").success).toBe(false);
  expect(resumeContentSchema.safeParse(contentOfJsonResume(jsonResumeSchema.parse({}))).success).toBe(false);
});

test("[CAREER-1] what JSON Resume says above its highlights is kept with them, and ids of other programs do no harm", () => {
  const highlights = ["Welded.", "Cut steel."];
  const content = read(
    contentOfJsonResume(
      jsonResumeSchema.parse({
        basics: { name: "Li Wei" },
        work: [
          {
            id: "3F2A-uuid",
            name: "Acme",
            summary: "The shop makes anvils. ".repeat(60),
            highlights,
            highlightIds: ["b1", "B-2"],
          },
        ],
        projects: [{ name: "Anvil", description: "A small one.", highlights }],
      }),
    ),
  );
  const [role] = content.workExperience;
  expect(role?.roleId).toBeUndefined();
  expect(role?.bullets.map(({ bulletId }) => bulletId)).toEqual([undefined, undefined, "b1", undefined]);
  expect(role?.bullets.slice(2).map(({ text }) => text)).toEqual(highlights);
  expect(content.projects[0]?.bullets.map(({ text }) => text)).toEqual(["A small one.", ...highlights]);
  const [ours] = read({ name: "Li Wei", work: [{ id: "A-1", company: "Acme" }] }).workExperience;
  expect(ours).toEqual({ company: "Acme", title: "", dateRange: "", bullets: [] });
});

test("[CAREER-1] JSON Resume is read with its older names, empty fields and numbers", () => {
  const content = read(
    contentOfJsonResume(
      jsonResumeSchema.parse({
        basics: {
          name: "Li Wei",
          picture: "x.png",
          website: "https://li.example",
          location: { city: "Bern" },
        },
        work: [
          {
            company: "Acme",
            position: "Welder",
            startDate: "2019-03",
            endDate: "",
            highlights: ["Welded.", ""],
          },
          { name: "Beta", position: null, startDate: "2015-19", endDate: 2018, summary: "Cut steel." },
          { position: "No name" },
        ],
        education: [
          { institution: "TU", area: "Metal", studyType: "Diploma", startDate: "2010", endDate: "2014-06" },
        ],
        certificates: [{ name: "EN ISO 9606", issuer: "TÜV", date: "2020-05-01" }],
        languages: [{ language: "German", fluency: "B2" }],
        skills: [
          { name: "Welding", keywords: [] },
          { name: "Tools", keywords: ["MIG", "TIG"] },
        ],
        interests: null,
      }),
    ),
  );
  expect(content.workExperience.map(({ company, dateRange }) => [company, dateRange])).toEqual([
    ["Acme", "Mar 2019 - Present"],
    ["Beta", "2015-19 - 2018"],
  ]);
  expect(content.workExperience.flatMap(({ bullets }) => bullets.map(({ text }) => text))).toEqual([
    "Welded.",
    "Cut steel.",
  ]);
  expect(content.education[0]).toMatchObject({ degree: "Diploma, Metal", dates: "2010 - Jun 2014" });
  expect(content.awards[0]).toEqual({ name: "EN ISO 9606", issuer: "TÜV", year: "May 2020" });
  expect(content.skills.other_skills).toEqual(["Welding", "MIG", "TIG", "German - B2"]);
  expect(content.links).toEqual(["https://li.example"]);
});

test("[CAREER-2] out as JSON Resume and back in, everything is there", () => {
  const before = numbered();
  const document: unknown = JSON.parse(JSON.stringify(jsonResumeOf(before)));
  const after = read(contentOfJsonResume(jsonResumeSchema.parse(document)));
  const untagged = before.workExperience.map((role) => ({
    ...role,
    bullets: role.bullets.map(({ bulletId, text }) => ({ bulletId, text })),
  }));
  expect(after).toEqual({ ...before, workExperience: untagged });
  expect(document).toMatchObject({
    work: [{ startDate: "2019-03" }, { startDate: "2016", endDate: "2019-02" }],
  });
});

test("[CAREER-3] dates are shown, and written back only where they are certain", () => {
  expect(shownRange({ start: "2019-03-01", end: undefined, ongoing: true })).toBe("Mar 2019 - Present");
  expect(shownRange({ start: "2019-19", end: "2020", ongoing: true })).toBe("2019-19 - 2020");
  expect(shownRange({ start: undefined, end: undefined, ongoing: true })).toBe("");
  expect(standardRange("March 2019 – Present")).toEqual({ startDate: "2019-03" });
  expect(standardRange("Spring 2019 - 2020")).toEqual({});
  expect(standardRange("2019-19 - 2020")).toEqual({});
});

test("[CAREER-4] ids are readable, and stay when texts, order and neighbours change", () => {
  const first = numbered();
  expect(idsOf(first)).toEqual([
    "exp_st_mary_staff_nurse_b1",
    "exp_st_mary_staff_nurse_b2",
    "exp_st_mary_health_care_assistant_b1",
    "proj_handover_checklist_b1",
    "award_nurse_of_the_year",
  ]);
  const edited = structuredClone(nurse);
  const [ward] = edited.workExperience;
  ward?.bullets.splice(
    0,
    2,
    {
      text: "Cut medication errors by 22% in one year with a double-check protocol.",
    },
    { text: "Trained new colleagues in wound care." },
  );
  const second = withBulletIds(read(edited), bulletsOf(first));
  // The first is gone and its number with it; the second was edited and has moved up; the third is new.
  expect(idsOf(second).slice(0, 2)).toEqual(["exp_st_mary_staff_nurse_b2", "exp_st_mary_staff_nurse_b3"]);
});

test("[CAREER-4] a bullet that moves to another role takes its id along, and no id stands twice", () => {
  const first = numbered();
  const moved = structuredClone(first);
  const [ward, care] = moved.workExperience;
  const bullet = ward?.bullets.pop();
  if (bullet !== undefined) care?.bullets.push(bullet, { ...bullet, text: "Something new altogether." });
  const ids = idsOf(withBulletIds(read(moved), bulletsOf(first)));
  expect(ids[2]).toBe("exp_st_mary_staff_nurse_b2");
  expect(new Set(ids).size).toBe(ids.length);
});

test("[CAREER-4] numbering again changes nothing, whatever the order of a role's bullets", () => {
  const first = numbered();
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1], { minLength: 1 }), (order) => {
      const shuffled = structuredClone(nurse);
      const [ward] = shuffled.workExperience;
      const [original] = nurse.workExperience;
      if (ward !== undefined) ward.bullets = order.flatMap((at) => original?.bullets[at] ?? []);
      const again = withBulletIds(read(shuffled), bulletsOf(first));
      const texts = new Map(bulletsOf(first).map(({ bulletId, text }) => [bulletId, text]));
      for (const { bulletId, text } of bulletsOf(again)) expect(texts.get(bulletId)).toBe(text);
    }),
  );
});

test("[CAREER-5] a hash depends on the content alone", () => {
  expect(contentHash({ a: 1, b: [{ c: 2, d: undefined }] })).toBe(contentHash({ b: [{ c: 2 }], a: 1 }));
  expect(contentHash({ a: [1, 2] })).not.toBe(contentHash({ a: [2, 1] }));
});

test("[CAREER-6] a model's key", () => {
  expect(deriveModelKey("GPT-4o  mini (2024)")).toBe("gpt-4o-mini-2024-");
});
