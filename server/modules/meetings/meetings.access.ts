// What the policy is asked about, kept in memory: meetings with their roles, bounded, dropped at every write.
import type { ConsentAnswers } from "../../../shared/consent-rules.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { MeetingLifecycle, MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { Clock } from "../../platform/clock.ts";

export interface AccessEntry {
  orgId: OrgId | null;
  guests: ReadonlySet<UserId>;
  state: MeetingLifecycle;
  startedAt: Date | null;
  endedAt: Date | null;
  roles: ReadonlyMap<UserId, MeetingRole>;
  /** Of hosts and participants. */
  consents: ReadonlyMap<UserId, ConsentAnswers>;
}

export interface AccessCache {
  /** Null where the meeting does not exist; that answer is not kept. */
  get(meetingId: MeetingId): Promise<AccessEntry | null>;
  /** To be called after a write is durable; a reading that began before it is not kept. */
  invalidate(meetingId: MeetingId): void;
  /** The same for every meeting in which this person has a place. */
  invalidatePerson(userId: UserId): void;
  invalidateAll(): void;
}

export interface AccessCacheOptions {
  load(meetingId: MeetingId): Promise<AccessEntry | null>;
  clock: Clock;
  maxEntries?: number;
  /** Bounds how long a write of another process stays unseen. */
  maxAgeMs?: number;
}

export function createAccessCache(options: AccessCacheOptions): AccessCache {
  const { load, clock, maxEntries = 5_000, maxAgeMs = 30_000 } = options;
  // Asked several times for each line of each meeting: only a mark is made then, and whoever has one stays for another round.
  const entries = new Map<MeetingId, { entry: AccessEntry; loadedMs: number; used: boolean }>();
  const loading = new Map<MeetingId, Promise<AccessEntry | null>>();

  function keep(meetingId: MeetingId, entry: AccessEntry, loadedMs: number): void {
    if (!entries.has(meetingId)) makeRoom();
    entries.set(meetingId, { entry, loadedMs, used: false });
  }

  function makeRoom(): void {
    for (const [oldest, kept] of entries) {
      if (entries.size < maxEntries) break;
      entries.delete(oldest);
      if (kept.used) entries.set(oldest, { ...kept, used: false });
    }
  }

  return {
    async get(meetingId) {
      const known = entries.get(meetingId);
      if (known !== undefined && clock.monotonicMs() - known.loadedMs < maxAgeMs) {
        known.used = true;
        return known.entry;
      }
      const underWay = loading.get(meetingId);
      if (underWay !== undefined) return underWay;
      const loadedMs = clock.monotonicMs();
      const reading = load(meetingId);
      loading.set(meetingId, reading);
      try {
        const entry = await reading;
        if (loading.get(meetingId) === reading && entry !== null) keep(meetingId, entry, loadedMs);
        return entry;
      } finally {
        if (loading.get(meetingId) === reading) loading.delete(meetingId);
      }
    },

    invalidate(meetingId) {
      entries.delete(meetingId);
      loading.delete(meetingId);
    },

    invalidatePerson(userId) {
      for (const [meetingId, { entry }] of entries) if (entry.roles.has(userId)) entries.delete(meetingId);
      // Of what is being read nobody can say yet whose it is.
      loading.clear();
    },

    invalidateAll() {
      entries.clear();
      loading.clear();
    },
  };
}
