// The pure rules of a job's life, and the renewal of its lease on a clock moved by hand.
import { describe, expect, test } from "vitest";
import { AppError } from "../../shared/errors.ts";
import { FakeClock } from "../platform/clock.ts";
import { silentLogger } from "../platform/logger.ts";
import type { StoredJob } from "./job-store.mongo.ts";
import { JobInterrupted, keepLease } from "./lease-keeper.ts";
import { afterFailure, errorCodeOf, longestRunMs, renewalIntervalMs } from "./lease.ts";

const now = new Date("2026-01-05T09:00:00Z");
const leaseMs = 30_000;
const job: StoredJob = {
  id: "0".repeat(24),
  name: "test",
  key: "a",
  payload: "{}",
  attempts: 1,
  claims: 1,
  leaseToken: "token",
  trace: null,
};

describe("[JOBS-8] a failed run is repeated after its backoff until its tries are used up", () => {
  test("a try is left", () => {
    expect(afterFailure({ attempt: 2, maxAttempts: 3, backoffMs: (n) => n * 1_000, now })).toEqual({
      outcome: "retry",
      runAt: new Date("2026-01-05T09:00:02Z"),
    });
  });
  test("no try is left", () => {
    expect(afterFailure({ attempt: 3, maxAttempts: 3, backoffMs: () => 0, now })).toEqual({
      outcome: "dead",
    });
  });
  test.each([-5, Number.NaN, Number.POSITIVE_INFINITY, 1e12])(
    "a backoff of %s stays within a day",
    (wait) => {
      const next = afterFailure({ attempt: 1, maxAttempts: 2, backoffMs: () => wait, now });
      const delayMs = next.outcome === "retry" ? next.runAt.getTime() - now.getTime() : -1;
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(24 * 60 * 60 * 1_000);
    },
  );
});

test("[JOBS-10] only codes are kept of an error, never its message", () => {
  const coded = Object.assign(new Error("secret words"), { code: "ECONNREFUSED" });
  const oddlyCoded = Object.assign(new Error("secret words"), { code: "secret words" });
  expect(
    [new AppError("VENDOR_ERROR", "secret words"), coded, oddlyCoded, new TypeError("x"), "secret words"].map(
      errorCodeOf,
    ),
  ).toEqual(["VENDOR_ERROR", "ECONNREFUSED", "Error", "TypeError", "UNKNOWN"]);
});

function keeper(answers: (boolean | Error)[]) {
  const clock = new FakeClock(now);
  const abort = new AbortController();
  const renewals: Date[] = [];
  const lease = keepLease({
    job,
    abort,
    claimedLeaseMs: leaseMs,
    leaseMs,
    clock,
    logger: silentLogger,
    store: {
      async renew(_id, _token, until) {
        renewals.push(until);
        const answer = answers.shift() ?? true;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  });
  // One renewal needs a turn of the event loop before the next is scheduled.
  const advance = async (times: number) => {
    for (let turn = 0; turn < times; turn += 1) {
      clock.advance(renewalIntervalMs(leaseMs));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { lease, abort, renewals, advance };
}

test("[JOBS-5] a lease is renewed every third of its length while the run lives, and not after", async () => {
  const { lease, renewals, advance, abort } = keeper([]);
  await advance(3);
  expect(renewals.map((until) => until.getTime() - now.getTime())).toEqual([40_000, 50_000, 60_000]);
  lease.release();
  await advance(3);
  expect(renewals).toHaveLength(3);
  expect(abort.signal.aborted).toBe(false);
});

test("[JOBS-6] a run whose lease belongs to somebody else is aborted", async () => {
  const { lease, abort, advance } = keeper([true, false]);
  await advance(2);
  await expect(lease.interrupted).rejects.toEqual(new JobInterrupted("LEASE_LOST"));
  expect(abort.signal.aborted).toBe(true);
});

test("[JOBS-6] a store that is away for a moment costs no lease, one that stays away does", async () => {
  const away = new Error("away");
  const short = keeper([away, away, true]);
  await short.advance(3);
  expect(short.abort.signal.aborted).toBe(false);
  const long = keeper([away, away, away]);
  await long.advance(3);
  expect(long.abort.signal.reason).toEqual(new JobInterrupted("LEASE_LOST"));
});

test("[JOBS-7] a run that hangs is ended although its lease could be renewed", async () => {
  const { abort, advance } = keeper([]);
  await advance(longestRunMs(leaseMs) / renewalIntervalMs(leaseMs) - 1);
  expect(abort.signal.aborted).toBe(false);
  await advance(1);
  expect(abort.signal.reason).toEqual(new JobInterrupted("JOB_TIMEOUT"));
});
