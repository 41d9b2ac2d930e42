// What this process knows of the queue: a copy of the store's entries and open proposals, read again where they changed.
import type { UserId } from "../../../../shared/ids.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { PairPast, TimeRange } from "../score/candidate.ts";
import { pairKey } from "../score/chance.ts";
import type { Requirements } from "../score/constraints.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { defaultPatience } from "./bar.ts";
import type { OutcomesRepository } from "./outcomes.repository.ts";
import type { Proposal, QueueEntry, QueueRepository } from "./queue.repository.ts";
import type { QueuePorts } from "./queue.views.ts";
import { WaitingPool, type Suggestion } from "./waiting-pool.ts";

export interface MirrorOptions {
  repository: QueueRepository;
  outcomes: Pick<OutcomesRepository, "ofMatches">;
  ports: Pick<QueuePorts, "profile" | "busy" | "blockedAmong" | "weightsOf">;
  weights: MatchingWeights;
  requirements: Requirements;
  clock: Clock;
}

/** Clocks of processes differ, and writes overtake each other: so much is read again. Repeating changes nothing. */
const overlapMs = 10_000;
/** Nobody waits longer, and nothing that was proposed counts after it. */
export const stayMostMs = 24 * 60 * 60_000;
const pastMost = 200;
/** Of ratings from 1 to 5: from which on somebody would meet again, and up to which they would not. */
const goodFrom = 4;
const badUntil = 2;

