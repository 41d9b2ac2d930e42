// Keys with which machines act for an organisation.
import { z } from "zod";
import { apiKeyIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { requiredText, timestampSchema } from "./common.ts";

/** What a key may be made for; each endpoint names the one that opens it, and is closed to keys where it names none. */
export const apiScopes = [
  "meetings:read",
  "meetings:write",
  "transcripts:read",
  "transcripts:write",
  "notes:read",
  "recaps:read",
  "audit:read",
] as const;
export const apiScopeSchema = z.enum(apiScopes);
export type ApiScope = z.infer<typeof apiScopeSchema>;

export const createApiKeySchema = z.object({
  name: requiredText(limits.nameMaxChars),
  scopes: z
    .array(apiScopeSchema)
    .min(1)
    .max(apiScopes.length)
    .transform((scopes) => [...new Set(scopes)]),
  /** Without one the key is good until it is revoked. */
  expiresAt: timestampSchema.optional(),
});
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

export const apiKeySchema = z.object({
  id: apiKeyIdSchema,
  name: z.string(),
  /** How the key begins, for telling keys apart. */
  prefix: z.string(),
  scopes: z.array(apiScopeSchema),
  createdBy: userIdSchema,
  createdByName: z.string(),
  createdAt: timestampSchema,
  lastUsedAt: timestampSchema.nullable(),
  expiresAt: timestampSchema.nullable(),
  revokedAt: timestampSchema.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** The secret is told here and never again. */
export const createdApiKeySchema = apiKeySchema.extend({ secret: z.string() });
