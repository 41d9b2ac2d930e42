// The mean of the numbers that came last.

const kept = 120;

export class RecentMean {
  readonly #numbers: number[] = [];
  #sum = 0;

  add(number: number): void {
    this.#numbers.push(number);
    this.#sum += number;
    if (this.#numbers.length > kept) this.#sum -= this.#numbers.shift() ?? 0;
  }

  /** Null before the first one. */
  get value(): number | null {
    return this.#numbers.length === 0 ? null : this.#sum / this.#numbers.length;
  }
}
