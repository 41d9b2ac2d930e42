// Form controls with their label, hint and error tied together for everybody.
import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./field.module.css";
import { uiStrings } from "./strings.ts";

export interface FieldProps {
  label: string;
  /** For controls whose purpose is plain from what stands around them: the label is only read out. */
  labelHidden?: boolean;
  hint?: ReactNode;
  /** What is wrong and how to put it right. */
  error?: string | null | undefined;
  optional?: boolean;
  className?: string | undefined;
}

interface ControlTies {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** The frame around any control; `children` receives what ties the control to its texts. */
export function Field({
  label,
  labelHidden = false,
  hint,
  error,
  optional = false,
  className,
  children,
}: FieldProps & { children: (ties: ControlTies) => ReactNode }) {
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== "";
  const hasHint = hint !== undefined && hint !== null && hint !== "";
  const described = [hasHint && `${id}-hint`, hasError && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={classNames(styles["field"], className)}>
      <label htmlFor={id} className={labelHidden ? "visually-hidden" : styles["label"]}>
        {label}
        {optional && <span className={styles["optional"]}>{uiStrings.optional}</span>}
      </label>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": hasError || undefined,
      })}
      {hasHint && (
        <div id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </div>
      )}
      {hasError && (
        <div id={`${id}-error`} className={styles["error"]}>
          <CircleAlert size={14} aria-hidden />
          {error}
        </div>
      )}
    </div>
  );
}

type Control<Tag extends "input" | "textarea" | "select"> = Omit<ComponentProps<Tag>, keyof ControlTies> &
  FieldProps;

export function TextInput({
  label,
  labelHidden,
  hint,
  error,
  optional,
  className,
  ...rest
}: Control<"input">) {
  return (
    <Field {...frame({ label, labelHidden, hint, error, optional, className })}>
      {(ties) => <input {...rest} {...ties} className={styles["control"]} />}
    </Field>
  );
}

export function TextArea({
  label,
  labelHidden,
  hint,
  error,
  optional,
  className,
  ...rest
}: Control<"textarea">) {
  return (
    <Field {...frame({ label, labelHidden, hint, error, optional, className })}>
      {(ties) => <textarea {...rest} {...ties} className={classNames(styles["control"], styles["area"])} />}
    </Field>
  );
}

/** Takes no change while it works, and keeps the focus, which a disabled control loses. */
interface Busy {
  busy?: boolean;
}

export function Select({
  label,
  labelHidden,
  hint,
  error,
  optional,
  className,
  busy = false,
  onChange,
  ...rest
}: Control<"select"> & Busy) {
  return (
    <Field {...frame({ label, labelHidden, hint, error, optional, className })}>
      {(ties) => (
        <select
          {...rest}
          {...ties}
          aria-disabled={busy || undefined}
          className={classNames(styles["control"], styles["select"])}
          onChange={(event) => {
            if (!busy) onChange?.(event);
          }}
        />
      )}
    </Field>
  );
}

export type CheckboxProps = Omit<ComponentProps<"input">, "type"> &
  Busy & {
    label: ReactNode;
    hint?: ReactNode;
    /** `radio` for one of several, with the same `name`. */
    kind?: "checkbox" | "radio";
  };

export function Checkbox({
  label,
  hint,
  kind = "checkbox",
  className,
  busy = false,
  onChange,
  ...rest
}: CheckboxProps) {
  const hintId = useId();
  return (
    <label className={classNames(styles["check"], className)}>
      <input
        {...rest}
        type={kind}
        className={styles["box"]}
        aria-disabled={busy || undefined}
        onChange={(event) => {
          if (!busy) onChange?.(event);
        }}
        aria-describedby={hint === undefined ? undefined : hintId}
      />
      <span className={styles["checkText"]}>
        <span>{label}</span>
        {hint !== undefined && (
          <span id={hintId} className={styles["hint"]}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

type Loose<Shape> = { [Key in keyof Shape]?: Shape[Key] | undefined };

// Leaves out what is not set, as exact optional properties ask for.
function frame({ label, ...rest }: Loose<Omit<FieldProps, "label">> & { label: string }): FieldProps {
  const set = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { label, ...(Object.fromEntries(set) as Omit<FieldProps, "label">) };
}
