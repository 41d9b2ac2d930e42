// Meetings on a real store with real users, mail and audit: lifecycle, access, invitations, lists.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import { meetingIdSchema, type MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import {
  createMeetingSchema,
  meetingSchema,
  meetingStateSchema,
  type Meeting,
} from "../../shared/schemas/meetings.ts";
import type { LiveStatePatch } from "../../server/modules/meetings/index.ts";
import { codesOf, openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const nobodysMeeting = meetingIdSchema.parse("e".repeat(24));
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

const rolesOf = (meeting: Meeting) =>
  Object.fromEntries(meeting.participants.map(({ displayName, role }) => [displayName.toLowerCase(), role]));
const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });

describe("creating", () => {
  test("[MEETINGS-60] the organizer is a host, each address has one place, and inviting oneself is harmless", async () => {
    const ann = await world.actorOf("ann");
    const meeting = await world.create(ann, {
      scheduledAt: inTwoDays,
      participants: [
        { email: "Ben@example.org" },
        { email: "ben@EXAMPLE.org" },
        { email: "cleo@example.org", role: "observer" },
        { email: "ann@example.org", role: "observer" },
      ],
    });
    expect(meetingSchema.parse(meeting)).toEqual(meeting);
    expect(rolesOf(meeting)).toEqual({ ann: "host", ben: "participant", cleo: "observer" });
    expect(meeting).toMatchObject({
      myRole: "host",
      state: "scheduled",
      template: "grow",
      recapDelivery: "automatic",
      scheduledAt: "2026-01-07T09:00:00.000Z",
    });
    expect(await world.meetings.get(ann, meeting.id)).toEqual(meeting);
    expect(world.changes).toMatchObject([{ meetingId: meeting.id, change: "created", actorId: ann.userId }]);
  });

  test("[MEETINGS-81] one that is made under a chosen id is made once, also by several at once and after a crash", async () => {
    const ann = await world.actorOf("ann");
    await world.actorOf("ben");
    const id = meetingIdSchema.parse("c".repeat(24));
    const input = createMeetingSchema.parse({
      title: "Once",
      scheduledAt: inTwoDays,
      participants: [{ email: "ben@example.org", role: "host" }],
    });
    // What is left where a process dies before the meeting itself is written.
    const places = store.connection.collection("meetingParticipants");
    await world.meetings.create(ann, input, { id });
    await store.connection.collection("meetings").deleteOne({ title: "Once" });
    const made = await Promise.all([1, 2, 3].map(() => world.meetings.create(ann, input, { id })));
    for (const meeting of made) {
      expect(meeting.id).toBe(id);
      expect(rolesOf(meeting)).toEqual({ ann: "host", ben: "host" });
    }
    expect(await places.countDocuments({})).toBe(2);
    await world.meetings.start(ann, id);
    expect((await world.meetings.create(ann, { ...input, title: "Other" }, { id })).title).toBe("Once");
    const ben = await world.actorOf("ben");
    expect(await world.mailsOf(ben)).toHaveLength(1);
  });

  test("[MEETINGS-61] everyone who was invited gets one email with a calendar file, the organizer none", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const meeting = await world.create(ann, {
      title: "Zoë’s call\r\nBcc: eve@example.org",
      scheduledAt: inTwoDays,
      timeZone: "Asia/Kolkata",
      durationMinutes: 45,
      participants: [{ email: ben.email }],
    });
    expect(await world.mailsOf(ann)).toEqual([]);
    const [invitation, ...rest] = await world.mailsOf(ben);
    expect(rest).toEqual([]);
    expect(invitation).toMatchObject({
      kind: "invitation",
      meetingId: meeting.id,
      subject: "Invitation: Zoë’s call Bcc: eve@example.org",
    });
    expect(invitation?.text).toContain(`http://localhost:3000/meetings/${meeting.id}`);
    expect(invitation?.text).toContain("at 14:30 (Asia/Kolkata, GMT+5:30), 45 minutes");
    const [calendar = ""] = await world.calendarsOf(ben);
    expect(calendar).toContain("METHOD:REQUEST");
    expect(calendar).toContain("SEQUENCE:0");
    expect(calendar).toContain("DTSTART:20260107T090000Z");
    expect(calendar).not.toContain(ann.email);
  });

  test("[MEETINGS-62] a meeting has a greatest number of people", async () => {
    const ann = await world.actorOf("ann");
    const participants = Array.from({ length: limits.meetingMaxParticipants }, (_, n) => ({
      email: `p${n}@example.org`,
    }));
    await refused(world.create(ann, { participants }), "MEETING_FULL");
    const meeting = await world.create(ann, { participants: participants.slice(2) });
    const extra = Array.from({ length: 6 }, (_, n) => ({
      email: `extra${n}@example.org`,
      role: "participant" as const,
    }));
    const results = await Promise.allSettled(extra.map((one) => world.meetings.invite(ann, meeting.id, one)));
    const { participants: places } = await world.meetings.get(ann, meeting.id);
    expect(places.length).toBeLessThanOrEqual(limits.meetingMaxParticipants);
    expect(codesOf(results).filter((code) => code === "ok")).toHaveLength(places.length - 49);
    expect(new Set(codesOf(results))).toContain("MEETING_FULL");
  });
});

