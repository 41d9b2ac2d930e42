// People in a real store: one person an address, linked at the first sign-in, named by themselves.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createUsersModule,
  type UsersService,
  type VerifiedIdentity,
} from "../../server/modules/users/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { createConnectionsRepository } from "../../server/modules/people/index.ts";
import type { Actor } from "../../shared/actor.ts";
import type { OrgId, UserId } from "../../shared/ids.ts";
import type { ConnectionAction } from "../../shared/schemas/people.ts";
import { openMeetings, type MeetingsWorld } from "../factories/meetings.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { testCipher } from "../factories/cipher.ts";

let store: TestStore;
let users: UsersService;

beforeAll(async () => {
  store = await openTestStore();
  users = await createUsersModule({
    connection: store.connection,
    cipher: testCipher,
    clock: new FakeClock(),
    ids: systemIds,
  });
});
afterAll(() => store.close());

const identityOf = (name: string, change: Partial<VerifiedIdentity> = {}): VerifiedIdentity => ({
  workosUserId: `user_${name}`,
  email: `${name}@example.org`,
  firstName: null,
  lastName: null,
  orgId: null,
  orgRole: null,
  ...change,
});

test("[USERS-1] without a name a person is called after their address, with one by it", async () => {
  const nameless = await users.syncFromIdentity(identityOf("gina-maria.lopez"));
  expect(nameless.displayName).toBe("Gina Maria Lopez");
  const named = await users.syncFromIdentity(
    identityOf("gina-maria.lopez", { firstName: "Gina", lastName: "López" }),
  );
  expect(named).toMatchObject({ id: nameless.id, displayName: "Gina López" });
});

test("[USERS-2] a new address at the vendor becomes the person's address", async () => {
  const before = await users.syncFromIdentity(identityOf("hans"));
  const after = await users.syncFromIdentity(identityOf("hans", { email: "hans.new@example.org" }));
  expect(after).toMatchObject({ id: before.id, email: "hans.new@example.org" });
  expect((await users.ensureByEmail("hans.new@example.org")).id).toBe(before.id);
});

test("[USERS-3] a new address that belongs to another person here is not taken from them", async () => {
  const other = await users.ensureByEmail("taken@example.org");
  const before = await users.syncFromIdentity(identityOf("ida"));
  const after = await users.syncFromIdentity(
    identityOf("ida", { email: "taken@example.org", orgId: "org_1" as OrgId, orgRole: "admin" }),
  );
  expect(after).toMatchObject({ id: before.id, email: "ida@example.org", orgId: "org_1", orgRole: "admin" });
  expect((await users.ensureByEmail("taken@example.org")).id).toBe(other.id);
});

test("[USERS-4] a person to whom the vendor gives a new id stays who they are", async () => {
  const before = await users.syncFromIdentity(identityOf("jana"));
  const after = await users.syncFromIdentity(identityOf("jana", { workosUserId: "user_jana_again" }));
  expect(after).toMatchObject({ id: before.id, workosUserId: "user_jana_again" });
});

test("[USERS-5] a session without an organisation does not take the person's away", async () => {
  await users.syncFromIdentity(identityOf("kim", { orgId: "org_1" as OrgId, orgRole: "coach" }));
  expect(await users.syncFromIdentity(identityOf("kim"))).toMatchObject({ orgId: "org_1", orgRole: "coach" });
});

test("[USERS-6] invitations and first sign-ins at the same moment make one person", async () => {
  const found = await Promise.all([
    ...Array.from({ length: 10 }, () => users.ensureByEmail("Lea@example.org")),
    ...Array.from({ length: 10 }, () => users.syncFromIdentity(identityOf("lea", { firstName: "Lea" }))),
  ]);
  expect(new Set(found.map((user) => user.id)).size).toBe(1);
  const stored = await store.connection
    .collection("users")
    .find({ emailHash: testCipher.hashOfEmail("lea@example.org") })
    .toArray();
  expect(stored).toHaveLength(1);
  const [lea] = await users.byIds(found.slice(0, 1).map((user) => user.id));
  expect(lea).toMatchObject({ workosUserId: "user_lea", displayName: "Lea" });
});

test("[USERS-7] a person whose profile was lost in a crash is still found, and gets one again", async () => {
  const { id } = await users.ensureByEmail("mo@example.org");
  await store.connection.collection("profiles").deleteMany({});
  expect(await users.byIds([id])).toMatchObject([{ id, displayName: "Mo" }]);
  await users.syncFromIdentity(identityOf("mo", { firstName: "Moritz" }));
  expect(await users.byIds([id])).toMatchObject([{ id, displayName: "Moritz" }]);
});

test("[USERS-8] unknown people are left out, and more than 200 cannot be asked for", async () => {
  expect(await users.byIds(["f".repeat(24) as UserId])).toEqual([]);
  const many = Array.from({ length: 201 }, () => systemIds.objectId() as UserId);
  await expect(users.byIds(many)).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
});

