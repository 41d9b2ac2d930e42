// Mail through an SMTP server: pooled connections, time limits, and only validated addresses.
import type { SendMailOptions, Transporter } from "nodemailer";
import { AppError } from "../../../shared/errors.ts";
import type { MailDelivery, MailTransport, OutgoingMail } from "./index.ts";
import { headerText, isMailAddress, type Mailbox } from "./mailbox.ts";

export interface SmtpOptions {
  /** smtp://user:password@host:port, or smtps:// */
  url: string;
  /** Silence of the server after which a step has failed. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 20_000;

export function createSmtpTransport({ url, timeoutMs = defaultTimeoutMs }: SmtpOptions): MailTransport {
  let transporter: Promise<Transporter> | null = null;
  let closed = false;

  // Loaded with the first email: without SMTP_URL the library is never read.
  const connect = () => (transporter ??= open(url, timeoutMs));

  return {
    mode: "smtp",
    async deliver(mail): Promise<MailDelivery> {
      if (closed) throw new Error("the mail transport is closed");
      if (!isMailAddress(mail.to.address)) return { outcome: "refused", reason: "ADDRESS_INVALID" };
      const server = await connect();
      try {
        await server.sendMail(compose(mail));
        return { outcome: "sent" };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== null) return { outcome: "refused", reason: refusal };
        throw new AppError("VENDOR_ERROR", "The mail server did not take the email; it is tried again.", {
          cause: error,
          details: { reason: reasonOf(error) },
        });
      }
    },
    async close() {
      closed = true;
      if (transporter !== null) (await transporter).close();
    },
  };
}

async function open(url: string, timeoutMs: number): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  return createTransport({
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    ...(username === ""
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    pool: true,
    maxConnections: 2,
    maxMessages: 100,
    // A connection that drops in the middle is the job's to repeat, which keeps count of the tries.
    maxRequeues: 0,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function compose(mail: OutgoingMail): SendMailOptions {
  const calendar = mail.attachments.find(({ contentType }) => calendarMethod(contentType) !== null);
  return {
    messageId: mail.messageId,
    from: mailbox(mail.from),
    // An object, never text: text is parsed, and a line break in it may name another recipient.
    to: mailbox(mail.to),
    envelope: { from: mail.from.address, to: [mail.to.address] },
    subject: headerText(mail.subject),
    text: mail.text,
    html: mail.html,
    // Sent beside the text as well, which is what lets calendar programs offer to accept.
    ...(calendar === undefined
      ? {}
      : {
          alternatives: [{ contentType: calendar.contentType, content: calendar.content }],
        }),
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      filename: headerText(filename),
      contentType,
      content,
    })),
  };
}

function mailbox({ name, address }: Mailbox): { name: string; address: string } {
  return { name: name === null ? "" : headerText(name), address };
}

function calendarMethod(contentType: string): string | null {
  return /^text\/calendar\b.*;\s*method=([A-Z]+)/i.exec(contentType)?.[1] ?? null;
}

// Only what the server said about this email is final; a refused sign-in or greeting concerns the operator.
function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("responseCode" in error) || !("code" in error)) return null;
  const status = Number(error.responseCode);
  const aboutThisMail = error.code === "EENVELOPE" || error.code === "EMESSAGE";
  return aboutThisMail && status >= 500 && status < 600 ? `SMTP_${status}` : null;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "responseCode" in error && Number.isInteger(error.responseCode)) {
    return `SMTP_${String(error.responseCode)}`;
  }
  return error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
}
