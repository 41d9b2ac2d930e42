// Reviews with everything real behind them: a call ends, its coach sees how it was talked, and nobody else does.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { coachReviewSchema, reviewTrendsSchema, type CoachReview } from "../../shared/schemas/reviews.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { createAccountEraser } from "../../server/modules/deletion/erase-account.mongo.ts";
import { createMadeEraser } from "../../server/modules/deletion/erase-made.mongo.ts";
import { testCipher } from "../factories/cipher.ts";
import { codeOf } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let ann: Actor, ben: Actor, cara: Actor, olga: Actor, stranger: Actor;

beforeAll(async () => {
  store = await openTestStore();
  house = await openCoaching(store);
  [ann, ben, cara, olga, stranger] = (await Promise.all(
    ["ann", "ben", "cara", "olga", "stranger"].map((name) => house.actorOf(name)),
  )) as [Actor, Actor, Actor, Actor, Actor];
});

afterAll(async () => {
  await house.close();
  await store.close();
});

/** A call of Ann's that is over; Cara hosts it, too. */
async function conclude(title = "First call"): Promise<MeetingId> {
  const { id } = await house.create(ann, {
    title,
    participants: [
      { email: ben.email },
      { email: cara.email, role: "host" },
      { email: olga.email, role: "observer" },
    ],
  });
  await house.meetings.start(ann, id);
  await house.say(ann, id, [
    [ann, "What would you like to have changed by the end of the summer?"],
    [ben, "I really want to stop working at night, I need to be there for my kids."],
    [ann, "It sounds like you're worried that you are missing out on your kids."],
    [ben, "Yes, and I'm going to try that, I think I can do it."],
    [ann, "Did you speak to your manager?"],
    [ben, "No, I don't see a problem with that, everybody does it and I enjoy it."],
  ]);
  await house.meetings.end(ann, id);
  await house.feedback.prepare(id);
  return id;
}

async function reviewWhen(
  reader: Actor,
  id: MeetingId,
  fits: (review: CoachReview) => boolean = ({ status }) => status === "ready",
): Promise<CoachReview> {
  for (;;) {
    const changed = house.next("review.changed", ({ meetingId }) => meetingId === id);
    const review = await house.feedback.review(reader, id);
    if (fits(review)) return coachReviewSchema.parse(review);
    await changed;
  }
}

const ai = (who: Actor, id: MeetingId, answer: "given" | "refused") =>
  house.consent.decide(who, id, { purpose: "ai", answer, wording: 1 });

test("[FEEDBACK-20] [FEEDBACK-25] a call that has ended brings its coach the figures, with the words they come from, once", async () => {
  const running = await house.create(ann);
  expect(await house.feedback.review(ann, running.id)).toMatchObject({ status: "waiting", review: null });
  const id = await conclude();
  await house.feedback.prepare(id);
  const { review, madeAt } = await reviewWhen(ann, id);
  expect(madeAt).not.toBeNull();
  expect(review).toMatchObject({
    language: "english",
    own: "read",
    leftOut: 0,
    timed: true,
    lastsMs: 29_800,
    turns: { coach: 3, coachee: 3 },
    questions: { open: 1, closed: 1 },
    reflections: { count: 1 },
    talk: { change: 2, sustain: 1, neutral: 0 },
    overlaps: { byCoach: 0, byOthers: 0 },
    waits: { questions: 2, medianMs: 200, coachFirst: 0 },
  });
  expect(review?.people.map(({ speakerId, part, talkMs }) => [speakerId, part, talkMs])).toEqual([
    [ann.userId, "coach", 14_400],
    [ben.userId, "coachee", 14_400],
  ]);
  expect(review?.questions?.closedExamples).toEqual([
    {
      sequence: 5,
      startMs: 20_000,
      lastsMs: null,
      speakerId: ann.userId,
      text: "Did you speak to your manager?",
    },
  ]);
  expect(await house.metrics.registry.metrics()).toContain('connvo_reviews_made_total{occasion="first"} 2');
});

test("[FEEDBACK-21] each host reads their own; coachee, observer, stranger and whoever acts as the coach none", async () => {
  const id = await conclude();
  await reviewWhen(ann, id);
  const caras = await reviewWhen(cara, id);
  expect(caras.review).toMatchObject({ own: "none", questions: { open: 0, closed: 0 } });
  for (const [who, code] of [
    [ben, "FORBIDDEN"],
    [olga, "FORBIDDEN"],
    [{ ...ann, impersonator: "support@example.org" }, "FORBIDDEN"],
    [stranger, "NOT_FOUND"],
  ] as const) {
    expect(await codeOf(house.feedback.review(who, id))).toBe(code);
    expect(await codeOf(house.feedback.retry(who, id))).toBe(code);
  }
  expect(await codeOf(house.feedback.trends({ ...ann, impersonator: "support@example.org" }))).toBe(
    "FORBIDDEN",
  );
  const stored = await store.connection.collection("coachReviews").find({}).toArray();
  expect(JSON.stringify(stored)).not.toMatch(/summer|manager|kids/);
});

