// Buttons and links that look like them.
import type { LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Link } from "react-router";
import styles from "./button.module.css";
import { classNames } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "small" | "medium" | "large";

interface Looks {
  look?: ButtonLook;
  size?: ButtonSize;
  icon?: LucideIcon;
}

const iconPixels = { small: 16, medium: 18, large: 20 } as const;

function lookClasses({ look = "secondary", size = "medium" }: Looks, ...others: (string | undefined)[]) {
  return classNames(styles["button"], styles[look], size !== "medium" && styles[size], ...others);
}

export type ButtonProps = Omit<ComponentProps<"button">, "children"> &
  Looks & {
    children: ReactNode;
    /** Shows that it works, and does not answer clicks meanwhile. */
    busy?: boolean;
  };

export function Button({
  look,
  size = "medium",
  icon: Icon,
  busy = false,
  children,
  className,
  type = "button",
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={lookClasses({ ...(look === undefined ? {} : { look }), size }, className)}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <Spinner size={iconPixels[size]} /> : Icon && <Icon size={iconPixels[size]} aria-hidden />}
      {children}
    </button>
  );
}

export type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label"> &
  Omit<Looks, "icon"> & {
    icon: LucideIcon;
    /** Read out, and shown as a tooltip. */
    label: string;
    /** Does not answer clicks meanwhile. */
    busy?: boolean;
  };

export function IconButton({
  icon: Icon,
  label,
  look = "quiet",
  size = "medium",
  className,
  type = "button",
  busy = false,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={lookClasses({ look, size }, styles["icon"], className)}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      <Icon size={iconPixels[size]} aria-hidden />
    </button>
  );
}

/** To a page of this application. */
export function ButtonLink({
  look,
  size = "medium",
  icon: Icon,
  children,
  className,
  ...rest
}: ComponentProps<typeof Link> & Looks) {
  return (
    <Link {...rest} className={lookClasses({ ...(look === undefined ? {} : { look }), size }, className)}>
      {Icon && <Icon size={iconPixels[size]} aria-hidden />}
      {children}
    </Link>
  );
}

/** To a file or a page of the server. */
export function ButtonAnchor({
  look,
  size = "medium",
  icon: Icon,
  children,
  className,
  ...rest
}: ComponentProps<"a"> & Looks) {
  return (
    <a {...rest} className={lookClasses({ ...(look === undefined ? {} : { look }), size }, className)}>
      {Icon && <Icon size={iconPixels[size]} aria-hidden />}
      {children}
    </a>
  );
}
