// The mail port: hands one finished email to whatever carries it.

export interface OutgoingMail {
  messageId: string;
  from: string;
  to: { name: string | null; address: string };
  subject: string;
  html: string;
  text: string;
  attachments: { filename: string; contentType: string; content: string }[];
}

export type MailDelivery =
  /** Accepted by the SMTP server. */
  | { outcome: "sent" }
  /** No server is configured: the email stays in the outbox. */
  | { outcome: "kept" }
  /** Refused for good (5xx): retrying is pointless. */
  | { outcome: "refused"; reason: string };

export interface MailTransport {
  mode: "outbox" | "smtp";
  /** Throws on anything that may pass (4xx, network): the job tries again. */
  deliver(mail: OutgoingMail): Promise<MailDelivery>;
  close(): Promise<void>;
}
