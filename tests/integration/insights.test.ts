// The recap and its emails on a real store, with real meetings, transcript, jobs and mail.
import { ObjectId } from "bson";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMadeEraser } from "../../server/modules/deletion/erase-made.mongo.ts";
import { createTalkEraser } from "../../server/modules/deletion/erase-talk.mongo.ts";
import { createConsentLedger, createConsentRepository } from "../../server/modules/consent/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import type { LanguageProvider } from "../../server/vendors/language/index.ts";
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";
import type { Actor } from "../../shared/actor.ts";
import { actionItemIdSchema, type MeetingId } from "../../shared/ids.ts";
import { segmentSchema, type Segment } from "../../shared/schemas/transcripts.ts";
import { until } from "../factories/nodes.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { delivered, recapMails, recapWhen, theRecapEmail } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let ann: Actor;
let ben: Actor;
let olga: Actor;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
let round = 0;
beforeEach(async () => {
  round += 1;
  house = await openCoaching(store);
  [ann, ben, olga] = [
    await house.actorOf(`ann${round}`),
    await house.actorOf(`ben${round}`),
    await house.actorOf(`olga${round}`),
  ];
  // Olga observes, by the consent of the two others.
  for (const speaker of [ann, ben])
    await house.consent.decideDefault(speaker, { purpose: "sharing", answer: "given", wording: 1 });
});
afterEach(() => house.close());

const talk = (): [Actor, string][] => [
  [ann, "What would you like to work on today?"],
  [ben, "My knee keeps hurting after running, and I keep skipping the exercises for the knee."],
  [ann, "So the knee exercises are the first thing to drop when work gets busy."],
  [ben, "Yes. I'll call the physiotherapist by Friday."],
  [ann, "Great, I'll send you the training plan tomorrow."],
  [ben, "And we decided to keep running only on the weekend until the knee is better."],
];

async function conclude(
  input: Parameters<Coaching["create"]>[1] = {},
  lines: [Actor, string][] = talk(),
): Promise<MeetingId> {
  const { id } = await house.create(ann, {
    participants: [{ email: ben.email }, { email: olga.email, role: "observer" }],
    ...input,
  });
  await house.meetings.start(ann, id);
  if (lines.length > 0) await house.say(ann, id, lines);
  await house.meetings.end(ann, id);
  return id;
}

async function allSegments(reader: Actor, id: MeetingId, limit: number): Promise<Segment[]> {
  const segments: Segment[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await house.insights.segments(reader, id, { limit, cursor });
    segments.push(...page.items);
    if (page.nextCursor === null) return segments;
    cursor = page.nextCursor;
  }
}

test("[INSIGHTS-11] everybody gets the same facts with their own actions first, each citing what was said", async () => {
  const id = await conclude();
  expect(await house.insights.recap(ann, id)).toMatchObject({ status: "waiting", insight: null });
  await house.insights.prepare(id);
  const forBen = (await recapWhen(house, ben, id, delivered)).insight;
  const forAnn = (await recapWhen(house, ann, id, delivered)).insight;
  // Of the talk, an observer is recommended nothing.
  expect((await house.insights.recap(olga, id)).insight?.recommendations).toEqual([]);
  expect(forAnn?.recommendations.map(({ type }) => type)).not.toContain("coaching");
  expect(forBen?.actionItems.map(({ ownerId, text, dueText }) => ({ ownerId, text, dueText }))).toEqual([
    { ownerId: ben.userId, text: "Call the physiotherapist by Friday", dueText: "by Friday" },
    { ownerId: ann.userId, text: "Send you the training plan tomorrow", dueText: "tomorrow" },
  ]);
  expect(forAnn?.actionItems.map(({ ownerId }) => ownerId)).toEqual([ann.userId, ben.userId]);
  expect(forBen?.decisions[0]?.text).toContain("keep running only on the weekend");
  expect(forAnn?.summary).toEqual(forBen?.summary);

  const segments = await allSegments(ben, id, 200);
  const { chunks } = await house.transcripts.read(ben, id, { fromSequence: 1, limit: 100 });
  const cited = [
    ...(forBen?.outcome === null || forBen === null ? [] : [forBen.outcome]),
    ...(forBen?.summary ?? []),
    ...(forBen?.decisions ?? []),
    ...(forBen?.actionItems ?? []),
  ].flatMap(({ citations }) => citations);
  expect(cited.length).toBeGreaterThan(4);
  for (const { segmentId, sequence, quote, speakerId } of cited) {
    const segment = segments.find((one) => one.id === segmentId);
    expect(segment?.firstSequence).toBeLessThanOrEqual(sequence);
    expect(segment?.lastSequence).toBeGreaterThanOrEqual(sequence);
    expect(chunks[sequence - 1]).toMatchObject({ speakerId });
    expect(chunks[sequence - 1]?.text).toContain(quote);
  }
});

