// What the emulated WorkOS decides of organisations: who belongs to them in which role, and who is invited; without HTTP.
import { defaultRole, localOrganizationId } from "./access-token.ts";
import type { LocalInvitation, LocalMembership, LocalOrganization, LocalUser } from "./directory.ts";
import { ApiRefusal, notThere } from "./errors.ts";
import { presentInvitationEvent, presentMembership, presentOrganization } from "./present.ts";
import type { EmulatorState } from "./state.ts";

const dayMs = 24 * 60 * 60_000;
const maxInvitations = 5_000;

export type OrganizationsAuthority = ReturnType<typeof createOrganizations>;

export function createOrganizations(state: EmulatorState) {
  const { directory, clock, ids, emit, stampAfter } = state;
  const nowIso = () => clock.now().toISOString();
  const placesOf = (userId: string) =>
    [...directory.memberships.values()].filter((one) => one.userId === userId);

  async function keepChanged(membership: LocalMembership) {
    directory.memberships.set(membership.id, membership);
    await directory.save();
    await emit("organization_membership.updated", presentMembership(directory, membership));
    return membership;
  }

  function membershipOf(id: string): LocalMembership {
    const membership = directory.memberships.get(id);
    if (membership === undefined) throw notThere("Organization membership");
    return membership;
  }

  async function removeMembership(id: string): Promise<void> {
    const membership = membershipOf(id);
    directory.memberships.delete(id);
    await directory.save();
    const updatedAt = stampAfter(membership.updatedAt);
    await emit("organization_membership.deleted", presentMembership(directory, { ...membership, updatedAt }));
  }

  async function ensureMembership(
    userId: string,
    organizationId: string,
    role?: string,
  ): Promise<LocalMembership> {
    const known = placesOf(userId).find((one) => one.organizationId === organizationId);
    if (known !== undefined) {
      if (known.status === "active" && (role === undefined || role === known.role)) return known;
      const updatedAt = stampAfter(known.updatedAt);
      return await keepChanged({
        ...known,
        status: "active",
        role: role ?? known.role,
        updatedAt,
      });
    }
    // Never the id of a membership that was: for its receivers what is deleted stays deleted.
    const made: LocalMembership = {
      id: `om_${ids.secret(18)}`,
      userId,
      organizationId,
      role: role ?? defaultRole,
      status: "active",
      createdAt: nowIso(),
      updatedAt: nowIso(),
    };
    directory.memberships.set(made.id, made);
    await directory.save();
    const isOther = (one: LocalMembership) => one.organizationId === organizationId && one.id !== made.id;
    // Let in by another process at the same time: there is one place, which is theirs, and it has been told of.
    if (!directory.memberships.has(made.id) && placesOf(userId).some(isOther))
      return await ensureMembership(userId, organizationId, role);
    await emit("organization_membership.created", presentMembership(directory, made));
    return made;
  }

  async function keepInvitation(event: string, invitation: LocalInvitation): Promise<LocalInvitation> {
    const oldest = directory.invitations.keys().next();
    if (directory.invitations.size >= maxInvitations && oldest.done !== true) {
      directory.invitations.delete(oldest.value);
    }
    directory.invitations.set(invitation.id, invitation);
    await directory.save();
    await emit(`invitation.${event}`, presentInvitationEvent(invitation, clock.now()));
    return invitation;
  }

  function isOpen(invitation: LocalInvitation): boolean {
    return invitation.state === "pending" && Date.parse(invitation.expiresAt) > clock.now().getTime();
  }

  return {
    placesOf,
    ensureMembership,
    removeMembership,
    activePlacesOf: (userId: string) => placesOf(userId).filter(({ status }) => status === "active"),

    async ensureOrganization(name: string, givenId?: string): Promise<LocalOrganization> {
      const id = givenId ?? localOrganizationId(name);
      const known = directory.organizations.get(id);
      if (known !== undefined) return known;
      const organization = { id, name, createdAt: nowIso(), updatedAt: nowIso() };
      directory.organizations.set(id, organization);
      await directory.save();
      await emit("organization.created", presentOrganization(organization));
      return organization;
    },

    async renameOrganization(id: string, name: string): Promise<LocalOrganization> {
      const known = directory.organizations.get(id);
      if (known === undefined) throw notThere("Organization");
      const organization = { ...known, name, updatedAt: stampAfter(known.updatedAt) };
      directory.organizations.set(id, organization);
      await directory.save();
      await emit("organization.updated", presentOrganization(organization));
      return organization;
    },

    /** With its memberships. */
    async deleteOrganization(id: string): Promise<void> {
      const known = directory.organizations.get(id);
      if (known === undefined) throw notThere("Organization");
      for (const { id: membershipId, organizationId } of [...directory.memberships.values()]) {
        if (organizationId === id) await removeMembership(membershipId);
      }
      directory.organizations.delete(id);
      await directory.save();
      await emit(
        "organization.deleted",
        presentOrganization({ ...known, updatedAt: stampAfter(known.updatedAt) }),
      );
    },

    async createMembership(userId: string, organizationId: string, role?: string): Promise<LocalMembership> {
      if (!directory.users.has(userId)) throw notThere("User");
      if (!directory.organizations.has(organizationId)) throw notThere("Organization");
      return await ensureMembership(userId, organizationId, role);
    },

    async changeMembership(
      id: string,
      change: { role?: string; status?: LocalMembership["status"] },
    ): Promise<LocalMembership> {
      const known = membershipOf(id);
      return await keepChanged({ ...known, ...change, updatedAt: stampAfter(known.updatedAt) });
    },

    async invite(input: {
      email: string;
      organizationId: string;
      role: string | undefined;
      inviterUserId: string | null;
      days: number;
    }): Promise<LocalInvitation> {
      const { email, organizationId, inviterUserId } = input;
      if (!directory.organizations.has(organizationId)) throw notThere("Organization");
      const member = [...directory.memberships.values()].some(
        (one) => one.organizationId === organizationId && directory.users.get(one.userId)?.email === email,
      );
      if (member) {
        throw new ApiRefusal(422, "user_already_organization_member", "The user is a member already.");
      }
      const open = [...directory.invitations.values()].some(
        (one) => one.organizationId === organizationId && one.email === email && isOpen(one),
      );
      if (open) throw new ApiRefusal(422, "duplicate_invitation", "The address has been invited already.");
      return await keepInvitation("created", {
        id: `invitation_${ids.secret(18)}`,
        email,
        token: ids.secret(24),
        organizationId,
        role: input.role ?? defaultRole,
        state: "pending",
        inviterUserId,
        acceptedUserId: null,
        acceptedAt: null,
        revokedAt: null,
        expiresAt: new Date(clock.now().getTime() + input.days * dayMs).toISOString(),
        createdAt: nowIso(),
        updatedAt: nowIso(),
      });
    },

    async revokeInvitation(id: string): Promise<LocalInvitation> {
      const known = directory.invitations.get(id);
      if (known === undefined) throw notThere("Invitation");
      if (known.state !== "pending") {
        throw new ApiRefusal(400, "invite_not_pending", "The invitation is not pending any more.");
      }
      return await keepInvitation("revoked", {
        ...known,
        state: "revoked",
        revokedAt: nowIso(),
        updatedAt: stampAfter(known.updatedAt),
      });
    },

    invitationByToken(token: string): LocalInvitation | null {
      return [...directory.invitations.values()].find((one) => one.token === token) ?? null;
    },

    /** Null where the token opens nothing (any more). */
    openInvitation(token: string): LocalInvitation | null {
      const found = [...directory.invitations.values()].find((one) => one.token === token);
      return found !== undefined && isOpen(found) ? found : null;
    },

    /** Only whoever was invited can accept, as the address tells. */
    async acceptInvitation(invitation: LocalInvitation, user: LocalUser): Promise<LocalMembership> {
      if (invitation.email !== user.email) {
        throw new ApiRefusal(
          403,
          "invitation_email_mismatch",
          `This invitation is for ${invitation.email}: sign in with that address.`,
        );
      }
      const membership = await ensureMembership(user.id, invitation.organizationId, invitation.role);
      await keepInvitation("accepted", {
        ...invitation,
        state: "accepted",
        acceptedUserId: user.id,
        acceptedAt: nowIso(),
        updatedAt: stampAfter(invitation.updatedAt),
      });
      return membership;
    },
  };
}
