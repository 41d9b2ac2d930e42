// Applications as use cases: whose first, then one write for each change, then reminder, count and audit.
import type { Actor } from "../../../../shared/actor.ts";
import { AppError, notFound } from "../../../../shared/errors.ts";
import type { ApplicationId, PostingId } from "../../../../shared/ids.ts";
import type {
  ApplicationSummary,
  ApplicationView,
  ChangeApplication,
} from "../../../../shared/schemas/career/applications.ts";
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { AuditService } from "../../audit/index.ts";
import { ownerOf, type CareerOwner } from "../career.policy.ts";
import { restorableUntil } from "../kept-deleted.ts";
import type { ListedPosting } from "../postings/postings.repository.ts";
import { datesOf, funnelOf } from "./application-steps.ts";
import type { ApplicationsService } from "./index.ts";
import {
  statusDates,
  type ApplicationChange,
  type ApplicationsRepository,
  type StoredApplication,
  type StoredEntry,
} from "./applications.repository.ts";

/** What applications need of postings; they are named by them. */
export interface ApplicationPostings {
  record(owner: CareerOwner, id: PostingId): Promise<Named | null>;
  /** Of the owner, also deleted ones. */
  all(owner: CareerOwner): Promise<Named[]>;
}
type Named = Pick<ListedPosting, "id" | "title" | "company" | "location">;

/** What applications need of runs: whether one is theirs, and which posting it is for. */
export interface ApplicationRuns {
  find(owner: CareerOwner, runId: string): Promise<{ jobId: string } | null>;
}

export interface ApplicationsOptions {
  repository: ApplicationsRepository;
  postings: ApplicationPostings;
  runs: ApplicationRuns;
  /** Told of each next action that has a date; may be told again. */
  remindAt(application: StoredApplication): Promise<void>;
  clock: Clock;
  ids: IdSource;
  audit: Pick<AuditService, "record">;
  metrics: Metrics;
}

const triesMost = 5;