test("[FEEDBACK-22] a corrected line, or one that is another's, has the review made anew; examples show it at once", async () => {
  const id = await conclude();
  await reviewWhen(ann, id);
  await house.transcripts.edit(ann, id, 5, {
    clientKey: "better",
    text: "What did you tell your manager about it?",
  });
  const between = await house.feedback.review(ann, id);
  const asked = [between.review?.questions?.closedExamples, between.review?.questions?.openExamples].flat();
  expect(asked.map((one) => one?.text)).toContain("What did you tell your manager about it?");
  const corrected = await reviewWhen(ann, id, ({ review }) => review?.questions?.open === 2);
  expect(corrected.review?.questions).toMatchObject({ open: 2, closed: 0 });

  const renamed = reviewWhen(cara, id, ({ review }) => review?.own === "read");
  await house.transcripts.renameSpeaker(ann, id, {
    scope: "everywhere",
    clientKey: "hers",
    from: { speakerId: ann.userId },
    to: { speakerId: cara.userId },
  });
  expect((await renamed).review?.questions).toMatchObject({ open: 2 });
  expect((await reviewWhen(ann, id, ({ review }) => review?.own === "none")).review?.people).toHaveLength(2);
});

describe("[FEEDBACK-23] when people answer differently after the call", () => {
  test("nothing of it is shown from the refusal on, and it is made anew without them; and with them again", async () => {
    const id = await conclude();
    await reviewWhen(ann, id);
    await ai(ben, id, "refused");
    expect(await house.feedback.review(ann, id)).toMatchObject({ status: "processing", review: null });
    expect((await house.feedback.trends(ann)).items.map(({ meetingId }) => meetingId)).not.toContain(id);
    const without = await reviewWhen(ann, id);
    expect(without.review).toMatchObject({ leftOut: 1, timed: false, waits: null, talk: { change: 0 } });
    expect(JSON.stringify(without)).not.toContain(ben.userId);
    await ai(ben, id, "given");
    const whole = await reviewWhen(ann, id, ({ review }) => review?.leftOut === 0);
    expect(whole.review?.talk?.change).toBe(2);
  });

  test("a default counts for every call in which the person spoke, and the coach's own refusal for themselves", async () => {
    const id = await conclude();
    await reviewWhen(ann, id);
    await house.consent.decideDefault(ann, { purpose: "ai", answer: "refused", wording: 1 });
    const own = await reviewWhen(ann, id, ({ review }) => review?.own === "refused");
    expect(own.review?.questions).toMatchObject({ open: 0, closed: 0 });
    await house.consent.decideDefault(ann, { purpose: "ai", answer: "given", wording: 1 });
    await reviewWhen(ann, id, ({ review }) => review?.own === "read");
  });
});

test("[FEEDBACK-24] the newest calls stand beside each other, oldest first, as long as one may read them", async () => {
  const dora = await house.actorOf("dora");
  const ids: MeetingId[] = [];
  for (const title of ["One", "Two"]) {
    const { id } = await house.create(dora, { title, participants: [{ email: ben.email }] });
    await house.meetings.start(dora, id);
    await house.say(dora, id, [
      [dora, "What would you like to have changed by the end of the summer?"],
      [
        ben,
        "I really want to stop working at night, I need to be there for my kids, and that is what I am going to do.",
      ],
    ]);
    await house.meetings.end(dora, id);
    await house.feedback.prepare(id);
    await reviewWhen(dora, id);
    ids.push(id);
  }
  const trends = reviewTrendsSchema.parse(await house.feedback.trends(dora));
  expect(trends.items.map(({ title, talkShare, questions }) => [title, talkShare, questions])).toEqual([
    ["One", 0.5, 1],
    ["Two", 0.5, 1],
  ]);
  expect(await house.feedback.trends(ben)).toEqual({ items: [], unready: 0 });
});

test("[FEEDBACK-25] a making that failed says so, and the coach has it made again", async () => {
  const id = await conclude();
  await reviewWhen(ann, id);
  expect(await codeOf(house.feedback.retry(ann, id))).toBe("CONFLICT");
  await store.connection
    .collection<{ _id: string }>("coachReviews")
    .updateOne({ _id: `${id}/${ann.userId}` }, { $set: { figures: null, problem: "It failed." } });
  expect(await house.feedback.review(ann, id)).toMatchObject({ status: "failed", problem: "It failed." });
  // It may be made again already: the job does not wait for the answer.
  const asked = await house.feedback.retry(ann, id);
  expect(asked.problem).toBeNull();
  expect(asked.status).not.toBe("failed");
  await reviewWhen(ann, id);
});

test("[FEEDBACK-26] when somebody is deleted their reviews go, and those of calls in which they spoke are made anew", async () => {
  const id = await conclude();
  await reviewWhen(ann, id);
  await createMadeEraser(store.connection).erase(id, ben.userId);
  const stored = await store.connection
    .collection("coachReviews")
    .find({ startedAt: { $gt: new Date(0) } })
    .toArray();
  const ofCall = stored.filter(({ _id }) => String(_id).startsWith(id));
  expect(ofCall.map(({ figures }) => figures as unknown)).toEqual([null, null]);
  await house.feedback.linesChanged(id);
  await reviewWhen(ann, id);
  await createAccountEraser(store.connection, testCipher).removeReviews(ann.userId);
  expect(await house.feedback.trends(ann)).toEqual({ items: [], unready: 0 });
});
