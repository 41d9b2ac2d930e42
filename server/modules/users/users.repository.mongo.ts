// People and their profiles in the store.
import mongoose from "mongoose";
import { erasedEmail, erasedName } from "../../../shared/erased.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { UserRecord } from "./index.ts";
import type {
  NameSource,
  ProfilesRepository,
  StoredProfile,
  StoredProfileChange,
} from "./profiles.repository.mongo.ts";

export interface StoredUser extends UserRecord {
  nameSource: NameSource;
  /** Of what the identity vendor said of address and name. */
  vendorUpdatedAt: Date | null;
}

export interface AccountChange {
  workosUserId?: string;
  email?: string;
  orgId?: OrgId;
  orgRole?: string;
  vendorUpdatedAt?: Date;
  deletedAt?: Date | null;
}

export interface UsersRepository {
  byWorkosId(workosUserId: string): Promise<StoredUser | null>;
  byEmail(email: string): Promise<StoredUser | null>;
  byIds(ids: UserId[]): Promise<StoredUser[]>;
  byWorkosIds(workosUserIds: string[]): Promise<StoredUser[]>;
  /** Null where the address or the vendor's id is taken. */
  insert(user: StoredUser, now: Date): Promise<StoredUser | null>;
  /**
   * False where the address or the vendor's id is taken, or the account is no longer linked to `whileLinkedTo` or no
   * longer of `whileOf`.
   */
  changeAccount(
    id: UserId,
    change: AccountChange,
    options: { now: Date; whileLinkedTo: string | null; whileOf?: Date | null },
  ): Promise<boolean>;
  changeProfile(id: UserId, change: StoredProfileChange, now: Date): Promise<void>;
  /** Address, organisation and profile go; the vendor's id stays, for proofs of identity that are still out there. */
  erase(id: UserId, now: Date): Promise<void>;
  /** The vendor's id of somebody who was erased is free for whoever comes with it now. */
  unlinkErased(id: UserId): Promise<void>;
}