export function createApplicationsModule(options: ApplicationsOptions): ApplicationsService {
  const { repository, postings, runs, clock, ids, audit } = options;
  const moves = options.metrics.counter(
    "career_applications_moved_total",
    "Applications by the status they came to",
    ["status"],
  );

  async function own(owner: CareerOwner, id: ApplicationId): Promise<StoredApplication> {
    const found = await repository.find(owner, id);
    if (found === null || found.isDeleted) throw missing();
    return found;
  }

  /** Throws NOT_FOUND for a run of somebody else, or of another posting. */
  async function expectRun(owner: CareerOwner, runId: string | null | undefined, jobId: PostingId) {
    if (runId === null || runId === undefined) return;
    if ((await runs.find(owner, runId))?.jobId !== jobId) throw notFound("This run of the posting");
  }

  /** From what is there at the moment of writing. */
  async function changed(
    read: () => Promise<StoredApplication>,
    changeOf: (current: StoredApplication) => ApplicationChange,
  ): Promise<StoredApplication> {
    for (let attempt = 0; attempt < triesMost; attempt += 1) {
      const current = await read();
      const set = changeOf(current);
      if (Object.keys(set).length === 0) return current;
      const result = await repository.change(current, set, clock.now());
      if (result !== null) return result;
    }
    throw new AppError(
      "CONFLICT",
      "This application is being changed elsewhere at the moment. Please try again.",
      {
        retryable: true,
      },
    );
  }

  async function viewed(owner: CareerOwner, application: StoredApplication): Promise<ApplicationView> {
    const posting = await postings.record(owner, application.jobId);
    if (posting === null) throw missing();
    return viewOf(application, posting);
  }

  async function record(
    actor: Actor,
    action: string,
    id: ApplicationId,
    metadata: Record<string, string> = {},
  ) {
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "career-application",
      resourceId: id,
      action,
      outcome: "done",
      metadata,
    });
  }

  async function restored(actor: Actor, application: StoredApplication): Promise<StoredApplication> {
    const owner = ownerOf(actor);
    const result = await changed(
      async () => (await repository.find(owner, application.id)) ?? fail(),
      ({ isDeleted }) => (isDeleted ? { isDeleted: false, deletedAt: null } : {}),
    );
    if (application.isDeleted) {
      await record(actor, "career-application.restore", result.id);
      await options.remindAt(result);
    }
    return result;
  }

  return {
    async add(actor, { postingId, runId = null, masterResumeId = null, status }) {
      const owner = ownerOf(actor);
      const posting = await postings.record(owner, postingId);
      if (posting === null) throw notFound("This posting");
      await expectRun(owner, runId, postingId);
      const there = await repository.ofPosting(owner, postingId);
      if (there !== null)
        return { application: viewOf(await restored(actor, there), posting), existing: true };
      const now = clock.now();
      const none = {
        appliedAt: null,
        responseReceivedAt: null,
        interviewScheduledAt: null,
        offerReceivedAt: null,
        rejectedAt: null,
      };
      const application: StoredApplication = {
        ...owner,
        ...none,
        ...datesOf(status, now, none),
        id: ids.objectId() as ApplicationId,
        jobId: postingId,
        runId,
        masterResumeId,
        applicationStatus: status,
        notes: "",
        nextAction: null,
        nextActionDue: null,
        timeline: [{ at: now, kind: "created", from: null, to: status, text: null }],
        isDeleted: false,
        deletedAt: null,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      };
      if (!(await repository.insert(application))) {
        const other = await repository.ofPosting(owner, postingId);
        if (other === null) throw missing();
        return { application: viewOf(other, posting), existing: true };
      }
      moves.inc({ status });
      await record(actor, "career-application.add", application.id, { status });
      return { application: viewOf(application, posting), existing: false };
    },

    async board(actor, { deleted = false }) {
      const owner = ownerOf(actor);
      const [found, all] = await Promise.all([
        repository.list(owner, { deleted, limit: bounds.applicationsPerPersonMaxItems }),
        postings.all(owner),
      ]);
      const byId = new Map(all.map((posting) => [posting.id, posting]));
      return {
        items: found.flatMap((application) => {
          const posting = byId.get(application.jobId);
          return posting === undefined ? [] : [summaryOf(application, posting)];
        }),
      };
    },

    async funnel(actor) {
      const limit = bounds.applicationsPerPersonMaxItems;
      return funnelOf(await repository.list(ownerOf(actor), { deleted: false, limit }));
    },

    async get(actor, id) {
      const owner = ownerOf(actor);
      return await viewed(owner, await own(owner, id));
    },

    async change(actor, id, change) {
      const owner = ownerOf(actor);
      if (change.runId !== undefined) await expectRun(owner, change.runId, (await own(owner, id)).jobId);
      const now = clock.now();
      const result = await changed(
        () => own(owner, id),
        (current) => setOf(current, change, now),
      );
      await record(actor, "career-application.change", id, { fields: Object.keys(change).sort().join(", ") });
      await options.remindAt(result);
      return await viewed(owner, result);
    },

    async move(actor, id, { status, at }) {
      const owner = ownerOf(actor);
      const now = clock.now();
      const when = at === undefined ? now : new Date(at);
      let from: string | null = null;
      const result = await changed(
        () => own(owner, id),
        (current) => {
          from = current.applicationStatus;
          if (from === status) return {};
          return {
            applicationStatus: status,
            ...datesOf(status, when, current),
            timeline: grown(current, {
              at: when,
              kind: "status",
              from: current.applicationStatus,
              to: status,
              text: null,
            }),
          };
        },
      );
      if (from !== status) {
        moves.inc({ status });
        await record(actor, "career-application.move", id, { to: status });
        // What was over and has a next action has it again.
        await options.remindAt(result);
      }
      return await viewed(owner, result);
    },

    async note(actor, id, text) {
      const owner = ownerOf(actor);
      const at = clock.now();
      const result = await changed(
        () => own(owner, id),
        (current) => ({ timeline: grown(current, { at, kind: "note", from: null, to: null, text }) }),
      );
      await record(actor, "career-application.change", id, { fields: "timeline" });
      return await viewed(owner, result);
    },

    async remove(actor, id) {
      const owner = ownerOf(actor);
      const before = await repository.find(owner, id);
      if (before === null) throw missing();
      const at = before.deletedAt ?? clock.now();
      if (!before.isDeleted) {
        await changed(
          async () => (await repository.find(owner, id)) ?? fail(),
          ({ isDeleted }) => (isDeleted ? {} : { isDeleted: true, deletedAt: at }),
        );
        await record(actor, "career-application.delete", id);
      }
      return { restorableUntil: restorableUntil(at).toISOString() };
    },

    async restore(actor, id) {
      const owner = ownerOf(actor);
      const found = await repository.find(owner, id);
      if (found === null || (await postings.record(owner, found.jobId)) === null) throw missing();
      return await viewed(owner, await restored(actor, found));
    },

    async deletedWith(owner, jobId, at) {
      const found = await repository.ofPosting(owner, jobId);
      if (found === null || found.isDeleted) return;
      await changed(
        async () => (await repository.find(owner, found.id)) ?? fail(),
        ({ isDeleted }) => (isDeleted ? {} : { isDeleted: true, deletedAt: at }),
      );
    },

    async restoredWith(owner, jobId, at) {
      const found = await repository.ofPosting(owner, jobId);
      if (found?.deletedAt?.getTime() !== at.getTime()) return;
      const result = await changed(
        async () => (await repository.find(owner, found.id)) ?? fail(),
        ({ deletedAt }) =>
          deletedAt?.getTime() === at.getTime() ? { isDeleted: false, deletedAt: null } : {},
      );
      await options.remindAt(result);
    },

    removedWith: (jobId) => repository.removeOfPosting(jobId),

    async forgetRun(runId) {
      for (const { userId, orgId, id } of await repository.ofRun(runId))
        await changed(
          async () => (await repository.find({ userId, orgId }, id)) ?? fail(),
          (current) => (current.runId === runId ? { runId: null } : {}),
        );
    },

    removeOfPerson: (userId) => repository.removeOfPerson(userId),
    async exportOf(userId) {
      const found = await repository.allOfPerson(userId);
      return {
        applications: found.map(({ userId: _own, revision: _revision, ...application }) => application),
      };
    },
    removeDeleted: (before) => repository.removeDeletedBefore(before),
  };
}

