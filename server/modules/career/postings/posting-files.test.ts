// Postings out of PDF and Word documents: their lines as the rules read them, and files that cannot be read.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { acceptFile } from "../../../platform/uploads/index.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { readFile } from "../import/read-file.ts";
import { createResumeReader } from "../import/reader.ts";
import { pdfOf } from "../import/testing-documents.ts";

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

async function textOf(sent: Uint8Array, name: string): Promise<string> {
  const accepted = await acceptFile("posting", { bytes: Buffer.from(sent), name, declaredType: null });
  const answer = await readFile({ bytes: new Uint8Array(accepted.bytes), type: accepted.type, as: "text" });
  return answer.outcome === "text" ? answer.text : answer.outcome;
}

test("[CAREER-69] a PDF's headings stand apart, its items have their sign, and wrapped lines are whole", async () => {
  const at = (y: number, text: string, more: object = {}) => ({ x: 60, y, text, ...more });
  const bytes = pdfOf([
    at(780, "Ward Nurse", { size: 18, bold: true }),
    at(750, "We are a small hospital by a lake, and we care for people from the whole"),
    at(736, "valley, by day and by night."),
    at(710, "What you bring", { bold: true }),
    at(690, "• Two years of work on a surgical ward, with patients who come out of the"),
    { x: 68, y: 676, text: "operating theatre" },
    at(662, "• Registration as a nurse"),
  ]);
  expect(await textOf(bytes, "job.pdf")).toBe(
    [
      "Ward Nurse",
      "We are a small hospital by a lake, and we care for people from the whole valley, by day and by night.",
      "",
      "What you bring",
      "- Two years of work on a surgical ward, with patients who come out of the operating theatre",
      "- Registration as a nurse",
    ].join("\n"),
  );
});

test("[CAREER-69] a Word document's paragraphs are its lines", async () => {
  const paragraph = (text: string, properties = "") =>
    `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
  const body = [
    paragraph("Gardener"),
    paragraph("You look after the parks of a town, with four colleagues and a dog."),
    paragraph("Knowledge of trees", '<w:numPr><w:numId w:val="1"/></w:numPr>'),
  ].join("");
  const bytes = zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "word/document.xml": strToU8(`<w:document><w:body>${body}</w:body></w:document>`),
  });
  expect(await textOf(bytes, "job.docx")).toBe(
    "Gardener\nYou look after the parks of a town, with four colleagues and a dog.\n- Knowledge of trees",
  );
});

test("[CAREER-69] what is scanned, locked, damaged, empty or too large is told apart", async () => {
  const outcome = async (bytes: Uint8Array, type = "application/pdf") =>
    (await readFile({ bytes: new Uint8Array(bytes), type, as: "text" })).outcome;
  expect(await outcome(pdfOf([]))).toBe("empty");
  expect(await outcome(pdfOf([{ x: 60, y: 700, text: "hidden" }], { locked: true }))).toBe("locked");
  expect(await outcome(strToU8("%PDF-1.4\nnothing\n%%EOF\n"))).toBe("damaged");
  const bomb = { "word/document.xml": new Uint8Array(30 * 1024 * 1024) };
  expect(await outcome(zipSync(bomb), docx)).toBe("damaged");
  const refused = (bytes: Buffer) => acceptFile("posting", { bytes, name: "job.pdf", declaredType: null });
  await expect(refused(Buffer.alloc(0))).rejects.toThrow("it is empty");
});

test("[CAREER-69] in a thread with bounds, a file without text is answered with what to do", async () => {
  const reader = createResumeReader({ metrics: createMetrics({ processMetrics: false }) });
  await expect(reader.readText({ bytes: pdfOf([]), type: "application/pdf" })).rejects.toMatchObject({
    code: "FILE_DAMAGED",
    message: expect.stringMatching(/scan.*paste/u),
    details: { reason: "empty" },
  });
});
