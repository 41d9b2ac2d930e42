// How often a person, an organisation or an address may do what, in fixed windows. The rules: SPEC.md, LIMITS.
import { createHash } from "node:crypto";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { createMemoryCounters, type Counted, type CounterStore } from "./rate-counters.ts";

export type Dimension = "person" | "organisation" | "address";

interface Limit {
  windowSeconds: number;
  /** The most in a window, for each of those it is counted by. */
  most: Partial<Record<Dimension, number>>;
  /** Counted in the document store: survives restarts and counts for all processes. Costs one write a request. */
  durable: boolean;
  /** What happens while nobody can count: it is refused, or counted in this process alone. */
  whenDown: "refuse" | "count-here";
}

const rare = { durable: true, whenDown: "refuse" } as const;
const frequent = { durable: false, whenDown: "count-here" } as const;

/**
 * What is rare and costs others something (sign-ins, emails, whole logs) is counted durably, and refused while it cannot
 * be counted. What is frequent is counted in Redis where several processes serve, else in memory, and stays open.
 * Organisations and addresses have far more than one person needs: many share them.
 */
export const rateLimits = {
  "sign-in": { windowSeconds: 600, most: { address: 200 }, ...rare },
  invite: { windowSeconds: 600, most: { person: 300, organisation: 3_000 }, ...rare },
  export: { windowSeconds: 3_600, most: { person: 30, organisation: 100 }, ...rare },
  upload: { windowSeconds: 600, most: { person: 200, organisation: 10_000 }, ...frequent },
  /** Each asks a service that may cost something; who talks without end sends one every 1.5 seconds. */
  speech: { windowSeconds: 60, most: { person: 90, organisation: 9_000 }, ...frequent },
  /** Each is read by a thread of its own. */
  "resume-import": { windowSeconds: 600, most: { person: 30, organisation: 1_000 }, ...frequent },
  /** Each of them reads everything of a person. */
  "own-export": { windowSeconds: 86_400, most: { person: 3 }, ...rare },
  /** Each looks through everything that was said in a person's calls, and may ask a model. */
  question: { windowSeconds: 600, most: { person: 60, organisation: 3_000 }, ...frequent },
  /** Each may have a page fetched, or a model asked. */
  posting: { windowSeconds: 600, most: { person: 60, organisation: 3_000 }, ...frequent },
  /** Each compares every two people of a group, or goes through all outcomes of an organisation. */
  pairing: { windowSeconds: 600, most: { person: 120, organisation: 600 }, ...frequent },
  /** Each is some seconds of work, and may ask models. */
  "career-run": { windowSeconds: 600, most: { person: 300, organisation: 6_000 }, ...frequent },
  ingest: { windowSeconds: 60, most: { person: 6_000, organisation: 120_000 }, ...frequent },
  /** Edits, deletions and reactions in chats, from sockets and by HTTP together. */
  "chat-change": { windowSeconds: 60, most: { person: 120 }, ...frequent },
  /** Each looks for what a secret address names; calendar programs ask every few minutes. */
  "calendar-feed": { windowSeconds: 60, most: { address: 600 }, ...frequent },
  /** Each looks for what a secret address names. */
  "public-resume": { windowSeconds: 60, most: { address: 120 }, ...frequent },
  /** Each has this server read an address of somebody's choice. */
  "calendar-source": { windowSeconds: 3_600, most: { person: 20, organisation: 500 }, ...rare },
  /** Before its signature is checked. */
  webhook: { windowSeconds: 60, most: { address: 6_000 }, ...frequent },
  write: { windowSeconds: 60, most: { person: 1_200, organisation: 60_000, address: 30_000 }, ...frequent },
  read: { windowSeconds: 60, most: { person: 3_000, organisation: 150_000, address: 60_000 }, ...frequent },
  /** Sockets and note streams that are opened. */
  connect: { windowSeconds: 60, most: { person: 300, address: 6_000 }, ...frequent },
  /** What sockets send, over all of a person's sockets; told in sums, every other second. */
  "socket-events": { windowSeconds: 60, most: { person: 30_000 }, ...frequent },
} as const satisfies Record<string, Limit>;
export type RateLimitName = keyof typeof rateLimits;

const limitOfEndpoint: Record<string, RateLimitName> = {
  createMeeting: "invite",
  planSeries: "invite",
  inviteParticipant: "invite",
  retryRecap: "invite",
  putPhoto: "upload",
  uploadAttachment: "upload",
  sendSpeech: "speech",
  importResume: "resume-import",
  askQuestion: "question",
  startCareerRun: "career-run",
  retryCareerRun: "career-run",
  changeCareerRunSelection: "career-run",
  addPosting: "posting",
  uploadPosting: "posting",
  makePostingRubric: "posting",
  adminPairingRound: "pairing",
  publishPairingRound: "pairing",
  learnMatchingWeights: "pairing",
  bookTime: "invite",
  calendarFeed: "calendar-feed",
  publicResume: "public-resume",
  setBusyFrom: "calendar-source",
  appendTranscript: "ingest",
  sendMessage: "ingest",
  changeMessage: "chat-change",
  requestExport: "own-export",
  downloadExport: "export",
  adminAuditCsv: "export",
  adminAuditNdjson: "export",
};

