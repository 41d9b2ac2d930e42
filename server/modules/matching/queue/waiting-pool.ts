// Everybody who waits, in memory: who fits whom best is kept up to date as people come and go, so that asking costs little.
import type { Candidate, PastOf } from "../score/candidate.ts";
import { mayMeet, outlookAmong, type Requirements, type Widening } from "../score/constraints.ts";
import { readyPerson, Vocabulary, type ReadyPerson } from "../score/people.ts";
import { scorePair, type PairScore, type ScoreContext } from "../score/score.ts";
import { Arrivals } from "./arrivals.ts";
import { barOf, prospectOf, standingOf, type Patience } from "./bar.ts";
import { RecentMean } from "./recent-mean.ts";

export interface PoolOptions {
  requirements: Requirements;
  /** Of whoever is in no organisation, and between organisations. */
  weights: ScoreContext["weights"];
  /** Those of an organisation; between two of its people they count. */
  weightsOf?: (orgId: string) => ScoreContext["weights"] | undefined;
  pastOf: PastOf;
  seed: string;
  patience: Patience;
}

export interface Suggestion {
  id: string;
  score: PairScore;
  weights: ScoreContext["weights"];
}

interface Waiting {
  person: ReadyPerson;
  since: number;
  /** The best that were found, best first; some may have left. */
  best: { waiting: Waiting; total: number }[];
  /** Whether there may be others beyond `best`. */
  more: boolean;
  /** False while everybody who waited before has not been compared with them. */
  searched: boolean;
  /** What others who came lately would have scored, in rising order: by it one knows what can be hoped for. */
  hopes: Float64Array;
  prospect: number | null;
  /** Of those who come, how many may be met. */
  share: number;
}

const bestKept = 24;

