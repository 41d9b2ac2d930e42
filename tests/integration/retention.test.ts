// Retention on a real store, with a clock by hand: what is over goes, what is not stays, and the audit log's chain holds.
import fc from "fast-check";
import type mongoose from "mongoose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JobDefinition } from "../../server/jobs/index.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import {
  createAuditRepository,
  toBlock,
  type BlockDocument,
} from "../../server/modules/audit/audit.repository.mongo.ts";
import { createChainReader } from "../../server/modules/audit/audit.verify.ts";
import type { RetentionDays } from "../../server/modules/retention/index.ts";
import {
  createRetentionRepository,
  type RetentionRepository,
} from "../../server/modules/retention/retention.repository.mongo.ts";
import { createRetentionService } from "../../server/modules/retention/retention.service.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import type { UserId } from "../../shared/ids.ts";
import { testCipher } from "../factories/cipher.ts";
import { openCoaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const now = new Date("2026-06-01T12:00:00Z");
const days: RetentionDays = { emails: 730, prompts: 365, auditOrigins: 90 };
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

function service(
  options: { repository?: RetentionRepository; days?: RetentionDays; clock?: FakeClock } = {},
) {
  const ordered: { key: string; runAt: Date | undefined }[] = [];
  const jobs: JobDefinition[] = [];
  const metrics = createMetrics({ processMetrics: false });
  return {
    ordered,
    jobs,
    metrics,
    ...createRetentionService({
      repository: options.repository ?? repository,
      days: options.days ?? days,
      jobs: {
        register: (job) => void jobs.push(job as unknown as JobDefinition),
        enqueue: (_job, _payload, { key, runAt }) => Promise.resolve(void ordered.push({ key, runAt })),
      },
      clock: options.clock ?? new FakeClock(now),
      metrics,
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

test("[RETAIN-6] how much was deleted, and by how much the oldest is over, is told", async () => {
  await collection("outboxMails").insertOne({ key: "a", status: "sent", createdAt: at(730, 5) });
  const { run, terms, metrics } = service();
  expect((await terms()).lastRunAt).toBeNull();
  await run(signal);
  expect((await terms()).lastRunAt).toBe(now.toISOString());
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
