// Briefs with the rest of the program in memory: what leads, what is said once, and what each item rests on.
import { expect, test } from "vitest";
import { actor } from "../../../tests/factories/live-modules.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { meetingIdSchema, segmentIdSchema, type MeetingId, type OrgId } from "../../../shared/ids.ts";
import type { AiUse } from "../../../shared/schemas/ai.ts";
import { briefSchema } from "../../../shared/schemas/briefs.ts";
import type { Recap } from "../../../shared/schemas/insights.ts";
import type { Commitment } from "../../../shared/schemas/meetings.ts";
import type { Person } from "../../../shared/schemas/people.ts";
import { FakeClock } from "../../platform/clock.ts";
import { silentLogger } from "../../platform/logger.ts";
import type { BriefLine, GatedIdeas, WrittenIdeas } from "../../vendors/language/index.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { MeetingRecord } from "../meetings/index.ts";
import { createBriefsModule } from "./briefs.service.ts";

const [ann, ben, eve] = [actor(), actor(), actor()];
const idOf = (n: number) => meetingIdSchema.parse(n.toString(16).padStart(24, "0"));
const next = idOf(100);

function recordOf(id: MeetingId, n: number, people = [ann, ben], orgId: OrgId | null = null): MeetingRecord {
  return {
    id,
    orgId,
    title: `Call ${n}`,
    state: id === next ? "scheduled" : "concluded",
    startedAt: id === next ? null : new Date(Date.UTC(2026, 0, n)),
    scheduledAt: null,
    participants: people.map(({ userId }, place) => ({
      userId,
      role: place === 0 ? "host" : "participant",
      everJoined: true,
    })),
  } as MeetingRecord;
}

const cite = (sequence: number) => [
  {
    segmentId: segmentIdSchema.parse("a".repeat(24)),
    sequence,
    startMs: 0,
    speakerId: ben.userId,
    quote: "…",
  },
];
const recapOf = (outcome: string, actions: [string, number][] = []) =>
  ({
    insight: {
      outcome: { text: outcome, citations: cite(7) },
      actionItems: actions.map(([id, sequence]) => ({ id, citations: cite(sequence) })),
    },
  }) as Recap;
const promise = (id: string, call: number, text: string, change: Partial<Commitment> = {}): Commitment => ({
  id,
  meetingId: idOf(call),
  meetingTitle: `Call ${call}`,
  text,
  ownerId: ben.userId,
  ownerName: "Ben",
  dueText: null,
  movedTo: null,
  milestone: false,
  mine: false,
  createdAt: "2026-01-01T00:00:00.000Z",
  ...change,
});
const topic = (label: string) => ({ labels: [label], startMs: 0, endMs: 1, firstSequence: 3, segments: 1 });

function opened(
  use: AiUse = "model",
  ideas: GatedIdeas | null = null,
  closed: ReadonlySet<MeetingId> = new Set(),
) {
  const clock = new FakeClock();
  const records = new Map<MeetingId, MeetingRecord>([
    [next, recordOf(next, 100)],
    [idOf(3), recordOf(idOf(3), 3)],
    [idOf(2), recordOf(idOf(2), 2)],
    [idOf(1), recordOf(idOf(1), 1)],
    [idOf(4), recordOf(idOf(4), 4, [ann, eve])],
    [idOf(5), recordOf(idOf(5), 5, [ann, ben], "org_other" as OrgId)],
  ]);
  const recaps = new Map<MeetingId, Recap>([
    [idOf(3), recapOf("I will call the physiotherapist about the knee.", [["new", 21]])],
    [idOf(2), recapOf("The knee is the thing to look after.")],
    [idOf(4), recapOf("canary-of-eve")],
  ]);
  const asked: MeetingId[] = [];
  const briefs = createBriefsModule({
    meetings: {
      authorize: async (reader, meetingId) => {
        const place = records.get(meetingId)?.participants.find(({ userId }) => userId === reader.userId);
        if (place === undefined || closed.has(meetingId)) throw notFound("This meeting");
        return {
          meetingId,
          userId: reader.userId,
          role: place.role,
          state: "scheduled",
          startedAt: null,
          over: new Set(),
        };
      },
      record: async (id) => records.get(id) ?? null,
      heldTogether: async (_userId, people, { orgId, limit }) =>
        [...records.values()]
          .filter((record) => record.state === "concluded" && record.orgId === orgId)
          .filter(({ participants }) => participants.some(({ userId }) => people.includes(userId)))
          .slice(0, limit),
    },
    insights: {
      recap: async (_reader, id) => {
        asked.push(id);
        const recap = recaps.get(id);
        if (recap === undefined) throw notFound("This meeting");
        return recap;
      },
      topics: async (_reader, id) => ({ items: [topic(id === idOf(3) ? "knees" : "knee")], live: false }),
      openCommitments: async (_reader, { of } = { of: [] }) =>
        [
          promise("new", 3, "Call the physiotherapist about the knee"),
          promise("dated", 2, "Send the plan", { dueText: "by Friday", ownerId: ann.userId, mine: true }),
          promise("old", 1, "Call the physiotherapist about the knee"),
          promise("nobodys", 1, "Find a room", { ownerId: null, ownerName: null }),
          promise("eves", 4, "canary-of-eve"),
        ].filter(({ meetingId }) => of.some((id) => id === meetingId)),
    },
    people: {
      ownProfile: async () => ({ goals: "Coach more people", interests: [] }) as unknown as Person,
      person: async (_reader, userId) => {
        if (userId === eve.userId) throw notFound("This person");
        return { displayName: "Ben", goals: "Run a marathon in May", interests: [] } as unknown as Person;
      },
    },
    ai: { useIn: async () => use },
    ideas,
    clock,
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
  });
  return { briefs, asked, clock };
}

