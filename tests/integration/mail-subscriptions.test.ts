// Who gets which emails: switches, links, refused addresses and reports, on a real store with a real SMTP server.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { MailDraft } from "../../server/modules/mail/index.ts";
import { erasedEmail } from "../../shared/erased.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import { ann, draft, eve, mailWorlds, summaryOf } from "../factories/mail.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const within = { timeout: 30_000, interval: 5 };

let store: TestStore;
const { open, openSmtp, empty, close, running } = mailWorlds(() => store);

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(empty);
afterEach(close);

const recap = (key: string, change: Partial<MailDraft> = {}) =>
  draft(key, { kind: "recap", attachments: [], ...change });
const auditActions = async () =>
  (await store.connection.collection("auditLogs").find({}).toArray()).map(({ action, metadata }) => [
    String(action),
    (metadata as { by?: string }).by,
    (metadata as { subscribed?: boolean }).subscribed,
  ]);

test("[MAIL-53] [MAIL-56] what is switched off is not sent, also where it waited already, and what is switched on again is", async () => {
  const harness = await openSmtp();
  const { mail, server } = harness;
  server.answers.push({ refuse: "data", code: 451 });
  const waiting = await mail.queue(recap("a"));
  await expect.poll(() => summaryOf(harness, waiting), within).toMatchObject({ attempts: 1 });
  await expect.poll(() => running(), within).toBe(0);
  const off = { list: "recap", subscribed: false } as const;
  expect((await mail.changeList(ann, off)).lists).toEqual([off]);
  await mail.changeList(ann, off);
  harness.clock.advance(10_000);
  await expect.poll(() => summaryOf(harness, waiting), within).toMatchObject({ status: "unsubscribed" });
  expect(await mail.get(ann, waiting)).toMatchObject({ text: "Hello\n" });
  // Others still get theirs, and this person everything else.
  const invitation = await mail.queue(draft("b"));
  await expect.poll(() => summaryOf(harness, invitation), within).toMatchObject({ status: "sent" });
  await mail.queue(recap("c", { to: { userId: eve.userId, email: eve.email, name: null } }));
  await expect.poll(() => server.mails.length, within).toBe(2);
  await mail.changeList(ann, { list: "recap", subscribed: true });
  const after = await mail.queue(recap("d"));
  await expect.poll(() => summaryOf(harness, after), within).toMatchObject({ status: "sent" });
  expect(await auditActions()).toEqual([
    ["mail.change-list", "settings", false],
    ["mail.change-list", "settings", true],
  ]);
});

test("[MAIL-51] [MAIL-52] [MAIL-56] the link's page asks, does and takes back; one that we have not made does nothing", async () => {
  const { mail } = await open(createOutboxTransport());
  const token = mail.unsubscribeLink("recap", ann.userId).replace("http://localhost:3000/unsubscribe/", "");
  const subscribed = async () => (await mail.settings(ann)).lists[0]?.subscribed;
  expect(await mail.unsubscribe(token, "ask")).toContain("Stop recap emails?");
  expect(await subscribed()).toBe(true);
  for (const bad of [token.replace(ann.userId, eve.userId), `${token}x`, "x"])
    for (const step of ["ask", "stopped", "started"] as const)
      expect(await mail.unsubscribe(bad, step)).toContain("This link does not work");
  expect(await subscribed()).toBe(true);
  for (const _again of [1, 2])
    expect(await mail.unsubscribe(token, "stopped")).toContain(`action="/unsubscribe/${token}/again"`);
  expect(await subscribed()).toBe(false);
  expect(await mail.unsubscribe(token, "ask")).toContain("No more recap emails");
  expect(await mail.unsubscribe(token, "started")).toContain("Recap emails are on");
  expect(await subscribed()).toBe(true);
  expect(await auditActions()).toEqual([
    ["mail.change-list", "link", false],
    ["mail.change-list", "link", true],
  ]);
});

