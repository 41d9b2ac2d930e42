// Prompts on a real store: a stalled call, who sees the prompt, what survives a restart. The clock is moved by hand.
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeClock } from "../../server/platform/clock.ts";
import mongoose from "mongoose";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { MeetingState } from "../../shared/schemas/meetings.ts";
import { promptSchema, type Prompt } from "../../shared/schemas/prompts.ts";
import { recordingIdeas, recordingProvider } from "../factories/ai.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let round = 0;

/** A running, watched call in which two lines were said. */
async function stalledCall(house: Coaching, clock: FakeClock) {
  round += 1;
  const ann = await house.actorOf(`coach${round}`);
  const ben = await house.actorOf(`coachee${round}`);
  const { id } = await house.create(ann, { participants: [{ email: ben.email }] });
  house.bus.subscribe("transcript.appended", ({ meetingId, chunks }) =>
    house.prompts.observe(meetingId, chunks),
  );
  await house.meetings.start(ann, id);
  const startedAt = clock.now();
  house.prompts.watch(id, startedAt);
  await house.say(ann, id, [
    [ann, "Good to see you again."],
    [ben, "The presentation went badly, I was nervous about the presentation all night."],
  ]);
  return { ann, ben, id, startedAt };
}

/** Lets the clock run, second by second, until the event has come. */
async function runUntil<Event>(clock: FakeClock, event: Promise<Event>): Promise<Event> {
  let arrived = false;
  void event.then(() => (arrived = true));
  for (;;) {
    // As slow as the store is, so that time does not run away from what is read meanwhile.
    for (let turn = 0; turn < 5 && !arrived; turn += 1) {
      await store.connection.db?.command({ ping: 1 });
      await setImmediate();
    }
    if (arrived) return event;
    clock.advance(1_000);
  }
}

const promptsOf = async (house: Coaching, reader: Actor, id: MeetingId): Promise<Prompt[]> =>
  (await house.prompts.list(reader, id, { limit: 50 })).items;

test("[PROMPTS-20] [PROMPTS-30] a stalled call brings the coach one prompt with its reason, and the coachee none", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock });
  const { ann, ben, id } = await stalledCall(house, clock);
  const { prompt } = await runUntil(clock, house.next("prompt.created"));
  expect(promptSchema.parse(prompt)).toEqual(prompt);
  expect(prompt).toMatchObject({ trigger: "lull", type: "incall", generatedBy: "rules", feedback: null });
  expect(prompt.reason).toMatch(/^Quiet for \d+ seconds after talking about presentation/);
  // The last words end at 9.8 s.
  expect(prompt.atMs).toBeGreaterThanOrEqual(19_800);
  expect(await promptsOf(house, ann, id)).toEqual([prompt]);
  for (const read of [
    () => house.prompts.list(ben, id, { limit: 10 }),
    () => house.prompts.recent(ben, id),
    () => house.prompts.feedback(ben, id, prompt.id, "used"),
  ]) {
    await expect(read()).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
  await house.close();
});

/** The live state as soon as it fits. */
function stateShown(
  house: Coaching,
  actor: Actor,
  id: MeetingId,
  fits: (state: MeetingState) => boolean,
): Promise<MeetingState> {
  return new Promise((resolve, reject) => {
    const stop = house.bus.subscribe("state.changed", () => {
      house.meetings.state(actor, id).then((state) => {
        if (!fits(state)) return;
        stop();
        resolve(state);
      }, reject);
    });
  });
}

test("[PROMPTS-32] the live state carries who spoke how much, and the lull", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock });
  const { ann, ben, id } = await stalledCall(house, clock);
  const state = await runUntil(
    clock,
    stateShown(house, ann, id, ({ lullState }) => lullState?.detected === true),
  );
  expect(new Map(state.speakingStats.map(({ speakerId, words }) => [speakerId, words]))).toEqual(
    new Map([
      [ann.userId, 5],
      [ben.userId, 12],
    ]),
  );
  await house.close();
});

test("feedback is kept with the moment of use, and told", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock });
  const { ann, id } = await stalledCall(house, clock);
  const { prompt } = await runUntil(clock, house.next("prompt.created"));
  const told = house.next("prompt.changed");
  const used = await house.prompts.feedback(ann, id, prompt.id, "used");
  expect(used).toMatchObject({ feedback: "used", usedAt: clock.now().toISOString() });
  expect(await told).toEqual({ meetingId: id });
  expect(await house.prompts.recent(ann, id)).toEqual([used]);
  const other = await house.create(ann);
  await expect(house.prompts.feedback(ann, other.id, prompt.id, "used")).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await house.close();
});

