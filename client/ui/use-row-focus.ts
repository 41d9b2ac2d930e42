// Keeps the place of who works with the keyboard in a list whose rows can go.
import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

export interface RowFocus {
  ref: RefObject<HTMLUListElement | null>;
  tabIndex: -1;
  onFocus: (event: FocusEvent<HTMLUListElement>) => void;
}

/**
 * Put what it answers on the list. Where a row goes that had the focus, what can be done with the row that has taken its
 * place has it, or with the last one; the list itself where none is left.
 */
export function useRowFocus(rows: number): RowFocus {
  const ref = useRef<HTMLUListElement>(null);
  const place = useRef(0);
  const before = useRef(rows);
  // After each drawing: a dialog that asked gives the focus back to a row that goes a moment later.
  useLayoutEffect(() => {
    const isFewer = rows < before.current;
    before.current = rows;
    const list = ref.current;
    if (!isFewer || list === null || document.activeElement !== document.body) return;
    const row = list.children[Math.min(place.current, rows - 1)];
    const next = [...(row?.querySelectorAll<HTMLElement>("button") ?? [])].at(-1);
    (next ?? list).focus();
  }, [rows]);
  return {
    ref,
    tabIndex: -1,
    onFocus(event) {
      const rowsOf = [...event.currentTarget.children];
      place.current = Math.max(
        0,
        rowsOf.findIndex((row) => row.contains(event.target)),
      );
    },
  };
}
