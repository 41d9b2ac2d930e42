// Applications: statuses with their dates, the timeline, the funnel, and reminders that come once.
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../../../shared/actor.ts";
import type { OrgId, PostingId, UserId } from "../../../../shared/ids.ts";
import { applicationStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import type { JobDefinition } from "../../../jobs/index.ts";
import { countingIds } from "../../../platform/ids.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { createApplicationsModule, createReminders, type ApplicationsService } from "./index.ts";
import { memoryApplications } from "./testing-applications.ts";

const ann: Actor = {
  userId: "a".repeat(24) as UserId,
  email: "ann@example.org",
  displayName: "Ann",
  orgId: "org_1" as OrgId,
  orgRole: "member",
  sessionId: "s",
  expiresAt: new Date(8_640_000_000_000),
};
const ben: Actor = { ...ann, userId: "b".repeat(24) as UserId };
const postingId = "1".repeat(24) as PostingId;
const runId = "00000000-0000-4000-8000-000000000001";
const otherRunId = "00000000-0000-4000-8000-000000000002";
const due = "2026-03-05T09:00:00.000Z";

let now: Date;
let applications: ApplicationsService;
let jobs: Map<string, { payload: unknown; runAt: Date | undefined }>;
let mails: Map<string, { subject: string; text: string }>;
let run: (payload: unknown) => Promise<void>;

beforeEach(() => {
  now = new Date("2026-03-01T10:00:00Z");
  jobs = new Map();
  mails = new Map();
  const posting = { id: postingId, title: "Gardener", company: "Parks", location: null };
  const owned = (owner: { userId: UserId }) => (owner.userId === ann.userId ? posting : null);
  const postings = {
    record: (owner: { userId: UserId }, id: PostingId) =>
      Promise.resolve(id === postingId ? owned(owner) : null),
    all: (owner: { userId: UserId }) => Promise.resolve([owned(owner)].filter((one) => one !== null)),
  };
  const repository = memoryApplications();
  const clock = { now: () => now, monotonicMs: () => 0, schedule: () => () => {} };
  const { remindAt } = createReminders({
    repository,
    postings,
    clock,
    publicUrl: () => "http://localhost",
    users: {
      byIds: () => Promise.resolve([{ displayName: "Ann", email: "ann@example.org", deletedAt: null }]),
    },
    mail: {
      queue: (draft: { key: string; subject: string; text: string }) => {
        mails.set(draft.key, draft);
        return Promise.resolve(draft.key);
      },
    },
    jobs: {
      register: (definition: JobDefinition) => {
        run = (payload) => definition.run(definition.payload.parse(payload), {} as never);
      },
      rerun: (_job: unknown, payload: unknown, { key, runAt }: { key: string; runAt?: Date }) => {
        jobs.set(key, { payload, runAt });
        return Promise.resolve();
      },
    },
  } as never);
  applications = createApplicationsModule({
    repository,
    postings,
    runs: {
      find: ({ userId }, id) =>
        Promise.resolve(
          userId !== ann.userId ? null : id === runId ? { jobId: postingId } : { jobId: "9".repeat(24) },
        ),
    },
    remindAt,
    clock,
    ids: countingIds(),
    audit: { record: () => Promise.resolve() } as never,
    metrics: createMetrics({ processMetrics: false }),
  });
});

const added = async () => (await applications.add(ann, { postingId, status: "not_applied" })).application;

test("[CAREER-70] a posting has one application; only its owner finds it", async () => {
  const first = await added();
  expect(await applications.add(ann, { postingId, status: "applied" })).toMatchObject({
    existing: true,
    application: { id: first.id, status: "not_applied" },
  });
  await expect(applications.get(ben, first.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(applications.move(ben, first.id, { status: "offer" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(applications.add(ben, { postingId, status: "applied" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("[CAREER-71] a status sets its date the first time, from any other; the timeline tells of each change once", async () => {
  const { id } = await added();
  const at = new Date("2026-02-20T08:00:00Z").toISOString();
  expect(await applications.move(ann, id, { status: "applied", at })).toMatchObject({ appliedAt: at });
  await applications.move(ann, id, { status: "interviewing" });
  await applications.move(ann, id, { status: "interviewing" });
  const moved = await applications.move(ann, id, { status: "applied" });
  expect(moved).toMatchObject({ status: "applied", appliedAt: at, interviewScheduledAt: now.toISOString() });
  expect(moved.timeline.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ["created", null, "not_applied"],
    ["status", "not_applied", "applied"],
    ["status", "applied", "interviewing"],
    ["status", "interviewing", "applied"],
  ]);
  expect(await applications.change(ann, id, { appliedAt: null, notes: "Nice" })).toMatchObject({
    appliedAt: null,
    notes: "Nice",
  });
});

test("[CAREER-71] two changes at once are both kept", async () => {
  const { id } = await added();
  await Promise.all([
    applications.note(ann, id, "One"),
    applications.note(ann, id, "Two"),
    applications.move(ann, id, { status: "applied" }),
  ]);
  expect((await applications.get(ann, id)).timeline).toHaveLength(4);
});

test("[CAREER-72] the funnel counts how far each had come, also where it is over", async () => {
  const { id } = await added();
  for (const status of ["applied", "screening", "rejected"] as const)
    await applications.move(ann, id, { status });
  const { steps, byStatus } = await applications.funnel(ann);
  expect(steps.map(({ step, count }) => [step, count])).toEqual([
    ["tracked", 1],
    ["applied", 1],
    ["responded", 1],
    ["interviewed", 0],
    ["offered", 0],
    ["accepted", 0],
  ]);
  expect(byStatus.map(({ status }) => status)).toEqual(applicationStatusSchema.options);
  expect(byStatus.filter(({ count }) => count > 0)).toEqual([{ status: "rejected", count: 1 }]);
});

describe("[CAREER-73] a reminder", () => {
  test("comes at its time by one email, however often its job runs", async () => {
    const { id } = await added();
    await applications.change(ann, id, { nextAction: "Call the park", nextActionDue: due });
    await applications.change(ann, id, { notes: "Another change" });
    const [[key, job] = ["", undefined], ...others] = [...jobs];
    expect([key, job?.runAt, others]).toEqual([`${id}/${due}`, new Date(due), []]);
    for (let times = 0; times < 3; times += 1) await run(job?.payload);
    expect([...mails.values()].map(({ subject }) => subject)).toEqual(["Reminder: Call the park"]);
    const { timeline } = await applications.get(ann, id);
    expect(timeline.filter(({ kind }) => kind === "reminded")).toHaveLength(1);
  });

  test("comes where its time was set while it was over, and it is so no longer", async () => {
    const { id } = await added();
    await applications.move(ann, id, { status: "ghosted" });
    await applications.change(ann, id, { nextAction: "Call back", nextActionDue: due });
    expect([...jobs]).toEqual([]);
    await applications.move(ann, id, { status: "interviewing" });
    expect([...jobs.keys()]).toEqual([`${id}/${due}`]);
  });

  test.each([
    [
      "moved to another day",
      (id: never) => applications.change(ann, id, { nextActionDue: "2026-03-06T09:00:00.000Z" }),
    ],
    ["taken back", (id: never) => applications.change(ann, id, { nextActionDue: null })],
    ["over", (id: never) => applications.move(ann, id, { status: "rejected" })],
    ["deleted", (id: never) => applications.remove(ann, id)],
  ])("does not come where it is %s", async (_what, change) => {
    const { id } = await added();
    await applications.change(ann, id, { nextAction: "Call", nextActionDue: due });
    await change(id as never);
    await run({ applicationId: id, due });
    expect([...mails]).toEqual([]);
  });
});

test("[CAREER-74] a run that is gone leaves the application", async () => {
  const { id } = await added();
  await applications.change(ann, id, { runId });
  expect(await applications.get(ann, id)).toMatchObject({ runId });
  await applications.forgetRun(runId);
  expect(await applications.get(ann, id)).toMatchObject({ runId: null });
});

test("[CAREER-76] only a run of one's own for the same posting is named", async () => {
  const { id } = await added();
  await expect(applications.change(ann, id, { runId: otherRunId })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(
    applications.add(ann, { postingId, runId: otherRunId, status: "applied" }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await applications.get(ann, id)).toMatchObject({ runId: null });
});
