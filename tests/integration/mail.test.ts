// The outbox on a real store with a real SMTP server: once each, readable by the addressee alone.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMailRepository } from "../../server/modules/mail/mail.repository.mongo.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import type { MailDraft } from "../../server/modules/mail/index.ts";
import type { Actor } from "../../shared/actor.ts";
import { mailIdSchema, type MailId } from "../../shared/ids.ts";
import { testCipher } from "../factories/cipher.ts";
import { ann, draft, eve, mailWorlds, messageIds, summaryOf } from "../factories/mail.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const within = { timeout: 30_000, interval: 20 };

let store: TestStore;
const { open, openSmtp, empty, close, waiting, running } = mailWorlds(() => store);

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(empty);
afterEach(close);

test("[MAIL-30] without a server an email is kept and readable, and says that it was not sent", async () => {
  const harness = await open(createOutboxTransport());
  const id = await harness.mail.queue(draft("a"));
  await expect
    .poll(() => summaryOf(harness, id), within)
    .toMatchObject({ status: "kept", sentAt: null, attempts: 1, toEmail: ann.email });
  expect(await harness.mail.get(ann, id)).toMatchObject({
    html: "<p>Hello</p>",
    text: "Hello\n",
    attachments: [{ filename: "invitation.ics", sizeBytes: 5 }],
  });
  expect(await harness.mail.attachment(ann, id, 0)).toMatchObject({ content: "BEGIN" });
  expect(harness.changes.map(({ mailId, userId }) => [mailId, userId])).toEqual([
    [id, ann.userId],
    [id, ann.userId],
  ]);
});

test("[MAIL-31] the same key is one email, however often and however parallel it is queued", async () => {
  const harness = await openSmtp();
  const ids = await Promise.all(Array.from({ length: 20 }, () => harness.mail.queue(draft("same"))));
  expect(new Set(ids).size).toBe(1);
  const [id = mailIdSchema.parse("0".repeat(24))] = ids;
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "sent" });
  await harness.mail.queue(draft("same"));
  const after = await harness.mail.queue(draft("other"));
  await expect.poll(() => summaryOf(harness, after), within).toMatchObject({ status: "sent" });
  expect(messageIds(harness.server)).toEqual([`<${id}@example.org>`, `<${after}@example.org>`]);
});

test("[MAIL-32] an email refused for now is tried again later and arrives once", async () => {
  const harness = await openSmtp();
  harness.server.answers.push({ refuse: "data", code: 451 }, { refuse: "recipient", code: 450 });
  const id = await harness.mail.queue(draft("a"));
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "queued", attempts: 1 });
  await expect.poll(() => waiting(), within).toBe(1);
  harness.clock.advance(10_000);
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ attempts: 2 });
  await expect.poll(() => waiting(), within).toBe(1);
  harness.clock.advance(30_000);
  await expect
    .poll(() => summaryOf(harness, id), within)
    .toMatchObject({ status: "sent", attempts: 3, sentAt: harness.clock.now().toISOString() });
  expect(messageIds(harness.server)).toEqual([`<${id}@example.org>`]);
});

test("[MAIL-44] what is of use until a time alone is not handed over after it, however it was delayed", async () => {
  const harness = await openSmtp();
  harness.server.answers.push({ refuse: "data", code: 451 });
  const until = new Date(harness.clock.now().getTime() + 5_000);
  const id = await harness.mail.queue(draft("a", { kind: "reminder", until }));
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "queued", attempts: 1 });
  await expect.poll(() => waiting(), within).toBe(1);
  harness.clock.advance(10_000);
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "failed", attempts: 1 });
  expect(await document(id)).toMatchObject({ errorCode: "TOO_LATE" });
  expect(messageIds(harness.server)).toEqual([]);
  // What has no end, or one that is still to come, goes out as before.
  const others = [draft("b"), draft("c", { until: new Date(harness.clock.now().getTime() + 1) })];
  for (const other of others) {
    const sent = await harness.mail.queue(other);
    await expect.poll(() => summaryOf(harness, sent), within).toMatchObject({ status: "sent" });
  }
});

test("[MAIL-33] an email refused for good has failed and is not tried again", async () => {
  const harness = await openSmtp();
  harness.server.answers.push({ refuse: "recipient", code: 550 });
  const id = await harness.mail.queue(draft("a"));
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "failed", attempts: 1 });
  await expect.poll(() => waiting(), within).toBe(0);
  harness.clock.advance(60_000);
  await harness.jobs.counts();
  expect(harness.server.attempts()).toBe(1);
  expect(await document(id)).toMatchObject({ errorCode: "SMTP_550" });
});

