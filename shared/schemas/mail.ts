// Emails as the outbox page shows them.
import { z } from "zod";
import { mailIdSchema, meetingIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const mailKindSchema = z.enum([
  "invitation",
  "update",
  "cancellation",
  "recap",
  "organization-invitation",
]);
export type MailKind = z.infer<typeof mailKindSchema>;

/** `kept`: no SMTP server is configured, the email stays readable here and was not sent anywhere. */
export const mailStatusSchema = z.enum(["queued", "kept", "sent", "failed"]);
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
