// Who came lately, and how often somebody comes.

const kept = 120;

export class Arrivals<Person> {
  readonly #people: Person[] = [];
  readonly #times: number[] = [];

  add(person: Person, at: number): void {
    this.#people.push(person);
    this.#times.push(at);
    if (this.#people.length > kept) {
      this.#people.shift();
      this.#times.shift();
    }
  }

  recent(): readonly Person[] {
    return this.#people;
  }

  /** People a millisecond, over those kept; 0 while too few have come to tell. */
  perMs(): number {
    const first = this.#times[0];
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined || last <= first) return 0;
    return (this.#times.length - 1) / (last - first);
  }
}