export function createQueueMirror(options: MirrorOptions) {
  const { repository, outcomes, ports, weights, requirements, clock } = options;
  const pasts = new Map<string, PairPast>();
  const pastOf = (one: string, other: string) => pasts.get(pairKey(one, other)) ?? null;
  /** As they stood when somebody of the organisation came last. */
  const organizationWeights = new Map<string, MatchingWeights>();
  const weightsOf = (orgId: string) => organizationWeights.get(orgId);
  const patience = defaultPatience;
  const pool = new WaitingPool({ requirements, weights, weightsOf, pastOf, seed: "queue", patience });
  const entryIds = new Map<string, string>();
  const cards = new Map<string, Set<string>>();
  /** By stays: two are proposed to each other once in theirs. */
  const proposed = new Map<string, Date>();
  const start = new Date(clock.now().getTime() - stayMostMs - overlapMs);
  let entriesUntil = start;
  let proposalsUntil = start;
  /** Who is to be read again, though their stay is the same. */
  const stale = new Set<UserId>();
  let reading: Promise<void> = Promise.resolve();
  let queued: Promise<void> | null = null;
  let version = 0;
  /** Everybody who waits is taken in at once at first. */
  let filled = false;

  async function read(): Promise<void> {
    for (const userId of stale) {
      stale.delete(userId);
      const entry = await repository.entry(userId);
      if (entryIds.has(userId)) forget(userId);
      if (entry?.status === "waiting") await noteEntry(entry);
    }
    for (const entry of await repository.entriesSince(entriesUntil)) {
      await noteEntry(entry);
      entriesUntil = later(entriesUntil, entry.updatedAt);
    }
    filled = true;
    for (const proposal of await repository.proposalsSince(proposalsUntil)) {
      noteProposal(proposal);
      proposalsUntil = later(proposalsUntil, proposal.updatedAt);
    }
    const oldest = clock.now().getTime() - stayMostMs;
    for (const [key, at] of proposed) if (at.getTime() < oldest) proposed.delete(key);
  }

  /** So that what is read next begins before it. */
  function later(until: Date, changedAt: Date): Date {
    return new Date(Math.max(until.getTime(), changedAt.getTime() - overlapMs));
  }

  async function noteEntry(entry: QueueEntry): Promise<void> {
    const { userId, entryId, availableFrom, availableTo } = entry;
    if (entry.status !== "waiting") {
      if (entryIds.get(userId) === entryId || entryIds.get(userId) === undefined) forget(userId);
      return;
    }
    if (entryIds.get(userId) === entryId) return;
    const [weightsNow, profile, busy, blockedWith] = await Promise.all([
      entry.orgId === null ? null : ports.weightsOf(entry.orgId),
      ports.profile(userId),
      ports.busy(userId, { from: availableFrom, to: availableTo }),
      // Whoever comes later looks at those who are here then.
      ports.blockedAmong(userId, [...pool.ids()] as UserId[]),
    ]);
    if (profile === null) return forget(userId);
    if (entry.orgId !== null && weightsNow !== null) organizationWeights.set(entry.orgId, weightsNow);
    await readPast(userId);
    entryIds.set(userId, entryId);
    version += 1;
    pool.enter(
      {
        ...profile,
        id: userId,
        orgId: entry.orgId,
        available: withoutBusy({ from: availableFrom.getTime(), to: availableTo.getTime() }, busy),
        roles: entry.roles,
        // Entering says what they look for.
        saidAt: entry.createdAt.getTime(),
        wishes: entry.wishes,
        blockedWith,
      },
      entry.createdAt.getTime(),
      { later: !filled },
    );
  }

  function forget(userId: string): void {
    if (!entryIds.delete(userId)) return;
    pool.leave(userId);
    version += 1;
  }

  async function readPast(userId: UserId): Promise<void> {
    const past = await repository.pastOf(userId, pastMost);
    past.forEach(notePast);
    const settled = new Map(past.filter(({ state }) => state === "settled").map((each) => [each.id, each]));
    const said = new Map<string, { again: number; notAgain: number }>();
    for (const { matchId, feedback } of await outcomes.ofMatches([...settled.keys()])) {
      const people = settled.get(matchId)?.people;
      if (people === undefined || feedback === null) continue;
      const { again, notAgain } = said.get(pairKey(...people)) ?? { again: 0, notAgain: 0 };
      said.set(pairKey(...people), {
        again: again + (feedback.rating >= goodFrom ? 1 : 0),
        notAgain: notAgain + (feedback.rating <= badUntil ? 1 : 0),
      });
    }
    for (const [key, words] of said) {
      const before = pasts.get(key);
      if (before !== undefined) pasts.set(key, { ...before, ...words });
    }
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

    /** With everything that was written before the call; who asks while it is read shares the next reading. */
    sync(): Promise<void> {
      queued ??= reading
        .catch(() => undefined)
        .then(() => {
          queued = null;
          reading = read();
          return reading;
        });
      return queued;
    },

    /** What they tell of themselves, or who may meet them, has changed: the next `sync` reads it. */
    markStale(people: readonly UserId[]): void {
      for (const userId of people) stale.add(userId);
    },

    /** Rises when somebody comes, goes or has changed. */
    version: () => version,
    size: () => pool.size,

    /** For whoever has fewer cards than `most`; nobody gets more. */
    suggest(
      userId: UserId,
      { most, now }: { most: number; now: Date },
    ): (Suggestion & { ownEntryId: string; entryId: string })[] {
      const ownEntryId = entryIds.get(userId);
      if (ownEntryId === undefined) return [];
      const open = (other: string) => {
        const theirs = entryIds.get(other) ?? "";
        const id = userId < other ? `${ownEntryId}-${theirs}` : `${theirs}-${ownEntryId}`;
        return !proposed.has(id) && (cards.get(other)?.size ?? 0) < most;
      };
      const count = most - (cards.get(userId)?.size ?? 0);
      return pool
        .suggest(userId, { now: now.getTime(), count, open })
        .map((each) => ({ ...each, ownEntryId, entryId: entryIds.get(each.id) ?? "" }));
    },

    outlook: (userId: UserId) => pool.outlook(userId),
    person: (userId: UserId) => pool.person(userId),

    withFreeCards(most: number): UserId[] {
      return [...pool.ids()].filter((id) => (cards.get(id)?.size ?? 0) < most) as UserId[];
    },
  };
}

/** What is left of a window; `busy` in any order. */
function withoutBusy({ from, to }: TimeRange, busy: readonly TimeRange[]): TimeRange[] {
  const free: TimeRange[] = [];
  let at = from;
  for (const taken of [...busy].sort((a, b) => a.from - b.from)) {
    if (taken.from > at) free.push({ from: at, to: Math.min(taken.from, to) });
    at = Math.max(at, taken.to);
  }
  if (at < to) free.push({ from: at, to });
  return free.filter((range) => range.from < range.to);
}
