// Retention on a real store, with a clock by hand: what is over goes, what is not stays, and the audit log's chain holds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import mongoose from "mongoose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JobDefinition } from "../../server/jobs/index.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import {
  createAuditRepository,
  toBlock,
  type BlockDocument,
} from "../../server/modules/audit/audit.repository.mongo.ts";
import { createChainReader } from "../../server/modules/audit/audit.verify.ts";
import type { KindDays, RetentionDays } from "../../server/modules/retention/index.ts";
import { createRetainedMeetings } from "../../server/modules/retention/retention.meetings.mongo.ts";
import { createRetentionPolicies } from "../../server/modules/retention/retention.policies.ts";
import { createPoliciesRepository } from "../../server/modules/retention/retention.policies.mongo.ts";
import {
  createRetentionRepository,
  type RetentionRepository,
} from "../../server/modules/retention/retention.repository.mongo.ts";
import {
  createRetentionService,
  type RetentionParts,
} from "../../server/modules/retention/retention.service.ts";
import { createSweep } from "../../server/modules/retention/retention.sweep.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import type { UserId } from "../../shared/ids.ts";
import { retentionKinds } from "../../shared/schemas/retention.ts";
import { testCipher } from "../factories/cipher.ts";
import { openCoaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { sweepOn, sweptAfterDays, sweptAt } from "../factories/retention-sweep.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const now = new Date("2026-06-01T12:00:00Z");
const days: RetentionDays = { emails: 730, prompts: 365, auditOrigins: 90, auditEntries: null };
const { signal } = new AbortController();

let store: TestStore;
let repository: RetentionRepository;
beforeAll(async () => {
  store = await openTestStore();
  repository = await createRetentionRepository(store.connection);
});
beforeEach(async () => {
  for (const name of ["outboxMails", "prompts", "auditLogs", "auditBlocks", "retentionRuns"])
    await collection(name).deleteMany({});
});
afterAll(() => store?.close());

function collection(name: string) {
  return store.connection.getClient().db(store.connection.name).collection(name);
}

function service({ clock = new FakeClock(now), ...others }: Partial<RetentionParts> = {}) {
  const ordered: { key: string; runAt: Date | undefined }[] = [];
  const jobs: JobDefinition[] = [];
  const metrics = createMetrics({ processMetrics: false });
  const audit = { record: () => Promise.resolve(), prune: () => Promise.resolve(0) };
  const policies = createRetentionPolicies({
    repository: createPoliciesRepository(store.connection.useDb(store.connection.name, { useCache: false })),
    environment: Object.fromEntries(retentionKinds.map((kind) => [kind, null])) as KindDays,
    graceMs: 0,
    clock,
    audit,
  });
  return {
    ordered,
    jobs,
    metrics,
    ...createRetentionService({
      repository,
      days,
      retained: createRetainedMeetings(store.connection),
      policies,
      sweep: createSweep({
        retained: createRetainedMeetings(store.connection),
        policies,
        notes: { removeOfMeeting: () => Promise.resolve(0) },
        files: { removeOfMeeting: () => Promise.resolve() },
        passages: { reconsider: () => Promise.resolve() },
        audit,
        bus: createMemoryBus(silentLogger),
        clock,
        logger: silentLogger,
      }),
      meetings: {
        authorize: () => Promise.reject(new Error("no meeting is asked for")),
        record: () => Promise.resolve(null),
      },
      audit,
      career: { removeDeleted: () => Promise.resolve(0) },
      leaveJournal: () => Promise.resolve(),
      compactStore: () => Promise.resolve(),
      jobs: {
        register: (job) => void jobs.push(job as unknown as JobDefinition),
        enqueue: (_job, _payload, { key, runAt }) => Promise.resolve(void ordered.push({ key, runAt })),
      },
      clock,
      metrics,
      ...others,
    }),
  };
}

/** So many milliseconds over its term where positive, below it where negative. */
const at = (term: number, overMs: number) => new Date(now.getTime() - term * dayMs - overMs);

test("[RETAIN-2] [RETAIN-3] nothing younger than its term goes, everything older does but what waits to be sent", async () => {
  const age = fc.oneof(
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.integer({ min: -700 * dayMs, max: 900 * dayMs }),
  );
  const status = fc.constantFrom("sent", "kept", "failed", "queued");
  const mails = fc.array(fc.tuple(age, status), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(mails, fc.array(age, { maxLength: 20 }), async (someMails, prompts) => {
      for (const name of ["outboxMails", "prompts"]) await collection(name).deleteMany({});
      const mailRows = someMails.map(([over, state]) => ({
        key: systemIds.uuid(),
        status: state,
        createdAt: at(730, over),
      }));
      const promptRows = prompts.map((over) => ({ createdAt: at(365, over) }));
      if (mailRows.length > 0) await collection("outboxMails").insertMany(mailRows);
      if (promptRows.length > 0) await collection("prompts").insertMany(promptRows);
      await service().run(signal);
      const left = await collection("outboxMails").find().toArray();
      const kept = mailRows.filter(
        ({ status: state, createdAt }) => state === "queued" || createdAt >= at(730, 0),
      );
      expect(left.map(({ key }) => String(key)).sort()).toEqual(kept.map(({ key }) => key).sort());
      expect(await collection("prompts").countDocuments()).toBe(
        promptRows.filter(({ createdAt }) => createdAt >= at(365, 0)).length,
      );
    }),
    { numRuns: 15 },
  );
});

test("[RETAIN-1] what is kept for good stays, whatever its age", async () => {
  await collection("prompts").insertOne({ createdAt: new Date(0) });
  await service({ days: { ...days, prompts: null } }).run(signal);
  expect(await collection("prompts").countDocuments()).toBe(1);
});

test("[RETAIN-5] a run that is killed between batches is followed by one that deletes the rest", async () => {
  await collection("prompts").insertMany(Array.from({ length: 1_200 }, () => ({ createdAt: at(365, 1) })));
  await collection("prompts").insertOne({ createdAt: at(365, -1) });
  let batches = 0;
  const killed = {
    ...repository,
    deleteBefore: (...given: Parameters<RetentionRepository["deleteBefore"]>) => {
      if (given[0] === "prompts" && (batches += 1) > 1) throw new Error("killed");
      return repository.deleteBefore(...given);
    },
  };
  await expect(service({ repository: killed }).run(signal)).rejects.toThrow("killed");
  expect(await collection("prompts").countDocuments()).toBe(701);
  await service().run(signal);
  expect(await collection("prompts").countDocuments()).toBe(1);
});

test("[RETAIN-5] each day's run orders the next one before it begins, and a start orders today's", async () => {
  const { start, ordered, jobs } = service({
    repository: { ...repository, deleteBefore: () => Promise.reject(new Error("no store")) },
  });
  await start();
  const run = jobs[0]?.run({ day: "2026-06-01" }, { jobId: "j", attempt: 1, fence: 1, signal });
  await expect(run).rejects.toThrow("no store");
  expect(ordered).toEqual([
    { key: "2026-06-01", runAt: new Date("2026-06-01T00:00:00Z") },
    { key: "2026-06-02", runAt: new Date("2026-06-02T00:00:00Z") },
  ]);
});

const perMeeting = [
  "transcripts",
  "transcriptCorrections",
  "transcriptSegments",
  "messages",
  "prompts",
  "noteOps",
  "meetingNotes",
  "noteRevisions",
  "insights",
  "coachReviews",
];

/** A meeting of this many days ago with one document in each place, two notes documents, and commitments. */
async function plantMeeting(state: string, days: number): Promise<string> {
  const id = new mongoose.mongo.ObjectId();
  const ended = new Date(sweptAt.getTime() - days * dayMs);
  const hex = id.toHexString();
  const isOver = state === "concluded";
  await collection("meetings").insertOne({
    _id: id,
    state,
    orgId: null,
    endedAt: isOver ? ended : null,
    updatedAt: ended,
  });
  // What unique indexes ask for.
  const numbered = { sequence: 1, revision: 1, firstSequence: 1, userId: id, clientKey: hex };
  for (const name of perMeeting)
    await collection(name).insertOne({
      meetingId: id,
      documentId: `notes/${hex}/shared`,
      createdAt: ended,
      ...numbered,
    });
  await collection("noteSnapshots").insertOne({
    snapshotId: id,
    index: 0,
    documentId: `notes/${hex}/shared`,
  });
  for (const done of [true, false]) await collection("actionItems").insertOne({ meetingId: id, done });
  const rating = { _id: `${hex}/x` as unknown as mongoose.mongo.ObjectId, meetingId: hex };
  await collection("meetingRatings").insertOne(rating);
  await collection("embeddings").insertOne({
    _id: hex as unknown as mongoose.mongo.ObjectId,
    meetingId: hex,
    sourceType: "transcriptSegment",
    vector: new mongoose.mongo.Binary(new Uint8Array([1])),
    metadata: { textHash: "h" },
    updatedAt: ended,
  });
  const mail = { meetingId: id, kind: "recap", createdAt: ended };
  for (const status of ["kept", "queued"])
    await collection("outboxMails").insertOne({ ...mail, key: `${hex}/${status}`, status });
  return hex;
}

/** How many documents name the meeting, by place. */
async function leftOf(hex: string): Promise<Record<string, number>> {
  const id = new mongoose.mongo.ObjectId(hex);
  const counts: Record<string, number> = {};
  for (const name of [...perMeeting, "actionItems", "outboxMails"])
    counts[name] = await collection(name).countDocuments({ meetingId: id });
  counts["meetingRatings"] = await collection("meetingRatings").countDocuments({ meetingId: hex });
  counts["embeddings"] = await collection("embeddings").countDocuments({
    meetingId: hex,
    sourceType: "transcriptSegment",
  });
  counts["noteSnapshots"] = await collection("noteSnapshots").countDocuments({ snapshotId: id });
  return counts;
}

const whole = {
  ...Object.fromEntries(perMeeting.map((name) => [name, 1])),
  actionItems: 2,
  outboxMails: 2,
  meetingRatings: 1,
  embeddings: 1,
  noteSnapshots: 1,
};
/** The open commitment, and the email that still waits. */
const gone = {
  ...Object.fromEntries(Object.keys(whole).map((name) => [name, 0])),
  actionItems: 1,
  outboxMails: 1,
};

async function emptyMeetings(): Promise<void> {
  for (const name of ["meetings", "outboxMails", ...Object.keys(whole)])
    await collection(name).deleteMany({});
}

test("[RETAIN-13] [RETAIN-15] [RETAIN-16] of meetings that are over everything goes but open commitments; of those to come or running nothing does", async () => {
  await emptyMeetings();
  const over = sweptAfterDays + 1;
  const [old, cancelled] = [await plantMeeting("concluded", over), await plantMeeting("cancelled", over)];
  const stay = [
    await plantMeeting("concluded", sweptAfterDays - 1),
    await plantMeeting("cancelled", sweptAfterDays - 1),
    await plantMeeting("scheduled", 999),
    await plantMeeting("active", 999),
  ];
  const told = { deleted: () => undefined, overdue: () => undefined };
  const { deleted } = await sweepOn(store.connection)(signal, told);
  for (const id of [old, cancelled]) expect(await leftOf(id)).toEqual(gone);
  for (const id of stay) expect(await leftOf(id)).toEqual(whole);
  expect(deleted).toMatchObject({ transcript: 6, chat: 2, notes: 2, recaps: 6, ratings: 2 });
  expect(await collection("meetings").countDocuments()).toBe(6);
});

test.each([false, true])(
  "[RETAIN-13] processes let go of their journals' newest words before anything is deleted, and files are compacted afterwards; one that cannot holds up nothing else: %s",
  async (stuck) => {
    await emptyMeetings();
    await plantMeeting("concluded", sweptAfterDays + 1);
    const [told, sweep]: [string[], RetentionParts["sweep"]] = [[], sweepOn(store.connection)];
    const { run } = service({
      clock: new FakeClock(sweptAt),
      async leaveJournal() {
        told.push("journal");
        if (stuck) throw new Error("a stream cannot be filed");
      },
      compactStore: async () => void told.push("compacted"),
      async sweep(...args) {
        told.push("sweep");
        return await sweep(...args);
      },
    });
    if (stuck) await expect(run(signal)).rejects.toThrow("cannot be filed");
    else await run(signal);
    expect(told).toEqual(["journal", "sweep", "compacted"]);
  },
);

test(
  "[RETAIN-5] a process that is killed midway is followed by one that ends what is left, and nothing else goes",
  { timeout: 120_000 },
  async () => {
    await emptyMeetings();
    const over: string[] = [];
    for (let n = 0; n < 15; n += 1) over.push(await plantMeeting("concluded", sweptAfterDays + 1 + n));
    const young = await plantMeeting("concluded", 1);
    const program = join(import.meta.dirname, "..", "factories", "retention-sweep.ts");
    const child = spawn(process.execPath, [program, store.uri, store.connection.name], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = once(child, "close");
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      lines += line === "" ? 0 : 1;
      if (lines === 25) child.kill("SIGKILL");
    }
    expect((await closed)[1]).toBe("SIGKILL");
    const after = await Promise.all(over.map(leftOf));
    const isGone = (left: Record<string, number>) => JSON.stringify(left) === JSON.stringify(gone);
    expect(after.filter((left) => !isGone(left)).length).toBeGreaterThan(0);
    expect(after.filter((left) => left["transcripts"] === 0).length).toBeGreaterThan(0);
    const told = { deleted: () => undefined, overdue: () => undefined };
    await sweepOn(store.connection)(signal, told);
    for (const id of over) expect(await leftOf(id)).toEqual(gone);
    expect(await leftOf(young)).toEqual(whole);
  },
);

test("[RETAIN-6] how much was deleted, and by how much the oldest is over, is told", async () => {
  await collection("outboxMails").insertOne({ key: "a", status: "sent", createdAt: at(730, 5) });
  const { run, terms, metrics } = service();
  const nobody = { orgId: null };
  expect((await terms(nobody)).lastRunAt).toBeNull();
  await run(signal);
  expect((await terms(nobody)).lastRunAt).toBe(now.toISOString());
  const text = await metrics.registry.metrics();
  expect(text).toContain('connvo_retention_deleted_total{class="emails"} 1');
  expect(text).toContain('connvo_retention_overdue_seconds{class="emails"} 0');
  expect(
    await collection("retentionRuns").findOne({ _id: "emails" as unknown as mongoose.mongo.ObjectId }),
  ).toMatchObject({
    lastDeleted: 1,
    deletedInAll: 1,
  });
});

test("[RETAIN-4] of old audit entries address and program go, and the chain holds", async () => {
  const connection = store.connection.useDb(store.connection.name, { useCache: false });
  const clock = new FakeClock(at(90, 60_000));
  const parts = { connection, cipher: testCipher, clock, ids: systemIds, logger: silentLogger };
  const metrics = createMetrics({ processMetrics: false });
  const audit = await createAuditModule({ ...parts, metrics, heads: null });
  const actorUserId = systemIds.objectId() as UserId;
  const write = () =>
    audit.record({
      actorUserId,
      resourceType: "meeting",
      resourceId: "m",
      action: "meeting.create",
      outcome: "done",
      ipAddress: "192.0.2.1",
      userAgent: "Browser",
    });
  await write();
  clock.advance(120_000);
  await write();
  await audit.stop();
  clock.advance(now.getTime() - clock.now().getTime());
  await service({ clock }).run(signal);
  const found = [];
  const log = await createAuditRepository(
    store.connection.useDb(store.connection.name, { useCache: false }),
    testCipher,
  );
  for await (const entry of log.ofPerson(actorUserId)) found.push(entry);
  expect(found.map(({ ipAddress, userAgent }) => [ipAddress, userAgent])).toEqual([
    ["192.0.2.1", "Browser"],
    [null, null],
  ]);
  const reader = createChainReader();
  for await (const block of store.connection
    .getClient()
    .db(store.connection.name)
    .collection<BlockDocument>("auditBlocks")
    .find())
    reader.addBlock(toBlock(block));
  for (const entry of found) reader.addEntry(entry);
  expect(reader.verify([])).toMatchObject({ problem: null, entries: 2, erased: 1 });
});

test("[RETAIN-7] a recap whose email is gone is shown as before, and says that the email is gone", async () => {
  const house = await openCoaching(store);
  const [ann, ben] = [await house.actorOf("ann"), await house.actorOf("ben")];
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  await house.meetings.start(ann, id);
  await house.say(ann, id, [[ben, "I'll call the physiotherapist by Friday."]]);
  await house.meetings.end(ann, id);
  await house.insights.prepare(id);
  const before = await recapWhen(house, ben, id, delivered);
  await collection("outboxMails").deleteMany({});
  expect(await house.insights.recap(ben, id)).toEqual({ ...before, delivery: "removed" });
  await house.close();
});
