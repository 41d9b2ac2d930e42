// What this process knows of the queue: a copy of the store's entries and open proposals, read again where they changed.
import type { UserId } from "../../../../shared/ids.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { PairPast } from "../score/candidate.ts";
import { pairKey } from "../score/chance.ts";
import type { Requirements } from "../score/constraints.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { defaultPatience } from "./bar.ts";
import type { Proposal, QueueEntry, QueueRepository } from "./queue.repository.ts";
import type { QueuePorts } from "./queue.service.ts";
import { WaitingPool, type Suggestion } from "./waiting-pool.ts";

export interface MirrorOptions {
  repository: QueueRepository;
  ports: Pick<QueuePorts, "profile">;
  weights: MatchingWeights;
  requirements: Requirements;
  clock: Clock;
}

/** Clocks of processes differ, and writes overtake each other: so much is read again. Repeating changes nothing. */
const overlapMs = 10_000;
const pastMost = 200;

export function createQueueMirror({ repository, ports, weights, requirements, clock }: MirrorOptions) {
  const pasts = new Map<string, PairPast>();
  const pastOf = (one: string, other: string) => pasts.get(pairKey(one, other)) ?? null;
  const pool = new WaitingPool({ requirements, weights, pastOf, seed: "queue", patience: defaultPatience });
  const entryIds = new Map<string, string>();
  const cards = new Map<string, Set<string>>();
  /** By stays: two are proposed to each other once in theirs. */
  const proposed = new Map<string, Date>();
  let entriesUntil = new Date(0);
  let proposalsUntil = new Date(0);
  let syncing: Promise<void> | null = null;
  /** Everybody who waits is taken in at once at first. */
  let filled = false;

  async function read(): Promise<void> {
    for (const entry of await repository.entriesSince(entriesUntil)) {
      await noteEntry(entry);
      entriesUntil = later(entriesUntil, entry.updatedAt);
    }
    filled = true;
    for (const proposal of await repository.proposalsSince(proposalsUntil)) {
      noteProposal(proposal);
      proposalsUntil = later(proposalsUntil, proposal.updatedAt);
    }
    const oldest = clock.now().getTime() - 24 * 60 * 60_000;
    for (const [key, at] of proposed) if (at.getTime() < oldest) proposed.delete(key);
  }

  /** So that what is read next begins before it. */
  function later(until: Date, changedAt: Date): Date {
    return new Date(Math.max(until.getTime(), changedAt.getTime() - overlapMs));
  }

  async function noteEntry(entry: QueueEntry): Promise<void> {
    const { userId, entryId } = entry;
    if (entry.status !== "waiting") {
      if (entryIds.get(userId) === entryId || entryIds.get(userId) === undefined) forget(userId);
      return;
    }
    if (entryIds.get(userId) === entryId) return;
    const profile = await ports.profile(userId);
    if (profile === null) return forget(userId);
    for (const past of await repository.pastOf(userId, pastMost)) notePast(past);
    entryIds.set(userId, entryId);
    pool.enter(
      {
        ...profile,
        id: userId,
        orgId: entry.orgId,
        available: [{ from: entry.availableFrom.getTime(), to: entry.availableTo.getTime() }],
        wishes: entry.wishes,
      },
      entry.createdAt.getTime(),
      { later: !filled },
    );
  }

  function forget(userId: string): void {
    entryIds.delete(userId);
    pool.leave(userId);
  }

  function notePast({ people, state, updatedAt }: Proposal): void {
    const key = pairKey(...people);
    const before = pasts.get(key) ?? { metAt: [], again: 0, notAgain: 0, declined: 0 };
    const at = updatedAt.getTime();
    if (state === "settled" && !before.metAt.includes(at))
      pasts.set(key, { ...before, metAt: [...before.metAt, at].sort((a, b) => b - a) });
    if (state === "declined" && before.declined === 0) pasts.set(key, { ...before, declined: 1 });
  }

  function noteProposal(proposal: Proposal): void {
    const { id, people, state } = proposal;
    proposed.set(id, proposal.createdAt);
    for (const userId of people) {
      const own = cards.get(userId) ?? new Set<string>();
      if (state === "open") own.add(id);
      else own.delete(id);
      if (own.size === 0) cards.delete(userId);
      else cards.set(userId, own);
    }
    notePast(proposal);
  }

  return {
    pastOf,
    noteProposal,

    /** With everything that was written before the call. */
    async sync(): Promise<void> {
      while (syncing !== null) await syncing;
      syncing = read().finally(() => (syncing = null));
      await syncing;
    },

    /** `most`: nobody gets more cards than that. */
    suggest(
      own: QueueEntry,
      { count, most, now }: { count: number; most: number; now: Date },
    ): (Suggestion & { entryId: string })[] {
      const open = (other: string) => {
        const theirs = entryIds.get(other) ?? "";
        const id = own.userId < other ? `${own.entryId}-${theirs}` : `${theirs}-${own.entryId}`;
        return !proposed.has(id) && (cards.get(other)?.size ?? 0) < most;
      };
      return pool
        .suggest(own.userId, { now: now.getTime(), count, open })
        .map((each) => ({ ...each, entryId: entryIds.get(each.id) ?? "" }));
    },

    outlook: (userId: UserId) => pool.outlook(userId),
    person: (userId: UserId) => pool.person(userId),

    withFreeCards(most: number): UserId[] {
      return [...pool.ids()].filter((id) => (cards.get(id)?.size ?? 0) < most) as UserId[];
    },
  };
}
