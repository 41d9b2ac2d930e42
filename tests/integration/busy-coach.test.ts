// A coach with a year of calls planned with each of many people: what lies behind all those that are to come is still there.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBriefsModule, type BriefsService } from "../../server/modules/briefs/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { createMeetingSchema } from "../../shared/schemas/meetings.ts";
import type { Person } from "../../shared/schemas/people.ts";
import { seriesStarts, type SeriesRule } from "../../shared/series.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const weekMs = 7 * 24 * 60 * 60_000;
const inWeeks = (weeks: number) => new Date(Date.now() + weeks * weekMs);

let store: TestStore;
let house: Coaching;
let briefs: BriefsService;
let ann: Actor;
let ben: Actor;
beforeAll(async () => {
  store = await openTestStore();
  house = await openCoaching(store);
  const profile = { goals: null, interests: [] } as unknown as Person;
  briefs = createBriefsModule({
    ...house,
    people: { ownProfile: () => Promise.resolve(profile), person: () => Promise.resolve(profile) },
    ideas: null,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
  });
  [ann, ben] = [await house.actorOf("busy-ann"), await house.actorOf("busy-ben")];
});
afterAll(async () => {
  await briefs?.stop();
  await house?.close();
  await store?.close();
});

async function held(other: Actor, lines: readonly string[]): Promise<MeetingId> {
  const { id } = await house.create(ann, { participants: [{ email: other.email }] });
  await house.meetings.start(ann, id);
  await house.say(
    ann,
    id,
    lines.map((text) => [other, text]),
  );
  await house.meetings.end(ann, id);
  await house.insights.prepare(id);
  await recapWhen(house, ann, id, delivered);
  return id;
}

/** A call a week for as long as a series may be, with somebody or for oneself. */
async function plan(coach: Actor, first: Date, email?: string): Promise<void> {
  const rule: SeriesRule = { first, timeZone: "Europe/Zurich", every: "weekly", count: 52 };
  const participants = email === undefined ? [] : [{ email }];
  const input = createMeetingSchema.parse({ title: "Every week", participants });
  await house.meetings.series.create(coach, input, { rule, starts: seriesStarts(rule) });
}

test("[BRIEFS-1] [BRIEFS-6] open commitments lead the next brief, however many calls with others are planned since", async () => {
  const last = await held(ben, [
    "I'll call the physiotherapist by Friday.",
    "I'll send you the plan tomorrow.",
  ]);
  for (const name of ["eve", "dan"]) await plan(ann, inWeeks(1), `busy-${name}@example.org`);
  const { id: next } = await house.create(ann, { participants: [{ email: ben.email }] });
  for (const reader of [ann, ben]) {
    const { commitments, lastCalls } = await briefs.brief(reader, next);
    expect(commitments.map(({ text }) => text).sort()).toEqual([
      "Call the physiotherapist by Friday",
      "Send you the plan tomorrow",
    ]);
    expect(lastCalls.map(({ meetingId }) => meetingId)).toEqual([last]);
  }
});

test("[BRIEFS-1] open commitments lead the next brief, however much others have promised since", async () => {
  const fay = await house.actorOf("busy-fay");
  const promises = Array.from({ length: 30 }, (_, index) => `I'll email chapter ${index} to the press.`);
  for (const part of ["", " again"])
    await held(
      fay,
      promises.map((text) => text.replace(".", `${part}.`)),
    );
  const { id: next } = await house.create(ann, { participants: [{ email: ben.email }] });
  expect((await briefs.brief(ann, next)).commitments).toHaveLength(2);
});

test("[MEETINGS-52] [MEETINGS-78] [SCHEDULING-7] the next call is the next one, though more than five hundred were planned since", async () => {
  const [coach, client] = [await house.actorOf("busy-cora"), await house.actorOf("busy-carl")];
  const scheduledAt = inWeeks(0.5).toISOString();
  const { id } = await house.create(coach, { scheduledAt, participants: [{ email: client.email }] });
  for (let series = 0; series < 10; series += 1) await plan(coach, inWeeks(1 + series / 10));
  const { meetings } = house;
  const period = { from: inWeeks(0), to: inWeeks(0.9) };
  const { next, upcoming } = await meetings.overview(coach);
  expect(next?.id).toBe(id);
  expect(upcoming).toHaveLength(10);
  expect((await meetings.agenda(coach, period)).map((entry) => entry.id)).toEqual([id]);
  expect(await meetings.agendaText(coach, period)).toContain(`${id}@connvo`);
  const busy = await meetings.busy([coach.userId], period);
  expect(busy.get(coach.userId)?.map(({ meetingId }) => meetingId)).toEqual([id]);
  const people = [coach.userId, client.userId];
  expect((await meetings.nextTogether(people, new Date(), null))?.id).toBe(id);
});
