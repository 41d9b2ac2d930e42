// Consent with everything real behind it: the ledger, and what an answer does to captions, prompts, recaps and emails.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createConsentLedger,
  createConsentRepository,
  type ConsentLedger,
} from "../../server/modules/consent/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";
import type { Turn } from "../../server/vendors/language/index.ts";
import { presentWording, wordingText } from "../../shared/consent-wording.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { ConsentAnswer, ConsentPurpose } from "../../shared/schemas/consents.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { codeOf } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let ann: Actor, ben: Actor, olga: Actor;
const given: Turn[][] = [];

beforeAll(async () => {
  store = await openTestStore();
  const rules = createRulesLanguage();
  house = await openCoaching(store, {
    language: {
      ...rules,
      read(turns, context) {
        given.push(turns);
        return rules.read(turns, context);
      },
    },
  });
  [ann, ben, olga] = await Promise.all([
    house.actorOf("ann"),
    house.actorOf("ben"),
    house.actorOf("olga"),
  ] as const);
});

afterAll(async () => {
  await house.close();
  await store.close();
});

const wording = 1;

function answer(who: Actor, id: MeetingId, purpose: ConsentPurpose, said: ConsentAnswer) {
  return house.consent.decide(who, id, { purpose, answer: said, wording: presentWording(purpose) });
}

async function call(): Promise<MeetingId> {
  const { id } = await house.create(ann, {
    participants: [{ email: ben.email }, { email: olga.email, role: "observer" }],
  });
  await house.meetings.start(ann, id);
  return id;
}

function line(text: string, more: object = {}) {
  return [{ clientKey: text, text, confidence: 1, startMs: 0, endMs: 1_000, ...more }];
}

async function textsOf(id: MeetingId): Promise<string[]> {
  const { chunks } = await house.transcripts.read(ann, id, { fromSequence: 0, limit: 100 });
  return chunks.map(({ text }) => text);
}

test("[CONSENT-1] an answer for the meeting counts before the default, and no answer is none", async () => {
  const cleo = await house.actorOf("cleo");
  const { id } = await house.create(ann, { participants: [{ email: cleo.email }] });
  const captions = async () =>
    (await house.consent.ofMeeting(cleo, id)).mine.find(({ purpose }) => purpose === "captions");
  expect(await captions()).toMatchObject({ answer: null, from: null, at: null });
  await house.consent.decideDefault(cleo, { purpose: "captions", answer: "refused", wording });
  expect(await captions()).toMatchObject({ answer: "refused", from: "default" });
  expect((await house.consent.ofMeeting(ann, id)).captions).toContainEqual({
    userId: cleo.userId,
    answer: "refused",
  });
  await answer(cleo, id, "captions", "given");
  expect(await captions()).toMatchObject({ answer: "given", from: "meeting" });
  expect(await codeOf(answer(olga, id, "ai", "given"))).toBe("NOT_FOUND");
  expect(await codeOf(house.consent.ofMeeting(olga, id))).toBe("NOT_FOUND");
  expect(await codeOf(answer(olga, await call(), "ai", "given"))).toBe("FORBIDDEN");
});

test("[CONSENT-2] [CONSENT-3] [CONSENT-4] the ledger keeps every decision with what was shown, for its owner", async () => {
  const dora = await house.actorOf("dora");
  const { id } = await house.create(dora);
  await house.consent.decideDefault(dora, { purpose: "ai", answer: "given", wording });
  await answer(dora, id, "ai", "refused");
  await answer(dora, id, "ai", "refused");
  expect(await codeOf(house.consent.decide(dora, id, { purpose: "ai", answer: "given", wording: 999 }))).toBe(
    "VALIDATION_ERROR",
  );
  const first = await house.consent.ledger(dora, { limit: 1 });
  expect(first.items).toMatchObject([
    { number: 1, meetingId: id, purpose: "ai", answer: "refused", shown: wordingText("ai", 1) },
  ]);
  const rest = await house.consent.ledger(dora, { limit: 10, cursor: first.nextCursor ?? "" });
  expect(rest).toMatchObject({
    items: [{ number: 1, meetingId: null, purpose: "ai", answer: "given" }],
    nextCursor: null,
  });
  expect((await house.consent.ledger(olga, { limit: 10 })).items).toEqual([]);
});