test("[PROMPTS-13] [PROMPTS-21] the next prompt comes after new words and a rest of three minutes, with other words", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock });
  const { ann, ben, id } = await stalledCall(house, clock);
  const { prompt: first } = await runUntil(clock, house.next("prompt.created"));
  const again = house.next("prompt.created");
  await house.say(ann, id, [[ben, "I practised the slides twice."]], first.atMs + 5_000);
  const { prompt: second } = await runUntil(clock, again);
  expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(180_000);
  expect(second.content).not.toBe(first.content);
  const pages = [await house.prompts.list(ann, id, { limit: 1 })];
  pages.push(await house.prompts.list(ann, id, { limit: 1, cursor: pages[0]?.nextCursor ?? "" }));
  expect(pages.flatMap(({ items }) => items)).toEqual([second, first]);
  expect(pages[1]?.nextCursor).toBeNull();
  await house.close();
});

test("[PROMPTS-14] after a restart a prompted lull is not prompted again, and what was said is remembered", async () => {
  const clock = new FakeClock();
  const before = await openCoaching(store, { promptsClock: clock });
  const { ann, ben, id, startedAt } = await stalledCall(before, clock);
  const { prompt: first } = await runUntil(clock, before.next("prompt.created"));
  await before.close();

  const after = await openCoaching(store, { promptsClock: clock });
  after.bus.subscribe("transcript.appended", ({ meetingId, chunks }) =>
    after.prompts.observe(meetingId, chunks),
  );
  after.prompts.watch(id, startedAt);
  clock.advance(600_000);
  const next = after.next("prompt.created");
  await after.say(ann, id, [[ben, "Then I slept badly."]], first.atMs + 630_000);
  const { prompt: second } = await runUntil(clock, next);
  expect(await promptsOf(after, ann, id)).toEqual([second, first]);
  expect(second.content).not.toBe(first.content);
  await after.close();
});

test("[PROMPTS-31] two processes that watch the same call show one prompt for one lull", async () => {
  const clock = new FakeClock();
  const one = await openCoaching(store, { promptsClock: clock });
  const two = await one.promptsElsewhere();
  const created: string[] = [];
  one.bus.subscribe("prompt.created", ({ prompt }) => created.push(prompt.id));
  const { ann, ben, id } = await stalledCall(one, clock);
  one.bus.subscribe("transcript.appended", ({ meetingId, chunks }) => two.observe(meetingId, chunks));
  two.watch(id, clock.now());
  const { prompt: first } = await runUntil(clock, one.next("prompt.created"));
  const next = one.next("prompt.created", ({ prompt }) => prompt.id !== first.id);
  await one.say(ann, id, [[ben, "I practised the slides twice."]], first.atMs + 5_000);
  await runUntil(clock, next);
  expect(new Set(created).size).toBe(created.length);
  expect(created).toHaveLength((await promptsOf(one, ann, id)).length);
  await Promise.all([one.prompts.stop(), two.stop()]);
  await one.close();
});

/** A running call of half an hour with talk in English until shortly before `untilSeconds`. */
async function talkedCall(house: Coaching, clock: FakeClock, untilSeconds: number) {
  round += 1;
  const ann = await house.actorOf(`coach${round}`);
  const ben = await house.actorOf(`coachee${round}`);
  const { id } = await house.create(ann, {
    participants: [{ email: ben.email }],
    scheduledAt: clock.now().toISOString(),
    durationMinutes: 30,
  });
  house.bus.subscribe("transcript.appended", ({ meetingId, chunks }) =>
    house.prompts.observe(meetingId, chunks),
  );
  await house.meetings.start(ann, id);
  house.prompts.watch(id, clock.now());
  clock.advance(untilSeconds * 1_000);
  const line = "And that is how they have done it with you, because of the weather.";
  await house.say(
    ann,
    id,
    Array.from({ length: 24 }, (_, index): [Actor, string] => [index % 2 === 0 ? ann : ben, line]),
    (untilSeconds - 120) * 1_000,
  );
  return { ann, ben, id };
}

