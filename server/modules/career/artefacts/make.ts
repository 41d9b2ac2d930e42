// Makes a résumé's artefacts: one page, in each form; a PDF only where every character can be printed.
import { canonicalJson, contentHash } from "../resume/hash.ts";
import { jsonResumeOf } from "../resume/json-resume.ts";
import { docxOf } from "./docx/docx.ts";
import type { ArtefactMaker, ArtefactRequest, MadePdf } from "./index.ts";
import { outsideLatexFonts } from "./latex/characters.ts";
import { latexSource } from "./latex/templates.ts";
import { contentOf } from "./page/content.ts";
import { pageOf, textsOf, type Page } from "./page/page.ts";
import type { Look } from "./page/templates.ts";
import { named, unprintable } from "./page/text.ts";
import { typstData } from "./typst/data.ts";
import { typstCharacters } from "./typst/fonts.ts";
import { typstSource } from "./typst/source.ts";
import { Typst } from "./typst/typst.ts";

/** Changes with what the templates make of the same résumé. */
const templatesVersion = 1;
const namedAtMost = 6;

export interface ArtefactMakerParts {
  /** A document could not be made for a reason that is ours. */
  report(error: unknown): void;
  typst?: Typst;
}

export function createArtefactMaker({ report, typst = new Typst() }: ArtefactMakerParts): ArtefactMaker {
  async function pdfOf(page: Page, look: Look, request: ArtefactRequest): Promise<MadePdf | null> {
    const { pdf, pages } = await typst.make({
      source: typstSource(look.template),
      data: typstData(page, look),
    });
    return { bytes: pdf, engine: "typst", pages, fitsPageLimit: pages <= request.pageLimit, checks: [] };
  }

  return {
    async make(request) {
      const content = contentOf(request);
      const page = pageOf(content);
      const look: Look = {
        template: request.template.name === "custom" ? "classic" : request.template.name,
        paper: request.paper ?? "a4",
      };
      const notes: string[] = [];
      const unsupported = await outsideTypstFonts(page);
      let pdf: MadePdf | null = null;
      if (unsupported.length > 0) notes.push(refusal("PDF", unsupported));
      else {
        try {
          pdf = await pdfOf(page, look, request);
        } catch (error) {
          report(error);
          notes.push("The PDF could not be made this time; the other files are complete. Please try again.");
        }
      }
      const outsideLatex = found(page, outsideLatexFonts);
      if (outsideLatex.length > 0) notes.push(latexNote(outsideLatex));
      return {
        hash: contentHash({ templatesVersion, content, look, template: request.template }),
        json: `${JSON.stringify(JSON.parse(canonicalJson(content)), null, 2)}\n`,
        jsonResume: `${JSON.stringify(jsonResumeOf(content), null, 2)}\n`,
        latex: latexSource(page, look),
        docx: await docxOf(page, look),
        pdf,
        notes,
      };
    },
    stop: () => typst.stop(),
  };
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
