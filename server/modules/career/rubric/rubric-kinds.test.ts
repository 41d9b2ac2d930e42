// Kinds of postings: specifications with marks and tables, two languages, what is said not to be needed.
import { expect, test } from "vitest";
import { rubricSchema } from "../../../../shared/schemas/career/rubric.ts";
import { rubricOf } from "./rubric.ts";

const rubric = (text: string) => rubricSchema.parse(rubricOf({ title: "Job", rawDescription: text }));
const typed = (text: string) =>
  rubric(text).requirements.map(({ type, requirement }) => `${type}: ${requirement}`);

const asksForNothing = [
  "You don't need experience with K8s, since we run plain machines.",
  "No degree required.",
  "No experience? No problem!",
  "Nor do you need to have worked in a shop before.",
  "Experience of COBOL is not needed, whatever the banks say.",
  "Ein Anschreiben ist nicht erforderlich.",
];
test.each(asksForNothing)("[CAREER-51] what is said not to be needed is no requirement: %s", (line) => {
  const { requirements, constraints, keywords } = rubric(`Job\n\nYou must know Linux.\n\n${line}`);
  expect(requirements.map(({ requirement }) => requirement)).toEqual(["You must know Linux"]);
  expect([constraints, keywords.map(({ term }) => term)]).toEqual([{}, ["Linux"]]);
});

test("[CAREER-51] what is not needed but helpful is welcome", () => {
  expect(typed("Job\n\nRequirements\n- A driving licence is not required but useful")).toEqual([
    "nice: A driving licence is not required but useful",
  ]);
});

test("[CAREER-51] a mark on the line itself says it, and is not in the quote", () => {
  const lines = ["Registered nurse (E)", "Ward work (E) A/I", "Able to teach (D)", "Epic – desirable"];
  expect(typed(`Nurse\n\nSpecification\n${lines.join("\n")}`)).toEqual([
    "must: Registered nurse",
    "must: Ward work",
    "nice: Able to teach",
    "nice: Epic",
  ]);
  // A single letter in brackets may mean anything.
  expect(typed("Job\n\nEssential\n- Knowledge of vitamin (D)")).toEqual(["must: Knowledge of vitamin (D)"]);
});

test("[CAREER-51] columns of a specification say it, by words, ticks or letters", () => {
  const expected = ["must: CIPD Level 5", "nice: CIPD Level 7", "must: Knowledge of the law"];
  const tables = [
    "Criteria | Essential | Desirable\nEducation | CIPD Level 5 | CIPD Level 7\nLaw | Knowledge of the law |",
    "Criteria\tEssential\tDesirable\nEducation\tCIPD Level 5\tCIPD Level 7\nLaw\tKnowledge of the law\t",
    "Criterion | Essential | Desirable\nCIPD Level 5 | ✓ |\nCIPD Level 7 | | ✓\nKnowledge of the law | ✓ |",
    "Criterion | E/D\nCIPD Level 5 | E\nCIPD Level 7 | D\nKnowledge of the law | E",
  ];
  for (const table of tables) {
    const text = `Adviser\n\n${table}`;
    expect(typed(text)).toEqual(expected);
    for (const { jdEvidence, jdOffsets } of rubric(text).requirements)
      expect(jdOffsets.map(({ start, end }) => text.slice(start, end))).toEqual(jdEvidence);
  }
});

test("[CAREER-51] postings in two languages", () => {
  expect(
    typed(
      "Controller (m/w/d)\n\nDeine Aufgaben\n- Abschlüsse und Forecasts\n\nDein Profil\n- Abgeschlossenes Studium\n- Fluent German\n- SAP ist von Vorteil\n- SQL wünschenswert\n\nWir bieten\n- 30 Tage Urlaub",
    ),
  ).toEqual([
    "must: Abgeschlossenes Studium",
    "must: Fluent German",
    "nice: SAP ist von Vorteil",
    "nice: SQL wünschenswert",
  ]);
});

test.each([
  ["2+ years' experience in accounts", 2],
  ["Two or more years’ experience of trials", 2],
  ["You've run services for at least three years", 3],
  ["5 years of Java and 3 years of Spring", 5],
  ["3-5 years of experience in controlling", 3],
  ["Bachelor's degree or 3+ years of experience", undefined],
  ["You must have been resident here for the last 5 years", undefined],
])("[CAREER-53] years of work: %s", (line, years) => {
  expect(rubric(`Job\n\nRequirements\n- ${line}`).constraints.yearsExperienceMin).toBe(years);
});

test("[CAREER-53] a Scrum Master has no degree by that, and clearance is asked for", () => {
  const { constraints } = rubric(
    "Job\n\nRequired\n- Work as a Scrum Master\n- Must be eligible for SC clearance\n\nWe are unable to offer visa sponsorship.",
  );
  expect(constraints).toEqual({
    workAuthorization: ["Must be eligible for SC clearance", "We are unable to offer visa sponsorship."],
  });
});
