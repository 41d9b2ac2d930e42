// What machines read in the pages: with pdf.js always, with poppler's programs and LaTeX where they are installed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectedLines } from "./checks/lines.ts";
import { fontsInPdf } from "./checks/pdf-fonts.ts";
import { lineFinding, textChecks } from "./checks/text-checks.ts";
import { createArtefactMaker, type ArtefactMaker, type ArtefactRequest } from "./index.ts";
import { compileLatex, LatexFailure, type LatexProgram } from "./latex/compile.ts";
import { outsideLatexFonts } from "./latex/characters.ts";
import { templateFaults } from "./latex/custom.ts";
import { latexSource } from "./latex/templates.ts";
import { pageOf, textsOf } from "./page/page.ts";
import { ownTemplates } from "./page/templates.ts";
import { pageText } from "./page/text.ts";
import { testingResume } from "./testing-resumes.ts";

const { CONNVO_PDFTOTEXT: pdftotext, CONNVO_PDFLATEX: pdflatex } = process.env;
const latex: LatexProgram | null = pdflatex === undefined ? null : { engine: "pdflatex", path: pdflatex };
/** Of the 300 that `npm run evaluate -- artefacts` reads. */
const seeds = [1, 2, 3, 4];
const settingMs = 240_000;

let maker: ArtefactMaker;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "connvo-artefacts-"));
  maker = createArtefactMaker({
    latex,
    report(error) {
      throw error;
    },
  });
});
afterAll(async () => {
  await maker.stop();
  rmSync(directory, { recursive: true, force: true });
});

const requestOf = (seed: number, template: ArtefactRequest["template"]): ArtefactRequest => ({
  resume: testingResume({ seed, withWideScripts: template.name !== "custom" }),
  plan: null,
  tailored: null,
  template,
  pageLimit: 3,
});

function extracted(args: readonly string[], pdf: Uint8Array): string {
  const path = join(directory, "page.pdf");
  writeFileSync(path, pdf);
  return execFileSync(pdftotext ?? "", [...args, path, "-"], { encoding: "utf8" });
}

