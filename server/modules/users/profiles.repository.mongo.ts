// What people tell of themselves in the store: encrypted but for what they are matched by, and found by hashed beginnings of words.
import mongoose from "mongoose";
import { AppError } from "../../../shared/errors.ts";
import type { FileId, UserId } from "../../../shared/ids.ts";
import { emailLanguageSchema, type EmailLanguage } from "../../../shared/schemas/languages.ts";
import { weekSchema, type WeekRange } from "../../../shared/week.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { ProfileChange, ProfileRecord } from "./index.ts";
import { holdsWords, searchedTerms, termsOf } from "./profile-terms.ts";

/** Where a display name comes from: made of the address, told by the identity vendor, or chosen by the person. */
export type NameSource = "email" | "identity" | "own";

export interface StoredProfile extends ProfileRecord {
  nameSource: NameSource;
  /** Of emails to them; null until they choose one. */
  language: EmailLanguage | null;
}

export type StoredProfileChange = ProfileChange & {
  nameSource?: NameSource;
  language?: EmailLanguage;
  photo?: FileId | null;
};

export interface ProfilesRepository {
  of(ids: readonly UserId[]): Promise<StoredProfile[]>;
  /** Makes the profile where there is none: a crash after a person was made and before it was leaves one without. */
  change(id: UserId, change: StoredProfileChange, now: Date): Promise<void>;
  /**
   * In the order of people's ids, after `after`. At most `limit` candidates are looked at, so that fewer may be found;
   * `next` is null where there is nobody further. Throws VALIDATION_ERROR where the query holds no word.
   */
  search(
    query: string,
    options: { limit: number; after: UserId | null },
  ): Promise<{ found: StoredProfile[]; next: UserId | null }>;
  remove(id: UserId): Promise<void>;
}

interface ProfileDocument {
  _id: mongoose.Types.ObjectId;
  userId: mongoose.Types.ObjectId;
  /** Encrypted, as what people tell of themselves; bound to the person's id, which is known before the profile's. */
  displayName: string;
  nameSource: NameSource;
  /** Emails say times in the reader's zone. Encrypted. */
  timeZone: string | null;
  /** Of emails to them; absent in documents from before they could choose. Encrypted. */
  language?: string | null;
  bio: string | null;
  /** Lists may be absent in documents that were not made by this code. */
  interests?: string[];
  goals: string | null;
  languages?: string[];
  experience: string | null;
  embeddingId: string | null;
  /** Absent in documents from before there were photos. */
  photo?: string | null;
  /** The fields from here on are absent in documents from before people could fill in their profile. */
  offers?: string[];
  seeks?: string[];
  /** A list as JSON, encrypted. */
  workingHours?: string | null;
  searchTerms?: string[];
  /** Counts changes; a change that was made of something older is made again. */
  revision?: number;
  createdAt: Date;
  updatedAt: Date;
}

const sealedTexts = ["displayName", "timeZone", "language", "bio", "goals", "experience"] as const;
const attemptsMost = 5;
const backfillAtOnce = 200;

