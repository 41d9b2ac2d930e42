// Reads delivery status notifications (RFC 3464): which address did not take an email, whether for good, and which email.

export interface DeliveryStatus {
  /** Of the email that it is about, in angle brackets, where the report brings its headers. */
  messageId: string | null;
  recipients: {
    address: string;
    action: "failed" | "delayed" | "delivered" | "relayed" | "expanded";
    /** Enhanced status such as `5.1.1` (RFC 3463). */
    status: string;
  }[];
}

const actions = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;
const recipientsMost = 50;

/** Null where the message is no such report. */
export function readDeliveryStatus(source: string): DeliveryStatus | null {
  const text = source.replace(/\r\n?/g, "\n");
  const { headers, body } = partOf(text);
  const type = headers.get("content-type") ?? "";
  if (!/^multipart\/report\b/i.test(type) || !/report-type\s*=\s*"?delivery-status/i.test(type)) return null;
  const boundary = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return null;
  const parts = partsBetween(body, mark).map(partOf);
  const report = parts.find((part) => isOfType(part, /^message\/(global-)?delivery-status\b/i));
  if (report === undefined) return null;
  const original = parts.find((part) =>
    isOfType(part, /^(message\/rfc822|text\/rfc822-headers|message\/global)/i),
  );
  const messageId =
    original === undefined ? undefined : headersOf(decoded(original)).get("message-id")?.trim();
  // The first block is about the report as a whole, each further one about one recipient.
  const recipients = decoded(report)
    .split(/\n[ \t]*\n/)
    .map(headersOf)
    .flatMap((fields) => {
      const address = /;\s*<?([^<>\s]+@[^<>\s]+?)>?\s*$/.exec(
        fields.get("original-recipient") ?? fields.get("final-recipient") ?? "",
      )?.[1];
      const action = actions.find((one) => one === fields.get("action")?.trim().toLowerCase());
      const status = /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get("status") ?? "")?.[0];
      return address === undefined || action === undefined || status === undefined
        ? []
        : [{ address: address.toLowerCase(), action, status }];
    })
    .slice(0, recipientsMost);
  return { messageId: messageId === undefined || messageId === "" ? null : messageId, recipients };
}

/**
 * Whether an answer says that the address itself takes no email, now or later: not there, moved, or switched off. A full
 * mailbox, a policy or a suspicion of spam says nothing of the kind. `stage` is where a bare code (no enhanced status) was given.
 */
export function isAboutAddress(answer: { code: number | null; status: string | null }): boolean {
  const { code, status } = answer;
  if (status !== null) return /^5\.(1\.(0|1|2|3|6|10)|2\.1)$/.test(status);
  return code !== null && [550, 551, 553].includes(code);
}

interface Part {
  headers: Map<string, string>;
  body: string;
}

function partOf(text: string): Part {
  const trimmed = text.replace(/^\n+/, "");
  const end = trimmed.indexOf("\n\n");
  return {
    headers: headersOf(end === -1 ? trimmed : trimmed.slice(0, end)),
    body: end === -1 ? "" : trimmed.slice(end + 2),
  };
}

/** Unfolded, in lower case by name; of several of a name the first. */
function headersOf(block: string): Map<string, string> {
  const headers = new Map<string, string>();
  const [head = ""] = block.replace(/^\n+/, "").split(/\n\n/, 1);
  for (const line of head.replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== "" && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function partsBetween(body: string, mark: string): string[] {
  const pieces = `\n${body}`.split(`\n--${mark}`).slice(1);
  const end = pieces.findIndex((piece) => piece.startsWith("--"));
  return (end === -1 ? pieces : pieces.slice(0, end)).map((piece) => piece.replace(/^[^\n]*\n/, ""));
}

function isOfType({ headers }: Part, pattern: RegExp): boolean {
  return pattern.test(headers.get("content-type") ?? "");
}

function decoded({ headers, body }: Part): string {
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "7bit";
  if (encoding === "base64") return Buffer.from(body, "base64").toString().replace(/\r\n?/g, "\n");
  if (encoding !== "quoted-printable") return body;
  return body
    .replace(/=\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
