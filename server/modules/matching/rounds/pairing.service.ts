// Stored rounds as use cases: administrators plan, look, publish and leave out; members say whether they take part.
import { isOrgAdmin, type Actor } from "../../../../shared/actor.ts";
import { AppError, notFound } from "../../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import {
  pairingLimits,
  type ChangePairingGroup,
  type CreatePairingGroup,
  type OwnPairing,
  type PairingGroup,
  type PairingGroupList,
  type PairingRound,
  type PairingSchedule,
  type PairingStay,
} from "../../../../shared/schemas/matching-rounds.ts";
import type { AuditService } from "../../audit/index.ts";
import { nextRoundTimes } from "./calendar.ts";
import type { StoredGroup, StoredRound } from "./pairing.repository.ts";
import { fixedOf, groupView, listedGroup, ownView, previewOf } from "./pairing.views.ts";
import { planPairing } from "./plan-pairing.ts";
import { prepare } from "./preparing.ts";
import { createPublishing, type PublishingParts } from "./publishing.ts";

export interface PairingService {
  /** All but the last three for administrators of the organisation of the session: FORBIDDEN to others. */
  groups(actor: Actor): Promise<PairingGroupList>;
  /** Throws CONFLICT where there are too many, VALIDATION_ERROR where somebody is no member or no round is to come. */
  create(actor: Actor, input: CreatePairingGroup): Promise<PairingGroup>;
  /** Throws NOT_FOUND also for what belongs to another organisation, as all below. */
  group(actor: Actor, groupId: string): Promise<PairingGroup>;
  change(actor: Actor, groupId: string, input: ChangePairingGroup): Promise<PairingGroup>;
  round(actor: Actor, roundId: string): Promise<PairingRound>;
  /** Throws CONFLICT where the round is not what was seen any more. Repeated, it changes nothing. */
  publish(actor: Actor, roundId: string, fingerprint: string): Promise<PairingRound>;
  skip(actor: Actor, roundId: string): Promise<PairingGroup>;
  own(actor: Actor): Promise<OwnPairing>;
  /** Throws CONFLICT where there is no round that one could still stay out of. */
  stay(actor: Actor, groupId: string, stay: PairingStay): Promise<OwnPairing>;
  /** They are not here any more. May be repeated. */
  removePerson(orgId: OrgId, userId: UserId): Promise<void>;
  /** Takes up what a crash left. */
  start(): Promise<void>;
}

