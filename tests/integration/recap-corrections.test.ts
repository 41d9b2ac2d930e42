// Corrections of the transcript after the call: the recap and its emails follow them, on a real store with real jobs and mail.
import mongoose from "mongoose";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createMongoCorrectionsRepository } from "../../server/modules/transcripts/corrections.repository.mongo.ts";
import type { LanguageProvider } from "../../server/vendors/language/index.ts";
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";
import type { MailTransport, OutgoingMail } from "../../server/vendors/mail/index.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { Recap } from "../../shared/schemas/insights.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { RetentionKind } from "../../shared/schemas/retention.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { until } from "../factories/nodes.ts";
import { startTestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import { delivered, recapWhen, theRecapEmail } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let store: TestStore;
let house: Coaching;
let ann: Actor;
let ben: Actor;
let cara: Actor;
let id: MeetingId;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
let round = 0;
beforeEach(async () => {
  round += 1;
  house = await openCoaching(store);
  [ann, ben, cara] = [
    await house.actorOf(`ann${round}`),
    await house.actorOf(`ben${round}`),
    await house.actorOf(`cara${round}`),
  ];
});
afterEach(() => house.close());

const promise = 4;
const misheard = "physiotherapist";
const meant = "psychotherapist";
const lines = (): [Actor, string][] => [
  [ann, "What would you like to work on today?"],
  [ben, "My knee keeps hurting after running, and I keep skipping the exercises for the knee."],
  [ann, "So the knee exercises are the first thing to drop when work gets busy."],
  [ben, `Yes. I'll call the ${misheard} by Friday.`],
  [ann, "Great, I'll send you the training plan tomorrow."],
];

async function reopen(options: Parameters<typeof openCoaching>[1]): Promise<void> {
  await house.close();
  house = await openCoaching(store, options);
}

async function start(input: Parameters<Coaching["create"]>[1] = {}): Promise<void> {
  ({ id } = await house.create(ann, {
    participants: [{ email: ben.email }, { email: cara.email }],
    ...input,
  }));
  await house.meetings.start(ann, id);
  await house.say(ann, id, lines());
}

async function conclude(input: Parameters<Coaching["create"]>[1] = {}): Promise<void> {
  await start(input);
  await house.meetings.end(ann, id);
  await house.insights.prepare(id);
}

let corrections = 0;
function correct(text = `Yes. I'll call the ${meant} by Friday.`) {
  corrections += 1;
  return house.transcripts.edit(ann, id, promise, { clientKey: `edit-${corrections}`, text });
}

function give(to: Actor) {
  corrections += 1;
  return house.transcripts.renameSpeaker(ann, id, {
    scope: "line",
    clientKey: `give-${corrections}`,
    sequence: promise,
    to: { speakerId: to.userId },
  });
}

const collection = (name: string) => store.connection.collection(name);
const waiting = () => ({ name: "insights.prepare", key: id, state: "waiting" });

/** The making that waits for further corrections waits no longer. */
async function settle(): Promise<void> {
  const pull = () => collection("jobs").updateOne(waiting(), { $set: { dueAt: new Date() } });
  await until(async () => (await pull()).matchedCount === 1, "the recap to wait for its making");
}

/** Nothing that could send an email is left to do; what waits is done at once. */
async function rest(): Promise<void> {
  const name = { $in: ["insights.prepare", "insights.deliver", "mail.deliver"] };
  await until(async () => {
    await collection("jobs").updateMany({ name, state: "waiting" }, { $set: { dueAt: new Date() } });
    return (await collection("jobs").countDocuments({ name, state: { $in: ["waiting", "running"] } })) === 0;
  }, "the jobs to end");
}

const ready = ({ status }: Recap) => status === "ready";
const ownersIn = (recap: Recap) => recap.insight?.actionItems.map(({ ownerId, text }) => [ownerId, text]);
const hidden = { status: "processing", insight: null };

/** A mail server that is away until it is told otherwise. */
function carrier(isAway = false) {
  const sent: OutgoingMail[] = [];
  const transport: MailTransport = {
    mode: "smtp",
    async deliver(mail) {
      if (carried.isAway) throw new Error("the mail server is away");
      sent.push(mail);
      return { outcome: "sent" };
    },
    close: () => Promise.resolve(),
  };
  const isOfRecap = ({ text }: OutgoingMail) => text.includes(`/meetings/${id}/recap`);
  const words = () => sent.filter(isOfRecap).map(({ text, html }) => `${text} ${html}`);
  const carried = { transport, isAway, words };
  return carried;
}

/** Rules that say how often they were asked, and do something the first time, before they answer. */
function counted(meanwhile: () => Promise<unknown> = () => Promise.resolve()) {
  const rules = createRulesLanguage();
  const asked = { times: 0 };
  const language: LanguageProvider = {
    ...rules,
    async read(turns, context) {
      asked.times += 1;
      const reading = await rules.read(turns, context);
      if (asked.times === 1) await meanwhile();
      return reading;
    },
  };
  return { language, asked };
}

test("[INSIGHTS-36] a draft whose line is corrected is not approved as it was, but with the words that were meant", async () => {
  await conclude({ recapDelivery: "approval" });
  await recapWhen(house, ann, id, ready);
  const told = house.next("recap.changed", ({ meetingId }) => meetingId === id);
  await correct();
  expect(await house.insights.recap(ann, id)).toMatchObject(hidden);
  await told;
  await expect(house.insights.approve(ann, id)).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(house.insights.previewEmails(ann, id)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await house.insights.openCommitments(ann)).toEqual([]);

  await settle();
  const draft = await recapWhen(house, ann, id, ready);
  expect(draft.delivery).toBe("awaiting-approval");
  expect(JSON.stringify(draft)).not.toContain(misheard);
  await house.insights.approve(ann, id);
  await recapWhen(house, ben, id, delivered);
  expect(await theRecapEmail(house, ben)).toContain(meant);
  expect(await theRecapEmail(house, ben)).not.toContain(misheard);
});

test("[INSIGHTS-37] emails that were approved and not sent yet wait for the new edition and its own approval", async () => {
  const post = carrier(true);
  await reopen({ mailTransport: post.transport });
  await conclude({ recapDelivery: "approval" });
  await recapWhen(house, ann, id, ready);
  await house.insights.approve(ann, id);
  await until(
    async () => (await house.mail.list(ben, { limit: 5 })).items.length > 0,
    "the emails to be queued",
  );
  await correct();
  post.isAway = false;
  await settle();
  expect((await recapWhen(house, ann, id, ready)).delivery).toBe("awaiting-approval");
  expect(await house.insights.recap(ben, id)).toMatchObject({ insight: null });
  expect(post.words()).toEqual([]);
  await house.insights.approve(ann, id);
  await recapWhen(house, ben, id, delivered);
  await rest();
  expect(post.words()).toHaveLength(3);
  expect(post.words().join()).toContain(meant);
  expect(post.words().join()).not.toContain(misheard);
});

test("[INSIGHTS-36] what was promised in a line that is another's is another's to do", async () => {
  await conclude();
  expect(ownersIn(await recapWhen(house, ann, id, delivered))).toContainEqual([
    ben.userId,
    `Call the ${misheard} by Friday`,
  ]);
  await give(ann);
  expect(await house.insights.recap(ben, id)).toMatchObject(hidden);
  await settle();
  expect(ownersIn(await recapWhen(house, ben, id, delivered))).toEqual([
    [ann.userId, `Call the ${misheard} by Friday`],
    [ann.userId, "Send you the training plan tomorrow"],
  ]);
});

test("[INSIGHTS-36] [CONSENT-6] a line that is given to somebody who refuses AI is not in the recap from then on", async () => {
  await conclude();
  await house.consent.decide(cara, id, { purpose: "ai", answer: "refused", wording: 1 });
  await recapWhen(house, ann, id, delivered);
  await recapWhen(house, ben, id, delivered);
  expect(await theRecapEmail(house, ben)).toContain(misheard);
  await give(cara);
  expect(await house.insights.recap(ann, id)).toMatchObject(hidden);
  expect(await house.insights.openCommitments(ben)).toEqual([]);
  expect(await theRecapEmail(house, ben)).not.toContain(misheard);
  await settle();
  const after = await recapWhen(house, ann, id, delivered);
  expect(JSON.stringify(after)).not.toContain(misheard);
  expect(after.insight?.missing.join(" ")).toContain("What 1 person said was left out");
  for (const name of ["insights", "actionItems"]) {
    const kept = await collection(name)
      .find({ meetingId: new mongoose.Types.ObjectId(id) })
      .toArray();
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain(misheard);
  }
  await rest();
  expect(await theRecapEmail(house, ben)).not.toContain(misheard);
  // Found by it from now on, as the people who spoke are.
  await house.consent.decide(cara, id, { purpose: "ai", answer: "given", wording: 1 });
  const whole = await recapWhen(house, ann, id, ({ insight }) => insight?.missing.length === 0);
  expect(ownersIn(whole)).toContainEqual([cara.userId, `Call the ${misheard} by Friday`]);
});

test("[INSIGHTS-37] what was sent is not sent again, and the page shows the new edition", async () => {
  const post = carrier();
  await reopen({ mailTransport: post.transport });
  await conclude();
  await recapWhen(house, ben, id, delivered);
  await rest();
  const before = post.words();
  expect(before).toHaveLength(3);
  await correct();
  await settle();
  const after = await recapWhen(house, ben, id, delivered);
  expect(ownersIn(after)).toContainEqual([ben.userId, `Call the ${meant} by Friday`]);
  await rest();
  expect(post.words()).toEqual(before);
  expect(await theRecapEmail(house, ben)).toContain(misheard);
});

test("[INSIGHTS-36] [RETAIN-12] a recap whose transcript is kept no longer stays as it is", async () => {
  await conclude();
  await recapWhen(house, ben, id, delivered);
  await correct();
  await settle();
  const before = await recapWhen(house, ben, id, delivered);
  await rest();
  await reopen({ over: () => new Set<RetentionKind>(["transcript"]) });
  const meetingId = new mongoose.Types.ObjectId(id);
  for (const name of ["transcripts", "transcriptCorrections"])
    await collection(name).deleteMany({ meetingId });
  expect(await house.transcripts.lastRevision(id)).toBe(0);
  await house.insights.linesChanged(id);
  expect(await house.insights.recap(ben, id)).toEqual(before);
  expect(await collection("jobs").countDocuments(waiting())).toBe(0);
});

test("[INSIGHTS-38] a correction that nobody heard of before a crash counts all the same", async () => {
  await conclude();
  await recapWhen(house, ann, id, delivered);
  await recapWhen(house, ben, id, delivered);
  await rest();
  await house.close();
  const stored = await createMongoCorrectionsRepository(
    store.connection.useDb(store.connection.name, { useCache: false }),
  );
  const content = {
    kind: "text",
    sequence: promise,
    text: `Yes. I'll call the ${meant} by Friday.`,
  } as const;
  const made = { revision: 1, authorId: ann.userId, clientKey: "before the crash", createdAt: new Date() };
  await stored.insert(id, [{ ...made, content }]);
  house = await openCoaching(store);
  expect(await collection("jobs").countDocuments(waiting())).toBe(0);
  // An email that is read is enough.
  expect(await theRecapEmail(house, ben)).not.toContain(misheard);
  expect(await house.insights.recap(ann, id)).toMatchObject(hidden);
  await settle();
  await recapWhen(house, ben, id, delivered);
  expect(await theRecapEmail(house, ben)).toContain(meant);
});

test("[INSIGHTS-38] a line that is corrected while the recap is being made is in it, and no email goes without it", async () => {
  const post = carrier();
  const { language, asked } = counted(() => correct());
  await reopen({ language, mailTransport: post.transport });
  await conclude();
  await until(async () => (await house.insights.recap(ann, id)).status === "processing", "the making");
  await settle();
  const recap = await recapWhen(house, ben, id, delivered);
  expect(ownersIn(recap)).toContainEqual([ben.userId, `Call the ${meant} by Friday`]);
  await rest();
  expect(post.words()).toHaveLength(3);
  expect(post.words().join()).not.toContain(misheard);
  expect(asked.times).toBe(2);
  expect(await house.metrics.registry.metrics()).toMatch(/^connvo_recaps_remade_total 1$/m);
});

test("[INSIGHTS-38] corrections of a minute are one making, from the first of them on", async () => {
  const { language, asked } = counted();
  await reopen({ language });
  await conclude();
  await recapWhen(house, ben, id, delivered);
  await rest();
  expect(asked.times).toBe(1);
  const firstMs = Date.now();
  await correct("Yes. I'll call the ps by Friday.");
  await until(async () => (await collection("jobs").countDocuments(waiting())) === 1, "the making to wait");
  const due = (await collection("jobs").findOne(waiting()))?.["dueAt"] as Date;
  expect(due.getTime() - firstMs).toBeGreaterThanOrEqual(60_000);
  await correct("Yes. I'll call the psycho by Friday.");
  // Neither whoever reads nor a further correction moves it.
  expect(await house.insights.recap(ben, id)).toMatchObject(hidden);
  await correct();
  await house.insights.linesChanged(id);
  expect((await collection("jobs").findOne(waiting()))?.["dueAt"]).toEqual(due);
  await settle();
  const recap = await recapWhen(house, ben, id, delivered);
  expect(ownersIn(recap)).toContainEqual([ben.userId, `Call the ${meant} by Friday`]);
  await rest();
  expect(asked.times).toBe(2);
});

test("[INSIGHTS-36] a recap of before corrections were followed stays, unless a line was corrected after the call", async () => {
  await start();
  await correct();
  await house.meetings.end(ann, id);
  await house.insights.prepare(id);
  const before = await recapWhen(house, ben, id, delivered);
  await rest();
  await collection("recaps").updateOne({ _id: new mongoose.Types.ObjectId(id) }, { $unset: { revision: 1 } });
  expect(await house.insights.recap(ben, id)).toEqual(before);
  await give(ann);
  expect(await house.insights.recap(ben, id)).toMatchObject(hidden);
  // Also once the correction is in its collection, and another process reads it.
  await house.transcripts.fileCorrections(id);
  await reopen({});
  expect(await house.insights.recap(ben, id)).toMatchObject(hidden);
});

test("[INSIGHTS-36] who has the recap open is told of a correction as it is made", async () => {
  const server = await startTestServer();
  const token = await server.token("dora@example.org", "Dora");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = async (method: string, path: string, body: unknown = {}) => {
    const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as Meeting;
  };
  const made = await call("POST", "/api/v1/meetings", { title: "Corrected" });
  const path = `/api/v1/meetings/${made.id}`;
  await call("POST", `${path}/start`);
  const text = "I'll call the physiotherapist by Friday.";
  await call("POST", `${path}/transcript`, {
    chunks: [{ clientKey: "one", text, confidence: 1, startMs: 0, endMs: 2_000 }],
  });
  await call("POST", `${path}/end`);
  const socket = await connectSocket(server.url, token);
  const shown: Recap["status"][] = [];
  socket.on("live:update", ({ snapshot }: { snapshot: Recap }) => shown.push(snapshot.status));
  await emitOk(socket, "live:subscribe", { query: "recap", args: { meetingId: made.id } });
  await expect.poll(() => shown.at(-1), { timeout: 60_000 }).toBe("ready");
  await call("PATCH", `${path}/transcript/1`, { clientKey: "better", text: "I'll call her by Friday." });
  await expect.poll(() => shown.at(-1), { timeout: 60_000 }).toBe("processing");
  socket.disconnect();
  await server.close();
});
