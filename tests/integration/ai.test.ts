// Machines switched off, at the port: providers that keep every word they are given, behind real meetings, consents and jobs.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createCostLedger } from "../../server/modules/ai/ai.ledger.ts";
import { createAiRepository } from "../../server/modules/ai/ai.repository.mongo.ts";
import { createAiStores } from "../../server/modules/ai/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createGatedLanguage } from "../../server/vendors/language/gated.ts";
import type { LanguageGate } from "../../server/vendors/language/index.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId, OrgId } from "../../shared/ids.ts";
import type { Recap } from "../../shared/schemas/insights.ts";
import { client, coach, kneeTalk, recordingProvider } from "../factories/ai.ts";
import { testCipher } from "../factories/cipher.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let model: ReturnType<typeof recordingProvider>;
let ann: Actor;
let ben: Actor;
let round = 0;

beforeAll(async () => {
  store = await openTestStore();
  model = recordingProvider("model");
  house = await openCoaching(store, { language: model });
});
afterAll(async () => {
  await house?.close();
  await store?.close();
});
beforeEach(async () => {
  round += 1;
  model.seen.length = 0;
  [ann, ben] = [await house.actorOf(`ai-ann${round}`), await house.actorOf(`ai-ben${round}`)];
});

const canaries = { ann: "canary-of-ann", ben: "canary-of-ben" };
const seen = () => model.seen.map(({ text }) => text).join("\n");
const admin = (orgId: string): Actor => ({ ...ann, orgId: orgId as OrgId, orgRole: "admin" });
const says = (who: Actor, answer: "given" | "refused") =>
  house.consent.decideDefault(who, { purpose: "ai", answer, wording: 1 });

async function held(orgId: string | null = null): Promise<MeetingId> {
  const host = { ...ann, orgId: orgId as OrgId | null };
  const { id } = await house.create(host, { participants: [{ email: ben.email }] });
  await house.meetings.start(host, id);
  await house.say(host, id, [
    [ann, `What brings you here, ${canaries.ann}?`],
    [ben, `I'll call the ${canaries.ben} by Friday.`],
  ]);
  await house.meetings.end(host, id);
  return id;
}

async function recapOf(id: MeetingId, orgId: string | null = null): Promise<NonNullable<Recap["insight"]>> {
  const host = { ...ann, orgId: orgId as OrgId | null };
  await house.insights.prepare(id);
  const { insight } = await recapWhen(house, host, id, delivered);
  if (insight === null) throw new Error("no recap");
  return insight;
}

