// What the mail module asks of its store.
import type { MailId, MeetingId, UserId } from "../../../shared/ids.ts";
import type { MailKind, MailStatus } from "../../../shared/schemas/mail.ts";
import type { MailAttachment } from "./index.ts";

export interface StoredMail {
  id: MailId;
  key: string;
  /** Rises with what is written anew in the place of an email that was not sent. */
  edition: number;
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
  /** Not handed over from then on; null where it has no end. */
  until: Date | null;
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
  /** The email with this key: the new one, or how one stands that was there before. */
  insert(mail: StoredMail): Promise<Pick<StoredMail, "id" | "edition" | "status">>;
  /** Queues what is written anew in the place of a lower edition; false where that was sent, or is no lower. */
  replace(
    id: MailId,
    mail: Pick<StoredMail, "edition" | "subject" | "html" | "text" | "attachments">,
    now: Date,
  ): Promise<boolean>;
  find(id: MailId): Promise<StoredMail | null>;
  /** Newest first, after the given position. */
  page(
    reader: Reader,
    options: { limit: number; after: { createdAt: Date; id: MailId } | null },
  ): Promise<MailHeadline[]>;
  /** Oldest first. */
  queued(limit: number): Promise<Pick<StoredMail, "id" | "edition">[]>;
  /** Marks a try; false where the email is no longer queued or a later run of its job has marked its own. */
  beginAttempt(id: MailId, fence: number, now: Date): Promise<boolean>;
  /** Records what the transport answered, whichever run asked it; false where an outcome stands already. */
  recordDelivered(id: MailId, outcome: { status: "sent" | "kept"; now: Date }): Promise<boolean>;
  /** Of an email that waits and is not to be handed over; false where it does not wait any more. */
  recordWithheld(
    id: MailId,
    outcome: { status: "unsubscribed" | "bounced"; errorCode: string; now: Date },
  ): Promise<boolean>;
  /** Of an email that was sent and came back; false where it is known already, or was never sent. */
  recordBounce(id: MailId, bounce: { errorCode: string; now: Date }): Promise<boolean>;
  /** Records a failure of the run that holds the fence (null: of any). `final` ends the tries. */
  recordFailure(
    id: MailId,
    failure: { fence: number | null; errorCode: string; final: boolean; now: Date },
  ): Promise<boolean>;
}
