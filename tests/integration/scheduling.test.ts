// Times that suit two people in a real store: found, taken, moved and free again; calendars to and from other programs.
import ICAL from "ical.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JobDefinition } from "../../server/jobs/index.ts";
import { createCalendarsRepository } from "../../server/modules/scheduling/calendars.repository.mongo.ts";
import { createClaimsRepository } from "../../server/modules/scheduling/claims.repository.mongo.ts";
import { createSchedulingJobs } from "../../server/modules/scheduling/scheduling.jobs.ts";
import { createUsersModule, type UsersService } from "../../server/modules/users/index.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId, OrgId } from "../../shared/ids.ts";
import { createMeetingSchema, type Meeting } from "../../shared/schemas/meetings.ts";
import { planSeriesSchema, type PlanSeries } from "../../shared/schemas/series.ts";
import { testCipher } from "../factories/cipher.ts";
import { codesOf, openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const acme = "org_acme" as OrgId;
let store: TestStore;
let world: MeetingsWorld;
let users: UsersService;

beforeAll(async () => {
  store = await openTestStore();
  world = await openMeetings(store);
  users = await createUsersModule({
    connection: store.connection,
    cipher: testCipher,
    clock: world.clock,
    ids: systemIds,
  });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

async function member(name: string) {
  const actor = await world.actorOf(name, acme);
  world.join(actor, acme);
  return actor;
}
const hours = (timeZone: string) => ({
  timeZone,
  workingHours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1_020 })),
});

