// The job queue on a real store: once each, taken over after a kill, fenced, given up, drained.
import { expect, test } from "vitest";
import { z } from "zod";
import { defineJob, type JobContext } from "../../server/jobs/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { AppError } from "../../shared/errors.ts";
import { countingJob, gate, jobsOnTestStore, within } from "../factories/jobs.ts";

const { worker, stored, collection } = jobsOnTestStore();

test("[JOBS-1] the same name and key are enqueued once, whatever has become of the first", async () => {
  const runs: number[] = [];
  const kind = countingJob(async (n) => void runs.push(n));
  const jobs = await worker([kind]);
  await Promise.all(Array.from({ length: 20 }, (_, n) => jobs.enqueue(kind, { n }, { key: "same" })));
  jobs.start();
  await expect.poll(() => stored("same"), within).toMatchObject({ state: "done" });
  await jobs.enqueue(kind, { n: 99 }, { key: "same" });
  await jobs.enqueue(kind, { n: 100 }, { key: "other" });
  await expect.poll(() => stored("other"), within).toMatchObject({ state: "done" });
  expect(runs).toHaveLength(2);
});

test("[JOBS-2] enqueueing wakes the worker at once, without a poll", async () => {
  const ran = gate();
  const kind = countingJob(async () => ran.open());
  const jobs = await worker([kind]);
  jobs.start();
  // The clock stands still, so no poll can come.
  await jobs.enqueue(kind, { n: 1 }, { key: "now" });
  await ran.opened;
});

test("[JOBS-2] a job for later runs when its time has come, not before", async () => {
  const ran: string[] = [];
  const clock = new FakeClock();
  const kind = countingJob(async (n) => void ran.push(String(n)));
  const jobs = await worker([kind], clock);
  await jobs.enqueue(kind, { n: 2 }, { key: "later", runAt: new Date(clock.now().getTime() + 60_000) });
  await jobs.enqueue(kind, { n: 1 }, { key: "now" });
  jobs.start();
  await expect.poll(() => stored("now"), within).toMatchObject({ state: "done" });
  expect(ran).toEqual(["1"]);
  clock.advance(60_000);
  await expect.poll(() => ran, within).toEqual(["1", "2"]);
});

test("[JOBS-3] two workers share the jobs: each runs once, never more at a time than allowed", async () => {
  const runs = new Map<number, number>();
  let active = 0;
  let most = 0;
  const kinds = ["test.a", "test.b"].map((name) =>
    countingJob(
      async (n) => {
        active += 1;
        most = Math.max(most, active);
        runs.set(n, (runs.get(n) ?? 0) + 1);
        await new Promise((resolve) => setImmediate(resolve));
        active -= 1;
      },
      { name },
    ),
  );
  const [first, second] = [await worker(kinds), await worker(kinds)];
  for (let n = 0; n < 60; n += 1) {
    const kind = kinds[n % 2];
    if (kind !== undefined) await first.enqueue(kind, { n }, { key: `${n}` });
  }
  first.start();
  second.start();
  await expect.poll(() => collection().countDocuments({ state: "done" }), within).toBe(60);
  expect([...runs.values()]).toEqual(Array.from({ length: 60 }, () => 1));
  expect(most).toBeLessThanOrEqual(8);
});

test("[JOBS-3] one kind of job leaves a slot to the others", async () => {
  const blocked = gate();
  let slow = 0;
  const slowKind = countingJob(
    async () => {
      slow += 1;
      await blocked.opened;
    },
    { name: "test.slow" },
  );
  const quick = gate();
  const quickKind = countingJob(async () => quick.open(), { name: "test.quick" });
  const jobs = await worker([slowKind, quickKind]);
  for (let n = 0; n < 6; n += 1) await jobs.enqueue(slowKind, { n }, { key: `${n}` });
  jobs.start();
  await expect.poll(() => slow, within).toBe(3);
  await jobs.enqueue(quickKind, { n: 1 }, { key: "quick" });
  await quick.opened;
  expect(slow).toBe(3);
  blocked.open();
});

test("[JOBS-4] a job whose process died is taken over after its lease, and the late end of the first run changes nothing", async () => {
  const first = gate();
  const contexts: JobContext[] = [];
  const clock = new FakeClock();
  // Its clock stands still: like a process that was killed, it never renews.
  const dying = await worker([
    countingJob(async (_n, context) => {
      contexts.push(context);
      await first.opened;
    }),
  ]);
  const second = gate();
  const kind = countingJob(async (_n, context) => {
    contexts.push(context);
    await second.opened;
  });
  const living = await worker([kind], clock);
  await dying.enqueue(kind, { n: 1 }, { key: "a" });
  dying.start();
  await expect.poll(() => contexts.length, within).toBe(1);
  living.start();
  clock.advance(29_000);
  await living.counts();
  expect(contexts).toHaveLength(1);
  clock.advance(2_000);
  await expect.poll(() => contexts.length, within).toBe(2);
  expect(contexts.map(({ attempt, fence }) => [attempt, fence])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  first.open();
  await dying.stop(1_000);
  expect(await stored("a")).toMatchObject({ state: "running" });
  second.open();
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "done", attempts: 2 });
});

