import { expect, test } from "vitest";
import type { UserId } from "../../../shared/ids.ts";
import { FakeClock } from "../../platform/clock.ts";
import type { VendorSession } from "../../vendors/identity/index.ts";
import { createPeopleCache, type Known } from "./people-cache.ts";

const sessionOf = (firstName: string): VendorSession => ({
  person: { id: "user_1", email: "anna@example.org", firstName, lastName: null },
  sessionId: "session_1",
  orgId: null,
  role: null,
  impersonator: null,
  issuedAt: new Date("2026-01-05T09:55:00Z"),
  expiresAt: new Date("2026-01-05T10:00:00Z"),
});

function setUp() {
  const clock = new FakeClock();
  let loads = 0;
  let failing = false;
  const cache = createPeopleCache({
    clock,
    load(session): Promise<Known> {
      loads += 1;
      if (failing) return Promise.reject(new Error("store away"));
      const user = {
        id: "a".repeat(24) as UserId,
        email: session.person.email,
        displayName: session.person.firstName ?? "",
        photo: null,
        workosUserId: session.person.id,
        orgId: null,
        orgRole: "member",
        timeZone: null,
        language: null,
        deletedAt: null,
        erasedAt: null,
      };
      return Promise.resolve({ user, role: "member" });
    },
  });
  return { clock, cache, loads: () => loads, fail: (now: boolean) => (failing = now) };
}

test("[SESSION-20] a person is looked up once for requests that come together, and again after 15 seconds", async () => {
  const { clock, cache, loads } = setUp();
  await Promise.all([cache.of(sessionOf("Anna")), cache.of(sessionOf("Anna"))]);
  expect(loads()).toBe(1);
  clock.advance(15_000);
  await cache.of(sessionOf("Anna"));
  expect(loads()).toBe(2);
});

test("[SESSION-21] what the vendor says anew is looked at anew", async () => {
  const { cache, loads } = setUp();
  expect((await cache.of(sessionOf("Anna"))).user.displayName).toBe("Anna");
  expect((await cache.of(sessionOf("Annabell"))).user.displayName).toBe("Annabell");
  expect(loads()).toBe(2);
});

test("[SESSION-22] a failed lookup is not remembered", async () => {
  const { cache, fail } = setUp();
  fail(true);
  await expect(cache.of(sessionOf("Anna"))).rejects.toThrow("store away");
  fail(false);
  expect((await cache.of(sessionOf("Anna"))).user.displayName).toBe("Anna");
});
