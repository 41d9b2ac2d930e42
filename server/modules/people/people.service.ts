// People as use cases: policy before data, one write for each fact, events and audit after it.
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { userIdSchema, type UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type {
  ConnectionAction,
  Person,
  PersonSummary,
  Profile,
  UpdateProfile,
} from "../../../shared/schemas/people.ts";
import { foldedWords } from "../../../shared/topics.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { ProfileRecord, UserRecord, UsersService } from "../users/index.ts";
import type { ConnectionsRepository } from "./connections.repository.ts";
import { connectionOf, isBlocked, otherOf, type Pair } from "./connections.ts";
import type { PeopleService } from "./index.ts";
import { maySeeGoals, maySeePerson } from "./people.policy.ts";

export interface PeopleOptions {
  repository: ConnectionsRepository;
  users: Pick<UsersService, "byIds" | "byWorkosIds" | "profiles">;
  organizations: Pick<OrganizationsService, "membersAmong" | "members">;
  meetings: Pick<MeetingsService, "sharesMeeting" | "separate">;
  bus: EventBus;
  audit: Pick<AuditService, "record">;
  metrics: Metrics;
  clock: Clock;
}

type Shown = ProfileRecord & { erased: boolean };

export function createPeopleModule(options: PeopleOptions): PeopleService {
  const { repository, users, organizations, meetings, bus, audit, clock } = options;
  const changes = options.metrics.counter(
    "connection_changes_total",
    "Requests for connections, answers to them, and blocks",
    ["action"],
  );

  /** In no order; nobody who was erased or closed their account. */
  async function load(ids: readonly UserId[]): Promise<Shown[]> {
    if (ids.length === 0) return [];
    const [people, profiles] = await Promise.all([users.byIds([...ids]), users.profiles.of(ids)]);
    const byId = new Map(profiles.map((profile) => [profile.userId, profile]));
    return people
      .filter(({ erasedAt, deletedAt }) => erasedAt === null && deletedAt === null)
      .map((person) => merged(person, byId.get(person.id)));
  }

  async function standingOf(actor: Actor, userId: UserId, pair: Pair | null) {
    const self = actor.userId === userId;
    const known = !self && (await organizations.membersAmong(actor.orgId, [userId])).has(userId);
    return {
      self,
      blocked: isBlocked(pair),
      connection: self ? ("self" as const) : connectionOf(pair, actor.userId),
      sharesOrganization: known,
      sharesMeeting: !self && !known && (await meetings.sharesMeeting(actor, userId)),
    };
  }

  async function visible(actor: Actor, userId: UserId) {
    const [pair, [shown]] = await Promise.all([repository.pair(actor.userId, userId), load([userId])]);
    const missing = notFound("This person");
    if (shown === undefined) throw missing;
    const standing = await standingOf(actor, userId, pair);
    if (!maySeePerson(standing)) throw missing;
    return { shown, standing };
  }

  async function summaries(reader: UserId, people: readonly Shown[]): Promise<PersonSummary[]> {
    const pairs = new Map(
      (
        await repository.pairs(
          reader,
          people.map(({ userId }) => userId),
        )
      ).map((pair) => [otherOf(pair, reader), pair]),
    );
    return people
      .filter(({ userId }) => !isBlocked(pairs.get(userId) ?? null))
      .map(({ userId, displayName, photo, interests, offers }) => ({
        userId,
        displayName,
        photo,
        interests,
        offers,
        connection: userId === reader ? "self" : connectionOf(pairs.get(userId) ?? null, reader),
      }));
  }

  async function listed(actor: Actor, kind: "incoming" | "outgoing" | "connected" | "blocked") {
    const pairs = await repository.ofKind(actor.userId, kind, limits.connectionsMaxItems);
    const ids = pairs.map((pair) => otherOf(pair, actor.userId));
    const people = new Map<UserId, Shown>();
    for (let start = 0; start < ids.length; start += peopleAtOnce)
      for (const shown of await load(ids.slice(start, start + peopleAtOnce))) people.set(shown.userId, shown);
    return ids.flatMap((id) => people.get(id) ?? []);
  }

  async function apply(actor: Actor, userId: UserId, action: ConnectionAction): Promise<void> {
    const [me, now] = [actor.userId, clock.now()];
    switch (action) {
      case "request": {
        const asked = await repository.ofKind(me, "outgoing", limits.connectionsMaxItems);
        if (asked.length >= limits.connectionsMaxItems) throw tooMany();
        // Whoever blocks in this moment is not there any more.
        if (!(await repository.ask(me, userId, now))) throw notFound("This person");
        return;
      }
      case "accept":
        if (!(await repository.accept(me, userId, now))) throw nothingToAnswer();
        return;
      case "decline":
        if (!(await repository.decline(me, userId, now))) throw nothingToAnswer();
        return;
      case "withdraw":
        return await repository.withdraw(me, userId, now);
      case "end":
        return await repository.end(me, userId, now);
      case "block": {
        const blocked = await repository.ofKind(me, "blocked", limits.connectionsMaxItems);
        if (blocked.length >= limits.connectionsMaxItems) throw tooMany();
        await repository.block(me, userId, now);
        return;
      }
      case "unblock":
        return await repository.unblock(me, userId, now);
    }
  }

  const service: PeopleService = {
    async ownProfile(actor) {
      const [shown] = await load([actor.userId]);
      if (shown === undefined) throw notFound("This person");
      return profileOf(shown);
    },

    async updateProfile(actor, change) {
      await users.profiles.change(actor.userId, tidied(change));
      bus.publish("profile.changed", { userId: actor.userId });
      return await service.ownProfile(actor);
    },

    async person(actor, userId): Promise<Person> {
      const { shown, standing } = await visible(actor, userId);
      return {
        ...profileOf(shown),
        goals: maySeeGoals(standing) ? shown.goals : null,
        connection: standing.connection,
      };
    },

    async search(actor, { q, limit, cursor }) {
      if (actor.orgId === null) return { items: [], nextCursor: null };
      const atOnce = Math.min(limit, peopleAtOnce);
      if (foldedWords(q).length === 0) {
        const after = cursor === undefined ? null : decodeCursor(cursor, memberCursor)[0];
        const { members, next } = await organizations.members(actor.orgId, { limit: atOnce, after });
        const people = await load((await users.byWorkosIds(members)).map(({ id }) => id));
        return {
          items: await summaries(actor.userId, people.sort(byName)),
          nextCursor: next === null ? null : encodeCursor([next]),
        };
      }
      const after = cursor === undefined ? null : decodeCursor(cursor, personCursor)[0];
      const { found, next } = await users.profiles.search(q, { limit: searchedAtOnce, after });
      const ids = found.map(({ userId }) => userId);
      const members = await organizations.membersAmong(actor.orgId, ids);
      const people = await load(ids.filter((id) => members.has(id)));
      return {
        items: await summaries(actor.userId, people.sort(byName)),
        nextCursor: next === null ? null : encodeCursor([next]),
      };
    },

    async connections(actor) {
      const [incoming, outgoing, connected, blocked] = await Promise.all([
        listed(actor, "incoming"),
        listed(actor, "outgoing"),
        listed(actor, "connected"),
        listed(actor, "blocked"),
      ]);
      const [asking, asked, known] = await Promise.all(
        [incoming, outgoing, connected].map((people) => summaries(actor.userId, people)),
      );
      return {
        incoming: asking ?? [],
        outgoing: asked ?? [],
        connected: known ?? [],
        blocked: blocked.map(({ userId, displayName }) => ({ userId, displayName })),
      };
    },

    async changeConnection(actor, userId, action) {
      if (actor.userId === userId) return await service.connections(actor);
      // What one has said oneself can be taken back, also of somebody who is not to be seen any more.
      const pair = await repository.pair(actor.userId, userId);
      const said = [...(pair?.askedBy ?? []), ...(pair?.blockedBy ?? [])].includes(actor.userId);
      if (!said) await visible(actor, userId);
      await apply(actor, userId, action);
      bus.publish("connection.changed", { userIds: [actor.userId, userId] });
      // Also where it was blocked before: a crash may have come between.
      if (action === "block") await meetings.separate(actor.userId, userId);
      changes.inc({ action });
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "connection",
        resourceId: userId,
        // Not how: whom somebody keeps away from is not for administrators.
        action: "connection.change",
        outcome: "done",
      });
      return await service.connections(actor);
    },
  };
  return service;
}

