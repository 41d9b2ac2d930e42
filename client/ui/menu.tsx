// A button that opens a short list of things to do; Escape, a press elsewhere or a choice closes it.
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import styles from "./menu.module.css";

export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  /** Either a file to fetch or something to do. */
  href?: string;
  download?: string;
  onSelect?: () => void;
}

export interface MenuProps {
  /** Draws the button; spread `ties` on it. */
  trigger: (ties: {
    "aria-expanded": boolean;
    "aria-controls": string | undefined;
    onClick: () => void;
  }) => ReactNode;
  /** Above the items, not one of them. */
  header?: ReactNode;
  items: readonly MenuItem[];
}

export function Menu({ trigger, header, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      root.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", closeOutside);
    document.addEventListener("focusin", closeOutside);
    document.addEventListener("keydown", closeByKey);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      document.removeEventListener("focusin", closeOutside);
      document.removeEventListener("keydown", closeByKey);
    };
  }, [open]);

  const select = (item: MenuItem) => {
    setOpen(false);
    // Focus returns to the button, unless what was chosen takes it elsewhere.
    root.current?.querySelector("button")?.focus();
    item.onSelect?.();
  };

  return (
    <div className={styles["root"]} ref={root}>
      {trigger({
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        onClick: () => setOpen((now) => !now),
      })}
      {open && (
        <div id={id} className={styles["panel"]}>
          {header !== undefined && <div className={styles["header"]}>{header}</div>}
          {items.map(({ icon: Icon, ...item }) =>
            item.href === undefined ? (
              <button key={item.label} type="button" className={styles["item"]} onClick={() => select(item)}>
                {Icon && <Icon size={18} aria-hidden />}
                {item.label}
              </button>
            ) : (
              <a
                key={item.label}
                className={styles["item"]}
                href={item.href}
                download={item.download}
                onClick={() => select(item)}
              >
                {Icon && <Icon size={18} aria-hidden />}
                {item.label}
              </a>
            ),
          )}
        </div>
      )}
    </div>
  );
}
