// Rubrics of postings from several occupations, with and without headings, and what is relevant to what they ask for.
import fc from "fast-check";
import { expect, test } from "vitest";
import { rubricSchema } from "../../../../shared/schemas/career/rubric.ts";
import { relevanceOf, similarPairs } from "./relevance.ts";
import { rubricOf } from "./rubric.ts";

const engineer = `Backend Engineer

About us
We have 20 years of experience in logistics and go above and beyond. Our R&D team is in Bern.

What you'll do
- Build services that move parcels

Requirements
- At least 5 years of experience with Go or C++
- Strong knowledge of PostgreSQL and Kubernetes
- A degree in computer science or equivalent
- Right to work in Switzerland

Nice to have
• Experience with SAFe
• Statistics in R is a plus

Benefits
- Salesforce tickets and free coffee required by nobody`;

const nurse = `Ward Sister
You must be registered with the NMC. Experience of triage is essential. Knowledge of Epic would be great.
Experience with wound care is desirable. We are a friendly ward. Keep calm and safe, and excel at your work.`;

const rubric = (text: string) => rubricSchema.parse(rubricOf({ title: "Job", rawDescription: text }));

test("[CAREER-50] every quote is in the posting, at its offset", () => {
  const check = (text: string) => {
    const { requirements, keywords } = rubric(text);
    for (const { jdEvidence, jdOffsets } of [...requirements, ...keywords])
      expect(jdOffsets.map(({ start, end }) => text.slice(start, end))).toEqual(jdEvidence);
  };
  check(engineer);
  check(nurse);
  check(engineer.replaceAll("\n", "\r\n"));
  const pieces = [
    ...engineer.split(/(?<=\s)/u),
    ...nurse.split(/(?<=\s)/u),
    "\n- ",
    "; ",
    ". ",
    "  ",
    "é́",
    "🙂",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (chosen) => check(chosen.join(""))),
    { numRuns: 100 },
  );
});

test("[CAREER-51] headings say what is required and what is welcome; benefits and the company ask for nothing", () => {
  const { requirements } = rubric(engineer);
  expect(requirements.map(({ type, requirement }) => `${type}: ${requirement}`)).toEqual([
    "must: At least 5 years of experience with Go or C++",
    "must: Strong knowledge of PostgreSQL and Kubernetes",
    "must: A degree in computer science or equivalent",
    "must: Right to work in Switzerland",
    "nice: Experience with SAFe",
    "nice: Statistics in R is a plus",
  ]);
  expect(requirements.map(({ weight }) => weight)).toEqual([5, 4, 4, 4, 2, 1]);
});

test("[CAREER-51] without headings words such as must and desirable say it", () => {
  expect(rubric(nurse).requirements.map(({ type, requirement }) => `${type}: ${requirement}`)).toEqual([
    "must: You must be registered with the NMC",
    "must: Experience of triage is essential",
    "nice: Knowledge of Epic would be great",
    "nice: Experience with wound care is desirable",
  ]);
});

test("[CAREER-52] keywords are skills where they are meant, under one name", () => {
  const terms = (text: string) =>
    rubric(text)
      .keywords.map(({ term }) => term)
      .sort();
  expect(terms(engineer)).toEqual(["C++", "Go", "Kubernetes", "PostgreSQL", "R", "SAFe"]);
  expect(terms(nurse)).toEqual(["Epic", "Triage", "Wound care"]);
});

test("[CAREER-53] constraints and what is left open", () => {
  const { constraints, notes } = rubric(engineer);
  expect(constraints).toEqual({
    yearsExperienceMin: 5,
    education: ["A degree in computer science or equivalent"],
    workAuthorization: ["Right to work in Switzerland"],
  });
  expect(notes.ambiguities).toEqual([
    'What else would count is left open: "A degree in computer science or equivalent"',
  ]);
  expect(rubric(nurse).constraints.certifications).toHaveLength(1);
});

test("[CAREER-54] relevant is what shares skills under any name, or words; the rest is not", () => {
  const bullets = [
    { bulletId: "k8s", text: "Moved 40 services to K8s with Postgres" },
    { bulletId: "wound", text: "Trained 30 nurses in the care of wounds" },
    { bulletId: "go", text: "Went beyond what was asked to go live early" },
  ];
  const requirements = [
    { reqId: "R1", requirement: "Strong knowledge of PostgreSQL and Kubernetes" },
    { reqId: "R2", requirement: "Experience with wound care" },
    { reqId: "R3", requirement: "5 years of Go" },
  ];
  const found = relevanceOf({ bullets, requirements });
  const rel = (bulletId: string, reqId: string) =>
    found.find((one) => one.bulletId === bulletId && one.reqId === reqId)?.rel ?? 0;
  expect(rel("k8s", "R1")).toBeGreaterThan(0.45);
  expect(rel("wound", "R2")).toBeGreaterThan(rel("k8s", "R2"));
  expect(rel("go", "R3")).toBe(0);
  const lifted = relevanceOf({
    bullets,
    requirements,
    similarity: (bulletId, reqId) => (bulletId === "go" && reqId === "R3" ? 1 : 0),
  });
  expect(lifted.find(({ bulletId }) => bulletId === "go")).toEqual({ bulletId: "go", reqId: "R3", rel: 0.5 });
});

test("[CAREER-55] bullets that say the same are alike, others are not", () => {
  const bullets = [
    { bulletId: "a", text: "Cut medication errors by 22% with a protocol" },
    { bulletId: "b", text: "With a protocol cut medication errors by 22%" },
    { bulletId: "c", text: "Taught algebra to pupils" },
  ];
  expect(similarPairs(bullets, 0.85)).toEqual([{ a: "a", b: "b", sim: 1 }]);
});
