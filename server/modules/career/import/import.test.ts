// Résumés are read out of lines, pages and Word documents; what is none is said so.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { createMetrics } from "../../../platform/metrics.ts";
import { datesIn } from "./find-dates.ts";
import { lineOf, type TextLine } from "./lines.ts";
import { linesOfPage, type PageItem } from "./pdf-lines.ts";
import { withoutRunningLines } from "./running-lines.ts";
import { readDocx } from "./read-docx.ts";
import { readFile } from "./read-file.ts";
import { createResumeReader } from "./reader.ts";
import { understand } from "./understand.ts";

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

function lines(...texts: string[]): TextLine[] {
  return texts.flatMap((text, index) => {
    const [words = "", ...apart] = text.split("\t");
    return (
      lineOf({
        page: 1,
        size: index === 0 ? 20 : 10,
        bold: /^[A-Z ]+$/.test(words),
        segments: [words, ...apart].map((each, at) => ({
          x: 50 + 300 * at + (words.startsWith("•") ? 10 : 0),
          text: each,
        })),
      }) ?? []
    );
  });
}

const simple = [
  "Ann Bell",
  "Engineer",
  "ann@example.org | +41 44 668 18 00 | Bern, Switzerland | github.com/annbell",
  "EXPERIENCE",
  "Senior Engineer\tMar 2019 – Present",
  "Acme Ltd\tBern, Switzerland",
  "• Built the thing that counts.",
  "• Led four people.",
  "Engineer\t2015 - 2019",
  "Widget GmbH\tZurich",
  "• Wrote its successor.",
  "EDUCATION",
  "University of Bern\t2011 – 2015",
  "BSc Physics",
  "SKILLS",
  "Languages: Go, Python",
];

test("[CAREER-80] every line stands under the role that it stands under in the file, with its dates and place", () => {
  const { content, nameMissing } = understand(lines(...simple), []);
  expect(nameMissing).toBe(false);
  expect(content.basics).toEqual({
    name: "Ann Bell",
    headline: "Engineer",
    email: "ann@example.org",
    phone: "+41 44 668 18 00",
    location: "Bern, Switzerland",
  });
  expect(content.links).toEqual(["github.com/annbell"]);
  expect(content.workExperience).toEqual([
    {
      company: "Acme Ltd",
      title: "Senior Engineer",
      dateRange: "Mar 2019 - Present",
      location: "Bern, Switzerland",
      bullets: [{ text: "Built the thing that counts." }, { text: "Led four people." }],
    },
    {
      company: "Widget GmbH",
      title: "Engineer",
      dateRange: "2015 - 2019",
      location: "Zurich",
      bullets: [{ text: "Wrote its successor." }],
    },
  ]);
  expect(content.education).toEqual([
    { institution: "University of Bern", degree: "BSc Physics", dates: "2011 - 2015" },
  ]);
  expect(content.skills.programming_languages).toEqual(["Go", "Python"]);
});

test("[CAREER-81] no name is made up where the file has none", () => {
  const { nameMissing } = understand(
    lines("EXPERIENCE", "Engineer, Acme Ltd\t2019 - 2020", "• Built it."),
    [],
  );
  expect(nameMissing).toBe(true);
});

test.each([
  ["Acme, Mar 2019 – Present", "Mar 2019 - Present", "Acme"],
  ["03/2019 - 04/2021 | Berlin", "03/2019 - 04/2021", "Berlin"],
  ["(2019)", "2019", ""],
  ["Summer 2020", "Summer 2020", ""],
  ["Since 2018", "Since 2018", ""],
  ["2019-03 to 2020-01", "2019-03 to 2020-01", ""],
  ["Engineer  2019 –", "2019 -", "Engineer"],
  ["Lecturer, 2019/20", "2019/20", "Lecturer"],
  ["Analyst  Q3 2019 – Q1 2020", "Q3 2019 - Q1 2020", "Analyst"],
  ["Controller  FY2019 – FY2021", "FY2019 - FY2021", "Controller"],
])("[CAREER-82] dates are found as they are written: %s", (text, dates, rest) => {
  expect(datesIn(text)).toMatchObject({ dates, rest });
});

