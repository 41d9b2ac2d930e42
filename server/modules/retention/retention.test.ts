// Terms, the wait before a shorter one, what organisations may decide, and what is found to be over; all in memory.
import { describe, expect, test } from "vitest";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import { retentionKinds, shorteningPhrase, type RetentionKind } from "../../../shared/schemas/retention.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMemoryBus } from "../../platform/event-bus.ts";
import { silentLogger } from "../../platform/logger.ts";
import { fieldsOf, inventory } from "../../platform/privacy/inventory.ts";
import { retentionSentences } from "../../platform/privacy/terms.ts";
import type { AuditEntry } from "../audit/index.ts";
import type { EndedRow, RetainedMeetings } from "./retention.meetings.mongo.ts";
import { createRetentionPolicies, type KindDays } from "./retention.policies.ts";
import type { PoliciesRepository, PolicyOwner, StoredPolicy } from "./retention.policies.mongo.ts";
import { previewOf } from "./retention.preview.ts";
import { createSweep } from "./retention.sweep.ts";
import { changedTerm, forGood, settled } from "./retention.terms.ts";

test("[RETAIN-20] it is written down of every collection that holds something of people how long it is kept", () => {
  const ofPeople = inventory
    .filter((collection) => fieldsOf(collection).some((field) => field.class !== "technical"))
    .map(({ name }) => name);
  expect(Object.keys(retentionSentences).sort()).toEqual(ofPeople.sort());
});

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const graceMs = 24 * hourMs;
const orgId = "org_1" as OrgId;
const admin = { userId: "a".repeat(24) as UserId, orgId };
const confirmation = shorteningPhrase.toUpperCase();

const none = Object.fromEntries(retentionKinds.map((kind) => [kind, null])) as Record<RetentionKind, null>;

function openPolicies(environment: Partial<KindDays> = {}, clock = new FakeClock()) {
  const stored = new Map<PolicyOwner, StoredPolicy>();
  const entries: AuditEntry[] = [];
  const repository: PoliciesRepository = {
    find: async (owner) => stored.get(owner) ?? null,
    all: async () => [...stored.values()],
    async write(policy) {
      if ((stored.get(policy.owner)?.version ?? 0) !== policy.version - 1) return false;
      stored.set(policy.owner, policy);
      return true;
    },
  };
  const audit = { record: async (entry: AuditEntry) => void entries.push(entry) };
  const open = (given: Partial<KindDays>) =>
    createRetentionPolicies({ repository, environment: { ...none, ...given }, graceMs, clock, audit });
  return { clock, entries, stored, reopen: open, policies: open(environment) };
}

const at = (clock: FakeClock, days: number) => new Date(clock.now().getTime() - days * dayMs);

describe("a term", () => {
  const now = new Date("2026-06-01T00:00:00Z");
  const after = (hours: number) => new Date(now.getTime() + hours * hourMs);

  test("[RETAIN-9] a shorter one counts after the grace period, a longer one at once", () => {
    const short = changedTerm({ days: 365, next: null }, 30, { now, graceMs });
    expect(short).toEqual({ days: 365, next: { days: 30, from: after(24) } });
    expect(settled(short, after(23.9)).days).toBe(365);
    expect(settled(short, after(24))).toEqual({ days: 30, next: null });
    expect(changedTerm({ days: 30, next: null }, null, { now, graceMs })).toEqual(forGood);
  });

  test("[RETAIN-9] taking it back within the period leaves everything as it was; deciding it again does not prolong it", () => {
    const short = changedTerm(forGood, 30, { now, graceMs });
    expect(changedTerm(short, null, { now: after(23), graceMs })).toEqual(forGood);
    expect(changedTerm(short, 30, { now: after(23), graceMs })).toEqual(short);
    expect(changedTerm(short, 60, { now: after(1), graceMs })).toEqual({
      days: null,
      next: { days: 60, from: after(25) },
    });
  });
});

