// How long somebody is likely to wait: from what others waited lately, else from how often somebody comes who fits.

const samplesKept = 50;
const samplesEnough = 5;
/** Of proposals that are answered, about so many end in a match where nothing is known yet. */
const assumedYes = 0.4;
const answerSeconds = 20;
const secondsMost = 30 * 60;

export class WaitingTimes {
  readonly #seconds: number[] = [];

  matchedAfter(seconds: number): void {
    this.#seconds.push(seconds);
    if (this.#seconds.length > samplesKept) this.#seconds.shift();
  }

  /** Seconds from now; null where nobody fits and nobody is known to come. */
  estimate(now: { waitedSeconds: number; fitting: number; arrivingPerMinute: number }): number | null {
    const sorted = [...this.#seconds].sort((a, b) => a - b);
    // Of those who waited longer than this one has already.
    const longer = sorted.filter((seconds) => seconds > now.waitedSeconds);
    if (sorted.length >= samplesEnough && longer.length > 0 && now.fitting > 0)
      return Math.round((longer[Math.floor(longer.length / 2)] ?? 0) - now.waitedSeconds);
    if (now.fitting > 0) return answerSeconds * Math.ceil(1 / assumedYes / Math.min(3, now.fitting));
    if (now.arrivingPerMinute <= 0) return null;
    return Math.min(secondsMost, Math.round(60 / now.arrivingPerMinute / assumedYes) + answerSeconds);
  }
}
