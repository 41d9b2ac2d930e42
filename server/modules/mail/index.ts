// Outgoing email: stored first, sent by a job, readable in the outbox, each exactly once.
import type { Actor } from "../../../shared/actor.ts";
import type { MailId, MeetingId, UserId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type {
  Mail,
  MailKind,
  MailList,
  MailSettings,
  MailStatus,
  MailSummary,
} from "../../../shared/schemas/mail.ts";

export { createMailModule, type MailModuleOptions } from "./mail.service.ts";

export interface MailAttachment {
  filename: string;
  contentType: string;
  content: string;
}

export interface MailDraft {
  /** Same key, same email: a retry of the caller queues nothing twice. */
  key: string;
  kind: MailKind;
  meetingId: MeetingId | null;
  to: { userId: UserId | null; email: string; name: string | null };
  subject: string;
  html: string;
  text: string;
  attachments: MailAttachment[];
  /** A higher one takes the place of what was queued under the same key before, unless that was sent. By default 0. */
  edition?: number;
  /** From then on it is of no use: whatever could not be handed over before is not any more. By default it has no end. */
  until?: Date;
}

/** Asked just before an email is handed over, and before it is shown. */
export type MailGuard = (mail: {
  meetingId: MeetingId | null;
  toUserId: UserId | null;
  edition: number;
}) => Promise<boolean>;

export interface MailService {
  /** Durable when it resolves; the sending itself is a job. */
  queue(draft: MailDraft): Promise<MailId>;
  /**
   * Emails of this kind that were not sent are held back, and their words not shown, while it says no. An email that
   * was held back goes out when it is queued again.
   */
  guard(kind: MailKind, mayGo: MailGuard): void;
  list(actor: Actor, query: { limit: number; cursor?: string | undefined }): Promise<Page<MailSummary>>;
  get(actor: Actor, mailId: MailId): Promise<Mail>;
  /** Of an email whose id its reader knows from something of their own; null where it is not kept any more. */
  statusOf(mailId: MailId): Promise<MailStatus | null>;
  /** Where the person stops emails of this kind, without signing in; stands in the email itself and in its headers. */
  unsubscribeLink(list: MailList, userId: UserId): string;
  /** A page for the link's token: what it does, or that it is done. `stopped` and `started` may be repeated. */
  unsubscribe(token: string, step: "ask" | "stopped" | "started"): Promise<string>;
  settings(actor: Actor): Promise<MailSettings>;
  changeList(actor: Actor, change: { list: MailList; subscribed: boolean }): Promise<MailSettings>;
  /** Emails go to the actor's address again, which had been refused for good. */
  retryAddress(actor: Actor): Promise<MailSettings>;
  /** A delivery status notification as it came. Throws VALIDATION_ERROR where it is none. May be repeated. */
  takeBounce(message: string): Promise<{ recorded: number }>;
  attachment(actor: Actor, mailId: MailId, index: number): Promise<MailAttachment>;
}