/** Who asks; who is not signed in has an address alone. */
export interface Caller {
  actor: Pick<Actor, "userId" | "orgId"> | null;
  address: string;
}

export interface RateLimiter {
  /**
   * Counts a request. Throws RATE_LIMITED with the seconds until the window ends, UNAVAILABLE where it cannot be counted
   * and the limit says so.
   */
  check(request: { endpoint: string; method: string } & Caller): Promise<void>;
  checkNamed(name: RateLimitName, caller: Caller | string): Promise<void>;
  /** Counts what has happened already; the seconds until the window ends where it was too much, else null. */
  countDone(name: RateLimitName, caller: Caller, amount: number): Promise<number | null>;
}

export const noRateLimits: RateLimiter = {
  check: () => Promise.resolve(),
  checkNamed: () => Promise.resolve(),
  countDone: () => Promise.resolve(null),
};

export interface RateLimiterParts {
  durable: CounterStore;
  /** Redis, where several processes serve; null counts in memory. */
  shared: CounterStore | null;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export function createRateLimiter(parts: RateLimiterParts): RateLimiter {
  const { durable, shared, clock, logger, metrics } = parts;
  const memory = createMemoryCounters(clock);
  // Names of limits and dimensions alone: whom it met is nobody's business but theirs.
  const checks = metrics.counter("rate_limit_checks_total", "Rate limits by outcome", [
    "limit",
    "by",
    "outcome",
  ]);

  /** Null where a limit asks to be refused while nobody can count. */
  async function add(name: RateLimitName, limit: Limit, counts: Counted[]): Promise<number[] | null> {
    const store = limit.durable ? durable : shared;
    if (store === null) return await memory.add(counts);
    try {
      return await store.add(counts);
    } catch (error) {
      checks.inc({
        limit: name,
        by: "",
        outcome: limit.whenDown === "refuse" ? "down-refused" : "down-counted-here",
      });
      logger.warn({ limit: name, error: error as Error }, "a rate limit could not be counted");
      return limit.whenDown === "refuse" ? null : await memory.add(counts);
    }
  }

  /** The seconds until the window ends where that is too much, 0 where it is not, null where nobody can say. */
  async function count(name: RateLimitName, caller: Caller, amount: number): Promise<number | null> {
    const limit: Limit = rateLimits[name];
    const subjects = subjectsOf(limit, caller);
    if (subjects.length === 0) return 0;
    const nowMs = clock.now().getTime();
    const windowMs = limit.windowSeconds * 1000;
    const window = Math.floor(nowMs / windowMs);
    const endsAtMs = (window + 1) * windowMs;
    const counts = subjects.map(({ by, subject }) => ({
      id: `${name}:${window}:${by}:${hashed(subject)}`,
      amount,
      endsAtMs,
    }));
    const used = await add(name, limit, counts);
    if (used === null) return null;
    const over = subjects.find(({ by }, index) => (used[index] ?? 0) > (limit.most[by] ?? Infinity));
    checks.inc({ limit: name, by: over?.by ?? "", outcome: over === undefined ? "allowed" : "refused" });
    return over === undefined ? 0 : Math.ceil((endsAtMs - nowMs) / 1000);
  }

  async function checkNamed(name: RateLimitName, given: Caller | string): Promise<void> {
    const caller = typeof given === "string" ? { actor: null, address: given } : given;
    const seconds = await count(name, caller, 1);
    if (seconds === null) {
      throw new AppError("UNAVAILABLE", "This is not possible at the moment. Please try again shortly.", {
        retryAfterSeconds: 5,
      });
    }
    if (seconds > 0) throw tooOften(seconds);
  }

  return {
    checkNamed,
    check: ({ endpoint, method, ...caller }) =>
      checkNamed(limitOfEndpoint[endpoint] ?? (method === "GET" ? "read" : "write"), caller),
    async countDone(name, caller, amount) {
      const seconds = await count(name, caller, amount);
      return seconds === 0 ? null : seconds;
    },
  };
}

export function tooOften(retryAfterSeconds: number): AppError {
  const wait = waitOf(retryAfterSeconds);
  return new AppError("RATE_LIMITED", `That was too often. Please try again in ${wait}.`, {
    retryAfterSeconds,
  });
}

function waitOf(seconds: number): string {
  if (seconds <= 90) return `${seconds} seconds`;
  return seconds <= 90 * 60 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3_600)} hours`;
}

function subjectsOf({ most }: Limit, { actor, address }: Caller): { by: Dimension; subject: string }[] {
  const known: Record<Dimension, string | null> = {
    person: actor?.userId ?? null,
    organisation: actor?.orgId ?? null,
    address,
  };
  return (Object.keys(most) as Dimension[]).flatMap((by) => {
    const subject = known[by];
    return subject === null ? [] : [{ by, subject }];
  });
}

// Hashed: addresses are personal data, and a counter needs only to tell them apart.
function hashed(subject: string): string {
  return createHash("sha256").update(subject).digest("base64url").slice(0, 22);
}
