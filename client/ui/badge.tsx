// A short state in a pill; it always says it in words, never by colour alone.
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./badge.module.css";
import { classNames } from "./class-names.ts";

export type BadgeTone = "neutral" | "accent" | "warm" | "danger" | "success" | "machine";

export interface BadgeProps {
  children: ReactNode;
  tone?: BadgeTone;
  icon?: LucideIcon;
  title?: string;
}

export function Badge({ children, tone = "neutral", icon: Icon, title }: BadgeProps) {
  return (
    <span className={classNames(styles["badge"], styles[tone])} title={title}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </span>
  );
}
