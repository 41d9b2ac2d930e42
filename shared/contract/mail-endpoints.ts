// The rows of the REST table for emails: one's outbox, which of them one wants, and the link that ends them.
import { z } from "zod";
import { mailIdSchema } from "../ids.ts";
import { pageOf, pageQuerySchema } from "../schemas/common.ts";
import {
  bounceReportSchema,
  changeMailListSchema,
  mailSchema,
  mailSettingsSchema,
  mailSummarySchema,
} from "../schemas/mail.ts";
import { endpoint } from "./endpoint.ts";

/** Whether it is one of ours is for the page to say, in words: links are cut off on their way. */
const link = z.object({ token: z.string().min(1).max(300) });
const page = { response: z.string(), contentType: "text/html; charset=utf-8" } as const;

export const mailEndpoints = {
  listMail: endpoint({
    method: "GET",
    path: "/api/v1/outbox",
    access: "signed-in",
    summary: "Emails addressed to oneself",
    query: pageQuerySchema,
    response: pageOf(mailSummarySchema),
  }),
  getMail: endpoint({
    method: "GET",
    path: "/api/v1/outbox/:mailId",
    access: "signed-in",
    summary: "One email, as it was or would be sent",
    params: z.object({ mailId: mailIdSchema }),
    response: mailSchema,
  }),
  getMailAttachment: endpoint({
    method: "GET",
    path: "/api/v1/outbox/:mailId/attachments/:index",
    access: "signed-in",
    summary: "An attachment of an email",
    params: z.object({ mailId: mailIdSchema, index: z.coerce.number().int().min(0).max(20) }),
    response: z.string(),
    contentType: "text/calendar; charset=utf-8",
  }),
  mailSettings: endpoint({
    method: "GET",
    path: "/api/v1/me/emails",
    access: "signed-in",
    summary: "Which kinds of email one gets, and whether one's address takes any",
    response: mailSettingsSchema,
  }),
  changeMailList: endpoint({
    method: "PATCH",
    path: "/api/v1/me/emails",
    access: "signed-in",
    summary: "Switch a kind of email on or off",
    body: changeMailListSchema,
    response: mailSettingsSchema,
  }),
  retryMailAddress: endpoint({
    method: "POST",
    path: "/api/v1/me/emails/address",
    access: "signed-in",
    summary: "Have emails sent to one's address again, which had been refused for good",
    response: mailSettingsSchema,
  }),
  unsubscribePage: endpoint({
    method: "GET",
    path: "/unsubscribe/:token",
    access: "public",
    summary: "The page behind an email's link: asks before it changes anything, as programs open links, too",
    params: link,
    ...page,
  }),
  unsubscribe: endpoint({
    method: "POST",
    path: "/unsubscribe/:token",
    access: "public",
    summary: "End emails of a kind in one click, without signing in (RFC 8058); the body does not matter",
    params: link,
    ...page,
  }),
  resubscribe: endpoint({
    method: "POST",
    path: "/unsubscribe/:token/again",
    access: "public",
    summary: "Take that back",
    params: link,
    ...page,
  }),
  mailBounceWebhook: endpoint({
    method: "POST",
    path: "/webhooks/mail-bounces",
    access: "webhook",
    signatureHeader: "connvo-signature",
    summary: "A delivery status notification (RFC 3464) that came back for an email",
    body: bounceReportSchema,
    response: z.object({ recorded: z.number().int() }),
  }),
} as const;
