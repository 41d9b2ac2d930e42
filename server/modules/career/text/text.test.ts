// Quantities and skills as people write them, and what only looks like one.
import { expect, test } from "vitest";
import { quantitiesIn } from "./quantities.ts";
import { skillNames } from "./skills.ts";

const written = (text: string) =>
  quantitiesIn(text).map(({ kind, value, unit }) => `${value} ${kind} ${unit}`.trim());

test.each([
  ["Cut costs by 40 percent", ["40 percent"]],
  ["Cut costs by forty per cent", ["40 percent"]],
  ["Raised the score 3 percentage points", ["3 percent point"]],
  ["Served 50k users", ["50000 count user"]],
  ["Managed 45 staff", ["45 count staff"]],
  ["Ran a $1.2 million budget", ["1200000 money usd"]],
  ["Saved €12,500 a year", ["12500 money eur"]],
  ["Saved 300 pounds", ["300 money gbp"]],
  ["Trained twelve nurses in 6 weeks", ["12 count nurs", "6 duration week"]],
  ["Twenty-five deliveries", ["25 count delivery"]],
  ["Made it 3x faster and doubled sales", ["3 multiple", "2 multiple"]],
  ["Took 10-15 hours", ["10 duration hour", "15 duration hour"]],
  ["Cut by 10 to 15%", ["10 percent", "15 percent"]],
  ["Answered in 200ms", ["200 duration millisecond"]],
  ["1,200+ tickets", ["1200 count ticket"]],
])("[CAREER-10] a quantity and what it counts: %s", (text, expected) => {
  expect(written(text)).toEqual(expected);
  expect(written(text.toUpperCase())).toEqual(expected);
});

test.each([
  "Since 2019 in ISO 9001 audits",
  "Moved to Windows 10 and Python 3.9",
  "Available 24/7 for B2B clients during COVID-19",
  "One of the founders",
  "From 03/2019",
])("[CAREER-10] no quantity: %s", (text) => {
  expect(written(text)).toEqual([]);
});

test.each([
  ["Experience in Go, Python and SQL", ["Go", "Python", "SQL"]],
  ["Go developer", ["Go"]],
  ["Services written in Go.", ["Go"]],
  ["Statistics in R", ["R"]],
  ["python, r and sql", ["Python", "R", "SQL"]],
  ["Embedded C for sensors, C++ and C#", ["C++", "C#"]],
  ["C/C++ on Linux", ["C", "C++", "Linux"]],
  ["Firmware in C", ["C"]],
  ["ASP.NET and .NET services", ["ASP.NET", ".NET"]],
  ["SAFe or Scrum", ["SAFe", "Scrum"]],
  ["React, Node.js and Express", ["React", "Node.js", "Express"]],
  ["REST APIs and Postgres", ["REST API", "PostgreSQL"]],
  ["Advanced Microsoft Excel", ["Excel"]],
  ["Charting in Epic", ["Epic"]],
  ["Strong Go and C skills", ["Go", "C"]],
  ["Certified SAFe Program Consultant", ["SAFe"]],
  ["Sehr gute Excel-Kenntnisse", ["Excel"]],
  ["Advanced Excel (XLOOKUP)", ["Excel"]],
  ["Pupils with SEND", ["Special educational needs"]],
])("[CAREER-11] found: %s", (text, expected) => {
  expect(skillNames(text)).toEqual(expected);
});

test.each([
  "Go above and beyond to go live; our go-to-market plan",
  "Ready to go. Go to the ward.",
  "R&D and R & D with J. R. Smith, Toys R Us",
  "Vitamin C, hepatitis C, C-level, class C, USB-C",
  "GCSE grade C or above in maths",
  "A safe place, SAFE, Safe driving",
  "Excel at your work. React to change. Spring 2021. In Spring we plant.",
  "Access to care. Word of mouth. Teams of nurses in teams.",
  "example.net and internet",
  "Level: C. Category C licence (C+E).",
  "We send you boots. Mehr als genug.",
  "javascripted goer rust-free",
])("[CAREER-11] nothing found: %s", (text) => {
  expect(skillNames(text)).toEqual([]);
});
