// Recaps as use cases: reading, approving and retrying them, ticking off what was agreed.
import type mongoose from "mongoose";
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import type { ConsentAnswers } from "../../../shared/consent-rules.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { ActionItemId, MailId, MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { ActionItem, Insight, Recap, RecapEmailPreview } from "../../../shared/schemas/insights.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Language } from "../../vendors/language/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MailService } from "../mail/index.ts";
import type { MeetingAccess, MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { UsersService } from "../users/index.ts";
import type { InsightsService, MilestonesPort } from "./index.ts";
import { createInsightsJobs } from "./insights.jobs.ts";
import type { StoredAction, StoredInsight, StoredRecap } from "./insights.repository.ts";
import { createInsightsRepository } from "./insights.repository.mongo.ts";
import { createMilestoneKeeping } from "./milestone-keeping.ts";
import { createLiveAggregation } from "./live-aggregation.ts";
import { speakersOf } from "./recap-letters.ts";
import { createRecapSides, type RecapSidesOptions } from "./recap-sides.ts";
import { topicsOf } from "./talk-topics.ts";

export interface InsightsModuleOptions extends RecapSidesOptions {
  connection: mongoose.Connection;
  clock: Clock;
  ids: IdSource;
  jobs: Jobs;
  meetings: MeetingsService;
  users: UsersService;
  transcripts: TranscriptsService;
  mail: MailService;
  language: Language;
  forgetAnswers(meetingId: MeetingId): Promise<void>;
  consents: Pick<ConsentLedger, "answers">;
  /** What people allow in a meeting, with nothing read of anybody where machines are off. Throws NOT_FOUND. */
  consentsIn(meetingId: MeetingId): Promise<ReadonlyMap<UserId, ConsentAnswers>>;
  bus: EventBus;
  audit: AuditService;
  logger: Logger;
  metrics: Metrics;
  milestones: MilestonesPort;
  /** For tests: when milestones are looked at again. */
  checkAfterMs?: number;
  publicUrl: () => string;
}

const openCommitmentsMost = 50;
const recapSentences = {
  over: "This recap is kept no longer: its term is over. Commitments that are open stay on your home page.",
  heldBack:
    "Somebody whose words it rests on does not agree any more, and it cannot be made anew: the transcript is kept no longer.",
};
const segmentsAtOnce = 500;
const cursorSchema = z.tuple([z.number().int().min(0)]);

/** Registers its jobs with the queue, so it is made before the queue starts. */
export async function createInsightsModule({
  connection,
  ...parts
}: InsightsModuleOptions): Promise<InsightsService> {
  const { clock, jobs, meetings, users, mail, bus, audit, milestones } = parts;
  const repository = await createInsightsRepository(connection);
  const work = createInsightsJobs({ ...parts, repository });
  const sides = createRecapSides({ ...parts, repository });
  const keeping = createMilestoneKeeping({ ...parts, repository });
  const live = createLiveAggregation({ ...parts, repository });

  async function recapFor(actor: Actor, access: MeetingAccess): Promise<Recap> {
    const { meetingId } = access;
    const recap = await repository.recap(meetingId);
    if (recap === null)
      return { meetingId, status: "waiting", problem: null, insight: null, delivery: "not-sent" };
    const none = { meetingId, status: "ready", insight: null } as const;
    if (access.over.has("recaps")) return { ...none, delivery: "removed", problem: recapSentences.over };
    const shown = await work.remaking.mayBeShown(recap);
    if (!shown && recap.status === "ready" && access.over.has("transcript"))
      return { ...none, delivery: recap.delivery, problem: recapSentences.heldBack };
    const insight =
      shown && !isHiddenDraft(recap, access) ? await repository.insight(meetingId, actor.userId) : null;
    return {
      meetingId,
      status: recap.status === "ready" && !shown ? "processing" : recap.status,
      problem: recap.problem,
      insight: insight === null ? null : await presented(actor, access, { recap, insight }),
      delivery: recap.delivery === "queued" ? await ownDelivery(insight?.mailId ?? null) : recap.delivery,
    };
  }

  /** Hosts and participants, of a recap that is shown to them. */
  async function assertMayChange(actor: Actor, meetingId: MeetingId): Promise<void> {
    const access = await meetings.authorize(actor, meetingId, "recap.read");
    if (access.role === "observer")
      throw new AppError("FORBIDDEN", "Observers read a recap; they do not change it.");
    const recap = await repository.recap(meetingId);
    if (recap === null || isHiddenDraft(recap, access) || !(await work.remaking.mayBeShown(recap)))
      throw notFound("This action");
  }

  async function presented(
    actor: Actor,
    access: MeetingAccess,
    { recap, insight }: { recap: StoredRecap; insight: StoredInsight },
  ): Promise<Insight> {
    const [actions, made, beside] = await Promise.all([
      repository.actions(access.meetingId),
      milestones.madeBy(actor),
      // Where machines are off none looks into chat and notes either.
      recap.mode === "off" ? { recommendations: [], links: [] } : sides.of(actor, access, insight),
    ]);
    return present(insight, { actions, made, beside });
  }

  /** As far as the reader's own email is; one that only waits in the outbox has arrived where it can. */
  async function ownDelivery(mailId: MailId | null): Promise<Recap["delivery"]> {
    if (mailId === null) return "queued";
    const status = await mail.statusOf(mailId);
    if (status === null) return "removed";
    if (status === "queued") return "queued";
    if (status === "unsubscribed") return status;
    return status === "failed" || status === "bounced" ? "not-sent" : "sent";
  }

  return {
    async recap(actor, meetingId) {
      return recapFor(actor, await meetings.authorize(actor, meetingId, "recap.read"));
    },

    async retry(actor, meetingId) {
      const access = await meetings.authorize(actor, meetingId, "recap.manage");
      const recap = await repository.recap(meetingId);
      if (recap?.status !== "ready") {
        await prepare(meetingId);
        if (recap?.status === "failed")
          await repository.setStatus(meetingId, { status: "waiting", problem: null, now: clock.now() });
        // Leaves a job alone that waits or runs; one that died without being able to say so runs again.
        await jobs.requeue(work.prepare.name, meetingId);
        await audit.record(entry(actor, meetingId, "recap.retry"));
        bus.publish("recap.changed", { meetingId });
      }
      return recapFor(actor, access);
    },

    async approve(actor, meetingId) {
      const access = await meetings.authorize(actor, meetingId, "recap.manage");
      const [recap, record] = await Promise.all([repository.recap(meetingId), meetings.record(meetingId)]);
      if (recap === null || record === null || !(await work.remaking.mayBeShown(recap)))
        throw new AppError("CONFLICT", "The recap is not ready yet: approve it once it is shown.");
      const now = clock.now();
      await repository.showActionsTo(meetingId, speakersOf(record), now);
      const moved = await repository.moveDelivery(meetingId, {
        from: "awaiting-approval",
        to: "queued",
        edition: recap.edition,
        now,
      });
      // Also for an approval that was given before: a crash may have come before its emails were enqueued.
      await work.enqueueDelivery(meetingId);
      if (moved) {
        await audit.record(entry(actor, meetingId, "recap.approve"));
        bus.publish("recap.changed", { meetingId });
      }
      return recapFor(actor, access);
    },

    async previewEmails(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "recap.manage");
      const [recap, record] = await Promise.all([repository.recap(meetingId), meetings.record(meetingId)]);
      if (
        record === null ||
        recap?.delivery !== "awaiting-approval" ||
        !(await work.remaking.mayBeShown(recap))
      )
        throw new AppError("CONFLICT", "There is no draft whose emails could be shown.");
      const items: RecapEmailPreview[] = [];
      // The true link stops somebody's emails without asking who follows it: it is their reader's alone.
      for await (const { to, content, attachments } of work.letters.of(
        record,
        () => `${parts.publicUrl()}/privacy`,
      ))
        items.push({
          userId: to.userId,
          displayName: to.name,
          ...content,
          attachments: attachments.map(({ filename }) => filename),
        });
      return { items };
    },

    async updateActionItem(actor, meetingId, actionId, change) {
      await assertMayChange(actor, meetingId);
      if (change.done !== undefined) await keeping.changing(meetingId, actionId);
      const action = await repository.changeAction(meetingId, actionId, {
        ...change,
        by: actor.userId,
        now: clock.now(),
      });
      if (action === null) throw notFound("This action");
      if (change.done !== undefined) await milestones.closed(actionId, change.done);
      bus.publish("recap.changed", { meetingId });
      return presentAction(action, await milestones.madeBy(actor));
    },

    async makeMilestone(actor, meetingId, actionId) {
      await assertMayChange(actor, meetingId);
      const action = (await repository.actions(meetingId)).find(({ id }) => id === actionId);
      if (action === undefined) throw notFound("This action");
      if (action.ownerId !== actor.userId)
        throw new AppError("FORBIDDEN", "Only what you have promised yourself becomes a step of your plan.");
      const { id, text, movedTo: day, done } = action;
      const made = await milestones.make(actor, { id, meetingId, text, day, done });
      bus.publish("recap.changed", { meetingId });
      return made;
    },

    async segments(actor, meetingId, { limit, cursor }) {
      await meetings.authorize(actor, meetingId, "transcript.read");
      const size = Math.min(Math.max(limit, 1), limits.pageMaxItems);
      const [afterSequence] = cursor === undefined ? [0] : decodeCursor(cursor, cursorSchema);
      const found = await repository.segments(meetingId, { afterSequence, limit: size + 1 });
      const items = found.slice(0, size);
      const last = items.at(-1);
      const more = found.length > size && last !== undefined;
      return { items, nextCursor: more ? encodeCursor([last.firstSequence]) : null };
    },

    live,

    async topics(actor, meetingId) {
      const { state } = await meetings.authorize(actor, meetingId, "transcript.read");
      const live = state === "active";
      const recap = live ? null : await repository.recap(meetingId);
      // A stale recap's topics may be made of words that somebody has taken back.
      const shown = live || (recap !== null && (await work.remaking.mayBeShown(recap)));
      return { items: shown ? topicsOf(await segmentsOf(meetingId)) : [], live };
    },

    async openCommitments(actor, among) {
      const open = await repository.openActions(actor.userId, { ...among, limit: openCommitmentsMost });
      const readable = new Set<MeetingId>();
      for (const meetingId of new Set(open.map((action) => action.meetingId))) {
        const access = await accessTo(actor, meetingId);
        const recap = access === null ? null : await repository.recap(meetingId);
        if (access === null || recap === null || isHiddenDraft(recap, access)) continue;
        if (await work.remaking.mayBeShown(recap)) readable.add(meetingId);
      }
      const made = await milestones.madeBy(actor);
      const shown = open.filter(({ meetingId }) => readable.has(meetingId));
      const owners = [...new Set(shown.flatMap(({ ownerId }) => ownerId ?? []))];
      const names = new Map((await users.byIds(owners)).map(({ id, displayName }) => [id, displayName]));
      return shown.map(({ id, meetingId, meetingTitle, text, ownerId, dueText, movedTo, createdAt }) => ({
        id,
        meetingId,
        meetingTitle,
        text,
        ownerId,
        ownerName: ownerId === null ? null : (names.get(ownerId) ?? null),
        dueText,
        movedTo,
        mine: ownerId === actor.userId,
        milestone: made.has(id),
        createdAt: createdAt.toISOString(),
      }));
    },

    segmentsOf,
    commitmentsOf: (meetingIds) => repository.commitmentsOf(meetingIds),
    prepare,

    async reconsider({ userId, meetingId }) {
      if (meetingId !== null) await work.remaking.ofMeeting(meetingId, "stale");
      else await jobs.rerun(work.remaking.ofPerson, { userId }, { key: userId });
    },

    linesChanged: (meetingId) => work.remaking.ofMeeting(meetingId, "corrected"),
  };

  async function segmentsOf(meetingId: MeetingId): Promise<Segment[]> {
    const segments: Segment[] = [];
    for (;;) {
      const afterSequence = segments.at(-1)?.firstSequence ?? 0;
      const page = await repository.segments(meetingId, { afterSequence, limit: segmentsAtOnce });
      segments.push(...page);
      if (page.length < segmentsAtOnce) return segments;
    }
  }

  async function prepare(meetingId: MeetingId): Promise<void> {
    await repository.begin(meetingId, clock.now());
    await jobs.enqueue(work.prepare, { meetingId }, { key: meetingId });
    // Where a crash came between somebody's decision and what follows from it.
    const recap = await repository.recap(meetingId);
    if (recap !== null) await work.remaking.mayBeShown(recap);
    bus.publish("recap.changed", { meetingId });
  }

  /** Null where the actor may not read its recap. */
  async function accessTo(actor: Actor, meetingId: MeetingId): Promise<MeetingAccess | null> {
    try {
      return await meetings.authorize(actor, meetingId, "recap.read");
    } catch (error) {
      if (error instanceof AppError && (error.kind === "not-found" || error.kind === "forbidden"))
        return null;
      throw error;
    }
  }
}

