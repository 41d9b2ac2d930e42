// Tables of a Word document: what labels and heads of columns say belongs to cells beside and below them.
import { kindOfWords } from "./heading-words.ts";

const paragraph = /<w:p(?:\s[^>]*)?>(?:(?!<w:p[ >])[\s\S])*?<\/w:p>/g;
// Each ends before the next of its kind begins, so that what is never closed is looked at once.
const rowPattern = /<w:tr(?:\s[^>]*)?>(?:(?!<w:tr[ >])[\s\S])*?<\/w:tr>/g;
const cellPattern = /<w:tc(?:\s[^>]*)?>(?:(?!<w:tc[ >])[\s\S])*?<\/w:tc>/g;
const labelMaxWords = 4;
const valueMaxWords = 40;

interface Row {
  xml: string;
  /** Paragraphs that say something, cell by cell. */
  cells: string[][];
}

/** Labels and what they are about become one paragraph with a tab between them; a row that names its columns is left away. */
export function withLabelsBeside(xml: string): string {
  // Of tables in tables the inner ones.
  return xml.replace(/<w:tbl>(?:(?!<w:tbl>)[\s\S])*?<\/w:tbl>/g, (table) => {
    const rows = [...table.matchAll(rowPattern)].map(([row]) => rowOf(row));
    if (namesColumns(rows)) return table.replace(rows[0]?.xml ?? "", "");
    const labelled = rows.filter(isLabelled);
    if (labelled.length < 2 || labelled.length < rows.length - 1) return table;
    let at = 0;
    return table.replace(rowPattern, (all) => {
      const row = rows[at];
      at += 1;
      return row !== undefined && isLabelled(row) ? beside(row.cells) : all;
    });
  });
}

function rowOf(xml: string): Row {
  const cells = [...xml.matchAll(cellPattern)].map(([cell]) =>
    (cell.match(paragraph) ?? []).filter((one) => wordsOf(one) !== ""),
  );
  return { xml, cells };
}

/** "Period | Employer | Position", in bold or told to be a head: not "Skills | Languages", which heads what is below each. */
function namesColumns([head, ...body]: readonly Row[]): boolean {
  if (head === undefined || head.cells.length < 3 || body.length < 2) return false;
  const names = head.cells.map(([first = ""]) => wordsOf(first));
  const told =
    /<w:tblHeader\b/.test(head.xml) ||
    head.cells.every(([first = ""]) => /<w:b(?:\s*\/>|\s+w:val="(?:1|true|on)")/.test(first));
  return (
    told &&
    head.cells.every(({ length }) => length === 1) &&
    names.every((name) => name.split(" ").length <= labelMaxWords && !/[\d@]/.test(name)) &&
    names.some((name) => kindOfWords(name.toLowerCase()) === undefined) &&
    body.every(({ cells }) => cells.length === head.cells.length)
  );
}

function isLabelled({ cells }: Row): boolean {
  const [label = [], value = [], ...more] = cells;
  const [name = ""] = label.map(wordsOf);
  return (
    more.length === 0 &&
    label.length === 1 &&
    value.length === 1 &&
    name.split(" ").length <= labelMaxWords &&
    !/[\d@]/.test(name) &&
    wordsOf(value[0] ?? "").split(" ").length <= valueMaxWords
  );
}

function beside([[label = ""] = [], [value = ""] = []]: readonly string[][]): string {
  const runs = (one: string) =>
    one
      .replace(/^<w:p(?:\s[^>]*)?>/, "")
      .replace(/<\/w:p>$/, "")
      .replace(/<w:pPr>[\s\S]*?<\/w:pPr>/, "");
  return `<w:p>${runs(label)}<w:r><w:tab/></w:r>${runs(value)}</w:p>`;
}

function wordsOf(xml: string): string {
  return [...xml.matchAll(/<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>/g)]
    .map(([, words = ""]) => words)
    .join("")
    .trim();
}
