// WorkOS's directory behind the identity port, through its own SDK.
import {
  SignatureVerificationException,
  type Event,
  type Invitation,
  type OrganizationMembership,
  type User,
  type WorkOS,
} from "@workos-inc/node";
import { z } from "zod";
import { AppError, notFound } from "../../../shared/errors.ts";
import {
  directoryEventSchema,
  type DirectoryEvent,
  type IdentityDirectory,
  type ReceivedWebhook,
  type VendorInvitation,
  type VendorMembership,
  type VendorUser,
} from "./directory-port.ts";
import { vendorError } from "./workos-errors.ts";

/** A delivery that is signed anew comes within seconds; a recorded one may be older, and is refused. */
const toleranceMs = 180_000;
const futureToleranceMs = 60_000;
const pageItems = 100;
const memberStatuses = ["active", "inactive", "pending"] as const;

/** What the events API is asked for; the rest has no consequence here. */
const eventNames = [
  "user.created",
  "user.updated",
  "user.deleted",
  "organization.created",
  "organization.updated",
  "organization.deleted",
  "organization_membership.created",
  "organization_membership.updated",
  "organization_membership.deleted",
  "session.revoked",
] as const;

export function createWorkosDirectory(workos: WorkOS): IdentityDirectory {
  const users = workos.userManagement;
  return {
    organization: (id) =>
      asked(async () => describeOrganization(await workos.organizations.getOrganization(id))),
    membershipsIn: (organizationId) =>
      asked(async () => {
        const pages = await users.listOrganizationMemberships({
          organizationId,
          statuses: [...memberStatuses],
        });
        return (await pages.autoPagination()).map(describeMembership);
      }),
    usersIn: (organizationId) =>
      asked(async () => {
        const pages = await users.listUsers({ organizationId });
        return (await pages.autoPagination()).map(describeUser);
      }),
    activeMembershipsOf: (userId) =>
      asked(async () => {
        const pages = await users.listOrganizationMemberships({ userId, statuses: ["active"] });
        return (await pages.autoPagination()).map(describeMembership);
      }),
    changeRole: (membershipId, role) =>
      asked(async () =>
        describeMembership(await users.updateOrganizationMembership(membershipId, { roleSlug: role })),
      ),
    removeMembership: (membershipId) => asked(() => users.deleteOrganizationMembership(membershipId)),

    invitationsTo: (organizationId) =>
      asked(async () => {
        const pages = await users.listInvitations({ organizationId });
        const all = (await pages.autoPagination()).map(describeInvitation);
        return all.filter(({ state }) => state === "pending");
      }),
    invite: ({ email, organizationId, role, inviterUserId }) =>
      asked(async () =>
        describeInvitation(
          await users.sendInvitation({ email, organizationId, roleSlug: role, inviterUserId }),
        ),
      ),
    invitation: (id) => asked(async () => describeInvitation(await users.getInvitation(id))),
    revokeInvitation: (id) =>
      asked(async () => {
        await users.revokeInvitation(id);
      }),

    deleteUser: (userId) => asked(() => users.deleteUser(userId)),

    sessionsOf: (userId) =>
      asked(async () => {
        const sessions = await (await users.listSessions(userId)).autoPagination();
        return sessions
          .filter(({ status }) => status === "active")
          .map((session) => ({
            id: session.id,
            organizationId: session.organizationId ?? null,
            ipAddress: session.ipAddress,
            userAgent: session.userAgent,
            impersonator: session.impersonator?.email ?? null,
            createdAt: new Date(session.createdAt),
          }));
      }),

    readWebhook: (received) => readWebhook(workos, received),

    events: ({ after, since }) =>
      asked(async () => {
        const { data } = await workos.events.listEvents({
          events: [...eventNames],
          limit: pageItems,
          order: "asc",
          ...(after === null ? { rangeStart: since.toISOString() } : { after }),
        });
        return data.map(describeEvent);
      }),
  };
}

