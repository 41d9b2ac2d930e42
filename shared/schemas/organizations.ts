// Organisations and who belongs to them, as their administrators see them.
import { z } from "zod";
import { orgIdSchema, userIdSchema } from "../ids.ts";
import { emailSchema, timestampSchema } from "./common.ts";

/** The role whose holders administer the organisation. */
export const adminRole = "admin";

/** `pending`: invited, and has not accepted yet; `inactive`: shut out by the identity vendor, may come back. */
export const memberStateSchema = z.enum(["active", "inactive", "pending"]);
export type MemberState = z.infer<typeof memberStateSchema>;

/** As the identity vendor names things: no character that means something in an address. */
export const vendorIdSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_-]+$/, "must be an id of the identity vendor");

/** A role's short name at the identity vendor. */
export const roleSchema = z
  .string()
  .max(50)
  .regex(/^[a-z0-9_-]+$/, "must be the short name of a role, such as member or admin");

export const memberSchema = z.object({
  /** The identity vendor's id of the membership. */
  id: z.string(),
  /** Null until the person is known here. */
  userId: userIdSchema.nullable(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: z.string(),
  state: memberStateSchema,
});
export type Member = z.infer<typeof memberSchema>;

export const organizationSchema = z.object({
  id: orgIdSchema,
  name: z.string(),
  members: z.array(memberSchema),
});
export type Organization = z.infer<typeof organizationSchema>;

export const changeMemberSchema = z.object({ role: roleSchema });

export const inviteMemberSchema = z.object({ email: emailSchema, role: roleSchema.default("member") });
export type InviteMember = z.infer<typeof inviteMemberSchema>;

export const pendingInvitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: z.string(),
  expiresAt: timestampSchema,
});
export type PendingInvitation = z.infer<typeof pendingInvitationSchema>;

/** An organisation that a person may be in. */
export const organizationChoiceSchema = z.object({
  id: orgIdSchema,
  name: z.string(),
  role: z.string(),
  current: z.boolean(),
});
export type OrganizationChoice = z.infer<typeof organizationChoiceSchema>;

export const switchOrganizationSchema = z.object({ organizationId: vendorIdSchema.pipe(orgIdSchema) });

/** One of the places where a person is signed in. */
export const signInSessionSchema = z.object({
  id: z.string(),
  current: z.boolean(),
  organizationName: z.string().nullable(),
  ipAddress: z.string().nullable(),
  /** As the browser named itself. */
  userAgent: z.string().nullable(),
  impersonator: z.string().nullable(),
  createdAt: timestampSchema,
});
export type SignInSession = z.infer<typeof signInSessionSchema>;
