import { describe, expect, test } from "vitest";
import type { CreatePairingGroup, PairingSchedule } from "../../../../shared/schemas/matching-rounds.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { pairKey } from "../score/chance.ts";
import { nextRoundTimes } from "./calendar.ts";
import { meetingTimes } from "./meeting-times.ts";
import { createPairingService } from "./pairing.service.ts";
import {
  adminOf,
  pairingParts,
  peopleWorld,
  personId,
  testOrg,
  type PeopleWorld,
} from "./testing-pairing.ts";

const schedule: PairingSchedule = {
  firstDay: "2026-02-02",
  atMinute: 10 * 60,
  timeZone: "Europe/Zurich",
  everyWeeks: 1,
  withinDays: 0,
  durationMinutes: 30,
  publishHours: 24,
  remindHours: 48,
  automatic: true,
};
const admin = adminOf();
const hourMs = 60 * 60_000;

function groupOf(change: Partial<CreatePairingGroup> = {}): CreatePairingGroup {
  return { name: "Coffee", kind: "peer", everybody: true, members: [], schedule, ...change };
}

function open(count: number, world: PeopleWorld = peopleWorld(count)) {
  const parts = pairingParts(world);
  return { world, ...parts, service: createPairingService(parts) };
}

/** Moves time to just after the round's pairs are fixed, and lets what is due run. */
async function untilPublished(setup: ReturnType<typeof open>, groupId: string) {
  const [next] = await setup.repository.rounds(groupId, 1);
  if (next === undefined) throw new Error("There is no round.");
  setup.clock.advance(next.publishAt.getTime() - setup.clock.now().getTime() + 1_000);
  await setup.jobs.runDue();
  const round = await setup.repository.round(next.id);
  if (round === null) throw new Error("The round is gone.");
  return round;
}

describe("calendar", () => {
  test("[MATCH-60] rounds keep their hour by the clock of the zone over a change of clocks", () => {
    const weekly = { ...schedule, firstDay: "2026-03-23" };
    const first = nextRoundTimes(weekly, new Date("2026-03-01T00:00:00Z"));
    expect(first?.startsAt.toISOString()).toBe("2026-03-23T09:00:00.000Z");
    expect(first?.publishAt.toISOString()).toBe("2026-03-22T09:00:00.000Z");
    expect(first?.remindAt.toISOString()).toBe("2026-03-20T09:00:00.000Z");
    const after = nextRoundTimes(weekly, new Date("2026-03-23T10:00:00Z"));
    expect(after?.startsAt.toISOString()).toBe("2026-03-30T08:00:00.000Z");
  });

  test("[MATCH-60] once is once; every so many weeks begins with the first day, however long ago that was", () => {
    const once = { ...schedule, everyWeeks: 0 };
    expect(nextRoundTimes(once, new Date("2026-01-20T00:00:00Z"))?.startsAt.toISOString()).toBe(
      "2026-02-02T09:00:00.000Z",
    );
    // Its pairs would have to be fixed already.
    expect(nextRoundTimes(once, new Date("2026-02-01T09:00:00Z"))).toBeNull();
    const third = { ...schedule, everyWeeks: 3 };
    for (const now of ["2026-02-01T09:00:00Z", "2031-07-14T12:00:00Z"]) {
      const times = nextRoundTimes(third, new Date(now));
      const weeks =
        ((times?.startsAt.getTime() ?? 0) - Date.parse("2026-02-02T09:00:00Z")) / (7 * 24 * hourMs);
      expect(Math.round(weeks * 24) % (3 * 24)).toBeLessThanOrEqual(24);
      expect(times?.publishAt.getTime()).toBeGreaterThan(Date.parse(now));
      expect(times?.publishAt.getTime()).toBeLessThanOrEqual(Date.parse(now) + 3 * 7 * 24 * hourMs);
    }
  });

  test("[MATCH-66] each meets at the first time that all have, and nobody twice at one time", () => {
    const free = new Map([
      ["coach", [{ from: 0, to: 4 * hourMs }]],
      ["a", [{ from: hourMs, to: 2 * hourMs }]],
      ["b", [{ from: 10 * 60_000, to: 3 * hourMs }]],
      ["c", [{ from: hourMs, to: 1.5 * hourMs }]],
    ]);
    const times = meetingTimes(
      [
        ["coach", "a"],
        ["coach", "b"],
        ["coach", "c"],
      ],
      (id) => free.get(id) ?? [],
      hourMs / 2,
    );
    expect(times).toEqual([hourMs, hourMs / 4, null]);
  });
});

