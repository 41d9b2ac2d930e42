// Roles, projects and studies: lines of a section divided into entries, each with its heads, its dates and its bullets.
import { datesIn, trimmed } from "./find-dates.ts";
import { wholeHeads } from "./whole-heads.ts";
import { isPlace } from "./heads.ts";
import { joined, wraps, type TextLine } from "./lines.ts";

export interface Entry {
  /** What stands in its heads beside dates, line by line, and within a line as far as it stands apart. */
  heads: string[][];
  dates: string;
  bullets: string[];
  /** Its first line is set in bold. */
  bold: boolean;
  /** Its dates came last, on a line of their own below its heads. */
  datesLast: boolean;
  /** Of its first line's letters, and of the last line of its heads. */
  sizes: { first: number; last: number };
}

/** What lines may go on from: where its words begin, and its last line. */
interface Open {
  x: number;
  prose: boolean;
  line: TextLine;
}

/** A line of so many words without a bullet is prose. */
const proseMinWords = 11;
const headMaxLines = 4;
/** Points by which words hang below a sign, where heads do not. */
const hangLeast = 4;
/** What stands further off is set in for reasons of its own. */
const hangMost = 14;
/** Points by which items of a list are set in. */
const indentLeast = 8;

export function entriesOf(found: readonly TextLine[]): Entry[] {
  // Dates at the margin stand beyond what lines of text may fill.
  const whole = found.filter(({ segments }) => segments.length === 1);
  const margin = Math.max(...(whole.length > 2 ? whole : found).map(({ right }) => right), 0);
  const left = Math.min(...found.map(({ x }) => x), Infinity);
  const lines = withSigns(wholeHeads(found.map(withoutSignOfHead), margin), margin);
  const entries: Entry[] = [];
  let entry: Entry | null = null;
  /** The bullet that lines may go on from. */
  let open: Open | null = null;
  const begin = () => {
    entry = {
      heads: [],
      dates: "",
      bullets: [],
      bold: false,
      datesLast: false,
      sizes: { first: 0, last: 0 },
    };
    entries.push(entry);
    open = null;
    return entry;
  };
  for (const [index, line] of lines.entries()) {
    const now: Entry = entry ?? begin();
    if (line.bullet) {
      now.bullets.push(line.text);
      open = { x: line.x, prose: false, line };
      continue;
    }
    if (
      open !== null &&
      goesOn(line, open, { text: now.bullets.at(-1) ?? "", next: lines[index + 1], margin, left })
    ) {
      now.bullets.push(joined(now.bullets.pop() ?? "", line.text));
      open = { ...open, line };
      continue;
    }
    if (isProse(line, now, lines[index + 1], margin) && now.heads.length > 0) {
      now.bullets.push(line.text);
      open = { x: line.x, prose: true, line };
      continue;
    }
    const found = datesIn(line.text);
    const current: Entry = startsAnew(line, now, found !== null, lines.slice(index + 1)) ? begin() : now;
    open = null;
    if (current.heads.length === 0 && current.dates === "") {
      current.bold = line.bold;
      current.sizes.first = line.size;
    }
    current.sizes.last = line.size;
    current.datesLast = found !== null && line.segments.length === 1 && found.rest === "";
    if (found !== null && (current.dates === "" || found.isRange)) {
      current.dates = found.dates;
      const rest = line.segments
        .map(({ text }) => (datesIn(text) === null ? trimmed(text) : (datesIn(text)?.rest ?? "")))
        .filter((text) => text !== "");
      // Dates that are divided between pieces of the line.
      if (rest.length > 0) current.heads.push(line.segments.length === 1 ? [found.rest] : rest);
    } else current.heads.push(line.segments.map(({ text }) => trimmed(text)).filter((text) => text !== ""));
  }
  return entries.filter(({ heads, bullets }) => heads.length > 0 || bullets.length > 0);
}

/** "• Acme Ltd      Bern": a sign before what has a date or a place at its margin marks an entry, not a line of it. */
function withoutSignOfHead(line: TextLine): TextLine {
  const last = line.segments.at(-1);
  if (!line.bullet || line.segments.length < 2 || last === undefined) return line;
  const dated = datesIn(last.text);
  const marks = isPlace(last.text) || (dated !== null && dated.rest.length < 4);
  return marks ? { ...line, bullet: false, bold: true } : line;
}