/** Not durable, and one a process: it is filled from the store, which decides. */
export class WaitingPool {
  readonly #options: PoolOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #vocabulary = new Vocabulary();
  readonly #arrivals = new Arrivals<ReadyPerson>();
  readonly #typicalProspect = new RecentMean();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  ids(): IterableIterator<string> {
    return this.#waiting.keys();
  }

  /**
   * Who is in it already comes anew. One comparison with everybody who waits, about a microsecond each; with `later` only
   * when somebody is suggested to them, so that many can be taken in at once.
   */
  enter(candidate: Candidate, since: number, { later = false }: { later?: boolean } = {}): void {
    this.leave(candidate.id);
    const { seed } = this.#options;
    const { serendipityShare } = this.#weightsBetween(candidate, candidate);
    const person = readyPerson(candidate, { vocabulary: this.#vocabulary, seed, serendipityShare });
    const entered: Waiting = {
      person,
      since,
      best: [],
      more: false,
      searched: !later,
      ...this.#prospects(person, since),
    };
    for (const other of later ? [] : this.#waiting.values()) {
      const total = this.#total(person, other.person, since);
      if (total === null) continue;
      keepBest(entered, other, total);
      keepBest(other, entered, total);
    }
    this.#waiting.set(candidate.id, entered);
    this.#arrivals.add(person, since);
    if (entered.prospect !== null) this.#typicalProspect.add(entered.prospect);
  }

  leave(id: string): void {
    this.#waiting.delete(id);
  }

  /**
   * Up to `count` people for one, best first. `open` says of another one whether they can take a further proposal, and
   * whether this pair may still be proposed. Fewer come where somebody better is likely to come in time.
   */
  suggest(
    id: string,
    options: { now: number; count: number; open: (other: string) => boolean },
  ): Suggestion[] {
    const own = this.#waiting.get(id);
    if (own === undefined || options.count <= 0) return [];
    if (!own.searched) this.#search(own, options.now);
    let found = this.#among(own, options);
    if (found.length < options.count && own.more) {
      this.#search(own, options.now);
      found = this.#among(own, options);
    }
    const past = (other: Waiting) => this.#options.pastOf(id, other.person.candidate.id);
    return found.map((other) => {
      const weights = this.#weightsBetween(own.person.candidate, other.person.candidate);
      const score = scorePair(own.person, other.person, past(other), { weights, now: options.now });
      return { id: other.person.candidate.id, score, weights };
    });
  }

  /** What somebody may hope for, in how long, and what keeps others away. Null for whoever does not wait. */
  outlook(id: string): { fitting: number; arrivingPerMinute: number; widen: Widening[] } | null {
    const own = this.#waiting.get(id);
    if (own === undefined) return null;
    const { requirements } = this.#options;
    // Of those who have come meanwhile, too: whoever was first knew of nobody.
    const recent = this.#arrivals.recent().filter(({ candidate }) => candidate.id !== id);
    const fit = recent.filter((person) => mayMeet(own.person, person, requirements)).length;
    const share = recent.length === 0 ? own.share : fit / recent.length;
    return {
      ...outlookAmong(own.person, this.#people(), requirements),
      arrivingPerMinute: this.#arrivals.perMs() * share * 60_000,
    };
  }

  person(id: string): ReadyPerson | null {
    return this.#waiting.get(id)?.person ?? null;
  }

  *#people(): Generator<ReadyPerson> {
    for (const { person } of this.#waiting.values()) yield person;
  }

  #among(own: Waiting, options: { now: number; count: number; open: (other: string) => boolean }): Waiting[] {
    const { now, count, open } = options;
    own.best = own.best.filter(({ waiting }) => this.#isHere(waiting));
    const ownBar = this.#bar(own, now);
    const found: { waiting: Waiting; rank: number }[] = [];
    for (const { waiting, total } of own.best) {
      // Both are asked to give up what they may still hope for: half of each.
      if (total < (ownBar + this.#bar(waiting, now)) / 2) continue;
      if (!open(waiting.person.candidate.id)) continue;
      found.push({ waiting, rank: total + this.#patience(waiting, now) });
    }
    return found
      .sort(
        (a, b) => b.rank - a.rank || (a.waiting.person.candidate.id < b.waiting.person.candidate.id ? -1 : 1),
      )
      .slice(0, count)
      .map(({ waiting }) => waiting);
  }

  /** Whoever waits longer goes before others who fit as well. */
  #patience({ since }: Waiting, now: number): number {
    const { fairnessMost, targetMs } = this.#options.patience;
    return fairnessMost * Math.min(1, (now - since) / (2 * targetMs));
  }

  #bar(waiting: Waiting, now: number): number {
    const { patience } = this.#options;
    const expected = this.#arrivals.perMs() * patience.targetMs;
    const standing = standingOf(waiting.prospect, this.#typicalProspect.value, expected);
    return barOf(waiting.hopes, {
      waitedMs: now - waiting.since,
      arrivingPerMs: this.#arrivals.perMs() * waiting.share,
      patience: { ...patience, targetMs: patience.targetMs * standing },
    });
  }

  #isHere(waiting: Waiting): boolean {
    return this.#waiting.get(waiting.person.candidate.id) === waiting;
  }

  #search(own: Waiting, now: number): void {
    own.best = [];
    own.more = false;
    own.searched = true;
    for (const other of this.#waiting.values()) {
      if (other === own) continue;
      const total = this.#total(own.person, other.person, now);
      if (total !== null) keepBest(own, other, total);
    }
  }

  #total(one: ReadyPerson, other: ReadyPerson, now: number): number | null {
    const { requirements, pastOf } = this.#options;
    if (!mayMeet(one, other, requirements)) return null;
    const weights = this.#weightsBetween(one.candidate, other.candidate);
    return scorePair(one, other, pastOf(one.candidate.id, other.candidate.id), { weights, now }).total;
  }

  #weightsBetween(one: Candidate, other: Candidate): ScoreContext["weights"] {
    const { weights, weightsOf } = this.#options;
    const orgId = one.orgId === other.orgId ? one.orgId : null;
    return orgId === null ? weights : (weightsOf?.(orgId) ?? weights);
  }

  #prospects(person: ReadyPerson, now: number): Pick<Waiting, "hopes" | "prospect" | "share"> {
    const recent = this.#arrivals.recent().filter(({ candidate }) => candidate.id !== person.candidate.id);
    const totals = recent.map((other) => this.#total(person, other, now)).filter((total) => total !== null);
    const hopes = Float64Array.from(totals).sort();
    return {
      hopes,
      prospect: prospectOf(hopes),
      share: recent.length === 0 ? 1 : totals.length / recent.length,
    };
  }
}

function keepBest(own: Waiting, waiting: Waiting, total: number): void {
  const { best } = own;
  if (best.length === bestKept) {
    own.more = true;
    if (total <= (best.at(-1)?.total ?? 0)) return;
    best.pop();
  }
  let at = best.length;
  while (at > 0 && (best[at - 1]?.total ?? 0) < total) at -= 1;
  best.splice(at, 0, { waiting, total });
}
