// What the mail module asks of its store.
import type { MailId, MeetingId, UserId } from "../../../shared/ids.ts";
import type { MailKind, MailStatus } from "../../../shared/schemas/mail.ts";
import type { MailAttachment } from "./index.ts";

export interface StoredMail {
  id: MailId;
  key: string;
  kind: MailKind;
  meetingId: MeetingId | null;
  toUserId: UserId | null;
  toEmail: string;
  toName: string | null;
  subject: string;
  html: string;
  text: string;
  attachments: MailAttachment[];
  messageId: string;
  status: MailStatus;
  attempts: number;
  errorCode: string | null;
  createdAt: Date;
  sentAt: Date | null;
}

export type MailHeadline = Omit<StoredMail, "html" | "text" | "attachments">;

/** Whose mail: addressed to the person, or to their address before the person was known. */
export interface Reader {
  userId: UserId;
  email: string;
}

export interface MailRepository {
  /** The id of the email with this key, the new one or one that was there before. */
  insert(mail: StoredMail): Promise<MailId>;
  find(id: MailId): Promise<StoredMail | null>;
  /** Newest first, after the given position. */
  page(
    reader: Reader,
    options: { limit: number; after: { createdAt: Date; id: MailId } | null },
  ): Promise<MailHeadline[]>;
  /** Oldest first. */
  queued(limit: number): Promise<MailId[]>;
  /** Marks a try; false where the email is no longer queued or a later run of its job has marked its own. */
  beginAttempt(id: MailId, fence: number, now: Date): Promise<boolean>;
  /** Records what the transport answered, whichever run asked it; false where an outcome stands already. */
  recordDelivered(id: MailId, outcome: { status: "sent" | "kept"; now: Date }): Promise<boolean>;
  /** Records a failure of the run that holds the fence (null: of any). `final` ends the tries. */
  recordFailure(
    id: MailId,
    failure: { fence: number | null; errorCode: string; final: boolean; now: Date },
  ): Promise<boolean>;
}
