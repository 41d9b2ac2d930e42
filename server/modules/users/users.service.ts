// People: known by address when invited, linked to the identity vendor at their first sign-in, named by themselves.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Me } from "../../../shared/schemas/users.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import { createProfilesRepository, type ProfilesRepository } from "./profiles.repository.mongo.ts";
import type { UserRecord, UsersService, VerifiedIdentity } from "./index.ts";
import {
  createUsersRepository,
  nameFromEmail,
  type AccountChange,
  type StoredUser,
  type UsersRepository,
} from "./users.repository.mongo.ts";

const maxIds = 200;
const maxWorkosIds = 1_000;
/** Every round that loses a race finds what the winner wrote: two suffice, the rest is for bad luck. */
const maxRounds = 5;
const roleWithoutOrganization = "member";

export async function createUsersModule(options: {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  clock: Clock;
  ids: IdSource;
}): Promise<UsersService> {
  const profiles = await createProfilesRepository(options.connection, options.cipher);
  return createUsersService({
    repository: await createUsersRepository(options.connection, options.cipher, profiles),
    profiles,
    clock: options.clock,
    ids: options.ids,
  });
}

export function createUsersService(options: {
  repository: UsersRepository;
  profiles: ProfilesRepository;
  clock: Clock;
  ids: IdSource;
}): UsersService {
  const { repository, profiles, clock, ids } = options;

  const newUser = (email: string): StoredUser => ({
    id: ids.objectId() as UserId,
    email,
    displayName: nameFromEmail(email),
    photo: null,
    nameSource: "email",
    workosUserId: null,
    orgId: null,
    orgRole: roleWithoutOrganization,
    timeZone: null,
    language: null,
    vendorUpdatedAt: null,
    deletedAt: null,
    erasedAt: null,
  });

  async function me(actor: Actor): Promise<Omit<Me, "operator">> {
    const [user] = await repository.byIds([actor.userId]);
    if (user === undefined) throw notFound("This person");
    return {
      id: user.id,
      email: user.email,
      displayName: user.displayName,
      photo: user.photo,
      orgId: actor.orgId,
      orgRole: actor.orgRole,
      timeZone: user.timeZone,
      language: user.language,
      impersonator: actor.impersonator ?? null,
    };
  }

  /** One try; null where somebody else changed the same person meanwhile. */
  async function syncOnce(identity: VerifiedIdentity): Promise<StoredUser | null> {
    const found = await repository.byWorkosId(identity.workosUserId);
    const isBack =
      found !== null && found.erasedAt !== null && (identity.saidAt ?? clock.now()) > found.erasedAt;
    // Somebody else now, whoever they were: what was erased is not brought back.
    if (isBack) await repository.unlinkErased(found.id);
    const linked = isBack ? null : found;
    if (linked !== null && linked.erasedAt !== null) return linked;
    // An invited person, or one whom the vendor has given a new id: the vendor vouches for the address.
    const known = linked ?? (await repository.byEmail(identity.email));
    if (known !== null) return await update(known, identity);
    const made = { ...newUser(identity.email), ...accountOf(identity), ...nameOf(identity) };
    return await repository.insert({ ...made, vendorUpdatedAt: identity.saidAt ?? null }, clock.now());
  }

  async function update(user: StoredUser, identity: VerifiedIdentity): Promise<StoredUser | null> {
    const { saidAt } = identity;
    const sameLink = user.workosUserId === identity.workosUserId;
    // What was said before the vendor deleted the person opens nothing more.
    if (sameLink && saidAt !== undefined && user.deletedAt !== null && user.deletedAt >= saidAt) return user;
    const newerKnown =
      sameLink && saidAt !== undefined && user.vendorUpdatedAt !== null && user.vendorUpdatedAt > saidAt;
    const { email: _older, ...place } = accountOf(identity);
    const wanted: AccountChange = newerKnown ? place : { ...accountOf(identity), deletedAt: null };
    const name = newerKnown || user.nameSource === "own" ? null : nameOf(identity);
    const renamed = name !== null && user.displayName !== name.displayName;
    const account = differences(user, wanted);
    if ((renamed || account.email !== undefined) && saidAt !== undefined) account.vendorUpdatedAt = saidAt;
    const changed = await changeAccount(user, account);
    if (changed === null || !renamed) return changed;
    await repository.changeProfile(user.id, name, clock.now());
    return { ...changed, ...name };
  }

  async function changeAccount(user: StoredUser, account: AccountChange): Promise<StoredUser | null> {
    if (Object.keys(account).length === 0) return user;
    const when = { now: clock.now(), whileLinkedTo: user.workosUserId, whileOf: user.vendorUpdatedAt };
    if (await repository.changeAccount(user.id, account, when)) return { ...user, ...account };
    if (account.email === undefined || account.workosUserId !== undefined) return null;
    // Their new address belongs to another person here: they keep the old one.
    const { email: _taken, ...rest } = account;
    if (Object.keys(rest).length === 0) return user;
    return (await repository.changeAccount(user.id, rest, when)) ? { ...user, ...rest } : null;
  }

  return {
    profiles: {
      of: (ids) => profiles.of(ids.slice(0, maxIds)),
      search: (query, page) => profiles.search(query, page),
      change: (userId, change) =>
        profiles.change(
          userId,
          { ...change, ...(change.displayName === undefined ? {} : { nameSource: "own" as const }) },
          clock.now(),
        ),
    },

    me,

    async updateMe(actor, change) {
      await repository.changeProfile(
        actor.userId,
        {
          ...(change.displayName === undefined
            ? {}
            : { displayName: change.displayName, nameSource: "own" as const }),
          ...(change.timeZone === undefined ? {} : { timeZone: change.timeZone }),
          ...(change.language === undefined ? {} : { language: change.language }),
        },
        clock.now(),
      );
      return await me(actor);
    },

    setPhoto: (userId, photo) => repository.changeProfile(userId, { photo }, clock.now()),

    async syncFromIdentity(identity) {
      return publicPart(await untilSettled(() => syncOnce(identity)));
    },

    async ensureByEmail(email) {
      const address = email.trim().toLowerCase();
      return publicPart(
        await untilSettled(
          async () =>
            (await repository.byEmail(address)) ?? (await repository.insert(newUser(address), clock.now())),
        ),
      );
    },

    async syncFromDirectory(person) {
      const known = await repository.byWorkosId(person.workosUserId);
      const stale = [known?.vendorUpdatedAt, known?.deletedAt].some(
        (at) => at !== null && at !== undefined && at >= person.saidAt,
      );
      if (stale) return null;
      return publicPart(
        await untilSettled(async () => {
          const user = await syncOnce({ ...person, orgId: null, orgRole: null });
          if (user === null || user.vendorUpdatedAt?.getTime() === person.saidAt.getTime()) return user;
          // Nothing to change, but from now on it is known to be newer than what was said before.
          return await changeAccount(user, { vendorUpdatedAt: person.saidAt });
        }),
      );
    },

    async markDeleted(workosUserId, at) {
      const user = await repository.byWorkosId(workosUserId);
      if (user === null) return null;
      // Somebody who came after it, under the same id of the vendor.
      if (user.vendorUpdatedAt !== null && user.vendorUpdatedAt > at) return null;
      if (user.deletedAt !== null && user.deletedAt >= at) return publicPart(user);
      return publicPart(
        await untilSettled(async () => {
          const current = await repository.byWorkosId(workosUserId);
          return current === null ? user : await changeAccount(current, { deletedAt: at });
        }),
      );
    },

    async close(userId) {
      const [user] = await repository.byIds([userId]);
      if (user === undefined) return null;
      if (user.deletedAt !== null) return publicPart(user);
      const deletedAt = clock.now();
      return publicPart(
        await untilSettled(async () => {
          const [current] = await repository.byIds([userId]);
          return current === undefined ? user : await changeAccount(current, { deletedAt });
        }),
      );
    },

    erase: (userId) => repository.erase(userId, clock.now()),

    async byWorkosIds(workosUserIds) {
      return (await repository.byWorkosIds(workosUserIds.slice(0, maxWorkosIds))).map(publicPart);
    },

    async byEmail(email) {
      const known = await repository.byEmail(email.trim().toLowerCase());
      return known === null ? null : publicPart(known);
    },

    async byIds(userIds) {
      const unique = [...new Set(userIds)];
      if (unique.length > maxIds) {
        throw new AppError("VALIDATION_ERROR", `At most ${maxIds} people can be asked for at once.`);
      }
      return (await repository.byIds(unique)).map(publicPart);
    },
  };
}

