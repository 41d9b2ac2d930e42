// Meetings as use cases: policy before data, one conditional write for each fact, events and emails after it.
import type mongoose from "mongoose";
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { mayBeObserved } from "../../../shared/consent-rules.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { meetingStateSchema, type Meeting } from "../../../shared/schemas/meetings.ts";
import type { RetentionKind } from "../../../shared/schemas/retention.ts";
import type { Clock } from "../../platform/clock.ts";
import type { DomainEvents, EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import { parseMailbox } from "../../vendors/mail/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MailService } from "../mail/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { Blocks } from "../people/index.ts";
import type { RetentionPolicies } from "../retention/index.ts";
import type { UsersService } from "../users/index.ts";
import type { MeetingsService } from "./index.ts";
import { type AccessEntry, createAccessCache } from "./meetings.access.ts";
import { createAgenda } from "./meetings.agenda.ts";
import { defaultDurationMinutes } from "./meetings.calendar.ts";
import { differences, fieldsOf, isForCalendars } from "./meetings.fields.ts";
import { isWithin, openFor } from "./meetings.isolation.ts";
import { illegalTransition, isRepetition, transitions, type Transition } from "./meetings.lifecycle.ts";
import { createNotifications } from "./meetings.notifications.ts";
import { auditEntry, createParticipantUseCases } from "./meetings.participants.ts";
import { createPlanning } from "./meetings.planning.ts";
import { assertAllowed, assertKept, isAllowed } from "./meetings.policy.ts";
import { presentState } from "./meetings.presenter.ts";
import { createMeetingQueries } from "./meetings.queries.ts";
import type { MailDue, StoredMeeting } from "./meetings.repository.ts";
import { createSeriesUseCases } from "./meetings.series.ts";
import { gatherReaders } from "./meetings.gathered.ts";
import { createMeetingsRepository } from "./meetings.repository.mongo.ts";

export interface MeetingsModuleOptions {
  connection: mongoose.Connection;
  clock: Clock;
  ids: IdSource;
  bus: EventBus;
  users: UsersService;
  mail: MailService;
  organizations: Pick<OrganizationsService, "membersAmong">;
  blocks: Blocks;
  audit: AuditService;
  consents: Pick<ConsentLedger, "answers">;
  /** Nothing has a term where none is given. */
  retention?: Pick<RetentionPolicies, "over">;
  publicUrl: () => string;
  /** `Name <address>` or an address: the sender, and the organizer that calendars answer to. */
  mailFrom: string;
}

/** Meetings whose emails a crash left due, taken up at one start. */
const mailDueAtStartMax = 1_000;
/** Where nobody is in a call, nothing is heard of it and its planned time is over, people who have gone do not come back. */
const forgottenAfterMs = 2 * 60 * 60_000;
const runningMax = 5_000;

const liveStatePatchSchema = meetingStateSchema
  .pick({ lullState: true })
  .extend({
    speakingStats: meetingStateSchema.shape.speakingStats.max(2 * limits.meetingMaxParticipants),
    topics: z.array(z.string().max(100)).max(50),
  })
  .partial();

/** Queues emails that a crash left due before it resolves. */
export async function createMeetingsModule(options: MeetingsModuleOptions): Promise<MeetingsService> {
  const { connection, clock, ids, bus, users, mail, organizations, blocks, audit, publicUrl } = options;
  const from = parseMailbox(options.mailFrom);
  if (from === null) throw new Error("MAIL_FROM must be an address such as Connvo <connvo@example.org>");
  const repository = await createMeetingsRepository(connection);
  const queries = createMeetingQueries({ repository, users, clock });
  const { loadPeople, present } = queries;
  const notifications = createNotifications({
    repository,
    mail,
    organizations,
    loadPeople,
    clock,
    publicUrl,
    from,
  });
  const access = createAccessCache({ load: loadAccess, clock });
  // Of this process's own changes it is known already; those of others come by the bus, before anybody acts on them.
  bus.subscribe("meeting.changed", ({ meetingId }) => access.invalidate(meetingId));
  bus.subscribe("participant.changed", ({ meetingId, change }) => {
    if (change !== "presence") access.invalidate(meetingId);
  });
  bus.subscribe("words.erased", ({ meetingId }) => access.invalidate(meetingId));
  bus.subscribe("consent.changed", ({ meetingId, userId }) =>
    meetingId === null ? access.invalidatePerson(userId) : access.invalidate(meetingId),
  );
  const participantUseCases = createParticipantUseCases({
    repository,
    access,
    notifications,
    authorize,
    loadPeople,
    users,
    organizations,
    blocks,
    audit,
    bus,
    clock,
    ids,
  });
  for (const meetingId of await repository.withMailDue(mailDueAtStartMax)) {
    await notifications.sendDue(meetingId);
  }

  async function loadAccess(meetingId: MeetingId) {
    const [meeting, places] = await Promise.all([
      repository.find(meetingId),
      repository.participants(meetingId),
    ]);
    if (meeting === null) return null;
    const { orgId, state, startedAt, endedAt } = meeting;
    const speakers = places.filter(({ role }) => role !== "observer").map(({ userId }) => userId);
    const consents = await options.consents.answers(meetingId, speakers);
    return {
      orgId,
      state,
      startedAt,
      endedAt,
      roles: new Map(places.map(({ userId, role }) => [userId, role])),
      consents,
      guests: new Set(places.filter(({ guest }) => guest).map(({ userId }) => userId)),
    };
  }

  async function authorize(...[actor, meetingId, action]: Parameters<MeetingsService["authorize"]>) {
    const entry = await access.get(meetingId);
    const role = entry?.roles.get(actor.userId);
    // One answer for strangers and for meetings that do not exist: neither learns which it was.
    if (entry === null || role === undefined) throw notFound("This meeting");
    if (!isWithin(entry, entry.guests.has(actor.userId), actor)) throw notFound("This meeting");
    assertAllowed(action, { role, state: entry.state, mayBeObserved: allAgreeToObservers(entry) });
    const over = await overOf(entry);
    assertKept(action, over);
    return { meetingId, userId: actor.userId, role, state: entry.state, startedAt: entry.startedAt, over };
  }

  async function overOf(entry: AccessEntry | null): Promise<ReadonlySet<RetentionKind>> {
    // What has not ended is asked about most, and has no term.
    if (entry === null || entry.endedAt === null || options.retention === undefined) return new Set();
    return await options.retention.over(entry);
  }

  async function authorizeVendor(...[meetingId, action]: Parameters<MeetingsService["authorizeVendor"]>) {
    const entry = await access.get(meetingId);
    if (entry === null) throw notFound("This meeting");
    assertAllowed(action, { role: "host", state: entry.state, mayBeObserved: false });
  }

  async function consents(meetingId: MeetingId) {
    const entry = await access.get(meetingId);
    if (entry === null) throw notFound("This meeting");
    return entry.consents;
  }

  async function reached(meetingId: MeetingId): Promise<ReadonlySet<UserId>> {
    const entry = await access.get(meetingId);
    if (entry === null) return new Set();
    const places = [...entry.roles.keys()].map((userId) => ({ userId, guest: entry.guests.has(userId) }));
    return new Set((await openFor(entry, places, organizations)).map(({ userId }) => userId));
  }

  /** The policy as it stands for these people, for reading many at once. */
  async function readersOf(meetingId: MeetingId, readers: UserId[]): Promise<UserId[]> {
    const entry = await access.get(meetingId);
    if (entry === null) throw notFound("This meeting");
    const standing = { state: entry.state, mayBeObserved: allAgreeToObservers(entry) };
    return readers.filter((reader) => {
      const role = entry.roles.get(reader);
      return role !== undefined && isAllowed("state.read", { role, ...standing });
    });
  }

  async function find(meetingId: MeetingId): Promise<StoredMeeting> {
    const meeting = await repository.find(meetingId);
    if (meeting === null) throw notFound("This meeting");
    return meeting;
  }

  function changed(
    meetingId: MeetingId,
    change: DomainEvents["meeting.changed"]["change"],
    actorId: UserId | null,
    at: Date,
  ): void {
    access.invalidate(meetingId);
    bus.publish("meeting.changed", { meetingId, change, at, actorId });
  }

  /** Calendars take a change of one call of a series only where its sequence is higher than that of the series. */
  async function mailFor({ series, calendarSequence }: StoredMeeting): Promise<MailDue> {
    const all = series === null ? [] : await repository.ofSeries(series.id);
    const highest = Math.max(calendarSequence, ...all.map((other) => other.calendarSequence));
    return { token: ids.uuid(), sequenceStep: highest + 1 - calendarSequence };
  }

  /** The last moment at which anybody was there or anything was heard; null while somebody is there. */
  async function lastSignOf({ id, startedAt, createdAt }: StoredMeeting): Promise<Date | null> {
    const [places, live] = await Promise.all([repository.participants(id), repository.liveState(id)]);
    if (places.some(({ presence }) => presence === "joined")) return null;
    const signs = [
      startedAt,
      live?.updatedAt,
      ...places.flatMap(({ joinedAt, leftAt }) => [joinedAt, leftAt]),
    ];
    return new Date(Math.max(createdAt.getTime(), ...signs.map((sign) => sign?.getTime() ?? 0)));
  }

  /** What is written once a meeting is concluded; all of it may be repeated. */
  async function finishEnding(meetingId: MeetingId, endedAt: Date, actorId: UserId | null): Promise<void> {
    await repository.setLifecycleState(meetingId, { active: false, endedAt }, endedAt);
    // The call is over for everyone, also for those whose browser never said goodbye.
    await repository.markAllLeft(meetingId, endedAt);
    changed(meetingId, "ended", actorId, endedAt);
    await audit.record({
      actorUserId: actorId,
      resourceType: "meeting",
      resourceId: meetingId,
      action: "meeting.end",
      outcome: "done",
    });
  }

  /** Null where somebody else made the same step first and that is no error. */
  async function move(
    transition: Transition,
    meetingId: MeetingId,
    now: Date,
    set: { startedAt?: Date; endedAt?: Date },
  ): Promise<StoredMeeting | null> {
    const { from: before, to } = transitions[transition];
    const due = transition === "cancel" ? await mailFor(await find(meetingId)) : null;
    const moved = await repository.transition(meetingId, before, { state: to, ...set }, { now, mail: due });
    access.invalidate(meetingId);
    if (moved !== null) return moved;
    const { state } = await find(meetingId);
    if (isRepetition(transition, state)) return null;
    throw illegalTransition(transition, state);
  }

  /** What follows once the meeting is stored; all of it may be repeated. */
  async function finishCreating(meeting: StoredMeeting, actor: Actor, now: Date): Promise<Meeting> {
    // Whoever blocks another in this moment looks for shared meetings after that.
    await keepApart(meeting.id);
    changed(meeting.id, "created", actor.userId, now);
    await notifications.sendDue(meeting.id);
    return await present(meeting, actor);
  }

  const viewFor = gatherReaders((meetingId, readers) => queries.views(meetingId, readers));
  const { markJoined, markLeft, markUnseen, keepApart, ...participants } = participantUseCases;

  const planning = createPlanning({ users, loadPeople, organizations, blocks, clock, ids });
  const series = createSeriesUseCases({
    ...{ repository, planning, notifications, authorize, keepApart, changed, audit, clock, ids },
  });

  const service: MeetingsService = {
    ...participants,
    series,
    ...createAgenda({
      repository,
      loadPeople,
      allPlaces: queries.allPlaces,
      notifications,
      organizations,
    }),
    authorize,
    authorizeVendor,
    overIn: async (meetingId) => overOf(await access.get(meetingId)),
    consents,
    reached,
    placesOf: queries.placesOf,
    busy: queries.busy,
    sharesMeeting: queries.sharesMeeting,
    list: queries.list,
    views: async (meetingId, readers) => queries.views(meetingId, await readersOf(meetingId, readers)),
    overview: queries.overview,
    nextTogether: queries.nextTogether,
    heldTogether: queries.heldTogether,
    attended: (orgId, period) => repository.attended(orgId, period),
    record: queries.record,
    running: queries.running,
    recentlyConcluded: queries.recentlyConcluded,

    async create(actor, input, options = {}) {
      const now = clock.now();
      const id = options.id ?? meetingIdSchema.parse(ids.objectId());
      const begun = options.id === undefined ? null : await repository.find(id);
      if (begun !== null) return await finishCreating(begun, actor, now);
      const [made] = await planning.prepare(actor, input, [{ id }]);
      if (made === undefined) throw new Error("One call was asked for.");
      const { meeting, participants: places } = made;
      const isNew = await repository.insert(made);
      if (isNew) {
        await audit.record({
          ...auditEntry(actor, id, "meeting.create"),
          metadata: { participants: places.length },
        });
      }
      return await finishCreating(isNew ? meeting : await find(id), actor, now);
    },

    async separate(one, other) {
      const theirs = new Set((await queries.allPlaces(other)).map(({ meetingId }) => meetingId));
      for (const { meetingId } of await queries.allPlaces(one))
        if (theirs.has(meetingId)) await keepApart(meetingId);
    },

    async get(actor, meetingId) {
      return present(await find(meetingId), actor);
    },

    async update(actor, meetingId, change) {
      await authorize(actor, meetingId, "meeting.change");
      const before = await find(meetingId);
      const fields = differences(before, fieldsOf(change));
      if (Object.keys(fields).length === 0) return present(before, actor);
      const now = clock.now();
      const forCalendars = isForCalendars(fields);
      const updated = await repository.updateScheduled(meetingId, fields, {
        now,
        mail: forCalendars ? await mailFor(before) : null,
      });
      access.invalidate(meetingId);
      if (updated === null) {
        await authorize(actor, meetingId, "meeting.change");
        throw new AppError("CONFLICT", "The meeting has changed meanwhile. Please load it again.");
      }
      changed(meetingId, "updated", actor.userId, now);
      await audit.record(auditEntry(actor, meetingId, "meeting.update"));
      if (forCalendars) await notifications.sendDue(meetingId);
      return present(updated, actor);
    },

    async start(actor, meetingId) {
      await authorize(actor, meetingId, "meeting.start");
      const now = clock.now();
      const meeting = await move("start", meetingId, now, { startedAt: now });
      if (meeting === null) return service.get(actor, meetingId);
      await repository.setLifecycleState(meetingId, { active: true, startedAt: now }, now);
      changed(meetingId, "started", actor.userId, now);
      await audit.record(auditEntry(actor, meetingId, "meeting.start"));
      return present(meeting, actor);
    },

    async end(actor, meetingId) {
      await authorize(actor, meetingId, "meeting.end");
      const now = clock.now();
      const meeting = await move("end", meetingId, now, { endedAt: now });
      if (meeting === null) return service.get(actor, meetingId);
      await finishEnding(meetingId, now, actor.userId);
      return present(meeting, actor);
    },

    async endForgotten() {
      const now = clock.now();
      for (const meeting of await repository.byState("active", { limit: runningMax })) {
        const { id, scheduledAt, durationMinutes } = meeting;
        const plannedMs = (durationMinutes ?? defaultDurationMinutes) * 60_000;
        const sign = await lastSignOf(meeting);
        const awaitedMs = Math.max(
          Number(sign),
          scheduledAt === null ? 0 : scheduledAt.getTime() + plannedMs,
        );
        if (sign === null || now.getTime() - awaitedMs < forgottenAfterMs) continue;
        // It was over when the last one left, not when somebody noticed.
        const set = { state: "concluded" as const, endedAt: sign };
        if ((await repository.transition(id, "active", set, { now, mail: null })) === null) continue;
        await finishEnding(id, sign, null);
      }
    },

    async cancel(actor, meetingId) {
      await authorize(actor, meetingId, "meeting.cancel");
      const now = clock.now();
      const meeting = await move("cancel", meetingId, now, {});
      if (meeting === null) return service.get(actor, meetingId);
      changed(meetingId, "cancelled", actor.userId, now);
      await audit.record(auditEntry(actor, meetingId, "meeting.cancel"));
      await notifications.sendDue(meetingId);
      return present(meeting, actor);
    },

    async invitationFile(actor, meetingId) {
      await authorize(actor, meetingId, "meeting.read");
      const meeting = await find(meetingId);
      const people = await loadPeople([meeting.organizerId]);
      return notifications.calendarFile(meeting, "PUBLISH", {
        organizerName: people.get(meeting.organizerId)?.displayName ?? "Somebody",
        reader: null,
      });
    },

    async state(actor, meetingId) {
      await authorize(actor, meetingId, "state.read");
      const [meeting, live] = await Promise.all([find(meetingId), repository.liveState(meetingId)]);
      if (live === null) throw notFound("This meeting");
      return presentState(meeting, live);
    },

    async join(actor, meetingId, seenBy) {
      await markJoined(actor, meetingId, seenBy);
      const view = await viewFor(meetingId, actor.userId);
      if (view === undefined) throw notFound("This meeting");
      return view;
    },

    leave: markLeft,

    forgetSeenBy: markUnseen,

    forgetAccess: () => access.invalidateAll(),

    clearPresence: (meetingId) => repository.markAllLeft(meetingId, clock.now()),

    async patchLiveStates(patches) {
      const checked = patches.flatMap(({ meetingId, patch }) => {
        const { speakingStats, lullState, topics } = liveStatePatchSchema.parse(patch);
        const change = {
          ...(speakingStats === undefined ? {} : { speakingStats }),
          ...(lullState === undefined ? {} : { lullState }),
          ...(topics === undefined ? {} : { topics }),
        };
        return Object.keys(change).length === 0 ? [] : [{ meetingId, patch: change }];
      });
      if (checked.length === 0) return;
      await repository.patchLiveStates(checked, clock.now());
      for (const { meetingId } of checked) bus.publish("state.changed", { meetingId });
    },

    async calendarFor({ id }, method, reader) {
      const meeting = await find(id);
      const people = await loadPeople([meeting.organizerId]);
      const organizerName = people.get(meeting.organizerId)?.displayName ?? "Somebody";
      return notifications.calendarFile(meeting, method, { organizerName, reader: reader ?? null });
    },
  };
  return service;
}

function allAgreeToObservers({ consents }: AccessEntry): boolean {
  return [...consents.values()].every(mayBeObserved);
}
