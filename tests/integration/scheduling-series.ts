// Series of calls in a real store: planned once, moved and cancelled, and what calendars show of them.
import ICAL from "ical.js";
import { expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { createMeetingSchema } from "../../shared/schemas/meetings.ts";
import { planSeriesSchema, type PlanSeries } from "../../shared/schemas/series.ts";
import { codesOf, type MeetingsWorld } from "../factories/meetings.ts";

export interface SeriesPlace {
  world: MeetingsWorld;
  member(name: string): Promise<Actor>;
  hours(timeZone: string): Parameters<MeetingsWorld["peopleService"]["updateProfile"]>[1];
}

const weekly = {
  title: "Coaching",
  scheduledAt: "2026-03-10T09:00:00Z",
  durationMinutes: 60,
  timeZone: "Europe/Zurich",
  every: "weekly",
  count: 6,
} as const;

export function seriesInTheStore(place: () => SeriesPlace): void {
  test("[SCHEDULING-19] [SCHEDULING-20] a series is real calls with one email, keeps its local hour and its host, and calendars follow each change of it", async () => {
    const { world, member } = place();
    const [gina, hugo] = [await member("gina"), await member("hugo")];
    const { series } = world.scheduling;
    const input = planSeriesSchema.parse({ ...weekly, participants: [{ email: hugo.email }] });
    const made = await series.plan(gina, input);
    const planned = [10, 17, 24].map((day) => `2026-03-${day}T09:00:00.000Z`);
    // Clocks change on the 29th: in Zurich it stays ten o'clock.
    planned.push("2026-03-31T08:00:00.000Z", "2026-04-07T08:00:00.000Z", "2026-04-14T08:00:00.000Z");
    expect(made.calls.map(({ startsAt }) => startsAt)).toEqual(planned);
    expect(await world.mailsOf(hugo)).toHaveLength(1);
    expect((await world.mailsOf(hugo))[0]?.text).toContain(
      "every week, 6 calls until Tuesday, 14 April 2026",
    );
    expect(await shownBy(world, hugo)).toEqual(planned);
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
    expect(await shownBy(world, hugo)).toEqual(await nowOf(hugo));
    expect(await nowOf(hugo)).toHaveLength(5);

    // All from the fourth on, to the next day at two: by one email, with the same host.
    await series.changeFollowing(gina, idOf(3), { scheduledAt: "2026-04-01T12:00:00Z", title: "Later" });
    expect(await world.mailsOf(hugo)).toHaveLength(4);
    const later = ["2026-04-01T12:00:00.000Z", "2026-04-08T12:00:00.000Z", "2026-04-15T12:00:00.000Z"];
    expect(await nowOf(gina)).toEqual([planned[0], "2026-03-18T14:00:00.000Z", ...later]);
    expect(await shownBy(world, hugo)).toEqual(await nowOf(gina));
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
    expect(await shownBy(world, hugo)).toEqual(await nowOf(hugo));
    await series.cancelFollowing(gina, idOf(0));
    expect(await nowOf(hugo)).toEqual([]);
    expect(await shownBy(world, hugo)).toEqual([]);
    expect((await world.mailsOf(hugo))[0]).toMatchObject({ kind: "cancellation" });
    expect(await world.mailsOf(gina)).toEqual([]);
    const alone = await world.create(gina);
    expect(await series.ofMeeting(gina, alone.id)).toBeNull();
    await expect(series.cancelFollowing(gina, alone.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("[SCHEDULING-19] what a crash left untold of a series is told at the next start", async () => {
    const { world, member } = place();
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
    expect(await shownBy(world, jon)).toEqual(starts.map((at) => at.toISOString()));
  });

  test("[SCHEDULING-8] [SCHEDULING-21] of 50 who plan a series with somebody at the same times at once one gets it, whole; dates may be left out", async () => {
    const { world, member } = place();
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

  test("[SCHEDULING-21] whatever stands in the way of one of its calls is seen, though another one was moved behind all of them", async () => {
    const { world, member } = place();
    const mia = await member("mia");
    const { series } = world.scheduling;
    const { calls } = await series.plan(mia, planSeriesSchema.parse({ ...weekly, count: 3 }));
    const [first] = calls;
    if (first === undefined) throw new Error("a call is expected");
    await world.meetings.update(mia, first.meetingId, { scheduledAt: "2026-04-21T09:00:00Z" });
    const other = { title: "Dentist", scheduledAt: "2026-03-17T10:00:00Z", durationMinutes: 30 };
    await world.meetings.create(mia, createMeetingSchema.parse(other));
    const longer = { durationMinutes: 90, onlyIfFree: true };
    await expect(series.changeFollowing(mia, first.meetingId, longer)).rejects.toMatchObject({
      code: "CONFLICT",
      details: { clashes: ["2026-03-17T09:00:00.000Z"] },
    });
  });

  test("[MEETINGS-29] who is taken out of one call of a series is told above all that their calendar knows of it", async () => {
    const { world, member } = place();
    const [nina, otto] = [await member("nina"), await member("otto")];
    const { series } = world.scheduling;
    const input = planSeriesSchema.parse({ ...weekly, count: 4, participants: [{ email: otto.email }] });
    const { calls } = await series.plan(nina, input);
    const [first, second] = calls;
    if (first === undefined || second === undefined) throw new Error("calls are expected");
    await series.changeFollowing(nina, second.meetingId, { title: "Later" });
    const known = highestSequence(await world.calendarsOf(otto));
    await world.meetings.remove(nina, first.meetingId, otto.userId);
    const [cancellation = ""] = await world.calendarsOf(otto);
    expect(cancellation).toContain("METHOD:CANCEL");
    expect(highestSequence([cancellation])).toBeGreaterThan(known);
  });

  test("[SCHEDULING-22] a series is within the hours of all who have said theirs, where that is asked for", async () => {
    const { world, member, hours } = place();
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
}

function highestSequence(texts: readonly string[]): number {
  return Math.max(
    ...texts.flatMap((text) => [...text.matchAll(/^SEQUENCE:(\d+)/gm)].map(([, n]) => Number(n))),
  );
}

/** What a calendar program that took all of somebody's emails in order shows: of each call the newest. */
async function shownBy(world: MeetingsWorld, actor: Actor): Promise<string[]> {
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
