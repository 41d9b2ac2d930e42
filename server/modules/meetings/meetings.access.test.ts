// The access cache: bounded, one reading at a time, and never older than the last write.
import { expect, test } from "vitest";
import { meetingIdSchema, type MeetingId } from "../../../shared/ids.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createAccessCache, type AccessEntry } from "./meetings.access.ts";

const idOf = (n: number): MeetingId => meetingIdSchema.parse(n.toString(16).padStart(24, "0"));
const entry = (): AccessEntry => ({
  orgId: null,
  state: "scheduled",
  startedAt: null,
  endedAt: null,
  roles: new Map(),
  consents: new Map(),
  guests: new Set(),
});

test("[MEETINGS-40] a meeting is read once until it is invalidated", async () => {
  let reads = 0;
  const cache = createAccessCache({ load: async () => ((reads += 1), entry()), clock: new FakeClock() });
  await Promise.all([cache.get(idOf(1)), cache.get(idOf(1))]);
  await cache.get(idOf(1));
  expect(reads).toBe(1);
  cache.invalidate(idOf(1));
  await cache.get(idOf(1));
  expect(reads).toBe(2);
});

test("[MEETINGS-41] a reading that began before a write is not kept after it", async () => {
  const waiting: ((value: AccessEntry) => void)[] = [];
  const cache = createAccessCache({
    load: () => new Promise<AccessEntry>((resolve) => waiting.push(resolve)),
    clock: new FakeClock(),
  });
  const stale = entry();
  const fresh = entry();
  const before = cache.get(idOf(1));
  cache.invalidate(idOf(1));
  const after = cache.get(idOf(1));
  waiting[1]?.(fresh);
  expect(await after).toBe(fresh);
  waiting[0]?.(stale);
  expect(await before).toBe(stale);
  expect(await cache.get(idOf(1))).toBe(fresh);
});

test("[MEETINGS-42] a meeting that nobody has asked for lately makes room", async () => {
  const reads: MeetingId[] = [];
  const cache = createAccessCache({
    load: async (id) => (reads.push(id), entry()),
    clock: new FakeClock(),
    maxEntries: 2,
  });
  for (const n of [1, 2, 1, 3]) await cache.get(idOf(n));
  reads.length = 0;
  await cache.get(idOf(1));
  await cache.get(idOf(2));
  expect(reads).toEqual([idOf(2)]);
});

test("[MEETINGS-42] where every meeting is in use the newest is kept all the same", async () => {
  const reads: MeetingId[] = [];
  const cache = createAccessCache({
    load: async (id) => (reads.push(id), entry()),
    clock: new FakeClock(),
    maxEntries: 3,
  });
  for (const n of [1, 2, 3, 1, 2, 3, 4]) await cache.get(idOf(n));
  reads.length = 0;
  for (const n of [4, 2, 3]) await cache.get(idOf(n));
  expect(reads).toEqual([]);
  await cache.get(idOf(1));
  expect(reads).toEqual([idOf(1)]);
});

test("[MEETINGS-43] what does not exist is asked for again, and a failed reading too", async () => {
  const answers: (() => AccessEntry | null)[] = [
    () => null,
    () => {
      throw new Error("store away");
    },
    entry,
  ];
  const cache = createAccessCache({
    load: async () => (answers.shift() ?? entry)(),
    clock: new FakeClock(),
  });
  expect(await cache.get(idOf(1))).toBeNull();
  await expect(cache.get(idOf(1))).rejects.toThrow("store away");
  expect(await cache.get(idOf(1))).not.toBeNull();
});

test("[MEETINGS-44] an entry is read again after its greatest age", async () => {
  let reads = 0;
  const clock = new FakeClock();
  const cache = createAccessCache({ load: async () => ((reads += 1), entry()), clock, maxAgeMs: 1_000 });
  await cache.get(idOf(1));
  clock.advance(999);
  await cache.get(idOf(1));
  expect(reads).toBe(1);
  clock.advance(1);
  await cache.get(idOf(1));
  expect(reads).toBe(2);
});