/** A draft is the hosts' until one of them approves it. */
function isHiddenDraft(recap: StoredRecap, access: MeetingAccess): boolean {
  return recap.delivery === "awaiting-approval" && access.role !== "host";
}

function present(
  insight: StoredInsight,
  parts: {
    actions: readonly StoredAction[];
    made: ReadonlySet<ActionItemId>;
    beside: Pick<Insight, "recommendations" | "links">;
  },
): Insight {
  const { actions, made, beside } = parts;
  const byId = new Map(actions.map((action) => [action.id, action]));
  const { id, meetingId, userId, outcome, summary, decisions, generatedBy, missing, createdAt } = insight;
  return {
    id,
    meetingId,
    userId,
    outcome,
    summary,
    decisions,
    actionItems: insight.actionItemIds.flatMap((one) => {
      const action = byId.get(one);
      return action === undefined ? [] : presentAction(action, made);
    }),
    ...beside,
    generatedBy,
    missing,
    createdAt: createdAt.toISOString(),
  };
}

function presentAction(action: StoredAction, made: ReadonlySet<ActionItemId>): ActionItem {
  const { id, text, ownerId, dueText, movedTo, done, citations } = action;
  return { id, text, ownerId, dueText, movedTo, done, milestone: made.has(id), citations };
}

function entry(actor: Actor, meetingId: MeetingId, action: string) {
  return {
    actorUserId: actor.userId,
    resourceType: "meeting",
    resourceId: meetingId,
    action,
    outcome: "done" as const,
  };
}
