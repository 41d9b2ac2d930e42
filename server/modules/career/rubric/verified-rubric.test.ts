// Rubrics of a model: what the posting does not say is left out, whatever the model is sure of.
import { expect, test } from "vitest";
import { rubricSchema } from "../../../../shared/schemas/career/rubric.ts";
import { verifiedRubric, type ReadPosting } from "./verified-rubric.ts";

const text = "You need five years of   Go.\nA degree is a plus – “any”.";
const nothing: ReadPosting = {
  requirements: [],
  keywords: [],
  yearsExperienceMin: null,
  education: [],
  certifications: [],
  workAuthorization: [],
  ambiguities: [],
};

test("[CAREER-57] quotes are taken as they stand, others dropped with what rests on them, and counted", () => {
  const { rubric, droppedQuotes } = verifiedRubric(
    {
      ...nothing,
      requirements: [
        {
          type: "must",
          weight: 9,
          requirement: "Five years of Go",
          category: "skills",
          quotes: ["FIVE years of Go"],
        },
        {
          type: "must",
          weight: 5,
          requirement: "Ten years of Rust",
          category: "skills",
          quotes: ["ten years of Rust"],
        },
        {
          type: "nice",
          weight: Number.NaN,
          requirement: "A degree",
          category: "",
          quotes: ['plus – "any"', "invented"],
        },
      ],
      keywords: [
        { term: "Go", importance: 5, type: "tool", quotes: ["Go"] },
        { term: "go", importance: 1, type: "tool", quotes: ["Go"] },
        { term: "Rust", importance: 5, type: "tool", quotes: ["Rust"] },
      ],
      education: ["A degree", "A doctorate"],
      yearsExperienceMin: 5,
    },
    text,
  );
  rubricSchema.parse({ ...rubric, version: "v", jobMeta: { jobTitle: "x" } });
  expect(rubric.requirements).toMatchObject([
    { reqId: "R1", weight: 5, jdEvidence: ["five years of   Go"] },
    { reqId: "R2", weight: 3, category: "other", jdEvidence: ["plus – “any”"] },
  ]);
  for (const { jdEvidence, jdOffsets } of [...rubric.requirements, ...rubric.keywords])
    expect(jdOffsets.map(({ start, end }) => text.slice(start, end))).toEqual(jdEvidence);
  expect(rubric.keywords.map(({ term }) => term)).toEqual(["Go"]);
  expect(rubric.constraints).toEqual({ yearsExperienceMin: 5, education: ["A degree"] });
  expect(droppedQuotes).toBe(4);
});

test("[CAREER-57] years that the posting does not name are none", () => {
  expect(verifiedRubric({ ...nothing, yearsExperienceMin: 7 }, text).rubric.constraints).toEqual({});
});
