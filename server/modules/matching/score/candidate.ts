// A person as matching sees them: plain data that whoever asks has gathered, nothing of a conversation among it.
import type { MatchingRole } from "../../../../shared/schemas/matching.ts";

export type { MatchingRole };

/** Milliseconds since 1970, `to` not included. */
export interface TimeRange {
  from: number;
  to: number;
}

/** What somebody asks of the other; each counts only where it says something. */
export interface Wishes {
  /** At least one of these topics is among the other's. */
  interests: readonly string[];
  /** The other is in one of these roles. */
  roles: readonly MatchingRole[];
  /** `own`: the other is of the same organisation. */
  organization: "own" | "any";
}

export interface Candidate {
  id: string;
  orgId: string | null;
  /** BCP 47; `pt-BR` and `pt` are one language here. */
  languages: readonly string[];
  /** In which they are here. */
  roles: readonly MatchingRole[];
  interests: readonly string[];
  offers: readonly string[];
  seeks: readonly string[];
  /** Of length 1, of what they tell of themselves; null where there is none. All of a pool are of one model. */
  vector: Float32Array | null;
  /** When they can be met: sorted, without overlaps. */
  available: readonly TimeRange[];
  /** When they last said what they look for. */
  saidAt: number;
  /** What became of matches that both had accepted: whether they met. */
  kept: number;
  missed: number;
  wishes: Wishes;
  /** With whom they never meet, whichever of the two has decided that. */
  blockedWith: ReadonlySet<string>;
}

/** What two people have had with each other. */
export interface PairPast {
  /** When they met, the last first. */
  metAt: readonly number[];
  /** Of those who said so: how many found it worth repeating, and how many did not. */
  again: number;
  notAgain: number;
  /** How often one of them declined the other. */
  declined: number;
}

export type PastOf = (one: string, other: string) => PairPast | null;

/** How long two people can meet before `untilMs`, in milliseconds. */
export function sharedTime(
  one: readonly TimeRange[],
  other: readonly TimeRange[],
  untilMs = Infinity,
): number {
  let total = 0;
  let left = 0;
  let right = 0;
  for (;;) {
    const a = one[left];
    const b = other[right];
    if (a === undefined || b === undefined || total >= untilMs) return Math.min(total, untilMs);
    total += Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
    if (a.to < b.to) left += 1;
    else right += 1;
  }
}

/** Whether two can meet for so long without a break. */
export function canMeet(one: readonly TimeRange[], other: readonly TimeRange[], lengthMs: number): boolean {
  let left = 0;
  let right = 0;
  for (;;) {
    const a = one[left];
    const b = other[right];
    if (a === undefined || b === undefined) return false;
    if (Math.min(a.to, b.to) - Math.max(a.from, b.from) >= lengthMs) return true;
    if (a.to < b.to) left += 1;
    else right += 1;
  }
}

/** Both sorted and without overlaps; so is the result. */
export function rangesInCommon(one: readonly TimeRange[], other: readonly TimeRange[]): TimeRange[] {
  const common: TimeRange[] = [];
  let left = 0;
  let right = 0;
  for (;;) {
    const a = one[left];
    const b = other[right];
    if (a === undefined || b === undefined) return common;
    const range = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
    if (range.from < range.to) common.push(range);
    if (a.to < b.to) left += 1;
    else right += 1;
  }
}