test.each(ownTemplates)(
  "[ARTEFACT-8] pdf.js finds every line once and in order in %s, and no fault",
  async (name) => {
    for (const seed of seeds) {
      const { pdf } = await maker.make(requestOf(seed, { name }));
      expect(pdf?.checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(pdf?.checks.map((check) => check.name)).toEqual([
        "characters",
        "lines",
        "fonts",
        "images",
        "pages",
      ]);
    }
  },
  settingMs,
);

test.runIf(pdftotext !== undefined).each(ownTemplates)(
  "[ARTEFACT-8] pdftotext does, too, in both orders that it reads %s in",
  async (name) => {
    for (const seed of seeds) {
      const request = requestOf(seed, { name });
      const { pdf } = await maker.make(request);
      const expected = expectedLines(pageOf(request.resume), name);
      for (const order of [[], ["-raw"]]) {
        const text = extracted([...order, "-enc", "UTF-8"], pdf?.bytes ?? new Uint8Array());
        expect(textChecks(text, expected).filter(({ passed }) => !passed)).toEqual([]);
      }
    }
  },
  settingMs,
);

test("[ARTEFACT-8] fonts are looked for in the file itself: one that is drawn, and one that does not say its characters", () => {
  const packed = deflateSync(
    Buffer.from(
      "5 0 6 60 << /Type /Font /Subtype /TrueType /BaseFont /AB+Packed >>            << /Type /FontDescriptor >>",
    ),
  );
  const file = Buffer.concat([
    Buffer.from(
      "%PDF-1.5\n1 0 obj << /Type /Font /Subtype /Type3 /Name /Drawn /ToUnicode 9 0 R >> endobj\n" +
        "2 0 obj << /Type/Font/Subtype/Type0/BaseFont/Whole/ToUnicode 9 0 R >> endobj\n3 0 obj << /Type/Font/Subtype/CIDFontType2/BaseFont/Part >> endobj\n" +
        `4 0 obj << /Type /ObjStm /N 2 /First 9 /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`,
    ),
    packed,
    Buffer.from("\nendstream endobj\n%%EOF"),
  ]);
  expect(fontsInPdf(file)).toEqual([
    { name: "Drawn", isType3: true, saysCharacters: true },
    { name: "Whole", isType3: false, saysCharacters: true },
    { name: "AB+Packed", isType3: false, saysCharacters: false },
  ]);
});

test("[ARTEFACT-8] a line that is missing, twice, out of order or followed by other text is noticed", () => {
  const expected = ["one", "two"].map((text) => ({ kind: "bullet" as const, text, where: "Experience" }));
  expect(lineFinding("\u2022 one\n\u2022 two\n", expected)).toBeNull();
  expect(lineFinding("\u2022 one\n", expected)).toMatch(/not found whole/u);
  expect(lineFinding("two one", expected)).toMatch(/other text before it/u);
  expect(lineFinding("one one two", expected)).toMatch(/other text before it/u);
  expect(lineFinding("one two two", expected)).toMatch(/after the last line/u);
});

/** Without the letters of some names and the euro, which LaTeX's own fonts do not have; marks of TeX's stay. */
function inAscii(resume: ArtefactRequest["resume"]): ArtefactRequest["resume"] {
  const text = JSON.stringify(resume).replaceAll("\u20ac", "EUR ").replaceAll("\u0179", "Z");
  return JSON.parse(text) as ArtefactRequest["resume"];
}

const ownTemplate = String.raw`\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{mathptmx}
\usepackage[hidelinks]{hyperref}
\begin{document}
{{name}}

{{headline}}

{{contact}}

{{links}}

{{sections}}
\end{document}`;

test("[ARTEFACT-9] a template of one's own is filled, and what reaches beyond the page is refused in words", async () => {
  expect(templateFaults(ownTemplate)).toEqual([]);
  const { latex: source } = await maker.make(requestOf(1, { name: "custom", source: ownTemplate }));
  expect(source).toContain("\\cvsection{Experience}");
  expect(source).not.toContain("{{");
  for (const evil of [
    "\\input{/etc/passwd}",
    "\\begin{input}{/etc/passwd}\\end{input}",
    "\\write18{ls}",
    "\\immediate\\openout3=x",
    "\\csname in\\string put\\endcsname",
    "^^5cinput{/etc/passwd}",
    "\\catcode`!=0 !input x",
    "\\pdffiledump{/etc/passwd}",
    "\\directlua{os.exit()}",
    "\\makeatletter\\@input{x}",
    "\\csuse{input}{/etc/passwd}",
    "\\letcs\\x{input}",
    "\\ifcsdef{input}{}{}",
    "\\begin{pdfobj} stream file {/etc/passwd}\\end{pdfobj}",
    "\\usepackage{shellesc}",
    "\\usepackage\\x",
    "{{secret}}",
  ]) {
    const refused = maker.make(
      requestOf(1, { name: "custom", source: ownTemplate.replace("{{name}}", `{{name}} ${evil}`) }),
    );
    await expect(refused).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  }
});

test.runIf(latex !== null)(
  "[ARTEFACT-9] pdfLaTeX sets it, every line is found, and the same bytes come again",
  async () => {
    const request = {
      ...requestOf(1, { name: "custom", source: ownTemplate }),
      resume: testingResume({ seed: 1, withHardText: false }),
    };
    const plain = { ...request, resume: inAscii(request.resume) };
    const made = await maker.make(plain);
    expect(made.notes).toEqual([]);
    expect(made.pdf?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect((await maker.make(plain)).pdf?.bytes).toEqual(made.pdf?.bytes);
  },
);

test.runIf(latex !== null)(
  "[ARTEFACT-9] even where nothing is refused LaTeX reads no file of others and runs nothing",
  async () => {
    const program = latex ?? { engine: "pdflatex" as const, path: "" };
    const document = (body: string) => `\\documentclass{article}\\begin{document}x ${body}\\end{document}`;
    await expect(compileLatex(program, document("\\input{/etc/hostname}"))).rejects.toThrow(LatexFailure);
    for (const name of ["pdfobj", "tex_pdfobj:D"]) {
      const embedding = `\\pdfcompresslevel=0 \\immediate\\csname ${name}\\endcsname stream file {/etc/passwd}`;
      const pdf = await compileLatex(program, document(embedding)).catch(() => new Uint8Array());
      expect(Buffer.from(pdf).includes("root:")).toBe(false);
    }
    const outside = join(tmpdir(), "connvo-written-by-latex");
    const writing = document(`\\newwrite\\w\\immediate\\openout\\w=${outside}`);
    await expect(compileLatex(program, writing)).rejects.toThrow(LatexFailure);
    expect(existsSync(outside)).toBe(false);
    await expect(
      compileLatex(program, document("\\loop\\iftrue\\repeat"), { timeoutMs: 3_000 }),
    ).rejects.toThrow(LatexFailure);
  },
);

test.runIf(latex !== null && pdftotext !== undefined).each(ownTemplates)(
  "[ARTEFACT-10] the LaTeX source of %s compiles, and its page reads as ours does",
  async (template) => {
    const program = latex ?? { engine: "pdflatex" as const, path: "" };
    const printable = Array.from({ length: 60 }, (_, seed) => pageOf(inAscii(testingResume({ seed }))))
      .filter((page) => textsOf(page).every(({ text }) => outsideLatexFonts(text).length === 0))
      .slice(0, 3);
    expect(printable).toHaveLength(3);
    for (const page of printable) {
      const pdf = await compileLatex(program, latexSource(page, { template, paper: "a4" }));
      for (const order of [[], ["-raw"]]) {
        const read = extracted([...order, "-enc", "UTF-8"], pdf);
        expect(textChecks(read, expectedLines(page, template)).filter(({ passed }) => !passed)).toEqual([]);
      }
    }
  },
);

test.runIf(latex !== null && pdftotext !== undefined).each(ownTemplates)(
  "[ARTEFACT-12] each character that LaTeX's own fonts are said to have comes out of %s as itself, in every look of its letters",
  async (template) => {
    const program = latex ?? { engine: "pdflatex" as const, path: "" };
    const characters = Array.from({ length: 0x2fff }, (_, code) => String.fromCodePoint(code)).filter(
      (one) => pageText(`x${one}x`) === `x${one}x` && outsideLatexFonts(one).length === 0 && one !== " ",
    );
    expect(characters.length).toBeGreaterThan(200);
    const text = `${characters.map((one) => `k${one}x${one}${one}1 ${one}`).join(" ")} end`;
    const resume = testingResume({ seed: 1, withHardText: false });
    const [role] = resume.workExperience;
    if (role === undefined) throw new Error("this résumé has a role");
    const page = pageOf({
      ...resume,
      basics: { ...resume.basics, name: text, headline: text, location: text },
      summary: text,
      workExperience: [{ ...role, company: text, title: text, location: text, bullets: [{ text }] }],
    });
    const pdf = await compileLatex(program, latexSource(page, { template, paper: "a4" }), { passes: 1 });
    expect(fontsInPdf(pdf).filter(({ isType3, saysCharacters }) => isType3 || !saysCharacters)).toEqual([]);
    for (const order of [[], ["-raw"]]) {
      const read = extracted([...order, "-enc", "UTF-8"], pdf);
      expect(textChecks(read, expectedLines(page, template)).filter(({ passed }) => !passed)).toEqual([]);
    }
  },
  settingMs,
);

test.runIf(pdftotext !== undefined).each(ownTemplates)(
  "[ARTEFACT-13] wherever the lines of %s end, none ends in a hyphen that a reader would drop",
  async (template) => {
    const program = latex ?? { engine: "pdflatex" as const, path: "" };
    const resume = testingResume({ seed: 1, withHardText: false });
    const [role] = resume.workExperience;
    if (role === undefined) throw new Error("this résumé has a role");
    const bullets = Array.from({ length: 25 }, (_, at) => ({
      text: `${"so it went on and on ".repeat(4)}${"i".repeat(at)} from 3 - 4 to pre- and post-op care - and ${"-".repeat(45)} ${"a-".repeat(40)}z`,
    }));
    const request = {
      ...requestOf(1, { name: template }),
      resume: { ...resume, workExperience: [{ ...role, bullets }] },
    };
    const page = pageOf(request.resume);
    const { pdf } = await maker.make(request);
    const source = latexSource(page, { template, paper: "a4" });
    const set = [
      pdf?.bytes ?? new Uint8Array(),
      ...(latex === null ? [] : [await compileLatex(program, source, { passes: 1 })]),
    ];
    for (const one of set) {
      const read = extracted(["-enc", "UTF-8"], one);
      expect(textChecks(read, expectedLines(page, template)).filter(({ passed }) => !passed)).toEqual([]);
    }
  },
  settingMs,
);
