// What layouts do to the words of a résumé: columns that break dates and names, headings in sentences, details in a foot.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { rangeOverLines, withoutDuration } from "./find-dates.ts";
import { lineOf, type TextLine } from "./lines.ts";
import { readDocx } from "./read-docx.ts";
import { withoutRunningLines } from "./running-lines.ts";
import { understand } from "./understand.ts";

/** Pieces apart by a tab; `right` as far as its letters go. */
function line(text: string, look: Partial<TextLine> = {}): TextLine {
  const made = lineOf({
    page: look.page ?? 1,
    size: look.size ?? 10,
    bold: look.bold ?? false,
    right: look.right ?? 50 + text.length * 5,
    segments: text.split("\t").map((each, at) => ({ x: (look.x ?? 50) + 300 * at, text: each })),
  });
  if (made === null) throw new Error("a line has words");
  return made;
}
const name = (text: string) => line(text, { size: 22, bold: true });
const heading = (text: string) => line(text, { size: 13, bold: true });

test("[CAREER-82] a range that its column breaks is one range, and a duration beside dates is none of them", () => {
  expect(rangeOverLines("Sept 2012 – July Teacher of Mathematics", "2019")).toEqual({
    dates: "Sept 2012 – July 2019",
    rest: "Teacher of Mathematics",
  });
  expect(rangeOverLines("Sept 2012 – Teacher", "July 2019")).toMatchObject({ rest: "Teacher" });
  expect(rangeOverLines("2010 - 2012", "2014")).toBeNull();
  expect(withoutDuration("June 2018 - April 2021 (2 years 11 months)")).toBe("June 2018 - April 2021");
  expect(withoutDuration("7 years 6 months")).toBe("");
  expect(withoutDuration("A plan for the next 2 years")).toBe("A plan for the next 2 years");
});

test("[CAREER-80] roles below an employer's own line have its name and its place", () => {
  const { content } = understand(
    [
      name("Ann Bell"),
      heading("Experience"),
      line("Leith Academy, Edinburgh, Scotland", { bold: true }),
      line("2019 to date\tHead of Mathematics"),
      line("• Led eleven people."),
      line("Sept 2012 – July Teacher of Mathematics"),
      line("2019"),
      line("• Taught all years."),
    ],
    [],
  );
  expect(content.workExperience).toMatchObject([
    { company: "Leith Academy", title: "Head of Mathematics", location: "Edinburgh, Scotland" },
    { company: "Leith Academy", title: "Teacher of Mathematics", dateRange: "Sept 2012 - July 2019" },
  ]);
});

test("[CAREER-81] a name that takes two lines is one, and a part of an address is none", () => {
  const { content } = understand(
    [name("Kwame"), name("Mensah"), line("kwame.meadows.example"), heading("Skills"), line("Go, Rust")],
    [],
  );
  expect(content.basics.name).toBe("Kwame Mensah");
  expect(content.links).toEqual([]);
});

test.each(["W H E R E I H AV E W O R K E D", "What I have done", "MY YEARS AT THE STOVE"])(
  "[CAREER-87] roles are found below words of one's own: %s",
  (words) => {
    const { content } = understand(
      [
        name("Ann Bell"),
        heading("EDUCATION"),
        line("University of Bern\t2011 – 2015"),
        heading("SKILLS"),
        line("Go, Rust"),
        heading(words),
        line("Engineer, Acme Ltd\t2019 – 2020"),
        line("• Built it."),
        line("Engineer, Widget GmbH\t2015 – 2019"),
        line("• Wrote it."),
      ],
      [],
    );
    expect(content.workExperience.map(({ company }) => company)).toEqual(["Acme Ltd", "Widget GmbH"]);
  },
);

test("[CAREER-80] title, employer and city in one line are told apart", () => {
  const { content } = understand(
    [
      name("Ann Bell"),
      heading("Experience"),
      line("Content Creator, Ola Swimwear, Fort Lauderdale", { bold: true }),
      line("June 2017 – February 2020"),
      line("• Wrote it."),
    ],
    [],
  );
  expect(content.workExperience).toMatchObject([
    { title: "Content Creator", company: "Ola Swimwear", location: "Fort Lauderdale" },
  ]);
});

test("[CAREER-88] how to reach the owner is read from a page's foot where it stands nowhere else", () => {
  const foot = (page: number) => line("ann@example.org · +41 44 668 18 00", { page });
  const kept = withoutRunningLines([
    name("Ann Bell"),
    line("• Built it."),
    line("• Led it."),
    foot(1),
    line("• Sold it.", { page: 2 }),
    foot(2),
  ]);
  expect(kept.map(({ text }) => text)).toEqual([
    "Ann Bell",
    "ann@example.org · +41 44 668 18 00",
    "Built it.",
    "Led it.",
    "Sold it.",
  ]);
});

test("[CAREER-84] in a Word document's foot, too, and a number of a page is left there", () => {
  const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
  const { lines } = readDocx(
    zipSync({
      "word/document.xml": strToU8(paragraph("Ann Bell") + paragraph("Engineer")),
      "word/footer1.xml": strToU8(paragraph("ann@example.org") + paragraph("Page 1")),
    }),
  );
  expect(lines.map(({ text }) => text)).toEqual(["Ann Bell", "ann@example.org", "Engineer"]);
});

test("[CAREER-88] a date below an award is its own, and a publication goes on where its words hang", () => {
  const { content } = understand(
    [
      name("Ann Bell"),
      heading("Skills"),
      line("Go, Rust"),
      heading("Certificates"),
      line("Digital Marketing Associate, Meta", { bold: true }),
      line("MAY 2021"),
      line("Content Marketing, HubSpot Academy", { bold: true }),
      line("JANUARY 2019"),
      heading("Publications"),
      line("Bell, A., Law and Memory in Connacht, 1200–1350. Oxford:", { right: 500 }),
      line("Clarendon Press, 2021.", { x: 70, right: 200 }),
    ],
    [],
  );
  expect(content.awards.map(({ name: called, year }) => [called, year])).toEqual([
    ["Digital Marketing Associate", "MAY 2021"],
    ["Content Marketing", "JANUARY 2019"],
    ["Bell, A., Law and Memory in Connacht, 1200–1350. Oxford: Clarendon Press", "2021"],
  ]);
});
