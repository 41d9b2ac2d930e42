// People: kept in step with the identity vendor, known by email address before their first sign-in.
import type { Actor } from "../../../shared/actor.ts";
import type { FileId, OrgId, UserId } from "../../../shared/ids.ts";
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import type { Me, UpdateMe } from "../../../shared/schemas/users.ts";
import type { WeekRange } from "../../../shared/week.ts";

export { createUsersModule } from "./users.service.ts";

export interface UserRecord {
  id: UserId;
  email: string;
  displayName: string;
  /** The file that is their photo. */
  photo: FileId | null;
  /** Null until the person has signed in for the first time. */
  workosUserId: string | null;
  orgId: OrgId | null;
  orgRole: string;
  timeZone: string | null;
  /** Of emails to them; null until they choose one. */
  language: EmailLanguage | null;
  /** When the identity vendor deleted them; they may not sign in with what it said before that. */
  deletedAt: Date | null;
  /** When everything of them was erased: only the id is left, so that what names it still means somebody. */
  erasedAt: Date | null;
}

export interface VerifiedIdentity {
  workosUserId: string;
  email: string;
  firstName: string | null;
  lastName: string | null;
  orgId: OrgId | null;
  orgRole: string | null;
  /** When the vendor said so; without it, now. Of two things that it said the later one counts. */
  saidAt?: Date;
}

/** What people tell of themselves. */
export interface ProfileRecord {
  userId: UserId;
  /** Empty where nobody has given one; `UserRecord` then says how they are called. */
  displayName: string;
  photo: FileId | null;
  timeZone: string | null;
  bio: string | null;
  goals: string | null;
  experience: string | null;
  interests: string[];
  offers: string[];
  seeks: string[];
  languages: string[];
  workingHours: WeekRange[];
}

export type ProfileChange = Partial<Omit<ProfileRecord, "userId" | "photo">>;

/** Asks no policy: for modules that decide who may see what. */
export interface ProfilesService {
  /** At most 200 ids; those without a profile are left out. */
  of(ids: readonly UserId[]): Promise<ProfileRecord[]>;
  /** A name that is given is the person's own from then on. */
  change(userId: UserId, change: ProfileChange): Promise<void>;
  /**
   * People whose name or topics hold words that begin with each word of the query, in the order of their ids. A page may
   * be short and still lead on. Throws VALIDATION_ERROR where the query holds no word.
   */
  search(
    query: string,
    options: { limit: number; after: UserId | null },
  ): Promise<{ found: ProfileRecord[]; next: UserId | null }>;
}

export interface UsersService {
  readonly profiles: ProfilesService;
  me(actor: Actor): Promise<Omit<Me, "operator">>;
  updateMe(actor: Actor, change: UpdateMe): Promise<Omit<Me, "operator">>;
  /** Null removes it; the file itself is the caller's. */
  setPhoto(userId: UserId, photo: FileId | null): Promise<void>;
  /** Creates or updates the person behind a verified identity; links an invited person by email address. */
  syncFromIdentity(identity: VerifiedIdentity): Promise<UserRecord>;
  /**
   * As `syncFromIdentity`, for what the vendor says of people outside their sessions. Null, and nothing happens, where
   * something newer is known or the address is not verified.
   */
  syncFromDirectory(
    person: Required<Omit<VerifiedIdentity, "orgId" | "orgRole">>,
  ): Promise<UserRecord | null>;
  /** Null where the person is not known. What they wrote stays; what the vendor said before `at` opens nothing more. */
  markDeleted(workosUserId: string, at: Date): Promise<UserRecord | null>;
  /** From now on no proof of identity from before opens anything. May be repeated. */
  close(userId: UserId): Promise<UserRecord | null>;
  /** Leaves the id alone. Whoever signs in with the same address afterwards is somebody new. May be repeated. */
  erase(userId: UserId): Promise<void>;
  /** At most 1 000 ids of the vendor; unknown ids are left out. */
  byWorkosIds(workosUserIds: string[]): Promise<UserRecord[]>;
  /** The person with this address, created as "invited" where unknown. Safe under concurrency. */
  ensureByEmail(email: string): Promise<UserRecord>;
  /** Null where nobody with this address is known. */
  byEmail(email: string): Promise<UserRecord | null>;
  /** At most 200 ids; order is not kept; unknown ids are left out. */
  byIds(ids: UserId[]): Promise<UserRecord[]>;
}
