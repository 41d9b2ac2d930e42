// A gentle kind of job leaves the machine to others between its runs.
import { expect, test } from "vitest";
import { FakeClock } from "../../server/platform/clock.ts";
import { countingJob, jobsOnTestStore, within } from "../factories/jobs.ts";

const { worker, stored } = jobsOnTestStore();

test("[JOBS-17] between two runs of a gentle kind the process rests, and other kinds go on", async () => {
  const ran: string[] = [];
  const clock = new FakeClock();
  const gentle = countingJob(
    async (n) => {
      clock.advance(6_000);
      ran.push(`gentle ${n}`);
    },
    { name: "test.gentle", atOnce: 1, shareMost: 0.25 },
  );
  const other = countingJob(async (n) => void ran.push(`other ${n}`), { name: "test.other" });
  const jobs = await worker([gentle, other], clock);
  await jobs.enqueue(gentle, { n: 1 }, { key: "1" });
  await jobs.enqueue(gentle, { n: 2 }, { key: "2" });
  jobs.start();
  await expect.poll(() => stored("1"), within).toMatchObject({ state: "done" });
  await jobs.enqueue(other, { n: 3 }, { key: "3" });
  await expect.poll(() => stored("3"), within).toMatchObject({ state: "done" });
  clock.advance(3_990);
  await jobs.enqueue(other, { n: 4 }, { key: "4" });
  await expect.poll(() => stored("4"), within).toMatchObject({ state: "done" });
  expect(ran).toEqual(["gentle 1", "other 3", "other 4"]);
  clock.advance(20);
  await expect.poll(() => stored("2"), within).toMatchObject({ state: "done" });
  expect(ran.at(-1)).toBe("gentle 2");
});

test("[JOBS-17] a few runs of a gentle kind follow one another at once", async () => {
  const ran: number[] = [];
  const clock = new FakeClock();
  const gentle = countingJob(
    async (n) => {
      clock.advance(1_000);
      ran.push(n);
    },
    { name: "test.gentle", atOnce: 1, shareMost: 0.25 },
  );
  const jobs = await worker([gentle], clock);
  for (const n of [1, 2, 3, 4]) await jobs.enqueue(gentle, { n }, { key: `few ${n}` });
  jobs.start();
  for (const n of [1, 2, 3, 4])
    await expect.poll(() => stored(`few ${n}`), within).toMatchObject({ state: "done" });
  expect(ran.toSorted()).toEqual([1, 2, 3, 4]);
});
