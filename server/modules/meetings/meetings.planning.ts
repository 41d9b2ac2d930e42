// A new meeting, or all those of a series, as they are written: whoever plans it is its host, the others are invited.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import { meetingIdSchema, type MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { CreateMeeting } from "../../../shared/schemas/meetings.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { Blocks } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import { fieldsOf } from "./meetings.fields.ts";
import { notTogether } from "./meetings.participants.ts";
import type { MeetingQueries } from "./meetings.queries.ts";
import type { NewMeeting, StoredMeeting, StoredSeries } from "./meetings.repository.ts";

export interface PlanningOptions {
  users: Pick<UsersService, "ensureByEmail">;
  loadPeople: MeetingQueries["loadPeople"];
  organizations: Pick<OrganizationsService, "membersAmong">;
  blocks: Blocks;
  clock: Clock;
  ids: IdSource;
}

/** One of several that are made together; without a time of its own it has that of the request. */
export interface PlannedCall {
  id?: MeetingId;
  scheduledAt?: Date;
  series?: StoredSeries;
}

export type Planning = ReturnType<typeof createPlanning>;

export function createPlanning({ users, loadPeople, organizations, blocks, clock, ids }: PlanningOptions) {
  return {
    /** Throws MEETING_FULL, PERSON_UNAVAILABLE; nothing is written but people who were not known yet. */
    async prepare(actor: Actor, input: CreateMeeting, calls: readonly PlannedCall[]): Promise<NewMeeting[]> {
      const now = clock.now();
      const invited = await Promise.all(
        [...new Map((input.participants ?? []).map((person) => [person.email, person])).values()].map(
          async ({ email, role }) => ({ userId: (await users.ensureByEmail(email)).id, role }),
        ),
      );
      // The organizer comes last into the map and wins over an invitation to their own address.
      const roles = new Map(
        [...invited, { userId: actor.userId, role: "host" as const }].map((one) => [one.userId, one.role]),
      );
      if (roles.size > limits.meetingMaxParticipants) {
        throw new AppError(
          "MEETING_FULL",
          `A meeting has at most ${limits.meetingMaxParticipants} participants.`,
        );
      }
      if ((await blocks.pairsAmong([...roles.keys()])).length > 0) throw notTogether();
      const fields = fieldsOf(input);
      const zone = fields.timeZone ?? (await loadPeople([actor.userId])).get(actor.userId)?.timeZone ?? null;
      const members = await organizations.membersAmong(actor.orgId, [...roles.keys()]);
      const people = [...roles].sort(([a], [b]) => Number(b === actor.userId) - Number(a === actor.userId));
      return calls.map(({ id, scheduledAt, series }): NewMeeting => {
        const meetingId = id ?? meetingIdSchema.parse(ids.objectId());
        const meeting: StoredMeeting = {
          id: meetingId,
          organizerId: actor.userId,
          orgId: actor.orgId,
          title: input.title,
          description: null,
          scheduledAt: null,
          durationMinutes: null,
          template: "grow",
          recapDelivery: "automatic",
          ...fields,
          ...(scheduledAt === undefined ? {} : { scheduledAt }),
          timeZone: zone,
          series: series ?? null,
          state: "scheduled",
          startedAt: null,
          endedAt: null,
          calendarSequence: 0,
          createdAt: now,
          updatedAt: now,
        };
        const participants = people.map(([userId, role]) => ({
          placeId: ids.objectId(),
          meetingId,
          userId,
          role,
          guest: actor.orgId !== null && userId !== actor.userId && !members.has(userId),
          presence: "invited" as const,
          joinedAt: null,
          leftAt: null,
          mailedSequence: null,
          createdAt: now,
        }));
        return {
          meeting,
          participants,
          hostCount: people.filter(([, role]) => role === "host").length,
          mailToken: people.length > 1 ? ids.uuid() : null,
        };
      });
    },
  };
}
