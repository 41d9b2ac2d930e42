// The mail port: hands one finished email to whatever carries it.
export { isAboutAddress, readDeliveryStatus, type DeliveryStatus } from "./delivery-status.ts";
export { headerText, isMailAddress, parseMailbox, type Mailbox } from "./mailbox.ts";

import type { Mailbox } from "./mailbox.ts";

export interface OutgoingMail {
  /** The same for every try of one email, in angle brackets. */
  messageId: string;
  from: Mailbox;
  to: Mailbox;
  subject: string;
  html: string;
  text: string;
  attachments: { filename: string; contentType: string; content: string }[];
  /** Where a POST without a session ends emails of this kind (RFC 8058); null for those that cannot be switched off. */
  unsubscribe: string | null;
}

export type MailDelivery =
  /** Accepted by the SMTP server. */
  | { outcome: "sent" }
  /** No server is configured: the email stays in the outbox. */
  | { outcome: "kept" }
  /**
   * Refused for good (5xx, or no valid address): retrying is pointless. `reason` is a code without content. Where the
   * address is gone, no other email will arrive there either.
   */
  | { outcome: "refused"; reason: string; addressGone: boolean };

export interface MailTransport {
  mode: "outbox" | "smtp";
  /** Throws on anything that may pass (4xx, network): the job tries again. */
  deliver(mail: OutgoingMail): Promise<MailDelivery>;
  close(): Promise<void>;
}
