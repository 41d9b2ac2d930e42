// `npm run evaluate -- artefacts`: generated résumés of hard text as PDF, read back by every reader that is there, and by our own import.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectedLines } from "../../server/modules/career/artefacts/checks/lines.ts";
import { fontsInPdf } from "../../server/modules/career/artefacts/checks/pdf-fonts.ts";
import { textChecks } from "../../server/modules/career/artefacts/checks/text-checks.ts";
import { createArtefactMaker, type Artefacts } from "../../server/modules/career/artefacts/index.ts";
import { outsideLatexFonts } from "../../server/modules/career/artefacts/latex/characters.ts";
import { compileLatex, LatexFailure } from "../../server/modules/career/artefacts/latex/compile.ts";
import { latexSource } from "../../server/modules/career/artefacts/latex/templates.ts";
import { pageOf, textsOf, type Page } from "../../server/modules/career/artefacts/page/page.ts";
import { ownTemplates, type OwnTemplate } from "../../server/modules/career/artefacts/page/templates.ts";
import { testingResume } from "../../server/modules/career/artefacts/testing-resumes.ts";
import { readFile } from "../../server/modules/career/import/read-file.ts";
import type { ResumeContent } from "../../shared/schemas/career/resume.ts";
import type { Benchmark } from "../bench/benchmark.ts";
import { markdownTable } from "../markdown-table.ts";
import { printedContent } from "./printed-content.ts";
import { compareResumes, fieldKinds, type Counts, type FieldKind } from "./resume-fields.ts";

const pageLimit = 3;
const columns = [
  "made",
  "refused in words",
  "failed",
  "lines once and in order",
  "known characters",
  "fonts",
  "pages",
  "pictures",
] as const;
type Column = (typeof columns)[number];
type Tally = Record<Column, number>;

