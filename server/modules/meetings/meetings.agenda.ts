// Meetings by their time: a person's calendar, the same as text for calendar programs, and what begins soon.
import type { UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { AgendaEntry, MeetingsService } from "./index.ts";
import { calendarOf, defaultDurationMinutes } from "./meetings.calendar.ts";
import { isWithin, openFor, type Reader } from "./meetings.isolation.ts";
import type { Notifications } from "./meetings.notifications.ts";
import type { MeetingQueries } from "./meetings.queries.ts";
import { toRecord } from "./meetings.presenter.ts";
import type { MeetingsRepository, StoredMeeting } from "./meetings.repository.ts";

const minuteMs = 60_000;
/** A meeting that began so long ago may still last. */
const longestMs = limits.meetingMaxDurationMinutes * minuteMs;

export function createAgenda({
  repository,
  loadPeople,
  allPlaces,
  notifications,
  organizations,
}: {
  repository: MeetingsRepository;
  organizations: Pick<OrganizationsService, "membersAmong">;
  loadPeople: MeetingQueries["loadPeople"];
  allPlaces: MeetingQueries["allPlaces"];
  notifications: Pick<Notifications, "calendarEvent">;
}): Pick<MeetingsService, "agenda" | "agendaText" | "planned"> {
  async function within(reader: Reader, period: { from: Date; to: Date }): Promise<StoredMeeting[]> {
    const places = await allPlaces(reader.userId);
    const guests = new Map(places.map(({ meetingId, guest }) => [meetingId, guest]));
    const from = new Date(period.from.getTime() - longestMs);
    const found = await repository.timedAmong([...guests.keys()], { from, to: period.to });
    return found
      .filter((meeting) => isWithin(meeting, guests.get(meeting.id) === true, reader))
      .filter((meeting) => {
        const { startsAt, endsAt } = timesOf(meeting) ?? {};
        return startsAt !== undefined && endsAt !== undefined && startsAt < period.to && period.from < endsAt;
      })
      .sort((a, b) => (a.scheduledAt?.getTime() ?? 0) - (b.scheduledAt?.getTime() ?? 0));
  }

  async function rolesIn(meetings: StoredMeeting[], userId: UserId) {
    const places = await repository.participantsOf(meetings.map(({ id }) => id));
    return new Map<string, MeetingRole>(
      places.filter((place) => place.userId === userId).map(({ meetingId, role }) => [meetingId, role]),
    );
  }

  return {
    async agenda(reader, period) {
      const found = await within(reader, period);
      const roles = await rolesIn(found, reader.userId);
      return found.flatMap((meeting): AgendaEntry[] => {
        const [times, myRole] = [timesOf(meeting), roles.get(meeting.id)];
        if (times === null || myRole === undefined) return [];
        return [{ id: meeting.id, title: meeting.title, state: meeting.state, myRole, ...times }];
      });
    },

    async agendaText(reader, period) {
      const found = await within(reader, period);
      const people = await loadPeople(found.map(({ organizerId }) => organizerId));
      return calendarOf(
        found.map((meeting) => ({
          ...notifications.calendarEvent(meeting, {
            organizerName: people.get(meeting.organizerId)?.displayName ?? "Somebody",
            reader: null,
          }),
          // The same text as long as nothing has changed.
          stamp: meeting.updatedAt,
        })),
        "PUBLISH",
        "Connvo",
      );
    },

    async *planned(period) {
      for await (const meeting of repository.plannedIn(period)) {
        const places = await repository.participants(meeting.id);
        yield toRecord(meeting, await openFor(meeting, places, organizations));
      }
    },
  };
}

function timesOf({ scheduledAt, startedAt, durationMinutes }: StoredMeeting) {
  const startsAt = scheduledAt ?? startedAt;
  if (startsAt === null) return null;
  return {
    startsAt,
    endsAt: new Date(startsAt.getTime() + (durationMinutes ?? defaultDurationMinutes) * minuteMs),
  };
}
