// Signs that something is under way.
import { LoaderCircle } from "lucide-react";
import { classNames } from "./class-names.ts";
import styles from "./spinner.module.css";

export function Spinner({ size = 18 }: { size?: number }) {
  return <LoaderCircle size={size} className={styles["spinner"]} aria-hidden />;
}

/** Fills the place of what is still to come; appears only when it takes longer than a moment. */
export function Waiting({ label }: { label: string }) {
  return (
    <div className={classNames(styles["waiting"], styles["late"])} role="status">
      <Spinner />
      <span>{label}</span>
    </div>
  );
}

/** `share` from 0 to 1; null where nobody knows how long it takes. */
export function Progress({ label, share = null }: { label: string; share?: number | null }) {
  return (
    <div
      className={styles["track"]}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { "aria-valuenow": Math.round(share * 100) })}
    >
      <div
        className={classNames(styles["bar"], share !== null && styles["known"])}
        style={share === null ? undefined : { width: `${Math.round(share * 100)}%` }}
      />
    </div>
  );
}
