// A table of records: heads, rows, and on narrow screens each row as a block of its own.
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./table.module.css";

export interface Column<Row> {
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** `act` stands at the end of a row: buttons, a menu. */
  look?: "act" | "figure";
}

export interface TableProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Read out as the table's name. */
  label?: string;
  className?: string | undefined;
}

export function Table<Row>({ columns, rows, keyOf, label, className }: TableProps<Row>) {
  return (
    <table className={classNames(styles["table"], className)} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, look }, index) => (
            <th key={index} scope="col" className={look === undefined ? undefined : styles[look]}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ cell, look }, index) => (
              <td key={index} className={look === undefined ? undefined : styles[look]}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A table of figures that is opened when somebody wants it; keeps its columns on narrow screens and scrolls. */
export function FoldedTable<Row>({ summary, ...table }: TableProps<Row> & { summary: string }) {
  return (
    <details>
      <summary className={styles["summary"]}>{summary}</summary>
      <div className={styles["scroll"]} tabIndex={0} role="group" aria-label={table.label ?? summary}>
        <Table {...table} className={styles["figures"]} />
      </div>
    </details>
  );
}
