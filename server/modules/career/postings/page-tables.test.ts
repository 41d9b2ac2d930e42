// Specifications in tables, and pages that name by class or role what is not the posting.
import { expect, test } from "vitest";
import { rubricOf } from "../rubric/rubric.ts";
import { fromHtml, fromText } from "./intake.ts";
import { withBars } from "./page-tables.ts";

const asked = ({ extractedText, title }: { extractedText: string; title: string }) =>
  rubricOf({ title, rawDescription: extractedText }).requirements.map(
    ({ type, requirement }) => `${type}: ${requirement}`,
  );
const expected = [
  "must: RN Level 1",
  "must: Diploma",
  "nice: Mentorship",
  "must: Two years' experience",
  "nice: Triage",
];
const table = `<table><tr><th>Criteria</th><th>Essential</th><th>Desirable</th></tr>
  <tr><td>Qualifications</td><td><ul><li>RN Level 1</li><li>Diploma</li></ul></td><td><ul><li>Mentorship</li></ul></td></tr>
  <tr><td>Experience</td><td>Two years' experience</td><td>Triage</td></tr></table>`;

test("[CAREER-62] a table's cells come under what its head says", () => {
  expect(asked(fromHtml(`<h1>Staff Nurse</h1><h2>Person specification</h2>${table}`, ""))).toEqual(expected);
});

test("[CAREER-62] pasted columns stay columns", () => {
  const text =
    "Nurse on a ward for older people\n\nCriteria\tEssential\tDesirable\nTraining\tRN Level 1; Diploma\tMentorship\nWork\tTwo years' experience\tTriage";
  expect(asked(fromText({ text }))).toEqual(expected);
  expect(
    fromText({ text: "1.\tA first point that is made at length\n2.\tA second" }).extractedText,
  ).not.toContain("|");
});

test("[CAREER-62] what asks for cookies, leads elsewhere or shows other postings is not read, whatever element it is", () => {
  const html = `<body class="nav"><div id="onetrust-consent-sdk"><p>Essential cookies are required.</p></div>
    <div class="x top-nav"><ul><li>Find jobs</li></ul></div><div role="navigation">Home</div>
    <div class="content"><h1>Cook</h1><p>We cook for many people every day, and we cook well.</p></div>
    <div class="similar-jobs wide"><ul><li>Go Developer, Leeds</li></ul></div><div class="footer">All rights reserved</div></body>`;
  expect(fromHtml(html, "").extractedText).toBe("Cook\nWe cook for many people every day, and we cook well.");
});

test("[CAREER-60] what JSON-LD says of education and experience is read", () => {
  const data = {
    "@type": "JobPosting",
    title: "Nurse",
    description: "<p>We look for a nurse who cares about every person.</p>",
    educationRequirements: "A nursing degree",
    experienceRequirements: "Two years on a ward",
  };
  const html = `<script type="application/ld+json">${JSON.stringify(data)}</script>`;
  expect(fromHtml(html, "").extractedText).toContain(
    "\n\nEducation\nA nursing degree\n\nExperience\nTwo years on a ward",
  );
});

test("[CAREER-62] a pasted line without end is looked through once, with tabs and without", () => {
  const long = "a".repeat(150_000);
  const head = "Criteria\tEssential";
  expect(withBars(`${head}\n${long}\nDegree\tyes`)).toBe(`Criteria | Essential\n${long}\nDegree | yes`);
  const tabs = `${"x\t".repeat(75_000)}\nWe look for a cook.`;
  expect(withBars(tabs)).toBe(tabs);
});