function missing(): AppError {
  return notFound("This application");
}

function fail(): never {
  throw missing();
}

function setOf(current: StoredApplication, change: ChangeApplication, now: Date): ApplicationChange {
  const set: ApplicationChange = {};
  for (const name of statusDates) {
    const given = change[name];
    if (given !== undefined) set[name] = given === null ? null : new Date(given);
  }
  if (change.runId !== undefined) set.runId = change.runId;
  if (change.masterResumeId !== undefined) set.masterResumeId = change.masterResumeId;
  if (change.notes !== undefined) set.notes = change.notes;
  if (change.nextAction !== undefined) set.nextAction = change.nextAction === "" ? null : change.nextAction;
  if (change.nextActionDue !== undefined)
    set.nextActionDue = change.nextActionDue === null ? null : new Date(change.nextActionDue);
  const next = set.nextAction;
  if (next !== undefined && next !== null && next !== current.nextAction)
    set.timeline = grown(current, { at: now, kind: "next-action", from: null, to: null, text: next });
  return set;
}

/** The oldest go where there are too many; how it began stays. */
export function grown({ timeline }: Pick<StoredApplication, "timeline">, entry: StoredEntry): StoredEntry[] {
  const [first, ...rest] = timeline;
  const later = [...rest, entry].sort((a, b) => a.at.getTime() - b.at.getTime());
  return first === undefined ? [entry] : [first, ...later.slice(-(bounds.timelineMaxItems - 1))];
}

function summaryOf(application: StoredApplication, posting: Named): ApplicationSummary {
  const { id, runId, masterResumeId, applicationStatus, nextAction } = application;
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    id,
    posting: { id: posting.id, title: posting.title, company: posting.company, location: posting.location },
    runId,
    masterResumeId,
    status: applicationStatus,
    appliedAt: iso(application.appliedAt),
    responseReceivedAt: iso(application.responseReceivedAt),
    interviewScheduledAt: iso(application.interviewScheduledAt),
    offerReceivedAt: iso(application.offerReceivedAt),
    rejectedAt: iso(application.rejectedAt),
    nextAction,
    nextActionDue: iso(application.nextActionDue),
    createdAt: application.createdAt.toISOString(),
    updatedAt: application.updatedAt.toISOString(),
    deletedAt: iso(application.deletedAt),
  };
}

function viewOf(application: StoredApplication, posting: Named): ApplicationView {
  return {
    ...summaryOf(application, posting),
    notes: application.notes,
    timeline: application.timeline.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
  };
}