describe("stored rounds", () => {
  test("[MATCH-61] at its time a round makes one meeting for each couple, everybody in one, and plans the next", async () => {
    const setup = open(7);
    const { id } = await setup.service.create(admin, groupOf());
    const round = await untilPublished(setup, id);
    expect(round.state).toBe("published");
    const met = [...setup.world.meetings.values()].map(({ people }) => people);
    expect(met.map(({ length }) => length).sort()).toEqual([2, 2, 3]);
    expect(new Set(met.flat()).size).toBe(7);
    expect([...setup.world.meetings.values()].every(({ hosts, people }) => hosts === people.length)).toBe(
      true,
    );
    const [next] = await setup.repository.rounds(id, 1);
    expect(next).toMatchObject({ number: 2, state: "planned" });
    expect(next?.startsAt.toISOString()).toBe("2026-02-09T09:00:00.000Z");
  });

  test("[MATCH-61] killed at any meeting, it is finished by the next run: every pair has exactly one", async () => {
    for (let killedAt = 0; killedAt < 4; killedAt += 1) {
      const setup = open(8);
      const { id } = await setup.service.create(admin, groupOf());
      let made = 0;
      setup.world.beforeMeeting = () => {
        made += 1;
        if (made === killedAt + 1) throw new Error("killed");
      };
      await expect(untilPublished(setup, id)).rejects.toThrow("killed");
      const [between] = await setup.repository.rounds(id, 1);
      expect(between?.state).toBe("publishing");
      // Another process, which knows nothing but what is stored.
      const other = createPairingService({ ...setup, metrics: createMetrics({ processMetrics: false }) });
      await other.start();
      await setup.jobs.runDue();
      const after = await setup.repository.round(`${id}-1`);
      expect(after?.state).toBe("published");
      expect(after?.groups.map(({ meetingId, state }) => [meetingId, state])).toEqual(
        between?.groups.map(({ meetingId }) => [meetingId, "made"]),
      );
      expect(setup.world.meetings.size).toBe(4);
    }
  });

  test("[MATCH-21] in six weeks eight people do not meet the same ones twice where that can be avoided", async () => {
    const setup = open(8);
    const { id } = await setup.service.create(admin, groupOf());
    const pairs = new Set<string>();
    for (let week = 0; week < 6; week += 1) {
      const round = await untilPublished(setup, id);
      for (const { people } of round.groups) {
        const [one = "", other = ""] = people;
        expect(pairs.has(pairKey(one, other)), `week ${week + 1}`).toBe(false);
        pairs.add(pairKey(one, other));
      }
    }
    expect(pairs.size).toBe(24);
  });

  test.each([
    { everyWeeks: 26, others: 0 },
    { everyWeeks: 1, others: 400 },
  ])(
    "[MATCH-21] a repeat is one within six rounds, each $everyWeeks weeks, beside $others rounds of others",
    async ({ everyWeeks, others }) => {
      const setup = open(8);
      const { id } = await setup.service.create(admin, groupOf({ schedule: { ...schedule, everyWeeks } }));
      const [own] = await setup.repository.rounds(id, 1);
      if (own === undefined) throw new Error("There is no round.");
      for (let number = 1; number <= others; number += 1)
        await setup.repository.insertRound({
          ...own,
          id: `other-${number}`,
          groupId: "other",
          number,
          state: "published",
          startsAt: new Date(own.startsAt.getTime() + number * hourMs),
        });
      const pairs = new Set<string>();
      for (let turn = 0; turn < 6; turn += 1) {
        const round = await untilPublished(setup, id);
        for (const { people } of round.groups) {
          const [one = "", other = ""] = people;
          expect(pairs.has(pairKey(one, other)), `round ${turn + 1}`).toBe(false);
          pairs.add(pairKey(one, other));
        }
      }
      expect(pairs.size).toBe(24);
    },
  );

  test("[MATCH-62] what is published by hand is what was seen; what changed meanwhile is refused", async () => {
    const setup = open(6);
    const { id } = await setup.service.create(
      admin,
      groupOf({ schedule: { ...schedule, automatic: false } }),
    );
    const seen = await setup.service.round(admin, `${id}-1`);
    expect(await setup.service.round(admin, `${id}-1`)).toEqual(seen);
    await setup.service.stay(adminOf(testOrg, "member", personId(1)), id, "next");
    await expect(setup.service.publish(admin, `${id}-1`, seen.fingerprint ?? "")).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(setup.world.meetings.size).toBe(0);
    const again = await setup.service.round(admin, `${id}-1`);
    expect(again.alone).toContainEqual({ userId: personId(1), reason: "opted-out", widen: [] });
    await setup.service.publish(admin, `${id}-1`, again.fingerprint ?? "");
    // Twice is once.
    await setup.service.publish(admin, `${id}-1`, again.fingerprint ?? "");
    await setup.jobs.runDue();
    const published = await setup.service.round(admin, `${id}-1`);
    expect(published.state).toBe("published");
    expect(published.groups.map(({ people }) => people)).toEqual(again.groups.map(({ people }) => people));
    expect(setup.world.meetings.size).toBe(published.groups.length);
  });

  test("[MATCH-62] a round that is published by hand alone waits, however late it is", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(
      admin,
      groupOf({ schedule: { ...schedule, automatic: false } }),
    );
    expect((await untilPublished(setup, id)).state).toBe("planned");
    expect(setup.world.meetings.size).toBe(0);
  });

  test("[MATCH-63] whoever stays out of one round is in the next; whoever stays out of all is in none, nor told", async () => {
    const setup = open(6);
    const { id } = await setup.service.create(admin, groupOf());
    const [once, never] = [1, 2].map((number) => adminOf(testOrg, "member", personId(number)));
    if (once === undefined || never === undefined) throw new Error("unreachable");
    expect((await setup.service.stay(once, id, "next")).groups[0]?.stay).toBe("next");
    expect((await setup.service.stay(never, id, "always")).groups[0]?.stay).toBe("always");
    const first = await untilPublished(setup, id);
    expect(first.groups.flatMap(({ people }) => people)).not.toContain(personId(1));
    expect((await setup.service.own(once)).groups[0]?.stay).toBe("in");
    const second = await untilPublished(setup, id);
    const inSecond = second.groups.flatMap(({ people }) => people);
    expect(inSecond).toContain(personId(1));
    expect(inSecond).not.toContain(personId(2));
    expect([...setup.world.reminders.values()].map(({ person }) => person.userId)).not.toContain(personId(2));
  });

  test("[MATCH-63] once the pairs are fixed it is too late to stay out of the round", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(admin, groupOf({ schedule: { ...schedule, everyWeeks: 0 } }));
    await untilPublished(setup, id);
    await expect(
      setup.service.stay(adminOf(testOrg, "member", personId(1)), id, "next"),
    ).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("[MATCH-63] somebody who stays out while the pairs are being made is not in them", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(admin, groupOf());
    const one = adminOf(testOrg, "member", personId(1));
    const { profiles } = setup.world.ports;
    let first = true;
    setup.world.ports.profiles = async (ids, search) => {
      if (first) {
        first = false;
        await setup.service.stay(one, id, "next");
      }
      return await profiles(ids, search);
    };
    const round = await untilPublished(setup, id);
    expect(round.groups.flatMap(({ people }) => people)).not.toContain(personId(1));
  });

  test("[MATCH-64] people who are blocked, have left or are gone meet nobody, and nobody is told why", async () => {
    const setup = open(4);
    const members = [1, 2, 3, 4].map((number) => ({
      userId: personId(number),
      role: "peer" as const,
      places: 1,
    }));
    const { id } = await setup.service.create(admin, groupOf({ everybody: false, members }));
    setup.world.blocked.add(`${personId(1)}/${personId(2)}`);
    setup.world.here.delete(personId(3));
    setup.world.here.delete(personId(4));
    const preview = await setup.service.round(admin, `${id}-1`);
    expect(preview.groups).toEqual([]);
    expect(preview.alone).toEqual(
      [1, 2].map((number) => ({ userId: personId(number), reason: "nobody", widen: [] })),
    );
    await untilPublished(setup, id);
    expect(setup.world.meetings.size).toBe(0);
  });

  test("[MATCH-64] a block that comes between the pairs and their meeting makes it void, and the others meet", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(admin, groupOf());
    const preview = await setup.service.round(admin, `${id}-1`);
    const [one, other] = preview.groups[0]?.people ?? [];
    setup.world.beforeMeeting = ({ people }) => {
      if (one !== undefined && people.includes(one)) setup.world.blocked.add(`${one}/${other}`);
    };
    const round = await untilPublished(setup, id);
    expect(round.groups.map(({ state }) => state).sort()).toEqual(["made", "void"]);
    expect(setup.world.meetings.size).toBe(1);
  });

  test("[MATCH-65] everybody is told once, before the pairs are fixed; of a round that moved once more", async () => {
    const setup = open(3);
    const group = await setup.service.create(admin, groupOf());
    setup.clock.advance(Date.parse("2026-01-30T09:00:01Z") - setup.clock.now().getTime());
    await setup.jobs.runDue();
    await setup.service.start();
    await setup.jobs.runDue();
    expect(setup.world.reminders.size).toBe(3);
    await setup.service.change(admin, group.id, {
      ...groupOf({ schedule: { ...schedule, firstDay: "2026-02-03" } }),
      version: 1,
      active: true,
    });
    await setup.jobs.runDue();
    setup.clock.advance(24 * hourMs);
    await setup.jobs.runDue();
    expect(setup.world.reminders.size).toBe(6);
    expect((await setup.repository.rounds(group.id, 5)).length).toBe(1);
  });

  test("[MATCH-60] a group that rests leaves its round out, and plans one when it is woken", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(admin, groupOf());
    const resting = await setup.service.change(admin, id, { ...groupOf(), version: 1, active: false });
    expect(resting.rounds.map(({ state }) => state)).toEqual(["skipped"]);
    await untilPublished(setup, id);
    expect(setup.world.meetings.size).toBe(0);
    const woken = await setup.service.change(admin, id, { ...groupOf(), version: 2, active: true });
    expect(woken.rounds.map(({ state }) => state)).toEqual(["planned", "skipped"]);
    await expect(
      setup.service.change(admin, id, { ...groupOf(), version: 2, active: true }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    const skipped = await setup.service.skip(admin, woken.rounds[0]?.id ?? "");
    expect(skipped.rounds.map(({ state }) => state)).toEqual(["planned", "skipped", "skipped"]);
    expect(setup.audited.map(({ action }) => action)).toEqual([
      "pairing.create",
      "pairing.change",
      "pairing.change",
      "pairing.skip",
    ]);
  });

  test("[MATCH-23] coaches get no more than their places, and hold the meeting", async () => {
    const setup = open(5);
    const members = [
      { userId: personId(1), role: "coach" as const, places: 2 },
      { userId: personId(2), role: "coach" as const, places: 1 },
      ...[3, 4, 5].map((number) => ({ userId: personId(number), role: "coachee" as const, places: 1 })),
    ];
    const { id } = await setup.service.create(
      admin,
      groupOf({ kind: "coaching", everybody: false, members, schedule: { ...schedule, withinDays: 1 } }),
    );
    await untilPublished(setup, id);
    const met = [...setup.world.meetings.values()];
    expect(met.map(({ people }) => people[0]).sort()).toEqual([personId(1), personId(1), personId(2)]);
    expect(met.map(({ people }) => people[1]).sort()).toEqual([3, 4, 5].map(personId));
    expect(met.every(({ hosts }) => hosts === 1)).toBe(true);
    const ofFirst = met.filter(({ people }) => people[0] === personId(1));
    expect(new Set(ofFirst.map(({ startsAt }) => startsAt?.getTime())).size).toBe(2);
  });

  test("[MATCH-67] others than administrators are refused; another organisation finds nothing", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(admin, groupOf());
    const member = adminOf(testOrg, "member", personId(1));
    const stranger = adminOf("org_other" as typeof testOrg);
    for (const refused of [
      setup.service.groups(member),
      setup.service.create(member, groupOf()),
      setup.service.group(member, id),
      setup.service.round(member, `${id}-1`),
      setup.service.publish(member, `${id}-1`, "seen"),
      setup.service.skip(member, `${id}-1`),
    ])
      await expect(refused).rejects.toMatchObject({ code: "FORBIDDEN" });
    for (const missing of [
      setup.service.group(stranger, id),
      setup.service.round(stranger, `${id}-1`),
      setup.service.publish(stranger, `${id}-1`, "seen"),
      setup.service.skip(stranger, `${id}-1`),
      setup.service.stay(stranger, id, "always"),
    ])
      await expect(missing).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await setup.service.groups(stranger)).groups).toEqual([]);
    expect((await setup.service.own(stranger)).groups).toEqual([]);
  });

  test("[MATCH-67] members see whom they meet themselves, and nobody else's pairs", async () => {
    const setup = open(6);
    const { id } = await setup.service.create(admin, groupOf());
    const round = await untilPublished(setup, id);
    const member = adminOf(testOrg, "member", personId(3));
    const [mine] = (await setup.service.own(member)).groups;
    const group = round.groups.find(({ people }) => people.includes(personId(3)));
    expect(mine?.meeting?.people.map(({ userId }) => userId)).toEqual(
      group?.people.filter((person) => person !== personId(3)),
    );
    expect(mine?.meeting?.meetingId).toBe(group?.meetingId);
  });

  test("[MATCH-84] each match keeps by what it was made, and later what became of it", async () => {
    const setup = open(4);
    const { id } = await setup.service.create(admin, groupOf());
    const round = await untilPublished(setup, id);
    expect(setup.outcomes.all()).toHaveLength(4);
    expect(
      setup.outcomes.all().every(({ outcome, weights }) => outcome === "accepted" && weights.version === 0),
    ).toBe(true);
    const [held, cancelled] = round.groups;
    if (held === undefined || cancelled === undefined) throw new Error("There are two groups.");
    setup.world.went.set(held.meetingId, { state: "over", came: new Set(held.people) });
    setup.world.went.set(cancelled.meetingId, { state: "cancelled", came: new Set() });
    setup.clock.advance(4 * 24 * hourMs);
    await setup.jobs.runDue();
    const outcomeOf = (userId: string) =>
      setup.outcomes.all().find((each) => each.userId === userId)?.outcome;
    expect(held.people.map(outcomeOf)).toEqual(["completed", "completed"]);
    expect(cancelled.people.map(outcomeOf)).toEqual(["declined", "declined"]);
  });
});
