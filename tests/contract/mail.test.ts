// One contract for every mail transport; the SMTP one speaks to a real server.
import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { MailTransport, OutgoingMail } from "../../server/vendors/mail/index.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import { createSmtpTransport, type SmtpOptions } from "../../server/vendors/mail/smtp.ts";
import { dkimOf } from "../factories/dkim.ts";
import { headersOf, partsOf, startSmtpServer, type TestSmtpServer } from "../factories/smtp.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const calendar = [
  "BEGIN:VCALENDAR",
  "METHOD:REQUEST",
  "SUMMARY:Zoë’s call 🧭 目標",
  ".A line that starts with a dot",
  "END:VCALENDAR",
].join("\r\n");

function mail(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: "<0123@example.org>",
    from: { name: "Connvo", address: "connvo@example.org" },
    to: { name: "Ann", address: "ann@example.org" },
    subject: "Invitation: Zoë’s call 🧭",
    html: "<p>Hello</p>",
    text: "Hello\n",
    unsubscribe: null,
    attachments: [
      {
        filename: "invitation.ics",
        contentType: "text/calendar; charset=utf-8; method=REQUEST",
        content: calendar,
      },
    ],
    ...change,
  };
}

async function openSmtp(
  password?: string,
  options: Partial<SmtpOptions> = {},
): Promise<{ transport: MailTransport; server: TestSmtpServer }> {
  const server = await startSmtpServer(password === undefined ? {} : { password });
  cleanups.push(() => server.close());
  const transport = createSmtpTransport({ url: server.url, ...options });
  cleanups.push(() => transport.close());
  return { transport, server };
}

describe.each([
  { name: "outbox", outcome: "kept", open: async () => createOutboxTransport() },
  { name: "smtp", outcome: "sent", open: async () => (await openSmtp()).transport },
])("every transport: $name", ({ name, outcome, open }) => {
  test("[MAIL-10] names its mode", async () => {
    expect((await open()).mode).toBe(name);
  });

  test("[MAIL-11] answers what became of a good email", async () => {
    expect(await (await open()).deliver(mail())).toEqual({ outcome });
  });

  test("[MAIL-12] refuses what is not one plain address, for good", async () => {
    const transport = await open();
    for (const address of ["ann@example.org\r\nRCPT TO:<eve@example.org>", "g:eve@example.org;", "nobody"]) {
      expect(await transport.deliver(mail({ to: { name: null, address } }))).toEqual({
        outcome: "refused",
        reason: "ADDRESS_INVALID",
        addressGone: false,
      });
    }
  });

  test("[MAIL-13] can be closed before and after use, and takes nothing afterwards", async () => {
    const unused = await open();
    await unused.close();
    const used = await open();
    await used.deliver(mail());
    await used.close();
    await expect(used.deliver(mail())).rejects.toThrow("closed");
  });
});