test("[SCHEDULING-7] times are proposed within the hours of both, around calls that are planned, to whom they may be seen", async () => {
  const [tom, uma] = [await member("tom"), await member("uma")];
  const suggest = () => world.scheduling.suggest(tom, uma.userId, { durationMinutes: 60, days: 7 });
  expect((await suggest()).unknownHours).toEqual(["yours", "theirs"]);
  await world.peopleService.updateProfile(tom, hours("Europe/Zurich"));
  await world.peopleService.updateProfile(uma, hours("Asia/Kolkata"));
  const { times, ...rest } = await suggest();
  expect(rest).toEqual({
    unknownHours: [],
    yourTimeZone: "Europe/Zurich",
    theirTimeZone: "Asia/Kolkata",
  });
  const first = times[0]?.startsAt ?? "";
  await world.create(tom, { scheduledAt: first, durationMinutes: 30 });
  expect((await suggest()).times.map(({ startsAt }) => startsAt)).not.toContain(first);
  const stranger = await world.actorOf("stranger");
  const refused = world.scheduling.suggest(stranger, uma.userId, { durationMinutes: 60, days: 7 });
  await expect(refused).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("[SCHEDULING-8] [SCHEDULING-9] of 200 who take one time at once one gets it, and it is free again when the call is cancelled", async () => {
  const coach = await member("vera");
  const others = await Promise.all(Array.from({ length: 200 }, (_, n) => member(`wants${n}`)));
  const startsAt = new Date(world.clock.now().getTime() + 86_400_000);
  startsAt.setUTCMinutes(0, 0, 0);
  const book = (actor: Actor) =>
    world.scheduling.book(actor, coach.userId, {
      title: "One hour",
      startsAt: startsAt.toISOString(),
      durationMinutes: 60,
    });
  const results = await Promise.allSettled(others.map(book));
  expect(codesOf(results).toSorted()).toEqual([...Array(199).fill("CONFLICT"), "ok"]);
  const mine = await world.meetings.list(coach, { limit: 10 });
  expect(mine.items).toHaveLength(1);
  const winner = others[results.findIndex(({ status }) => status === "fulfilled")] ?? coach;
  const [next, after] = others.filter((other) => other !== winner) as [Actor, Actor];
  await world.meetings.cancel(winner, mine.items[0]?.id as MeetingId);
  await expect(book(next)).resolves.toMatchObject({ title: "One hour" });
  await expect(book(after)).rejects.toMatchObject({ code: "CONFLICT" });
});

test("[SCHEDULING-9] what somebody took who died before the call was planned is free after a minute", async () => {
  const [xan, yan] = [await member("xan"), await member("yan")];
  const claims = await createClaimsRepository(store.connection.useDb(store.connection.name));
  const startsAt = new Date(world.clock.now().getTime() + 86_400_000);
  startsAt.setUTCMinutes(0, 0, 0);
  const quarter = startsAt.getTime() / 900_000;
  await claims.take({
    userId: yan.userId,
    quarter,
    token: "gone",
    meetingId: null,
    claimedAt: world.clock.now(),
  });
  const book = () =>
    world.scheduling.book(xan, yan.userId, {
      title: "A quarter",
      startsAt: startsAt.toISOString(),
      durationMinutes: 15,
    });
  await expect(book()).rejects.toMatchObject({ code: "CONFLICT" });
  world.clock.advance(60_001);
  await expect(book()).resolves.toMatchObject({ durationMinutes: 15 });
});

// Far ahead of the store's own clock too, which forgets what is over.
const inDays = (days: number) =>
  new Date(Date.parse("2099-01-05T10:00:00Z") + days * 86_400_000).toISOString();

test("[SCHEDULING-11] of 200 calls that are moved to one time, or planned for it, at once one gets it; its former time is free then, and it keeps its host", async () => {
  const coach = await member("wanda");
  const others = await Promise.all(Array.from({ length: 200 }, (_, n) => member(`moves${n}`)));
  const calls: Meeting[] = [];
  for (const [n, other] of others.slice(0, 40).entries())
    calls.push(
      await world.scheduling.book(other, coach.userId, {
        title: "Mine",
        startsAt: inDays(2 + n),
        durationMinutes: 60,
      }),
    );
  const wanted = inDays(150);
  const moves = others.map((other, n) => {
    const mine = calls[n];
    return mine === undefined
      ? world.planner.create(
          other,
          createMeetingSchema.parse({
            title: "New",
            scheduledAt: wanted,
            durationMinutes: 60,
            onlyIfFree: true,
            participants: [{ email: coach.email }],
          }),
        )
      : world.planner.update(other, mine.id, { scheduledAt: wanted });
  });
  const results = await Promise.allSettled(moves);
  expect(codesOf(results).toSorted()).toEqual([...Array(199).fill("CONFLICT"), "ok"]);
  const there = (
    await world.meetings.busy([coach.userId], {
      from: new Date(wanted),
      to: new Date(Date.parse(wanted) + 3_600_000),
    })
  ).get(coach.userId);
  expect(there).toHaveLength(1);

  // The other way round, where it is certain who moves.
  const [first, second] = [calls[0], calls[1]] as [Meeting, Meeting];
  const [one, two] = [others[0], others[1]] as [Actor, Actor];
  const taken = world.planner.update(two, second.id, { scheduledAt: inDays(2) });
  if (results[0]?.status === "rejected") await expect(taken).rejects.toMatchObject({ code: "CONFLICT" });
  const later = await world.planner.update(one, first.id, { scheduledAt: inDays(200) });
  expect(later).toMatchObject({ organizerId: one.userId, myRole: "host" });
  await expect(world.planner.update(two, second.id, { scheduledAt: inDays(2) })).resolves.toMatchObject({
    scheduledAt: inDays(2),
  });
  // Within its own time, where half of it is its own.
  const half = new Date(Date.parse(inDays(2)) + 1_800_000).toISOString();
  await world.planner.update(two, second.id, { scheduledAt: half });
  await world.planner.cancel(one, first.id);
  await expect(
    world.scheduling.book(two, coach.userId, { title: "Free", startsAt: inDays(200), durationMinutes: 60 }),
  ).resolves.toMatchObject({ title: "Free" });
});

test("[SCHEDULING-12] without being asked for a clash is let be, and of strangers nobody learns whether they have time", async () => {
  const [yves, zora] = [await member("yves"), await member("zora")];
  const stranger = await world.actorOf("outsider");
  const plan = (actor: Actor, onlyIfFree: boolean) =>
    world.planner.create(
      actor,
      createMeetingSchema.parse({
        title: "Overlaps",
        scheduledAt: inDays(3),
        durationMinutes: 60,
        onlyIfFree,
        participants: [{ email: zora.email }],
      }),
    );
  await plan(yves, true);
  await expect(plan(yves, true)).rejects.toMatchObject({
    code: "CONFLICT",
    details: { clashes: [inDays(3)] },
  });
  const second = await plan(yves, false);
  await expect(plan(stranger, true)).resolves.toMatchObject({ title: "Overlaps" });
  // What was planned without asking is moved without asking.
  await expect(
    world.planner.update(yves, second.id, { scheduledAt: inDays(3), durationMinutes: 90 }),
  ).resolves.toMatchObject({ durationMinutes: 90 });
  await expect(
    world.planner.update(yves, second.id, { durationMinutes: 45, onlyIfFree: true }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
});

test("[SCHEDULING-10] [SCHEDULING-15] [SCHEDULING-16] days of one's own and busy times of another calendar count, and nothing stays of one that is taken back", async () => {
  const [alma, bert] = [await member("alma"), await member("bert")];
  await world.peopleService.updateProfile(bert, hours("UTC"));
  const suggest = async () =>
    (await world.scheduling.suggest(alma, bert.userId, { durationMinutes: 60, days: 7 })).times.map(
      ({ startsAt }) => startsAt,
    );
  const [first = ""] = await suggest();
  await world.calendar.change(bert, { exceptions: [{ date: first.slice(0, 10), ranges: [] }] });
  const [next = ""] = await suggest();
  expect(next.slice(0, 10)).not.toBe(first.slice(0, 10));
  await expect(
    world.scheduling.book(alma, bert.userId, { title: "Away", startsAt: first, durationMinutes: 60 }),
  ).rejects.toMatchObject({ code: "CONFLICT" });

  const connection = store.connection.useDb(store.connection.name);
  const calendars = await createCalendarsRepository(connection, testCipher);
  const found: JobDefinition[] = [];
  let answer = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Secret dentist\r\nDTSTART:${next.replace(/[-:]|\.000/g, "")}\r\nDURATION:PT2H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const { start } = createSchedulingJobs({
    calendars,
    users,
    fetcher: {
      fetch: (url) =>
        Promise.resolve({ url, contentType: "text/calendar", charset: null, body: Buffer.from(answer) }),
    },
    reminders: { send: () => Promise.resolve() },
    jobs: {
      register: (job) => void found.push(job as unknown as JobDefinition),
      enqueue: () => Promise.resolve(),
    },
    clock: world.clock,
    metrics: createMetrics({ processMetrics: false }),
  });
  await start();
  const read = async () => {
    const token = (await calendars.of([bert.userId])).get(bert.userId)?.source?.token ?? "none";
    const context = { jobId: "1", attempt: 1, fence: 1, signal: new AbortController().signal };
    await found[0]?.run({ userId: bert.userId, token }, context);
  };
  await expect(world.calendar.setBusyFrom(bert, "ftp://example.org/a.ics")).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  await world.calendar.setBusyFrom(bert, "https://example.org/private-7.ics");
  await read();
  expect((await world.calendar.settings(bert)).busyFrom).toMatchObject({
    host: "example.org",
    problem: null,
    times: 1,
  });
  expect(await suggest()).not.toContain(next);
  const raw = JSON.stringify(await connection.collection("calendars").find({}).toArray());
  expect(raw).not.toMatch(/dentist|private-7/);

  answer = "<html>Please sign in</html>";
  await read();
  const { busyFrom } = await world.calendar.settings(bert);
  expect(busyFrom?.problem).toMatch(/could not be used/);
  expect(await suggest()).not.toContain(next);
  expect((await world.calendar.removeBusyFrom(bert)).busyFrom).toBeNull();
  await read();
  expect(await suggest()).toContain(next);
});

test("[SCHEDULING-14] the secret address shows its maker's calls to another parser, until it is taken back or they leave", async () => {
  const [cleo, dora] = [await member("cleo"), await member("dora")];
  const meeting = await world.create(cleo, {
    title: "Shown",
    scheduledAt: new Date(world.clock.now().getTime() + 86_400_000).toISOString(),
    participants: [{ email: dora.email }],
  });
  const secretOf = (url: string) => /([A-Za-z0-9_-]{43})\.ics$/.exec(url)?.[1] ?? "";
  const textOf = async (secret: string) => {
    const { read, version } = await world.calendar.feed(secret);
    const pieces = [];
    for await (const piece of read()) pieces.push(piece);
    return { text: Buffer.concat(pieces).toString("utf8"), version };
  };
  const secret = secretOf((await world.calendar.makeFeed(dora)).url);
  const before = await textOf(secret);
  expect(await textOf(secret)).toEqual(before);
  const eventsOf = (text: string) =>
    new ICAL.Component(ICAL.parse(text) as never).getAllSubcomponents("vevent").map((event) => ({
      uid: event.getFirstPropertyValue("uid"),
      title: event.getFirstPropertyValue("summary"),
    }));
  expect(eventsOf(before.text)).toEqual([{ uid: `${meeting.id}@connvo`, title: "Shown" }]);
  expect(before.text).not.toContain(cleo.email);
  world.clock.advance(1_000);
  await world.meetings.update(cleo, meeting.id, { title: "Changed" });
  const after = await textOf(secret);
  expect(eventsOf(after.text)).toEqual([{ uid: `${meeting.id}@connvo`, title: "Changed" }]);
  expect(after.version).not.toBe(before.version);
  expect(JSON.stringify(await store.connection.collection("calendars").find({}).toArray())).not.toContain(
    secret,
  );

  const gone = { code: "NOT_FOUND" };
  const renewed = secretOf((await world.calendar.makeFeed(dora)).url);
  await expect(world.calendar.feed(secret)).rejects.toMatchObject(gone);
  await textOf(renewed);
  world.leave(dora);
  await expect(world.calendar.feed(renewed)).rejects.toMatchObject(gone);
  const last = secretOf((await world.calendar.makeFeed(cleo)).url);
  expect((await world.calendar.settings(cleo)).feedSince).not.toBeNull();
  await world.calendar.revokeFeed(cleo);
  await expect(world.calendar.feed(last)).rejects.toMatchObject(gone);
  const erased = secretOf((await world.calendar.makeFeed(cleo)).url);
  await users.erase(cleo.userId);
  await expect(world.calendar.feed(erased)).rejects.toMatchObject(gone);
});

const weekly = {
  title: "Coaching",
  scheduledAt: "2026-03-10T09:00:00Z",
  durationMinutes: 60,
  timeZone: "Europe/Zurich",
  every: "weekly",
  count: 6,
} as const;

/** What a calendar program that took all of somebody's emails in order shows: of each call the newest. */
async function shownBy(actor: Actor): Promise<string[]> {
  const [masters, singles] = [new Map<string, ICAL.Event>(), new Map<string, ICAL.Event>()];
  for (const text of (await world.calendarsOf(actor)).toReversed()) {
    const calendar = new ICAL.Component(ICAL.parse(text) as never);
    const method = calendar.getFirstPropertyValue("method");
    for (const component of calendar.getAllSubcomponents("vevent")) {
      const event = new ICAL.Event(component);
      if (!event.isRecurrenceException()) {
        expect(event.sequence).toBeGreaterThanOrEqual(masters.get(event.uid)?.sequence ?? 0);
        if (method === "CANCEL") masters.delete(event.uid);
        else masters.set(event.uid, event);
      } else {
        const key = `${event.uid} ${event.recurrenceId.toJSDate().toISOString()}`;
        expect(event.sequence).toBeGreaterThanOrEqual(singles.get(key)?.sequence ?? 0);
        singles.set(key, event);
      }
    }
  }
  const shown: string[] = [];
  for (const [uid, event] of masters) {
    const all = event.iterator();
    for (let next = all.next() as ICAL.Time | undefined; next !== undefined; next = all.next()) {
      const single = singles.get(`${uid} ${next.toJSDate().toISOString()}`);
      if (single?.component.getFirstPropertyValue("status") === "CANCELLED") continue;
      shown.push((single?.startDate ?? next).toJSDate().toISOString());
    }
  }
  return shown.sort();
}

test("[SCHEDULING-19] [SCHEDULING-20] a series is real calls with one email, keeps its local hour and its host, and calendars follow each change of it", async () => {
  const [gina, hugo] = [await member("gina"), await member("hugo")];
  const { series } = world.scheduling;
  const input = planSeriesSchema.parse({ ...weekly, participants: [{ email: hugo.email }] });
  const made = await series.plan(gina, input);
  const planned = [10, 17, 24].map((day) => `2026-03-${day}T09:00:00.000Z`);
  // Clocks change on the 29th: in Zurich it stays ten o'clock.
  planned.push("2026-03-31T08:00:00.000Z", "2026-04-07T08:00:00.000Z", "2026-04-14T08:00:00.000Z");
  expect(made.calls.map(({ startsAt }) => startsAt)).toEqual(planned);
  expect(await world.mailsOf(hugo)).toHaveLength(1);
  expect((await world.mailsOf(hugo))[0]?.text).toContain("every week, 6 calls until Tuesday, 14 April 2026");
  expect(await shownBy(hugo)).toEqual(planned);
  for (const { meetingId } of made.calls)
    expect(await world.meetings.get(hugo, meetingId)).toMatchObject({
      organizerId: gina.userId,
      myRole: "participant",
      series: { id: made.id, every: "weekly" },
    });

  const idOf = (index: number) => made.calls[index]?.meetingId as MeetingId;
  const nowOf = async (actor: Actor) =>
    ((await series.ofMeeting(actor, idOf(0)))?.calls ?? [])
      .filter(({ state }) => state !== "cancelled")
      .map(({ startsAt }) => startsAt);
  // One is moved, one cancelled, each by an email of its own.
  await world.planner.update(gina, idOf(1), { scheduledAt: "2026-03-18T14:00:00Z" });
  await world.planner.cancel(gina, idOf(2));
  expect(await world.mailsOf(hugo)).toHaveLength(3);
  expect(await shownBy(hugo)).toEqual(await nowOf(hugo));
  expect(await nowOf(hugo)).toHaveLength(5);

  // All from the fourth on, to the next day at two: by one email, with the same host.
  await series.changeFollowing(gina, idOf(3), { scheduledAt: "2026-04-01T12:00:00Z", title: "Later" });
  expect(await world.mailsOf(hugo)).toHaveLength(4);
  const later = ["2026-04-01T12:00:00.000Z", "2026-04-08T12:00:00.000Z", "2026-04-15T12:00:00.000Z"];
  expect(await nowOf(gina)).toEqual([planned[0], "2026-03-18T14:00:00.000Z", ...later]);
  expect(await shownBy(hugo)).toEqual(await nowOf(gina));
  expect(await world.meetings.get(gina, idOf(5))).toMatchObject({
    organizerId: gina.userId,
    myRole: "host",
    title: "Later",
  });
  await expect(series.changeFollowing(hugo, idOf(3), { title: "Mine" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });

  // Asked again after a crash, nobody is told twice.
  await world.reopen();
  expect(await world.mailsOf(hugo)).toHaveLength(4);
  await series.cancelFollowing(gina, idOf(4));
  expect(await shownBy(hugo)).toEqual(await nowOf(hugo));
  await series.cancelFollowing(gina, idOf(0));
  expect(await nowOf(hugo)).toEqual([]);
  expect(await shownBy(hugo)).toEqual([]);
  expect((await world.mailsOf(hugo))[0]).toMatchObject({ kind: "cancellation" });
  expect(await world.mailsOf(gina)).toEqual([]);
  const alone = await world.create(gina);
  expect(await series.ofMeeting(gina, alone.id)).toBeNull();
  await expect(series.cancelFollowing(gina, alone.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("[SCHEDULING-19] what a crash left untold of a series is told at the next start", async () => {
  const [ines, jon] = [await member("ines"), await member("jon")];
  const input = createMeetingSchema.parse({ ...weekly, participants: [{ email: jon.email }] });
  const starts = [new Date("2026-05-05T08:00:00Z"), new Date("2026-05-12T08:00:00Z")];
  const rule = {
    first: new Date("2026-05-05T08:00:00Z"),
    timeZone: "UTC",
    every: "weekly",
    count: 2,
  } as const;
  await world.meetings.series.create(ines, input, { rule, starts });
  expect(await world.mailsOf(jon)).toEqual([]);
  await world.reopen();
  expect(await world.mailsOf(jon)).toHaveLength(1);
  expect(await shownBy(jon)).toEqual(starts.map((at) => at.toISOString()));
});

test("[SCHEDULING-8] [SCHEDULING-21] of 50 who plan a series with somebody at the same times at once one gets it, whole; dates may be left out", async () => {
  const coach = await member("zeno");
  const others = await Promise.all(Array.from({ length: 50 }, (_, n) => member(`series${n}`)));
  const plan = (actor: Actor, change: Partial<PlanSeries> = {}) =>
    world.scheduling.series.plan(
      actor,
      planSeriesSchema.parse({
        ...weekly,
        scheduledAt: "2097-03-05T09:00:00Z",
        count: 4,
        onlyIfFree: true,
        participants: [{ email: coach.email }],
        ...change,
      }),
    );
  const results = await Promise.allSettled(others.map((other) => plan(other)));
  expect(codesOf(results).toSorted()).toEqual([...Array(49).fill("CONFLICT"), "ok"]);
  const period = { from: new Date("2097-01-01"), to: new Date("2098-01-01") };
  expect((await world.meetings.busy([coach.userId], period)).get(coach.userId)).toHaveLength(4);
  const loser = others.find((_, n) => results[n]?.status === "rejected") ?? coach;
  expect((await world.meetings.busy([loser.userId], period)).get(loser.userId)).toEqual([]);

  // Two weeks later two of four are taken; without those it can be had.
  const later = { scheduledAt: "2097-03-19T09:00:00Z" };
  const clashes = ["2097-03-19T09:00:00.000Z", "2097-03-26T09:00:00.000Z"];
  await expect(plan(loser, later)).rejects.toMatchObject({
    code: "CONFLICT",
    details: { clashes, outside: [] },
  });
  const rest = await plan(loser, { ...later, except: clashes });
  expect(rest.calls).toHaveLength(2);
  const winner = others.find((_, n) => results[n]?.status === "fulfilled") ?? coach;
  const mine = (await world.meetings.list(winner, { limit: 10 })).items.map(({ id }) => id);
  await world.scheduling.series.cancelFollowing(winner, mine.at(-1) as MeetingId);
  await expect(
    plan(others.at(-1) === winner ? loser : (others.at(-1) ?? coach), { count: 2 }),
  ).resolves.toMatchObject({
    every: "weekly",
  });
});

test("[SCHEDULING-22] a series is within the hours of all who have said theirs, where that is asked for", async () => {
  const [kim, lou] = [await member("kim"), await member("lou")];
  await world.peopleService.updateProfile(kim, hours("Europe/Zurich"));
  await world.peopleService.updateProfile(lou, hours("America/New_York"));
  await world.calendar.change(lou, { exceptions: [{ date: "2026-04-07", ranges: [] }] });
  const plan = (scheduledAt: string) =>
    world.scheduling.series.plan(
      kim,
      planSeriesSchema.parse({
        ...weekly,
        scheduledAt,
        withinHours: true,
        onlyIfFree: true,
        participants: [{ email: lou.email }],
      }),
    );
  // Three in the afternoon in Zurich is nine in New York but for the weeks in which only one of both has changed its clocks.
  await expect(plan("2026-03-03T14:00:00Z")).rejects.toMatchObject({
    code: "CONFLICT",
    details: { clashes: [], outside: ["2026-04-07T13:00:00.000Z"] },
  });
  await expect(plan("2026-03-10T13:00:00Z")).rejects.toMatchObject({
    details: {
      outside: ["2026-03-31T12:00:00.000Z", "2026-04-07T12:00:00.000Z", "2026-04-14T12:00:00.000Z"],
    },
  });
});
