// Which commitments to show while some of them have just been ticked on this page.
import type { Commitment } from "../../../shared/schemas/meetings.ts";

export interface ShownCommitment {
  commitment: Commitment;
  /** Ticked on this page; stays in its place until the page is left, so that it can be undone. */
  done: boolean;
}

/**
 * The server's list holds open commitments alone; those ticked here stay where they were. `before` is what was shown
 * last, `ticked` the ids that were ticked here and not undone.
 */
export function shownCommitments(
  open: readonly Commitment[],
  ticked: ReadonlySet<string>,
  before: readonly ShownCommitment[],
): ShownCommitment[] {
  const openIds = new Set(open.map((commitment) => commitment.id));
  const shown = open.map((commitment) => ({ commitment, done: ticked.has(commitment.id) }));
  for (const [position, { commitment }] of before.entries()) {
    if (openIds.has(commitment.id) || !ticked.has(commitment.id)) continue;
    shown.splice(Math.min(position, shown.length), 0, { commitment, done: true });
  }
  return shown;
}