describe("SMTP", () => {
  test("[MAIL-14] the envelope, the identity and both parts arrive as they were given", async () => {
    const { transport, server } = await openSmtp();
    await transport.deliver(mail());
    const [received] = server.mails;
    expect(received).toMatchObject({ from: "connvo@example.org", to: ["ann@example.org"] });
    const headers = headersOf(received?.source ?? "");
    expect(headers.get("message-id")).toEqual(["<0123@example.org>"]);
    expect(headers.get("from")).toEqual(["Connvo <connvo@example.org>"]);
    expect(headers.get("to")).toEqual(["Ann <ann@example.org>"]);
    const parts = partsOf(received?.source ?? "");
    expect(parts.find(({ contentType }) => contentType.startsWith("text/plain"))?.content.trim()).toBe(
      "Hello",
    );
    expect(parts.find(({ contentType }) => contentType.startsWith("text/html"))?.content.trim()).toBe(
      "<p>Hello</p>",
    );
  });

  test("[MAIL-15] the calendar arrives intact, as an offer beside the text and as a file", async () => {
    const { transport, server } = await openSmtp();
    await transport.deliver(mail());
    const calendars = partsOf(server.mails[0]?.source ?? "").filter(({ contentType }) =>
      /^text\/calendar;.*method=REQUEST/.test(contentType),
    );
    expect(calendars.map(({ filename }) => filename)).toEqual([null, "invitation.ics"]);
    for (const { content } of calendars) expect(content.trim()).toBe(calendar);
  });

  test("[MAIL-16] line breaks in a subject or a name add no header and no recipient", async () => {
    const { transport, server } = await openSmtp();
    await transport.deliver(
      mail({
        subject: "Hello\r\nBcc: eve@example.org",
        to: { name: "Ann\r\nBcc: eve@example.org", address: "ann@example.org" },
      }),
    );
    const [received] = server.mails;
    expect(received?.to).toEqual(["ann@example.org"]);
    expect([...headersOf(received?.source ?? "").keys()]).not.toContain("bcc");
  });

  test.each([
    { refuse: "recipient" as const, code: 550 },
    { refuse: "data" as const, code: 554 },
  ])("[MAIL-17] a refusal for good ($code) is an answer and not an error", async (answer) => {
    const { transport, server } = await openSmtp();
    server.answers.push(answer);
    expect(await transport.deliver(mail())).toMatchObject({
      outcome: "refused",
      reason: `SMTP_${answer.code}`,
    });
    expect(server.mails).toEqual([]);
  });

  test.each([
    { refuse: "recipient" as const, code: 451 },
    { refuse: "data" as const, code: 452 },
  ])("[MAIL-18] a refusal for now ($code) throws, and the next try arrives", async (answer) => {
    const { transport, server } = await openSmtp();
    server.answers.push(answer);
    await expect(transport.deliver(mail())).rejects.toMatchObject({
      code: "VENDOR_ERROR",
      retryable: true,
      details: { reason: `SMTP_${answer.code}` },
    });
    expect(await transport.deliver(mail())).toEqual({ outcome: "sent" });
    expect(server.mails).toHaveLength(1);
  });

  test.each(["hang-up", "hang-up-after-data"] as const)(
    "[MAIL-19] a server that goes away (%s) throws at once, and nothing is repeated behind the caller's back",
    async (answer) => {
      const { transport, server } = await openSmtp();
      server.answers.push(answer);
      await expect(transport.deliver(mail())).rejects.toMatchObject({ code: "VENDOR_ERROR" });
      expect(server.attempts()).toBe(1);
      expect(await transport.deliver(mail())).toEqual({ outcome: "sent" });
      expect(server.attempts()).toBe(2);
    },
  );

  test("[MAIL-19] a server that is not there throws", async () => {
    const { transport, server } = await openSmtp();
    await server.close();
    cleanups.shift();
    await expect(transport.deliver(mail())).rejects.toMatchObject({ code: "VENDOR_ERROR" });
  });

  test("[MAIL-20] a wrong password is the operator's trouble: the email is not refused", async () => {
    const { transport: right } = await openSmtp("p@ss word");
    expect(await right.deliver(mail())).toEqual({ outcome: "sent" });
    const { server } = await openSmtp("other");
    const wrong = createSmtpTransport({ url: server.url.replace("other", "guess") });
    cleanups.push(() => wrong.close());
    await expect(wrong.deliver(mail())).rejects.toMatchObject({
      code: "VENDOR_ERROR",
      details: { reason: "SMTP_535" },
    });
  });

  test.each([
    ["an unknown address", "recipient", 550, "5.1.1 no such user", true],
    ["an unknown address, of old servers", "recipient", 550, "no such user", true],
    ["a policy", "recipient", 550, "5.7.1 blocked", false],
    ["a full mailbox", "recipient", 552, "5.2.2 mailbox full", false],
    ["what the message says", "data", 550, "5.1.1 no such user", false],
  ] as const)(
    "[MAIL-22] %s: whether the address is gone is told apart",
    async (_title, refuse, code, text, addressGone) => {
      const { transport, server } = await openSmtp();
      server.answers.push({ refuse, code, text });
      expect(await transport.deliver(mail())).toEqual({
        outcome: "refused",
        reason: `SMTP_${code}`,
        addressGone,
      });
    },
  );

  test("[MAIL-23] an email that can be switched off says where, and others do not", async () => {
    const { transport, server } = await openSmtp();
    const unsubscribe = "https://connvo.example.org/unsubscribe/0123.recap.abc_-DEF";
    await transport.deliver(mail({ unsubscribe }));
    await transport.deliver(mail());
    const [recap = new Map<string, string[]>(), invitation = new Map<string, string[]>()] = server.mails.map(
      ({ source }) => headersOf(source),
    );
    expect(recap.get("list-unsubscribe")).toEqual([`<${unsubscribe}>`]);
    expect(recap.get("list-unsubscribe-post")).toEqual(["List-Unsubscribe=One-Click"]);
    expect(recap.get("auto-submitted")).toEqual(["auto-generated"]);
    expect([...invitation.keys()].filter((name) => name.startsWith("list-"))).toEqual([]);
  });

  test("[MAIL-24] with a key an email is signed, the unsubscribe headers too; a change of either shows", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const dkim = {
      domain: "example.org",
      selector: "mail",
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    const { transport, server } = await openSmtp(undefined, { dkim });
    await transport.deliver(mail({ unsubscribe: "https://connvo.example.org/unsubscribe/0123" }));
    const source = server.mails[0]?.source ?? "";
    const signed = dkimOf(source, publicKey);
    expect(signed).toMatchObject({ domain: "example.org", selector: "mail", valid: true });
    expect(signed?.headers).toEqual(
      expect.arrayContaining(["from", "to", "subject", "list-unsubscribe", "list-unsubscribe-post"]),
    );
    const changed = (from: string, to: string) => dkimOf(source.replace(from, to), publicKey)?.valid;
    expect(changed("<p>Hello</p>", "<p>Hallo</p>")).toBe(false);
    expect(changed("/unsubscribe/0123", "/unsubscribe/9999")).toBe(false);
  });

  test("[MAIL-24] without a key nothing is signed", async () => {
    const { transport, server } = await openSmtp();
    await transport.deliver(mail());
    expect(dkimOf(server.mails[0]?.source ?? "", "")).toBeNull();
  });

  test("[MAIL-25] reports come back to an address that says which email they are about", async () => {
    const { transport, server } = await openSmtp(undefined, { bouncesTo: "bounces@example.org" });
    await transport.deliver(mail());
    expect(server.mails[0]?.from).toBe("bounces+0123@example.org");
    expect(headersOf(server.mails[0]?.source ?? "").get("from")).toEqual(["Connvo <connvo@example.org>"]);
  });

  test("[MAIL-21] emails share connections and none is lost or doubled", async () => {
    const { transport, server } = await openSmtp();
    const messageIds = Array.from({ length: 30 }, (_, n) => `<${n}@example.org>`);
    await Promise.all(messageIds.map((messageId) => transport.deliver(mail({ messageId }))));
    const received = server.mails.flatMap(({ source }) => headersOf(source).get("message-id") ?? []);
    expect(received.sort()).toEqual(messageIds.sort());
  });
});