/** Some programs draw the signs of a list as pictures: then what is set in are its items. */
function withSigns(lines: readonly TextLine[], margin: number): readonly TextLine[] {
  const left = Math.min(...lines.map(({ x }) => x), Infinity);
  const setIn = (line: TextLine) => !line.bold && line.segments.length === 1 && line.x > left + indentLeast;
  if (lines.some(({ bullet }) => bullet) || lines.filter(setIn).length < 2) return lines;
  return lines.map((line, index) => {
    const former = lines[index - 1];
    if (!setIn(line)) return line;
    const continues =
      former !== undefined &&
      setIn(former) &&
      former.page === line.page &&
      wraps(former, line, margin) &&
      // Where no sign tells, a sentence's end does.
      !(/[.!?]$/.test(former.text) && /^\p{Lu}/u.test(line.text));
    return continues ? line : { ...line, bullet: true };
  });
}

function goesOn(
  line: TextLine,
  open: Open,
  about: { text: string; next: TextLine | undefined; margin: number; left: number },
): boolean {
  const { text, next, margin, left } = about;
  if (line.heading || (line.bold && !open.line.bold)) return false;
  const ended = /[.!?:;]["')\]]?$/.test(text);
  const range = datesIn(line.text)?.isRange === true;
  const hangs = line.x >= open.x - 6;
  if (range && line.segments.length > 1) return false;
  // A date alone after a sentence begins what comes next.
  if (ended && datesIn(line.text)?.rest === "") return false;
  if (/^\p{Ll}|^[(&%+\d]/u.test(line.text) && hangs && !(ended && range)) return true;
  if (line.segments.length > 1 || (range && ended)) return false;
  // What hangs below the words of a sign, and further in than heads do, is theirs.
  const hanging =
    !open.prose && line.right > 0 && line.x > left + hangLeast && Math.abs(line.x - open.x) < hangMost;
  if (hanging && !line.bold) return true;
  if (Math.abs(line.x - open.x) >= 4) return false;
  // On the next page the same margin says the same.
  if (open.line.right > 0) return wraps(open.line, line, margin);
  return open.prose ? !ended : open.x > 0 && (!ended || next?.bullet === true);
}

function isProse(line: TextLine, entry: Entry, next: TextLine | undefined, margin: number): boolean {
  const words = line.text.split(" ").length;
  if (line.bold || line.segments.length > 1) return false;
  // Pieces with bars between them, and dates below: a head, however long.
  const below = next === undefined || next.bullet ? null : datesIn(next.text);
  if (/ [|\u2022\u00b7] /.test(line.text) && !/[.!?]$/.test(line.text) && below?.rest === "") return false;
  // The first of several lines that fill the column, below a head and its dates.
  const fills =
    entry.dates !== "" &&
    words >= 6 &&
    line.right > margin * 0.85 &&
    next !== undefined &&
    !next.bold &&
    !next.bullet &&
    Math.abs(next.x - line.x) < 2 &&
    next.segments.length === 1 &&
    !/ [|\u2022\u00b7] /.test(line.text) &&
    datesIn(line.text) === null &&
    datesIn(next.text)?.isRange !== true;
  return (
    fills ||
    (words >= proseMinWords && datesIn(line.text)?.isRange !== true) ||
    (words >= 6 && /\.$/.test(line.text))
  );
}

/** Whether a head begins another entry, or says more about this one. */
function startsAnew(line: TextLine, entry: Entry, dated: boolean, after: readonly TextLine[]): boolean {
  if (entry.bullets.length > 0) return true;
  if (entry.heads.length === 0) return false;
  if (entry.heads.length >= headMaxLines) return true;
  if (entry.dates === "") return false;
  if (line.bold && entry.bold) return true;
  // As large as the entry's first line, and larger than what came after that.
  if (entry.heads.length > 1 && line.size === entry.sizes.first && line.size > entry.sizes.last) return true;
  if (!dated) {
    // After an entry without bullets: the next line says whether this one was a head with its dates below.
    const [next] = after;
    const nextDated = next !== undefined && !next.bullet && datesIn(next.text)?.isRange === true;
    // Or the one after that, where this entry, too, ended with its dates.
    const third = after[1];
    const below =
      entry.datesLast &&
      entry.heads.length > 1 &&
      next?.bullet === false &&
      third !== undefined &&
      !third.bullet &&
      datesIn(next.text) === null &&
      datesIn(third.text)?.rest === "";
    return below || (nextDated && (entry.heads.length > 1 || entry.datesLast));
  }
  const next = after[0];
  // An employer's dates, then those of the role below it, which has the bullets.
  return !(
    entry.heads.length === 1 &&
    next?.bullet === true &&
    datesIn(line.text)?.isRange === true &&
    line.bold !== true
  );
}
