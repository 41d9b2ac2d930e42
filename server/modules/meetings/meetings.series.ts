// Series of meetings as use cases: made at once, changed or cancelled from one on; each call stays a meeting of its own.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Series } from "../../../shared/schemas/series.ts";
import type { DomainEvents } from "../../platform/event-bus.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService, SeriesService } from "./index.ts";
import { differences, fieldsOf, isForCalendars } from "./meetings.fields.ts";
import type { Notifications } from "./meetings.notifications.ts";
import { auditEntry } from "./meetings.participants.ts";
import type { Planning } from "./meetings.planning.ts";
import { toRecord } from "./meetings.presenter.ts";
import type { MeetingsRepository, StoredMeeting, StoredSeries } from "./meetings.repository.ts";

export interface SeriesOptions {
  repository: MeetingsRepository;
  planning: Planning;
  notifications: Pick<Notifications, "sendDue">;
  authorize: MeetingsService["authorize"];
  keepApart(meetingId: MeetingId): Promise<void>;
  changed(
    meetingId: MeetingId,
    change: DomainEvents["meeting.changed"]["change"],
    actorId: Actor["userId"],
    at: Date,
  ): void;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  ids: IdSource;
}

export function createSeriesUseCases(options: SeriesOptions): SeriesService {
  const { repository, planning, notifications, authorize, changed, audit, clock, ids } = options;

  async function seriesOf(meetingId: MeetingId): Promise<StoredSeries | null> {
    const meeting = await repository.find(meetingId);
    if (meeting === null) throw notFound("This meeting");
    return meeting.series;
  }

  async function mayDo(...[actor, meetingId, action]: Parameters<SeriesOptions["authorize"]>) {
    try {
      await authorize(actor, meetingId, action);
      return true;
    } catch (error) {
      if (error instanceof AppError && ["NOT_FOUND", "FORBIDDEN", "CONFLICT"].includes(error.code))
        return false;
      throw error;
    }
  }

  async function view(
    actor: Actor,
    { id, every, timeZone }: Pick<StoredSeries, "id" | "every" | "timeZone">,
  ): Promise<Series> {
    const calls = [];
    for (const meeting of await repository.ofSeries(id)) {
      const { scheduledAt, durationMinutes, title, state, series } = meeting;
      if (scheduledAt === null || series === null) continue;
      if (!(await mayDo(actor, meeting.id, "meeting.read"))) continue;
      const times = { startsAt: scheduledAt.toISOString(), usuallyAt: series.at.toISOString() };
      calls.push({ meetingId: meeting.id, title, durationMinutes, state, ...times });
    }
    return { id, every, timeZone, calls: calls.sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1)) };
  }

  async function viewAt(actor: Actor, meetingId: MeetingId): Promise<Series> {
    const series = await seriesOf(meetingId);
    if (series === null) throw notFound("A series with this meeting");
    return await view(actor, series);
  }

  /** Higher than all that calendars have heard of the series. */
  const nextSequence = (all: readonly StoredMeeting[]) =>
    Math.max(...all.map(({ calendarSequence }) => calendarSequence)) + 1;

  /** Those of the ids that belong to one series, with all of it. */
  async function together(meetingIds: readonly MeetingId[]) {
    const [first] = meetingIds;
    const series = first === undefined ? null : await seriesOf(first);
    if (series === null) throw notFound("A series with this meeting");
    const all = await repository.ofSeries(series.id);
    const wanted = new Set(meetingIds);
    return { all, chosen: all.filter(({ id }) => wanted.has(id)) };
  }

  return {
    async create(actor, input, { rule, starts }) {
      const series = { id: ids.objectId(), ...rule };
      const made = await planning.prepare(
        actor,
        input,
        starts.map((at) => ({ scheduledAt: at, series: { ...series, at } })),
      );
      await repository.insertMany(made);
      for (const { meeting, participants } of made) {
        await audit.record({
          ...auditEntry(actor, meeting.id, "meeting.create"),
          metadata: { participants: participants.length },
        });
        await options.keepApart(meeting.id);
        changed(meeting.id, "created", actor.userId, meeting.createdAt);
      }
      const meetingIds = made.map(({ meeting }) => meeting.id);
      return {
        meetingIds,
        async announce() {
          const [one] = meetingIds;
          if (one !== undefined) await notifications.sendDue(one);
          return await view(actor, series);
        },
      };
    },

    async ofMeeting(actor, meetingId) {
      await authorize(actor, meetingId, "meeting.read");
      const series = await seriesOf(meetingId);
      return series === null ? null : await view(actor, series);
    },

    async following(actor, meetingId, action) {
      await authorize(actor, meetingId, action);
      const from = await seriesOf(meetingId);
      if (from === null) throw notFound("A series with this meeting");
      const found = [];
      for (const meeting of await repository.ofSeries(from.id)) {
        const { series, state } = meeting;
        if (series === null || state !== "scheduled" || series.at < from.at) continue;
        if (!(await mayDo(actor, meeting.id, action))) continue;
        found.push({ series, record: toRecord(meeting, await repository.participants(meeting.id)) });
      }
      return found.sort((a, b) => a.series.at.getTime() - b.series.at.getTime());
    },

    async update(actor, changes) {
      const byId = new Map(changes.map(({ meetingId, change }) => [meetingId, change]));
      const { all, chosen } = await together([...byId.keys()]);
      const sequence = nextSequence(all);
      const now = clock.now();
      const unchanged: MeetingId[] = [];
      for (const meeting of chosen) {
        await authorize(actor, meeting.id, "meeting.change");
        const fields = differences(meeting, fieldsOf(byId.get(meeting.id) ?? {}));
        if (Object.keys(fields).length === 0) continue;
        const mail = { token: ids.uuid(), sequenceStep: sequence - meeting.calendarSequence };
        const updated = await repository.updateScheduled(meeting.id, fields, {
          now,
          mail: isForCalendars(fields) ? mail : null,
        });
        // It has begun, or was cancelled, in this moment: it stays as it is.
        if (updated === null) {
          unchanged.push(meeting.id);
          continue;
        }
        changed(meeting.id, "updated", actor.userId, now);
        await audit.record(auditEntry(actor, meeting.id, "meeting.update"));
      }
      const [one] = byId.keys();
      if (one === undefined) throw notFound("A series with this meeting");
      return {
        unchanged,
        async announce() {
          await notifications.sendDue(one);
          return await viewAt(actor, one);
        },
      };
    },

    async cancel(actor, meetingIds) {
      const { all, chosen } = await together(meetingIds);
      const sequence = nextSequence(all);
      const now = clock.now();
      for (const { id, calendarSequence } of chosen) {
        await authorize(actor, id, "meeting.cancel");
        const mail = { token: ids.uuid(), sequenceStep: sequence - calendarSequence };
        const set = { state: "cancelled" as const };
        if ((await repository.transition(id, "scheduled", set, { now, mail })) === null) continue;
        changed(id, "cancelled", actor.userId, now);
        await audit.record(auditEntry(actor, id, "meeting.cancel"));
      }
      const [one] = meetingIds;
      if (one === undefined) throw notFound("A series with this meeting");
      await notifications.sendDue(one);
      return await viewAt(actor, one);
    },
  };
}