describe("access", () => {
  test("[MEETINGS-63] to a stranger a meeting is as if it did not exist, on every path", async () => {
    const [ann, eve] = [await world.actorOf("ann"), await world.actorOf("eve")];
    const { id } = await world.create(ann);
    const paths = (meetingId: MeetingId): (() => Promise<unknown>)[] => [
      () => world.meetings.get(eve, meetingId),
      () => world.meetings.update(eve, meetingId, { title: "Taken" }),
      () => world.meetings.start(eve, meetingId),
      () => world.meetings.end(eve, meetingId),
      () => world.meetings.cancel(eve, meetingId),
      () => world.meetings.invite(eve, meetingId, { email: eve.email, role: "host" }),
      () => world.meetings.changeRole(eve, meetingId, ann.userId, "observer"),
      () => world.meetings.remove(eve, meetingId, ann.userId),
      () => world.meetings.invitationFile(eve, meetingId),
      () => world.meetings.state(eve, meetingId),
      () => world.meetings.join(eve, meetingId, "here"),
      () => world.meetings.leave(eve, meetingId, "here"),
      () => world.meetings.authorize(eve, meetingId, "meeting.read"),
    ];
    const messages = new Set<string>();
    for (const path of [...paths(id), ...paths(nobodysMeeting)]) {
      const error = await path().then(
        () => ({ code: "ok", message: "" }),
        (reason: { code: string; message: string }) => reason,
      );
      expect(error.code).toBe("NOT_FOUND");
      messages.add(error.message);
    }
    expect(messages.size).toBe(1);
    expect((await world.meetings.list(eve, { limit: 10 })).items).toEqual([]);
    expect(await world.meetings.overview(eve)).toEqual({ next: null, upcoming: [], recent: [] });
    expect(await world.meetings.get(ann, id)).toMatchObject({ title: "First call", state: "scheduled" });
  });

  test("[MEETINGS-64] who is not a host may not steer", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const { id } = await world.create(ann, { participants: [{ email: ben.email }] });
    for (const step of [
      world.meetings.update(ben, id, { title: "Taken" }),
      world.meetings.start(ben, id),
      world.meetings.end(ben, id),
      world.meetings.cancel(ben, id),
      world.meetings.invite(ben, id, { email: "eve@example.org", role: "participant" }),
      world.meetings.changeRole(ben, id, ben.userId, "host"),
      world.meetings.remove(ben, id, ann.userId),
    ]) {
      await refused(step, "FORBIDDEN");
    }
  });

  test("[MEETINGS-65] addresses are shown to hosts and to oneself alone", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const { id } = await world.create(ann, {
      participants: [{ email: ben.email }, { email: "cleo@example.org" }],
    });
    const emailsFor = async (reader: Actor) =>
      (await world.meetings.get(reader, id)).participants.map(({ email }) => email);
    expect(await emailsFor(ann)).toEqual([ann.email, ben.email, "cleo@example.org"]);
    expect(await emailsFor(ben)).toEqual([null, ben.email, null]);
    expect(await world.meetings.invitationFile(ben, id)).not.toMatch(/ann@|ben@|cleo@/);
  });
});