export function createPairingService(
  parts: PublishingParts & { audit: Pick<AuditService, "record"> },
): PairingService {
  const { repository, ports, clock, ids, audit } = parts;
  const publishing = createPublishing(parts);
  const seconds = parts.metrics.histogram(
    "pairing_plan_seconds",
    "Working out the pairs of one round, with reading what they depend on",
    [],
  );

  async function groupOf(orgId: OrgId | null, groupId: string): Promise<StoredGroup> {
    const group = await repository.group(groupId);
    if (group === null || group.orgId !== orgId) throw notFound("This group");
    return group;
  }

  async function roundOf(orgId: OrgId, roundId: string): Promise<{ group: StoredGroup; round: StoredRound }> {
    const round = await repository.round(roundId);
    if (round === null || round.orgId !== orgId) throw notFound("This round");
    return { round, group: await groupOf(orgId, round.groupId) };
  }

  async function view(group: StoredGroup): Promise<PairingGroup> {
    const [people, rounds] = await Promise.all([
      ports.membersAmong(
        group.orgId,
        group.members.map(({ userId }) => userId),
      ),
      repository.rounds(group.id, pairingLimits.historyRounds),
    ]);
    return groupView(group, people, rounds);
  }

  async function roundView(group: StoredGroup, round: StoredRound): Promise<PairingRound> {
    if (round.state === "planned") {
      const startedMs = clock.monotonicMs();
      const { request, people } = await prepare(parts, group, round);
      const made = { plan: planPairing(request), request, people };
      seconds.observe({}, (clock.monotonicMs() - startedMs) / 1_000);
      return previewOf(group, round, made);
    }
    return fixedOf(group, round, await ports.membersAmong(group.orgId, round.people));
  }

  async function assertMembers(orgId: OrgId, members: CreatePairingGroup["members"]): Promise<void> {
    const named = members.map(({ userId }) => userId);
    if ((await ports.membersAmong(orgId, named)).length < named.length)
      throw new AppError(
        "VALIDATION_ERROR",
        "Somebody who is named is no active member of the organisation.",
      );
  }

  function assertToCome(schedule: PairingSchedule): void {
    if (nextRoundTimes(schedule, clock.now()) === null)
      throw new AppError(
        "VALIDATION_ERROR",
        "The pairs of this round would have to be fixed already: choose a later day, or fix them closer to it.",
      );
  }

  async function recorded(
    actor: Actor,
    action: string,
    resource: { type: "pairing-group" | "pairing-round"; id: string },
    metadata: Record<string, string | number | boolean> = {},
  ): Promise<void> {
    await audit.record({
      actorUserId: actor.userId,
      resourceType: resource.type,
      resourceId: resource.id,
      action,
      outcome: "done",
      metadata,
    });
  }

  /** The round that comes goes with its group: to another time, away, or here. */
  async function follow(group: StoredGroup): Promise<void> {
    const [latest, before] = await repository.rounds(group.id, 2);
    const now = clock.now();
    if (latest?.state !== "planned") {
      await publishing.planNext(group);
      return;
    }
    const after = before === undefined ? now : new Date(Math.max(now.getTime(), before.publishAt.getTime()));
    const times = group.active ? nextRoundTimes(group.schedule, after) : null;
    if (times === null) {
      await repository.skipRound(latest.id, now);
      return;
    }
    const { startsAt, publishAt } = times;
    if (await repository.moveRound(latest.id, { startsAt, publishAt }, now))
      await publishing.schedule(group, { ...latest, startsAt, publishAt });
  }

  async function ownGroups(actor: Actor): Promise<StoredGroup[]> {
    if (actor.orgId === null || (await ports.membersAmong(actor.orgId, [actor.userId])).length === 0)
      return [];
    const all = await repository.groups(actor.orgId);
    return all.filter(
      ({ everybody, members }) => everybody || members.some(({ userId }) => userId === actor.userId),
    );
  }

  async function own(actor: Actor): Promise<OwnPairing> {
    const [groups, optOuts] = await Promise.all([ownGroups(actor), repository.optOutsOf(actor.userId)]);
    const views = await Promise.all(
      groups.map(async (group) => {
        const rounds = await repository.rounds(group.id, 3);
        const shown = rounds.flatMap(({ groups: pairs }) =>
          pairs.flatMap(({ people }) => (people.includes(actor.userId) ? people : [])),
        );
        const names = await ports.membersAmong(group.orgId, [...new Set(shown)]);
        const optOut = optOuts.find(({ groupId }) => groupId === group.id);
        return { active: group.active, view: ownView(actor.userId, group, rounds, { optOut, names }) };
      }),
    );
    // A group that rests shows only what is still to take place.
    return {
      groups: views
        .filter(({ active, view: { meeting } }) => active || meeting !== null)
        .map(({ view }) => view),
    };
  }

  return {
    async groups(actor) {
      const orgId = administered(actor);
      const groups = await repository.groups(orgId);
      return {
        groups: await Promise.all(
          groups.map(async (group) => listedGroup(group, await repository.rounds(group.id, 3))),
        ),
      };
    },

    async create(actor, input) {
      const orgId = administered(actor);
      if ((await repository.groups(orgId)).length >= pairingLimits.groups)
        throw new AppError("CONFLICT", `An organisation has at most ${pairingLimits.groups} groups.`);
      await assertMembers(orgId, input.members);
      assertToCome(input.schedule);
      const now = clock.now();
      const group: StoredGroup = {
        ...input,
        id: ids.objectId(),
        orgId,
        active: true,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await repository.insertGroup(group);
      await publishing.planNext(group);
      await recorded(actor, "pairing.create", { type: "pairing-group", id: group.id }, { kind: group.kind });
      return await view(group);
    },

    async group(actor, groupId) {
      return await view(await groupOf(administered(actor), groupId));
    },

    async change(actor, groupId, { version, kind, ...change }) {
      const orgId = administered(actor);
      const group = await groupOf(orgId, groupId);
      if (kind !== group.kind)
        throw new AppError("VALIDATION_ERROR", "A group stays of peers, or of coaching: make another one.");
      const known = new Set(group.members.map(({ userId }) => userId));
      await assertMembers(
        orgId,
        change.members.filter(({ userId }) => !known.has(userId)),
      );
      if (change.active && group.schedule !== change.schedule && change.schedule.everyWeeks > 0)
        assertToCome(change.schedule);
      if (!(await repository.changeGroup(groupId, version, change, clock.now())))
        throw new AppError("CONFLICT", "This group has changed meanwhile. Please load it again.");
      const changed = await groupOf(orgId, groupId);
      await follow(changed);
      await recorded(
        actor,
        "pairing.change",
        { type: "pairing-group", id: groupId },
        { active: changed.active },
      );
      return await view(changed);
    },

    async round(actor, roundId) {
      const { group, round } = await roundOf(administered(actor), roundId);
      return await roundView(group, round);
    },

    async publish(actor, roundId, fingerprint) {
      const orgId = administered(actor);
      const { group, round } = await roundOf(orgId, roundId);
      if (round.state === "skipped")
        throw new AppError("CONFLICT", "This round was left out: publish the one that comes.");
      if (round.state === "planned") {
        await publishing.lookAfter(round);
        await publishing.fix(group, round, fingerprint);
        await recorded(actor, "pairing.publish", { type: "pairing-round", id: roundId });
      }
      if (round.state !== "published") await publishing.makeSoon(roundId);
      return await roundView(group, (await roundOf(orgId, roundId)).round);
    },

    async skip(actor, roundId) {
      const { group } = await roundOf(administered(actor), roundId);
      if (!(await repository.skipRound(roundId, clock.now())))
        throw new AppError("CONFLICT", "Only a round whose pairs are not fixed yet can be left out.");
      await publishing.planNext(group);
      await recorded(actor, "pairing.skip", { type: "pairing-round", id: roundId });
      return await view(group);
    },

    own,

    async stay(actor, groupId, stay) {
      const group = (await ownGroups(actor)).find(({ id }) => id === groupId);
      if (group === undefined) throw notFound("This group");
      const [latest] = await repository.rounds(groupId, 1);
      const next = latest?.state === "planned" ? latest : null;
      if (stay === "next" && next === null) throw fixedAlready();
      if (stay === "in") await repository.removeOptOut(groupId, actor.userId);
      else
        await repository.setOptOut(
          {
            groupId,
            userId: actor.userId,
            always: stay === "always",
            round: stay === "next" && next !== null ? next.number : null,
          },
          clock.now(),
        );
      // Pairs that are being made at this moment are made anew, or were fixed before.
      const counted = next !== null && (await repository.touchRound(next.id, clock.now()));
      await recorded(actor, "pairing.stay", { type: "pairing-group", id: groupId }, { stay });
      if (stay === "next" && !counted) throw fixedAlready();
      return await own(actor);
    },

    removePerson: (orgId, userId) => repository.removePerson(orgId, userId),

    start: () => publishing.resume(),
  };
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}

function fixedAlready(): AppError {
  return new AppError(
    "CONFLICT",
    "The pairs of the round that comes are fixed already: cancel your call if you cannot come.",
  );
}