describe("what organisations decide", () => {
  test("[RETAIN-8] where nothing was decided nothing is over, however old it is", async () => {
    const { policies, clock } = openPolicies();
    await policies.adopt();
    expect(await policies.over({ orgId, endedAt: at(clock, 9_999) })).toEqual(new Set());
    expect(await policies.untilOf({ orgId, endedAt: at(clock, 1) })).toEqual([]);
  });

  test("[RETAIN-8] [RETAIN-9] a decision is over after its grace period for its organisation alone", async () => {
    const { policies, clock, entries } = openPolicies();
    await policies.change(admin, { version: 0, terms: { chat: 30 }, confirmation });
    const [own, others] = [
      { orgId, endedAt: at(clock, 40) },
      { orgId: "org_2" as OrgId, endedAt: at(clock, 40) },
    ];
    expect(await policies.over(own)).toEqual(new Set());
    clock.advance(graceMs);
    expect(await policies.over(own)).toEqual(new Set(["chat"]));
    expect(await policies.over(others)).toEqual(new Set());
    expect(await policies.over({ orgId, endedAt: null })).toEqual(new Set());
    expect(entries).toMatchObject([
      { action: "retention.change", actorUserId: admin.userId, metadata: { chat: 30, shortened: 1 } },
    ]);
  });

  test("[RETAIN-10] without the phrase nothing is shortened; to keep it longer none is needed", async () => {
    const { policies } = openPolicies();
    await expect(policies.change(admin, { version: 0, terms: { notes: 30 } })).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
      details: { field: "confirmation" },
    });
    await policies.change(admin, { version: 0, terms: { notes: 30 }, confirmation });
    await policies.change(admin, { version: 1, terms: { notes: 60 } });
    const { kinds } = await policies.policy(orgId);
    expect(kinds.find(({ kind }) => kind === "notes")).toMatchObject({ own: null, next: { days: 60 } });
    await policies.change(admin, { version: 2, terms: { notes: null } });
    expect(
      (await policies.policy(orgId)).kinds.every(({ next, days }) => next === null && days === null),
    ).toBe(true);
  });

  test("[RETAIN-10] of two who change the same version one is told; the same once more is the same", async () => {
    const { policies } = openPolicies();
    const first = { version: 0, terms: { chat: 30 }, confirmation };
    await policies.change(admin, first);
    await policies.change(admin, first);
    const other = { ...admin, userId: "b".repeat(24) as UserId };
    await expect(policies.change(other, { ...first, terms: { chat: 60 } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await policies.policy(orgId)).toMatchObject({ version: 1 });
  });

  test("[RETAIN-11] the installation's term counts where none was decided, and bounds what can be", async () => {
    const { policies, reopen, clock, entries } = openPolicies({ transcript: 365, prompts: 90 });
    await policies.adopt();
    // What was kept for good until now is kept a day more; prompts had their term before.
    expect(await policies.daysOf(orgId)).toEqual({ ...none, prompts: 90 });
    clock.advance(graceMs);
    expect(await policies.daysOf(null)).toMatchObject({ transcript: 365, chat: null });
    await expect(
      policies.change(admin, { version: 0, terms: { transcript: 366 }, confirmation }),
    ).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { field: "transcript", most: 365 } });
    await policies.change(admin, { version: 0, terms: { transcript: 60 }, confirmation });
    clock.advance(graceMs);
    expect(await policies.daysOf(orgId)).toMatchObject({ transcript: 60 });
    const narrower = reopen({ transcript: 30 });
    await narrower.adopt();
    await narrower.adopt();
    clock.advance(graceMs);
    expect(await narrower.daysOf(orgId)).toMatchObject({ transcript: 30, prompts: null });
    expect(entries.filter(({ actorUserId }) => actorUserId === null)).toMatchObject([
      { action: "retention.change", metadata: { transcript: 365, prompts: 90 } },
      { action: "retention.change", metadata: { transcript: 30, prompts: null } },
    ]);
  });

  test("[RETAIN-12] a review is kept no longer than the transcript that it shows places of", async () => {
    const { policies } = openPolicies();
    expect(await policies.proposed(orgId, { transcript: 30 })).toMatchObject({ reviews: 30, recaps: null });
    expect(await policies.proposed(orgId, { transcript: 30, reviews: 10 })).toMatchObject({ reviews: 10 });
  });
});

