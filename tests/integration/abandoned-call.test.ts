// A call that everybody has left without anybody ending it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const hourMs = 3_600_000;

let store: TestStore;
let world: MeetingsWorld;
beforeAll(async () => {
  store = await openTestStore();
  world = await openMeetings(store);
});
afterAll(async () => {
  await world?.close();
  await store?.close();
});

test("[MEETINGS-82] [MEETINGS-50] a call that everybody has left is ended once, as of when they left, and is not what comes next for ever", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const at = (hours: number) => new Date(world.clock.now().getTime() + hours * hourMs).toISOString();
  const { id } = await world.create(ann, { scheduledAt: at(1), participants: [{ email: ben.email }] });
  await world.meetings.start(ann, id);
  for (const who of [ann, ben]) await world.meetings.join(who, id, "process");
  const state = async () => (await world.meetings.get(ann, id)).state;
  // However long they talk, it goes on while one of them is there.
  world.clock.advance(30 * hourMs);
  await world.meetings.leave(ann, id, "process");
  world.clock.advance(3 * hourMs);
  await world.meetings.endForgotten();
  expect(await state()).toBe("active");
  const leftAt = world.clock.now();
  await world.meetings.leave(ben, id, "process");
  world.clock.advance(2 * hourMs - 1);
  await world.meetings.endForgotten();
  expect(await state()).toBe("active");
  // Whoever comes back is in the call as before; whoever is heard there from elsewhere keeps it, too.
  await world.meetings.patchLiveStates([{ meetingId: id, patch: { topics: ["knee"] } }]);
  world.clock.advance(2 * hourMs - 1);
  await world.meetings.endForgotten();
  expect(await state()).toBe("active");
  world.clock.advance(1);
  const other = await world.reopen();
  await Promise.all([world.meetings.endForgotten(), other.endForgotten()]);
  expect(await world.meetings.get(ann, id)).toMatchObject({
    state: "concluded",
    endedAt: new Date(leftAt.getTime() + 2 * hourMs - 1).toISOString(),
  });
  expect(world.changes.filter(({ change }) => change === "ended")).toHaveLength(1);
  expect(await world.meetings.running()).toEqual([]);
  const { id: next } = await world.create(ann, { scheduledAt: at(1), participants: [{ email: ben.email }] });
  expect((await world.meetings.overview(ben)).next?.id).toBe(next);
});

test("[MEETINGS-82] a call that was begun before its time waits for its people until two hours after its planned end", async () => {
  const cleo = await world.actorOf("cleo");
  const scheduledAt = new Date(world.clock.now().getTime() + 24 * hourMs).toISOString();
  const { id } = await world.create(cleo, { scheduledAt, durationMinutes: 60 });
  await world.meetings.start(cleo, id);
  for (const [hours, state] of [
    [26.9, "active"],
    [0.1, "concluded"],
  ] as const) {
    world.clock.advance(hours * hourMs);
    await world.meetings.endForgotten();
    expect((await world.meetings.get(cleo, id)).state).toBe(state);
  }
});
