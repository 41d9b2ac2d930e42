// Notices inside a page, empty places that say what to do next, and failures with a way on.
import type { LucideIcon } from "lucide-react";
import { Inbox, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./notice.module.css";
import { uiStrings } from "./strings.ts";

export interface NoticeProps {
  tone?: "neutral" | "accent" | "warm" | "danger";
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Announced when it appears: for what happens while somebody is on the page. */
  live?: boolean;
}

export function Notice({ tone = "neutral", title, children, actions, live = false }: NoticeProps) {
  return (
    <div className={classNames(styles["notice"], styles[tone])} role={live ? "status" : undefined}>
      <div className={styles["text"]}>
        {title !== undefined && <p className={styles["title"]}>{title}</p>}
        {children}
      </div>
      {actions}
    </div>
  );
}

export interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  icon?: LucideIcon;
  action?: ReactNode;
}

export function EmptyState({ title, children, icon: Icon = Inbox, action }: EmptyStateProps) {
  return (
    <div className={styles["empty"]}>
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <div className={styles["emptyText"]}>
        <strong>{title}</strong>
        {children !== undefined && <p>{children}</p>}
      </div>
      {action}
    </div>
  );
}

export function Failure({ message, onRetry }: { message: string; onRetry?: (() => void) | undefined }) {
  return (
    <Notice
      tone="danger"
      live
      actions={
        onRetry && (
          <Button icon={RotateCw} size="small" onClick={onRetry}>
            {uiStrings.retry}
          </Button>
        )
      }
    >
      <p>{message}</p>
    </Notice>
  );
}