test("[CONSENT-2] [CONSENT-9] decisions from several places at once are all kept, and a crash half-way is made good", async () => {
  const repository = await createConsentRepository(
    store.connection.useDb(store.connection.name, { useCache: false }),
  );
  const eva = await house.actorOf("eva");
  const { id } = await house.create(eva);
  const ledger: ConsentLedger = await createConsentLedger({ repository, clock: systemClock });
  const purposes = ["captions", "ai", "sharing", "recording"] as const;
  await Promise.all(
    purposes.map((purpose) =>
      ledger.decide(eva, id, { purpose, answer: "given", wording: presentWording(purpose) }),
    ),
  );
  // The process that took this refusal died before the standing followed.
  await repository.append({
    userId: eva.userId,
    scope: id,
    number: 5,
    purpose: "ai",
    answer: "refused",
    wording,
    sessionId: "died",
    at: new Date(),
  });
  await ledger.decide(eva, id, { purpose: "captions", answer: "refused", wording });
  expect((await ledger.answers(id, [eva.userId])).get(eva.userId)).toEqual({
    captions: "refused",
    ai: "refused",
    sharing: "given",
    recording: "given",
  });
  const numbers = (await ledger.page(eva.userId, { limit: 10, before: null })).map(({ number }) => number);
  expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test("[CONSENT-3] a wording that was shown cannot be edited", async () => {
  const repository = await createConsentRepository(
    store.connection.useDb(store.connection.name, { useCache: false }),
  );
  const same = { purpose: "ai", number: 1, text: wordingText("ai", 1) ?? "" } as const;
  await repository.keepWordings([same]);
  await expect(repository.keepWordings([{ ...same, text: "Something else" }])).rejects.toThrow("successor");
});

test("[CONSENT-5] after a refusal nothing more of the person is stored, whoever sends it", async () => {
  const id = await call();
  const { append, appendFromVendor, renameSpeaker } = house.transcripts;
  await append(ben, id, line("before"));
  await appendFromVendor(id, line("as speaker 2", { speakerLabel: "Speaker 2" }));
  await renameSpeaker(ann, id, {
    scope: "everywhere",
    clientKey: "rename",
    from: { label: "Speaker 2" },
    to: { speakerId: ben.userId },
  });
  await answer(ben, id, "captions", "refused");
  expect(await codeOf(append(ben, id, line("own words")))).toBe("CONSENT_MISSING");
  expect(await codeOf(append(ann, id, line("by the host", { speakerId: ben.userId })))).toBe(
    "CONSENT_MISSING",
  );
  const delivered = await appendFromVendor(id, [
    ...line("by name", { speakerId: ben.userId }),
    ...line("by label", { speakerLabel: "Speaker 2" }),
    ...line("somebody else", { speakerId: ann.userId }),
  ]);
  expect(delivered).toMatchObject({ withheld: 2 });
  expect(await appendFromVendor(id, line("alone", { speakerId: ben.userId }))).toEqual({
    firstSequence: delivered.lastSequence,
    lastSequence: delivered.lastSequence,
    withheld: 1,
  });
  expect(await textsOf(id)).toEqual(["before", "as speaker 2", "somebody else"]);
  await answer(ben, id, "captions", "given");
  await append(ben, id, line("after"));
  expect(await textsOf(id)).toContain("after");
});

test("[CONSENT-5] a default that is refused mid-call counts at once", async () => {
  const finn = await house.actorOf("finn");
  const { id } = await house.create(ann, { participants: [{ email: finn.email }] });
  await house.meetings.start(ann, id);
  await house.transcripts.append(finn, id, line("before"));
  await house.consent.decideDefault(finn, { purpose: "captions", answer: "refused", wording });
  expect(await codeOf(house.transcripts.append(finn, id, line("later")))).toBe("CONSENT_MISSING");
});

test("[CONSENT-6] [CONSENT-7] the recap and its emails leave out who refused, and say so", async () => {
  const id = await call();
  await house.say(ann, id, [
    [ann, "What would you like to get out of today?"],
    [ben, "I want to run a half marathon in spring."],
    [ann, "I'll send you the training plan tomorrow."],
    [ben, "I'll call the physiotherapist by Friday."],
  ]);
  await answer(ben, id, "ai", "refused");
  await answer(ann, id, "sharing", "refused");
  given.length = 0;
  await house.meetings.end(ann, id);
  await house.insights.prepare(id);
  for (;;) {
    const changed = Promise.race([house.next("recap.changed"), house.next("mail.changed")]);
    const { status, delivery } = await house.insights.recap(ben, id);
    if (status === "ready" && delivery === "sent") break;
    await changed;
  }
  expect(given.flat().map(({ speakerId }) => speakerId)).toEqual([ann.userId, ann.userId]);
  const { insight } = await house.insights.recap(ben, id);
  expect(insight?.missing.join(" ")).toContain("1 person said was left out");
  expect(JSON.stringify(insight)).not.toContain("physiotherapist");
  expect(insight?.actionItems.map(({ ownerId }) => ownerId)).toEqual([ann.userId]);
  const mailTo = async (reader: Actor) => {
    const { items } = await house.mail.list(reader, { limit: 50 });
    const found = items.find(({ kind, meetingId }) => kind === "recap" && meetingId === id);
    return found === undefined ? "" : (await house.mail.get(reader, found.id)).text;
  };
  expect(await mailTo(ann)).toContain("training plan");
  expect(await mailTo(ben)).not.toContain("training plan");
  expect(await mailTo(ben)).toContain(id);
});

test("[CONSENT-7] observers see the conversation only while everybody who takes part agrees", async () => {
  const id = await call();
  const seen = () => codeOf(house.meetings.authorize(olga, id, "transcript.read").then(() => "seen"));
  const waiting = async () => (await house.consent.ofMeeting(olga, id)).observersWaitFor;
  const ways = ["meeting.join", "state.read", "call.enter", "notes.read", "chat.read", "recap.read"] as const;
  expect(await waiting()).toBe(2);
  await answer(ann, id, "sharing", "given");
  expect(await waiting()).toBe(1);
  for (const action of ways)
    expect(await codeOf(house.meetings.authorize(olga, id, action))).toBe("CONSENT_MISSING");
  expect((await house.meetings.get(olga, id)).title).toBe("First call");
  await answer(ben, id, "sharing", "given");
  for (const action of ways) await house.meetings.authorize(olga, id, action);
  expect((await house.meetings.views(id, [olga.userId, ann.userId])).size).toBe(2);
  await answer(ben, id, "sharing", "refused");
  expect(await seen()).toBe("CONSENT_MISSING");
  expect((await house.meetings.views(id, [olga.userId, ann.userId])).size).toBe(1);
  // Somebody who joins later has not agreed, either.
  await answer(ben, id, "sharing", "given");
  await house.meetings.invite(ann, id, { email: "gus@example.org", role: "participant" });
  expect(await seen()).toBe("CONSENT_MISSING");
});

test("[CONSENT-8] a decision is in the audit log and in the metric once, and so are lines that were not stored", async () => {
  const hal = await house.actorOf("hal");
  const { id } = await house.create(ann, { participants: [{ email: hal.email }] });
  await house.meetings.start(ann, id);
  const refusals = { purpose: "captions", answer: "refused", scope: "meeting" };
  const before = await valueOf("connvo_consent_decisions_total", refusals);
  const withheldBefore = await valueOf("connvo_transcript_chunks_withheld_total", { sender: "vendor" });
  for (let repeat = 0; repeat < 2; repeat += 1) await answer(hal, id, "captions", "refused");
  await house.transcripts.appendFromVendor(id, line("withheld", { speakerId: hal.userId }));
  expect(await valueOf("connvo_consent_decisions_total", refusals)).toBe(before + 1);
  expect(await valueOf("connvo_transcript_chunks_withheld_total", { sender: "vendor" })).toBe(
    withheldBefore + 1,
  );
  const entries = await store.connection
    .collection("auditLogs")
    .find({ action: "consent.decide", resourceId: id })
    .toArray();
  expect(entries.map(({ metadata }) => metadata as unknown)).toEqual([
    { purpose: "captions", answer: "refused", wording: presentWording("captions") },
  ]);
});

async function valueOf(name: string, labels: Record<string, string>): Promise<number> {
  const { values } = (await house.metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
  const found = values.find((one) =>
    Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  return found?.value ?? 0;
}
