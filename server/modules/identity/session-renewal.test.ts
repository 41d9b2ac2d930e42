import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/clock.ts";
import type { RefreshOutcome, SealedCheck, VendorSession } from "../../vendors/identity/index.ts";
import { createSessionRenewal, type SessionRenewal } from "./session-renewal.ts";
import type { SessionsRepository, StoredSession } from "./sessions.repository.mongo.ts";

const sessionId = "session_1";
const session: VendorSession = {
  person: { id: "user_1", email: "anna@example.org", firstName: null, lastName: null },
  sessionId,
  orgId: null,
  role: null,
  impersonator: null,
  issuedAt: new Date("2026-01-05T09:55:00Z"),
  expiresAt: new Date("2026-01-05T09:05:00Z"),
};

let stored: StoredSession | null;
let claimedUntil: Date | null;
let clock: FakeClock;
let refreshes: string[];
let outcome: RefreshOutcome;
let checks: Record<string, SealedCheck>;
let renewal: SessionRenewal;
/** In another process on the same store. */
let elsewhere: SessionRenewal;

beforeEach(() => {
  stored = null;
  claimedUntil = null;
  clock = new FakeClock();
  refreshes = [];
  outcome = { outcome: "refreshed", sealed: "v2", session };
  checks = {};
  const repository: SessionsRepository = {
    find: () => Promise.resolve(stored),
    livingOf: () => Promise.resolve([]),
    keep(_id, sealed) {
      stored = { sealed, endedAt: null };
      claimedUntil = null;
      return Promise.resolve();
    },
    claim(_id, now, until) {
      if ((claimedUntil !== null && claimedUntil > now) || (stored !== null && stored.endedAt !== null)) {
        return Promise.resolve(null);
      }
      claimedUntil = until;
      return Promise.resolve(stored ?? { sealed: null, endedAt: null });
    },
    release(_id, until) {
      if (claimedUntil?.getTime() === until.getTime()) claimedUntil = null;
      return Promise.resolve();
    },
    end: (_id, now) => Promise.resolve(void (stored = { sealed: null, endedAt: now })),
    endedSince: () => Promise.resolve([]),
  };
  const make = () =>
    createSessionRenewal({
      repository,
      clock,
      vendor: {
        check: (sealed) => Promise.resolve(checks[sealed] ?? { outcome: "stale", sessionId }),
        refresh: (sealed) => Promise.resolve((refreshes.push(sealed), outcome)),
      },
    });
  renewal = make();
  elsewhere = make();
});

test("[SESSION-8] twenty requests with one expired session make one refresh and share its outcome", async () => {
  const renewed = await Promise.all(Array.from({ length: 20 }, () => renewal.renew(sessionId, "v1")));
  expect(refreshes).toEqual(["v1"]);
  expect(new Set(renewed.map((one) => one.sealed))).toEqual(new Set(["v2"]));
});

test("[SESSION-9] a cookie that was already traded in gets what it was traded for", async () => {
  stored = { sealed: "v2", endedAt: null };
  checks["v2"] = { outcome: "valid", session };
  expect(await renewal.renew(sessionId, "v1")).toEqual({ sealed: "v2", session });
  expect(refreshes).toEqual([]);
});

test("[SESSION-10] where the newest form has run out too, that one is refreshed", async () => {
  stored = { sealed: "v2", endedAt: null };
  outcome = { outcome: "refreshed", sealed: "v3", session };
  expect((await renewal.renew(sessionId, "v1")).sealed).toBe("v3");
  expect(refreshes).toEqual(["v2"]);
  expect(stored.sealed).toBe("v3");
});

test("[SESSION-11] a newest form that can no longer be opened does not stand in the way", async () => {
  stored = { sealed: "sealed with an old password", endedAt: null };
  checks["sealed with an old password"] = { outcome: "malformed" };
  expect((await renewal.renew(sessionId, "v1")).sealed).toBe("v2");
});

test("[SESSION-12] a session that has ended is not refreshed", async () => {
  stored = { sealed: null, endedAt: new Date() };
  await expect(renewal.renew(sessionId, "v1")).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
  expect(refreshes).toEqual([]);
});

test("[SESSION-13] a refusal ends it, trouble at the vendor does not, and neither is remembered", async () => {
  outcome = { outcome: "over" };
  await expect(renewal.renew(sessionId, "v1")).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
  outcome = { outcome: "unavailable", retryAfterSeconds: 7 };
  await expect(renewal.renew(sessionId, "v1")).rejects.toMatchObject({
    code: "VENDOR_ERROR",
    retryAfterSeconds: 7,
  });
  outcome = { outcome: "refreshed", sealed: "v2", session };
  expect((await renewal.renew(sessionId, "v1")).sealed).toBe("v2");
});

/** What waits on the clock goes on between two moments of it. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("[SESSION-14] of several processes one refreshes, and the others wait for what it brings", async () => {
  checks["v2"] = { outcome: "valid", session };
  const renewed = Promise.all([renewal.renew(sessionId, "v1"), elsewhere.renew(sessionId, "v1")]);
  await pass(100);
  expect((await renewed).map(({ sealed }) => sealed)).toEqual(["v2", "v2"]);
  expect(refreshes).toEqual(["v1"]);
  expect(claimedUntil).toBe(null);
});

test("[SESSION-15] a process that died while it refreshed is waited for no longer than its claim", async () => {
  claimedUntil = new Date(clock.now().getTime() + 10_000);
  const renewed = renewal.renew(sessionId, "v1");
  await pass(9_000);
  expect(refreshes).toEqual([]);
  await pass(2_000);
  expect((await renewed).sealed).toBe("v2");
});