describe("segments", () => {
  test("[INSIGHTS-1] pages of any size give the same segments, and together the whole transcript", async () => {
    const lines = Array.from({ length: 120 }, (_, n): [Actor, string] => [
      n % 2 === 0 ? ann : ben,
      `Line ${n} about the garden and its many different trees.`,
    ]);
    const id = await conclude({}, lines);
    await house.insights.prepare(id);
    await recapWhen(house, ann, id, delivered);
    const whole = await allSegments(ann, id, 200);
    expect(await allSegments(ann, id, 2)).toEqual(whole);
    expect(whole.map((segment) => segmentSchema.parse(segment))).toEqual(whole);
    expect(whole.length).toBeGreaterThan(5);
    expect(whole[0]?.firstSequence).toBe(1);
    expect(whole.at(-1)?.lastSequence).toBe(120);
    const stranger = await house.actorOf("stranger");
    await expect(house.insights.segments(stranger, id, { limit: 10 })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(house.insights.segments(ann, id, { limit: 10, cursor: "x" })).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  });
});

describe("email", () => {
  test("[INSIGHTS-20] [INSIGHTS-23] one email each for hosts and participants, with the next call's calendar file", async () => {
    await house.create(ann, {
      title: "Second call",
      scheduledAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      participants: [{ email: ben.email }, { email: olga.email, role: "observer" }],
    });
    const id = await conclude();
    await house.insights.prepare(id);
    await house.insights.prepare(id);
    await recapWhen(house, ann, id, delivered);
    await recapWhen(house, ben, id, delivered);
    for (const reader of [ann, ben]) {
      const [mail, ...rest] = await recapMails(house, reader);
      expect(rest).toEqual([]);
      expect(mail?.subject).toMatch(/^Your 1 action from \d{1,2} \p{L}+$/u);
      expect(mail?.text).toContain(`http://localhost:3000/meetings/${id}/recap`);
      expect(mail?.attachments).toMatchObject([{ filename: "next-call.ics" }]);
      if (mail === undefined) continue;
      const { content } = await house.mail.attachment(reader, mail.id, 0);
      expect(content).toContain("SUMMARY:Second call");
    }
    expect(await recapMails(house, olga)).toEqual([]);
  });

  test("[INSIGHTS-13] [INSIGHTS-27] a draft is the host's alone until it is approved, and the emails wait for it", async () => {
    const id = await conclude({ recapDelivery: "approval" });
    await house.insights.prepare(id);
    const draft = await recapWhen(house, ann, id, ({ status }) => status === "ready");
    expect(draft).toMatchObject({ delivery: "awaiting-approval", insight: { userId: ann.userId } });
    for (const reader of [ben, olga]) {
      expect(await house.insights.recap(reader, id)).toMatchObject({
        insight: null,
        delivery: "awaiting-approval",
      });
    }
    expect(await house.insights.openCommitments(ben)).toEqual([]);
    expect(await house.insights.openCommitments(ann)).toHaveLength(2);
    await expect(house.insights.approve(ben, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(house.insights.previewEmails(ben, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    const { items: previews } = await house.insights.previewEmails(ann, id);
    expect(previews.map(({ userId }) => userId)).toEqual([ann.userId, ben.userId]);
    expect(previews.map(({ text }) => text).join()).not.toContain("unsubscribe");
    expect(await recapMails(house, ben)).toEqual([]);
    await house.insights.approve(ann, id);
    await house.insights.approve(ann, id);
    expect((await recapWhen(house, ben, id, delivered)).insight?.userId).toBe(ben.userId);
    await recapWhen(house, ann, id, delivered);
    expect(await recapMails(house, ben)).toHaveLength(1);
    expect(await recapMails(house, ann)).toHaveLength(1);
    const [sent] = await recapMails(house, ben);
    expect(sent?.subject).toBe(previews[1]?.subject);
    await expect(house.insights.previewEmails(ann, id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await house.insights.openCommitments(ben)).toHaveLength(2);
  });
});

describe("when things go wrong", () => {
  test("[INSIGHTS-16] without a transcript nothing is invented, and the recap says why", async () => {
    const id = await conclude({}, []);
    await house.insights.prepare(id);
    const { insight } = await recapWhen(house, ann, id, delivered);
    expect(insight).toMatchObject({ outcome: null, summary: [], decisions: [], actionItems: [] });
    expect(insight?.missing).toEqual([
      "Nothing was transcribed in this call, so there is nothing to take a recap from.",
    ]);
    expect((await recapMails(house, ann))[0]?.subject).toMatch(/^Recap of your call on/);
  });

  test("[INSIGHTS-2] [INSIGHTS-10] preparing twice after a crash before the end leaves the same documents", async () => {
    const id = await conclude();
    await house.insights.prepare(id);
    const first = await recapWhen(house, ben, id, delivered);
    const [action] = first.insight?.actionItems ?? [];
    if (action === undefined) throw new Error("an action is expected");
    await house.insights.updateActionItem(ben, id, action.id, { done: true });
    const segments = await allSegments(ben, id, 200);
    const before = await recapMails(house, ben);
    // As a crash leaves it: everything written, nothing of it recorded. The job has ended when the process has stopped.
    await house.close();
    await store.connection
      .collection("recaps")
      .updateOne({ _id: new ObjectId(id) }, { $set: { status: "processing" } });
    house = await openCoaching(store);
    const begun = house.next("recap.changed");
    await house.jobs.requeue("insights.prepare", id);
    await begun;
    const again = await recapWhen(house, ben, id, delivered);
    expect(again.insight?.id).toBe(first.insight?.id);
    expect(again.insight?.actionItems.map(({ id: one, done }) => [one, done])).toEqual(
      first.insight?.actionItems.map(({ id: one }) => [one, one === action.id]),
    );
    expect(await allSegments(ben, id, 200)).toEqual(segments);
    expect(await recapMails(house, ben)).toEqual(before);
  });

  test("[INSIGHTS-15] a preparation that failed for good is tried again by a host, and by no one else", async () => {
    const id = await conclude();
    await house.insights.prepare(id);
    await recapWhen(house, ann, id, delivered);
    await house.close();
    const problem = "Preparing it failed several times (UNAVAILABLE).";
    await store.connection
      .collection("recaps")
      .updateOne({ _id: new ObjectId(id) }, { $set: { status: "failed", problem } });
    house = await openCoaching(store);
    expect(await house.insights.recap(ben, id)).toMatchObject({ status: "failed", problem, insight: null });
    await expect(house.insights.retry(ben, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await house.insights.retry(ann, id)).toMatchObject({ problem: null });
    expect((await recapWhen(house, ben, id, delivered)).insight?.actionItems).toHaveLength(2);
    expect(await recapMails(house, ben)).toHaveLength(1);
  });

  test("[INSIGHTS-3] a provider that invents is not believed, and the recap says what is missing", async () => {
    const inventing: LanguageProvider = {
      ...createRulesLanguage(),
      read: async (turns, context) => ({
        ...(await createRulesLanguage().read(turns, context)),
        decisions: [{ text: "Everybody gets a pony.", evidence: [{ sequence: 1, quote: "a pony" }] }],
      }),
    };
    await house.close();
    house = await openCoaching(store, { language: inventing });
    const id = await conclude();
    await house.insights.prepare(id);
    const { insight } = await recapWhen(house, ann, id, delivered);
    expect(insight?.decisions).toEqual([]);
    expect(insight?.missing).toEqual(["1 statement was left out because the transcript does not carry it."]);
  });
});

describe("when people answer differently after the call", () => {
  const ai = (who: Actor, id: MeetingId, answer: "given" | "refused") =>
    house.consent.decide(who, id, { purpose: "ai", answer, wording: 1 });
  const emailTo = (reader: Actor) => theRecapEmail(house, reader);

  test("[INSIGHTS-30] [INSIGHTS-32] [INSIGHTS-33] what was said is shown no more from the refusal on, and made anew, emails included", async () => {
    const id = await conclude();
    await house.insights.prepare(id);
    const before = await recapWhen(house, ann, id, delivered);
    await recapWhen(house, ben, id, delivered);
    expect(await emailTo(ann)).toContain("physiotherapist");
    const bens = before.insight?.actionItems.find(({ ownerId }) => ownerId === ben.userId);

    await ai(ben, id, "refused");
    expect(await house.insights.recap(ann, id)).toMatchObject({ status: "processing", insight: null });
    expect(await emailTo(ann)).not.toContain("physiotherapist");
    expect(await house.insights.openCommitments(ann)).toEqual([]);
    await expect(
      house.insights.updateActionItem(ann, id, actionItemIdSchema.parse(bens?.id), { done: true }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    const after = await recapWhen(house, ann, id, delivered);
    await recapWhen(house, ben, id, delivered);
    expect(JSON.stringify(after)).not.toMatch(/physiotherapist|weekend|knee keeps/);
    expect(after.insight?.actionItems.map(({ ownerId }) => ownerId)).toEqual([ann.userId]);
    expect(after.insight?.missing.join(" ")).toContain("What 1 person said was left out");
    for (const reader of [ann, ben]) {
      expect(await emailTo(reader)).toContain("training plan");
      expect(await emailTo(reader)).not.toContain("physiotherapist");
    }

    // All at once, and some of them back again: the last answers count.
    await Promise.all([ai(ann, id, "refused"), ai(ben, id, "given")]);
    await ai(ben, id, "refused");
    const nobodys = await recapWhen(house, ben, id, ({ insight }) => insight?.actionItems.length === 0);
    expect(nobodys.insight?.missing.join(" ")).toContain("What 2 people said was left out");
    await Promise.all([ai(ann, id, "given"), ai(ben, id, "given")]);
    const whole = await recapWhen(house, ben, id, delivered);
    expect(whole.insight?.actionItems).toHaveLength(2);
    expect(whole.insight?.missing).toEqual([]);
  });

  test("[INSIGHTS-31] [INSIGHTS-34] a default that is refused makes an approved recap a draft again, until it is approved", async () => {
    const id = await conclude({ recapDelivery: "approval" });
    await house.insights.prepare(id);
    await recapWhen(house, ann, id, ({ status }) => status === "ready");
    await house.insights.approve(ann, id);
    const before = await recapWhen(house, ben, id, delivered);
    await recapWhen(house, ann, id, delivered);
    const anns = before.insight?.actionItems.find(({ ownerId }) => ownerId === ann.userId);
    await house.insights.updateActionItem(ben, id, actionItemIdSchema.parse(anns?.id), { done: true });

    await house.consent.decideDefault(ben, { purpose: "ai", answer: "refused", wording: 1 });
    await expect(house.insights.approve(ann, id)).rejects.toMatchObject({ code: "CONFLICT" });
    const draft = await recapWhen(house, ann, id, ({ status }) => status === "ready");
    expect(draft.delivery).toBe("awaiting-approval");
    expect(draft.insight?.actionItems.map(({ ownerId, done }) => [ownerId, done])).toEqual([
      [ann.userId, true],
    ]);
    expect(await house.insights.recap(ben, id)).toMatchObject({
      insight: null,
      delivery: "awaiting-approval",
    });
    expect(await emailTo(ben)).not.toMatch(/physiotherapist|training plan/);
    await house.insights.approve(ann, id);
    await recapWhen(house, ann, id, delivered);
    await recapWhen(house, ben, id, delivered);
    expect(await emailTo(ben)).toContain("training plan");
    expect(await emailTo(ben)).not.toContain("physiotherapist");
  });

  test("[INSIGHTS-33] [INSIGHTS-35] who refuses while the recap is being made is not in it", async () => {
    const rules = createRulesLanguage();
    let refuse: (() => Promise<unknown>) | null = null;
    const language: LanguageProvider = {
      ...rules,
      async read(turns, context) {
        const reading = await rules.read(turns, context);
        const now = refuse;
        refuse = null;
        await now?.();
        return reading;
      },
    };
    await house.close();
    house = await openCoaching(store, { language });
    const id = await conclude();
    refuse = () => ai(ben, id, "refused");
    await house.insights.prepare(id);
    const recap = await recapWhen(house, ann, id, delivered);
    expect(recap.insight?.actionItems.map(({ ownerId }) => ownerId)).toEqual([ann.userId]);
    expect(await emailTo(ann)).not.toContain("physiotherapist");
    expect(await house.metrics.registry.metrics()).toMatch(/^connvo_recaps_remade_total 1$/m);
  });

  test("[DELETION-8] who is deleted while the recap is being made is not in it", async () => {
    const rules = createRulesLanguage();
    let erase: (() => Promise<unknown>) | null = null;
    const language: LanguageProvider = {
      ...rules,
      async read(turns, context) {
        const reading = await rules.read(turns, context);
        const now = erase;
        erase = null;
        await now?.();
        return reading;
      },
    };
    await house.close();
    house = await openCoaching(store, { language });
    const id = await conclude();
    const heldIn = (name: string) => store.connection.collection(name).find({ meetingId: new ObjectId(id) });
    await until(async () => (await heldIn("transcripts").toArray()).length > 0, "the lines to be filed");
    erase = async () => {
      await createTalkEraser(store.connection).erase(id, ben.userId);
      await createMadeEraser(store.connection).erase(id, ben.userId);
    };
    await house.insights.prepare(id);
    const recap = await recapWhen(house, ann, id, delivered);
    expect(recap.insight?.actionItems.map(({ ownerId }) => ownerId)).toEqual([ann.userId]);
    for (const name of ["insights", "actionItems", "transcriptSegments"])
      expect(JSON.stringify(await heldIn(name).toArray())).not.toMatch(/physiotherapist|weekend/);
  });

  test("[INSIGHTS-34] a decision that nobody heard of before a crash counts all the same", async () => {
    const id = await conclude();
    await house.insights.prepare(id);
    await recapWhen(house, ann, id, delivered);
    await recapWhen(house, ben, id, delivered);
    await house.close();
    const ledger = await createConsentLedger({
      repository: await createConsentRepository(
        store.connection.useDb(store.connection.name, { useCache: false }),
      ),
      clock: systemClock,
    });
    await ledger.decide(ben, id, { purpose: "ai", answer: "refused", wording: 1 });
    house = await openCoaching(store);
    expect(await emailTo(ann)).not.toContain("physiotherapist");
    expect(await house.insights.openCommitments(ann)).toEqual([]);
    const recap = await recapWhen(house, ann, id, delivered);
    expect(recap.insight?.actionItems.map(({ ownerId }) => ownerId)).toEqual([ann.userId]);
    expect(await emailTo(ann)).toContain("training plan");
  });
});
