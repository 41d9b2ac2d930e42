// How an email's state looks.
import type { MailStatus } from "../../../shared/schemas/mail.ts";
import type { BadgeTone } from "../../ui/badge.tsx";

export const statusTones: Record<MailStatus, BadgeTone> = {
  queued: "neutral",
  kept: "warm",
  sent: "success",
  failed: "danger",
  unsubscribed: "neutral",
  bounced: "danger",
};
