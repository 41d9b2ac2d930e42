// The text of a document by its lines, as the rules for postings read it: headings apart, items with their sign, wrapped lines whole.
import { joined, type TextLine } from "./lines.ts";

/** Points by which two lines may differ and still begin at the same place. */
const samePlace = 4;

export function textOfLines(lines: readonly TextLine[]): string {
  const sizes = lines.filter(({ bullet, heading }) => !bullet && !heading).map(({ size }) => size);
  const usual = sizes.sort((one, other) => one - other)[Math.floor(sizes.length / 2)] ?? 0;
  const margin = Math.max(0, ...lines.map(({ right }) => right));
  const stands = ({ heading, bold, bullet, size }: TextLine) =>
    !bullet && (heading || bold || size > usual * 1.12);
  const blocks: { text: string; line: TextLine; last: TextLine; apart: boolean }[] = [];
  for (const line of lines) {
    const open = blocks.at(-1);
    if (open !== undefined && !stands(line) && !stands(open.last) && goesOn(line, open, margin)) {
      open.text = joined(open.text, line.text);
      open.last = line;
    } else blocks.push({ text: line.text, line, last: line, apart: stands(line) });
  }
  return blocks
    .map(({ text, line, apart }) => `${apart ? "\n" : ""}${line.bullet ? "- " : ""}${text}`)
    .join("\n")
    .trim();
}

/** Lines of a Word document are whole; on a page a line goes on where the next word would not have fitted. */
function goesOn(
  line: TextLine,
  { text, line: first, last }: { text: string; line: TextLine; last: TextLine },
  margin: number,
): boolean {
  if (line.bullet || last.right === 0 || line.segments.length > 1) return false;
  if (Math.abs(line.size - last.size) > 0.6) return false;
  // An item's further lines hang below its words.
  if (first.bullet ? line.x < first.x - 1.5 * samePlace : Math.abs(line.x - first.x) > samePlace)
    return false;
  const letter = (last.right - last.x) / Math.max(1, last.text.length);
  const [word = ""] = line.text.split(" ");
  const full = last.right + (word.length + 0.5) * letter > margin - 2 * letter;
  return full || (/^\p{Ll}/u.test(line.text) && !/[.!?:;]$/u.test(text));
}