describe("lifecycle", () => {
  test("[MEETINGS-66] a meeting starts once and ends once, however many press the button", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const { id } = await world.create(ann, { participants: [{ email: ben.email, role: "host" }] });
    const starts = await Promise.allSettled(
      [ann, ben, ann, ben].map((host) => world.meetings.start(host, id)),
    );
    expect(codesOf(starts).sort()).toEqual([...Array<string>(3).fill("ILLEGAL_TRANSITION"), "ok"]);
    world.clock.advance(60_000);
    const ends = await Promise.all([ann, ben, ann, ben].map((host) => world.meetings.end(host, id)));
    expect(new Set(ends.map(({ state, endedAt }) => `${state} ${endedAt}`))).toEqual(
      new Set([`concluded ${world.clock.now().toISOString()}`]),
    );
    expect(world.changes.map(({ change }) => change)).toEqual(["created", "started", "ended"]);
    world.clock.advance(60_000);
    expect(await world.meetings.end(ann, id)).toMatchObject({ endedAt: ends[0]?.endedAt });
    expect(await auditActions()).toEqual(["meeting.create", "meeting.start", "meeting.end"]);
  });

  test("[MEETINGS-1] steps that the lifecycle does not know are refused and change nothing", async () => {
    const ann = await world.actorOf("ann");
    const { id } = await world.create(ann);
    await refused(world.meetings.end(ann, id), "ILLEGAL_TRANSITION");
    await world.meetings.start(ann, id);
    await refused(world.meetings.cancel(ann, id), "ILLEGAL_TRANSITION");
    await refused(world.meetings.update(ann, id, { title: "Too late" }), "MEETING_NOT_ACTIVE");
    await world.meetings.end(ann, id);
    await refused(world.meetings.start(ann, id), "ILLEGAL_TRANSITION");
    await refused(world.meetings.cancel(ann, id), "ILLEGAL_TRANSITION");
    await refused(
      world.meetings.invite(ann, id, { email: "x@example.org", role: "host" }),
      "MEETING_NOT_ACTIVE",
    );
    expect(await world.meetings.get(ann, id)).toMatchObject({ state: "concluded", title: "First call" });
    const other = await world.create(ann);
    await world.meetings.cancel(ann, other.id);
    await refused(world.meetings.start(ann, other.id), "ILLEGAL_TRANSITION");
    await refused(world.meetings.end(ann, other.id), "ILLEGAL_TRANSITION");
  });

  test("[MEETINGS-67] the live state follows the lifecycle, and what is patched into it is bounded", async () => {
    const ann = await world.actorOf("ann");
    const { id } = await world.create(ann);
    expect(await world.meetings.state(ann, id)).toMatchObject({ active: false, startedAt: null, topics: [] });
    await world.meetings.start(ann, id);
    const speakingStats = [{ speakerId: ann.userId, talkMs: 1_000, words: 3, turns: 1 }];
    const lullState = { detected: true, lastActivityMs: 1_000, durationMs: 8_000 };
    const patched = (patch: LiveStatePatch) => world.meetings.patchLiveStates([{ meetingId: id, patch }]);
    await patched({ speakingStats });
    await patched({ lullState, topics: ["goals"] });
    const state = await world.meetings.state(ann, id);
    expect(meetingStateSchema.parse(state)).toEqual(state);
    expect(state).toMatchObject({ active: true, speakingStats, lullState, topics: ["goals"] });
    expect(world.states).toHaveLength(2);
    await patched({ lullState: null });
    expect(await world.meetings.state(ann, id)).toMatchObject({ lullState: null, topics: ["goals"] });
    await expect(patched({ topics: Array<string>(51).fill("x") })).rejects.toThrow();
    // Nobody's meeting is passed over, and holds up nobody else's.
    await world.meetings.patchLiveStates([
      { meetingId: nobodysMeeting, patch: { topics: [] } },
      { meetingId: id, patch: { topics: ["goals", "plans"] } },
    ]);
    expect(await world.meetings.state(ann, id)).toMatchObject({ topics: ["goals", "plans"] });
    await patched({ topics: ["goals"] });
    await world.meetings.end(ann, id);
    expect(await world.meetings.state(ann, id)).toMatchObject({ active: false, topics: ["goals"] });
  });

  test("[MEETINGS-68] running meetings and recently concluded ones are found again after a restart", async () => {
    const ann = await world.actorOf("ann");
    const [waiting, running, old, fresh] = [
      await world.create(ann),
      await world.create(ann),
      await world.create(ann),
      await world.create(ann),
    ];
    for (const { id } of [running, old, fresh]) await world.meetings.start(ann, id);
    await world.meetings.end(ann, old.id);
    world.clock.advance(8 * 24 * 60 * 60 * 1_000);
    await world.meetings.end(ann, fresh.id);
    const again = await world.reopen();
    expect((await again.running()).map(({ id }) => id)).toEqual([running.id]);
    expect((await again.recentlyConcluded()).map(({ id }) => id)).toEqual([fresh.id]);
    expect(await again.record(waiting.id)).toMatchObject({
      state: "scheduled",
      participants: [{ userId: ann.userId, role: "host", everJoined: false }],
    });
    expect(await again.record(nobodysMeeting)).toBeNull();
  });
});

