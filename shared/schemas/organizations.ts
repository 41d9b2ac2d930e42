// Organisations and who belongs to them, as their administrators see them.
import { z } from "zod";
import { orgIdSchema, userIdSchema } from "../ids.ts";

/** The role whose holders administer the organisation. */
export const adminRole = "admin";

/** `pending`: invited, and has not accepted yet; `inactive`: shut out by the identity vendor, may come back. */
export const memberStateSchema = z.enum(["active", "inactive", "pending"]);
export type MemberState = z.infer<typeof memberStateSchema>;

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
