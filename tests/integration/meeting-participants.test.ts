// Who takes part in a meeting, on a real store: one place each, always a host, no access after removal.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { participantSchema } from "../../shared/schemas/meetings.ts";
import { codesOf, openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const inTwoDays = "2026-01-07T09:00:00Z";

let store: TestStore;
let world: MeetingsWorld;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await openMeetings(store);
});
afterEach(() => world.close());

const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });

test("[MEETINGS-69] twenty invitations of one address at once are one place and one email", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const { id } = await world.create(ann);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      world.meetings.invite(ann, id, { email: "ben@example.org", role: "participant" }),
    ),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(participantSchema.parse(answers[0])).toMatchObject({ userId: ben.userId, presence: "invited" });
  expect((await world.meetings.get(ann, id)).participants).toHaveLength(2);
  expect(await world.mailsOf(ben)).toHaveLength(1);
  expect(world.people.filter(({ change }) => change === "added")).toHaveLength(1);
});

test("[MEETINGS-70] two hosts who lower each other at once leave one host", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  for (const step of ["lower", "remove"] as const) {
    const { id } = await world.create(ann, { participants: [{ email: ben.email, role: "host" }] });
    const results = await Promise.allSettled([
      step === "lower"
        ? world.meetings.changeRole(ann, id, ben.userId, "participant")
        : world.meetings.remove(ann, id, ben.userId),
      step === "lower"
        ? world.meetings.changeRole(ben, id, ann.userId, "participant")
        : world.meetings.remove(ben, id, ann.userId),
    ]);
    expect(codesOf(results)).toContain("ok");
    const record = await world.meetings.record(id);
    expect(record?.participants.filter(({ role }) => role === "host")).toHaveLength(1);
  }
});

test("[MEETINGS-70] the last host can be neither lowered nor removed, until there is another", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const { id } = await world.create(ann, { participants: [{ email: ben.email }] });
  await refused(world.meetings.changeRole(ann, id, ann.userId, "observer"), "LAST_HOST");
  await refused(world.meetings.remove(ann, id, ann.userId), "LAST_HOST");
  expect(await world.meetings.changeRole(ann, id, ben.userId, "host")).toMatchObject({ role: "host" });
  expect(await world.meetings.changeRole(ann, id, ann.userId, "observer")).toMatchObject({
    role: "observer",
  });
  await refused(world.meetings.changeRole(ann, id, ann.userId, "host"), "FORBIDDEN");
  await refused(world.meetings.remove(ben, id, ben.userId), "LAST_HOST");
});

test("[MEETINGS-71] a new role counts at the next question", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const { id } = await world.create(ann, { participants: [{ email: ben.email }] });
  expect(await world.meetings.authorize(ben, id, "notes.write")).toMatchObject({ role: "participant" });
  await world.meetings.changeRole(ann, id, ben.userId, "observer");
  await refused(world.meetings.authorize(ben, id, "notes.write"), "FORBIDDEN");
  expect(world.people).toMatchObject([{ change: "role", userId: ben.userId, actorId: ann.userId }]);
  await refused(world.meetings.changeRole(ann, id, (await world.actorOf("eve")).userId, "host"), "NOT_FOUND");
});

test("[MEETINGS-72] somebody who was removed has no access at once, is told, and can be invited again", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const { id } = await world.create(ann, {
    scheduledAt: inTwoDays,
    participants: [{ email: ben.email }],
  });
  await world.meetings.join(ben, id, "here");
  await world.meetings.remove(ann, id, ben.userId);
  await refused(world.meetings.authorize(ben, id, "meeting.read"), "NOT_FOUND");
  await refused(world.meetings.get(ben, id), "NOT_FOUND");
  expect(world.people.at(-1)).toMatchObject({ change: "removed", userId: ben.userId });
  expect((await world.mailsOf(ben)).map(({ kind }) => kind)).toEqual(["cancellation", "invitation"]);
  await refused(world.meetings.remove(ann, id, ben.userId), "NOT_FOUND");
  await world.meetings.invite(ann, id, { email: ben.email, role: "observer" });
  expect(await world.meetings.get(ben, id)).toMatchObject({ myRole: "observer" });
  expect((await world.mailsOf(ben)).map(({ kind }) => kind)).toEqual([
    "invitation",
    "cancellation",
    "invitation",
  ]);
});

test("[MEETINGS-73] joining and leaving mark presence once, and looking back at a call marks nothing", async () => {
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const { id } = await world.create(ann, { participants: [{ email: ben.email, role: "observer" }] });
  await world.consent.decide(ann, id, { purpose: "sharing", answer: "given", wording: 1 });
  const { meeting, state } = await world.meetings.join(ben, id, "here");
  await world.meetings.join(ben, id, "here");
  expect(meeting).toMatchObject({ state: "scheduled", myRole: "observer" });
  expect(state).toMatchObject({ meetingId: id, active: false });
  expect(meeting.participants[1]).toMatchObject({
    presence: "joined",
    joinedAt: world.clock.now().toISOString(),
    leftAt: null,
  });
  world.clock.advance(1_000);
  await world.meetings.leave(ben, id, "here");
  await world.meetings.leave(ben, id, "here");
  expect((await world.meetings.get(ann, id)).participants[1]).toMatchObject({
    presence: "left",
    leftAt: world.clock.now().toISOString(),
  });
  expect(world.people.map(({ change }) => change)).toEqual(["presence", "presence"]);
  await world.meetings.start(ann, id);
  await world.meetings.join(ben, id, "here");
  await world.meetings.end(ann, id);
  expect((await world.meetings.get(ann, id)).participants[1]).toMatchObject({ presence: "left" });
  await world.meetings.join(ann, id, "here");
  expect((await world.meetings.record(id))?.participants.map(({ everJoined }) => everJoined)).toEqual([
    false,
    true,
  ]);
});
