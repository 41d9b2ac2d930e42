// Awards, certificates, publications and talks: a line each, or a head with its date and lines that say more of it.
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import { datesIn, trimmed } from "./find-dates.ts";
import { isPlace } from "./heads.ts";
import { joined, wraps, type TextLine } from "./lines.ts";

export interface FoundAward {
  name: string;
  issuer: string;
  year: string;
  details?: string;
}

/** Points by which a line that goes on is set in. */
const hangLeast = 5;
/** Pieces of a line that stand apart. */
const apart = " | ";
/** Points: of a column beside another one. */
const narrowMost = 220;

export function awardsOf(lines: readonly TextLine[]): FoundAward[] {
  const headed = withHeads(lines);
  if (headed !== null) return headed;
  const items = wholeItems(lines);
  const numbered = items.filter((text) => numbering.test(text)).length >= 2;
  return items.flatMap((text) => awardOf(numbered ? text.replace(numbering, "") : text) ?? []);
}

const numbering = /^\[?\d{1,4}[.)\]]\s+/;

/** Heads with a date at the margin, the same look, and below each what it is about. */
function withHeads(lines: readonly TextLine[]): FoundAward[] | null {
  const isHead = (line: TextLine) => {
    const last = line.segments.at(-1)?.text ?? "";
    return !line.bullet && line.segments.length > 1 && datesIn(last)?.rest === "";
  };
  const heads = lines.filter(isHead);
  if (heads.length < 2 || lines.length < heads.length * 2 || !lines.slice(0, 2).some(isHead)) return null;
  const found: FoundAward[] = [];
  // The first line of a name that takes two.
  let before = "";
  for (const [index, line] of lines.entries()) {
    const last = found.at(-1);
    if (isHead(line)) {
      const name = line.segments
        .slice(0, -1)
        .map(({ text }) => text)
        .join(" ");
      const dates = datesIn(line.segments.at(-1)?.text ?? "")?.dates ?? "";
      found.push({ name: cut(joined(before, name), bounds.labelMaxChars), issuer: "", year: dates });
      before = "";
    } else if (
      line.bold &&
      last !== undefined &&
      last.details === undefined &&
      lines[index - 1] !== undefined &&
      isHead(lines[index - 1] as TextLine)
    ) {
      last.name = cut(joined(last.name, line.text), bounds.labelMaxChars);
    } else if (line.bold) before = joined(before, line.text);
    else if (last !== undefined)
      last.details = joined(last.details ?? "", line.text).slice(0, bounds.bulletMaxChars);
  }
  return found;
}

function awardOf(text: string): FoundAward | null {
  const isCitation = (text.match(/,/g)?.length ?? 0) >= 3 || /[\u201c\u201d"]/u.test(text);
  const found = datesIn(text);
  // A citation that ends with its year is told apart from it; one in its middle is a part of it.
  const atEnd = found !== null && /(?:19|20)\d{2}\)?[.,;]?\s*$/.test(text);
  if (isCitation) {
    const cited = text.replaceAll(apart, " ");
    const name =
      found !== null && atEnd && !found.isRange
        ? cited.replace(/[,;.(\s]*(?:\p{L}+\.?\s+)?(?:19|20)\d{2}\)?[.,;]?\s*$/u, "")
        : cited;
    return {
      name: cut(name.trim(), bounds.labelMaxChars),
      issuer: "",
      year: name === cited ? "" : (found?.dates ?? ""),
      // Whole, where it is longer than a name may be.
      ...(name.length > bounds.labelMaxChars ? { details: cut(cited, bounds.bulletMaxChars) } : {}),
    };
  }
  const rest = trimmed(found?.rest ?? text);
  if (rest === "") return null;
  const pieces = rest
    .split(/\s+[|\u00b7\u2022\u2013\u2014]\s+|\s+-\s+|\s*\|\s*|,\s+(?=\p{Lu})/u)
    .map(trimmed)
    .filter((piece) => piece !== "" && !isPlace(piece));
  const [first = rest, second = "", third = ""] = pieces;
  // "Techniques, Level 3": nobody is called so.
  const [name, issuer] = /^(?:level|grade|part|class|stufe|niveau)\s+\S{1,4}$/i.test(second)
    ? [`${first}, ${second}`, third]
    : [first, second];
  return {
    name: cut(name, bounds.labelMaxChars),
    issuer: cut(issuer, bounds.shortTextMaxChars),
    year: found?.dates ?? "",
  };
}

/** Bullets with their continuations; lines where there are none. A date alone belongs to what comes after it. */
function wholeItems(lines: readonly TextLine[]): string[] {
  const items: string[] = [];
  const anyBullet = lines.some(({ bullet }) => bullet);
  const numbered = lines.filter(({ text }) => numbering.test(text)).length >= 2;
  let date = "";
  let former: TextLine | null = null;
  // Dates alone stand below their items where the last line is one, and the first is none.
  const isDate = (line: TextLine | undefined) => line !== undefined && datesIn(line.text)?.rest === "";
  const below = !isDate(lines[0]) && isDate(lines.at(-1));
  for (const line of lines) {
    const last = items.at(-1);
    const text = line.segments.map((segment) => segment.text).join(apart);
    const above: TextLine | null = former;
    former = line;
    if (datesIn(text)?.rest === "" && !line.bullet) {
      if (below && last !== undefined && datesIn(last) === null) {
        items[items.length - 1] = `${last}${apart}${text}`;
        continue;
      }
      date = text;
      continue;
    }
    const goesOn =
      last !== undefined &&
      date === "" &&
      !line.bullet &&
      ((numbered && !numbering.test(text)) ||
        (anyBullet && line.segments.length === 1) ||
        (above !== null && fills(above, line, lines)) ||
        // Words hang below those that they belong to.
        (above !== null && hangs(line, above, lines)) ||
        /^\p{Ll}/u.test(text));
    if (goesOn) items[items.length - 1] = joined(last ?? "", text);
    else items.push(date === "" ? text : `${date}${apart}${text}`);
    date = "";
  }
  return date === "" ? items : [...items.slice(0, -1), `${items.at(-1) ?? ""}${apart}${date}`];
}

/** In a narrow column the name of what has its date further down: no line's first word fitted into the one above. */
function fills(above: TextLine, line: TextLine, all: readonly TextLine[]): boolean {
  const margin = Math.max(...all.map(({ right }) => right));
  const next = all[all.indexOf(line) + 1];
  return (
    above.right > 0 &&
    above.segments.length === 1 &&
    line.segments.length === 1 &&
    above.bold === line.bold &&
    Math.abs(above.x - line.x) < 2 &&
    margin - above.x < narrowMost &&
    datesIn(above.text) === null &&
    wraps(above, line, margin) &&
    (datesIn(line.text) !== null || (next !== undefined && fills(line, next, all)))
  );
}

function hangs(line: TextLine, above: TextLine, all: readonly TextLine[]): boolean {
  const left = Math.min(...all.map(({ x }) => x));
  const right = Math.max(...all.map((one) => one.right));
  const further = line.x > left + hangLeast && line.segments.length === 1 && line.right > 0;
  return further && above.segments.length === 1 && above.right > right * 0.9 && datesIn(above.text) === null;
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : text.slice(0, maxChars).trimEnd();
}
