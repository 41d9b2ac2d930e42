import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import type { IdempotencyStore, KeyRecord } from "./idempotency.mongo.ts";
import { createIdempotency, type Answer } from "./idempotency.ts";

let clock: FakeClock;
let records: Map<string, KeyRecord>;
let runs: number;

// The store's contract in memory; the real one is exercised in tests/integration/http.test.ts.
function memoryStore(): IdempotencyStore {
  return {
    claim(id, { requestHash, lockedUntil }) {
      const known = records.get(id);
      if (known !== undefined) return Promise.resolve({ ...known });
      records.set(id, { requestHash, lockedUntil, answer: null });
      return Promise.resolve(null);
    },
    takeOver(id, was, lockedUntil) {
      const known = records.get(id);
      if (known?.answer !== null || known.lockedUntil.getTime() !== was.getTime())
        return Promise.resolve(false);
      known.lockedUntil = lockedUntil;
      return Promise.resolve(true);
    },
    finish(id, answer) {
      const known = records.get(id);
      if (known !== undefined) known.answer = answer;
      return Promise.resolve();
    },
    release: (id) => Promise.resolve(void records.delete(id)),
  };
}

const newProcess = () => createIdempotency({ store: memoryStore(), clock, logger: silentLogger });
const request = { key: "key-1", userId: "user-1", request: ["POST", "/api/v1/meetings", { title: "A" }] };
const run = (): Promise<Answer> => {
  runs += 1;
  return Promise.resolve({ status: 201, body: { id: runs } });
};

beforeEach(() => {
  clock = new FakeClock();
  records = new Map();
  runs = 0;
});

test("[IDEMPOTENCY-1] a repeated request runs once and is answered the same, by any process", async () => {
  const first = await newProcess().once(request, run);
  expect(await newProcess().once(request, run)).toEqual(first);
  expect(runs).toBe(1);
});

test("[IDEMPOTENCY-2] duplicates that come together share one run", async () => {
  const idempotency = newProcess();
  const answers = await Promise.all(Array.from({ length: 5 }, () => idempotency.once(request, run)));
  expect(runs).toBe(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test("[IDEMPOTENCY-3] a key used for another request is refused, also while the first runs", async () => {
  const idempotency = newProcess();
  const other = { ...request, request: ["POST", "/api/v1/meetings", { title: "B" }] };
  const first = idempotency.once(request, run);
  await expect(idempotency.once(other, run)).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
  await first;
  await expect(idempotency.once(other, run)).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
  expect(runs).toBe(1);
});

test("[IDEMPOTENCY-4] one person's key is nothing to another's", async () => {
  await newProcess().once(request, run);
  await newProcess().once({ ...request, userId: "user-2" }, run);
  expect(runs).toBe(2);
});

test("[IDEMPOTENCY-5] after an error the key may be used again", async () => {
  const idempotency = newProcess();
  await expect(idempotency.once(request, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await idempotency.once(request, run)).toMatchObject({ status: 201 });
});

test("[IDEMPOTENCY-7] an answer too large to keep is not given again, and what was done is not done again", async () => {
  const large = () => {
    runs += 1;
    return Promise.resolve({ status: 200, body: "x".repeat(100_000) });
  };
  await newProcess().once(request, large);
  clock.advance(120_000);
  await expect(newProcess().once(request, large)).rejects.toMatchObject({
    code: "CONFLICT",
    retryable: false,
  });
  expect(runs).toBe(1);
});

test("[IDEMPOTENCY-6] while another process runs it, a duplicate is told to come back; after a minute it takes over", async () => {
  let release: (answer: Answer) => void = () => undefined;
  const never = newProcess().once(request, () => new Promise((resolve) => (release = resolve)));
  const other = newProcess();
  await expect(other.once(request, run)).rejects.toMatchObject({ code: "CONFLICT", retryAfterSeconds: 1 });
  clock.advance(60_000);
  expect(await other.once(request, run)).toMatchObject({ status: 201 });
  release({ status: 201, body: null });
  await never;
});
