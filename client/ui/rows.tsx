// A list of things with a name, what is known of each, and what can be done with it at the row's end.
import type { ReactNode } from "react";
import styles from "./rows.module.css";

export const Rows = ({ children }: { children: ReactNode }) => <ul className={styles["rows"]}>{children}</ul>;

export function Row({ children, act }: { children: ReactNode; act: ReactNode }) {
  return (
    <li className={styles["row"]}>
      {children}
      <span className={styles["act"]}>{act}</span>
    </li>
  );
}

/** A name with lines below it, in a row or in a table's cell. */
export function Named({ name, children }: { name: ReactNode; children?: ReactNode }) {
  return (
    <span className={styles["named"]}>
      <span className={styles["name"]}>{name}</span>
      {children}
    </span>
  );
}

export const Under = ({ children }: { children: ReactNode }) => (
  <span className={styles["under"]}>{children}</span>
);
