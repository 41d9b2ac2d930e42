// What somebody pins and bans in a plan, before it is applied; and a plan's bullets under where they come from.
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import type { SelectedBullet } from "../../../../shared/schemas/career/selection.ts";

export interface Choice {
  pins: string[];
  bans: string[];
}

export function choiceOf({ pins, bans }: Pick<RunView, "pins" | "bans">): Choice {
  return { pins: [...pins], bans: [...bans] };
}

/** In or out of one list; what comes into one leaves the other. */
export function toggled({ pins, bans }: Choice, list: keyof Choice, bulletId: string): Choice {
  const without = (ids: readonly string[]) => ids.filter((id) => id !== bulletId);
  const isIn = (list === "pins" ? pins : bans).includes(bulletId);
  const next = { pins: without(pins), bans: without(bans) };
  if (!isIn) next[list].push(bulletId);
  return next;
}

/** The order in which somebody chose says nothing. */
export function isChanged(choice: Choice, run: Pick<RunView, "pins" | "bans">): boolean {
  const same = (one: readonly string[], other: readonly string[]) =>
    one.length === other.length && one.every((id) => other.includes(id));
  return !same(choice.pins, run.pins) || !same(choice.bans, run.bans);
}

/** In the plan's order, those of one job or project together. */
export function parentsOf(bullets: readonly SelectedBullet[]): SelectedBullet[][] {
  const parents = new Map<string, SelectedBullet[]>();
  for (const bullet of bullets) {
    const own = parents.get(bullet.parentId);
    if (own === undefined) parents.set(bullet.parentId, [bullet]);
    else own.push(bullet);
  }
  return [...parents.values()];
}