async function untilSettled(attempt: () => Promise<StoredUser | null>): Promise<StoredUser> {
  for (let round = 0; round < maxRounds; round += 1) {
    const user = await attempt();
    if (user !== null) return user;
  }
  throw new AppError("CONFLICT", "This person is being changed by somebody else. Please try again.", {
    retryable: true,
  });
}

// A session without an organisation says nothing about which one the person belongs to.
function accountOf(identity: VerifiedIdentity): AccountChange {
  return {
    workosUserId: identity.workosUserId,
    email: identity.email,
    ...(identity.orgId === null
      ? {}
      : { orgId: identity.orgId, orgRole: identity.orgRole ?? roleWithoutOrganization }),
  };
}

function nameOf(identity: VerifiedIdentity): { displayName: string; nameSource: "identity" } | null {
  const name = [identity.firstName, identity.lastName]
    .map((part) => part?.trim() ?? "")
    .filter((part) => part !== "")
    .join(" ")
    .slice(0, limits.nameMaxChars);
  return name === "" ? null : { displayName: name, nameSource: "identity" };
}

function differences(user: StoredUser, wanted: AccountChange): AccountChange {
  const changed = Object.entries(wanted).filter(
    ([name, value]) => user[name as keyof AccountChange] !== value,
  );
  return Object.fromEntries(changed);
}

function publicPart({ nameSource: _source, vendorUpdatedAt: _stamp, ...record }: StoredUser): UserRecord {
  return record;
}
