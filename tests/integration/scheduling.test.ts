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
import { testCipher } from "../factories/cipher.ts";
import { codesOf, openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { queueByWeights } from "./matching-weights.ts";
import { seriesInTheStore } from "./scheduling-series.ts";

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
    meetings: { endForgotten: () => Promise.resolve() },
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

seriesInTheStore(() => ({ world, member, hours }));
queueByWeights(() => ({ store, world, users, member }));