test("[BRIEFS-1] [BRIEFS-2] open commitments lead, each once, and every item says what it rests on", async () => {
  const { briefs } = opened();
  const brief = await briefs.brief(ann, next);
  expect(briefSchema.parse(brief)).toEqual(brief);
  expect(brief.commitments.map(({ id, source }) => [id, source])).toEqual([
    ["dated", { kind: "call", meetingId: idOf(2), title: "Call 2", sequence: null }],
    ["new", { kind: "call", meetingId: idOf(3), title: "Call 3", sequence: 21 }],
    ["nobodys", { kind: "call", meetingId: idOf(1), title: "Call 1", sequence: null }],
  ]);
  // The last outcome says what a commitment leads with.
  expect(brief.lastCalls.map(({ outcome }) => outcome)).toEqual([
    null,
    "The knee is the thing to look after.",
    null,
  ]);
  for (const { relevance, sources } of brief.ideas) {
    expect(relevance).toBeGreaterThan(0);
    expect(sources.length).toBeGreaterThan(0);
  }
  expect(brief.ideas.map(({ relevance }) => relevance)).toEqual(
    brief.ideas.map(({ relevance }) => relevance).toSorted((one, other) => other - one),
  );
});

test("[BRIEFS-3] [BRIEFS-6] calls with others, of another organisation, and recaps that the reader may not see are no source", async () => {
  const { briefs, asked } = opened();
  const brief = await briefs.brief(ann, next);
  expect(JSON.stringify(brief)).not.toContain("canary-of-eve");
  expect(brief.lastCalls.map(({ meetingId }) => meetingId)).toEqual([idOf(3), idOf(2), idOf(1)]);
  expect(asked).not.toContain(idOf(4));
  expect(asked).not.toContain(idOf(5));
  expect(brief.missing.join()).toContain("Of 1 earlier call nothing is made out");
  await expect(briefs.brief(eve, next)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("[BRIEFS-3] [BRIEFS-6] a call that is closed to the reader by now is not told of, not even by its title", async () => {
  const { briefs, asked } = opened("model", null, new Set([idOf(2)]));
  const brief = await briefs.brief(ann, next);
  expect(brief.lastCalls.map(({ meetingId }) => meetingId)).toEqual([idOf(3), idOf(1)]);
  expect(JSON.stringify(brief)).not.toContain("Call 2");
  expect(asked).not.toContain(idOf(2));
});

test("[BRIEFS-4] where machines are off there is no brief, and nothing is read for it", async () => {
  const { briefs, asked } = opened("off");
  expect(await briefs.brief(ann, next)).toMatchObject({ status: "off", commitments: [], ideas: [] });
  expect(asked).toEqual([]);
});

test("[BRIEFS-5] the coach is told what to ask and the coachee what to say; topics that recur are named with their calls", async () => {
  const { briefs } = opened();
  const [forAnn, forBen] = [await briefs.brief(ann, next), await briefs.brief(ben, next)];
  const ideas = ({ ideas: all }: typeof forAnn) => all.map(({ content }) => content).join("\n");
  expect(ideas(forAnn)).toContain("Ben's profile says: “Run a marathon in May”");
  expect(ideas(forAnn)).not.toContain("Coach more people");
  expect(ideas(forAnn)).toContain("ask what is different by now");
  expect(ideas(forBen)).toContain("what do you want to be different?");
  const recurring = forAnn.ideas.find(({ tags }) => tags.includes("topic"));
  expect(recurring?.sources).toEqual([
    { kind: "call", meetingId: idOf(3), title: "Call 3", sequence: 3 },
    { kind: "call", meetingId: idOf(2), title: "Call 2", sequence: 3 },
  ]);
});

/** A model behind a gate that lets everything through but the words of these people. */
function model(refused: readonly string[] = []) {
  const handed: BriefLine[][] = [];
  let answer = Promise.withResolvers<WrittenIdeas>();
  const readable: GatedIdeas["readable"] = async (lines, { readerId }) =>
    refused.includes(readerId)
      ? []
      : lines.filter(({ speakerIds }) => !speakerIds.some((id) => refused.includes(id)));
  const ideas: GatedIdeas = {
    name: "a-model",
    readable,
    async forBrief(lines) {
      handed.push([...lines]);
      return await answer.promise;
    },
    forPrompt: () => Promise.resolve(null),
    mayStill: () => Promise.resolve(true),
  };
  return {
    ideas,
    handed,
    refused: refused as string[],
    answers: (written: WrittenIdeas) => answer.resolve(written),
    fails(reason: string) {
      answer.reject(new AppError("VENDOR_ERROR", "no", { details: { reason } }));
      answer = Promise.withResolvers();
    },
  };
}

/** The reading after the model is done. */
async function written(briefs: ReturnType<typeof opened>["briefs"]) {
  await expect.poll(async () => (await briefs.brief(ann, next)).writing).toBeNull();
  return await briefs.brief(ann, next);
}

test("[BRIEFS-7] [BRIEFS-8] the rules' ideas are there at once, and the model's with their sources when it has written them", async () => {
  const vendor = model();
  const { briefs } = opened("model", vendor.ideas);
  const before = await briefs.brief(ann, next);
  expect(briefSchema.parse(before)).toEqual(before);
  expect(before).toMatchObject({ writing: "a-model", generatedBy: "rules" });
  expect(before.ideas.length).toBeGreaterThan(0);
  const [lines] = vendor.handed;
  const handed = JSON.stringify(lines?.map(({ text }) => text));
  expect(handed).not.toContain("canary-of-eve");
  // What stands in profiles is for the rules alone: nobody was asked about it.
  expect(handed).not.toContain("marathon");
  const outcome = lines?.find(({ kind, text }) => kind === "outcome" && text.includes("look after"));
  vendor.answers({
    ideas: [
      {
        text: "Ask Ben how he looks after the knee now.",
        relevance: 0.9,
        evidence: [{ sequence: outcome?.line ?? 0, quote: "The knee" }],
      },
      // Says what a commitment says already.
      {
        text: "Call the physiotherapist about the knee",
        relevance: 0.8,
        evidence: [{ sequence: 1, quote: "Call" }],
      },
    ],
    dropped: { unsupported: 2, instruction: 1 },
  });
  const brief = await written(briefs);
  expect(brief).toMatchObject({ generatedBy: "a-model", dropped: 3, missing: before.missing });
  expect(brief.ideas).toEqual([
    {
      type: "precall",
      content: "Ask Ben how he looks after the knee now.",
      relevance: 0.9,
      tags: ["last-call"],
      sources: [{ kind: "call", meetingId: idOf(2), title: "Call 2", sequence: 7 }],
    },
  ]);
  expect(brief.commitments).toEqual(before.commitments);
  expect(vendor.handed).toHaveLength(1);
});

test("[BRIEFS-8] whoever takes a word back is in no idea that is read from then on", async () => {
  const vendor = model();
  const { briefs } = opened("model", vendor.ideas);
  await briefs.brief(ann, next);
  vendor.answers({
    ideas: [{ text: "canary", relevance: 1, evidence: [{ sequence: 1, quote: "x" }] }],
    dropped: {},
  });
  expect((await written(briefs)).generatedBy).toBe("a-model");
  vendor.refused.push(ben.userId);
  const brief = await briefs.brief(ann, next);
  expect(brief.generatedBy).toBe("rules");
  expect(JSON.stringify(brief)).not.toContain("canary");
  // Of what Ben has said nothing is left that a model may read.
  expect(
    vendor.handed
      .slice(1)
      .flat()
      .filter(({ speakerIds }) => speakerIds.includes(ben.userId)),
  ).toEqual([]);
  vendor.refused.push(ann.userId);
  const before = vendor.handed.length;
  expect(await briefs.brief(ann, next)).toMatchObject({ generatedBy: "rules", writing: null });
  expect(vendor.handed).toHaveLength(before);
});

test("[BRIEFS-9] a model that fails, or writes nothing that can be kept, leaves the rules' ideas and a sentence that says so", async () => {
  const vendor = model();
  const { briefs, clock } = opened("model", vendor.ideas);
  const before = await briefs.brief(ann, next);
  vendor.fails("budget");
  const brief = await written(briefs);
  expect(brief.ideas).toEqual(before.ideas);
  expect(brief.missing.at(-1)).toBe(
    "a-model was to write ideas, but today's budget for it is used up: they are by rules.",
  );
  expect(vendor.handed).toHaveLength(1);
  clock.advance(60_000);
  expect((await briefs.brief(ann, next)).writing).toBe("a-model");
  vendor.answers({ ideas: [], dropped: { "not-said": 4 } });
  const after = await written(briefs);
  expect(after).toMatchObject({ generatedBy: "rules", dropped: 4 });
  expect(after.missing.at(-1)).toBe("a-model wrote nothing that could be kept: the ideas are by rules.");
});