async function readWebhook(
  workos: WorkOS,
  { body, header, secrets, now }: ReceivedWebhook,
): Promise<DirectoryEvent> {
  const stamp = /^t=(\d{10,15})\s*,\s*v1=[0-9a-f]{64}$/i.exec(header?.trim() ?? "")?.[1];
  if (header === undefined || stamp === undefined) throw forged();
  let event: Event | null = null;
  for (const secret of secrets) {
    try {
      event ??= await workos.webhooks.constructEvent({
        payload: body,
        sigHeader: header,
        secret,
        tolerance: toleranceMs,
      });
    } catch (error) {
      // Past the signature only what was signed can be at fault.
      if (!(error instanceof SignatureVerificationException)) throw malformed(error);
    }
  }
  if (event === null) throw forged();
  // The SDK bounds the stamp on one side only.
  if (
    Math.abs(Number(stamp) - now.getTime()) >
    (Number(stamp) > now.getTime() ? futureToleranceMs : toleranceMs)
  ) {
    throw forged();
  }
  try {
    return describeEvent(event);
  } catch (error) {
    throw malformed(error);
  }
}

/** Throws where the event is not what its name promises. */
export function describeEvent(event: Event): DirectoryEvent {
  const base = { id: event.id, createdAt: new Date(event.createdAt) };
  return directoryEventSchema.parse({ ...base, ...contentOf(event) });
}

function contentOf(event: Event): object {
  switch (event.event) {
    case "user.created":
    case "user.updated":
      return { kind: "user", user: describeUser(event.data) };
    case "user.deleted":
      return { kind: "user.deleted", userId: event.data.id };
    case "organization.created":
    case "organization.updated":
      return { kind: "organization", organization: describeOrganization(event.data) };
    case "organization.deleted":
      return { kind: "organization.deleted", organization: describeOrganization(event.data) };
    case "organization_membership.created":
    case "organization_membership.updated":
      return { kind: "membership", membership: describeMembership(event.data) };
    case "organization_membership.deleted":
      return { kind: "membership.deleted", membership: describeMembership(event.data) };
    case "session.revoked":
      return { kind: "session.revoked", sessionId: event.data.id, userId: event.data.userId };
    default:
      return { kind: "other", name: String((event as { event?: unknown }).event ?? "unknown") };
  }
}

function describeUser(user: User): VendorUser {
  const { id, email, emailVerified, firstName, lastName, updatedAt } = user;
  return {
    id,
    email: email.trim().toLowerCase(),
    emailVerified,
    firstName,
    lastName,
    updatedAt: new Date(updatedAt),
  };
}

function describeOrganization({ id, name, updatedAt }: { id: string; name: string; updatedAt: string }) {
  return { id, name, updatedAt: new Date(updatedAt) };
}

function describeMembership(membership: OrganizationMembership): VendorMembership {
  const { id, userId, organizationId, status, updatedAt } = membership;
  const name: string | undefined = membership.organizationName;
  return {
    id,
    userId,
    organizationId,
    organizationName: name ?? null,
    role: membership.role.slug,
    status,
    updatedAt: new Date(updatedAt),
  };
}

function describeInvitation(invitation: Invitation): VendorInvitation {
  const { id, email, state, organizationId, roleSlug, expiresAt, acceptInvitationUrl } = invitation;
  return {
    id,
    email,
    state,
    organizationId,
    role: roleSlug,
    expiresAt: new Date(expiresAt),
    acceptUrl: acceptInvitationUrl,
  };
}

const refusalSchema = z.object({ name: z.string(), message: z.string() });

async function asked<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const { name = "", message = "" } = refusalSchema.partial().safeParse(error).data ?? {};
    if (name === "NotFoundException") throw notFound("This member, invitation or organisation");
    if (["BadRequestException", "UnprocessableEntityException", "ConflictException"].includes(name)) {
      throw new AppError("CONFLICT", `The sign-in service refused this: ${message.slice(0, 200)}`, {
        cause: error,
      });
    }
    throw vendorError(error);
  }
}

function forged(): AppError {
  return new AppError(
    "UNAUTHENTICATED",
    "The signature is missing, wrong, or not of this moment: check the webhook's secret and both clocks.",
  );
}

function malformed(cause: unknown): AppError {
  return new AppError("MALFORMED_REQUEST", "The signed body is not an event of WorkOS.", { cause });
}
