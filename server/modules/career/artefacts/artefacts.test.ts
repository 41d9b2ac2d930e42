// A résumé's artefacts from hard text: read back, measured, refused in words, and the same each time.
import { unzipSync } from "fflate";
import { afterAll, expect, test } from "vitest";
import { jsonResumeSchema } from "../../../../shared/schemas/career/json-resume.ts";
import { resumeContentSchema } from "../../../../shared/schemas/career/resume.ts";
import { contentOfJsonResume } from "../resume/json-resume.ts";
import { BoundedThread, ThreadLost } from "./bounded-thread.ts";
import { createArtefactMaker, type ArtefactRequest } from "./index.ts";
import { latexAddress, latexText } from "./latex/escape.ts";
import { pageText, rangeText } from "./page/text.ts";
import { lineUnits } from "./page/words.ts";
import { testingResume } from "./testing-resumes.ts";
import { createTypst } from "./typst/typst.ts";

const maker = createArtefactMaker({
  report(error) {
    throw error;
  },
});
afterAll(() => maker.stop());

const request = (seed: number, more: Partial<ArtefactRequest> = {}): ArtefactRequest => ({
  resume: testingResume({ seed }),
  plan: null,
  tailored: null,
  template: { name: "classic" },
  pageLimit: 1,
  ...more,
});

test("[ARTEFACT-1] text has one form: no ligature, invisible character or dash that ranges must not have", () => {
  expect(pageText("o\ufb03ce soft\u00adhyphen zero\u200bwidth cafe\u0301\u00a0noir")).toBe(
    "office softhyphen zerowidth caf\u00e9 noir",
  );
  expect(rangeText("2019\u20132021")).toBe("2019-2021");
  expect(rangeText("Mar 2019 \u2014 Present")).toBe("Mar 2019 - Present");
  expect(pageText("\ud835\udc01\ud835\udc28\ud835\udc25\ud835\udc1d")).toBe("Bold");
});

test("[ARTEFACT-2] what TeX would read as a command is text, and an address stays an address", () => {
  expect(latexText("50% of $10 & #1 a_b ^ ~ {x} \\write18")).toBe(
    "50\\% of \\$10 \\& \\#1 a\\_b \\textasciicircum{} \\textasciitilde{} \\{x\\} \\textbackslash{}write18",
  );
  expect(latexText("[a] -- ,, <b> |")).toBe("{[}a{]} -{}-~,{}, \\textless{}b\\textgreater{} \\textbar{}");
  expect(latexAddress("https://example.org/a_b~c?d=1&e=%20#f")).toBe(
    "https://example.org/a\\_b\\%7Ec?d=1\\&e=\\%20\\#f",
  );
  expect(latexAddress("javascript:alert(1)")).toBeNull();
});

test("[ARTEFACT-13] a line ends neither after a hyphen nor within a word that is shorter than a line", () => {
  expect(lineUnits("pre- and post-op - well")).toEqual([["pre- and"], ["post-op"], ["- well"]]);
  expect(latexText("pre- and post-op")).toBe("pre-~and post-op");
  const long = `${"a".repeat(29)}-${"b".repeat(20)}`;
  expect(lineUnits(long)).toEqual([["a".repeat(29), `-${"b".repeat(20)}`]]);
  const hyphens = `${"-".repeat(45)}a`;
  expect(lineUnits(hyphens)).toEqual([[hyphens]]);
  for (const pieces of lineUnits(`x- ${"ab-".repeat(60)} y -`))
    for (const piece of pieces.slice(0, -1)) expect(piece).not.toMatch(/[- ]$/u);
});

test("[ARTEFACT-3] JSON of both kinds is read back as the résumé it was made of", async () => {
  const { resume } = request(3);
  const { json, jsonResume } = await maker.make(request(3));
  expect(resumeContentSchema.parse(JSON.parse(json))).toEqual(resume);
  const standard = jsonResumeSchema.parse(JSON.parse(jsonResume));
  expect(resumeContentSchema.parse(contentOfJsonResume(standard))).toEqual(resume);
});

test("[ARTEFACT-4] the same request has the same bytes, and another template others", async () => {
  const one = await maker.make(request(4));
  const again = await maker.make(request(4));
  const other = await maker.make(request(4, { template: { name: "modern" } }));
  expect(again).toEqual(one);
  expect(other.hash).not.toBe(one.hash);
  expect(Buffer.compare(other.pdf?.bytes ?? Buffer.alloc(0), one.pdf?.bytes ?? Buffer.alloc(0))).not.toBe(0);
});

test("[ARTEFACT-5] pages are measured, and a page too many is said, not cut", async () => {
  const resume = testingResume({ seed: 5 });
  const [role] = resume.workExperience;
  if (role === undefined) throw new Error("the résumé has a role");
  const bullets = Array.from({ length: 60 }, (_, at) => ({
    text: `Ran the office workflow of ward ${at}`,
    bulletId: `b${at}`,
  }));
  const long = {
    ...resume,
    workExperience: [
      { ...role, bullets },
      { ...role, bullets },
    ],
  };
  const made = await maker.make(request(5, { resume: long }));
  expect(made.pdf).toMatchObject({ pages: 3, fitsPageLimit: false });
  expect(made.pdf?.length).toBeGreaterThan(2);
  expect(made.pdf?.length).toBeLessThan(3);
  const { pdf } = await maker.makePdf(
    request(5, { resume: { ...resume, projects: [], workExperience: [] } }),
  );
  expect(pdf?.length).toBeLessThan(0.7);
  expect(pdf?.fitsPageLimit).toBe(true);
});

test("[ARTEFACT-6] what no font has is refused in words, and the other files are there", async () => {
  const resume = testingResume({ seed: 6 });
  const made = await maker.make(request(6, { resume: { ...resume, summary: "Speaks 中文 \u{1f680}" } }));
  expect(made.pdf).toBeNull();
  expect(made.notes.join(" ")).toMatch(/中 \(U\+4E2D\) in Summary.*U\+1F680/u);
  expect(made.docx.byteLength).toBeGreaterThan(1000);
});

test("[ARTEFACT-11] what keeps a thread from answering may pass, and is told from what it answers", async () => {
  const program = new URL("../import/hanging-reader.fixture.ts", import.meta.url);
  const hanging = new BoundedThread({ program, name: "hanging", timeoutMs: 1 });
  await expect(hanging.ask("a question")).rejects.toBeInstanceOf(ThreadLost);
  await hanging.stop();
  const typst = createTypst();
  const answer = typst.ask({ source: "#nothing-of-this-name", data: "{}" });
  await expect(answer).rejects.not.toBeInstanceOf(ThreadLost);
  await typst.stop();
});

test("[ARTEFACT-7] the Word document has real headings and lists, and its text needs no repair", async () => {
  const { docx } = await maker.make(request(7));
  const parts = unzipSync(docx);
  const xml = Buffer.from(parts["word/document.xml"] ?? []).toString("utf8");
  expect(xml).toContain(
    '<w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t xml:space="preserve">Experience</w:t>',
  );
  const bullets = testingResume({ seed: 7 }).workExperience.flatMap((role) => role.bullets);
  expect(xml.split('w:val="ListBullet"').length - 1).toBeGreaterThanOrEqual(bullets.length);
});
