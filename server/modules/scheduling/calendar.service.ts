// One's own calendar as use cases: settings, the view of some days, the private feed, and the other calendar's busy times.
import { createHash } from "node:crypto";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { usualReminders, type CalendarSettings } from "../../../shared/schemas/calendar.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import { openTimes } from "./availability.ts";
import type { CalendarRecord, CalendarsRepository } from "./calendars.repository.mongo.ts";
import type { CalendarService } from "./index.ts";
import type { Interval } from "./intervals.ts";
import { overlaps } from "./taken-times.ts";

const dayMs = 24 * 60 * 60_000;
/** A day that is over everywhere. */
const overAfterMs = 2 * dayMs;
const feedDays = { back: 90, ahead: 365 } as const;

export interface CalendarParts {
  calendars: CalendarsRepository;
  people: Pick<PeopleService, "ownProfile">;
  users: Pick<UsersService, "byIds">;
  organizations: Pick<OrganizationsService, "membersAmong">;
  meetings: Pick<MeetingsService, "agenda" | "agendaText">;
  /** Has the other calendar read soon. */
  readSoon(userId: UserId, token: string): Promise<void>;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  ids: IdSource;
  /** 32 random bytes as base64url. */
  secret(): string;
  metrics: Metrics;
  publicUrl(): string;
}

export function createCalendarService(parts: CalendarParts): CalendarService {
  const { calendars, people, users, organizations, meetings, audit, clock, ids } = parts;
  const fetches = parts.metrics.counter("calendar_feed_fetches_total", "Fetches of private calendar feeds", [
    "outcome",
  ]);

  async function settings(userId: UserId): Promise<CalendarSettings> {
    return shown((await calendars.of([userId])).get(userId), clock.now());
  }

  async function record({ userId }: Actor, action: string): Promise<void> {
    await audit.record({
      actorUserId: userId,
      resourceType: "calendar",
      resourceId: userId,
      action,
      outcome: "done",
    });
  }

  /** Null where the person is gone, or belongs no more to the organisation from which they made the feed. */
  async function readerOf({
    userId,
    feed,
  }: CalendarRecord): Promise<{ userId: UserId; orgId: OrgId | null } | null> {
    const [person] = await users.byIds([userId]);
    if (feed === null || person === undefined) return null;
    if (person.deletedAt !== null || person.erasedAt !== null) return null;
    const { orgId } = feed;
    if (orgId !== null && !(await organizations.membersAmong(orgId, [userId])).has(userId)) return null;
    return { userId, orgId };
  }

  return {
    settings: ({ userId }) => settings(userId),

    async change({ userId }, change) {
      const days = change.exceptions?.filter((day) => !isOver(day.date, clock.now()));
      const kept = days === undefined ? change : { ...change, exceptions: days };
      await calendars.change(userId, kept, clock.now());
      return await settings(userId);
    },

    async view(actor, { from, to }) {
      const period = { startMs: Date.parse(from), endMs: Date.parse(to) };
      const [profile, found, agenda] = await Promise.all([
        people.ownProfile(actor),
        calendars.of([actor.userId]),
        meetings.agenda(actor, { from: new Date(period.startMs), to: new Date(period.endMs) }),
      ]);
      const own = found.get(actor.userId);
      const timeZone = profile.timeZone ?? "UTC";
      const week = profile.workingHours;
      const open = openTimes({ timeZone, week, exceptions: own?.exceptions ?? [] }, period);
      return {
        timeZone,
        hoursKnown: week.length > 0,
        meetings: agenda.map(({ startsAt, endsAt, ...meeting }) => ({
          ...meeting,
          startsAt: startsAt.toISOString(),
          endsAt: endsAt.toISOString(),
        })),
        busy: (own?.busy ?? []).filter((busy) => overlaps(busy, period)).map(iso),
        open: open.map(iso),
      };
    },

    async makeFeed(actor) {
      const secret = parts.secret();
      await calendars.setFeed(actor.userId, { hash: hashOf(secret), orgId: actor.orgId }, clock.now());
      return { url: `${parts.publicUrl()}/api/v1/calendar-feeds/${secret}.ics` };
    },

    async revokeFeed(actor) {
      if (await calendars.setFeed(actor.userId, null, clock.now()))
        await record(actor, "calendar.revoke-feed");
      return await settings(actor.userId);
    },

    async setBusyFrom({ userId }, address) {
      // What can be said at once is said at once; whether it leads anywhere is found out when it is read.
      if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ""))
        throw new AppError(
          "VALIDATION_ERROR",
          "This is not the address of a calendar: it begins with https://.",
        );
      const token = ids.uuid();
      await calendars.setSource(userId, { address, token }, clock.now());
      await parts.readSoon(userId, token);
      return await settings(userId);
    },

    async removeBusyFrom(actor) {
      if (await calendars.setSource(actor.userId, null, clock.now()))
        await record(actor, "calendar.remove-other");
      return await settings(actor.userId);
    },

    async feed(secret) {
      const found = await calendars.byFeed(hashOf(secret));
      const reader = found === null ? null : await readerOf(found);
      fetches.inc({ outcome: reader === null ? "unknown" : "given" });
      // One answer for everything: nobody learns whether there was one.
      if (reader === null) throw notFound("This calendar");
      // By days, so that the text is the same all day long where nothing changes.
      const today = Math.floor(clock.now().getTime() / dayMs) * dayMs;
      const text = await meetings.agendaText(reader, {
        from: new Date(today - feedDays.back * dayMs),
        to: new Date(today + feedDays.ahead * dayMs),
      });
      const bytes = Buffer.from(text);
      return {
        type: "text/calendar",
        name: "connvo.ics",
        bytes: bytes.length,
        version: createHash("sha256").update(bytes).digest("base64url").slice(0, 32),
        shown: false,
        freshSeconds: 0,
        async *read(range) {
          yield await Promise.resolve(
            range === undefined ? bytes : bytes.subarray(range.start, range.end + 1),
          );
        },
      };
    },
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

function isOver(date: string, now: Date): boolean {
  return Date.parse(date) + overAfterMs < now.getTime();
}

function shown(found: CalendarRecord | undefined, now: Date): CalendarSettings {
  const { exceptions = [], reminders = usualReminders, feed = null, source = null, busy = [] } = found ?? {};
  return {
    exceptions: exceptions
      .filter(({ date }) => !isOver(date, now))
      .map(({ date, ranges }) => ({ date, ranges: ranges.map((range) => ({ ...range })) })),
    reminders: [...reminders],
    feedSince: feed?.since.toISOString() ?? null,
    busyFrom:
      source === null
        ? null
        : {
            host: URL.canParse(source.address) ? new URL(source.address).hostname : "",
            readAt: source.readAt?.toISOString() ?? null,
            problem: source.problem,
            times: busy.length,
          },
  };
}

function iso({ startMs, endMs }: Interval) {
  return { startsAt: new Date(startMs).toISOString(), endsAt: new Date(endMs).toISOString() };
}
