// What is made of the talk of real calls on a real store: topics while a call runs and after it, and answers across calls.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { SearchService } from "../../server/modules/search/index.ts";
import type { Actor } from "../../shared/actor.ts";
import { askAnswerSchema } from "../../shared/schemas/ask.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let search: SearchService;
let ann: Actor;
let ben: Actor;
let round = 0;

beforeAll(async () => {
  store = await openTestStore();
  house = await openCoaching(store, { search: true });
  if (house.search === null) throw new Error("no search");
  search = house.search;
});
afterAll(async () => {
  await house?.close();
  await store?.close();
});
beforeEach(async () => {
  round += 1;
  [ann, ben] = [await house.actorOf(`talk-ann${round}`), await house.actorOf(`talk-ben${round}`)];
});

const about = (who: Actor, words: string, count: number): [Actor, string][] =>
  Array.from({ length: count }, (_none, n) => [
    who,
    [0, 1, 2, 3, 4].map((m) => words.split(" ")[(n * 3 + m) % 8]).join(" and the "),
  ]);

test("[INSIGHTS-5] [INSIGHTS-6] [INSIGHTS-7] topics follow a running call, are made anew after it, and go with the consent they rest on", async () => {
  const lines = [
    ...about(ann, "soil tomato compost watering greenhouse seedling harvest weeds", 60),
    ...about(ben, "invoice salary savings mortgage interest account spending insurance", 60),
  ];
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  await house.meetings.start(ann, id);
  await house.say(ann, id, lines);
  expect(await house.insights.topics(ben, id)).toEqual({ items: [], live: true });
  house.insights.live.watch(id);
  await vi.waitFor(async () => expect((await house.insights.topics(ben, id)).items).not.toHaveLength(0), {
    timeout: 30_000,
  });
  await house.meetings.end(ann, id);
  await house.insights.live.unwatch(id);
  expect(await house.insights.topics(ben, id)).toEqual({ items: [], live: false });
  await house.insights.prepare(id);
  await recapWhen(house, ann, id, delivered);
  const { items } = await house.insights.topics(ben, id);
  expect(items).toHaveLength(2);
  expect(items[0]).toMatchObject({ firstSequence: 1, startMs: 0 });
  expect(items[1]?.labels.every((label) => lines.slice(60).some(([, text]) => text.includes(label)))).toBe(
    true,
  );
  await expect(house.insights.topics(await house.actorOf("stranger"), id)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });

  await house.consent.decide(ben, id, { purpose: "ai", answer: "refused", wording: 1 });
  expect((await house.insights.topics(ann, id)).items).toEqual([]);
  await house.insights.reconsider({ userId: ben.userId, meetingId: id });
  await recapWhen(house, ann, id, delivered);
  const left = (await house.insights.topics(ann, id)).items.flatMap(({ labels }) => labels);
  expect(left.length).toBeGreaterThan(0);
  for (const label of left) expect(lines.slice(60).every(([, text]) => !text.includes(label))).toBe(true);
});

/** A call of these people that is over, with its recap and its passages. */
async function held(
  host: Actor,
  others: Actor[],
  lines: [Actor, string][],
  { title = "First call", removed }: { title?: string; removed?: Actor } = {},
) {
  const { id } = await house.create(host, { title, participants: others.map(({ email }) => ({ email })) });
  await house.meetings.start(host, id);
  await house.say(host, id, lines);
  if (removed !== undefined) {
    expect(
      JSON.stringify(await house.transcripts.read(removed, id, { fromSequence: 1, limit: 9 })),
    ).toContain("orchard");
    await house.meetings.remove(host, id, removed.userId);
  }
  await house.meetings.end(host, id);
  await house.insights.prepare(id);
  await recapWhen(house, host, id, delivered);
  return id;
}

