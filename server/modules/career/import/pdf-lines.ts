// Words of a PDF's pages in the order in which people read them: columns one after the other, lines by their baseline.
import { isBulletSign, lineOf, type TextLine } from "./lines.ts";
import { tablesInCells, type Piece, type PieceRow } from "./pdf-tables.ts";

/** A piece of text where it stands; y grows upwards. */
export interface PageItem {
  text: string;
  x: number;
  y: number;
  width: number;
  size: number;
  bold: boolean;
}

/** Narrower gaps separate words. */
const gutterMinPoints = 10;
/** As narrow is a gutter that nothing crosses and beside which columns begin at one place each. */
const narrowMinPoints = 5;
/** Of a column's lines, those that begin where it does. */
const alignedShare = 0.6;
/** Gaps wider than so many letters' heights stand between things, not between words. */
const apartSizes = 1.6;
/** So wide a gap stands before what begins where other lines begin. */
const besideSizes = 0.5;
const startsLeast = 5;
const startsShare = 0.2;
/** Between words whose letters are set apart. */
const spacedSizes = 0.4;
const columnMinLines = 7;
/** From one label down to the next; lines of a paragraph are nearer. */
const labelApartSizes = 1.9;

export function linesOfPage(page: number, items: readonly PageItem[], pageWidth: number): TextLine[] {
  const words = items.filter(({ text, size }) => text.trim() !== "" && size > 2);
  const gutter = gutterOf(words, pageWidth);
  const blocks = gutter === null ? [words] : inColumns(words, gutter);
  const largest = words.reduce((most, { size }) => Math.max(most, size), 0);
  return blocks.flatMap((block) => {
    const rows = rowsOf(block);
    const starts = commonStarts(rows);
    const pieces = rows.map((row) => ({ y: row[0]?.y ?? 0, pieces: piecesOf(row, starts, largest) }));
    return tablesInCells(pieces.flatMap(withItemsApart)).flatMap((row) => toLine(page, row) ?? []);
  });
}

/** The x where a page of two columns is divided; null where it is one. */
function gutterOf(items: readonly PageItem[], pageWidth: number): number | null {
  const step = 1;
  const allowed = Math.max(3, items.length * 0.04);
  /** Runs of places that are crossed equally often, as seldom as a heading over both columns does. */
  const candidates: { x: number; crossing: number; width: number }[] = [];
  let run = null as { from: number; crossing: number } | null;
  for (let x = pageWidth * 0.2; x <= pageWidth * 0.8; x += step) {
    const crossing = items.filter((item) => item.x < x && item.x + item.width > x).length;
    if (run?.crossing === crossing) continue;
    if (run !== null && x - run.from >= (run.crossing === 0 ? narrowMinPoints : gutterMinPoints))
      candidates.push({ x: (run.from + x - step) / 2, crossing: run.crossing, width: x - run.from });
    run = crossing <= allowed ? { from: x, crossing } : null;
  }
  const divided = candidates.filter(({ x, width }) => {
    const left = rowsOf(items.filter((item) => item.x + item.width <= x));
    const right = rowsOf(items.filter((item) => item.x >= x));
    return (
      (width >= gutterMinPoints || isAligned(right)) &&
      left.length >= columnMinLines &&
      right.length >= columnMinLines &&
      !isMargin(left, right) &&
      !isMargin(right, left)
    );
  });
  divided.sort((one, other) => one.crossing - other.crossing || other.width - one.width);
  return divided[0]?.x ?? null;
}

/** Most of its lines begin at one place. */
function isAligned(rows: readonly PageItem[][]): boolean {
  const starts = rows.map((row) => row[0]?.x ?? 0);
  const begins = Math.min(...starts);
  return starts.filter((x) => x - begins < 3).length >= rows.length * alignedShare;
}

/** Dates and places beside their entries are no column: nearly each stands at the height of a line of the other side. */
function isMargin(rows: readonly PageItem[][], others: readonly PageItem[][]): boolean {
  const heights = others.map((row) => row[0]?.y ?? 0);
  const beside = rows.filter((row) => heights.some((y) => Math.abs(y - (row[0]?.y ?? 0)) < 2));
  const texts = beside.map((row) =>
    row
      .map(({ text }) => text)
      .join(" ")
      .trim(),
  );
  const dated = texts.filter((text) => text.length <= 40 && /(?:19|20)\d{2}|, \p{Lu}|^remote/iu.test(text));
  if (beside.length >= rows.length * 0.7 && dated.length >= texts.length * 0.6) return true;
  // Labels stand one by one, each beside the first of several lines that it is about.
  const alone = rows.filter((row, index) => {
    const next = rows[index + 1];
    return (
      next === undefined || (row[0]?.y ?? 0) - (next[0]?.y ?? 0) > (row[0]?.size ?? 10) * labelApartSizes
    );
  });
  const short = texts.filter((text) => text.length <= 40).length;
  const upper = texts.filter((text) => text === text.toUpperCase() && /\p{Lu}{3}/u.test(text)).length;
  if (beside.length >= rows.length * 0.6 && upper >= texts.length * 0.7 && short === texts.length)
    return true;
  return (
    beside.length >= rows.length * 0.8 &&
    rows.length * 2 <= others.length &&
    alone.length >= rows.length * 0.6 &&
    short >= texts.length * 0.9
  );
}

