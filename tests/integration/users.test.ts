// People in a real store: one person an address, linked at the first sign-in, named by themselves.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createUsersModule,
  type UsersService,
  type VerifiedIdentity,
} from "../../server/modules/users/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { OrgId, UserId } from "../../shared/ids.ts";
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