test("[MAIL-34] an answer that never came repeats the email under the same Message-ID", async () => {
  const harness = await openSmtp();
  harness.server.answers.push("hang-up-after-data");
  const id = await harness.mail.queue(draft("a"));
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ attempts: 1 });
  await expect.poll(() => waiting(), within).toBe(1);
  harness.clock.advance(10_000);
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "sent" });
  expect(messageIds(harness.server)).toEqual([`<${id}@example.org>`, `<${id}@example.org>`]);
});

test("[MAIL-35] after its last try an email has failed, with the last reason", async () => {
  const harness = await openSmtp();
  harness.server.answers.push(...Array.from({ length: 8 }, () => ({ refuse: "data" as const, code: 451 })));
  const id = await harness.mail.queue(draft("a"));
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ attempts: attempt });
    await expect.poll(() => running(), within).toBe(0);
    // Longer than any wait between two tries; in steps, as each second brings a poll.
    await store.connection
      .collection("jobs")
      .updateMany({ state: "waiting" }, { $set: { dueAt: new Date(0) } });
    harness.clock.advance(1_000);
  }
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "failed", attempts: 8 });
  expect(await document(id)).toMatchObject({ errorCode: "SMTP_451" });
  expect(messageIds(harness.server)).toEqual([]);
});

test("[MAIL-36] an email that was stored just before a crash is taken up at the next start", async () => {
  const before = await open(createOutboxTransport(), { start: false });
  const id = await before.mail.queue(draft("a"));
  // As if the process had ended between the two writes.
  await store.connection.collection("jobs").deleteMany({});
  const after = await open(createOutboxTransport());
  await expect.poll(() => summaryOf(after, id), within).toMatchObject({ status: "kept" });
});

test("[MAIL-42] a higher edition takes the place of an email that was not sent, and goes out once", async () => {
  const harness = await open(createOutboxTransport());
  const id = await harness.mail.queue(draft("a", { text: "What Ben said\n" }));
  await expect.poll(() => summaryOf(harness, id), within).toMatchObject({ status: "kept" });
  const anew = draft("a", { edition: 1, text: "Without Ben\n", attachments: [] });
  expect(await Promise.all([harness.mail.queue(anew), harness.mail.queue(anew)])).toEqual([id, id]);
  await expect
    .poll(() => harness.mail.get(ann, id), within)
    .toMatchObject({ status: "kept", attempts: 1, text: "Without Ben\n", attachments: [] });
  // Whoever comes late with the first changes nothing.
  await harness.mail.queue(draft("a", { text: "What Ben said\n" }));
  expect(await harness.mail.get(ann, id)).toMatchObject({ status: "kept", text: "Without Ben\n" });
  expect((await harness.mail.list(ann, { limit: 10 })).items).toHaveLength(1);
});

