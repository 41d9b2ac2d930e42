// What the live queue asks of the rest of the product: who people are, who may meet whom, and the meeting of a match.
import type { Actor } from "../../../../shared/actor.ts";
import { AppError } from "../../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId, type OrgId, type UserId } from "../../../../shared/ids.ts";
import { createMeetingSchema } from "../../../../shared/schemas/meetings.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { MeetingsService } from "../../meetings/index.ts";
import type { OrganizationsService } from "../../organizations/index.ts";
import type { Blocks } from "../../people/index.ts";
import type { UserRecord, UsersService } from "../../users/index.ts";
import type { OutcomesRepository } from "./outcomes.repository.ts";
import type { Proposal, QueueRepository } from "./queue.repository.ts";
import type { QueuePorts } from "./queue.views.ts";

/** What people have at a time, here and, as far as it is known, elsewhere. */
export interface BusyTimes {
  busy(
    userIds: readonly UserId[],
    period: { from: Date; to: Date },
  ): Promise<Map<UserId, { startMs: number; endMs: number }[]>>;
}

export interface PortsOptions {
  repository: Pick<QueueRepository, "entry">;
  outcomes: Pick<OutcomesRepository, "reliability">;
  users: Pick<UsersService, "byIds" | "profiles">;
  blocks: Blocks;
  organizations: Pick<OrganizationsService, "membersAmong">;
  meetings: Pick<MeetingsService, "create" | "record"> & BusyTimes;
  /** What somebody tells of themselves as a vector of length 1; null where nothing may or can make one. */
  vectorOf(person: {
    userId: UserId;
    orgId: OrgId | null;
    texts: readonly string[];
  }): Promise<Float32Array | null>;
  /** How long a meeting of two takes. */
  meetingMinutes: number;
  clock: Clock;
}

const title = "Matched conversation";
/** The meeting exists for people alone, so nobody's session stands behind it. */
const noSession = "matching";

/** What likeness is judged by. */
export function toldOf(profile: {
  interests: readonly string[];
  offers: readonly string[];
  seeks: readonly string[];
  bio?: string | null | undefined;
  experience?: string | null | undefined;
}): string[] {
  const { interests, offers, seeks, bio, experience } = profile;
  return [...interests, ...offers, ...seeks, bio ?? "", experience ?? ""].filter((text) => text !== "");
}

export function createQueuePorts(
  options: PortsOptions,
): Omit<QueuePorts, "changed" | "happened" | "weightsOf"> {
  const { repository, outcomes, users, blocks, organizations, meetings, clock } = options;

  async function here(people: readonly UserId[]): Promise<Map<UserId, UserRecord>> {
    const found = await users.byIds([...people]);
    return new Map(
      found
        .filter(({ erasedAt, deletedAt }) => erasedAt === null && deletedAt === null)
        .map((person) => [person.id, person]),
    );
  }

  /** Whether they still are where they entered from. */
  async function belongs(userId: UserId): Promise<boolean> {
    const orgId = ((await repository.entry(userId))?.orgId ?? null) as OrgId | null;
    return orgId === null || (await organizations.membersAmong(orgId, [userId])).has(userId);
  }

  return {
    async profile(userId) {
      if (!(await here([userId])).has(userId)) return null;
      const [[profile], reliability, entry] = await Promise.all([
        users.profiles.of([userId]),
        outcomes.reliability(userId),
        repository.entry(userId),
      ]);
      const orgId = (entry?.orgId ?? null) as OrgId | null;
      const { interests = [], offers = [], seeks = [], languages = [], bio, experience } = profile ?? {};
      const texts = toldOf({ interests, offers, seeks, bio, experience });
      return {
        languages,
        interests,
        offers,
        seeks,
        vector: texts.length === 0 ? null : await options.vectorOf({ userId, orgId, texts }),
        ...reliability,
      };
    },

    async busy(userId, period) {
      const found = (await meetings.busy([userId], period)).get(userId) ?? [];
      return found.map(({ startMs, endMs }) => ({ from: startMs, to: endMs }));
    },

    blockedAmong: (userId, others) => blocks.among(userId, others),

    async mayMeet(one, other) {
      const [people, blocked] = await Promise.all([here([one, other]), blocks.among(one, [other])]);
      if (people.size < 2 || blocked.size > 0) return false;
      return (await Promise.all([one, other].map(belongs))).every(Boolean);
    },

    async meetingFor({ entryIds, people, plan }: Proposal) {
      const id = meetingIdSchema.parse(entryIds[0]);
      const both = await here(people);
      const organizer = both.get(plan.organizerId);
      const other = [...both.values()].find((person) => person.id !== plan.organizerId);
      // Whoever is gone is in no meeting; one that was begun before belongs to whoever is left.
      if (organizer === undefined || other === undefined) return await existing(id);
      try {
        await meetings.create(
          actorFor(organizer, plan.orgId as OrgId | null),
          createMeetingSchema.parse({
            title,
            scheduledAt: new Date(Math.max(plan.startsAt.getTime(), clock.now().getTime())).toISOString(),
            durationMinutes: options.meetingMinutes,
            template: plan.hosts.length === 1 ? "grow" : "blank",
            participants: [
              { email: other.email, role: plan.hosts.includes(other.id) ? "host" : "participant" },
            ],
          }),
          { id },
        );
        return id;
      } catch (error) {
        if (error instanceof AppError && error.code === "PERSON_UNAVAILABLE") return null;
        throw error;
      }
    },
  };

  async function existing(id: MeetingId): Promise<MeetingId | null> {
    return (await meetings.record(id)) === null ? null : id;
  }

  function actorFor({ id, email, displayName, orgRole }: UserRecord, orgId: OrgId | null): Actor {
    return {
      userId: id,
      email,
      displayName,
      orgId,
      orgRole,
      sessionId: noSession,
      expiresAt: clock.now(),
    };
  }
}
