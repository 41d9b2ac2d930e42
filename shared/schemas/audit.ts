// The audit log as an organisation's admins search and read it.
import { z } from "zod";
import { orgIdSchema, userIdSchema } from "../ids.ts";
import { emailSchema, pageOf, pageQuerySchema, timestampSchema } from "./common.ts";

/** `resource.verb`, as the product writes it. */
const actionSchema = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z-]*(\.[a-z][a-z-]*)+$/, "must be an action such as meeting.start");

export const auditFilterSchema = z.object({
  /** A person's id or email address. */
  person: z.union([userIdSchema, emailSchema]).optional(),
  action: actionSchema.optional(),
  resourceType: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z-]*$/, "must be a type such as meeting")
    .optional(),
  resourceId: z.string().min(1).max(200).optional(),
  outcome: z.enum(["done", "refused"]).optional(),
  /** Not before. */
  from: timestampSchema.optional(),
  /** Before. */
  to: timestampSchema.optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const auditQuerySchema = auditFilterSchema.extend(pageQuerySchema.shape);
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timestampSchema,
  orgId: orgIdSchema.nullable(),
  /** Null: the product itself, a vendor, or somebody who was not signed in. */
  person: z
    .object({ id: userIdSchema, displayName: z.string().nullable(), email: z.string().nullable() })
    .nullable(),
  impersonator: z.string().nullable(),
  apiKeyId: z.string().nullable(),
  action: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  outcome: z.enum(["done", "refused"]),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Its place in the chain; null for the second or two until it is sealed. */
  sequence: z.number().int().nullable(),
  hash: z.string().nullable(),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = pageOf(auditEntrySchema);
