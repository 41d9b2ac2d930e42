// Tables with a row that says what their columns are: each row is read cell by cell, not line by line.
import { isBulletSign, joined, wraps } from "./lines.ts";

/** What stands together in a row of a page. */
export interface Piece {
  x: number;
  right: number;
  text: string;
  size: number;
  /** Letters, and those of them in bold. */
  letters: number;
  boldLetters: number;
}

export interface PieceRow {
  y: number;
  pieces: Piece[];
}

interface Table {
  columns: readonly number[];
  body: readonly PieceRow[];
}

/** Points by which pieces may differ and still begin at the same place. */
const samePlace = 3;
/** Points by which items are set in within their cell. */
const indentLeast = 8;
const headerMaxWords = 4;
/** Rows of a table stand further apart than the lines of a cell. */
const apartShare = 1.2;
/** Below a gap of so many letters' heights something else begins. */
const endSizes = 3.5;
const ofTime =
  /^(?:period|dates?|years?|time|from|duration|zeitraum|zeit|jahr|période|année|fechas?|periodo|when)\b/i;

export function tablesInCells(rows: readonly PieceRow[]): PieceRow[] {
  const read: PieceRow[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined) break;
    const table = tableFrom(rows, at);
    if (table === null) read.push(row);
    else {
      read.push(...cellByCell(table));
      at += table.body.length;
    }
  }
  return read;
}

function tableFrom(rows: readonly PieceRow[], at: number): Table | null {
  const header = rows[at];
  if (header === undefined || !isHeader(header)) return null;
  const columns = header.pieces.map(({ x }) => x);
  const body: PieceRow[] = [];
  let above = header;
  for (const row of rows.slice(at + 1)) {
    const size = row.pieces[0]?.size ?? 10;
    if (above.y - row.y > size * endSizes || !fits(row, columns)) break;
    body.push(row);
    above = row;
  }
  const starts = ({ pieces }: PieceRow) =>
    pieces.filter(({ x }) => columns.some((column) => Math.abs(column - x) < samePlace)).length;
  const full = body.filter((row) => starts(row) === columns.length).length;
  return full >= 2 ? { columns, body } : null;
}

/** In bold, a few words each. */
function isHeader({ pieces }: PieceRow): boolean {
  const short = pieces.every(
    ({ text, letters, boldLetters }) =>
      text.split(" ").length <= headerMaxWords &&
      boldLetters > letters / 2 &&
      !/[\d@]/.test(text) &&
      !isBulletSign(text),
  );
  return short && (pieces.length >= 3 || (pieces.length === 2 && ofTime.test(pieces[0]?.text ?? "")));
}

/** Each piece stands within its column, and the first of them where a cell begins or a little further in. */
function fits({ pieces }: PieceRow, columns: readonly number[]): boolean {
  return (
    pieces.every((piece) => {
      const at = columnOf(piece, columns);
      const next = columns[at + 1] ?? Infinity;
      return at >= 0 && piece.right <= next + samePlace && piece.x - (columns[at] ?? 0) < indentLeast * 4;
    }) &&
    (pieces.length > 1 || columnOf(pieces[0] as Piece, columns) > 0)
  );
}

function columnOf({ x }: Piece, columns: readonly number[]): number {
  return columns.findLastIndex((column) => column - samePlace <= x);
}

function cellByCell({ columns, body }: Table): PieceRow[] {
  const margins = columns.map((_, at) =>
    Math.max(
      ...body.flatMap(({ pieces }) =>
        pieces.filter((piece) => columnOf(piece, columns) === at).map(({ right }) => right),
      ),
    ),
  );
  const seen = new Map<string, number>();
  for (const { text } of body.flatMap(({ pieces }) => pieces)) seen.set(text, (seen.get(text) ?? 0) + 1);
  return tableRows({ columns, body }).flatMap((rows) => {
    const y = rows[0]?.y ?? 0;
    const heads: Piece[] = [];
    const more: PieceRow[] = [];
    const items: PieceRow[] = [];
    for (const [at, column] of columns.entries()) {
      const lines = rows.flatMap(({ pieces }) => pieces.filter((piece) => columnOf(piece, columns) === at));
      const whole = wholeLines(lines, { margin: margins[at] ?? 0, isTime: at === 0, seen });
      for (const [index, line] of whole.entries()) {
        if (index === 0) heads.push(line);
        else if (line.x > column + indentLeast)
          items.push({ y, pieces: [{ ...line, text: `\u2022 ${line.text}` }] });
        else more.push({ y, pieces: [line] });
      }
    }
    return [{ y, pieces: heads }, ...more, ...items];
  });
}

/** Lines of the table by its rows: a gap tells where the next one begins, or its first cell where all gaps are alike. */
function tableRows({ columns, body }: Table): PieceRow[][] {
  const gaps = body.slice(1).map((row, at) => (body[at]?.y ?? 0) - row.y);
  const least = Math.min(...gaps);
  const uneven = Math.max(...gaps) > least * apartShare;
  const rows: PieceRow[][] = [];
  let first = "";
  for (const [at, row] of body.entries()) {
    const begun = row.pieces.find((piece) => columnOf(piece, columns) === 0)?.text ?? "";
    const apart = uneven ? (gaps[at - 1] ?? Infinity) > least * apartShare : !/[\u2010-\u2015-]$/.test(first);
    const open = rows.at(-1);
    if (open === undefined || (begun !== "" && apart)) rows.push([row]);
    else open.push(row);
    if (begun !== "") first = begun;
  }
  return rows;
}

/** Lines of a cell that go on in the next one, as one; a cell of dates is one. */
function wholeLines(
  lines: readonly Piece[],
  about: { margin: number; isTime: boolean; seen: ReadonlyMap<string, number> },
): Piece[] {
  const whole: Piece[] = [];
  let former: Piece | undefined;
  for (const line of lines) {
    const last = whole.at(-1);
    if (last !== undefined && former !== undefined && (about.isTime || goesOn(former, line, about))) {
      whole[whole.length - 1] = {
        ...last,
        text: joined(last.text, line.text),
        right: line.right,
        letters: last.letters + line.letters,
        boldLetters: last.boldLetters + line.boldLetters,
      };
    } else whole.push(line);
    former = line;
  }
  return whole;
}

function goesOn(
  former: Piece,
  line: Piece,
  { margin, seen }: { margin: number; seen: ReadonlyMap<string, number> },
): boolean {
  if (Math.abs(former.x - line.x) > samePlace) return false;
  // What other rows have as a line of its own is one.
  if ((seen.get(line.text) ?? 0) > 1) return false;
  if (/[.!?]$/.test(former.text) && /^\p{Lu}/u.test(line.text)) return false;
  if (former.boldLetters > former.letters / 2 !== line.boldLetters > line.letters / 2) return false;
  return wraps(former, line, margin);
}