describe("emails about changes", () => {
  test("[MEETINGS-74] a new time reaches everyone invited with the same UID and a higher sequence", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const { id } = await world.create(ann, {
      scheduledAt: inTwoDays,
      timeZone: "Europe/Zurich",
      participants: [{ email: ben.email }],
    });
    await world.meetings.update(ann, id, { scheduledAt: "2026-03-29T01:30:00Z" });
    await world.meetings.update(ann, id, { scheduledAt: "2026-03-29T01:30:00Z", template: "blank" });
    const cancelled = await world.meetings.cancel(ann, id);
    expect(cancelled).toMatchObject({ state: "cancelled", template: "blank" });
    expect(cancelled.participants).toHaveLength(2);
    const mails = await world.mailsOf(ben);
    expect(mails.map(({ kind }) => kind)).toEqual(["cancellation", "update", "invitation"]);
    expect(mails[1]?.text).toContain("Sunday, 29 March 2026 at 03:30 (Europe/Zurich, GMT+2)");
    const calendars = await world.calendarsOf(ben);
    expect(calendars.map((text) => /SEQUENCE:(\d)/.exec(text)?.[1])).toEqual(["2", "1", "0"]);
    expect(calendars.map((text) => /METHOD:(\w+)/.exec(text)?.[1])).toEqual(["CANCEL", "REQUEST", "REQUEST"]);
    expect(new Set(calendars.map((text) => /UID:(\S+)/.exec(text)?.[1])).size).toBe(1);
    expect(await world.mailsOf(ann)).toEqual([]);
    expect(world.changes.map(({ change }) => change)).toEqual(["created", "updated", "updated", "cancelled"]);
  });

  test("[MEETINGS-75] emails that a crash left due are queued at the next start, and none twice", async () => {
    const [ann, ben, cleo] = [
      await world.actorOf("ann"),
      await world.actorOf("ben"),
      await world.actorOf("cleo"),
    ];
    let left = 1;
    const failing = await world.reopen({
      mail: {
        ...world.mail,
        // The store goes away after the first email.
        queue: async (draft) => {
          if (left === 0) throw new Error("store away");
          left -= 1;
          return world.mail.queue(draft);
        },
      },
    });
    await expect(
      failing.create(
        ann,
        createMeetingSchema.parse({
          title: "First call",
          participants: [{ email: ben.email }, { email: cleo.email }],
        }),
      ),
    ).rejects.toThrow("store away");
    await world.reopen();
    await world.reopen();
    expect((await world.mailsOf(ben)).map(({ kind }) => kind)).toEqual(["invitation"]);
    expect((await world.mailsOf(cleo)).map(({ kind }) => kind)).toEqual(["invitation"]);
    expect(await store.connection.collection("meetings").countDocuments({ mailToken: null })).toBe(1);
  });
});