/** What crosses the gutter divides the page from top to bottom; between two of such lines the left column comes first. */
function inColumns(items: readonly PageItem[], gutter: number): PageItem[][] {
  const blocks: PageItem[][] = [];
  let left: PageItem[] = [];
  let right: PageItem[] = [];
  const close = () => {
    if (left.length > 0) blocks.push(left);
    if (right.length > 0) blocks.push(right);
    left = [];
    right = [];
  };
  for (const row of rowsOf(items)) {
    if (row.some((item) => item.x < gutter - 1 && item.x + item.width > gutter + 1)) {
      close();
      blocks.push(row);
    } else {
      left.push(...row.filter((item) => item.x < gutter));
      right.push(...row.filter((item) => item.x >= gutter));
    }
  }
  close();
  return blocks;
}

/** From top to bottom, each from left to right. */
function rowsOf(items: readonly PageItem[]): PageItem[][] {
  const rows: { y: number; size: number; items: PageItem[] }[] = [];
  for (const item of [...items].sort((one, other) => other.y - one.y)) {
    const row = rows.at(-1);
    const near = row !== undefined && row.y - item.y < Math.max(1.5, Math.min(row.size, item.size) * 0.45);
    // "1st", its letters raised: they come before the line that they belong to.
    const raised =
      row !== undefined &&
      row.size < item.size * 0.8 &&
      row.y - item.y < item.size * 0.5 &&
      row.items.every(({ x, width }) => item.x <= x + width + item.size);
    if (near || raised) {
      row.items.push(item);
      row.size = Math.max(row.size, item.size);
    } else rows.push({ y: item.y, size: item.size, items: [item] });
  }
  return rows.map((row) => row.items.sort((one, other) => one.x - other.x));
}

/** Where several lines begin: what begins there beside something else stands apart from it. */
function commonStarts(rows: readonly PageItem[][]): number[] {
  const counts = new Map<number, number>();
  for (const [first] of rows)
    if (first !== undefined) counts.set(Math.round(first.x), (counts.get(Math.round(first.x)) ?? 0) + 1);
  const least = Math.max(startsLeast, rows.length * startsShare);
  return [...counts].filter(([, count]) => count >= least).map(([x]) => x);
}

function piecesOf(row: readonly PageItem[], starts: readonly number[], largest: number): Piece[] {
  const pieces: Piece[] = [];
  for (const { text, x, width, size, bold } of row) {
    const last = pieces.at(-1);
    const gap = x - (last?.right ?? -Infinity);
    const letters = text.trim().length;
    const apart =
      gap > size * apartSizes ||
      (last !== undefined &&
        ((gap > size * besideSizes &&
          /[\p{L}\d]{3}/u.test(last.text) &&
          starts.some((start) => Math.abs(start - x) <= 1)) ||
          // Words of a name whose letters are set apart.
          (size > largest * 0.75 && gap > size * spacedSizes && isSpaced(text) && isSpaced(last.text))));
    if (last === undefined || apart) {
      pieces.push({ x, right: x + width, text, size, letters, boldLetters: bold ? letters : 0 });
      continue;
    }
    last.text += gap > size * 0.12 && !/\s$/.test(last.text) && !/^\s/.test(text) ? ` ${text}` : text;
    last.right = x + width;
    last.size = Math.max(last.size, size);
    last.letters += letters;
    last.boldLetters += bold ? letters : 0;
  }
  return pieces;
}

/** "Y U K I", or a letter of it that is set larger. */
function isSpaced(text: string): boolean {
  return /^\p{L}(?: \p{L})*$/u.test(text.trim()) && (text.trim().length > 1 || /\p{Lu}/u.test(text));
}

/** A label with the first item of a list beside it: the item is one of the list, which goes on below. */
function withItemsApart(row: PieceRow, index: number, rows: readonly PieceRow[]): PieceRow[] {
  const [label, item, ...more] = row.pieces;
  const below = rows[index + 1]?.pieces[0];
  if (label === undefined || item === undefined || more.length > 0 || below === undefined) return [row];
  const isItem = ({ text }: Piece) => isBulletSign(`${text.split(/\s/)[0] ?? ""} `) && /\s\D/.test(text);
  return isItem(item) && isItem(below) && Math.abs(item.x - below.x) < 1 && !isItem(label)
    ? [
        { ...row, pieces: [label] },
        { ...row, pieces: [item] },
      ]
    : [row];
}

function toLine(page: number, { pieces }: PieceRow): TextLine | null {
  const sum = (of: (piece: Piece) => number) => pieces.reduce((total, piece) => total + of(piece), 0);
  return lineOf({
    page,
    right: pieces.at(-1)?.right ?? 0,
    size: Math.max(...pieces.map(({ size }) => size)),
    bold: sum(({ boldLetters }) => boldLetters) > sum(({ letters }) => letters) / 2,
    segments: pieces.map(({ x, text }) => ({ x, text })),
  });
}
