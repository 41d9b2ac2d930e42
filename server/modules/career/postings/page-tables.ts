// Tables that say in their head what is essential and what is desirable: each cell comes under its column's words.

const firmness = /^(?:essential|desirable|required|preferred|desired)(?: \p{L}+)?$/iu;

export interface PageTables {
  open(name: string): void;
  text(text: string): void;
  close(name: string): void;
  /** Whether its rows are parts of their own. */
  hasHeads(): boolean;
  /** Of the column whose cell was just opened, where it says how firmly something is asked for. */
  head(): string | null;
}

export function createPageTables(): PageTables {
  const tables: { heads: string[]; column: number; row: string[] }[] = [];
  return {
    open(name) {
      if (name === "table") tables.push({ heads: [], column: -1, row: [] });
      const table = tables.at(-1);
      if (table === undefined) return;
      if (name === "tr") [table.column, table.row] = [-1, []];
      if (name === "td" || name === "th") {
        table.column += 1;
        table.row.push("");
      }
    },
    text(text) {
      const row = tables.at(-1)?.row;
      if (row !== undefined && row.length > 0) row.push(`${row.pop() ?? ""}${text}`.slice(0, 200));
    },
    close(name) {
      const table = tables.at(-1);
      if (table === undefined) return;
      if (name === "table") tables.pop();
      if (name !== "tr") return;
      const cells = table.row.map((cell) => cell.replace(/\s+/gu, " ").trim());
      if (cells.length > 1 && cells.some((cell) => firmness.test(cell))) table.heads = cells;
    },
    hasHeads: () => (tables.at(-1)?.heads.length ?? 0) > 0,
    head() {
      const table = tables.at(-1);
      const head = table?.heads[table.column] ?? "";
      return firmness.test(head) ? head : null;
    },
  };
}

/** Pasted rows keep their columns where their head says so: tabs become bars, which the rules read. */
export function withBars(text: string): string {
  // Line by line: one pattern over all would go over a line without tabs again from each of its letters.
  const lines = text.split("\n");
  if (!lines.some(isTabbedHead)) return text;
  return lines.map((line) => (isTabbedRow(line) ? line.replaceAll("\t", " | ") : line)).join("\n");
}

function isTabbedHead(line: string): boolean {
  const tab = line.indexOf("\t");
  return tab >= 0 && /\b(?:essential|desirable|required|preferred)\b/iu.test(line.slice(tab));
}

function isTabbedRow(line: string): boolean {
  const tab = line.lastIndexOf("\t");
  return tab >= 0 && /\p{L}{2}/u.test(line.slice(0, tab));
}
