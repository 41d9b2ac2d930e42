// People, organisations, memberships, invitations and sessions in the shapes of WorkOS's HTTP interface.
import type {
  LocalDirectory,
  LocalInvitation,
  LocalMembership,
  LocalOrganization,
  LocalSession,
  LocalUser,
} from "./directory.ts";

const sessionIdleMs = 30 * 24 * 60 * 60_000;

export function presentUser(user: LocalUser) {
  const words = user.name?.trim().split(/\s+/) ?? [];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return {
    object: "user",
    id: user.id,
    email: user.email,
    email_verified: true,
    name: user.name,
    first_name: words.length === 0 ? null : words.slice(0, Math.max(1, words.length - 1)).join(" "),
    last_name: last ?? null,
    profile_picture_url: null,
    last_sign_in_at: user.lastSignInAt,
    locale: null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    external_id: null,
    metadata: {},
  };
}

export function presentOrganization(organization: LocalOrganization) {
  return {
    object: "organization",
    id: organization.id,
    name: organization.name,
    domains: [],
    allow_profiles_outside_organization: true,
    external_id: null,
    metadata: {},
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
  };
}

export function presentMembership(directory: LocalDirectory, membership: LocalMembership) {
  return {
    object: "organization_membership",
    id: membership.id,
    user_id: membership.userId,
    organization_id: membership.organizationId,
    organization_name: directory.organizations.get(membership.organizationId)?.name ?? "",
    status: membership.status,
    role: { slug: membership.role },
    roles: [{ slug: membership.role }],
    directory_managed: false,
    custom_attributes: {},
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  };
}

/** Without its token: events and webhooks must not carry what opens the door. */
export function presentInvitationEvent(invitation: LocalInvitation, now: Date) {
  const expired = invitation.state === "pending" && Date.parse(invitation.expiresAt) <= now.getTime();
  return {
    object: "invitation",
    id: invitation.id,
    email: invitation.email,
    state: expired ? "expired" : invitation.state,
    accepted_at: invitation.acceptedAt,
    revoked_at: invitation.revokedAt,
    expires_at: invitation.expiresAt,
    organization_id: invitation.organizationId,
    inviter_user_id: invitation.inviterUserId,
    accepted_user_id: invitation.acceptedUserId,
    role_slug: invitation.role,
    created_at: invitation.createdAt,
    updated_at: invitation.updatedAt,
  };
}

export function presentInvitation(invitation: LocalInvitation, options: { now: Date; acceptUrl: string }) {
  return {
    ...presentInvitationEvent(invitation, options.now),
    token: invitation.token,
    accept_invitation_url: `${options.acceptUrl}?invitation_token=${encodeURIComponent(invitation.token)}`,
  };
}

export function presentSession(session: LocalSession, endedAt: string | null) {
  return {
    object: "session",
    id: session.id,
    user_id: session.userId,
    ip_address: session.ipAddress,
    user_agent: session.userAgent,
    ...(session.organizationId === null ? {} : { organization_id: session.organizationId }),
    ...(session.impersonator === null ? {} : { impersonator: session.impersonator }),
    auth_method: session.impersonator === null ? "magic_code" : "impersonation",
    status: endedAt === null ? "active" : "revoked",
    expires_at: new Date(Date.parse(session.refreshedAt) + sessionIdleMs).toISOString(),
    ended_at: endedAt,
    created_at: session.createdAt,
    updated_at: session.refreshedAt,
  };
}
