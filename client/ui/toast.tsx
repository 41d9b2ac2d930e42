// Short messages at the bottom of the page, announced politely; with an undo they stay until they are dismissed.
import { X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { classNames } from "./class-names.ts";
import { uiStrings } from "./strings.ts";
import styles from "./toast.module.css";

export interface ToastMessage {
  text: string;
  /** A problem stays until it is dismissed. */
  tone?: "plain" | "problem";
  action?: { label: string; run: () => void };
}

interface ShownToast extends ToastMessage {
  number: number;
}

const shownForMs = 6_000;
const shownWithActionForMs = 12_000;
const mostAtOnce = 3;

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<ShownToast[]>([]);
  const show = useCallback((message: ToastMessage) => {
    setToasts((now) => [...now, { ...message, number: (now.at(-1)?.number ?? 0) + 1 }].slice(-mostAtOnce));
  }, []);
  const remove = useCallback((number: number) => {
    setToasts((now) => now.filter((toast) => toast.number !== number));
  }, []);
  const list = useMemo(
    () => toasts.map((toast) => <Toast key={toast.number} toast={toast} onDone={remove} />),
    [toasts, remove],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles["region"]} role="status" aria-label={uiStrings.notifications}>
        {list}
      </div>
    </ToastContext>
  );
}

/** Shows a message; safe to call from anywhere below the provider. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(ToastContext);
  if (show === null) throw new Error("useToast needs a ToastProvider above it.");
  return show;
}

function Toast({ toast, onDone }: { toast: ShownToast; onDone: (number: number) => void }) {
  const [held, setHeld] = useState(false);
  const stays = toast.tone === "problem" || held;
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(
      () => onDone(toast.number),
      toast.action === undefined ? shownForMs : shownWithActionForMs,
    );
    return () => clearTimeout(timer);
  }, [stays, toast, onDone]);

  return (
    <div
      className={classNames(styles["toast"], toast.tone === "problem" && styles["problem"])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.action !== undefined && (
        <button
          type="button"
          className={classNames(styles["button"], styles["action"])}
          onClick={() => {
            toast.action?.run();
            onDone(toast.number);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        className={styles["button"]}
        aria-label={uiStrings.dismiss}
        onClick={() => onDone(toast.number)}
      >
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
