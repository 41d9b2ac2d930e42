// How long what was deleted can be had back, and from when on it is gone.

export const keptDeletedDays = 30;
const dayMs = 24 * 60 * 60 * 1_000;

export function restorableUntil(deletedAt: Date): Date {
  return new Date(deletedAt.getTime() + keptDeletedDays * dayMs);
}

/** What was deleted before this moment goes for good. */
export function deletedForGoodBefore(now: Date): Date {
  return new Date(now.getTime() - keptDeletedDays * dayMs);
}
