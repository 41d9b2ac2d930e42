// Feature flags as operators see and change them, and as clients are told of them.
import { z } from "zod";
import { clientFlagKeys, flagKeys } from "../flags.ts";
import { orgIdSchema, userIdSchema } from "../ids.ts";
import { emailSchema, timestampSchema } from "./common.ts";

const targetsMax = 200;

export const flagKeySchema = z.enum(flagKeys);

export const flagSettingsSchema = z.object({
  /** False: off for everybody but those that it is on for by name. */
  on: z.boolean(),
  /** While it is on: for how many of its subjects. */
  percentage: z.number().min(0).max(100),
  onForOrganizations: z.array(orgIdSchema).max(targetsMax),
  offForOrganizations: z.array(orgIdSchema).max(targetsMax),
  /** Email addresses; people come before organisations. */
  onForPeople: z.array(emailSchema).max(targetsMax),
  offForPeople: z.array(emailSchema).max(targetsMax),
});
export type FlagSettings = z.infer<typeof flagSettingsSchema>;

export const changeFlagSchema = flagSettingsSchema.partial().extend({
  /** As it was read: somebody else's change in between is a CONFLICT. 0 where nobody has decided yet. */
  version: z.number().int().min(0),
});
export type ChangeFlag = z.infer<typeof changeFlagSchema>;

export const flagSchema = z.object({
  key: z.string(),
  description: z.string(),
  owner: z.string(),
  default: z.boolean(),
  expiresOn: z.string(),
  expired: z.boolean(),
  subject: z.enum(["person", "meeting"]),
  /** Null while nobody has decided: the default counts. */
  settings: flagSettingsSchema.nullable(),
  version: z.number().int(),
  updatedAt: timestampSchema.nullable(),
});
export type Flag = z.infer<typeof flagSchema>;

export const flagListSchema = z.object({ environment: z.string(), flags: z.array(flagSchema) });

export const flagHistorySchema = z.object({
  items: z.array(
    z.object({
      at: timestampSchema,
      person: z.object({ id: userIdSchema, displayName: z.string().nullable() }).nullable(),
      metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});
export type FlagHistory = z.infer<typeof flagHistorySchema>;

/** How a flag stands for one organisation, for its administrators. */
export const organizationFlagsSchema = z.object({
  flags: z.array(
    z.object({
      key: z.string(),
      description: z.string(),
      state: z.enum(["on", "off", "for-some"]),
      percentage: z.number(),
    }),
  ),
});

export const clientFlagsSchema = z.record(z.enum(clientFlagKeys), z.boolean());
export type ClientFlags = z.infer<typeof clientFlagsSchema>;