test("[USERS-9] every lookup of people is served by an index", async () => {
  const names = async (collection: string) =>
    (await store.connection.collection(collection).indexes()).map((index) => Object.keys(index.key).join());
  expect(await names("users")).toEqual(expect.arrayContaining(["workosUserId", "emailHash", "orgId"]));
  expect(await names("profiles")).toEqual(expect.arrayContaining(["userId", "interests", "updatedAt"]));
});

describe("people to each other", () => {
  let world: MeetingsWorld;
  const acme = "org_acme" as OrgId;
  beforeAll(async () => {
    world = await openMeetings(store);
  });
  afterAll(() => world.close());

  async function member(name: string) {
    const actor = await world.actorOf(name, acme);
    world.join(actor, acme);
    return actor;
  }
  const people = () => world.peopleService;
  const found = async (actor: Actor, q: string) =>
    (await people().search(actor, { q, limit: 50 })).items.map(({ displayName }) => displayName);
  const kinds = async (actor: Actor) => {
    const { incoming, outgoing, connected, blocked } = await people().connections(actor);
    return [incoming, outgoing, connected, blocked].map((list) => list.map(({ displayName }) => displayName));
  };

  test("[PEOPLE-1] two changes at once are both kept, and what is not named stays", async () => {
    const ann = await member("ann");
    await Promise.all([
      people().updateProfile(ann, { bio: "Hello" }),
      people().updateProfile(ann, { offers: ["Music"], goals: "To sleep" }),
    ]);
    expect(await people().ownProfile(ann)).toMatchObject({
      displayName: "Ann",
      bio: "Hello",
      goals: "To sleep",
      offers: ["Music"],
    });
    expect(await people().updateProfile(ann, { bio: "", offers: [] })).toMatchObject({
      bio: null,
      offers: [],
      goals: "To sleep",
    });
    const stored = await store.connection.collection("profiles").findOne({ goals: { $ne: null } });
    expect(JSON.stringify(stored)).not.toContain("To sleep");
  });

  test("[PEOPLE-4] [PEOPLE-5] [PEOPLE-6] people are found and shown within their organisation, goals to the connected", async () => {
    const [ben, cleo] = [await member("ben.searcher"), await member("cleo")];
    const outside = await world.actorOf("dora.searcher");
    await people().updateProfile(ben, { goals: "To lead", interests: ["chess"], displayName: "Bén Ō" });
    expect(await found(cleo, "ben che")).toEqual(["Bén Ō"]);
    expect(await found(cleo, "searcher")).toEqual([]);
    expect(await found(outside, "ben")).toEqual([]);
    expect(await people().person(cleo, ben.userId)).toMatchObject({ goals: null, connection: "none" });
    await expect(people().person(outside, ben.userId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await people().changeConnection(cleo, ben.userId, "request");
    await people().changeConnection(ben, cleo.userId, "accept");
    expect(await people().person(cleo, ben.userId)).toMatchObject({ goals: "To lead" });
    await people().changeConnection(ben, cleo.userId, "block");
    await expect(people().person(cleo, ben.userId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    for (const actor of [cleo, ben]) expect(await found(actor, "cleo ben")).toEqual([]);
    expect(await found(cleo, "chess")).toEqual([]);
  });

  test("[PEOPLE-7] a profile from before it could be searched is found after the next start", async () => {
    const emil = await member("emil");
    await store.connection
      .collection("profiles")
      .updateMany({}, { $unset: { searchTerms: 1, revision: 1, offers: 1, seeks: 1, workingHours: 1 } });
    expect(await found(emil, "emil")).toEqual([]);
    await createUsersModule({
      connection: store.connection.useDb(store.connection.name),
      cipher: testCipher,
      clock: new FakeClock(),
      ids: systemIds,
    });
    expect(await found(emil, "emil")).toEqual(["Emil"]);
    expect(await people().updateProfile(emil, { bio: "Still here" })).toMatchObject({ bio: "Still here" });
  });

  test("[PEOPLE-8] [PEOPLE-9] [PEOPLE-10] requests are answered, declined without a word, taken back and ended", async () => {
    const [fay, gus] = [await member("fay"), await member("gus")];
    const act = (actor: Actor, other: Actor, action: ConnectionAction) =>
      people().changeConnection(actor, other.userId, action);
    await act(fay, gus, "request");
    expect([await kinds(fay), await kinds(gus)]).toEqual([
      [[], ["Gus"], [], []],
      [["Fay"], [], [], []],
    ]);
    await act(gus, fay, "decline");
    await act(fay, gus, "request");
    expect([await kinds(fay), await kinds(gus)]).toEqual([
      [[], ["Gus"], [], []],
      [[], [], [], []],
    ]);
    await act(gus, fay, "request");
    for (const one of [fay, gus]) expect((await kinds(one))[2]).toHaveLength(1);
    await act(fay, gus, "withdraw");
    expect((await kinds(gus))[2]).toEqual(["Fay"]);
    await act(fay, gus, "end");
    expect([await kinds(fay), await kinds(gus)]).toEqual([Array(4).fill([]), Array(4).fill([])]);
    await act(fay, gus, "request");
    await act(fay, gus, "withdraw");
    await expect(act(gus, fay, "accept")).rejects.toMatchObject({ code: "CONFLICT" });
    await Promise.all([act(fay, gus, "request"), act(gus, fay, "request")]);
    expect((await kinds(gus))[2]).toEqual(["Fay"]);
  });

  test("[PEOPLE-11] a block ends what was, refuses what comes as if nobody were there, and is its maker's to see and to lift", async () => {
    const [hal, ida] = [await member("hal"), await member("ida-blocks")];
    const results = await Promise.allSettled([
      people().changeConnection(hal, ida.userId, "request"),
      people().changeConnection(ida, hal.userId, "block"),
    ]);
    expect(results[1]?.status).toBe("fulfilled");
    expect([await kinds(hal), (await kinds(ida)).slice(0, 3)]).toEqual([
      Array(4).fill([]),
      Array(3).fill([]),
    ]);
    expect((await kinds(ida))[3]).toEqual(["Hal"]);
    const unknown = "e".repeat(24) as UserId;
    const refusals = await Promise.allSettled(
      [ida.userId, unknown].flatMap((id) =>
        (["request", "block"] as const).map((action) => people().changeConnection(hal, id, action)),
      ),
    );
    expect(new Set(refusals.map((each) => String((each as PromiseRejectedResult).reason)))).toHaveLength(1);
    await expect(people().changeConnection(hal, ida.userId, "unblock")).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect((await kinds(ida))[3]).toEqual(["Hal"]);
    await people().changeConnection(ida, hal.userId, "unblock");
    expect((await people().person(hal, ida.userId)).connection).toBe("none");
  });

  test("[BLOCK-1] nobody is invited to where somebody is who keeps away from them, and no reason is given", async () => {
    const [jon, kim, lea] = [await member("jon"), await member("kim"), await member("lea-away")];
    await people().changeConnection(lea, kim.userId, "block");
    const { id } = await world.create(jon, { participants: [{ email: kim.email, role: "participant" }] });
    const invite = () => world.meetings.invite(jon, id, { email: lea.email, role: "participant" });
    await expect(invite()).rejects.toMatchObject({ code: "PERSON_UNAVAILABLE" });
    for (const host of [jon, kim]) {
      const participants = [kim, lea].map(({ email }) => ({ email, role: "participant" as const }));
      await expect(world.create(host, { participants })).rejects.toMatchObject({
        code: "PERSON_UNAVAILABLE",
      });
    }
    await people().changeConnection(lea, kim.userId, "unblock");
    await expect(invite()).resolves.toMatchObject({ userId: lea.userId });
  });

  test("[BLOCK-2] of meetings that can still be held the other one goes where the host blocks, else who blocks", async () => {
    const [max, nia, oda] = [await member("max"), await member("nia"), await member("oda")];
    const all = [nia, oda].map(({ email }) => ({ email, role: "participant" as const }));
    const { id } = await world.create(max, { scheduledAt: "2026-03-01T10:00:00Z", participants: all });
    const held = await world.create(max, { participants: all });
    await world.meetings.start(max, held.id);
    await world.meetings.end(max, held.id);
    const names = async () =>
      (await world.meetings.get(max, id)).participants.map(({ displayName }) => displayName).sort();
    await people().changeConnection(nia, oda.userId, "block");
    expect(await names()).toEqual(["Max", "Oda"]);
    await people().changeConnection(max, oda.userId, "block");
    expect(await names()).toEqual(["Max"]);
    await expect(world.meetings.get(nia, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await world.meetings.get(oda, held.id)).participants).toHaveLength(3);
    const [newest] = await world.mailsOf(oda);
    expect(newest?.kind).toBe("cancellation");
  });

  test("[BLOCK-3] of a block and an invitation at the same moment only one stands", async () => {
    const [pia, host] = [await member("pia"), await member("quinn")];
    for (let round = 0; round < 10; round += 1) {
      const guest = await member(`round${round}`);
      const participants = [{ email: pia.email, role: "participant" as const }];
      const { id } = await world.create(host, { participants });
      await Promise.allSettled([
        people().changeConnection(pia, guest.userId, "block"),
        world.meetings.invite(host, id, { email: guest.email, role: "participant" }),
      ]);
      const there = (await world.meetings.get(host, id)).participants.map(({ userId }) => userId);
      expect(there.filter((userId) => [pia.userId, guest.userId].includes(userId)).length).toBeLessThan(2);
    }
  });

  test("[BLOCK-4] what a crash left undone of a block is done when one of both comes", async () => {
    const [rob, sue] = [await member("rob"), await member("sue")];
    const participants = [{ email: sue.email, role: "participant" as const }];
    const { id } = await world.create(rob, { participants });
    const connections = await createConnectionsRepository(store.connection.useDb(store.connection.name));
    await connections.block(rob.userId, sue.userId, world.clock.now());
    await expect(world.meetings.join(sue, id, "here")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await world.meetings.join(rob, id, "here")).meeting.participants).toHaveLength(1);
  });
});