export const artefactsEvaluation: Benchmark = {
  help: "[--resumes 300] [--latex-resumes 60]  CONNVO_PDFTOTEXT and CONNVO_PDFLATEX name the programs that may be asked, too",
  options: { resumes: { type: "string" }, "latex-resumes": { type: "string" } },
  async run(values, log) {
    const count = Number(values["resumes"] ?? 300);
    const latexCount = Number(values["latex-resumes"] ?? 60);
    const { CONNVO_PDFTOTEXT: pdftotext, CONNVO_PDFLATEX: pdflatex } = process.env;
    const directory = await mkdtemp(join(tmpdir(), "connvo-evaluate-artefacts-"));
    const maker = createArtefactMaker({
      report: (error) => log(error instanceof Error ? error.message : String(error)),
    });
    const tallies = new Map<string, Tally>();
    const fields = new Map<FieldKind, Counts>(
      fieldKinds.map((kind) => [kind, { expected: 0, found: 0, right: 0 }]),
    );
    const findings: string[] = [];
    const tally = (name: string) => {
      const known = tallies.get(name) ?? emptyTally();
      tallies.set(name, known);
      return known;
    };
    const note = (name: string, seed: number, finding: string | undefined) => {
      findings.push(`${name}, résumé ${seed}: ${finding ?? "no PDF, and no reason"}`);
    };

    async function withPoppler(
      name: string,
      seed: number,
      pdf: Uint8Array,
      page: Page,
      template: OwnTemplate,
    ) {
      if (pdftotext === undefined) return;
      const path = join(directory, "page.pdf");
      await writeFile(path, pdf);
      for (const order of [[], ["-raw"]]) {
        const reader = ["pdftotext", ...order].join(" ");
        const row = tally(`${name}, ${reader}`);
        const text = execFileSync(pdftotext, [...order, "-enc", "UTF-8", path, "-"], { encoding: "utf8" });
        row.made += 1;
        for (const check of textChecks(text, expectedLines(page, template))) {
          if (check.passed) row[check.name === "lines" ? "lines once and in order" : "known characters"] += 1;
          else note(`${name}, ${reader}`, seed, check.finding);
        }
        countFonts(row, pdf);
      }
    }

    function byPdfJs(name: string, seed: number, { pdf, notes }: Artefacts): void {
      const row = tally(`${name}, pdf.js`);
      if (pdf === null) {
        const refused = notes.some((text) => /^There is no PDF, because/.test(text));
        row[refused ? "refused in words" : "failed"] += 1;
        if (!refused) note(name, seed, notes.join(" "));
        return;
      }
      row.made += 1;
      for (const check of pdf.checks) {
        if (check.passed) row[columnOf(check.name)] += 1;
        else note(`${name}, pdf.js`, seed, check.finding);
      }
    }

    try {
      for (let seed = 1; seed <= count; seed += 1) {
        const resume = testingResume({ seed, withWideScripts: seed % 2 === 0 });
        const page = pageOf(resume);
        for (const template of ownTemplates) {
          const request = { resume, plan: null, tailored: null, template: { name: template }, pageLimit };
          const made = await maker.make(request);
          byPdfJs(template, seed, made);
          if (made.pdf === null) continue;
          await withPoppler(template, seed, made.pdf.bytes, page, template);
          const answer = await readFile({ bytes: new Uint8Array(made.pdf.bytes), type: "application/pdf" });
          const found = answer.outcome === "read" ? answer.read.content : null;
          const miss = (sentence: string) =>
            findings.push(`read back, ${template}, résumé ${seed}: ${sentence}`);
          for (const [kind, one] of compareResumes(printedContent(resume), found, miss)) {
            const sum = fields.get(kind);
            if (sum === undefined) continue;
            sum.expected += one.expected;
            sum.found += one.found;
            sum.right += one.right;
          }
        }
        if (seed % 25 === 0) log(`${seed} of ${count}`);
      }
      let compiled = 0;
      for (let seed = 1; pdflatex !== undefined && compiled < latexCount && seed <= count * 4; seed += 1) {
        const page = pageOf(withLatexCharacters(testingResume({ seed })));
        for (const template of ownTemplates) {
          const name = `${template} by pdfLaTeX`;
          // What its fonts do not have is said beside the source: see ARTEFACT-10.
          if (textsOf(page).some(({ text }) => outsideLatexFonts(text).length > 0)) {
            tally(`${name}, pdftotext`)["refused in words"] += 1;
            continue;
          }
          try {
            const source = latexSource(page, { template, paper: "a4" });
            const pdf = await compileLatex({ engine: "pdflatex", path: pdflatex }, source, { passes: 1 });
            await withPoppler(name, seed, pdf, page, template);
            compiled += 1 / ownTemplates.length;
          } catch (error) {
            if (!(error instanceof LatexFailure)) throw error;
            tally(`${name}, pdftotext`).failed += 1;
            note(name, seed, error.message);
          }
        }
        if (seed % 10 === 0) log(`LaTeX: ${Math.round(compiled)} of ${latexCount}`);
      }
    } finally {
      await maker.stop();
      await rm(directory, { recursive: true, force: true });
    }
    const total = { expected: 0, found: 0, right: 0 };
    for (const one of fields.values()) {
      total.expected += one.expected;
      total.found += one.found;
      total.right += one.right;
    }
    const text = [
      `${count} résumés of hard text in ${ownTemplates.length} templates, at most ${pageLimit} pages.`,
      "",
      markdownTable(
        ["template and reader", ...columns],
        [...tallies].map(([name, row]) => [name, ...columns.map((column) => cell(row[column]))]),
      ),
      "",
      "Read back by our own import:",
      "",
      markdownTable(
        ["field", "printed", "precision", "recall"],
        [...fields, ["all", total] as const].map(([kind, one]) => [
          kind,
          String(one.expected),
          share(one.right, one.found),
          share(one.right, one.expected),
        ]),
      ),
      ...(findings.length === 0
        ? []
        : [
            "",
            "Findings, the first ones:",
            "",
            ...findings.slice(0, 20).map((finding) => `- ${finding.slice(0, 200)}`),
          ]),
    ].join("\n");
    return {
      text,
      result: { tallies: Object.fromEntries(tallies), fields: Object.fromEntries(fields), findings },
      failed:
        total.right < total.expected * 0.99 ||
        [...tallies].some(
          ([name, row]) =>
            row.failed > 0 ||
            (name.endsWith("pdf.js") ? columns.slice(3) : columns.slice(3, 6)).some(
              (column) => row[column] < row.made,
            ),
        ),
    };
  },
};

/** Without the euro and one name's letter, which every other résumé here has: what TeX itself stumbles over stays. */
function withLatexCharacters(resume: ResumeContent): ResumeContent {
  const text = JSON.stringify(resume).replaceAll("\u20ac", "EUR ").replaceAll("\u0179", "Z");
  return JSON.parse(text) as ResumeContent;
}

function countFonts(row: Tally, pdf: Uint8Array): void {
  const fonts = fontsInPdf(pdf);
  if (fonts.length > 0 && fonts.every(({ isType3, saysCharacters }) => !isType3 && saysCharacters))
    row.fonts += 1;
}

function columnOf(check: string): Column {
  if (check === "lines") return "lines once and in order";
  if (check === "characters") return "known characters";
  return check === "images" ? "pictures" : check === "fonts" ? "fonts" : "pages";
}

function emptyTally(): Tally {
  return Object.fromEntries(columns.map((column) => [column, 0])) as Tally;
}

function cell(value: number): string {
  return String(value);
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : (part / whole).toFixed(4);
}
