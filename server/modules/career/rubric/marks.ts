// Marks that a line itself bears: "Degree (E)", "Knowledge of R – desirable", and the columns of a specification's table.

export type Mark = "must" | "nice";

const firmly = String.raw`E|Ess(?:ential)?|Essential|Required|Must|Mandatory`;
const wished = String.raw`D|Des(?:irable)?|Desirable|Preferred|Optional|Nice[- ]to[- ]have`;
/** Behind it some say how it is assessed: "(E) A/I". */
const assessed = String.raw`(?:\s+(?:[A-Z](?:\s?[/,&+]\s?[A-Z]){0,4}))?`;
const atEnd = new RegExp(
  String.raw`(?:\s*[([]\s*(${firmly}|${wished})\s*[)\]]${assessed}|\s+[–—-]\s+(Essential|Required|Desirable|Preferred))\s*[.;,]?$`,
  "iu",
);
const atBegin = new RegExp(
  String.raw`^(?:[([]\s*(${firmly}|${wished})\s*[)\]]:?|(Essential|Required|Must[- ]have|Desirable|Preferred|Nice[- ]to[- ]have):)\s+(?=\S)`,
  "iu",
);

export interface Marked {
  mark: Mark;
  /** Of a single letter, which others must bear, too, before it says anything. */
  byLetter: boolean;
  /** What is left without the mark: from where, to where in the text that was given. */
  from: number;
  to: number;
}

export function markOf(text: string): Marked | null {
  const end = atEnd.exec(text);
  const begin = end === null ? atBegin.exec(text) : null;
  const match = end ?? begin;
  const said = match?.[1] ?? match?.[2];
  if (match === null || said === undefined) return null;
  const [from, to] = end === null ? [match[0].length, text.length] : [0, end.index];
  if (!/\p{L}{2}/u.test(text.slice(from, to))) return null;
  return { mark: kindOf(said), byLetter: said.length === 1, from, to };
}

function kindOf(said: string): Mark {
  return new RegExp(`^(?:${wished})$`, "iu").test(said) ? "nice" : "must";
}

/** What a head above a column says: "Essential criteria". */
export function columnMark(head: string): Mark | null {
  if (/^(?:essential|required|must[- ]?haves?|minimum|E)(?: \p{L}+)?$/iu.test(head)) return "must";
  if (/^(?:desirable|desired|preferred|nice[- ]to[- ]haves?|D)(?: \p{L}+)?$/iu.test(head)) return "nice";
  return null;
}

export interface Cell {
  text: string;
  /** In the line. */
  at: number;
}

/** Null where a line is not of columns. */
export function cellsOf(line: string): Cell[] | null {
  if (!/\t|\s\|\s|^\||\|$/u.test(line)) return null;
  const cells: Cell[] = [];
  for (const match of line.matchAll(/[^|\t]+|(?<=^|[|\t])(?=[|\t]|$)/gu)) {
    const lead = /^\s*/u.exec(match[0])?.[0].length ?? 0;
    cells.push({ text: match[0].trim(), at: match.index + lead });
  }
  // A frame of bars around the row holds nothing outside.
  if (/^\s*\|/u.test(line) && cells[0]?.text === "") cells.shift();
  if (/\|\s*$/u.test(line) && cells.at(-1)?.text === "") cells.pop();
  return cells.length < 2 ? null : cells;
}

/** A cell that only says that the line is of its column. */
export const isTick = (cell: string): boolean => /^(?:[✓✔☑●•*xX]|yes|ja)$/u.test(cell);