test("[JOBS-9] a job that kills its process each time is given up without another run", async () => {
  const hang = gate();
  let runs = 0;
  const dead: string[] = [];
  const change = {
    maxAttempts: 1,
    onDead: async (_payload: { n: number }, code: string) => void dead.push(code),
  };
  const kind = countingJob(async () => {
    runs += 1;
    await hang.opened;
  }, change);
  const dying = await worker([kind]);
  await dying.enqueue(kind, { n: 1 }, { key: "a" });
  dying.start();
  await expect.poll(() => runs, within).toBe(1);
  const clock = new FakeClock();
  clock.advance(31_000);
  const living = await worker([kind], clock);
  living.start();
  await expect
    .poll(() => stored("a"), within)
    .toMatchObject({ state: "dead", error: { code: "LEASE_EXPIRED" } });
  expect([runs, dead]).toEqual([1, ["LEASE_EXPIRED"]]);
  hang.open();
});

test("[JOBS-8] a failing job is repeated after its backoff until it succeeds", async () => {
  const attempts: number[] = [];
  const clock = new FakeClock();
  const kind = countingJob(async (_n, { attempt }) => {
    attempts.push(attempt);
    if (attempt < 3) throw new Error("not yet");
  });
  const jobs = await worker([kind], clock);
  jobs.start();
  await jobs.enqueue(kind, { n: 1 }, { key: "a" });
  for (const tried of [1, 2]) {
    await expect.poll(() => stored("a"), within).toMatchObject({ state: "waiting", attempts: tried });
    clock.advance(9_000);
    await jobs.counts();
    expect(attempts).toHaveLength(tried);
    clock.advance(1_500);
  }
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "done", error: { code: "Error" } });
  expect(attempts).toEqual([1, 2, 3]);
});

test("[JOBS-9] a job without tries left is dead with a code, and nothing of the error's words is kept", async () => {
  const dead: unknown[] = [];
  const kind = countingJob(
    async () => {
      throw new AppError("VENDOR_ERROR", "what somebody said");
    },
    { maxAttempts: 1, onDead: async (given, code) => void dead.push(given, code) },
  );
  const jobs = await worker([kind]);
  jobs.start();
  await jobs.enqueue(kind, { n: 7 }, { key: "a" });
  await expect
    .poll(() => stored("a"), within)
    .toMatchObject({ state: "dead", error: { code: "VENDOR_ERROR" } });
  expect(JSON.stringify(await stored("a"))).not.toContain("somebody");
  expect(dead).toEqual([{ n: 7 }, "VENDOR_ERROR"]);
  expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 1 });
});

test("[JOBS-11] a dead or done job runs again when asked, with its tries counted anew", async () => {
  const attempts: number[] = [];
  let broken = true;
  const kind = countingJob(
    async (_n, { attempt }) => {
      attempts.push(attempt);
      if (broken) throw new Error("broken");
    },
    { maxAttempts: 1 },
  );
  const jobs = await worker([kind]);
  jobs.start();
  await jobs.enqueue(kind, { n: 1 }, { key: "a" });
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "dead" });
  broken = false;
  await jobs.requeue(kind.name, "a");
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "done", claims: 2 });
  await jobs.requeue(kind.name, "a");
  await expect.poll(() => attempts, within).toEqual([1, 1, 1]);
  await expect(jobs.requeue(kind.name, "never")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("[JOBS-16] a job that is asked for again while it runs is run once more, however often it was asked", async () => {
  const [first, again] = [gate(), gate()];
  let runs = 0;
  const kind = countingJob(async () => {
    runs += 1;
    if (runs > 1) return;
    again.open();
    await first.opened;
  });
  const clock = new FakeClock();
  const jobs = await worker([kind], clock);
  jobs.start();
  await jobs.rerun(kind, { n: 1 }, { key: "a" });
  await again.opened;
  const at = new Date(clock.now().getTime() + 5_000);
  for (let time = 0; time < 3; time += 1) await jobs.rerun(kind, { n: 1 }, { key: "a", runAt: at });
  first.open();
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "waiting", dueAt: at, attempts: 0 });
  // Now it waits: asked again, it stays where it is.
  await jobs.rerun(kind, { n: 1 }, { key: "a" });
  expect(await stored("a")).toMatchObject({ state: "waiting", dueAt: at });
  clock.advance(5_000);
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "done", claims: 2 });
  await jobs.rerun(kind, { n: 1 }, { key: "a" });
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "done", claims: 3 });
  expect(runs).toBe(3);
});

