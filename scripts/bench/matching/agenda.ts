// What happens in a simulation, in the order of its time; of the same time, in the order in which it was planned.

export class Agenda {
  #entries: { at: number; order: number; run: () => void }[] = [];
  #planned = 0;
  now = 0;

  at(at: number, run: () => void): void {
    const entries = this.#entries;
    const entry = { at, order: (this.#planned += 1), run };
    let place = entries.length;
    entries.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = entries[above];
      if (other === undefined || before(other, entry)) break;
      entries[place] = other;
      place = above;
    }
    entries[place] = entry;
  }

  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.now = next.at;
      next.run();
    }
  }

  #take() {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      const [left, right] = [entries[below], entries[below + 1]];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) below += 1;
      const chosen = entries[below];
      if (chosen === undefined || before(last, chosen)) break;
      entries[place] = chosen;
      place = below;
    }
    entries[place] = last;
    return first;
  }
}

function before(one: { at: number; order: number }, other: { at: number; order: number }): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