describe("the gate", () => {
  test("[AI-2] a model is given the words of those who said yes, and of nobody else", async () => {
    await says(ben, "given");
    const id = await held();
    const insight = await recapOf(id);
    expect(seen()).toContain(canaries.ben);
    expect(seen()).not.toContain(canaries.ann);
    expect(insight.missing.join()).toContain("What 1 person said was left out");
  });

  test("[AI-2] a person who refuses reaches neither model nor rules", async () => {
    await says(ben, "refused");
    await says(ann, "given");
    const id = await held();
    await house.ai.decideForMeeting(ann, id, "rules");
    const insight = await recapOf(id);
    expect(seen()).toBe("");
    expect(JSON.stringify(insight)).not.toContain(canaries.ben);
  });

  test("[AI-2] a meeting for rules gives a model nothing, and rules read it", async () => {
    await says(ann, "given");
    await says(ben, "given");
    const id = await held();
    expect(await house.ai.decideForMeeting(ann, id, "rules")).toMatchObject({ counts: "rules" });
    const insight = await recapOf(id);
    expect(seen()).toBe("");
    expect(insight.generatedBy).toBe("rules");
    expect(insight.actionItems).toHaveLength(1);
  });

  test("[AI-4] a meeting that is off is read by nothing, its recap says why, and is made when it is on again", async () => {
    await says(ann, "given");
    await says(ben, "given");
    const id = await held();
    await house.ai.decideForMeeting(ann, id, "off");
    const off = await recapOf(id);
    expect(seen()).toBe("");
    expect(off).toMatchObject({ outcome: null, summary: [], decisions: [], actionItems: [] });
    expect(off.missing).toContain(
      "Machines are switched off for this meeting: none has read what was said in it.",
    );
    await house.ai.decideForMeeting(ann, id, "model");
    await house.insights.recap(ann, id);
    await recapWhen(house, ann, id, ({ insight }) => insight !== null && insight.missing.length === 0);
    expect(seen()).toContain(canaries.ben);
  });

  test("[AI-1] an organisation's switch counts for its meetings and no others, and the stricter one wins", async () => {
    await says(ann, "given");
    await says(ben, "given");
    const org = `org_${round}`;
    await house.ai.decideForOrganization(admin(org), "off");
    const id = await held(org);
    await house.ai.decideForMeeting({ ...ann, orgId: org as OrgId }, id, "model");
    expect(await house.ai.ofMeeting({ ...ann, orgId: org as OrgId }, id)).toEqual({
      meeting: "model",
      organization: "off",
      counts: "off",
      provider: "recording-model",
      speech: null,
    });
    await recapOf(id, org);
    expect(seen()).toBe("");
    const other = await held(null);
    await recapOf(other);
    expect(seen()).toContain(canaries.ben);
    await expect(house.ai.decideForOrganization(ann, "model")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(house.ai.decideForMeeting(ben, other, "off")).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("[AI-4] a recap of before stays when machines are switched off, and still falls with a person's consent", async () => {
    await says(ann, "given");
    await says(ben, "given");
    const id = await held();
    await recapOf(id);
    await house.ai.decideForMeeting(ann, id, "off");
    expect((await house.insights.recap(ann, id)).status).toBe("ready");
    await says(ben, "refused");
    expect((await house.insights.recap(ann, id)).insight).toBeNull();
  });

  test("[AI-4] prompts look at nothing of a meeting that is off", async () => {
    const id = await held();
    expect((await house.ai.consentsIn(id)).get(ben.userId)?.ai).toBeNull();
    await house.ai.decideForMeeting(ann, id, "off");
    const answers = await house.ai.consentsIn(id);
    expect([...answers.values()].map(({ ai }) => ai)).toEqual(["refused", "refused"]);
  });

  test("[AI-5] everybody in the meeting sees what counts, and strangers do not", async () => {
    const id = await held();
    expect(await house.ai.ofMeeting(ben, id)).toMatchObject({ counts: "model", provider: "recording-model" });
    const stranger = await house.actorOf(`ai-stranger${round}`);
    await expect(house.ai.ofMeeting(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("[AI-2] a meeting that is not known is off", async () => {
    expect(await house.ai.useIn("f".repeat(24) as MeetingId)).toBe("off");
  });
});

test("[AI-3] who takes their word back while a call is read is in no part that follows", async () => {
  let allowed = new Set([coach, client]);
  const gate: LanguageGate = {
    mostIn: async () => "model",
    readableAmong: async (_subject, ids) => new Set(ids.filter((id) => allowed.has(id))),
  };
  const provider = recordingProvider("model");
  const inParts = {
    ...provider,
    async read(...[turns, context]: Parameters<typeof provider.read>) {
      for (const turn of turns) {
        await context.goOn?.();
        provider.seen.push(turn);
        if (turn.sequence === 2) allowed = new Set([coach]);
      }
      return { outcome: null, summary: [], decisions: [], actions: [], suggestions: [], topics: [] };
    },
  };
  const language = createGatedLanguage({ provider: inParts, rules: recordingProvider("rules"), gate });
  const context = { hostIds: [coach], subject: { meetingId: "m", orgId: null } };
  await expect(language.read(kneeTalk(), context)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(provider.seen.map(({ sequence }) => sequence)).toEqual([1, 2]);
  provider.seen.length = 0;
  await language.read(kneeTalk(), context);
  expect(new Set(provider.seen.map(({ speakerId }) => speakerId))).toEqual(new Set([coach]));
});

describe("what it costs", () => {
  const planned = {
    kind: "language",
    model: "m",
    meetingId: null,
    promptVersion: "v/1",
    promptHash: "0",
    tokens: 100,
    cost: 0.5,
  };
  const settled = { inputTokens: 30, outputTokens: 10, cost: 0.2, outcome: "ok", ms: 5 };
  async function openLedger(daily: { tokens: number; cost: number }) {
    const connection = store.connection.useDb(store.connection.name, { useCache: false });
    const repository = await createAiRepository(connection, testCipher);
    const clock = new FakeClock();
    const metrics = createMetrics({ processMetrics: false });
    return { repository, clock, connection, ledger: createCostLedger({ repository, clock, metrics, daily }) };
  }

  test("[AI-10] [AI-11] what is taken at once stays within the day's budget, what was not used comes back, the next day begins anew", async () => {
    const orgId = `org_budget_${round}`;
    const { ledger, repository, clock } = await openLedger({ tokens: 250, cost: 0 });
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => ledger.reserve({ ...planned, orgId })),
    );
    const taken = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(taken).toHaveLength(2);
    const refusal = tries.find((one) => one.status === "rejected") as PromiseRejectedResult;
    expect(refusal.reason).toMatchObject({ code: "RATE_LIMITED", details: { reason: "budget" } });
    for (const reservation of taken) await reservation.settle(settled);
    const used = await repository.used({ orgId, day: "2026-01-05" });
    expect(used).toMatchObject({ calls: 2, tokens: 80 });
    expect(used.cost).toBeCloseTo(0.4);
    await ledger.reserve({ ...planned, orgId });
    await expect(ledger.reserve({ ...planned, orgId })).rejects.toMatchObject({ code: "RATE_LIMITED" });
    await ledger.reserve({ ...planned, orgId: `${orgId}_other` });
    clock.advance(24 * 60 * 60 * 1_000);
    await ledger.reserve({ ...planned, orgId });
  });

  test("[AI-11] cost has a bound of its own", async () => {
    const { ledger } = await openLedger({ tokens: 0, cost: 0.6 });
    const orgId = `org_cost_${round}`;
    await ledger.reserve({ ...planned, orgId });
    await expect(ledger.reserve({ ...planned, orgId })).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });

  test("[AI-12] each question is in the ledger, without words", async () => {
    const { ledger, connection } = await openLedger({ tokens: 0, cost: 0 });
    const orgId = `org_ledger_${round}`;
    await (await ledger.reserve({ ...planned, orgId })).settle(settled);
    const entry = await connection
      .getClient()
      .db(connection.name)
      .collection("aiCalls")
      .findOne({ orgId }, { projection: { _id: 0 } });
    expect(entry).toEqual({
      ...planned,
      ...settled,
      orgId,
      at: new Date("2026-01-05T09:00:00Z"),
      expiresAt: new Date("2026-04-05T09:00:00Z"),
    });
  });

  test("[AI-20] an answer is kept encrypted, for its meeting alone, until its time or its meeting's words are over", async () => {
    const connection = store.connection.useDb(store.connection.name, { useCache: false });
    const clock = new FakeClock();
    const { cache, repository } = await createAiStores({
      connection,
      cipher: testCipher,
      clock,
      metrics: createMetrics({ processMetrics: false }),
      daily: { tokens: 0, cost: 0 },
      cacheMs: 60_000,
    });
    const subject = { meetingId: "meeting-1", orgId: null };
    await cache.put("key", subject, '{"said":"canary"}');
    expect(await cache.get("key", subject)).toBe('{"said":"canary"}');
    expect(await cache.get("key", { ...subject, meetingId: "meeting-2" })).toBeNull();
    const stored = await connection.getClient().db(connection.name).collection("aiAnswers").find().toArray();
    expect(JSON.stringify(stored)).not.toContain("canary");
    clock.advance(60_000);
    expect(await cache.get("key", subject)).toBeNull();
    clock.advance(-60_000);
    await repository.removeAnswers("meeting-1");
    expect(await cache.get("key", subject)).toBeNull();
  });
});
