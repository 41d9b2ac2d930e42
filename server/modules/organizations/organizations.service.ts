// Organisations as use cases: what administrators see and decide, done at the identity vendor and kept here at once.
import type mongoose from "mongoose";
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { orgIdSchema, type OrgId } from "../../../shared/ids.ts";
import { defaultEmailLanguage } from "../../../shared/schemas/languages.ts";
import { adminRole, type Member, type PendingInvitation } from "../../../shared/schemas/organizations.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { IdentityDirectory, VendorInvitation } from "../../vendors/identity/index.ts";
import type { AuditEntry, AuditService } from "../audit/index.ts";
import type { MailService } from "../mail/index.ts";
import type { UsersService } from "../users/index.ts";
import { invitationEmail } from "./invitation-email.ts";
import type { OrganizationsService } from "./index.ts";
import { createKeeping } from "./organizations.keeping.ts";
import type { OrganizationsRepository, StoredMembership } from "./organizations.repository.ts";
import { createOrganizationsRepository } from "./organizations.repository.mongo.ts";

const membersShown = 1_000;

export interface OrganizationsOptions {
  directory: IdentityDirectory;
  users: UsersService;
  audit: AuditService;
  bus: EventBus;
  /** Set where the vendor sends no emails itself: invitations then go out as ours. */
  mail: MailService | null;
  clock: Clock;
  logger: Logger;
}

export async function createOrganizationsModule({
  connection,
  ...options
}: OrganizationsOptions & { connection: mongoose.Connection }): Promise<OrganizationsService> {
  return createOrganizationsService({
    ...options,
    repository: await createOrganizationsRepository(connection),
  });
}

