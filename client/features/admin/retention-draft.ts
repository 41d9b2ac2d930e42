// What an administrator has chosen and not saved yet, against what is decided.
import {
  isShorter,
  retentionKinds,
  type ProposedTerms,
  type RetentionKind,
  type RetentionPolicy,
} from "../../../shared/schemas/retention.ts";

export type KindPolicy = RetentionPolicy["kinds"][number];
export type Draft = Partial<Record<RetentionKind, number | null>>;

const presets = [7, 30, 90, 180, 365, 730, 1_825, 3_650] as const;

/** What counts in the end, of what the organisation has decided itself. */
export function decidedOf({ own, next }: KindPolicy): number | null {
  return next === null ? own : next.days;
}

/** What is chosen from, in days: what the installation allows, and what is decided whether it is among that or not. */
export function choicesOf(kind: KindPolicy): number[] {
  const decided = decidedOf(kind);
  const allowed = presets.filter((days) => !isShorter(kind.most, days));
  const all = decided === null ? allowed : [...new Set([...allowed, decided])];
  return [...all].sort((one, other) => one - other);
}

/** Without what is as it was. */
export function changesIn(draft: Draft, policy: RetentionPolicy): ProposedTerms {
  const changes: ProposedTerms = {};
  for (const kind of retentionKinds) {
    const days = draft[kind];
    const stored = policy.kinds.find((each) => each.kind === kind);
    if (days !== undefined && stored !== undefined && days !== decidedOf(stored)) changes[kind] = days;
  }
  return changes;
}
