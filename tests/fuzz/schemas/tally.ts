// How many inputs went where and what became of them.

export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();
  inputs = 0;
  readonly failures: string[] = [];

  count(target: string, outcome: string): void {
    this.inputs += 1;
    const outcomes = this.#counts.get(target) ?? new Map<string, number>();
    this.#counts.set(target, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
  }

  outcomesOf(target: string): ReadonlyMap<string, number> {
    return this.#counts.get(target) ?? new Map<string, number>();
  }

  lines(): string[] {
    const targets = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(0, ...targets.map(([target]) => target.length));
    return targets.map(([target, outcomes]) => {
      const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
      const parts = [...outcomes].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
      return `${target.padEnd(width)} ${String(total).padStart(6)}  ${parts.join(", ")}`;
    });
  }
}
