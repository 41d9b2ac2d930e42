// For tests: the queue's store in memory, whose writes can be counted, interleaved, and made the last of a process.
import type { UserId } from "../../../../shared/ids.ts";
import type { OutcomesRepository, StoredRecord } from "./outcomes.repository.ts";
import type { Proposal, QueueEntry, QueueRepository } from "./queue.repository.ts";

export class MemoryQueueStore {
  readonly entries = new Map<UserId, QueueEntry>();
  readonly proposals = new Map<string, Proposal>();
  readonly records = new Map<string, StoredRecord>();
}

/** Thrown in place of a write and of everything after it: the process is dead. */
export class Killed extends Error {}

export interface ProcessOptions {
  /** So many writes succeed; the next one, and whatever follows, does not. */
  writesLeft?: number;
  /** Waited for before each access: lets others go first. */
  pause?: () => Promise<void>;
}

/** One process's way to the store. */
export function memoryRepository(
  store: MemoryQueueStore,
  options: ProcessOptions = {},
): QueueRepository & { writes: number } {
  let left = options.writesLeft ?? Infinity;
  const { entries, proposals } = store;
  const before = async (writes: boolean) => {
    await options.pause?.();
    if (left <= 0) throw new Killed("killed");
    if (!writes) return;
    left -= 1;
    repository.writes += 1;
  };
  const change = (entry: QueueEntry, set: Partial<QueueEntry>) =>
    void entries.set(entry.userId, { ...entry, ...set });
  const move = (proposal: Proposal, set: Partial<Proposal>) =>
    void proposals.set(proposal.id, { ...proposal, ...set });
  const since = <Item extends { updatedAt: Date }>(items: Iterable<Item>, from: Date) =>
    [...items]
      .filter(({ updatedAt }) => updatedAt >= from)
      .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());

  const repository: QueueRepository & { writes: number } = {
    writes: 0,
    async entry(userId) {
      await before(false);
      return entries.get(userId) ?? null;
    },
    async enter(entry) {
      await before(true);
      if (entries.get(entry.userId)?.status === "waiting") return false;
      entries.set(entry.userId, entry);
      return true;
    },
    async hold(userId, entryId, proposalId, now) {
      await before(true);
      const entry = entries.get(userId);
      if (entry?.entryId !== entryId || entry.status !== "waiting") return false;
      if (entry.heldBy !== null && entry.heldBy !== proposalId) return false;
      change(entry, { heldBy: proposalId, updatedAt: now });
      return true;
    },
    async release(userId, proposalId, now) {
      await before(true);
      const entry = entries.get(userId);
      if (entry?.heldBy === proposalId && entry.status === "waiting")
        change(entry, { heldBy: null, updatedAt: now });
    },
    async match(userId, { proposalId, matchedWith, now }) {
      await before(true);
      const entry = entries.get(userId);
      if (entry?.heldBy !== proposalId || entry.status !== "waiting") return;
      change(entry, { status: "matched", heldBy: null, matchedWith, matchId: proposalId, updatedAt: now });
    },
    async leave(userId, entryId, status, now) {
      await before(true);
      const entry = entries.get(userId);
      if (entry?.entryId !== entryId || entry.status !== "waiting" || entry.heldBy !== null) return false;
      change(entry, { status, updatedAt: now });
      return true;
    },
    async unmatch(proposalId, now) {
      await before(true);
      for (const entry of entries.values())
        if (entry.matchId === proposalId && entry.status === "matched")
          change(entry, { status: "cancelled", matchedWith: null, matchId: null, updatedAt: now });
    },
    async waitingFrom(orgId) {
      await before(false);
      return [...entries.values()]
        .filter((entry) => entry.orgId === orgId && entry.status === "waiting")
        .map(({ userId }) => userId);
    },
    async entriesSince(from) {
      await before(false);
      return since(entries.values(), from);
    },
    async overdueEntries(now, limit) {
      await before(false);
      return [...entries.values()]
        .filter(({ status, availableTo }) => status === "waiting" && availableTo <= now)
        .slice(0, limit);
    },
    async held(limit) {
      await before(false);
      return [...entries.values()].filter(({ heldBy }) => heldBy !== null).slice(0, limit);
    },
    async proposal(id) {
      await before(false);
      return proposals.get(id) ?? null;
    },
    async propose(proposal) {
      await before(true);
      if (proposals.has(proposal.id)) return false;
      proposals.set(proposal.id, proposal);
      return true;
    },
    async openProposalsOf(userId) {
      await before(false);
      return [...proposals.values()].filter(
        ({ people, state }) => state === "open" && people.includes(userId),
      );
    },
    async proposalsSince(from) {
      await before(false);
      return since(proposals.values(), from);
    },
    async accept(id, userId, now) {
      await before(true);
      const proposal = proposals.get(id);
      if (proposal?.state !== "open" || proposal.expiresAt <= now) return null;
      const acceptedBy = [...new Set([...proposal.acceptedBy, userId])];
      move(proposal, { acceptedBy, updatedAt: now });
      return proposals.get(id) ?? null;
    },
    async close(id, { state, declinedBy = null }, now) {
      await before(true);
      const proposal = proposals.get(id);
      if (proposal?.state !== "open") return false;
      move(proposal, { state, declinedBy, updatedAt: now });
      return true;
    },
    async setMeeting(id, meetingId, now) {
      await before(true);
      const proposal = proposals.get(id);
      if (proposal !== undefined) move(proposal, { meetingId, updatedAt: now });
    },
    async overdueProposals(now, limit) {
      await before(false);
      return [...proposals.values()]
        .filter(({ state, expiresAt }) => state === "open" && expiresAt <= now)
        .slice(0, limit);
    },
    async unfinished(limit) {
      await before(false);
      return [...proposals.values()]
        .filter(
          ({ state, acceptedBy, meetingId }) =>
            (state === "open" && acceptedBy.length === 2) || (state === "settled" && meetingId === null),
        )
        .slice(0, limit);
    },
    async pastOf(userId, limit) {
      await before(false);
      return [...proposals.values()]
        .filter(({ people, state }) => people.includes(userId) && ["settled", "declined"].includes(state))
        .slice(0, limit);
    },
    async annul(id, now) {
      await before(true);
      const proposal = proposals.get(id);
      if (proposal?.state === "settled" && proposal.meetingId === null)
        move(proposal, { state: "void", updatedAt: now });
    },
    async ofMeetings(meetingIds) {
      await before(false);
      return [...proposals.values()].filter(
        ({ state, meetingId }) => state === "settled" && meetingId !== null && meetingIds.includes(meetingId),
      );
    },
  };
  return repository;
}

export function memoryOutcomes({ records }: MemoryQueueStore): OutcomesRepository {
  const change = (matchId: string, userId: UserId, set: Partial<StoredRecord>) => {
    const record = records.get(`${matchId}/${userId}`);
    if (record !== undefined) records.set(`${matchId}/${userId}`, { ...record, ...set });
    return Promise.resolve();
  };
  return {
    record(record) {
      const key = `${record.matchId}/${record.userId}`;
      const before = records.get(key) ?? { ...record, came: null, feedback: null };
      records.set(key, { ...before, outcome: record.outcome });
      return Promise.resolve();
    },
    conclude: change,
    rate: (matchId, userId, rating) =>
      change(matchId, userId, { feedback: rating === null ? null : { rating } }),
    ofMatches: (matchIds) =>
      Promise.resolve([...records.values()].filter(({ matchId }) => matchIds.includes(matchId))),
    reliability(userId) {
      const known = [...records.values()].filter((record) => record.userId === userId);
      return Promise.resolve({
        kept: known.filter(({ came }) => came === true).length,
        missed: known.filter(({ came }) => came === false).length,
      });
    },
  };
}
