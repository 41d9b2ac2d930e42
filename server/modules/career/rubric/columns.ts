// Rows of a specification's table as lines of their own: what stands under "Essential", what stands under "Desirable".
import { headingKindOf } from "./headings.ts";
import { cellsOf, columnMark, isTick, markOf, type Cell, type Mark } from "./marks.ts";

export interface RawLine {
  text: string;
  start: number;
  sign: string;
  afterGap: boolean;
  /** What the line or its column says of itself. */
  mark: Mark | null;
}

/** Letters say something where several lines bear them. */
const letteredLeast = 3;

export function withMarks(lines: readonly RawLine[]): RawLine[] {
  const marks = lines.map(({ text, mark }) => (mark === null ? markOf(text) : null));
  const lettered = marks.filter((one) => one?.byLetter === true).length >= letteredLeast;
  return lines.map((line, at) => {
    const marked = marks[at] ?? null;
    if (marked === null || (marked.byLetter && !lettered)) return line;
    const { mark, from, to } = marked;
    return { ...line, text: line.text.slice(from, to).trimEnd(), start: line.start + from, mark };
  });
}

export function withColumns(lines: readonly RawLine[]): RawLine[] {
  const rows = lines.map(({ text }) => cellsOf(text));
  let heads: (Mark | null)[] | null = null;
  return lines.flatMap((line, at): RawLine[] => {
    const cells = rows[at] ?? null;
    if (cells === null) {
      heads = null;
      return [line];
    }
    const own = ownMarkIn(cells);
    // "Teaching | Desirable" is a row, "Criteria | Essential" a head without its other column.
    if (own !== null && (heads !== null || isRowAmong(cells, [rows[at - 1], rows[at + 1]])))
      return itemOf(line, cells[0], own);
    const marks = cells.map(({ text }) => columnMark(text));
    if (marks.some((mark) => mark !== null) && cells.every(({ text }) => text.split(/\s+/u).length <= 4)) {
      heads = marks;
      return [];
    }
    if (heads !== null) return underHeads(line, cells, heads);
    return bare(line, cells, [rows[at - 1], rows[at + 1]]);
  });
}

/** "Degree in law | E | A": one cell says it of the row. */
function ownMarkIn(cells: readonly Cell[]): Mark | null {
  const said = cells.slice(1).flatMap(({ text }) => columnMark(text) ?? []);
  return said.length === 1 && columnMark(cells[0]?.text ?? "") === null ? (said[0] ?? null) : null;
}

/** Those beside it say it of themselves, too. */
function isRowAmong(cells: readonly Cell[], around: readonly (Cell[] | null | undefined)[]): boolean {
  return cells.length > 1 && around.some((row) => (row ?? null) !== null && ownMarkIn(row ?? []) !== null);
}

function underHeads(line: RawLine, cells: readonly Cell[], heads: readonly (Mark | null)[]): RawLine[] {
  const ticked = cells.findIndex(({ text }, at) => at > 0 && isTick(text) && (heads[at] ?? null) !== null);
  if (ticked > 0) return itemOf(line, cells[0], heads[ticked] ?? null);
  return cells.flatMap((cell, at) => {
    const mark = heads[at] ?? null;
    return mark === null ? [] : itemOf(line, cell, mark);
  });
}

/** Rows whose head is gone: a subject, and two cells that ask, in the order in which such tables have them. */
function bare(
  line: RawLine,
  cells: readonly Cell[],
  around: readonly (Cell[] | null | undefined)[],
): RawLine[] {
  const [subject, ...asks] = cells;
  const asSuch = (row: readonly Cell[] | null | undefined) =>
    row?.length === 3 && ["asked", "must"].includes(headingKindOf(row[0]?.text ?? ""));
  if (subject === undefined || !asSuch(cells) || !around.some(asSuch)) return [line];
  return [
    { ...line, text: subject.text, start: line.start + subject.at, afterGap: true },
    ...asks.flatMap((cell) => itemOf(line, cell, null)),
  ];
}

function itemOf(line: RawLine, cell: Cell | undefined, mark: Mark | null): RawLine[] {
  if (cell === undefined || !/\p{L}{2}/u.test(cell.text)) return [];
  return [{ text: cell.text, start: line.start + cell.at, sign: "|", afterGap: true, mark }];
}
