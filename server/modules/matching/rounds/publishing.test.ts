import { describe, expect, test } from "vitest";
import { AppError } from "../../../../shared/errors.ts";
import type { CreatePairingGroup } from "../../../../shared/schemas/matching-rounds.ts";
import { createPairingService } from "./pairing.service.ts";
import { adminOf, pairingParts, peopleWorld, personId } from "./testing-pairing.ts";

const admin = adminOf();
const minuteMs = 60_000;

function groupOf(withinDays: number): CreatePairingGroup {
  const hours = { publishHours: 24, remindHours: 48 };
  const days = { firstDay: "2026-02-02", atMinute: 10 * 60, timeZone: "Europe/Zurich" };
  const schedule = { ...days, ...hours, everyWeeks: 1, withinDays, durationMinutes: 30, automatic: false };
  return { name: "Coffee", kind: "peer", everybody: true, members: [], schedule };
}

async function publish(withinDays: number, change: (setup: ReturnType<typeof open>) => void) {
  const setup = open();
  const { id } = await setup.service.create(admin, groupOf(withinDays));
  const seen = await setup.service.round(admin, `${id}-1`);
  change(setup);
  await setup.service.publish(admin, `${id}-1`, seen.fingerprint ?? "");
  await setup.jobs.runDue();
  return { seen, setup, published: await setup.service.round(admin, `${id}-1`) };
}

function open() {
  const world = peopleWorld(4);
  const parts = pairingParts(world);
  return { world, ...parts, service: createPairingService(parts) };
}

/** Somebody of a pair gets something else at its very time, once its pairs are fixed. */
function busyAtFirst({ world }: ReturnType<typeof open>): void {
  world.beforeMeeting = ({ people, startsAt }) => {
    if (startsAt === null || !people.includes(personId(1)) || world.busy.size > 0) return;
    const from = startsAt.getTime();
    world.busy.set(personId(1), [{ from, to: from + 30 * minuteMs }]);
  };
}

describe("publishing a round", () => {
  test("[MATCH-66] who has got something else since the pairs were fixed meets at the next time within the days", async () => {
    const { seen, setup, published } = await publish(2, busyAtFirst);
    const place = seen.groups.findIndex(({ people }) => people.includes(personId(1)));
    const plannedMs = Date.parse(seen.groups[place]?.startsAt ?? "");
    expect(published.state).toBe("published");
    expect(published.groups[place]?.startsAt).toBe(new Date(plannedMs + 30 * minuteMs).toISOString());
    const { meetingId } = published.groups[place] ?? {};
    expect([...setup.world.meetings.values()].find(({ id }) => id === meetingId)?.startsAt).toEqual(
      new Date(plannedMs + 30 * minuteMs),
    );
    // Everybody else meets as was seen.
    expect(published.groups.filter((_, index) => index !== place).map(({ startsAt }) => startsAt)).toEqual(
      seen.groups.filter((_, index) => index !== place).map(({ startsAt }) => startsAt),
    );
  });

  test("[MATCH-66] where the round is at one hour alone, they find a time themselves", async () => {
    const { setup, published } = await publish(0, busyAtFirst);
    const place = published.groups.findIndex(({ people }) => people.includes(personId(1)));
    expect(published.groups.map(({ startsAt }) => startsAt === null)).toEqual(
      published.groups.map((_, index) => index === place),
    );
    expect(setup.world.meetings.size).toBe(published.groups.length);
  });

  test("[MATCH-66] of a round whose pairs are fixed late nobody is invited to a time that has passed", async () => {
    for (const [withinDays, lateMs] of [
      [5, 2 * 60 * minuteMs],
      [0, 2 * 60 * minuteMs],
      [1, 3 * 24 * 60 * minuteMs],
    ] as const) {
      const setup = open();
      const { id } = await setup.service.create(admin, groupOf(withinDays));
      const [round] = await setup.repository.rounds(id, 1);
      setup.clock.advance((round?.startsAt.getTime() ?? 0) + lateMs - setup.clock.now().getTime());
      const seen = await setup.service.round(admin, `${id}-1`);
      await setup.service.publish(admin, `${id}-1`, seen.fingerprint ?? "");
      await setup.jobs.runDue();
      expect(setup.world.meetings.size).toBe(2);
      for (const { startsAt } of setup.world.meetings.values())
        expect(startsAt === null || startsAt >= setup.clock.now(), `${withinDays} days`).toBe(true);
      if (withinDays === 5)
        expect([...setup.world.meetings.values()].every(({ startsAt }) => startsAt !== null)).toBe(true);
    }
  });

  test("[MATCH-61] a process that dies between the pairs and the order for their meetings is not waited for", async () => {
    const setup = open();
    const { id } = await setup.service.create(admin, groupOf(0));
    const { fingerprint } = await setup.service.round(admin, `${id}-1`);
    const { rerun } = setup.jobs;
    setup.jobs.rerun = () => Promise.reject(new Error("killed"));
    await expect(setup.service.publish(admin, `${id}-1`, fingerprint ?? "")).rejects.toThrow("killed");
    setup.jobs.rerun = rerun;
    setup.clock.advance(2 * minuteMs);
    await setup.jobs.runDue();
    expect((await setup.service.round(admin, `${id}-1`)).state).toBe("published");
    expect(setup.world.meetings.size).toBe(2);
  });

  test("[MATCH-61] a time that somebody is just taking is waited for, and all others are served meanwhile", async () => {
    let isTaken = true;
    const { setup, published } = await publish(0, ({ world, jobs }) => {
      const { makeMeeting } = world.ports;
      world.ports.makeMeeting = async (request) => {
        if (isTaken && request.people.includes(personId(1))) throw unavailable();
        return await makeMeeting(request);
      };
      const { runDue } = jobs;
      jobs.runDue = async () => {
        await expect(runDue()).rejects.toMatchObject({ code: "UNAVAILABLE" });
        isTaken = false;
        expect(world.meetings.size).toBe(1);
        await runDue();
      };
    });
    expect(published.state).toBe("published");
    expect(setup.world.meetings.size).toBe(2);
  });
});

function unavailable(): AppError {
  return new AppError("UNAVAILABLE", "This time is being taken.");
}
