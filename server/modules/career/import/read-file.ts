// One file into one résumé or the text of a posting, or into the reason why there is none.
import { ZodError } from "zod";
import { textOfLines } from "./document-text.ts";
import type { TextLine } from "./lines.ts";
import { readDocx } from "./read-docx.ts";
import { readPdf } from "./read-pdf.ts";
import type { FromReader, ToReader } from "./reader.ts";
import { understand } from "./understand.ts";

/** Fewer letters are page numbers and what scanners write. */
const lettersLeast = 40;

/** A fault of the file is an outcome; what is thrown is a fault of the program. */
export async function readFile({ bytes, type, as }: ToReader): Promise<FromReader> {
  let found: { lines: TextLine[]; links: string[]; leftOut: string[] };
  try {
    found = type === "application/pdf" ? await readPdf(bytes) : readDocx(bytes);
  } catch (error) {
    return { outcome: error instanceof Error && error.name === "PasswordException" ? "locked" : "damaged" };
  }
  const letters = found.lines.reduce((sum, { text }) => sum + (text.match(/\p{L}/gu)?.length ?? 0), 0);
  if (letters < lettersLeast) return { outcome: "empty" };
  if (as === "text") return { outcome: "text", text: textOfLines(found.lines) };
  try {
    const { content, leftOut } = understand(found.lines, found.links);
    const { workExperience, projects, education, skills } = content;
    if (
      workExperience.length + projects.length + education.length + Object.values(skills).flat().length ===
      0
    )
      return { outcome: "no-resume" };
    const lines = found.lines.map(({ page, segments }) => ({
      page,
      text: segments.map(({ text }) => text).join("   "),
    }));
    return { outcome: "read", read: { content, lines, leftOut: [...leftOut, ...found.leftOut] } };
  } catch (error) {
    // What is larger than any résumé.
    if (error instanceof ZodError) return { outcome: "no-resume" };
    throw error;
  }
}