test("[PROMPTS-40] [PROMPTS-46] [PROMPTS-47] a call without a goal brings the coach one card that says why, and their answer is kept with its kind", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock, promptKinds: ["triggers"] });
  const { ann, ben, id } = await talkedCall(house, clock, 400);
  const { prompt } = await runUntil(clock, house.next("prompt.created"));
  expect(promptSchema.parse(prompt)).toMatchObject({
    trigger: "no-goal",
    reason: expect.stringMatching(
      /^\d+ minutes into the call nobody has said what they want from it\.$/,
    ) as string,
    relevance: 0.8,
  });
  await expect(house.prompts.recent(ben, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await house.prompts.feedback(ann, id, prompt.id, "wrong");
  const stored = await store.connection.collection("prompts").findOne({ trigger: "no-goal" });
  expect(String(stored?.["feedbackBy"])).toBe(ann.userId);
  await house.close();
});

test("[PROMPTS-46] a kind that the coach has called wrong six times does not come again in their next call", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock, promptKinds: ["triggers"] });
  const { prompt: first } = await talkedCall(house, clock, 400).then(() =>
    runUntil(clock, house.next("prompt.created")),
  );
  const coach = await house.actorOf(`coach${round}`);
  const stored = await store.connection
    .collection("prompts")
    .findOne({ reason: first.reason, feedbackBy: null });
  for (let time = 0; time < 6; time += 1)
    await store.connection.collection("prompts").insertOne({
      ...stored,
      _id: new mongoose.Types.ObjectId(),
      meetingId: new mongoose.Types.ObjectId(),
      feedback: "wrong",
      feedbackBy: new mongoose.Types.ObjectId(coach.userId),
    });
  round -= 1;
  await talkedCall(house, clock, 1_540);
  const { prompt } = await runUntil(clock, house.next("prompt.created"));
  // Of what fits, the time comes now; a goal is missing as before.
  expect(prompt.trigger).toBe("time-running-out");
  await house.close();
});

test("[FEEDBACK-27] while the call runs its host sees their share and questions, and nobody else does", async () => {
  const clock = new FakeClock();
  const house = await openCoaching(store, { promptsClock: clock });
  const { ann, ben, id } = await talkedCall(house, clock, 200);
  await house.say(
    ann,
    id,
    [
      [ann, "What would you like to have changed by the end of the summer?"],
      [ann, "Did you speak to your manager?"],
    ],
    200_000,
  );
  await runUntil(
    clock,
    stateShown(house, ann, id, ({ speakingStats }) => speakingStats[0]?.talkMs === 67_200),
  );
  const { talkShare, questions } = await house.prompts.mirror(ann, id);
  expect(talkShare).toBeCloseTo(14 / 26);
  expect(questions).toEqual({ open: 1, closed: 1 });
  for (const other of [ben, { ...ann, impersonator: "support@example.org" }])
    await expect(house.prompts.mirror(other, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await house.consent.decide(ann, id, { purpose: "ai", answer: "refused", wording: 1 });
  await expect.poll(async () => (await house.prompts.mirror(ann, id)).questions).toBeNull();
  await house.close();
});

test("[PROMPTS-50] [PROMPTS-51] [PROMPTS-52] a model words the prompt where it has answered in time, and delays none where it has not", async () => {
  const writer = recordingIdeas();
  const { forPrompt } = writer;
  let silent = false;
  writer.forPrompt = (question, context) =>
    silent
      ? new Promise((_resolve, reject) => {
          context.signal?.addEventListener("abort", () => reject(context.signal?.reason as Error));
        })
      : forPrompt(question, context);
  const clock = new FakeClock();
  const house = await openCoaching(store, {
    promptsClock: clock,
    ideas: writer,
    language: recordingProvider("model"),
  });
  const inCall = async () => {
    const call = await stalledCall(house, clock);
    for (const who of [call.ann, call.ben])
      await house.consent.decide(who, call.id, { purpose: "ai", answer: "given", wording: 1 });
    const { prompt } = await runUntil(clock, house.next("prompt.created"));
    return { ...call, prompt };
  };
  const first = await inCall();
  expect(first.prompt).toMatchObject({ generatedBy: "recording-model", tags: ["model"], trigger: "lull" });
  expect(first.prompt.reason).toMatch(/^Quiet for \d+ seconds/);
  house.prompts.unwatch(first.id);
  silent = true;
  const second = await inCall();
  expect(second.prompt).toMatchObject({ generatedBy: "rules", trigger: "lull" });
  await house.close();
});
