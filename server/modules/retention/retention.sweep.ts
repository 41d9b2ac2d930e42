// Deletes what of ended meetings is over its term: found in the store each time, so that whatever interrupts it, nothing is forgotten.
import type { MeetingId, OrgId } from "../../../shared/ids.ts";
import { retentionKinds, type RetentionKind } from "../../../shared/schemas/retention.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { AuditService } from "../audit/index.ts";
import type { FilesService } from "../files/index.ts";
import type { NotesService } from "../notes/index.ts";
import type { PassagesService } from "../passages/index.ts";
import type { EndedRow, RetainedMeetings } from "./retention.meetings.mongo.ts";
import type { KindDays, RetentionPolicies } from "./retention.policies.ts";
import { keptUntil, overBefore } from "./retention.terms.ts";

export interface SweepParts {
  retained: RetainedMeetings;
  policies: Pick<RetentionPolicies, "allDays">;
  notes: Pick<NotesService, "removeOfMeeting">;
  files: Pick<FilesService, "removeOfMeeting">;
  passages: Pick<PassagesService, "reconsider">;
  audit: Pick<AuditService, "record">;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
}

export interface Swept {
  /** Documents. */
  deleted: Record<RetentionKind, number>;
  /** Of kinds of which something could not be removed. */
  failed: ReadonlySet<RetentionKind>;
}

export type Sweep = (
  signal: AbortSignal,
  told: {
    deleted(kind: RetentionKind, documents: number): void;
    /** By how many seconds what is about to be deleted is over; the oldest first. */
    overdue(kind: RetentionKind, seconds: number): void;
  },
) => Promise<Swept>;

export function createSweep(parts: SweepParts): Sweep {
  const { retained, policies, notes, files, passages, audit, bus, clock, logger } = parts;

  async function remove(kind: RetentionKind, meetingId: MeetingId, signal: AbortSignal): Promise<number> {
    if (kind === "notes") return notes.removeOfMeeting(meetingId);
    const removed = await retained.remove(kind, meetingId, signal);
    // The files after the messages that name them: no message shows what is not there.
    if (kind === "chat") await files.removeOfMeeting(meetingId);
    if (kind === "transcript") {
      // Ordered first: what is found by them says that there is something left to order.
      await passages.reconsider(meetingId);
      await retained.removeEmbeddings(meetingId);
    }
    return removed;
  }

  /** Before it is done: what was deleted is in the log, whatever happens in between. */
  async function record(kind: RetentionKind, rows: readonly EndedRow[], days: number): Promise<void> {
    const calls = new Map<OrgId | null, number>();
    for (const { orgId } of rows) calls.set(orgId, (calls.get(orgId) ?? 0) + 1);
    for (const [orgId, count] of calls)
      await audit.record({
        actorUserId: null,
        orgId,
        resourceType: "retention",
        resourceId: orgId ?? "none",
        action: "retention.delete",
        outcome: "done",
        metadata: { kind, calls: count, days },
      });
  }

  return async function sweep(signal, told) {
    const deleted = Object.fromEntries(retentionKinds.map((kind) => [kind, 0])) as Swept["deleted"];
    const failed = new Set<RetentionKind>();
    const firsts = new Set<RetentionKind>();
    const all = await policies.allDays();
    const daysIn = (orgId: OrgId | null): KindDays | undefined => all.get(orgId) ?? all.get(null);
    const terms = [...all.values()].flatMap((days) => Object.values(days)).filter((days) => days !== null);
    if (terms.length === 0) return { deleted, failed };
    const now = clock.now();

    async function sweepOne(kind: RetentionKind, row: EndedRow, days: number): Promise<void> {
      if (!firsts.has(kind)) {
        firsts.add(kind);
        told.overdue(kind, (now.getTime() - keptUntil(row.endedAt, days).getTime()) / 1_000);
      }
      try {
        const count = await remove(kind, row.id, signal);
        deleted[kind] += count;
        told.deleted(kind, count);
        bus.publish("meeting.pruned", { meetingId: row.id, kind });
      } catch (error) {
        if (signal.aborted) throw error;
        // One that cannot be removed does not keep the others.
        failed.add(kind);
        logger.error({ kind, meetingId: row.id, error: error as Error }, "what is over could not be deleted");
      }
    }

    for await (const page of retained.ended(overBefore(now, Math.min(...terms)))) {
      for (const kind of retentionKinds) {
        signal.throwIfAborted();
        const over = page.flatMap((row) => {
          const days = daysIn(row.orgId)?.[kind] ?? null;
          return days !== null && keptUntil(row.endedAt, days) <= now ? [{ row, days }] : [];
        });
        if (over.length === 0) continue;
        const holding = await retained.holding(
          kind,
          over.map(({ row }) => row.id),
        );
        const found = over.filter(({ row }) => holding.has(row.id));
        for (const days of new Set(found.map((each) => each.days))) {
          const some = found.filter((each) => each.days === days).map(({ row }) => row);
          await record(kind, some, days);
        }
        for (const { row, days } of found) {
          signal.throwIfAborted();
          await sweepOne(kind, row, days);
        }
      }
    }
    return { deleted, failed };
  };
}
