import { describe, expect, test } from "vitest";
import type { Actor } from "../../../../shared/actor.ts";
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import { FakeClock } from "../../../platform/clock.ts";
import { countingIds } from "../../../platform/ids.ts";
import { randomNumbers } from "../../../platform/testing-random.ts";
import { defaultWeights } from "../score/weights.ts";
import type { Candidate } from "../score/candidate.ts";
import { candidateOf } from "../testing-pools.ts";
import type { Proposal } from "./queue.repository.ts";
import { createQueueService, type QueueService } from "./queue.service.ts";
import type { QueuePorts } from "./queue.views.ts";
import {
  Killed,
  memoryOutcomes,
  MemoryQueueStore,
  memoryRepository,
  type ProcessOptions,
} from "./testing-queue.ts";

const minuteMs = 60_000;
const weights = { ...defaultWeights, serendipityShare: 0 };

function actorOf(id: string): Actor {
  return {
    userId: id as UserId,
    email: `${id}@example.org`,
    displayName: id,
    orgId: null,
    orgRole: "member",
    sessionId: id,
    expiresAt: new Date(8.64e15),
  };
}

const [ada, ben, cleo, dan] = ["a", "b", "c", "d"].map(actorOf) as [Actor, Actor, Actor, Actor];

/** Any number of processes beside one store, and what they have done outside of it. */
function createWorld(people: Record<string, Partial<Candidate>> = {}) {
  const store = new MemoryQueueStore();
  const clock = new FakeClock();
  const ids = countingIds();
  const meetings = new Map<string, string[]>();
  const blocks = new Set<string>();
  /** Found out only when the meeting is to be made. */
  const late = { impossible: false, failingFor: "" };
  const busy = new Map<string, { from: number; to: number }[]>();
  const told: string[] = [];
  const weightsOf = new Map<string, typeof weights>();
  const ports: QueuePorts = {
    profile: (userId) => Promise.resolve(candidateOf(userId, people[userId])),
    mayMeet: (one, other) => Promise.resolve(!blocks.has(`${one}/${other}`)),
    busy: (userId) => Promise.resolve(busy.get(userId) ?? []),
    blockedAmong: (userId, others) =>
      Promise.resolve(
        new Set(others.filter((each) => blocks.has(`${userId}/${each}`) || blocks.has(`${each}/${userId}`))),
      ),
    weightsOf: (orgId) => Promise.resolve(weightsOf.get(orgId) ?? weights),
    happened: () => {},
    meetingFor({ id, people: both }: Proposal) {
      if (late.impossible) return Promise.resolve(null);
      if (late.failingFor === id) return Promise.reject(new Error("The store is away."));
      meetings.set(id, both);
      return Promise.resolve(`meeting of ${id}`);
    },
    changed: (those) => void told.push(...those),
  };
  const start = (options: ProcessOptions = {}) => {
    const repository = memoryRepository(store, options);
    const service = createQueueService({
      repository,
      outcomes: memoryOutcomes(store),
      ports,
      weights,
      requirements: { lengthMs: 20 * minuteMs },
      clock,
      ids,
    });
    return { service, repository };
  };
  return { store, clock, meetings, blocks, late, busy, people, told, weightsOf, start };
}

type World = ReturnType<typeof createWorld>;

const entering = (world: World, wishes: Partial<Candidate["wishes"]> = {}) => ({
  availableFrom: world.clock.now(),
  availableTo: new Date(world.clock.now().getTime() + 60 * minuteMs),
  roles: ["peer" as const],
  wishes: { interests: [], roles: [], organization: "any" as const, ...wishes },
});

/** Nobody is in two matches, both sides say the same, each match has one meeting, and nobody is held. */
function assertSound({ store, meetings }: World): void {
  const settled = [...store.proposals.values()].filter(({ state }) => state === "settled");
  for (const { id, people, meetingId } of settled) {
    expect(meetingId).toBe(`meeting of ${id}`);
    for (const userId of people) {
      const entry = store.entries.get(userId);
      if (entry?.entryId !== undefined && id.split("-").includes(entry.entryId))
        expect(entry).toMatchObject({ status: "matched", matchId: id });
    }
  }
  const stays = settled.flatMap(({ entryIds }) => entryIds);
  expect(new Set(stays).size).toBe(stays.length);
  expect([...meetings.keys()].sort()).toEqual(settled.map(({ id }) => id).sort());
  for (const entry of store.entries.values()) {
    expect(entry.heldBy).toBeNull();
    if (entry.status === "matched") expect(store.proposals.get(entry.matchId ?? "")?.state).toBe("settled");
  }
}