export function createOrganizationsService(
  options: OrganizationsOptions & { repository: OrganizationsRepository },
): OrganizationsService {
  const { repository, directory, users, audit, bus, mail, clock } = options;
  const keeping = createKeeping(options);

  async function membersOf(orgId: OrgId): Promise<StoredMembership[]> {
    return (await repository.membersOf(orgId, membersShown)).filter(({ state }) => state !== "deleted");
  }

  async function present(memberships: StoredMembership[]): Promise<Member[]> {
    const people = new Map(
      (await users.byWorkosIds(memberships.map(({ workosUserId }) => workosUserId))).map((person) => [
        person.workosUserId,
        person,
      ]),
    );
    return memberships
      .flatMap(({ id, workosUserId, role, state }) => {
        if (state === "deleted") return [];
        const person = people.get(workosUserId);
        return {
          id,
          userId: person?.id ?? null,
          displayName: person?.displayName ?? "Somebody who was not here yet",
          email: person?.email ?? null,
          role,
          state,
        };
      })
      .sort((a, b) => a.displayName.localeCompare(b.displayName));
  }

  /** Somebody else's membership is answered like one that does not exist. */
  async function ownMember(orgId: OrgId, membershipId: string): Promise<StoredMembership> {
    const membership = await repository.membership(membershipId);
    if (membership === null || membership.orgId !== orgId || membership.state === "deleted") {
      throw notFound("This member");
    }
    return membership;
  }

  async function assertOtherAdmin(orgId: OrgId, except: StoredMembership): Promise<void> {
    if (except.role !== adminRole) return;
    const others = (await membersOf(orgId)).some(
      ({ id, role, state }) => id !== except.id && role === adminRole && state === "active",
    );
    if (others) return;
    throw new AppError("CONFLICT", "An organisation needs an administrator: make somebody else one first.");
  }

  const record = (
    actor: Actor,
    entry: Pick<AuditEntry, "resourceType" | "resourceId" | "action" | "metadata">,
  ) => audit.record({ actorUserId: actor.userId, outcome: "done", ...entry });

  return {
    ...keeping,

    async overview(actor) {
      const orgId = administered(actor);
      await keeping.known(orgId);
      const organization = await repository.organization(orgId);
      return {
        id: orgId,
        name: organization?.name ?? orgId,
        members: await present(await membersOf(orgId)),
      };
    },

    async changeRole(actor, membershipId, role) {
      const orgId = administered(actor);
      const membership = await ownMember(orgId, membershipId);
      if (role !== adminRole) await assertOtherAdmin(orgId, membership);
      const changed = await directory.changeRole(membershipId, role);
      await keeping.apply({ id: "here", createdAt: clock.now(), kind: "membership", membership: changed });
      bus.publish("people.changed", { workosUserId: membership.workosUserId });
      await record(actor, {
        resourceType: "membership",
        resourceId: membershipId,
        action: "membership.change-role",
        metadata: { orgId, from: membership.role, to: role },
      });
      const [member] = await present([(await repository.membership(membershipId)) ?? membership]);
      if (member === undefined) throw notFound("This member");
      return member;
    },

    async remove(actor, membershipId) {
      const orgId = administered(actor);
      const membership = await ownMember(orgId, membershipId);
      await assertOtherAdmin(orgId, membership);
      await directory.removeMembership(membershipId);
      await repository.keepMembership(
        { ...membership, state: "deleted", vendorUpdatedAt: clock.now() },
        clock.now(),
      );
      await record(actor, {
        resourceType: "membership",
        resourceId: membershipId,
        action: "membership.remove",
        metadata: { orgId },
      });
      return { workosUserId: membership.workosUserId, orgId };
    },

    async invitations(actor) {
      const found = await directory.invitationsTo(administered(actor));
      return found.map(presentInvitation);
    },

    async invite(actor, { email, role }) {
      const orgId = administered(actor);
      const [inviter] = await users.byIds([actor.userId]);
      if (inviter?.workosUserId === undefined || inviter.workosUserId === null) throw notFound("This person");
      const invitation = await directory.invite({
        email,
        role,
        organizationId: orgId,
        inviterUserId: inviter.workosUserId,
      });
      if (mail !== null) {
        const organization = (await repository.organization(orgId))?.name ?? orgId;
        // Of whoever is invited, if they are known here; else of whoever invites them.
        const language = (await users.byEmail(email))?.language ?? inviter.language ?? defaultEmailLanguage;
        await mail.queue({
          key: `organization-invitation/${invitation.id}`,
          kind: "organization-invitation",
          meetingId: null,
          to: { userId: null, email, name: null },
          ...invitationEmail({
            language,
            organization,
            inviter: inviter.displayName,
            link: invitation.acceptUrl,
          }),
          attachments: [],
        });
      }
      await record(actor, {
        resourceType: "organization",
        resourceId: orgId,
        action: "organization.invite",
        metadata: { invitationId: invitation.id, role },
      });
      return presentInvitation(invitation);
    },

    async revokeInvitation(actor, invitationId) {
      const orgId = administered(actor);
      const invitation = await directory.invitation(invitationId);
      if (invitation.organizationId !== orgId) throw notFound("This invitation");
      await directory.revokeInvitation(invitationId);
      await record(actor, {
        resourceType: "organization",
        resourceId: orgId,
        action: "organization.revoke-invitation",
        metadata: { invitationId },
      });
    },

    async membersAmong(orgId, userIds) {
      if (orgId === null) return new Set();
      const people = await users.byIds(userIds);
      const byWorkosId = new Map(people.map(({ id, workosUserId }) => [workosUserId, id]));
      const linked = people.flatMap(({ workosUserId }) => workosUserId ?? []);
      const members = await repository.activeAmong(orgId, linked);
      return new Set(members.flatMap((workosUserId) => byWorkosId.get(workosUserId) ?? []));
    },

    async members(orgId, { limit, after }) {
      const found = await repository.activeMembers(orgId, { limit: limit + 1, after });
      const page = found.slice(0, limit);
      return {
        members: page.map(({ workosUserId }) => workosUserId),
        next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },

    async choices(actor) {
      const [person] = await users.byIds([actor.userId]);
      if (person?.workosUserId === undefined || person.workosUserId === null) return [];
      const places = await directory.activeMembershipsOf(person.workosUserId);
      return places
        .map(({ organizationId, organizationName, role }) => ({
          id: orgIdSchema.parse(organizationId),
          name: organizationName ?? organizationId,
          role,
          current: organizationId === actor.orgId,
        }))
        .sort((a, b) => a.name.localeCompare(b.name));
    },
  };
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}

function presentInvitation({ id, email, role, expiresAt }: VendorInvitation): PendingInvitation {
  return { id, email, role: role ?? "member", expiresAt: expiresAt.toISOString() };
}