describe("the sweep", () => {
  const idOf = (n: number) => n.toString(16).padStart(24, "0") as MeetingId;

  function world(days: Partial<KindDays>, rows: EndedRow[], clock: FakeClock) {
    const held = new Map(rows.map(({ id }) => [id, new Set<RetentionKind>(retentionKinds)]));
    const done: string[] = [];
    const failing = new Set<string>();
    const empty = (kind: RetentionKind, id: MeetingId, count = 1) => {
      if (failing.has(id)) throw new Error("no store");
      held.get(id)?.delete(kind);
      done.push(`${kind} ${id}`);
      return count;
    };
    const retained: RetainedMeetings = {
      async *ended(before) {
        const over = rows.filter(({ endedAt }) => endedAt < before);
        yield* over.map((row) => [row]);
      },
      endedIn: async (_org, before, limit) => rows.filter(({ endedAt }) => endedAt < before).slice(0, limit),
      holding: async (kind, ids) => new Set(ids.filter((id) => held.get(id)?.has(kind) === true)),
      remove: async (kind, id) => empty(kind, id),
      removeEmbeddings: async (id) => void done.push(`embeddings ${id}`),
      openCommitments: async (ids) => ids.length,
    };
    const entries: AuditEntry[] = [];
    const events: string[] = [];
    const bus = createMemoryBus(silentLogger);
    bus.subscribe("meeting.pruned", ({ meetingId, kind }) => void events.push(`${kind} ${meetingId}`));
    const sweep = createSweep({
      retained,
      policies: {
        allDays: async () =>
          new Map<OrgId | null, KindDays>([
            [null, none],
            [orgId, { ...none, ...days }],
          ]),
      },
      notes: { removeOfMeeting: async (id) => empty("notes", id, 2) },
      files: { removeOfMeeting: async (id) => void done.push(`files ${id}`) },
      passages: { reconsider: async (id) => void done.push(`passages ${id}`) },
      audit: { record: async (entry) => void entries.push(entry) },
      bus,
      clock,
      logger: silentLogger,
    });
    const overdue: [RetentionKind, number][] = [];
    const run = (signal = new AbortController().signal) =>
      sweep(signal, {
        deleted: () => undefined,
        overdue: (kind, seconds) => void overdue.push([kind, seconds]),
      });
    return { run, retained, held, done, failing, entries, events, overdue };
  }

  const rowsOf = (clock: FakeClock): EndedRow[] => [
    { id: idOf(1), orgId, endedAt: at(clock, 40) },
    { id: idOf(2), orgId: null, endedAt: at(clock, 40) },
    { id: idOf(3), orgId, endedAt: at(clock, 29) },
    { id: idOf(4), orgId, endedAt: at(clock, 31) },
  ];

  test("[RETAIN-2] [RETAIN-13] what is over goes with what is made of it; what is younger, or of others, stays", async () => {
    const clock = new FakeClock();
    const { run, held, done, entries, events, overdue } = world(
      { transcript: 30, chat: 30, notes: 35 },
      rowsOf(clock),
      clock,
    );
    const { deleted, failed } = await run();
    expect(done).toEqual([
      ...[`transcript ${idOf(1)}`, `passages ${idOf(1)}`, `embeddings ${idOf(1)}`],
      ...[`chat ${idOf(1)}`, `files ${idOf(1)}`, `notes ${idOf(1)}`],
      ...[`transcript ${idOf(4)}`, `passages ${idOf(4)}`, `embeddings ${idOf(4)}`],
      ...[`chat ${idOf(4)}`, `files ${idOf(4)}`],
    ]);
    expect(held.get(idOf(4))?.has("notes")).toBe(true);
    for (const n of [2, 3]) expect(held.get(idOf(n))?.size).toBe(retentionKinds.length);
    expect(deleted).toMatchObject({ transcript: 2, chat: 2, notes: 2, recaps: 0 });
    expect(failed.size).toBe(0);
    expect(events).toHaveLength(5);
    expect(overdue).toContainEqual(["transcript", (10 * dayMs) / 1_000]);
    expect(entries).toHaveLength(5);
    expect(entries[0]).toMatchObject({
      action: "retention.delete",
      actorUserId: null,
      orgId,
      metadata: { kind: "transcript", calls: 1, days: 30 },
    });
    expect(await run()).toMatchObject({ deleted: { transcript: 0 } });
    expect(done).toHaveLength(11);
  });

  test("[RETAIN-5] one meeting that cannot be cleared keeps no other, and is tried again by the next run", async () => {
    const clock = new FakeClock();
    const { run, held, failing } = world({ prompts: 30 }, rowsOf(clock), clock);
    failing.add(idOf(1));
    expect([...(await run()).failed]).toEqual(["prompts"]);
    expect([1, 4].map((n) => held.get(idOf(n))?.has("prompts"))).toEqual([true, false]);
    failing.clear();
    expect([...(await run()).failed]).toEqual([]);
    expect(held.get(idOf(1))?.has("prompts")).toBe(false);
  });

  test("[RETAIN-5] one that is stopped ends between two meetings", async () => {
    const clock = new FakeClock();
    const { run, done } = world({ ratings: 30 }, rowsOf(clock), clock);
    const stopping = new AbortController();
    stopping.abort(new Error("the process stops"));
    await expect(run(stopping.signal)).rejects.toThrow("the process stops");
    expect(done).toEqual([]);
  });

  test("[RETAIN-14] a preview counts calls, and the commitments that would stay", async () => {
    const clock = new FakeClock();
    const { retained } = world({}, rowsOf(clock), clock);
    const days = { ...none, recaps: 30, chat: 35 };
    const preview = await previewOf(retained, { orgId, days, now: clock.now() });
    const counts = new Map(preview.kinds.map(({ kind, calls }) => [kind, calls]));
    expect([counts.get("recaps"), counts.get("chat"), counts.get("notes")]).toEqual([3, 2, 0]);
    expect(preview).toMatchObject({ openCommitments: 3, atLeast: false });
  });
});
