// Emails as the outbox page shows them.
import { z } from "zod";
import { mailIdSchema, meetingIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const mailKindSchema = z.enum([
  "invitation",
  "update",
  "cancellation",
  "reminder",
  "recap",
  "organization-invitation",
  "application-reminder",
  "pairing-reminder",
]);
export type MailKind = z.infer<typeof mailKindSchema>;

/** Kinds that a person can switch off; the others belong to something that somebody waits for. */
export const mailListSchema = z.enum(["recap"]);
export type MailList = z.infer<typeof mailListSchema>;

/**
 * `kept`: no SMTP server is configured, the email stays readable here and was not sent anywhere. `unsubscribed`: the
 * person has switched off emails of its kind. `bounced`: the address does not take emails, or has not taken this one.
 */
export const mailStatusSchema = z.enum(["queued", "kept", "sent", "failed", "unsubscribed", "bounced"]);
export type MailStatus = z.infer<typeof mailStatusSchema>;

export const mailSummarySchema = z.object({
  id: mailIdSchema,
  kind: mailKindSchema,
  meetingId: meetingIdSchema.nullable(),
  toEmail: z.string(),
  toName: z.string().nullable(),
  subject: z.string(),
  status: mailStatusSchema,
  attempts: z.number().int(),
  createdAt: timestampSchema,
  sentAt: timestampSchema.nullable(),
});
export type MailSummary = z.infer<typeof mailSummarySchema>;

export const mailSchema = mailSummarySchema.extend({
  html: z.string(),
  text: z.string(),
  attachments: z.array(
    z.object({ filename: z.string(), contentType: z.string(), sizeBytes: z.number().int() }),
  ),
});
export type Mail = z.infer<typeof mailSchema>;

/** What a person has said about emails, and how their address stands. */
export const mailSettingsSchema = z.object({
  lists: z.array(z.object({ list: mailListSchema, subscribed: z.boolean() })),
  /** Since when nothing goes to their address, as it was refused for good; null where it takes emails. */
  bouncedAt: timestampSchema.nullable(),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;

export const changeMailListSchema = z.object({ list: mailListSchema, subscribed: z.boolean() });

/** As in an email's link; says whose and which, and that we have made it. */
export const unsubscribeTokenSchema = z.string().regex(/^[A-Za-z0-9._-]{20,200}$/);

/** A delivery status notification as it came, with its headers: RFC 3464. */
export const bounceReportSchema = z.object({ message: z.string().min(1).max(200_000) });