interface UserDocument {
  _id: mongoose.Types.ObjectId;
  /** Absent until the first sign-in: people are invited by address before. */
  workosUserId?: string;
  /** Encrypted. */
  email: string;
  emailHash: string;
  /** Null without an organisation: a coach alone needs none. */
  orgId: string | null;
  orgRole: string;
  /** Absent in documents from before they were kept. */
  vendorUpdatedAt?: Date | null;
  deletedAt?: Date | null;
  erasedAt?: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const schemaOptions = { strict: "throw", autoIndex: false, versionKey: false, minimize: false } as const;

const userSchema = new mongoose.Schema<UserDocument>(
  {
    workosUserId: String,
    email: { type: String, required: true },
    emailHash: { type: String, required: true },
    orgId: { type: String, default: null },
    orgRole: { type: String, required: true },
    vendorUpdatedAt: { type: Date, default: null },
    deletedAt: { type: Date, default: null },
    erasedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: "users" },
)
  .index({ workosUserId: 1 }, { unique: true, sparse: true })
  .index({ orgId: 1 })
  .index({ emailHash: 1 }, { unique: true });

export async function createUsersRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
  profiles: ProfilesRepository,
): Promise<UsersRepository> {
  const accountFields = cipher.of("users");
  const users = connection.model("users", userSchema);
  await createIndexes(users);

  async function withProfiles(found: UserDocument[]): Promise<StoredUser[]> {
    if (found.length === 0) return [];
    const theirs = await profiles.of(found.map((user) => user._id.toHexString() as UserId));
    const byUser = new Map<string, StoredProfile>(theirs.map((profile) => [profile.userId, profile]));
    return found.map((user) => toRecord(readable(user), byUser.get(user._id.toHexString())));
  }

  function addressOf(id: UserId, email: string): Pick<UserDocument, "email" | "emailHash"> {
    return { email: accountFields.seal(id, "email", email), emailHash: cipher.hashOfEmail(email) };
  }

  function readable(user: UserDocument): UserDocument {
    return { ...user, email: accountFields.open(user._id.toHexString(), "email", user.email) };
  }

  async function one(filter: { workosUserId: string } | { emailHash: string }): Promise<StoredUser | null> {
    const found = await users.findOne(filter).lean();
    return found === null ? null : ((await withProfiles([found]))[0] ?? null);
  }

  return {
    byWorkosId: (workosUserId) => one({ workosUserId }),
    byEmail: (email) => one({ emailHash: cipher.hashOfEmail(email) }),

    async byIds(ids) {
      const found = await users
        .find({ _id: { $in: ids.map((id) => new mongoose.Types.ObjectId(id)) } })
        .lean();
      return await withProfiles(found);
    },

    async byWorkosIds(workosUserIds) {
      return await withProfiles(await users.find({ workosUserId: { $in: workosUserIds } }).lean());
    },

    async insert(user, now) {
      const _id = new mongoose.Types.ObjectId(user.id);
      try {
        await users.create({
          _id,
          ...(user.workosUserId === null ? {} : { workosUserId: user.workosUserId }),
          ...addressOf(user.id, user.email),
          orgId: user.orgId,
          orgRole: user.orgRole,
          vendorUpdatedAt: user.vendorUpdatedAt,
          deletedAt: user.deletedAt,
          createdAt: now,
          updatedAt: now,
        });
      } catch (error) {
        if (isDuplicate(error)) return null;
        throw error;
      }
      await profiles.change(
        user.id,
        {
          displayName: user.displayName,
          nameSource: user.nameSource,
          ...(user.timeZone === null ? {} : { timeZone: user.timeZone }),
        },
        now,
      );
      return user;
    },

    async changeAccount(id, change, { now, whileLinkedTo, whileOf }) {
      const { email, ...rest } = change;
      const linked = whileLinkedTo === null ? { $exists: false } : whileLinkedTo;
      try {
        const { matchedCount } = await users.updateOne(
          {
            _id: new mongoose.Types.ObjectId(id),
            workosUserId: linked,
            // Null matches an absent one too.
            ...(whileOf === undefined ? {} : { vendorUpdatedAt: whileOf }),
          },
          { $set: { ...rest, ...(email === undefined ? {} : addressOf(id, email)), updatedAt: now } },
        );
        return matchedCount === 1;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    changeProfile: (id, change, now) => profiles.change(id, change, now),

    async erase(id, now) {
      const _id = new mongoose.Types.ObjectId(id);
      await profiles.remove(id);
      await users.updateOne(
        { _id },
        {
          $set: {
            ...addressOf(id, erasedEmail(id)),
            orgId: null,
            orgRole: "member",
            erasedAt: now,
            updatedAt: now,
          },
        },
      );
    },

    async unlinkErased(id) {
      await users.updateOne(
        { _id: new mongoose.Types.ObjectId(id), erasedAt: { $ne: null } },
        { $unset: { workosUserId: 1 } },
      );
    },
  };
}

function toRecord(user: UserDocument, profile: StoredProfile | undefined): StoredUser {
  const erasedAt = user.erasedAt ?? null;
  const named = profile !== undefined && profile.displayName !== "";
  return {
    id: user._id.toHexString() as UserId,
    email: user.email,
    displayName: erasedAt !== null ? erasedName : named ? profile.displayName : nameFromEmail(user.email),
    nameSource: named ? profile.nameSource : "email",
    photo: profile?.photo ?? null,
    workosUserId: user.workosUserId ?? null,
    orgId: user.orgId as OrgId | null,
    orgRole: user.orgRole,
    timeZone: profile?.timeZone ?? null,
    language: profile?.language ?? null,
    vendorUpdatedAt: user.vendorUpdatedAt ?? null,
    deletedAt: user.deletedAt ?? null,
    erasedAt,
  };
}

/** `anna.bell@example.org` → `Anna Bell`: how a person is called until they say otherwise. */
export function nameFromEmail(email: string): string {
  const local = email.split("@")[0] ?? email;
  const words = local.split(/[._+-]+/).filter((word) => word !== "");
  if (words.length === 0) return email;
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
