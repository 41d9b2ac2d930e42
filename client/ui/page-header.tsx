// The top of a page: its heading, which is also the window's title, a line under it and its main actions.
import type { ReactNode } from "react";
import styles from "./page-header.module.css";

export interface PageHeaderProps {
  title: string;
  /** The window's title where it should say more than the heading. */
  windowTitle?: string;
  under?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, windowTitle = title, under, actions }: PageHeaderProps) {
  return (
    <header className={styles["header"]}>
      <title>{`${windowTitle} · Connvo`}</title>
      <div className={styles["texts"]}>
        <h1 className={styles["title"]}>{title}</h1>
        {under !== undefined && <div className={styles["under"]}>{under}</div>}
      </div>
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
    </header>
  );
}
