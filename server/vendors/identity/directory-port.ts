// The identity port's second half: the vendor's people, organisations, memberships, invitations and sessions, and the events that tell of their changes.
import { z } from "zod";

const stamp = z.date();

export const vendorUserSchema = z.object({
  id: z.string().min(1),
  /** Lower-cased. */
  email: z.string(),
  emailVerified: z.boolean(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  updatedAt: stamp,
});
export type VendorUser = z.infer<typeof vendorUserSchema>;

export const vendorOrganizationSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  updatedAt: stamp,
});
export type VendorOrganization = z.infer<typeof vendorOrganizationSchema>;

export const vendorMembershipSchema = z.object({
  id: z.string().min(1),
  userId: z.string().min(1),
  organizationId: z.string().min(1),
  organizationName: z.string().nullable(),
  role: z.string(),
  status: z.enum(["active", "inactive", "pending"]),
  updatedAt: stamp,
});
export type VendorMembership = z.infer<typeof vendorMembershipSchema>;

export interface VendorInvitation {
  id: string;
  email: string;
  state: "pending" | "accepted" | "expired" | "revoked";
  organizationId: string | null;
  role: string | null;
  expiresAt: Date;
  /** Opens the invitation; for the local mode's email alone. */
  acceptUrl: string;
}

/** A session that lives. */
export interface VendorSessionInfo {
  id: string;
  organizationId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  impersonator: string | null;
  createdAt: Date;
}

const base = { id: z.string().min(1).max(200), createdAt: stamp };

/** What happened at the vendor. Deliveries repeat and overtake each other: `updatedAt` tells which state is newer. */
export const directoryEventSchema = z.discriminatedUnion("kind", [
  z.object({ ...base, kind: z.literal("user"), user: vendorUserSchema }),
  z.object({ ...base, kind: z.literal("user.deleted"), userId: z.string() }),
  z.object({ ...base, kind: z.literal("organization"), organization: vendorOrganizationSchema }),
  z.object({ ...base, kind: z.literal("organization.deleted"), organization: vendorOrganizationSchema }),
  z.object({ ...base, kind: z.literal("membership"), membership: vendorMembershipSchema }),
  z.object({ ...base, kind: z.literal("membership.deleted"), membership: vendorMembershipSchema }),
  z.object({ ...base, kind: z.literal("session.revoked"), sessionId: z.string(), userId: z.string() }),
  /** Told, and of no consequence here. */
  z.object({ ...base, kind: z.literal("other"), name: z.string() }),
]);
export type DirectoryEvent = z.infer<typeof directoryEventSchema>;

export interface ReceivedWebhook {
  /** Exactly the bytes that were signed. */
  body: Buffer;
  /** The signature's header as it came. */
  header: string | undefined;
  /** Any of these may have signed. */
  secrets: readonly string[];
  now: Date;
}

/** Every function throws VENDOR_ERROR where the vendor cannot be asked; ids it does not know are NOT_FOUND. */
export interface IdentityDirectory {
  organization(id: string): Promise<VendorOrganization>;
  /** All of its members, whatever their state. */
  membershipsIn(organizationId: string): Promise<VendorMembership[]>;
  usersIn(organizationId: string): Promise<VendorUser[]>;
  /** Where the person may go. */
  activeMembershipsOf(userId: string): Promise<VendorMembership[]>;
  changeRole(membershipId: string, role: string): Promise<VendorMembership>;
  removeMembership(membershipId: string): Promise<void>;

  /** The pending ones. */
  invitationsTo(organizationId: string): Promise<VendorInvitation[]>;
  /** Throws CONFLICT where the address belongs to a member, or is invited already. */
  invite(options: {
    email: string;
    organizationId: string;
    role: string;
    inviterUserId: string;
  }): Promise<VendorInvitation>;
  invitation(id: string): Promise<VendorInvitation>;
  /** Throws CONFLICT where it is not pending any more. */
  revokeInvitation(id: string): Promise<void>;

  sessionsOf(userId: string): Promise<VendorSessionInfo[]>;

  /** With their memberships, sessions, and the invitations to them. */
  deleteUser(userId: string): Promise<void>;

  /** Throws UNAUTHENTICATED where the signature is missing, wrong or of another time, MALFORMED_REQUEST. */
  readWebhook(received: ReceivedWebhook): Promise<DirectoryEvent>;
  /**
   * Events in order, at most 100, from the one behind `after`, else from `since` on. Throws NOT_FOUND where the event
   * named by `after` is not known any more.
   */
  events(from: { after: string | null; since: Date }): Promise<DirectoryEvent[]>;
}
