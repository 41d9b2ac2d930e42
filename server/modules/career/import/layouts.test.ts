// What layouts do to the words of a résumé: columns that break dates and names, headings in sentences, details in a foot.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { withLabelsBeside } from "./docx-tables.ts";
import { rangeOverLines, withoutDuration } from "./find-dates.ts";
import { lineOf, withTexLetters, withTypedSigns, type TextLine } from "./lines.ts";
import { linesOfPage } from "./pdf-lines.ts";
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
/** Pieces of text on a page: where, what, how wide; in bold where it is told. */
function page(...pieces: readonly [x: number, y: number, text: string, width?: number, bold?: boolean][]) {
  const items = pieces.map(([x, y, text, width = text.length * 5, bold = false]) => ({
    text,
    x,
    y,
    width,
    size: 10,
    bold,
  }));
  return linesOfPage(1, items, 600);
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

test("[CAREER-83] two columns are told apart by a narrow gutter that nothing crosses, and a column of dates by none", () => {
  const left = Array.from({ length: 12 }, (_, at): [number, number, string, number] => [
    57,
    700 - at * 14,
    `Left ${at} to its very edge`,
    320 + (at % 3),
  ]);
  const right = Array.from({ length: 9 }, (_, at): [number, number, string] => [
    386,
    697 - at * 15,
    `Right ${at}`,
  ]);
  expect(page(...left, ...right).map(({ text }) => text)).toEqual(
    [...left, ...right].map(([, , text]) => text),
  );

  const dates = left.map(([, y]): [number, number, string] => [400, y, "2019 - 2020"]);
  expect(page(...left, ...dates)[0]?.segments.map(({ text }) => text)).toEqual([
    "Left 0 to its very edge",
    "2019 - 2020",
  ]);
});

test("[CAREER-83] what begins where other lines begin stands apart from its label, however near, and an item is one", () => {
  const found = page(
    [64, 740, "PERSONAL INFORMATION", 113],
    [187, 740, "Declan Brannigan", 90],
    [187, 720, "Galway, Ireland"],
    [104, 700, "04/2018 – Present", 74],
    [187, 700, "Electrician"],
    [187, 680, "Corrib Electrical"],
    [104, 660, "Job-related skills", 74],
    [187, 660, "– Fault finding"],
    [187, 640, "– Solar"],
    [187, 620, "– Wiring"],
    [187, 600, "– Lighting"],
  );
  expect(found.map(({ bullet, segments }) => [bullet, ...segments.map(({ text }) => text)])).toEqual([
    [false, "PERSONAL INFORMATION", "Declan Brannigan"],
    [false, "Galway, Ireland"],
    [false, "04/2018 – Present", "Electrician"],
    [false, "Corrib Electrical"],
    [false, "Job-related skills"],
    [true, "Fault finding"],
    [true, "Solar"],
    [true, "Wiring"],
    [true, "Lighting"],
  ]);
});

test("[CAREER-83] a table whose first row names its columns is read cell by cell, and the row is left away", () => {
  const found = page(
    [50, 700, "Period", 38, true],
    [140, 700, "Company", 54, true],
    [240, 700, "Position and duties", 114, true],
    [50, 680, "05/2019 –", 52],
    [140, 680, "Saigon Ocean", 73],
    [240, 680, "Export Clerk", 100],
    [50, 665, "present", 40],
    [140, 665, "Freight", 36],
    [257, 665, "Prepared the papers of ninety containers a week for", 281],
    [140, 650, "Hanoi", 87],
    [257, 650, "Europe and Japan.", 96],
    [50, 629, "2014 – 2019", 52],
    [140, 629, "Vinh Hoan", 54],
    [240, 629, "Assistant", 50],
    [257, 614, "Kept calendars in order.", 130],
  );
  expect(found.map(({ bullet, segments }) => [bullet, ...segments.map(({ text }) => text)])).toEqual([
    [false, "05/2019 – present", "Saigon Ocean Freight", "Export Clerk"],
    [false, "Hanoi"],
    [true, "Prepared the papers of ninety containers a week for Europe and Japan."],
    [false, "2014 – 2019", "Vinh Hoan", "Assistant"],
    [true, "Kept calendars in order."],
  ]);
});

test("[CAREER-84] what stands around a text box is read as well as what stands in it, each where its words begin", () => {
  const run = (words: string) => `<w:r><w:t>${words}</w:t></w:r>`;
  const box = (inner: string) =>
    `<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${inner}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${inner}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>`;
  const reach = box(`<w:p>${run("ann@example.org")}</w:p><w:p/><w:p>${run("Bern")}</w:p>`);
  const textsOf = (xml: string) =>
    readDocx(zipSync({ "word/document.xml": strToU8(xml) })).lines.map(({ text }) => text);
  expect(textsOf(`<w:p w:rsidR="1"/><w:p w:rsidR="2">${reach}${run("Ann Bell")}</w:p>`)).toEqual([
    "ann@example.org",
    "Bern",
    "Ann Bell",
  ]);
  expect(textsOf(`<w:p>${run("Ann ")}${reach}${run("Bell")}</w:p>`)).toEqual([
    "Ann Bell",
    "ann@example.org",
    "Bern",
  ]);
});

test("[CAREER-84] in a Word document's table a label and its value are one line, and a row that names columns is left away", () => {
  const cell = (text: string, bold = false) =>
    `<w:tc><w:p><w:r><w:rPr>${bold ? "<w:b/>" : ""}</w:rPr><w:t>${text}</w:t></w:r></w:p></w:tc>`;
  const table = (...rows: string[][]) =>
    `<w:tbl>${rows.map((cells) => `<w:tr>${cells.join("")}</w:tr>`).join("")}</w:tbl>`;
  const read = (...tables: string[]) =>
    readDocx(zipSync({ "word/document.xml": strToU8(tables.join("")) })).lines.map(({ segments }) =>
      segments.map(({ text }) => text),
    );
  expect(
    read(table([cell("Full name", true), cell("Ann Bell")], [cell("Profession"), cell("Export Clerk")])),
  ).toEqual([
    ["Full name", "Ann Bell"],
    ["Profession", "Export Clerk"],
  ]);
  const entry = [cell("2019"), cell("Acme Ltd"), cell("Clerk")];
  expect(
    read(table([cell("Period", true), cell("Employer", true), cell("Position", true)], entry, entry)),
  ).toEqual([["2019"], ["Acme Ltd"], ["Clerk"], ["2019"], ["Acme Ltd"], ["Clerk"]]);
  // These head what is below each of them.
  const heads = [cell("Skills", true), cell("Languages", true), cell("Awards", true)];
  expect(read(table(heads, entry, entry))).toHaveLength(9);
});

test("[CAREER-84] an 'o' before each of several lines is a sign, and a word that begins one line is none", () => {
  const typed = ["o Led eleven people.", "o Sold it.", "o 30 hours a week."].map((text) => line(text));
  expect(withTypedSigns(typed).map(({ bullet, text }) => [bullet, text])).toEqual([
    [true, "Led eleven people."],
    [true, "Sold it."],
    [true, "30 hours a week."],
  ]);
  expect(withTypedSigns(typed.slice(0, 1)).map(({ bullet }) => bullet)).toEqual([false]);
});

test("[CAREER-81] the name is found beside its label, and below personal details where nothing stands above them", () => {
  const labelled = [
    line("CURRICULUM VITAE", { size: 18, bold: true }),
    line("Full name:\tThi Lan Nguyen"),
    line("Position:\tExport Clerk"),
    line("Nationality:\tVietnamese"),
    heading("Skills"),
    line("Go, Rust"),
  ];
  expect(understand(labelled, []).content.basics).toEqual({
    name: "Thi Lan Nguyen",
    headline: "Export Clerk",
  });
  const beside = [
    line("Curriculum vitae"),
    line("PERSONAL INFORMATION\tDeclan Brannigan"),
    line("declan@brannigan.example"),
    line("Nationality Irish"),
    heading("Skills"),
    line("Go, Rust"),
  ];
  expect(understand(beside, []).content.basics).toEqual({
    name: "Declan Brannigan",
    email: "declan@brannigan.example",
  });
});

test("[CAREER-80] a degree keeps what stands behind its dash, and its subject behind its comma", () => {
  const { content } = understand(
    [
      name("Ann Bell"),
      heading("Education"),
      line("2010 – 2014\tAdvanced Certificate in Craft - Electrical"),
      line("Institute of Technology, Galway, Ireland"),
      line("Bachelor of Arts, Communications, Florida International University, 2009"),
    ],
    [],
  );
  expect(content.education.map(({ institution, degree }) => [institution, degree])).toEqual([
    ["Institute of Technology", "Advanced Certificate in Craft - Electrical"],
    ["Florida International University", "Bachelor of Arts, Communications"],
  ]);
});

test("[CAREER-88] a foot that counts its pages is no part of a résumé, whatever stands beside the number", () => {
  const kept = withoutRunningLines([
    name("Ann Bell"),
    line("• Built it."),
    line("• Led it."),
    line("November 27, 2026\t© European Union\tPage 1 / 1"),
  ]);
  expect(kept.map(({ text }) => text)).toEqual(["Ann Bell", "Built it.", "Led it."]);
});

test("[CAREER-83] letters that TeX draws as one, its dashes and its accents are the characters that they stand for", () => {
  expect(
    withTexLetters(
      "Measured tra\u001ec for a \u001dood of \u001cfty years (2019 \u0015 2021); their \u001c-",
    ),
  ).toBe("Measured traffic for a flood of fifty years (2019 – 2021); their fi-");
  // A sign of another font stays what it is.
  expect(withTexLetters("\u001c Built it.")).toBe("\u001c Built it.");
  expect(line("\u02d9Izmir, T\u00a8 urkiye, T\u00a8urk").text).toBe("İzmir, Türkiye, Türk");
  expect(line("Signs, \u00a8 and \u00b4 among them").text).toBe("Signs, \u00a8 and \u00b4 among them");
});

test("[CAREER-88] in a narrow column an award and a school go on in the next line", () => {
  const { content } = understand(
    [
      name("Ann Bell"),
      heading("Certificates"),
      line("Board Certified", { right: 120 }),
      line("Pharmacotherapy", { right: 140 }),
      line("Specialist (2019)", { right: 130 }),
      line("Crane Operator (2017)", { right: 158 }),
      line("Chess, Level 3 (2015)", { right: 150 }),
      heading("Education"),
      line("MSc Civil Engineering"),
      line("University of Leeds"),
      line("2012 – 2013"),
      line("BSc Civil Engineering"),
      line("Kwame Nkrumah University of"),
      line("Science and Technology"),
      line("2007 – 2011"),
    ],
    [],
  );
  expect(content.awards.map(({ name: called, year }) => [called, year])).toEqual([
    ["Board Certified Pharmacotherapy Specialist", "2019"],
    ["Crane Operator", "2017"],
    ["Chess, Level 3", "2015"],
  ]);
  expect(content.education).toEqual([
    { institution: "University of Leeds", degree: "MSc Civil Engineering", dates: "2012 - 2013" },
    {
      institution: "Kwame Nkrumah University of Science and Technology",
      degree: "BSc Civil Engineering",
      dates: "2007 - 2011",
    },
  ]);
});

test("[CAREER-86] tables of many rows, and such as are never closed, are gone through once", () => {
  const cell = (text: string) => `<w:tc><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:tc>`;
  const rows = Array.from({ length: 40_000 }, () => `<w:tr>${cell("Label")}${cell("Value")}</w:tr>`).join("");
  expect(withLabelsBeside(`<w:tbl>${rows}</w:tbl>`).match(/<w:tab\/>/g)).toHaveLength(40_000);
  const open = `<w:tbl>${"<w:tr>".repeat(300_000)}</w:tbl>`;
  expect(withLabelsBeside(open)).toBe(open);
});
