// A box for one subject, with its heading and what belongs beside it.
import { type ReactNode, useId } from "react";
import styles from "./card.module.css";
import { classNames } from "./class-names.ts";

export interface CardProps {
  title?: string;
  /** Beside the heading: a badge, a count, a button. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
}

export function Card({ title, aside, children, className }: CardProps) {
  const titleId = useId();
  return (
    <section
      className={classNames(styles["card"], className)}
      aria-labelledby={title === undefined ? undefined : titleId}
    >
      {title !== undefined && (
        <div className={styles["head"]}>
          <h2 id={titleId} className={styles["title"]}>
            {title}
          </h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
