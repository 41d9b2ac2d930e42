// The ways to emails: outside any meeting, and by links that need no sign-in.
import type { mailEndpoints } from "../../../shared/contract/mail-endpoints.ts";
import type { OpenRow, WebhookRow } from "./table.ts";

export const openMailEndpoints = {
  listMail: { path: "/api/v1/outbox", told: true },
  getMail: { path: ({ mailId }) => `/api/v1/outbox/${mailId}`, owner: "participant" },
  getMailAttachment: {
    path: ({ mailId }) => `/api/v1/outbox/${mailId}/attachments/0`,
    owner: "participant",
  },
  mailSettings: { path: "/api/v1/me/emails" },
  changeMailList: { path: "/api/v1/me/emails", body: { list: "recap", subscribed: true } },
  retryMailAddress: { path: "/api/v1/me/emails/address" },
  // Made by nobody: says so, and shows and changes nothing.
  unsubscribePage: { path: "/unsubscribe/made-by-nobody", public: true },
  unsubscribe: { path: "/unsubscribe/made-by-nobody", public: true },
  resubscribe: { path: "/unsubscribe/made-by-nobody/again", public: true },
} satisfies Partial<Record<keyof typeof mailEndpoints, OpenRow>>;

export const mailWebhookEndpoints = {
  mailBounceWebhook: {
    path: () => "/webhooks/mail-bounces",
    body: () => ({ message: "Content-Type: multipart/report; report-type=delivery-status\n\n" }),
  },
} satisfies Partial<Record<keyof typeof mailEndpoints, WebhookRow>>;
