// The pure part: from a flag's settings and a subject to on or off, and why.
import { createHash } from "node:crypto";
import type { FlagDefinition } from "../../../shared/flags.ts";
import type { FlagSettings } from "../../../shared/schemas/flags.ts";

export interface Subject {
  /** A person's or a meeting's id: stays on one side of a percentage. */
  id: string;
  email: string | null;
  orgId: string | null;
}

/** Reasons as OpenFeature names them. */
export interface Evaluation {
  value: boolean;
  reason: "DEFAULT" | "TARGETING_MATCH" | "DISABLED" | "SPLIT" | "STATIC";
}

/** People come before organisations, and those before the percentage. */
export function evaluate(
  key: string,
  definition: Pick<FlagDefinition, "default">,
  settings: FlagSettings | null,
  { id, email, orgId }: Subject,
): Evaluation {
  if (settings === null) return { value: definition.default, reason: "DEFAULT" };
  const named = (list: readonly string[], name: string | null) => name !== null && list.includes(name);
  const targeted = (value: boolean): Evaluation => ({ value, reason: "TARGETING_MATCH" });
  if (named(settings.offForPeople, email)) return targeted(false);
  if (named(settings.onForPeople, email)) return targeted(true);
  if (named(settings.offForOrganizations, orgId)) return targeted(false);
  if (named(settings.onForOrganizations, orgId)) return targeted(true);
  if (!settings.on) return { value: false, reason: "DISABLED" };
  if (settings.percentage >= 100) return { value: true, reason: "STATIC" };
  return { value: bucketOf(key, id) < settings.percentage, reason: "SPLIT" };
}

/**
 * 0 ≤ bucket < 100, the same everywhere and for good: who is in at 10 % is in at 20 %. Each flag has its own order, so
 * that the same people are not always the first.
 */
export function bucketOf(key: string, id: string): number {
  return (createHash("sha256").update(`${key}\n${id}`).digest().readUInt32BE(0) / 2 ** 32) * 100;
}
