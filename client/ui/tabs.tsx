// Tabs after the ARIA pattern: one stop for the Tab key, arrows between tabs, Home and End.
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./tabs.module.css";

export interface Tab<Key extends string> {
  key: Key;
  label: string;
  /** A count or sign beside the label. */
  mark?: ReactNode;
  content: ReactNode;
}

export interface TabsProps<Key extends string> {
  label: string;
  tabs: readonly Tab<Key>[];
  selected: Key;
  onSelect: (key: Key) => void;
  className?: string;
  panelClassName?: string | undefined;
  /** Panels stay alive while hidden, for those that hold a connection or a draft. */
  keepMounted?: boolean;
}

export function Tabs<Key extends string>({
  label,
  tabs,
  selected,
  onSelect,
  className,
  panelClassName,
  keepMounted = false,
}: TabsProps<Key>) {
  const id = useId();

  function move(event: KeyboardEvent<HTMLDivElement>) {
    const at = tabs.findIndex((tab) => tab.key === selected);
    const to = target(event.key, at, tabs.length);
    const next = to === null ? undefined : tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.key);
    document.getElementById(`${id}-tab-${next.key}`)?.focus();
  }

  return (
    <div className={className}>
      <div role="tablist" aria-label={label} className={styles["list"]} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            id={`${id}-tab-${tab.key}`}
            type="button"
            role="tab"
            aria-selected={tab.key === selected}
            aria-controls={keepMounted || tab.key === selected ? `${id}-panel-${tab.key}` : undefined}
            tabIndex={tab.key === selected ? 0 : -1}
            className={styles["tab"]}
            onClick={() => onSelect(tab.key)}
          >
            {tab.label}
            {tab.mark !== undefined && <span className={styles["mark"]}>{tab.mark}</span>}
          </button>
        ))}
      </div>
      {tabs.map((tab) =>
        tab.key === selected || keepMounted ? (
          <div
            key={tab.key}
            id={`${id}-panel-${tab.key}`}
            role="tabpanel"
            aria-labelledby={`${id}-tab-${tab.key}`}
            tabIndex={0}
            hidden={tab.key !== selected}
            className={classNames(panelClassName)}
          >
            {tab.content}
          </div>
        ) : null,
      )}
    </div>
  );
}

function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