test("[MAIL-42] [MAIL-43] an email that is held back goes out once when it is written anew, and not after it was sent", async () => {
  const { mail, jobs, server } = await openSmtp();
  let edition = 1;
  mail.guard("recap", async (one) => one.edition === edition);
  const id = await mail.queue(draft("a", { kind: "recap", text: "What Ben said\n" }));
  await expect.poll(() => jobs.counts(), within).toEqual({ waiting: 0, running: 0, dead: 0 });
  const held = await mail.get(ann, id);
  expect(held).toMatchObject({ status: "queued", attempts: 0, attachments: [] });
  expect(held.text + held.html).not.toContain("Ben");
  await expect(mail.attachment(ann, id, 0)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await mail.queue(draft("a", { kind: "recap", edition: 1, text: "Without Ben\n" }));
  await expect.poll(() => mail.get(ann, id), within).toMatchObject({ status: "sent" });
  edition = 2;
  await mail.queue(draft("a", { kind: "recap", edition: 2, text: "Later\n" }));
  await expect.poll(() => jobs.counts(), within).toEqual({ waiting: 0, running: 0, dead: 0 });
  expect(server.mails).toHaveLength(1);
  expect(server.mails[0]?.source).toContain("Without Ben");
  expect(server.mails[0]?.source).not.toContain("What Ben said");
});

test("[MAIL-43] an email that was held back for a while goes out when it is queued again", async () => {
  const { mail, jobs } = await open(createOutboxTransport());
  let may = false;
  mail.guard("recap", async () => may);
  const id = await mail.queue(draft("a", { kind: "recap" }));
  await expect.poll(() => jobs.counts(), within).toEqual({ waiting: 0, running: 0, dead: 0 });
  may = true;
  expect(await mail.queue(draft("a", { kind: "recap" }))).toBe(id);
  await expect.poll(() => mail.get(ann, id), within).toMatchObject({ status: "kept", attempts: 1 });
});

test("[MAIL-37] a run that was taken over can neither mark a try nor record a failure", async () => {
  const { mail } = await open(createOutboxTransport(), { start: false });
  const id = await mail.queue(draft("a"));
  const repository = await createMailRepository(store.connection.useDb(store.connection.name), testCipher);
  const now = new Date();
  expect(await repository.beginAttempt(id, 2, now)).toBe(true);
  expect(await repository.beginAttempt(id, 1, now)).toBe(false);
  expect(await repository.beginAttempt(id, 2, now)).toBe(false);
  const failure = { errorCode: "X", final: true, now };
  expect(await repository.recordFailure(id, { ...failure, fence: 1 })).toBe(false);
  expect(await repository.recordDelivered(id, { status: "sent", now })).toBe(true);
  expect(await repository.recordFailure(id, { ...failure, fence: 2 })).toBe(false);
  expect(await repository.beginAttempt(id, 3, now)).toBe(false);
});

describe("[MAIL-38] an email is read by its addressee alone", () => {
  test("somebody else's email is not there, also by its id", async () => {
    const { mail } = await open(createOutboxTransport());
    const id = await mail.queue(draft("a"));
    for (const read of [() => mail.get(eve, id), () => mail.attachment(eve, id, 0)]) {
      await expect(read()).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect((await mail.list(eve, { limit: 10 })).items).toEqual([]);
    expect((await mail.list(ann, { limit: 10 })).items).toHaveLength(1);
  });

  test("the id decides where it is known, the address only where it is not", async () => {
    const { mail } = await open(createOutboxTransport());
    const byId = await mail.queue(draft("a", { to: { userId: ann.userId, email: eve.email, name: null } }));
    const byAddress = await mail.queue(
      draft("b", { to: { userId: null, email: "EVE@example.org", name: null } }),
    );
    const idsOf = async (reader: Actor) => (await mail.list(reader, { limit: 10 })).items.map(({ id }) => id);
    expect(await idsOf(ann)).toEqual([byId]);
    expect(await idsOf(eve)).toEqual([byAddress]);
    await expect(mail.get(eve, byId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("[MAIL-39] paging meets every email once, newest first, also where many have the same time", async () => {
  const { mail, clock } = await open(createOutboxTransport(), { start: false });
  const expected: MailId[] = [];
  for (let n = 0; n < 25; n += 1) {
    // Three moments for twenty-five emails, some by id and some by address.
    if (n % 10 === 9) clock.advance(1_000);
    const userId = n % 3 === 0 ? null : ann.userId;
    expected.unshift(await mail.queue(draft(`${n}`, { to: { userId, email: ann.email, name: null } })));
  }
  const seen: MailId[] = [];
  let cursor: string | undefined;
  do {
    const page = await mail.list(ann, { limit: 4, cursor });
    expect(page.items.length).toBeLessThanOrEqual(4);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(expected);
});

test("[MAIL-39] a cursor that this list has not handed out is refused", async () => {
  const { mail } = await open(createOutboxTransport());
  for (const cursor of ["x", "", Buffer.from("[1e30,1]").toString("base64url")]) {
    await expect(mail.list(ann, { limit: 4, cursor })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  }
});

test("[MAIL-40] a subject is one line, and what is too large or malformed is refused before it is stored", async () => {
  const { mail } = await open(createOutboxTransport());
  const id = await mail.queue(draft("a", { subject: "Hello\r\nBcc: eve@example.org" }));
  expect(await mail.get(ann, id)).toMatchObject({ subject: "Hello Bcc: eve@example.org" });
  const [attachment = { filename: "", contentType: "", content: "" }] = draft("x").attachments;
  const refused: [Partial<MailDraft>, string][] = [
    [{ html: "x".repeat(300_000) }, "PAYLOAD_TOO_LARGE"],
    [{ text: "x".repeat(70_000) }, "PAYLOAD_TOO_LARGE"],
    [{ attachments: Array.from({ length: 6 }, () => attachment) }, "PAYLOAD_TOO_LARGE"],
    [{ attachments: [{ ...attachment, content: "x".repeat(300_000) }] }, "PAYLOAD_TOO_LARGE"],
    [{ attachments: [{ ...attachment, contentType: "text/calendar\r\nX: y" }] }, "VALIDATION_ERROR"],
    [{ to: { userId: null, email: "a@b.c\r\nx", name: null } }, "VALIDATION_ERROR"],
    [{ subject: " \r\n " }, "VALIDATION_ERROR"],
    [{ key: "" }, "VALIDATION_ERROR"],
  ];
  for (const [change, code] of refused) {
    await expect(mail.queue(draft("b", change))).rejects.toMatchObject({ code });
  }
  expect(await store.connection.collection("outboxMails").countDocuments({})).toBe(1);
});

const document = async (id: MailId) =>
  (await store.connection.collection("outboxMails").find({}).toArray()).find(
    ({ _id }) => _id.toHexString() === id,
  );