test("[SEARCH-3] [SEARCH-4] [SEARCH-5] an answer across calls says what was said, in one's own calls, and where", async () => {
  const [eve, zoe] = [await house.actorOf(`eve${round}`), await house.actorOf(`zoe${round}`)];
  const first = await held(
    ann,
    [ben],
    [
      [ann, "What did the physiotherapist say about your knee?"],
      [ben, "She said that the knee needs three weeks of rest before any running."],
      [ann, "And what about the garden?"],
      [ben, "The greenhouse is finished."],
    ],
    { title: "Spring" },
  );
  await held(ann, [ben], [[ben, "The budget for the trip to Norway is settled."]], { title: "Summer" });
  // The same words, in a call of others, and in a private layer of notes.
  const foreign = await held(eve, [zoe], [[eve, "The canary-foreign knee needs three weeks of rest, too."]]);

  const answer = await search.ask(ben, "What did the physiotherapist say about my knee?");
  expect(askAnswerSchema.parse(answer)).toEqual(answer);
  expect(answer).toMatchObject({ how: "extracted", generatedBy: "rules", searched: 2, calls: 2 });
  expect(answer.sentences[0]).toEqual({
    text: "She said that the knee needs three weeks of rest before any running.",
    citations: [
      {
        meetingId: first,
        meetingTitle: "Spring",
        startedAt: expect.any(String) as string,
        sequence: 2,
        startMs: 5_000,
        speakerId: ben.userId,
        speakerName: ben.displayName,
        quote: "She said that the knee needs three weeks of rest before any running.",
      },
    ],
  });
  expect(JSON.stringify(answer)).not.toContain("canary");
  expect(await search.ask(ben, "Where is the submarine?")).toMatchObject({ how: "nothing", passages: [] });
  const stranger = await house.actorOf(`nobody${round}`);
  expect(await search.ask(stranger, "What about the knee?")).toMatchObject({ how: "nothing", calls: 0 });
  expect((await search.ask(zoe, "What about the knee?")).passages.map(({ meetingId }) => meetingId)).toEqual([
    foreign,
  ]);
});

test("[SEARCH-5] [SEARCH-6] who is removed, who takes their words back, and where machines are off: nothing of it is found from then on", async () => {
  const eve = await house.actorOf(`removed${round}`);
  const id = await held(
    ann,
    [ben, eve],
    [
      [ann, "Let us talk about the orchard harvest."],
      [ben, "The canary-of-ben orchard harvest was poor, and I was ashamed of the orchard."],
    ],
    { removed: eve },
  );
  const asks = async (who: Actor) => JSON.stringify(await search.ask(who, "How was the orchard harvest?"));
  expect(await asks(eve)).not.toContain("orchard");

  await house.ai.decideForMeeting(ann, id, "off");
  expect(await search.ask(ann, "How was the orchard harvest?")).toMatchObject({
    how: "nothing",
    passages: [],
  });
  await house.ai.decideForMeeting(ann, id, "model");
  expect(await asks(ann)).toContain("canary-of-ben");

  await house.consent.decide(ben, id, { purpose: "ai", answer: "refused", wording: 1 });
  expect(await asks(ann)).not.toContain("canary-of-ben");
  await house.consent.decide(ben, id, { purpose: "ai", answer: "given", wording: 1 });
  expect(await asks(ann)).toContain("canary-of-ben");

  await house.consent.decideDefault(ann, { purpose: "ai", answer: "refused", wording: 1 });
  await expect(search.ask(ann, "How was the orchard harvest?")).rejects.toMatchObject({
    code: "CONSENT_MISSING",
  });
});

test("[SEARCH-5] words that were erased are not found, nor what was renamed to somebody who does not want it", async () => {
  const id = await held(ann, [ben], [[ben, "The telescope on the roof was a canary-telescope."]]);
  const asks = async () => JSON.stringify(await search.ask(ann, "Where is the telescope?"));
  expect(await asks()).toContain("canary-telescope");
  await house.transcripts.edit(ben, id, 1, { clientKey: "e1", text: "The telescope is in the garden." });
  expect(await asks()).not.toContain("canary-telescope");
  expect(await asks()).toContain("in the garden");
});
