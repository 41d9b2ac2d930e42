// What a run did: how many operations of each kind, what they met, and what went wrong.

export type Effect = "refused" | "none" | "matched" | "changed";

export interface Failure {
  /** Kind and seed of the round. */
  title: string;
  details: string[];
}

export class Tally {
  readonly failures: Failure[] = [];
  #plannedFinds = 0;
  #indexScans = 0;
  readonly #kinds = new Map<string, Record<Effect, number>>();

  count(kind: string, effect: Effect): void {
    const own = this.#kinds.get(kind) ?? { refused: 0, none: 0, matched: 0, changed: 0 };
    own[effect] += 1;
    this.#kinds.set(kind, own);
  }

  fail(failure: Failure): void {
    this.failures.push(failure);
  }

  /** A find of which explain was asked, and whether it names an index. */
  notePlan(usesIndex: boolean): void {
    this.#plannedFinds += 1;
    if (usesIndex) this.#indexScans += 1;
  }

  /** Of the finds among random indexes, the part that explain shows with an index. */
  get indexShare(): number {
    return this.#plannedFinds === 0 ? 0 : this.#indexScans / this.#plannedFinds;
  }

  get total(): number {
    return [...this.#kinds.values()].reduce(
      (sum, own) => sum + own.refused + own.none + own.matched + own.changed,
      0,
    );
  }

  /** How many operations of kinds with this beginning had one of these effects. */
  sum(prefix: string, effects: readonly Effect[]): number {
    return [...this.#kinds]
      .filter(([kind]) => kind.startsWith(prefix))
      .reduce((sum, [, own]) => sum + effects.reduce((part, effect) => part + own[effect], 0), 0);
  }

  table(): string {
    const rows = [...this.#kinds]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, own]) => [
        kind,
        own.refused + own.none + own.matched + own.changed,
        own.refused,
        own.none,
        own.matched,
        own.changed,
      ]);
    return [["operation", "ran", "refused", "met nothing", "met something", "changed"], ...rows]
      .map(
        ([kind, ...numbers]) =>
          `${String(kind).padEnd(28)}${numbers.map((number) => String(number).padStart(14)).join("")}`,
      )
      .join("\n");
  }
}