test("[MAIL-54] an address that was refused for good is not tried again until its owner says so", async () => {
  const harness = await openSmtp();
  const { mail, server } = harness;
  server.answers.push({ refuse: "recipient", code: 550, text: "5.1.1 no such user" });
  const refused = await mail.queue(draft("a"));
  await expect.poll(() => summaryOf(harness, refused), within).toMatchObject({ status: "failed" });
  const next = await mail.queue(draft("b"));
  await expect.poll(() => summaryOf(harness, next), within).toMatchObject({ status: "bounced", attempts: 0 });
  expect(server.attempts()).toBe(1);
  expect(await mail.settings(ann)).toMatchObject({ bouncedAt: harness.clock.now().toISOString() });
  expect(await mail.settings(eve)).toMatchObject({ bouncedAt: null });
  expect(await mail.retryAddress(ann)).toMatchObject({ bouncedAt: null });
  const last = await mail.queue(draft("c"));
  await expect.poll(() => summaryOf(harness, last), within).toMatchObject({ status: "sent" });
  expect(await auditActions()).toEqual([["mail.retry-address", undefined, undefined]]);
});

test("[MAIL-54] to whoever was deleted nothing is sent", async () => {
  const harness = await openSmtp();
  const to = { userId: ann.userId, email: erasedEmail(ann.userId), name: null };
  const id = await harness.mail.queue(draft("a", { to }));
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "bounced", attempts: 0 });
  expect(harness.server.attempts()).toBe(0);
});

describe("[MAIL-55] a report of what came back", () => {
  const reportOf = (id: string, address: string, status: string, action = "failed") =>
    [
      'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
      "",
      "--x",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example.org",
      "",
      `Final-Recipient: rfc822; ${address}`,
      `Action: ${action}`,
      `Status: ${status}`,
      "",
      "--x",
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: <${id}@example.org>`,
      "",
      "--x--",
    ].join("\r\n");

  test("marks the email, and the address where that is gone; a second one changes nothing", async () => {
    const harness = await openSmtp();
    const { mail } = harness;
    const id = await mail.queue(draft("a"));
    await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "sent" });
    expect(await mail.takeBounce(reportOf(id, ann.email, "5.1.1"))).toEqual({ recorded: 1 });
    expect(await mail.takeBounce(reportOf(id, ann.email, "5.1.1"))).toEqual({ recorded: 0 });
    expect(await summaryOf(harness, id)).toMatchObject({ status: "bounced" });
    expect((await mail.settings(ann)).bouncedAt).not.toBeNull();
    // It was sent: nothing follows it.
    await mail.queue(draft("a", { edition: 1, text: "Anew\n" }));
    expect(await mail.get(ann, id)).toMatchObject({ status: "bounced", text: "Hello\n" });
  });

  test("a full mailbox marks the email alone", async () => {
    const harness = await openSmtp();
    const { mail } = harness;
    const id = await mail.queue(draft("a"));
    await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "sent" });
    expect(await mail.takeBounce(reportOf(id, ann.email, "5.2.2"))).toEqual({ recorded: 1 });
    expect((await mail.settings(ann)).bouncedAt).toBeNull();
  });

  test("about another's address, an email of nobody, a delay or what may pass changes nothing", async () => {
    const harness = await openSmtp();
    const { mail } = harness;
    const id = await mail.queue(draft("a"));
    await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "sent" });
    for (const report of [
      reportOf(id, eve.email, "5.1.1"),
      reportOf("0".repeat(24), ann.email, "5.1.1"),
      reportOf("x", ann.email, "5.1.1"),
      reportOf(id, ann.email, "4.4.1", "delayed"),
      reportOf(id, ann.email, "4.4.7"),
    ])
      expect(await mail.takeBounce(report)).toEqual({ recorded: 0 });
    expect(await summaryOf(harness, id)).toMatchObject({ status: "sent" });
    expect((await mail.settings(eve)).bouncedAt).toBeNull();
    await expect(mail.takeBounce("Subject: I am away\n\n…")).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  });
});
