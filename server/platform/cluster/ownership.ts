// Who owns which meeting: what this process owns itself, and what it has heard of others.
import type { Clock } from "../clock.ts";
import type { Term } from "../journal/journal-store.ts";
import { timeBound } from "../journal/time-bound.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { ClusterMeters } from "./cluster-meters.ts";
import type { ClusterStore, Owner } from "./cluster-store.ts";
import type { Member } from "./member.ts";

export interface OwnershipOptions {
  store: ClusterStore;
  member: Member;
  clock: Clock;
  limits: ClusterLimits;
  meters: ClusterMeters;
  /** This process owns every meeting without asking. */
  alone: boolean;
}

/**
 * An entry here is a note of what the store says. One's own stays true as long as one's term does: nobody claims a meeting
 * before its owner's term has ended. What is noted of others may be old; they say so when asked.
 */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #owners = new Map<string, Term>();
  readonly #asking = new Map<string, Promise<Term>>();

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  /** Whether the meeting is known to be this process's own at this moment. */
  isOwn(meetingId: string): boolean {
    const { alone, member } = this.#options;
    if (member.journal === null) return false;
    if (alone) return !this.#isLeft(meetingId);
    return this.#owners.get(meetingId) === member.journal.term && member.fresh;
  }

  /** The owner as far as is known here. */
  known(meetingId: string): Term | null {
    const { alone, member } = this.#options;
    if (alone) return this.isOwn(meetingId) ? member.term : null;
    return this.#owners.get(meetingId) ?? null;
  }

  /** The owner, who is this process where nobody else is. Rejects where that cannot be found out or settled now. */
  find(meetingId: string): Promise<Term> {
    const asking =
      this.#asking.get(meetingId) ?? this.#find(meetingId).finally(() => this.#asking.delete(meetingId));
    this.#asking.set(meetingId, asking);
    return asking;
  }

  /** Whether the store says that the meeting is one's own, for where a claim's answer got lost; claims nothing. */
  async confirm(meetingId: string): Promise<boolean> {
    const { alone, member, store } = this.#options;
    await member.renew();
    const { journal } = member;
    if (journal === null || alone) return this.isOwn(meetingId);
    const owner = await this.#bound(store.owner(meetingId));
    if (owner?.term !== journal.term || member.journal !== journal) return false;
    this.#owners.set(meetingId, owner.term);
    return this.isOwn(meetingId);
  }

  /** Somebody who was taken for the owner says that it is not, or does not answer. */
  doubt(meetingId: string, term: Term): void {
    if (this.#owners.get(meetingId) === term) this.#owners.delete(meetingId);
  }

  /** A term has ended: nothing is its own any more. */
  forget(term: Term): void {
    let lost = 0;
    for (const [meetingId, owner] of this.#owners) {
      if (owner !== term) continue;
      this.#owners.delete(meetingId);
      lost += 1;
    }
    if (term === this.#options.member.term) this.#options.meters.owned("lost", lost);
  }

  async #find(meetingId: string): Promise<Term> {
    const { alone, member } = this.#options;
    await member.renew();
    const journal = member.journal;
    if (journal === null) throw new Error("this process is between two terms");
    const { term } = journal;
    const noted = this.#owners.get(meetingId);
    if (noted !== undefined) return noted;
    if (alone) {
      await this.#awaitFiled(meetingId);
      return term;
    }
    const owner = await this.#settle(meetingId, term);
    // Meanwhile this process may have begun anew: then this says nothing about what is its own now.
    if (member.journal !== journal) throw new Error("this process is between two terms");
    this.#owners.set(meetingId, owner);
    return owner;
  }

  async #settle(meetingId: string, term: Term): Promise<Term> {
    const { member, meters, store } = this.#options;
    const owner = await this.#bound(store.owner(meetingId));
    if (owner?.term === term) return term;
    if (owner !== null) {
      const filed = await member.isFiled(owner.term, meetingId);
      if (filed === null) return owner.term;
      if (!filed) throw new Error("what an ended process has left of this meeting cannot be filed yet");
    }
    const now: Owner = await this.#bound(store.claim(meetingId, owner, term));
    if (now.term === term) {
      meters.owned("claimed", 1);
      return term;
    }
    // Somebody else was faster; whether they live is found out by calling them.
    return now.term;
  }

  #isLeft(meetingId: string): boolean {
    const { left } = this.#options.member;
    if (left.size === 0) return false;
    return [...left.values()].some(({ meetings }) => meetings.has(meetingId));
  }

  async #awaitFiled(meetingId: string): Promise<void> {
    const { member } = this.#options;
    for (const [term, { meetings }] of member.left) {
      if (!meetings.has(meetingId)) continue;
      if ((await member.isFiled(term, meetingId)) === true) continue;
      throw new Error("what an ended process has left of this meeting cannot be filed yet");
    }
  }

  #bound<Value>(promise: Promise<Value>): Promise<Value> {
    return timeBound(this.#options.clock, this.#options.limits.callTimeoutMs, promise);
  }
}
