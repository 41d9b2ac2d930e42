// Organisations kept apart in meetings, lists, recaps and templates: from where somebody may open what they have a place in.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import type { OrgId } from "../../shared/ids.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const [acme, other] = ["org_acme", "org_other"] as [OrgId, OrgId];

let store: TestStore;
let world: MeetingsWorld;
let coach: Actor, member: Actor, guest: Actor;
let meeting: Meeting;

beforeAll(async () => {
  store = await openTestStore();
  world = await openMeetings(store);
  coach = await world.actorOf("coach", acme);
  member = await world.actorOf("member", acme);
  guest = await world.actorOf("guest");
  for (const person of [coach, member]) world.join(person, acme);
  meeting = await world.create(coach, {
    scheduledAt: "2026-01-06T09:00:00Z",
    participants: [{ email: member.email }, { email: guest.email }],
  });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

const at = (person: Actor, orgId: OrgId | null): Actor => ({ ...person, orgId });
const hidden = expect.objectContaining({ code: "NOT_FOUND" }) as unknown;

async function expectHidden(person: Actor, id = meeting.id): Promise<void> {
  await expect(world.meetings.get(person, id)).rejects.toEqual(hidden);
  await expect(world.meetings.state(person, id)).rejects.toEqual(hidden);
  await expect(world.meetings.join(person, id, "here")).rejects.toEqual(hidden);
  await expect(world.meetings.authorize(person, id, "meeting.read")).rejects.toEqual(hidden);
  await expect(world.meetings.invitationFile(person, id)).rejects.toEqual(hidden);
  const { items } = await world.meetings.list(person, { limit: 50 });
  expect(items.map((one) => one.id)).not.toContain(id);
  expect(JSON.stringify(await world.meetings.overview(person))).not.toContain(id);
}

async function expectShown(person: Actor, id = meeting.id): Promise<void> {
  expect((await world.meetings.get(person, id)).id).toBe(id);
  expect((await world.meetings.authorize(person, id, "meeting.read")).meetingId).toBe(id);
  const { items } = await world.meetings.list(person, { limit: 50 });
  expect(items.map((one) => one.id)).toContain(id);
  expect(JSON.stringify(await world.meetings.overview(person))).toContain(id);
}

test("[ISOLATION-1] a meeting is opened from its organisation, by its members from nowhere else", async () => {
  for (const person of [coach, member]) {
    await expectShown(at(person, acme));
    await expectHidden(at(person, other));
    await expectHidden(at(person, null));
  }
});

test("[ISOLATION-2] a guest, invited by address from outside, opens it wherever they are", async () => {
  for (const orgId of [null, other, acme]) await expectShown(at(guest, orgId));
});

test("[ISOLATION-3] who becomes a member later stays a guest where they were one, and is none where they are invited then", async () => {
  const late = await world.actorOf("late", acme);
  await world.meetings.invite(coach, meeting.id, { email: late.email, role: "participant" });
  await expectShown(at(late, other));
  world.join(late, acme);
  await expectShown(at(late, other));
  const next = await world.create(coach, { participants: [{ email: late.email }] });
  await expectShown(at(late, acme), next.id);
  await expectHidden(at(late, other), next.id);
  const invited = await world.create(coach);
  await world.meetings.invite(coach, invited.id, { email: late.email, role: "participant" });
  await expectHidden(at(late, other), invited.id);
});

test("[ISOLATION-4] a meeting made in no organisation is its people's, wherever they are", async () => {
  const own = await world.create(guest, { participants: [{ email: member.email }] });
  for (const orgId of [null, acme, other]) await expectShown(at(member, orgId), own.id);
});

test("[ISOLATION-5] a machine's key opens its organisation's meetings alone, no guest's places and none of no organisation", async () => {
  const keyOf = (person: Actor, orgId: OrgId): Actor => ({ ...at(person, orgId), apiKeyId: "key" });
  await expectShown(keyOf(coach, acme));
  await expectHidden(keyOf(coach, other));
  await expectHidden(keyOf(guest, other));
  const own = await world.create(guest);
  await expectHidden(keyOf(guest, other), own.id);
});

test("[ISOLATION-6] the next call named in a recap is one of the same organisation", async () => {
  const people = [coach.userId, member.userId];
  const after = new Date("2026-01-05T10:00:00Z");
  const together = await world.meetings.nextTogether(people, after, acme);
  expect(together?.id).toBe(meeting.id);
  expect(await world.meetings.nextTogether(people, after, other)).toBeNull();
  expect(await world.meetings.nextTogether(people, after, null)).toBeNull();
});

test("[ISOLATION-8] who has left the organisation is told nothing more of its meetings", async () => {
  const leaver = await world.actorOf("leaver", acme);
  world.join(leaver, acme);
  const input = { participants: [{ email: leaver.email }, { email: guest.email }] };
  const { id } = await world.create(coach, { ...input, scheduledAt: "2026-01-07T09:00:00Z" });
  const told = async (person: Actor) =>
    (await world.mailsOf(person)).filter(({ meetingId }) => meetingId === id).length;
  expect([await told(leaver), await told(guest)]).toEqual([1, 1]);
  world.leave(leaver);
  await world.meetings.update(coach, id, { title: "Moved on", scheduledAt: "2026-01-07T10:00:00Z" });
  expect([await told(leaver), await told(guest)]).toEqual([1, 2]);
  const period = { from: new Date("2026-01-07T00:00:00Z"), to: new Date("2026-01-08T00:00:00Z") };
  for await (const planned of world.meetings.planned(period))
    expect(planned.participants.map(({ userId }) => userId).sort()).toEqual(
      [coach.userId, guest.userId].sort(),
    );
  expect(await world.meetings.reached(id)).toEqual(new Set([coach.userId, guest.userId]));
});

test("[ISOLATION-7] pages of a list hold only what is open here, and lead to all of it", async () => {
  const mixed = await world.actorOf("mixed", acme);
  world.join(mixed, acme);
  world.join(mixed, other);
  const made: string[] = [];
  for (let count = 0; count < 6; count += 1) {
    const { id } = await world.create(at(mixed, count % 2 === 0 ? acme : other));
    if (count % 2 === 0) made.push(id);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await world.meetings.list(at(mixed, acme), { limit: 2, cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(made.reverse());
});