test.each(["Grew sales by 2019 units", "Room 1204", "Saved $2000"])(
  "[CAREER-82] what is no date is none: %s",
  (text) => {
    expect(datesIn(text)?.isRange ?? false).toBe(false);
  },
);

test.each([
  ["Berufserfahrung", "März 2019 – heute", "März 2019 - heute"],
  ["EXPÉRIENCES PROFESSIONNELLES", "depuis septembre 2021", "depuis septembre 2021"],
  ["Trayectoria profesional", "enero de 2018 – actualidad", "enero de 2018 - actualidad"],
  ["Beruflicher Werdegang", "01.09.2015 - 31.05.2020", "01.09.2015 - 31.05.2020"],
  ["Other work experience", "2019 to date", "2019 to date"],
])(
  "[CAREER-82] [CAREER-87] headings and dates are known in other languages, too: %s, %s",
  (heading, written, dates) => {
    const { content } = understand(
      lines(
        "Ann Bell",
        "ann@example.org",
        `${heading.toUpperCase()}`,
        `Acme GmbH, Bern\t${written}`,
        "Leiterin",
        "• Built it.",
      ),
      [],
    );
    expect(content.workExperience).toMatchObject([
      {
        company: "Acme GmbH",
        title: "Leiterin",
        dateRange: dates,
        location: "Bern",
        bullets: [{ text: "Built it." }],
      },
    ]);
  },
);

test("[CAREER-87] a heading of its owner's own ends the section before it, and is named as left out", () => {
  const { content, leftOut } = understand(
    lines(...simple.slice(0, 8), "A DAY OF MY LIFE", "Sleep\t8 hours", ...simple.slice(11)),
    [],
  );
  expect(leftOut).toEqual(["A DAY OF MY LIFE"]);
  expect(content.workExperience).toHaveLength(1);
});

test("[CAREER-88] what pages repeat at their edges is no part of the résumé, what they say once is", () => {
  const page = (number: number, ...texts: string[]) =>
    lines(...texts).map((line) => ({ ...line, page: number, size: 10 }));
  const kept = withoutRunningLines([
    ...lines("Ann Bell"),
    ...page(1, "• Built it.", "• Led it.", "Ann Bell - 1/2"),
    ...page(2, "• Sold it.", "Ann Bell - 2/2"),
    ...page(3, "• Left it.", "Page 3 of 3"),
  ]);
  expect(kept.map(({ text }) => text)).toEqual(["Ann Bell", "Built it.", "Led it.", "Sold it.", "Left it."]);
});

test("[CAREER-88] publications are whole with their year, and numbers of a list are none of their names", () => {
  const { content } = understand(
    lines(
      ...simple,
      "PUBLICATIONS",
      "[1] A. Bell, B. Cho, and C. Diaz, “On trees,” Journal of Woods, vol. 3, 2011.",
      "[2] A. Bell, “On bark,” Journal of Woods, vol. 4, no. 2, 2012.",
    ),
    [],
  );
  expect(content.awards.map(({ name, year }) => [name, year])).toEqual([
    ["A. Bell, B. Cho, and C. Diaz, “On trees,” Journal of Woods, vol. 3", "2011"],
    ["A. Bell, “On bark,” Journal of Woods, vol. 4, no. 2", "2012"],
  ]);
});

function items(rows: [x: number, y: number, text: string][]): PageItem[] {
  return rows.map(([x, y, text]) => ({ text, x, y, width: text.length * 5, size: 10, bold: false }));
}

test("[CAREER-83] columns are read one after the other, and dates at the margin with their line", () => {
  const left = Array.from({ length: 8 }, (_, at): [number, number, string] => [
    20,
    700 - at * 13,
    `left ${at}`,
  ]);
  const right = Array.from({ length: 9 }, (_, at): [number, number, string] => [
    250,
    705 - at * 12,
    `right column, row ${at}, with words`,
  ]);
  const columns = linesOfPage(1, items([...left, ...right]), 600).map(({ text }) => text);
  expect(columns).toEqual([...left, ...right].map(([, , text]) => text));

  const dated = Array.from({ length: 9 }, (_, at): [number, number, string][] => [
    [20, 700 - at * 12, `Role ${at}`],
    [500, 700 - at * 12, "2019 - 2020"],
  ]).flat();
  const rows = linesOfPage(1, items(dated), 600);
  expect(rows).toHaveLength(9);
  expect(rows[0]?.segments.map(({ text }) => text)).toEqual(["Role 0", "2019 - 2020"]);
});

