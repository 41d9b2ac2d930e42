// Makes a résumé's artefacts: one page, in each form; a PDF only where every character can be printed.
import { AppError } from "../../../../shared/errors.ts";
import { canonicalJson, contentHash } from "../resume/hash.ts";
import { jsonResumeOf } from "../resume/json-resume.ts";
import { ThreadLost } from "./bounded-thread.ts";
import { docxOf } from "./docx/docx.ts";
import { expectedLines } from "./checks/lines.ts";
import { createPdfReader, type ReadPdf } from "./checks/pdf-reader.ts";
import { customChecks, pdfChecks } from "./checks/text-checks.ts";
import type { ArtefactMaker, ArtefactRequest, MadePdf, PdfEngine } from "./index.ts";
import { outsideLatexFonts } from "./latex/characters.ts";
import { compileLatex, LatexFailure, type LatexProgram } from "./latex/compile.ts";
import { customLatexSource } from "./latex/custom.ts";
import { latexSource } from "./latex/templates.ts";
import { contentOf } from "./page/content.ts";
import { pageOf, textsOf, type Page } from "./page/page.ts";
import type { Look } from "./page/templates.ts";
import { named, unprintable } from "./page/text.ts";
import { typstData } from "./typst/data.ts";
import { typstCharacters } from "./typst/fonts.ts";
import { typstSource } from "./typst/source.ts";
import { createTypst } from "./typst/typst.ts";

/** Changes with what the templates make of the same résumé. */
export const templatesVersion = 2;
const namedAtMost = 6;

export interface ArtefactMakerParts {
  /** A document could not be made for a reason that is ours. */
  report(error: unknown): void;
  /** Null where LaTeX is not installed: see `findLatex`. */
  latex?: LatexProgram | null;
}

export function createArtefactMaker({ report, latex = null }: ArtefactMakerParts): ArtefactMaker {
  const typst = createTypst();
  const reader = createPdfReader();

  async function ownPdf(page: Page, look: Look, { pageLimit }: ArtefactRequest, notes: string[]) {
    const unsupported = await outsideTypstFonts(page);
    if (unsupported.length > 0) {
      notes.push(refusal("PDF", unsupported));
      return null;
    }
    try {
      const { pdf, pages, filled } = await typst.ask({
        source: typstSource(look.template),
        data: typstData(page, look),
      });
      const read = await reader.ask(pdf);
      const checks = pdfChecks(read, expectedLines(page, look.template), pageLimit);
      return madePdf(pdf, "typst", { read, length: pages - 1 + filled, pageLimit, checks });
    } catch (error) {
      notes.push(failed(error));
      return null;
    }
  }

  /** What happens to this page each time is said; what may pass is thrown. */
  function failed(error: unknown): string {
    if (error instanceof ThreadLost)
      throw new AppError("UNAVAILABLE", "The PDF could not be made this time: please try again.", {
        cause: error,
      });
    report(error);
    return "The PDF could not be made, for a reason that is ours; the other files are complete.";
  }

  async function customPdf(source: string, page: Page, { pageLimit }: ArtefactRequest, notes: string[]) {
    if (latex?.engine !== "pdflatex") {
      notes.push("There is no PDF: pdfLaTeX, which sets templates of one's own, is not installed here.");
      return null;
    }
    const outside = found(page, outsideLatexFonts);
    if (outside.length > 0) {
      notes.push(refusal("PDF", outside));
      return null;
    }
    try {
      const pdf = await compileLatex(latex, source);
      const read = await reader.ask(pdf);
      const length = read.pages - 0.5;
      const checks = customChecks(read, page, pageLimit);
      return madePdf(pdf, "pdflatex", { read, length, pageLimit, checks });
    } catch (error) {
      const isSaid = error instanceof LatexFailure;
      notes.push(isSaid ? `There is no PDF of this template: ${error.message}` : failed(error));
      return null;
    }
  }

  function askedFor(request: ArtefactRequest) {
    const content = contentOf(request);
    const page = pageOf(content);
    const { template } = request;
    const look: Look = {
      template: template.name === "custom" ? "classic" : template.name,
      paper: request.paper ?? "a4",
    };
    return { content, page, template, look };
  }

  function sourceOf({ page, template, look }: ReturnType<typeof askedFor>): string {
    return template.name === "custom" ? customLatexSource(template.source, page) : latexSource(page, look);
  }

  async function makePdf(request: ArtefactRequest) {
    const asked = askedFor(request);
    const { page, template, look } = asked;
    const notes: string[] = [];
    const pdf =
      template.name === "custom"
        ? await customPdf(sourceOf(asked), page, request, notes)
        : await ownPdf(page, look, request, notes);
    return { pdf, notes };
  }

  async function makeOthers(request: ArtefactRequest) {
    const asked = askedFor(request);
    const { content, page, template, look } = asked;
    const outsideLatex = template.name === "custom" ? [] : found(page, outsideLatexFonts);
    return {
      hash: contentHash({ templatesVersion, content, look, template }),
      json: `${JSON.stringify(JSON.parse(canonicalJson(content)), null, 2)}\n`,
      jsonResume: `${JSON.stringify(jsonResumeOf(content), null, 2)}\n`,
      latex: sourceOf(asked),
      docx: await docxOf(page, look),
      notes: outsideLatex.length > 0 ? [latexNote(outsideLatex)] : [],
    };
  }

  return {
    makePdf,
    makeOthers,
    async make(request) {
      const others = await makeOthers(request);
      const { pdf, notes } = await makePdf(request);
      return { ...others, pdf, notes: [...notes, ...others.notes] };
    },
    warm() {
      typst.warm();
      reader.warm();
    },
    async stop() {
      await Promise.all([typst.stop(), reader.stop()]);
    },
  };
}

function madePdf(
  bytes: Uint8Array,
  engine: PdfEngine,
  made: { read: ReadPdf; length: number; pageLimit: number; checks: MadePdf["checks"] },
): MadePdf {
  const { pages } = made.read;
  const { length, pageLimit, checks } = made;
  return { bytes, engine, pages, fitsPageLimit: pages <= pageLimit, length, checks };
}

interface Found {
  character: string;
  where: string;
}

async function outsideTypstFonts(page: Page): Promise<Found[]> {
  const characters = await typstCharacters();
  return found(page, (text) => [
    ...new Set([
      ...unprintable(text),
      ...[...text].filter((character) => !characters.has(character.codePointAt(0) ?? 0)),
    ]),
  ]);
}

function found(page: Page, outside: (text: string) => string[]): Found[] {
  const first = new Map<string, string>();
  for (const { text, where } of textsOf(page))
    for (const character of outside(text)) if (!first.has(character)) first.set(character, where);
  return [...first].map(([character, where]) => ({ character, where }));
}

function refusal(what: string, outside: readonly Found[]): string {
  return (
    `There is no ${what}, because the templates' fonts do not have ${listed(outside)}. ` +
    "Please write it otherwise, or use the Word document."
  );
}

function latexNote(outside: readonly Found[]): string {
  return (
    `The LaTeX source needs LuaLaTeX or XeLaTeX and a font that has ${listed(outside)}: ` +
    "pdfLaTeX's own fonts do not."
  );
}

function listed(outside: readonly Found[]): string {
  const shown = outside
    .slice(0, namedAtMost)
    .map(({ character, where }) => `${named(character)} in ${where}`);
  const more = outside.length - shown.length;
  return more > 0 ? `${shown.join("; ")}; and ${more} more` : shown.join("; ");
}
