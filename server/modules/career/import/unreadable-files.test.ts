// Files that hold no résumé anybody could read, sent as people send them: each is answered with what is wrong and what to do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { acceptFile } from "../../../platform/uploads/index.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { createResumeReader } from "./reader.ts";
import { pdfOf } from "./testing-documents.ts";

const whole = readFileSync(join(import.meta.dirname, "../../../../tests/resumes/okafor-classic.pdf"));
const body = `<w:document><w:body>${"<w:p><w:r><w:t>Engineer</w:t></w:r></w:p>".repeat(900_000)}</w:body></w:document>`;
const packed = (parts: Record<string, Uint8Array>) =>
  Buffer.from(zipSync({ "[Content_Types].xml": strToU8("<Types/>"), ...parts }));

test.each([
  { what: "an empty PDF", name: "cv.pdf", bytes: Buffer.alloc(0), says: /it is empty/u },
  { what: "an empty Word document", name: "cv.docx", bytes: Buffer.alloc(0), says: /it is empty/u },
  { what: "a scan, pictures alone", name: "cv.pdf", bytes: pdfOf([]), says: /may be a scan.*Export/u },
  {
    what: "a PDF with a password",
    name: "cv.pdf",
    bytes: pdfOf([{ x: 60, y: 700, text: "Engineer" }], { locked: true }),
    says: /protected with a password.*without one/u,
  },
  ...[0.02, 0.3, 0.6, 0.9, 0.99].map((share) => ({
    what: `a PDF of which ${share * 100} % came`,
    name: "cv.pdf",
    bytes: whole.subarray(0, Math.floor(whole.length * share)),
    says: /damaged|not whole|incomplete|ends too early/u,
  })),
  {
    what: "a Word document whose text unpacks to far more than it is",
    name: "cv.docx",
    bytes: packed({ "word/document.xml": strToU8(body) }),
    says: /damaged|too much|unpack/u,
  },
  {
    what: "a Word document that hides its size in another part",
    name: "cv.docx",
    bytes: packed({
      "word/document.xml": strToU8("<w:document><w:body/></w:document>"),
      "word/media/picture.png": new Uint8Array(60 * 1024 * 1024),
    }),
    says: /damaged|too much|unpack|No text/u,
  },
])("[CAREER-85] $what gives a sentence and no résumé", { timeout: 60_000 }, async ({ name, bytes, says }) => {
  const reader = createResumeReader({ metrics: createMetrics({ processMetrics: false }) });
  const read = async () => {
    const file = await acceptFile("resume", { bytes, name, declaredType: null });
    return await reader.read(file);
  };
  const error = await read().then(
    ({ content }) => new Error(`read: ${content.workExperience.length} roles`),
    (thrown: Error) => thrown,
  );
  expect(error.message).toMatch(says);
});
