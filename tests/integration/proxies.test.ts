// Whose word counts for where a request comes from, told by the limit on sign-ins from one address.
import { afterAll, beforeAll, expect, test } from "vitest";
import { rateLimits } from "../../server/transport/http/rate-limits.ts";
import { MovableClock } from "../factories/clock.ts";
import { openHttpWorld } from "../factories/http-app.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const max = rateLimits["sign-in"].most.address;

/** Tries one sign-in after another, each with its X-Forwarded-For, at a server that trusts these; the statuses. */
async function signIns(trustedProxies: string[], forwardedFor: string[]): Promise<number[]> {
  // Stopped, so that no new window begins while the test runs.
  const options = { rateLimits: true, clock: new MovableClock().stop(), trustedProxies };
  const world = await openHttpWorld(store, options);
  try {
    const statuses: number[] = [];
    for (const header of forwardedFor) {
      const headers = { "x-forwarded-for": header };
      const answer = await fetch(`${world.url}/auth/sign-in`, { redirect: "manual", headers });
      await answer.body?.cancel();
      statuses.push(answer.status);
    }
    return statuses;
  } finally {
    await world.close();
  }
}

const times = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => of(i));

test("[HTTP-26] behind a trusted proxy people are told apart by the address it appended, whatever they claim before it", async () => {
  const claimed = times(max + 1, (index) => `198.51.100.${index % 250}, 203.0.113.9`);
  const statuses = await signIns(["loopback"], [...claimed, "203.0.113.10", "198.51.100.1"]);
  expect(statuses.slice(0, max).every((status) => status === 302)).toBe(true);
  expect(statuses.slice(max)).toEqual([429, 302, 302]);
});

test("[HTTP-26] a chain of trusted proxies is followed to the first that is not trusted", async () => {
  const chain = times(max + 1, (index) => `192.0.2.${index % 250}, 203.0.113.20, 10.1.2.3, fd00::7`);
  const statuses = await signIns(["loopback", "uniquelocal"], [...chain, "203.0.113.21, 10.1.2.3"]);
  expect(statuses.slice(max)).toEqual([429, 302]);
});

test("[HTTP-26] a peer that is not trusted is judged by its own address, whatever it claims", async () => {
  const claimed = times(max + 1, (index) => `198.51.100.${index % 250}`);
  const statuses = await signIns(["10.9.8.7", "uniquelocal"], [...claimed, "203.0.113.30", "garbage", ""]);
  expect(statuses.slice(0, max).every((status) => status === 302)).toBe(true);
  expect(statuses.slice(max)).toEqual([429, 429, 429, 429]);
});
