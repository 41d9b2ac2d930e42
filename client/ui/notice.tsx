// Notices inside a page, empty places that say what to do next, and failures with a way on.
import type { LucideIcon } from "lucide-react";
import { Inbox, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./notice.module.css";
import { uiStrings } from "./strings.ts";
import { useNow } from "./use-now.ts";

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

/** What went wrong: a sentence, or the error itself, which may say when to try again. */
export type FailureProps = { onRetry?: (() => void) | undefined } & (
  { message: string; error?: never } | { error: ShownError; message?: never }
);

interface ShownError {
  message: string;
  code?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

export function Failure({ message, error, onRetry }: FailureProps) {
  if (error?.code === "RATE_LIMITED" && error.retryAfterSeconds !== undefined) {
    return <TooOften seconds={error.retryAfterSeconds} onRetry={onRetry} />;
  }
  return (
    <Notice tone="danger" live actions={onRetry && <RetryButton onRetry={onRetry} />}>
      <p>{message ?? error.message}</p>
    </Notice>
  );
}

// A limit is nobody's fault and passes: it says what happened and when to go on, and lets nobody try in vain.
function TooOften({ seconds, onRetry }: { seconds: number; onRetry: (() => void) | undefined }) {
  const [endsMs] = useState(() => Date.now() + seconds * 1_000);
  const left = Math.ceil((endsMs - useNow(1_000).getTime()) / 1_000);
  const over = left <= 0;
  return (
    <Notice
      tone="warm"
      title={uiStrings.tooOften.title}
      live
      actions={onRetry && <RetryButton onRetry={onRetry} disabled={!over} />}
    >
      <p>{uiStrings.tooOften.text}</p>
      {/* Read out once, not at every second. */}
      <p className="visually-hidden">{uiStrings.tooOften.at(new Date(endsMs))}</p>
      <p aria-hidden>{over ? uiStrings.tooOften.over : uiStrings.tooOften.wait(left)}</p>
    </Notice>
  );
}

function RetryButton({ onRetry, disabled = false }: { onRetry: () => void; disabled?: boolean }) {
  return (
    <Button icon={RotateCw} size="small" onClick={onRetry} disabled={disabled}>
      {uiStrings.retry}
    </Button>
  );
}
