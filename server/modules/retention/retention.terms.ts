// The pure part of terms: which one counts at a moment, what a change makes of it, and when what it is of is over.
import { isShorter, shorterOf, type RetentionKind } from "../../../shared/schemas/retention.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/** Days of null keep it for good. */
export interface Term {
  days: number | null;
  /** What was decided and does not count yet. */
  next: { days: number | null; from: Date } | null;
}

export type Terms = ReadonlyMap<RetentionKind, Term>;

export const forGood: Term = { days: null, next: null };

/** As it stands at this moment: a next term whose time has come is the term. */
export function settled(term: Term, now: Date): Term {
  return term.next !== null && term.next.from <= now ? { days: term.next.days, next: null } : term;
}

/** What will count in the end. */
export function decidedIn({ days, next }: Term): number | null {
  return next === null ? days : next.days;
}

/**
 * A longer term counts at once, and takes back a shorter one that does not count yet; a shorter one counts after the grace
 * period. Deciding the same once more changes nothing, and does not prolong the period.
 */
export function changedTerm(
  term: Term,
  days: number | null,
  { now, graceMs }: { now: Date; graceMs: number },
): Term {
  const present = settled(term, now);
  if (decidedIn(present) === days) return present;
  if (!isShorter(days, present.days)) return { days, next: null };
  const next = { days, from: new Date(now.getTime() + graceMs) };
  return settled({ days: present.days, next }, now);
}

/** What counts where an organisation and the installation have a term each. */
export function daysThatCount(own: Term, installation: Term, now: Date): number | null {
  return shorterOf(settled(own, now).days, settled(installation, now).days);
}

/** From then on it is over. */
export function keptUntil(endedAt: Date, days: number): Date {
  return new Date(endedAt.getTime() + days * dayMs);
}

/** What ended before this is over. */
export function overBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * dayMs);
}
