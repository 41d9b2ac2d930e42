// Stored rounds among the other modules: who is in an organisation and when they have time, their meetings, and emails to them.
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import type { OrgId, UserId } from "../../shared/ids.ts";
import { defaultEmailLanguage } from "../../shared/schemas/languages.ts";
import { createMeetingSchema, type Meeting } from "../../shared/schemas/meetings.ts";
import { minutesPerDay, type WeekRange } from "../../shared/week.ts";
import type { AuditService } from "../modules/audit/index.ts";
import type { MailService } from "../modules/mail/index.ts";
import {
  createPairingModule,
  madeEmail,
  reminderEmail,
  toldOf,
  type PairingPerson,
  type PairingPorts,
  type PairingProfile,
} from "../modules/matching/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import type { OrganizationsService } from "../modules/organizations/index.ts";
import { createBlocks } from "../modules/people/index.ts";
import type { RatingsService } from "../modules/ratings/index.ts";
import { openTimes, union, without, type Scheduling } from "../modules/scheduling/index.ts";
import type { ProfileRecord, UserRecord, UsersService } from "../modules/users/index.ts";
import type { ProfileVectors } from "./profile-vectors.ts";
import type { Jobs } from "../jobs/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { EventBus } from "../platform/event-bus.ts";
import type { IdSource } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import type mongoose from "mongoose";

export interface PairingParts {
  connection: mongoose.Connection;
  connections: Parameters<typeof createBlocks>[0];
  users: Pick<UsersService, "byIds" | "byWorkosIds" | "profiles">;
  organizations: Pick<OrganizationsService, "members" | "membersAmong">;
  /** `busy` says what people have anywhere, as far as it is known. */
  meetings: Pick<MeetingsService, "create" | "record"> & Pick<Scheduling, "busy">;
  exceptionsOf: Scheduling["exceptionsOf"];
  vectorsOf: ProfileVectors;
  ratings: Pick<RatingsService, "scoresOf">;
  mail: Pick<MailService, "queue">;
  audit: Pick<AuditService, "record">;
  jobs: Jobs;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
  publicUrl(): string;
}

const atOnce = 200;
const minuteMs = 60_000;
/** The meetings exist for people alone, so nobody's session stands behind them. */
const noSession = "pairing";
const always: readonly WeekRange[] = weekOf([1, 2, 3, 4, 5, 6, 7], 0, minutesPerDay);
const officeHours: readonly WeekRange[] = weekOf([1, 2, 3, 4, 5], 9 * 60, 17 * 60);

/** Registers jobs, so it is called before the jobs start. */
export async function createPairing(parts: PairingParts) {
  const made = await createPairingModule({ ...parts, ports: createPairingPorts(parts) });
  parts.bus.subscribe("person.ended", ({ userId, orgId }) => {
    if (userId === null || orgId === null) return;
    made.pairing.removePerson(orgId, userId).catch((error: unknown) => {
      parts.logger.error(
        { error: error as Error },
        "somebody who left could not be taken out of their groups",
      );
    });
  });
  return made;
}

