// Words of a PDF's pages in the order in which people read them: columns one after the other, lines by their baseline.
import { lineOf, type Segment, type TextLine } from "./lines.ts";

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
/** Gaps wider than so many letters' heights stand between things, not between words. */
const apartSizes = 1.6;
const columnMinLines = 7;
/** From one label down to the next; lines of a paragraph are nearer. */
const labelApartSizes = 1.9;

export function linesOfPage(page: number, items: readonly PageItem[], pageWidth: number): TextLine[] {
  const words = items.filter(({ text, size }) => text.trim() !== "" && size > 2);
  const gutter = gutterOf(words, pageWidth);
  const blocks = gutter === null ? [words] : inColumns(words, gutter);
  return blocks.flatMap((block) => rowsOf(block).flatMap((row) => toLine(page, row) ?? []));
}

/** The x where a page of two columns is divided; null where it is one. */
function gutterOf(items: readonly PageItem[], pageWidth: number): number | null {
  const step = 2;
  const allowed = Math.max(3, items.length * 0.04);
  /** Runs of places that are crossed equally often, as seldom as a heading over both columns does. */
  const candidates: { x: number; crossing: number; width: number }[] = [];
  let run = null as { from: number; crossing: number } | null;
  for (let x = pageWidth * 0.2; x <= pageWidth * 0.8; x += step) {
    const crossing = items.filter((item) => item.x < x && item.x + item.width > x).length;
    if (run?.crossing === crossing) continue;
    if (run !== null && x - run.from >= gutterMinPoints)
      candidates.push({ x: (run.from + x - step) / 2, crossing: run.crossing, width: x - run.from });
    run = crossing <= allowed ? { from: x, crossing } : null;
  }
  const divided = candidates.filter(({ x }) => {
    const left = rowsOf(items.filter((item) => item.x + item.width <= x));
    const right = rowsOf(items.filter((item) => item.x >= x));
    return (
      left.length >= columnMinLines &&
      right.length >= columnMinLines &&
      !isMargin(left, right) &&
      !isMargin(right, left)
    );
  });
  divided.sort((one, other) => one.crossing - other.crossing || other.width - one.width);
  return divided[0]?.x ?? null;
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

function toLine(page: number, row: readonly PageItem[]): TextLine | null {
  const segments: Segment[] = [];
  let end = -Infinity;
  for (const { text, x, width, size } of row) {
    const gap = x - end;
    const last = segments.at(-1);
    if (last === undefined || gap > size * apartSizes) segments.push({ x, text });
    else last.text += gap > size * 0.12 && !/\s$/.test(last.text) && !/^\s/.test(text) ? ` ${text}` : text;
    end = x + width;
  }
  const letters = row.reduce((sum, { text }) => sum + text.trim().length, 0);
  const boldLetters = row.filter(({ bold }) => bold).reduce((sum, { text }) => sum + text.trim().length, 0);
  return lineOf({
    page,
    right: end,
    size: Math.max(...row.map(({ size }) => size)),
    bold: boldLetters > letters / 2,
    segments,
  });
}
