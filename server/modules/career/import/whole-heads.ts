// Heads and dates that go on in the next line, before entries are divided; durations beside dates are left away.
import { datesIn, rangeOverLines, withoutDuration } from "./find-dates.ts";
import { wraps, type TextLine } from "./lines.ts";

/** Points by which lines may differ and still begin at the same place. */
const samePlace = 2;

export function wholeHeads(lines: readonly TextLine[], margin: number): TextLine[] {
  const whole: TextLine[] = [];
  for (const found of lines) {
    const line = undated(found);
    const last = whole.at(-1);
    if (line === null) continue;
    if (last === undefined || line.bullet || last.bullet || last.page !== line.page) {
      whole.push(line);
      continue;
    }
    const over =
      line.segments.length === 1 && Math.abs(line.x - last.x) < samePlace
        ? rangeOverLines(last.text, line.text)
        : null;
    if (over !== null) whole[whole.length - 1] = inPieces(last, [over.dates, over.rest]);
    else if (goesOnInBold(last, line, margin) || endsOpen(last, line))
      whole[whole.length - 1] = { ...inPieces(last, [`${last.text} ${line.text}`]), right: line.right };
    else whole.push(line);
  }
  return whole;
}

/** Null where it says nothing but how long something was. */
function undated(line: TextLine): TextLine | null {
  const text = line.bullet ? line.text : withoutDuration(line.text);
  if (text === line.text) return line;
  return text === "" ? null : inPieces(line, [text]);
}

/** "Kwame Nkrumah University of" is no name yet. */
function endsOpen(last: TextLine, line: TextLine): boolean {
  return (
    last.segments.length === 1 &&
    line.segments.length === 1 &&
    last.bold === line.bold &&
    last.size === line.size &&
    Math.abs(last.x - line.x) < samePlace &&
    /\s(?:of|and|for|the|de|du|des|und|für|&)$/u.test(last.text) &&
    datesIn(last.text) === null &&
    /^\p{L}/u.test(line.text)
  );
}

/** The head of an entry in bold, as wide as its column. */
function goesOnInBold(last: TextLine, line: TextLine, margin: number): boolean {
  return (
    last.bold &&
    line.bold &&
    last.segments.length === 1 &&
    line.segments.length === 1 &&
    last.right > 0 &&
    Math.abs(last.x - line.x) < samePlace &&
    last.size === line.size &&
    last.right > last.x + (margin - last.x) * 0.8 &&
    wraps(last, line, margin) &&
    datesIn(last.text) === null &&
    datesIn(line.text) === null
  );
}

function inPieces(line: TextLine, texts: readonly string[]): TextLine {
  const segments = texts.filter((text) => text !== "").map((text, at) => ({ x: line.x + at * 100, text }));
  return { ...line, segments, text: segments.map(({ text }) => text).join(" ") };
}
