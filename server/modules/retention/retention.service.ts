// What is over its term is deleted: once a day, by whichever process takes the job, in batches.
import { z } from "zod";
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, OrgId } from "../../../shared/ids.ts";
import {
  retentionKinds,
  type ChangeRetention,
  type MeetingRetention,
  type ProposedTerms,
  type RetentionKind,
  type RetentionPolicy,
  type RetentionPreview,
  type RetentionTerms,
} from "../../../shared/schemas/retention.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { CareerArea } from "../career/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import { retentionClasses, termsOf, type RetentionClass, type RetentionDays } from "./retention.classes.ts";
import type { RetainedMeetings } from "./retention.meetings.mongo.ts";
import type { RetentionPolicies } from "./retention.policies.ts";
import { previewOf } from "./retention.preview.ts";
import type { RetentionRepository } from "./retention.repository.mongo.ts";
import type { Sweep } from "./retention.sweep.ts";
import { overBefore } from "./retention.terms.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const batchMost = 500;
/** So long what somebody deleted of their career can be had back. */
const deletedCareerDays = 30;

export interface RetentionService {
  terms(actor: Pick<Actor, "orgId">): Promise<RetentionTerms>;
  /** Throws NOT_FOUND or FORBIDDEN as the meetings' policy says. */
  ofMeeting(actor: Actor, meetingId: MeetingId): Promise<MeetingRetention>;
  /** These three throw FORBIDDEN where the actor administers no organisation. */
  policy(actor: Actor): Promise<RetentionPolicy>;
  /** Throws VALIDATION_ERROR beyond the installation's term. */
  preview(actor: Actor, terms: ProposedTerms): Promise<RetentionPreview>;
  /** Throws CONFLICT where somebody else was first, VALIDATION_ERROR as above or without the phrase. */
  change(actor: Actor, change: ChangeRetention): Promise<RetentionPolicy>;
  /** Deletes all that is over now. May be repeated, and by several at once. */
  run(signal: AbortSignal): Promise<void>;
  /** Today's run is ordered, if it was not before; each run orders the next day's. */
  start(): Promise<void>;
}

export interface RetentionParts {
  repository: RetentionRepository;
  retained: RetainedMeetings;
  policies: RetentionPolicies;
  sweep: Sweep;
  days: RetentionDays;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  audit: Pick<AuditService, "prune">;
  career: Pick<CareerArea, "removeDeleted">;
  /** Has every process begin a new document of its journal: its newest one holds what was written last, however long ago. */
  leaveJournal(): Promise<void>;
  /** Takes what was deleted out of files, too. */
  compactStore(): Promise<void>;
  jobs: Pick<Jobs, "register" | "enqueue">;
  clock: Clock;
  metrics: Metrics;
}