const profileSchema = new mongoose.Schema<ProfileDocument>(
  {
    userId: { type: mongoose.Schema.Types.ObjectId, required: true },
    displayName: { type: String, default: "" },
    nameSource: { type: String, required: true, enum: ["email", "identity", "own"] },
    timeZone: { type: String, default: null },
    language: { type: String, default: null },
    bio: { type: String, default: null },
    interests: { type: [String], default: [] },
    goals: { type: String, default: null },
    languages: { type: [String], default: [] },
    experience: { type: String, default: null },
    embeddingId: { type: String, default: null },
    photo: { type: String, default: null },
    offers: { type: [String], default: [] },
    seeks: { type: [String], default: [] },
    workingHours: { type: String, default: null },
    searchTerms: { type: [String], default: [] },
    revision: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  {
    collection: "profiles",
    strict: "throw",
    autoIndex: false,
    versionKey: false,
    minimize: false,
  },
)
  .index({ userId: 1 }, { unique: true })
  .index({ interests: 1 })
  .index({ searchTerms: 1, userId: 1 })
  .index({ updatedAt: 1 });

/** Gives profiles from before they could be searched their terms before it resolves. */
export async function createProfilesRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<ProfilesRepository> {
  const fields = cipher.of("profiles");
  const profiles = connection.model("profiles", profileSchema);
  await createIndexes(profiles);

  function toRecord(found: ProfileDocument): StoredProfile {
    const id = found.userId.toHexString() as UserId;
    const open = (name: (typeof sealedTexts)[number] | "workingHours") =>
      fields.open(id, name, found[name] ?? null);
    return {
      userId: id,
      displayName: found.displayName === "" ? "" : (open("displayName") ?? ""),
      nameSource: found.nameSource,
      photo: (found.photo ?? null) as FileId | null,
      timeZone: open("timeZone"),
      // One that a later version knows and this one does not counts as none.
      language: emailLanguageSchema.safeParse(open("language")).data ?? null,
      bio: open("bio"),
      goals: open("goals"),
      experience: open("experience"),
      interests: found.interests ?? [],
      offers: found.offers ?? [],
      seeks: found.seeks ?? [],
      languages: found.languages ?? [],
      workingHours: readWeek(open("workingHours")),
    };
  }

  function sealed(id: UserId, { workingHours, ...change }: StoredProfileChange): Partial<ProfileDocument> {
    const texts = sealedTexts
      .filter((name) => change[name] !== undefined)
      .map((name) => [name, fields.seal(id, name, change[name] ?? null)]);
    return {
      ...change,
      ...(Object.fromEntries(texts) as Partial<ProfileDocument>),
      ...(workingHours === undefined
        ? {}
        : { workingHours: fields.seal(id, "workingHours", JSON.stringify(workingHours)) }),
    };
  }

  const hashed = (profile: StoredProfile) => termsOf(profile).map((term) => cipher.hashOfTerm(term));

  async function changeOnce(id: UserId, change: StoredProfileChange, now: Date): Promise<boolean> {
    const userId = new mongoose.Types.ObjectId(id);
    const found = await profiles.findOne({ userId }).lean();
    const merged = { ...(found === null ? blank(id) : toRecord(found)), ...change };
    const set = { ...sealed(id, change), searchTerms: hashed(merged), updatedAt: now };
    if (found !== null) {
      // Null matches an absent one too.
      const { matchedCount } = await profiles.updateOne(
        { userId, revision: found.revision ?? null },
        { $set: set, $inc: { revision: 1 } },
      );
      return matchedCount === 1;
    }
    try {
      await profiles.create({ userId, nameSource: "email", ...set, createdAt: now });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  for (;;) {
    const old = await profiles.find({ searchTerms: null }).limit(backfillAtOnce).lean();
    for (const found of old) {
      await profiles.updateOne(
        { userId: found.userId, revision: found.revision ?? null },
        { $set: { searchTerms: hashed(toRecord(found)) }, $inc: { revision: 1 } },
      );
    }
    if (old.length === 0) break;
  }

  return {
    async of(ids) {
      if (ids.length === 0) return [];
      const found = await profiles
        .find({ userId: { $in: ids.map((id) => new mongoose.Types.ObjectId(id)) } })
        .lean();
      return found.map(toRecord);
    },

    async change(id, change, now) {
      for (let attempt = 0; attempt < attemptsMost; attempt += 1) {
        if (await changeOnce(id, change, now)) return;
      }
      throw new AppError("CONFLICT", "This profile is being changed elsewhere. Please try again.", {
        retryable: true,
      });
    },

    async search(query, { limit, after }) {
      const terms = searchedTerms(query);
      if (terms.length === 0)
        throw new AppError("VALIDATION_ERROR", "Write at least one word to look for.", {
          details: { field: "q" },
        });
      const candidates = await profiles
        .find({
          searchTerms: { $all: terms.map((term) => cipher.hashOfTerm(term)) },
          ...(after === null ? {} : { userId: { $gt: new mongoose.Types.ObjectId(after) } }),
        })
        .sort({ userId: 1 })
        .limit(limit + 1)
        .lean();
      const page = candidates.slice(0, limit).map(toRecord);
      return {
        found: page.filter((profile) => holdsWords(profile, query)),
        next: candidates.length > limit ? (page.at(-1)?.userId ?? null) : null,
      };
    },

    async remove(id) {
      await profiles.deleteOne({ userId: new mongoose.Types.ObjectId(id) });
    },
  };
}

function blank(userId: UserId): StoredProfile {
  return {
    userId,
    displayName: "",
    nameSource: "email",
    photo: null,
    timeZone: null,
    language: null,
    bio: null,
    goals: null,
    experience: null,
    interests: [],
    offers: [],
    seeks: [],
    languages: [],
    workingHours: [],
  };
}

function readWeek(json: string | null): WeekRange[] {
  return json === null ? [] : weekSchema.parse(JSON.parse(json));
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