test("[JOBS-16] a last try that fails is no end for a job that was asked for again", async () => {
  const [began, goes] = [gate(), gate()];
  let runs = 0;
  const kind = countingJob(
    async () => {
      runs += 1;
      if (runs > 1) return;
      began.open();
      await goes.opened;
      throw new Error("broken");
    },
    { maxAttempts: 1 },
  );
  const jobs = await worker([kind]);
  jobs.start();
  await jobs.enqueue(kind, { n: 1 }, { key: "a" });
  await began.opened;
  await jobs.rerun(kind, { n: 1 }, { key: "a" });
  goes.open();
  await expect.poll(() => stored("a"), within).toMatchObject({ state: "done", claims: 2 });
});

test("[JOBS-12] a payload is checked when it is enqueued and again when it runs", async () => {
  let runs = 0;
  const kind = countingJob(async () => void (runs += 1));
  const jobs = await worker([kind]);
  await expect(jobs.enqueue(kind, { n: 1.5 }, { key: "a" })).rejects.toThrow();
  await expect(jobs.enqueue(kind, { n: 1 }, { key: "" })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  expect(await stored("a")).toBeNull();
  await jobs.enqueue(kind, { n: 1 }, { key: "b" });
  await collection().updateOne({ key: "b" }, { $set: { payload: '{"n":"one"}' } });
  jobs.start();
  await expect
    .poll(() => stored("b"), within)
    .toMatchObject({ state: "dead", error: { code: "PAYLOAD_INVALID" } });
  expect(runs).toBe(0);
});

test("[JOBS-12] a payload has a greatest size", async () => {
  const kind = defineJob({
    name: "test.text",
    payload: z.string(),
    maxAttempts: 1,
    leaseMs: 30_000,
    backoffMs: () => 0,
    run: async () => undefined,
  });
  const jobs = await worker([]);
  await expect(jobs.enqueue(kind, "x".repeat(65 * 1024), { key: "a" })).rejects.toMatchObject({
    code: "PAYLOAD_TOO_LARGE",
  });
});

test("[JOBS-13] a stop waits for what runs, and takes nothing new", async () => {
  const begun = gate();
  const finish = gate();
  const kind = countingJob(async () => {
    begun.open();
    await finish.opened;
  });
  const jobs = await worker([kind]);
  jobs.start();
  await jobs.enqueue(kind, { n: 1 }, { key: "a" });
  await begun.opened;
  const stopped = jobs.stop(60_000);
  await jobs.enqueue(kind, { n: 2 }, { key: "b" });
  finish.open();
  await stopped;
  expect(await stored("a")).toMatchObject({ state: "done" });
  expect(await stored("b")).toMatchObject({ state: "waiting", attempts: 0 });
});

test("[JOBS-13] what does not end in time is aborted and given back at once, without costing a try", async () => {
  const begun = gate();
  const kind = countingJob(async (_n, { signal }) => {
    begun.open();
    await new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(new Error("aborted"))),
    );
  });
  const jobs = await worker([kind]);
  jobs.start();
  await jobs.enqueue(kind, { n: 1 }, { key: "a" });
  await begun.opened;
  await jobs.stop(0);
  expect(await stored("a")).toMatchObject({ state: "waiting", attempts: 0, claims: 1, leaseToken: null });
  const attempts: number[] = [];
  const other = await worker([countingJob(async (_n, { attempt }) => void attempts.push(attempt))]);
  other.start();
  await expect.poll(() => attempts, within).toEqual([1]);
});

test("[JOBS-14] jobs that were done long ago are forgotten, dead ones are kept", async () => {
  const clock = new FakeClock();
  const kind = countingJob(
    async (n) => {
      if (n === 2) throw new Error("broken");
    },
    { maxAttempts: 1 },
  );
  const jobs = await worker([kind], clock);
  jobs.start();
  await jobs.enqueue(kind, { n: 1 }, { key: "done" });
  await jobs.enqueue(kind, { n: 2 }, { key: "dead" });
  await expect.poll(() => stored("done"), within).toMatchObject({ state: "done" });
  await expect.poll(() => stored("dead"), within).toMatchObject({ state: "dead" });
  clock.advance(2_000);
  // A whole quarter at once would be a poll for each of its seconds: another worker starts then instead.
  const later = new FakeClock(new Date(clock.now().getTime() + 91 * 24 * 60 * 60 * 1_000));
  (await worker([kind], later)).start();
  await expect.poll(() => stored("done"), within).toBeNull();
  expect(await stored("dead")).toMatchObject({ state: "dead" });
});
