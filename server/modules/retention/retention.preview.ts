// How much would be deleted if terms counted now: numbers of calls, nothing of them.
import type { OrgId } from "../../../shared/ids.ts";
import { retentionKinds, type RetentionPreview } from "../../../shared/schemas/retention.ts";
import type { RetainedMeetings } from "./retention.meetings.mongo.ts";
import type { KindDays } from "./retention.policies.ts";
import { keptUntil, overBefore } from "./retention.terms.ts";

/** As many calls as a page can wait for. */
export const previewedMost = 10_000;
const atOnce = 500;

export async function previewOf(
  retained: Pick<RetainedMeetings, "endedIn" | "holding" | "openCommitments">,
  { orgId, days, now }: { orgId: OrgId; days: KindDays; now: Date },
): Promise<Omit<RetentionPreview, "shortened">> {
  const terms = Object.values(days).filter((term) => term !== null);
  const counts = new Map(retentionKinds.map((kind) => [kind, 0]));
  let openCommitments = 0;
  const before = terms.length === 0 ? null : overBefore(now, Math.min(...terms));
  const found = before === null ? [] : await retained.endedIn(orgId, before, previewedMost + 1);
  const rows = found.slice(0, previewedMost);
  for (let from = 0; from < rows.length; from += atOnce) {
    const some = rows.slice(from, from + atOnce);
    for (const kind of retentionKinds) {
      const term = days[kind];
      if (term === null) continue;
      const ids = some.filter(({ endedAt }) => keptUntil(endedAt, term) <= now).map(({ id }) => id);
      if (ids.length === 0) continue;
      const { size } = await retained.holding(kind, ids);
      counts.set(kind, (counts.get(kind) ?? 0) + size);
      if (kind === "recaps") openCommitments += await retained.openCommitments(ids);
    }
  }
  return {
    kinds: [...counts].map(([kind, calls]) => ({ kind, calls })),
    openCommitments,
    atLeast: found.length > rows.length,
  };
}
