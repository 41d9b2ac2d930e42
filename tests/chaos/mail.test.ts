// The running product in conversation with an SMTP server that refuses, hangs up and falls silent, and killed in the middle of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { MailSummary } from "../../shared/schemas/mail.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { headersOf, partsOf, startSmtpServer, type TestSmtpServer } from "../factories/smtp.ts";
import { askAt } from "../integration/access/calls.ts";

const within = { timeout: 90_000, interval: 50 };
const names = ["ann", "ben", "cleo", "dora", "eli", "finn", "gina", "hugo", "ida", "jon"];
const addressOf = (name: string) => `${name}@example.org`;

let smtp: TestSmtpServer;
let server: TestServer;

beforeAll(async () => {
  smtp = await startSmtpServer();
  server = await startTestServer({
    environment: { SMTP_URL: smtp.url, MAIL_FROM: "Connvo <connvo@example.org>", RATE_LIMITS: "off" },
  });
});
afterAll(async () => {
  await server.close();
  await smtp.close();
});

async function api<Answer>(who: string, method: string, path: string, body?: unknown): Promise<Answer> {
  return askAt<Answer>(server.url + path, await server.token(addressOf(who)), method, body);
}

const callOf = (people: string[], scheduledAt: string | null): Promise<Meeting> =>
  api<Meeting>("coach", "POST", "/api/v1/meetings", {
    title: "Weekly call",
    ...(scheduledAt === null ? {} : { scheduledAt, durationMinutes: 30 }),
    participants: people.map((name) => ({ email: addressOf(name), role: "participant" })),
  });

/** How many emails this process knows the outcome of. */
async function counted(outcome: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return [...text.matchAll(/^connvo_mails_total\{([^}]*)\} (\d+)$/gm)]
    .filter(([, labels]) => labels?.includes(`outcome="${outcome}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

const recipients = (subject: RegExp) =>
  smtp.mails
    .filter(({ source }) => subject.test(headersOf(source).get("subject")?.[0] ?? ""))
    .flatMap(({ to }) => to)
    .sort();

test("[MAIL-57] each recipient once, through refusals, 4xx, hang-ups and a server that is killed in the middle", async () => {
  smtp.answers.push(
    "accept",
    { refuse: "recipient", code: 550, text: "5.1.1 no such user" },
    { refuse: "data", code: 451 },
    "accept",
    "hang-up",
    { refuse: "recipient", code: 450 },
    "accept",
    "freeze",
  );
  const meeting = await callOf(names, "2030-03-12T10:00:00Z");
  // Until it has fallen silent, and what it has said yes to is written down: then nothing is left open to doubt.
  await expect.poll(() => smtp.attempts(), within).toBeGreaterThanOrEqual(8);
  await expect.poll(async () => (await counted("sent")) === smtp.mails.length, within).toBe(true);
  expect(await counted("failed")).toBe(1);
  const before = smtp.mails.length;
  expect(before).toBeLessThan(names.length - 1);
  await server.kill();
  await server.restart();
  smtp.thaw();
  await expect.poll(() => smtp.mails.length, within).toBe(names.length - 1);
  await expect.poll(() => counted("sent"), within).toBe(names.length - 1 - before);

  const reached = recipients(/^Invitation/);
  expect(new Set(reached).size).toBe(reached.length);
  const [refused = ""] = names.map(addressOf).filter((address) => !reached.includes(address));
  const identities = smtp.mails.flatMap(({ source }) => headersOf(source).get("message-id") ?? []);
  expect(new Set(identities).size).toBe(names.length - 1);

  // What comes next goes to everybody but the address that is not there, about which nobody is asked again.
  const attempts = smtp.attempts();
  await api("coach", "POST", `/api/v1/meetings/${meeting.id}/cancel`);
  await expect.poll(() => counted("bounced"), within).toBe(1);
  await expect.poll(() => recipients(/^Cancelled/), within).toEqual(reached);
  expect(smtp.attempts()).toBe(attempts + names.length - 1);
  const [bounced = ""] = refused.split("@");
  const outbox = await api<{ items: MailSummary[] }>(bounced, "GET", "/api/v1/outbox");
  expect(outbox.items.map(({ status }) => status)).toEqual(["bounced", "failed"]);
});

test("[MAIL-50] [MAIL-52] [MAIL-53] one POST of a mail program ends recap emails, and leaves the others", async () => {
  const talk = async () => {
    const { id } = await callOf(["kim"], null);
    await api("coach", "POST", `/api/v1/meetings/${id}/start`);
    await api("kim", "POST", `/api/v1/meetings/${id}/transcript`, {
      chunks: [
        {
          clientKey: "1",
          text: "I will call the clinic by Friday.",
          confidence: 1,
          startMs: 0,
          endMs: 3_000,
        },
      ],
    });
    await api("coach", "POST", `/api/v1/meetings/${id}/end`);
  };
  const recapsTo = (name: string) =>
    smtp.mails.filter(
      ({ to, source }) => to[0] === addressOf(name) && /^Subject: (Your|Recap)/im.test(source),
    );
  await talk();
  await expect.poll(() => recapsTo("kim").length + recapsTo("coach").length, within).toBe(2);
  const source = recapsTo("kim")[0]?.source ?? "";
  const headers = headersOf(source);
  expect(headers.get("list-unsubscribe-post")).toEqual(["List-Unsubscribe=One-Click"]);
  const link = /^<(http[^>]+)>$/.exec(headers.get("list-unsubscribe")?.[0] ?? "")?.[1] ?? "";
  const [html, text] = ["text/html", "text/plain"].map(
    (type) => partsOf(source).find(({ contentType }) => contentType.startsWith(type))?.content ?? "",
  );
  expect(html).toContain(link);
  expect(text).toContain(link);

  // Opening it, as scanners of links do, changes nothing.
  const opened = await fetch(link);
  expect([opened.status, opened.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(await opened.text()).toContain(`<form method="post" action="${new URL(link).pathname}"`);
  const kim = () => api<{ lists: unknown }>("kim", "GET", "/api/v1/me/emails");
  expect(await kim()).toMatchObject({ lists: [{ list: "recap", subscribed: true }] });
  for (const again of [1, 2]) {
    const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
    const posted = await fetch(link, { method: "POST", body, redirect: "manual" });
    expect([again, posted.status]).toEqual([again, 200]);
    expect(await posted.text()).toContain("No more recap emails");
  }
  expect(await kim()).toMatchObject({ lists: [{ list: "recap", subscribed: false }] });

  await talk();
  await expect.poll(() => recapsTo("coach").length, within).toBe(2);
  const latest = async () => (await api<{ items: MailSummary[] }>("kim", "GET", "/api/v1/outbox")).items[0];
  await expect.poll(latest, within).toMatchObject({ kind: "recap", status: "unsubscribed" });
  expect(recapsTo("kim")).toHaveLength(1);
  // Of both calls, although recaps are off.
  expect(recipients(/^Invitation/).filter((address) => address === addressOf("kim"))).toHaveLength(2);
});