function createPairingPorts(parts: PairingParts): PairingPorts {
  const { users, organizations, meetings, ratings, mail, clock, publicUrl } = parts;
  const blocks = createBlocks(parts.connections);

  async function usersOf(userIds: readonly UserId[]): Promise<UserRecord[]> {
    const found = [];
    for (const some of pages(userIds)) found.push(...(await users.byIds(some)));
    return found.filter(isHere);
  }

  async function membersAmong(orgId: OrgId, userIds: readonly UserId[]): Promise<PairingPerson[]> {
    const found: PairingPerson[] = [];
    for (const some of pages([...new Set(userIds)])) {
      const active = await organizations.membersAmong(orgId, some);
      found.push(...(await usersOf(some.filter((id) => active.has(id)))).map(personOf));
    }
    return found;
  }

  return {
    membersAmong,

    async members(orgId, limit) {
      const found: PairingPerson[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof organizations.members>> = await organizations.members(orgId, {
          limit: atOnce,
          after,
        });
        found.push(...(await users.byWorkosIds(page.members)).filter(isHere).map(personOf));
        after = page.next;
      } while (after !== null && found.length < limit);
      return found.slice(0, limit);
    },

    async profiles(userIds, { from, to, timeZone, usualHours, orgId }) {
      const period = { startMs: from, endMs: to };
      const known = new Map<UserId, PairingProfile>();
      for (const some of pages(userIds)) {
        const [records, busy, exceptions] = await Promise.all([
          users.profiles.of(some),
          meetings.busy(some, { from: new Date(from), to: new Date(to) }),
          parts.exceptionsOf(some),
        ]);
        const byId = new Map(records.map((record) => [record.userId, record]));
        const told = records.map((record) => ({ userId: record.userId, orgId, texts: toldOf(record) }));
        const vectors = await parts.vectorsOf(told);
        for (const userId of some) {
          const profile = byId.get(userId);
          const week = hoursOf(profile, usualHours);
          const days = { week, exceptions: exceptions.get(userId) ?? [] };
          const open = openTimes({ timeZone: profile?.timeZone ?? timeZone, ...days }, period);
          known.set(userId, {
            languages: profile?.languages ?? [],
            interests: profile?.interests ?? [],
            offers: profile?.offers ?? [],
            seeks: profile?.seeks ?? [],
            vector: vectors.get(userId) ?? null,
            // A round asks nobody anew: what a profile says counts as said for it.
            saidAt: from,
            blockedWith: new Set(),
            available: without(open, union(busy.get(userId) ?? [])).map(({ startMs, endMs }) => ({
              from: startMs,
              to: endMs,
            })),
          });
        }
      }
      for (const { by, of } of await blocks.pairsAmong([...userIds])) {
        const profile = known.get(by);
        if (profile !== undefined)
          known.set(by, { ...profile, blockedWith: new Set([...profile.blockedWith, of]) });
      }
      return known;
    },

    blockedAmong: async (userIds) => (await blocks.pairsAmong([...userIds])).length > 0,

    async makeMeeting({ id, orgId, title, startsAt, durationMinutes, timeZone, people, hosts }) {
      const known = await meetings.record(id);
      const found = new Map((await usersOf(people)).map((person) => [person.id, person]));
      const [organizer, ...others] = people.flatMap((userId) => found.get(userId) ?? []);
      if (organizer === undefined || others.length + 1 < people.length)
        // Whoever is gone is in no meeting; one that was begun before belongs to whoever is left.
        return known === null ? "gone" : { startsAt: known.scheduledAt };
      // Once it is made its own time is taken by itself.
      const onlyIfFree = known === null && startsAt !== null;
      try {
        const made = await meetings.create(
          actorFor(organizer, orgId, clock.now()),
          createMeetingSchema.parse({
            title,
            ...(startsAt === null ? {} : { scheduledAt: startsAt.toISOString() }),
            durationMinutes,
            timeZone,
            onlyIfFree,
            template: hosts === 1 ? "grow" : "blank",
            participants: others.map(({ email }, index) => ({
              email,
              role: index + 1 < hosts ? "host" : "participant",
            })),
          }),
          { id },
        );
        // Whoever makes a meeting is not invited to it by email: here nobody has made it themselves.
        await mail.queue({
          key: `pairing-made:${id}`,
          kind: "pairing-reminder",
          meetingId: id,
          to: { userId: organizer.id, email: organizer.email, name: organizer.displayName },
          ...madeEmail({
            language: organizer.language ?? defaultEmailLanguage,
            timeZone: organizer.timeZone ?? timeZone,
            groupName: title,
            others: others.map(({ displayName }) => displayName),
            startsAt: timeOf(made),
            link: `${publicUrl()}/meetings/${id}`,
          }),
          attachments: [],
        });
        return { startsAt: timeOf(made) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code === "PERSON_UNAVAILABLE") return "gone";
        if (error.code !== "CONFLICT" || !onlyIfFree) throw error;
        const to = new Date(startsAt.getTime() + durationMinutes * minuteMs);
        const busy = [...(await meetings.busy(people, { from: startsAt, to })).values()].flat();
        if (busy.some(({ startMs, endMs }) => startMs < to.getTime() && startsAt.getTime() < endMs))
          return "taken";
        // Whoever holds it now has it planned in a moment, or has died.
        throw new AppError("UNAVAILABLE", "This time is being taken by somebody else. Please try again.", {
          cause: error,
          retryable: true,
        });
      }
    },

    async meeting(id) {
      const record = await meetings.record(id);
      if (record === null) return null;
      const came = new Set(
        record.participants.filter(({ everJoined }) => everJoined).map(({ userId }) => userId),
      );
      if (record.state === "cancelled") return { state: "cancelled", came };
      const later = record.scheduledAt !== null && record.scheduledAt > clock.now();
      return { state: record.state === "active" || later ? "planned" : "over", came };
    },

    scoresOf: (meetingIds) => ratings.scoresOf(meetingIds),

    async remind({ key, person, groupName, startsAt, fixedAt, timeZone }) {
      const { userId, email, name } = person;
      await mail.queue({
        key,
        // Then nobody can stay out any more.
        until: fixedAt,
        kind: "pairing-reminder",
        meetingId: null,
        to: { userId, email, name },
        ...reminderEmail({
          language: person.language ?? defaultEmailLanguage,
          timeZone: person.timeZone ?? timeZone,
          groupName,
          startsAt,
          fixedAt,
          link: `${publicUrl()}/match/rounds`,
        }),
        attachments: [],
      });
    },
  };
}

function hoursOf(profile: ProfileRecord | undefined, usualHours: boolean): readonly WeekRange[] {
  if (profile !== undefined && profile.workingHours.length > 0) return profile.workingHours;
  return usualHours ? officeHours : always;
}

function timeOf({ scheduledAt }: Meeting): Date | null {
  return scheduledAt === null ? null : new Date(scheduledAt);
}

function isHere({ deletedAt, erasedAt }: UserRecord): boolean {
  return deletedAt === null && erasedAt === null;
}

function personOf({ id, displayName, email, language, timeZone }: UserRecord): PairingPerson {
  return { userId: id, name: displayName, email, language, timeZone };
}

function actorFor({ id, email, displayName, orgRole }: UserRecord, orgId: OrgId, now: Date): Actor {
  return { userId: id, email, displayName, orgId, orgRole, sessionId: noSession, expiresAt: now };
}

function weekOf(weekdays: readonly number[], fromMinute: number, toMinute: number): WeekRange[] {
  return weekdays.map((weekday) => ({ weekday, fromMinute, toMinute }));
}

function pages<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / atOnce) }, (_, page) =>
    items.slice(page * atOnce, (page + 1) * atOnce),
  );
}