async function enterBoth(world: World, service: QueueService): Promise<string> {
  await service.enter(ada, entering(world));
  const { proposals } = await service.enter(ben, entering(world));
  return proposals[0]?.id ?? "none";
}

describe("live queue", () => {
  test("[MATCH-40] two who fit see each other with reasons, both accept, and a meeting has both", async () => {
    const world = createWorld({ a: { interests: ["Chess"] }, b: { interests: ["Chess"] } });
    const { service } = world.start();
    const alone = await service.enter(ada, entering(world));
    expect(alone).toMatchObject({ status: "waiting", proposals: [], fitting: 0 });
    const { proposals } = await service.enter(ben, entering(world));
    expect(proposals).toMatchObject([{ with: "a", accepted: false, acceptedByThem: false }]);
    expect(proposals[0]?.reasons).toContain("You share an interest in Chess.");
    const id = proposals[0]?.id ?? "";
    const waiting = await service.accept(ada, id);
    expect(waiting).toMatchObject({ status: "waiting", proposals: [{ accepted: true }] });
    expect((await service.view(ben)).proposals).toMatchObject([{ acceptedByThem: true }]);
    const matched = await service.accept(ben, id);
    expect(matched).toMatchObject({ status: "matched", match: { with: "a", meetingId: `meeting of ${id}` } });
    expect((await service.view(ada)).match).toEqual({
      with: "b",
      meetingId: `meeting of ${id}`,
      startsAt: world.clock.now(),
    });
    expect(world.meetings.get(id)).toEqual(["a", "b"]);
    assertSound(world);
  });

  test("[MATCH-40] nobody has more than three proposals, and whoever is matched leaves room for others", async () => {
    const world = createWorld();
    const { service } = world.start();
    for (const id of ["a", "b", "c", "d", "e"]) await service.enter(actorOf(id), entering(world));
    for (const id of ["a", "b", "c", "d", "e"])
      expect((await service.view(actorOf(id))).proposals.length).toBeLessThanOrEqual(3);
    const [proposal] = (await service.view(ada)).proposals;
    if (proposal === undefined) throw new Error("Somebody fits.");
    await service.accept(ada, proposal.id);
    await service.accept(actorOf(proposal.with), proposal.id);
    for (const id of ["a", "b", "c", "d", "e"].filter((each) => each !== "a" && each !== proposal.with)) {
      const view = await service.view(actorOf(id));
      expect(view.status).toBe("waiting");
      expect(view.proposals.map((each) => each.with)).not.toContain("a");
    }
    assertSound(world);
  });

  test("[MATCH-41] what was declined or has expired is closed to both and does not come back in these stays", async () => {
    const world = createWorld();
    const { service } = world.start();
    const id = await enterBoth(world, service);
    expect((await service.decline(ben, id)).proposals).toEqual([]);
    await expect(service.accept(ada, id)).rejects.toMatchObject({ code: "CONFLICT" });
    await service.tick();
    expect((await service.view(ada)).proposals).toEqual([]);
    expect(world.store.records.get(`${id}/b`)).toMatchObject({ outcome: "declined", weights });

    const { proposals } = await service.enter(cleo, entering(world));
    const other = proposals[0]?.id ?? "";
    await service.accept(cleo, other);
    world.clock.advance(3 * minuteMs);
    await expect(service.accept(ada, other)).rejects.toMatchObject({ code: "CONFLICT" });
    await service.tick();
    expect(world.store.proposals.get(other)?.state).toBe("expired");
  });

  test("[MATCH-41] leaving withdraws what was proposed; whose time is over leaves by itself", async () => {
    const world = createWorld();
    const { service } = world.start();
    const id = await enterBoth(world, service);
    expect((await service.leave(ada)).status).toBe("cancelled");
    await expect(service.accept(ben, id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await service.leave(ada)).status).toBe("cancelled");
    world.clock.advance(61 * minuteMs);
    await service.tick();
    expect((await service.view(ben)).status).toBe("expired");
    expect((await service.enter(ada, entering(world))).status).toBe("waiting");
  });

  test("[MATCH-42] who waits is told how many fit, for how long it may take, and which wish keeps others away", async () => {
    const world = createWorld({ b: { languages: ["de"] } });
    const { service } = world.start();
    await service.enter(ben, entering(world));
    world.clock.advance(1_000);
    const view = await service.enter(ada, entering(world));
    expect(view).toMatchObject({ fitting: 0, proposals: [] });
    // Nobody who has come fits, whoever was first: then nothing can be said.
    expect((await service.view(ben)).estimateSeconds).toBeNull();
    expect(view.widen).toEqual([
      "1 more person would fit but for the language: add another one that you speak to your profile.",
    ]);
    const fits = await service.enter(cleo, entering(world));
    expect(fits.fitting).toBe(1);
    expect(fits.estimateSeconds).toBeGreaterThan(0);
  });

  test("[MATCH-43] a block that comes while both have a card ends the match before it is one", async () => {
    const world = createWorld();
    const { service } = world.start();
    const id = await enterBoth(world, service);
    await service.accept(ada, id);
    world.blocks.add("a/b");
    expect((await service.accept(ben, id)).status).toBe("waiting");
    expect(world.store.proposals.get(id)?.state).toBe("void");
    await service.tick();
    expect((await service.view(ada)).proposals).toEqual([]);
    assertSound(world);
  });

  test("[MATCH-44] other people's proposals are not there", async () => {
    const world = createWorld();
    const { service } = world.start();
    const id = await enterBoth(world, service);
    await expect(service.accept(cleo, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(service.decline(cleo, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(service.enter(ada, entering(world))).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("[MATCH-45] a process that dies at any write of a match leaves nobody stuck, half matched or matched twice", async () => {
    let killedAt = 0;
    for (let writesLeft = 0; ; writesLeft += 1) {
      const world = createWorld();
      const healthy = world.start();
      const id = await enterBoth(world, healthy.service);
      await healthy.service.accept(ada, id);
      const dying = world.start({ writesLeft });
      const died = await dying.service.accept(ben, id).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return true;
        },
      );
      await healthy.service.tick();
      assertSound(world);
      const view = await healthy.service.view(ben);
      // Before the first write nothing has happened; after it the match is made, by whichever process.
      expect(view.status, `killed at write ${writesLeft}`).toBe(writesLeft === 0 ? "waiting" : "matched");
      if (!died) break;
      killedAt += 1;
    }
    expect(killedAt).toBeGreaterThan(6);
  });

  test("[MATCH-45] processes that answer, leave and die at random moments beside each other: 300 runs", async () => {
    let matches = 0;
    let kills = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomNumbers(seed);
      const world = createWorld();
      const first = world.start();
      const people = [ada, ben, cleo, dan];
      for (const person of people) await first.service.enter(person, entering(world));
      // Each access lets others go first, some times and not others.
      const pause = async () => {
        for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await Promise.resolve();
      };
      const processes = Array.from({ length: 3 }, () =>
        world.start({ pause, ...(random() < 0.5 ? { writesLeft: Math.floor(random() * 14) } : {}) }),
      );
      const acts = [...world.store.proposals.values()].flatMap(({ id, people: both }) =>
        both.map((userId) => async (service: QueueService) => {
          const actor = actorOf(userId);
          if (random() < 0.1) await service.leave(actor);
          else await service.accept(actor, id);
        }),
      );
      const settled = await Promise.allSettled(
        acts.map((act) => act((processes[Math.floor(random() * 3)] ?? first).service)),
      );
      kills += settled.filter((each) => each.status === "rejected" && each.reason instanceof Killed).length;
      const strange = settled.flatMap((each): unknown[] => (each.status === "rejected" ? [each.reason] : []));
      for (const reason of strange)
        if (!(reason instanceof Killed)) expect(reason, `seed ${seed}`).toMatchObject({ code: "CONFLICT" });
      await first.service.tick();
      assertSound(world);
      expect(await first.repository.unfinished(10)).toEqual([]);
      matches += world.meetings.size;
    }
    expect(kills).toBeGreaterThan(200);
    expect(matches).toBeGreaterThan(200);
  });

  test("[MATCH-45] a match that cannot become a meeting any more ends both stays, and is not begun again", async () => {
    const world = createWorld();
    const { service } = world.start();
    const id = await enterBoth(world, service);
    await service.accept(ada, id);
    world.late.impossible = true;
    expect((await service.accept(ben, id)).status).toBe("cancelled");
    expect((await service.view(ada)).status).toBe("cancelled");
    world.late.impossible = false;
    await service.tick();
    expect(world.store.proposals.get(id)?.state).toBe("void");
    expect(world.meetings.size).toBe(0);
    expect((await service.enter(ada, entering(world))).status).toBe("waiting");
    assertSound(world);
  });

  test("[MATCH-45] what fails for one match is told, and keeps no other from being finished", async () => {
    const world = createWorld();
    const { service } = world.start();
    const first = await enterBoth(world, service);
    await service.enter(cleo, { ...entering(world), roles: ["coachee"] });
    await service.enter(dan, { ...entering(world), roles: ["coachee"] });
    const second =
      [...world.store.proposals.values()].find(({ people }) => people.join() === "c,d")?.id ?? "";
    // As a process leaves them that dies after the last answer.
    for (const id of [first, second]) {
      const proposal = world.store.proposals.get(id);
      if (proposal !== undefined) world.store.proposals.set(id, { ...proposal, acceptedBy: proposal.people });
    }
    world.late.failingFor = first;
    await expect(service.tick()).rejects.toThrow(AggregateError);
    expect((await service.view(cleo)).status).toBe("matched");
    world.late.failingFor = "";
    await service.tick();
    expect((await service.view(ada)).match?.meetingId).toBe(`meeting of ${first}`);
    assertSound(world);
  });

  test("[MATCH-53] whoever may not be here any more leaves at once, and what was proposed with them", async () => {
    const world = createWorld();
    const { service } = world.start();
    await service.enter({ ...ada, orgId: "org_1" as OrgId }, entering(world));
    await service.enter({ ...ben, orgId: "org_2" as OrgId }, entering(world));
    await service.enter({ ...cleo, orgId: "org_1" as OrgId }, entering(world));
    await service.withdrawFrom(ada.userId, "org_2");
    expect(world.store.entries.get(ada.userId)?.status).toBe("waiting");
    await service.withdrawFrom(ada.userId, "org_1");
    expect(world.store.entries.get(ada.userId)?.status).toBe("cancelled");
    const ofBen = await service.view({ ...ben, orgId: "org_2" as OrgId });
    expect(ofBen.proposals.map((each) => each.with)).toEqual(["c"]);
    await service.withdrawAll("org_1");
    expect((await service.view({ ...ben, orgId: "org_2" as OrgId })).proposals).toEqual([]);
  });

  test("[MATCH-53] a block closes what was proposed to both at once, and they are not counted any more", async () => {
    const world = createWorld();
    const { service } = world.start();
    await enterBoth(world, service);
    expect((await service.view(ada)).fitting).toBe(1);
    world.blocks.add("a/b");
    await service.separate(ada.userId, ben.userId);
    for (const person of [ada, ben])
      expect(await service.view(person)).toMatchObject({
        status: "waiting",
        proposals: [],
        fitting: 0,
        widen: [],
      });
  });

  test("[MATCH-53] what somebody changes in their profile counts while they wait", async () => {
    const world = createWorld({ b: { languages: ["de"] } });
    const { service } = world.start();
    await service.enter(ada, entering(world));
    expect((await service.enter(ben, entering(world))).fitting).toBe(0);
    world.people["b"] = { languages: ["de", "en"] };
    await service.renew(ben.userId);
    await service.tick();
    expect((await service.view(ben)).proposals).toMatchObject([{ with: "a" }]);
  });

  test("[MATCH-49] from another organisation one's stay is neither seen nor answered, only left", async () => {
    const world = createWorld();
    const { service } = world.start();
    const id = await enterBoth(world, service);
    const elsewhere = { ...ada, orgId: "org_1" as OrgId };
    expect(await service.view(elsewhere)).toMatchObject({ status: "elsewhere", stay: null, proposals: [] });
    await expect(service.accept(elsewhere, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(service.decline(elsewhere, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await service.leave(elsewhere)).status).toBe("none");
    expect(world.store.entries.get(ada.userId)?.status).toBe("cancelled");
  });

  test("[MATCH-50] the meeting begins when both have the time, beside what they have planned already", async () => {
    const world = createWorld();
    const { service } = world.start();
    const now = world.clock.now().getTime();
    world.busy.set("a", [{ from: now, to: now + 25 * minuteMs }]);
    const id = await enterBoth(world, service);
    expect(world.store.proposals.get(id)?.plan).toEqual({
      startsAt: new Date(now + 25 * minuteMs),
      organizerId: "a",
      orgId: null,
      hosts: ["a", "b"],
    });
    world.busy.set("a", [{ from: now, to: now + 50 * minuteMs }]);
    await service.leave(ada);
    expect((await service.enter(ada, entering(world))).fitting).toBe(0);
  });

  test("[MATCH-50] a coach holds the meeting with a coachee", async () => {
    const world = createWorld();
    const { service } = world.start();
    await service.enter(ada, { ...entering(world), roles: ["coachee"] });
    const [proposal] = (await service.enter(ben, { ...entering(world), roles: ["coach"] })).proposals;
    expect(world.store.proposals.get(proposal?.id ?? "")?.plan).toMatchObject({
      organizerId: "b",
      hosts: ["b"],
    });
  });

  test("[MATCH-46] what one process writes another one finds, without being told", async () => {
    const world = createWorld();
    const one = world.start();
    const other = world.start();
    await one.service.enter(ada, entering(world));
    expect((await other.service.enter(ben, entering(world))).proposals).toMatchObject([{ with: "a" }]);
    await one.service.leave(ada);
    expect((await other.service.enter(cleo, entering(world))).proposals.map((each) => each.with)).toEqual([
      "b",
    ]);
  });
});
