import { expect, test } from "vitest";
import { FakeClock } from "../../platform/clock.ts";
import { createRateLimiter, rateLimits } from "./rate-limits.ts";

function setUp() {
  const clock = new FakeClock();
  const writes: string[] = [];
  const counts = new Map<string, number>();
  const limiter = createRateLimiter({
    clock,
    store: {
      increment(id) {
        writes.push(id);
        counts.set(id, (counts.get(id) ?? 0) + 1);
        return Promise.resolve(counts.get(id) ?? 0);
      },
    },
  });
  return { clock, limiter, writes };
}

const transcript = { endpoint: "appendTranscript", method: "POST", subject: "anna" };

test("[LIMITS-1] more than a window allows is refused with the seconds until it ends; then it is allowed again", async () => {
  const { clock, limiter } = setUp();
  const write = { endpoint: "updateMe", method: "PATCH", subject: "anna" };
  clock.advance(20_000);
  for (let count = 0; count < rateLimits.write.max; count += 1) await limiter.check(write);
  await expect(limiter.check(write)).rejects.toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 40 });
  await limiter.check({ ...write, subject: "ben" });
  await limiter.check({ ...write, method: "GET" });
  clock.advance(40_000);
  await limiter.check(write);
});

test("[LIMITS-2] what is frequent costs no write to the store", async () => {
  const { limiter, writes } = setUp();
  for (let count = 0; count < 100; count += 1) await limiter.check(transcript);
  expect(writes).toEqual([]);
});

test("[LIMITS-3] sign-ins and invitations are counted in the store, without naming who it was", async () => {
  const { limiter, writes } = setUp();
  await limiter.checkNamed("sign-in", "203.0.113.7");
  await limiter.check({ endpoint: "inviteParticipant", method: "POST", subject: "anna" });
  expect(writes).toHaveLength(2);
  expect(writes.join()).not.toMatch(/203\.0\.113\.7|anna/);
});
