// What is made of the talk of real calls on a real store: topics while a call runs and after it.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let ann: Actor;
let ben: Actor;
let round = 0;

beforeAll(async () => {
  store = await openTestStore();
  house = await openCoaching(store);
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
