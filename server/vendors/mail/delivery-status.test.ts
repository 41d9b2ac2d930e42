import { describe, expect, test } from "vitest";
import { isAboutAddress, readDeliveryStatus } from "./delivery-status.ts";

const messageId = "<0123456789abcdef01234567@example.org>";

function report(change: { recipient?: string; original?: string; newline?: string } = {}): string {
  const {
    recipient = "Final-Recipient: rfc822; Ann@Example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
    original = `Content-Type: message/rfc822\n\nFrom: connvo@example.org\nMessage-ID:\n ${messageId}\nSubject: Hello\n\nHello`,
    newline = "\r\n",
  } = change;
  return `From: MAILER-DAEMON@mx.example.org
To: bounces+0123456789abcdef01234567@example.org
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="mark/1"

--mark/1
Content-Type: text/plain

Your message could not be delivered. Message-ID: <other@example.org>

--mark/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

${recipient}

--mark/1
${original}

--mark/1--
`.replaceAll("\n", newline);
}

describe("[MAIL-55] a delivery status notification", () => {
  test.each(["\r\n", "\n"])("names the email and who did not get it, with line ends %j", (newline) => {
    expect(readDeliveryStatus(report({ newline }))).toEqual({
      messageId,
      recipients: [{ address: "ann@example.org", action: "failed", status: "5.1.1" }],
    });
  });

  test("of several recipients each has its own block, and the address it was sent to counts", () => {
    const recipient =
      "Original-Recipient: rfc822; ann@example.org\nFinal-Recipient: rfc822; ann@inner.example.org\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient: rfc822;<eve@example.org>\nAction: FAILED\nStatus: 5.2.2 (mailbox full)";
    expect(readDeliveryStatus(report({ recipient }))?.recipients).toEqual([
      { address: "ann@example.org", action: "delayed", status: "4.4.1" },
      { address: "eve@example.org", action: "failed", status: "5.2.2" },
    ]);
  });

  test("may bring the headers alone, in base64", () => {
    const headers = Buffer.from(`Subject: Hello\r\nMessage-Id: ${messageId}\r\n`).toString("base64");
    const original = `Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n${headers}`;
    expect(readDeliveryStatus(report({ original }))?.messageId).toBe(messageId);
  });

  test("without the email's headers says whom, not which", () => {
    const original = "Content-Type: text/plain\n\nnothing";
    expect(readDeliveryStatus(report({ original }))).toMatchObject({ messageId: null });
  });

  test.each([
    "",
    "Subject: Out of office\n\nI am away",
    "Content-Type: multipart/report; report-type=delivery-status\n\nno boundary",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n--x\nContent-Type: text/plain\n\na\n--x--',
    report().replace("report-type=delivery-status", "report-type=disposition-notification"),
  ])("and what is none is not read as one", (source) => expect(readDeliveryStatus(source)).toBeNull());

  test("a hostile one costs little and yields nothing", () => {
    const blocks = "Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n\n".repeat(2_000);
    expect(readDeliveryStatus(report({ recipient: blocks }))?.recipients).toHaveLength(50);
    expect(readDeliveryStatus(report({ recipient: `${"x: ".repeat(60_000)}\n\n` }))?.recipients).toEqual([]);
  });
});

test.each([
  [550, null, true],
  [551, null, true],
  [553, null, true],
  [552, null, false],
  [554, null, false],
  [550, "5.1.1", true],
  [550, "5.7.1", false],
  [554, "5.2.1", true],
  [552, "5.2.2", false],
  [null, "5.1.10", true],
  [null, "4.1.1", false],
  [null, null, false],
])("[MAIL-22] %s with %s says of the address that it is gone: %s", (code, status, gone) => {
  expect(isAboutAddress({ code, status })).toBe(gone);
});