function documentOf(body: string): Uint8Array {
  return zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "word/document.xml": strToU8(`<w:document><w:body>${body}</w:body></w:document>`),
  });
}

test("[CAREER-80] what is more than a résumé may hold is named as left out, and the rest is read", async () => {
  const item = (text: string) =>
    `<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
  const line = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
  const many = (length: number, text: string) =>
    Array.from({ length }, (_, at) => item(`${text} ${at}.`)).join("");
  const roles = Array.from(
    { length: 10 },
    (_, at) => `${line(`Welder, Acme ${at} Ltd`)}${line("2019 - 2020")}${many(61, "Welded part")}`,
  );
  const body = `${line("Ann Bell")}${line("EXPERIENCE")}${roles.join("")}${line("PUBLICATIONS")}${many(101, "A paper on steel")}`;
  const answer = await readFile({ bytes: documentOf(body), type: docx });
  if (answer.outcome !== "read") throw new Error(answer.outcome);
  expect(answer.read.content.workExperience).toHaveLength(10);
  expect(answer.read.content.workExperience[0]?.bullets).toHaveLength(60);
  expect(answer.read.content.awards).toHaveLength(100);
  expect(answer.read.leftOut).toEqual([
    "awards, certificates and publications after the first 100",
    "some of the 61 lines of one entry",
  ]);
});

test("[CAREER-84] in Word documents numbered paragraphs are lines of their role", () => {
  const item =
    '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Built &amp; ran it.</w:t></w:r></w:p>';
  const { lines: found } = readDocx(
    documentOf(
      `<w:p><w:r><w:t>Engineer</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>2019</w:t></w:r></w:p>${item}`,
    ),
  );
  expect(found.map(({ bullet, text }) => [bullet, text])).toEqual([
    [false, "Engineer 2019"],
    [true, "Built & ran it."],
  ]);
});

test("[CAREER-85] a file without text, without a résumé or in pieces gives an answer and no résumé", async () => {
  const of = (bytes: Uint8Array, type = docx) => readFile({ bytes, type });
  expect(await of(documentOf("<w:p/>"))).toEqual({ outcome: "empty" });
  expect(await of(documentOf(`<w:p><w:r><w:t>${"Once upon a time. ".repeat(10)}</w:t></w:r></w:p>`))).toEqual(
    {
      outcome: "no-resume",
    },
  );
  expect(await of(strToU8("PK nothing"))).toEqual({ outcome: "damaged" });
  expect(await of(strToU8("%PDF-1.4\n%%EOF"), "application/pdf")).toEqual({ outcome: "damaged" });
});

test("[CAREER-85] a document that unpacks to far more than it says it is worth is not unpacked", async () => {
  const bomb = zipSync({ "word/document.xml": new Uint8Array(30 * 1024 * 1024) });
  expect(bomb.length).toBeLessThan(100_000);
  expect(await readFile({ bytes: bomb, type: docx })).toEqual({ outcome: "damaged" });
});

test("[CAREER-86] a fault of the program is none of the file", async () => {
  const faulty = createResumeReader({
    metrics: createMetrics({ processMetrics: false }),
    program: new URL("./failing-reader.fixture.ts", import.meta.url),
  });
  await expect(faulty.read({ bytes: Buffer.from("x"), type: docx })).rejects.toThrow(
    "a fault of the program",
  );
});

test("[CAREER-86] a file that takes too long takes its thread with it, and the next one is read", async () => {
  const metrics = createMetrics({ processMetrics: false });
  const hanging = createResumeReader({
    metrics,
    program: new URL("./hanging-reader.fixture.ts", import.meta.url),
    timeLimitMs: 500,
  });
  const file = { bytes: Buffer.from("x"), type: docx } as const;
  // More than are read at once: each makes room for the next.
  const all = await Promise.allSettled([1, 2, 3].map(() => hanging.read(file)));
  expect(all.map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : ""))).toEqual(
    Array<string>(3).fill("RESUME_UNREADABLE"),
  );
});
