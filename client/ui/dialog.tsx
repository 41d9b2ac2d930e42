// A modal dialog on the browser's own <dialog>: focus trapped and given back, Escape closes.
import { X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./dialog.module.css";
import { uiStrings } from "./strings.ts";

export interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons; the last one is the main one. */
  actions?: ReactNode;
  /** For two things side by side. */
  wide?: boolean;
}

/** Its content exists only while it is open, so its state starts anew each time. */
export function Dialog(props: DialogProps) {
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ title, onClose, children, actions, wide = false }: DialogProps) {
  const reference = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // Closed while it still stands in the page: only then does the browser give focus back.
  useLayoutEffect(() => {
    const dialog = reference.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={reference}
      className={classNames(styles["dialog"], wide && styles["wide"])}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        // A press on the backdrop lands on the dialog element itself, outside its box.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={styles["inner"]}>
        <div className={styles["head"]}>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon={X} label={uiStrings.close} size="small" onClick={onClose} />
        </div>
        {children}
        {actions !== undefined && <div className={styles["foot"]}>{actions}</div>}
      </div>
    </dialog>
  );
}
