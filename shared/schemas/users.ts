// People as the product shows them.
import { z } from "zod";
import { fileIdSchema, orgIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { requiredText, timeZoneSchema } from "./common.ts";
import { emailLanguageSchema } from "./languages.ts";

export const meSchema = z.object({
  id: userIdSchema,
  email: z.string(),
  displayName: z.string(),
  /** Names the person's photo as it is now, for its address; null where there is none. */
  photo: fileIdSchema.nullable(),
  orgId: orgIdSchema.nullable(),
  orgRole: z.string(),
  timeZone: z.string().nullable(),
  /** Of emails to them; null until they choose one. */
  language: emailLanguageSchema.nullable(),
  /** Decides for the whole installation. */
  operator: z.boolean(),
  /** Who is really there, in a session as this person. */
  impersonator: z.string().nullable(),
});
export type Me = z.infer<typeof meSchema>;

export const updateMeSchema = z
  .object({
    displayName: requiredText(limits.nameMaxChars),
    timeZone: timeZoneSchema,
    language: emailLanguageSchema,
  })
  .partial();
export type UpdateMe = z.infer<typeof updateMeSchema>;

/** Which parts run on real vendors and which on embedded defaults; the interface says so to people. */
export const statusSchema = z.object({
  signIn: z.enum(["local", "workos"]),
  store: z.enum(["embedded", "mongod", "mongodb"]),
  mail: z.enum(["outbox", "smtp"]),
  video: z.enum(["peer-to-peer", "stream"]),
  language: z.enum(["rules", "model"]),
  version: z.string(),
});
export type Status = z.infer<typeof statusSchema>;
