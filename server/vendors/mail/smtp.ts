// Mail through an SMTP server: pooled connections, time limits, and only validated addresses.
import type { SendMailOptions, Transporter } from "nodemailer";
import { AppError } from "../../../shared/errors.ts";
import type { MailDelivery, MailTransport, OutgoingMail } from "./index.ts";
import { isAboutAddress } from "./delivery-status.ts";
import { headerText, isMailAddress, type Mailbox } from "./mailbox.ts";

export interface SmtpOptions {
  /** smtp://user:password@host:port, or smtps:// */
  url: string;
  /** Signs each email; null signs none. */
  dkim?: DkimKey | null;
  /**
   * Where servers report what did not arrive, `bounces@example.org`; each email has its own address of it
   * (`bounces+<id>@example.org`), by which a report is known. Null: reports go to the sender.
   */
  bouncesTo?: string | null;
  /** Silence of the server after which a step has failed. */
  timeoutMs?: number;
}

export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}

/** RFC 8058 wants both unsubscribe headers signed, which the library does not by default. */
const signedHeaders =
  "From:Sender:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted";

const defaultTimeoutMs = 20_000;

export function createSmtpTransport(options: SmtpOptions): MailTransport {
  let transporter: Promise<Transporter> | null = null;
  let closed = false;

  // Loaded with the first email: without SMTP_URL the library is never read.
  const connect = () => (transporter ??= open(options));

  return {
    mode: "smtp",
    async deliver(mail): Promise<MailDelivery> {
      if (closed) throw new Error("the mail transport is closed");
      if (!isMailAddress(mail.to.address))
        return { outcome: "refused", reason: "ADDRESS_INVALID", addressGone: false };
      const server = await connect();
      try {
        await server.sendMail(compose(mail, options.bouncesTo ?? null));
        return { outcome: "sent" };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== null) return { outcome: "refused", ...refusal };
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

async function open(options: SmtpOptions): Promise<Transporter> {
  const { url, dkim = null, timeoutMs = defaultTimeoutMs } = options;
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
    ...(dkim === null
      ? {}
      : {
          dkim: {
            domainName: dkim.domain,
            keySelector: dkim.selector,
            privateKey: dkim.privateKey,
            headerFieldNames: signedHeaders,
          },
        }),
  });
}

function compose(mail: OutgoingMail, bouncesTo: string | null): SendMailOptions {
  const calendar = mail.attachments.find(({ contentType }) => calendarMethod(contentType) !== null);
  return {
    messageId: mail.messageId,
    from: mailbox(mail.from),
    // An object, never text: text is parsed, and a line break in it may name another recipient.
    to: mailbox(mail.to),
    envelope: { from: returnPath(mail, bouncesTo), to: [mail.to.address] },
    subject: headerText(mail.subject),
    headers: {
      // Nobody's absence notice answers it.
      "Auto-Submitted": "auto-generated",
      ...(mail.unsubscribe === null
        ? {}
        : {
            "List-Unsubscribe": `<${mail.unsubscribe}>`,
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          }),
    },
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

/** `bounces+0123@example.org` for `<0123@…>`: the report's own address says which email it is about. */
function returnPath({ from, messageId }: OutgoingMail, bouncesTo: string | null): string {
  const id = /^<([^@<>\s]{1,64})@/.exec(messageId)?.[1];
  if (bouncesTo === null || id === undefined) return bouncesTo ?? from.address;
  const at = bouncesTo.lastIndexOf("@");
  return `${bouncesTo.slice(0, at)}+${id}${bouncesTo.slice(at)}`;
}

// Only what the server said about this email is final; a refused sign-in or greeting concerns the operator.
function refusalOf(error: unknown): { reason: string; addressGone: boolean } | null {
  if (!(error instanceof Error) || !("responseCode" in error) || !("code" in error)) return null;
  const status = Number(error.responseCode);
  const aboutThisMail = error.code === "EENVELOPE" || error.code === "EMESSAGE";
  if (!aboutThisMail || status < 500 || status >= 600) return null;
  const answer = "response" in error ? String(error.response) : "";
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(answer)?.[1] ?? null;
  // Of what it says after the message it has read the message.
  const ofRecipient = "command" in error && error.command === "RCPT TO";
  return {
    reason: `SMTP_${status}`,
    addressGone: ofRecipient && isAboutAddress({ code: status, status: enhanced }),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "responseCode" in error && Number.isInteger(error.responseCode)) {
    return `SMTP_${String(error.responseCode)}`;
  }
  return error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
}
