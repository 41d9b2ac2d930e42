// How often a person or an address may do what, in fixed windows.
import { createHash } from "node:crypto";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { RateLimitStore } from "./rate-limits.mongo.ts";

interface Limit {
  windowSeconds: number;
  max: number;
  /** Counted in the store: survives restarts and counts for all processes. Costs one write a request. */
  durable: boolean;
}

/** What is rare and costs others something (sign-ins, emails) is counted durably, what is frequent in memory. */
export const rateLimits = {
  "sign-in": { windowSeconds: 600, max: 200, durable: true },
  invite: { windowSeconds: 600, max: 300, durable: true },
  ingest: { windowSeconds: 60, max: 6_000, durable: false },
  /** Of one address, before its signature is checked. */
  webhook: { windowSeconds: 60, max: 6_000, durable: false },
  write: { windowSeconds: 60, max: 1_200, durable: false },
  read: { windowSeconds: 60, max: 3_000, durable: false },
} as const satisfies Record<string, Limit>;
export type RateLimitName = keyof typeof rateLimits;

const limitOfEndpoint: Record<string, RateLimitName> = {
  createMeeting: "invite",
  inviteParticipant: "invite",
  retryRecap: "invite",
  appendTranscript: "ingest",
  sendMessage: "ingest",
};

const maxCounters = 50_000;

export interface RateLimiter {
  /** Throws RATE_LIMITED with the seconds until the window ends. `subject` is a person's id or an address. */
  check(request: { endpoint: string; method: string; subject: string }): Promise<void>;
  checkNamed(name: RateLimitName, subject: string): Promise<void>;
}

export const noRateLimits: RateLimiter = {
  check: () => Promise.resolve(),
  checkNamed: () => Promise.resolve(),
};

export function createRateLimiter(options: { store: RateLimitStore; clock: Clock }): RateLimiter {
  const { store, clock } = options;
  const counters = new Map<string, { count: number; endsAtMs: number }>();

  function count(id: string, endsAtMs: number, nowMs: number): number {
    const known = counters.get(id);
    if (known !== undefined) return (known.count += 1);
    if (counters.size >= maxCounters) forget(nowMs);
    counters.set(id, { count: 1, endsAtMs });
    return 1;
  }

  function forget(nowMs: number): void {
    for (const [id, counter] of counters) if (counter.endsAtMs <= nowMs) counters.delete(id);
    // Still full: so many callers at once are better served anew than refused.
    if (counters.size >= maxCounters) counters.clear();
  }

  async function checkNamed(name: RateLimitName, subject: string): Promise<void> {
    const limit: Limit = rateLimits[name];
    const nowMs = clock.now().getTime();
    const windowMs = limit.windowSeconds * 1000;
    const window = Math.floor(nowMs / windowMs);
    const endsAtMs = (window + 1) * windowMs;
    // Hashed: addresses are personal data, and a counter needs only to tell them apart.
    const id = `${name}:${window}:${createHash("sha256").update(subject).digest("base64url").slice(0, 22)}`;
    const used = limit.durable ? await store.increment(id, new Date(endsAtMs)) : count(id, endsAtMs, nowMs);
    if (used <= limit.max) return;
    const retryAfterSeconds = Math.ceil((endsAtMs - nowMs) / 1000);
    throw new AppError(
      "RATE_LIMITED",
      `That was too often. Please try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  }

  return {
    checkNamed,
    check: ({ endpoint, method, subject }) =>
      checkNamed(limitOfEndpoint[endpoint] ?? (method === "GET" ? "read" : "write"), subject),
  };
}