describe("lists", () => {
  test("[MEETINGS-76] paging meets every meeting once, newest first, also with a filter and equal times", async () => {
    const ann = await world.actorOf("ann");
    const expected: MeetingId[] = [];
    const started: MeetingId[] = [];
    for (let n = 0; n < 13; n += 1) {
      const { id } = await world.create(ann, { title: `m${n}` });
      expected.unshift(id);
      if (n % 3 === 0) {
        await world.meetings.start(ann, id);
        started.unshift(id);
      }
    }
    const all = async (state: "active" | undefined, limit: number) => {
      const seen: MeetingId[] = [];
      let cursor: string | undefined;
      do {
        const page = await world.meetings.list(ann, { limit, cursor, state });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return seen;
    };
    expect(await all(undefined, 4)).toEqual(expected);
    expect(await all(undefined, 13)).toEqual(expected);
    expect(await all("active", 2)).toEqual(started);
    await refused(world.meetings.list(ann, { limit: 4, cursor: "nonsense" }), "VALIDATION_ERROR");
  });

  test("[MEETINGS-77] the overview shows what comes next and what was", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const later = await world.create(ann, { title: "Later", scheduledAt: "2026-02-01T09:00:00Z" });
    const soon = await world.create(ben, {
      title: "Soon",
      scheduledAt: inTwoDays,
      participants: [{ email: ann.email }],
    });
    const past = await world.create(ann, { title: "Past" });
    await world.meetings.start(ann, past.id);
    await world.meetings.end(ann, past.id);
    const overview = await world.meetings.overview(ann);
    expect(overview.next).toMatchObject({ id: soon.id, myRole: "participant" });
    expect(overview.upcoming.map(({ id }) => id)).toEqual([later.id]);
    expect(overview.recent.map(({ id }) => id)).toEqual([past.id]);
  });

  test("[MEETINGS-78] the next meeting together has all of the same people and is still ahead", async () => {
    const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
    const both = { participants: [{ email: ben.email }] };
    await world.create(ann, { scheduledAt: "2026-01-06T09:00:00Z" });
    await world.create(ann, { ...both, scheduledAt: "2026-01-04T09:00:00Z" });
    const cancelled = await world.create(ann, { ...both, scheduledAt: "2026-01-06T09:00:00Z" });
    await world.meetings.cancel(ann, cancelled.id);
    const wanted = await world.create(ann, { ...both, scheduledAt: inTwoDays });
    await world.create(ann, { ...both, scheduledAt: "2026-02-01T09:00:00Z" });
    const next = await world.meetings.nextTogether([ben.userId, ann.userId], world.clock.now(), null);
    expect(next?.id).toBe(wanted.id);
    expect(
      await world.meetings.nextTogether([ben.userId, ann.userId], new Date("2027-01-01"), null),
    ).toBeNull();
    expect(await world.meetings.nextTogether([], world.clock.now(), null)).toBeNull();
    if (next === null) return;
    const reader = { name: "Ben", email: ben.email };
    expect(await world.meetings.calendarFor(next, "REQUEST", reader)).toContain(ben.email);
    expect(await world.meetings.calendarFor(next, "PUBLISH")).not.toContain(ben.email);
  });
});

async function auditActions(): Promise<string[]> {
  const entries = await store.connection.collection("auditLogs").find({}).sort({ _id: 1 }).toArray();
  return entries.map(({ action }) => String(action));
}