/** Registers its job, so it is made before the jobs start. */
export function createRetentionService(parts: RetentionParts): RetentionService {
  const { repository, retained, policies, sweep, days, meetings, audit, career } = parts;
  const { jobs, clock, metrics } = parts;
  const deletedCount = metrics.counter("retention_deleted_total", "What was deleted as its term was over", [
    "class",
  ]);
  const overdue = metrics.gauge("retention_overdue_seconds", "By how much the oldest is over its term", [
    "class",
  ]);

  const daily = defineJob({
    name: "retention.daily",
    payload: z.object({ day: z.iso.date() }),
    maxAttempts: 5,
    leaseMs: 30_000,
    backoffMs: (attempt) => 60_000 * 2 ** attempt,
    async run({ day }, { signal }) {
      // First of all: whatever becomes of this one, there is a next.
      const next = new Date(Math.max(Date.parse(day) + dayMs, startOfDay(clock.now()) + dayMs));
      await order(next);
      await run(signal);
    },
  });
  jobs.register(daily);

  async function order(at: Date): Promise<void> {
    const day = at.toISOString().slice(0, 10);
    await jobs.enqueue(daily, { day }, { key: day, runAt: at });
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (const name of retentionClasses) await runOne(name, signal);
    await runMeetings(signal);
    deletedCount.inc(
      { class: "career" },
      await career.removeDeleted(overBefore(clock.now(), deletedCareerDays)),
    );
    await runAudit(signal);
  }

  async function runOne(name: RetentionClass, signal: AbortSignal): Promise<void> {
    const term = days[name];
    if (term === null) return overdue.set({ class: name }, 0);
    const now = clock.now();
    const before = overBefore(now, term);
    let deleted = 0;
    for (;;) {
      signal.throwIfAborted();
      const count = await repository.deleteBefore(name, before, batchMost);
      deleted += count;
      deletedCount.inc({ class: name }, count);
      if (count < batchMost) break;
    }
    await repository.recordRun(name, { at: now, deleted, before });
    const oldest = await repository.oldest(name);
    const over = oldest === null ? 0 : before.getTime() - oldest.getTime();
    overdue.set({ class: name }, Math.max(0, over / 1_000));
  }

  async function runMeetings(signal: AbortSignal): Promise<void> {
    const now = clock.now();
    // Before anything goes: what a crash leaves in a journal is filed again, where the collection has nothing of it any more.
    // Where a journal cannot be left, as one stream cannot be filed, the rest goes all the same, and it is tried again.
    const kept = await parts.leaveJournal().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const { deleted, failed } = await sweep(signal, {
      deleted: (kind, documents) => deletedCount.inc({ class: classOf(kind) }, documents),
      overdue: (kind, seconds) => overdue.set({ class: classOf(kind) }, Math.max(0, seconds)),
    });
    for (const kind of retentionKinds) {
      if (failed.has(kind)) continue;
      overdue.set({ class: classOf(kind) }, 0);
      await repository.recordRun(classOf(kind), { at: now, deleted: deleted[kind], before: now });
    }
    if (Object.values(deleted).some((count) => count > 0)) await parts.compactStore();
    if (kept !== null) throw kept.error;
    if (failed.size > 0)
      throw new AppError("UNAVAILABLE", `Not all that is over could be deleted: ${[...failed].join(", ")}.`);
  }

  async function runAudit(signal: AbortSignal): Promise<void> {
    if (days.auditEntries === null) return;
    const now = clock.now();
    const before = overBefore(now, days.auditEntries);
    const deleted = await audit.prune(before, signal);
    deletedCount.inc({ class: "auditEntries" }, deleted);
    await repository.recordRun("auditEntries", { at: now, deleted, before });
  }

  async function policy(orgId: OrgId): Promise<RetentionPolicy> {
    const [found, lastRunAt] = await Promise.all([policies.policy(orgId), repository.lastRunAt()]);
    return { ...found, lastRunAt: lastRunAt?.toISOString() ?? null };
  }

  return {
    async terms({ orgId }) {
      return {
        items: termsOf(days, await policies.daysOf(orgId)),
        lastRunAt: (await repository.lastRunAt())?.toISOString() ?? null,
      };
    },

    async ofMeeting(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "meeting.read");
      const record = await meetings.record(meetingId);
      const items = record === null ? [] : await policies.untilOf(record);
      return { items: items.map(({ kind, until }) => ({ kind, until: until.toISOString() })) };
    },

    policy: (actor) => policy(administered(actor)),

    async preview(actor, terms) {
      const orgId = administered(actor);
      const proposed = await policies.proposed(orgId, terms);
      const counted = await previewOf(retained, { orgId, days: proposed, now: clock.now() });
      return { ...counted, shortened: await policies.shortened(orgId, terms) };
    },

    async change(actor, change) {
      const orgId = administered(actor);
      await policies.change({ userId: actor.userId, orgId }, change);
      return policy(orgId);
    },

    run,

    async start() {
      await policies.adopt();
      await order(new Date(startOfDay(clock.now())));
    },
  };
}

/** Prompts have a class of their own already, by their own age. */
function classOf(kind: RetentionKind): string {
  return `calls.${kind}`;
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}

function startOfDay(at: Date): number {
  return Math.floor(at.getTime() / dayMs) * dayMs;
}