/** Ids that are asked for at once. */
const peopleAtOnce = 200;
/** Candidates of a search that one page looks at. */
const searchedAtOnce = 200;

const memberCursor = z.tuple([z.string().max(100)]);
const personCursor = z.tuple([userIdSchema]);

function merged(person: UserRecord, profile: ProfileRecord | undefined): Shown {
  return {
    bio: null,
    goals: null,
    experience: null,
    interests: [],
    offers: [],
    seeks: [],
    languages: [],
    workingHours: [],
    ...profile,
    userId: person.id,
    displayName: person.displayName,
    photo: person.photo,
    timeZone: person.timeZone,
    erased: person.erasedAt !== null,
  };
}

function profileOf({ erased: _erased, ...profile }: Shown): Profile {
  return profile;
}

/** An empty text says nothing. */
function tidied(change: UpdateProfile) {
  const texts = (["bio", "goals", "experience"] as const)
    .filter((name) => change[name] === "")
    .map((name) => [name, null]);
  return { ...(withoutUndefined(change) as Omit<UpdateProfile, never>), ...Object.fromEntries(texts) };
}

function withoutUndefined<Shape extends object>(shape: Shape): Partial<Shape> {
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== undefined),
  ) as Partial<Shape>;
}

function byName(a: Shown, b: Shown): number {
  return a.displayName.localeCompare(b.displayName) || (a.userId < b.userId ? -1 : 1);
}

function nothingToAnswer(): AppError {
  return new AppError("CONFLICT", "There is no request of this person to answer any more.");
}

function tooMany(): AppError {
  return new AppError(
    "CONFLICT",
    `There are ${limits.connectionsMaxItems} already, which is as many as can be: take some back first.`,
  );
}
