// What an export reads by itself: what no service hands out, since nobody else asks for it by person.
import mongoose, { type Connection } from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { pairingOf } from "./export.pairing.mongo.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

export interface OwnCorrection {
  revision: number;
  kind: string;
  /** The line; 0 for a speaker everywhere. */
  sequence: number;
  text: string | null;
  speakerLabel: string | null;
  at: Date;
}

export interface OwnRatingEntry {
  meetingId: string;
  score: number;
  comment: string | null;
  updatedAt: Date;
}

export interface ExportSources {
  /** Where the person is, was, or was removed from, and what they planned; in order, after `after`. */
  meetingsOf(userId: UserId, options: { after: MeetingId | null; limit: number }): Promise<MeetingId[]>;
  /** As it is kept, opened; null where they are not known. */
  account(userId: UserId): Promise<Record<string, unknown> | null>;
  profile(userId: UserId): Promise<Record<string, unknown> | null>;
  memberships(workosUserId: string): Promise<Record<string, unknown>[]>;
  /** Without their secrets, of which nobody has more than a hash. */
  apiKeys(userId: UserId): Promise<Record<string, unknown>[]>;
  connections(userId: UserId): Promise<unknown[]>;
  /** Their place in the queue, what they answered to proposals, and their rounds of pairing; not what others did. */
  matching(userId: UserId): Promise<{ place: unknown; answers: unknown[]; pairing: unknown }>;
  /** Opened; null where they have none. */
  calendar(userId: UserId): Promise<Record<string, unknown> | null>;
  ratings(userId: UserId): Promise<OwnRatingEntry[]>;
  /** In order; what has reached the collection. */
  correctionsOf(meetingId: MeetingId, userId: UserId): AsyncIterable<OwnCorrection>;
  /** When they were there; null where they have no place there any more. */
  attendance(meetingId: MeetingId, userId: UserId): Promise<Record<string, unknown> | null>;
}

interface MeetingDocument {
  _id: ObjectId;
  organizerId: ObjectId;
  formerParticipants?: ObjectId[];
}

interface CorrectionDocument extends Omit<OwnCorrection, "at"> {
  meetingId: ObjectId;
  authorId: ObjectId;
  createdAt: Date;
}

interface PlaceDocument {
  meetingId: ObjectId;
  userId: ObjectId;
  role: string;
  firstJoinedAt?: Date;
  joinedAt: Date | null;
  leftAt: Date | null;
  createdAt: Date;
}

interface ConnectionDocument {
  members: string[];
  askedBy: string[];
  blockedBy: string[];
  updatedAt: Date;
}

/** Fields that tell a person nothing of themselves: ids and hashes by which things are found. */
const sealedProfileFields = [
  "displayName",
  "timeZone",
  "bio",
  "goals",
  "experience",
  "workingHours",
] as const;
const keyFields = [
  "_id",
  "name",
  "prefix",
  "scopes",
  "orgId",
  "createdAt",
  "lastUsedAt",
  "expiresAt",
  "revokedAt",
];

export function createExportSources(connection: Connection, cipher: FieldCipher): ExportSources {
  const database = connection.getClient().db(connection.name);
  const meetings = database.collection<MeetingDocument>("meetings");
  const places = database.collection<PlaceDocument>("meetingParticipants");
  const users = database.collection<Record<string, unknown> & { _id: ObjectId; email: string }>("users");
  const profiles = database.collection<Record<string, unknown> & { userId: ObjectId }>("profiles");
  const organizations = database.collection<{ _id: string; name: string }>("organizations");
  const memberships = database.collection<{
    workosUserId: string;
    orgId: string;
    role: string;
    state: string;
    createdAt: Date;
  }>("organizationMemberships");
  const keys = database.collection<Record<string, unknown> & { _id: ObjectId; createdBy: ObjectId }>(
    "apiKeys",
  );
  const ratings = database.collection<OwnRatingEntry & { userId: string }>("meetingRatings");
  const connections = database.collection<ConnectionDocument>("connections");
  const queue = database.collection<Record<string, unknown> & { _id: string }>("matchingQueue");
  const calendars = database.collection<Record<string, unknown> & { _id: string }>("calendars");
  const outcomes = database.collection<Record<string, unknown> & { userId: string }>("matchingAnalytics");
  const corrections = database.collection<CorrectionDocument>("transcriptCorrections");

  return {
    async meetingsOf(person, { after, limit }) {
      const userId = new ObjectId(person);
      const behind = after === null ? {} : { $gt: new ObjectId(after) };
      const beyond = after === null ? {} : { _id: behind };
      const found = await Promise.all([
        places
          .find({ userId, ...(after === null ? {} : { meetingId: behind }) })
          .sort({ meetingId: 1 })
          .limit(limit)
          .map(({ meetingId }) => meetingId.toHexString())
          .toArray(),
        ...[{ organizerId: userId }, { formerParticipants: userId }].map((filter) =>
          meetings
            .find({ ...filter, ...beyond }, { projection: { _id: 1 } })
            .map(({ _id }) => _id.toHexString())
            .toArray(),
        ),
      ]);
      return [...new Set(found.flat())].sort().slice(0, limit) as MeetingId[];
    },

    async account(person) {
      const found = await users.findOne({ _id: new ObjectId(person) });
      if (found === null) return null;
      const { email, orgId, orgRole, workosUserId, createdAt, updatedAt } = found;
      const address = cipher.of("users").open(person, "email", email);
      return { id: person, email: address, workosUserId, orgId, orgRole, createdAt, updatedAt };
    },

    async profile(person) {
      const found = await profiles.findOne({ userId: new ObjectId(person) });
      if (found === null) return null;
      const { interests, languages, nameSource, createdAt, updatedAt } = found;
      const { offers = [], seeks = [] } = found;
      const sealed = cipher.of("profiles");
      const opened = sealedProfileFields.map((field) => [
        field,
        sealed.open(person, field, (found[field] ?? null) as string | null),
      ]);
      return {
        ...(Object.fromEntries(opened) as Record<string, string | null>),
        ...{ nameSource, interests, offers, seeks, languages, createdAt, updatedAt },
      };
    },

    async memberships(workosUserId) {
      const found = await memberships.find({ workosUserId }).toArray();
      return Promise.all(
        found.map(async ({ orgId, role, state, createdAt }) => ({
          organizationId: orgId,
          organization: (await organizations.findOne({ _id: orgId }))?.name ?? null,
          role,
          state,
          since: createdAt,
        })),
      );
    },

    async apiKeys(person) {
      const found = await keys.find({ createdBy: new ObjectId(person) }).toArray();
      return found.map((key) => {
        const id = key._id.toHexString();
        const shown = Object.fromEntries(keyFields.map((field) => [field, key[field] ?? null]));
        return { ...shown, _id: id, name: cipher.of("apiKeys").open(id, "name", String(key["name"])) };
      });
    },

    async connections(userId) {
      const found = await connections.find({ members: userId }).toArray();
      return found
        .map(({ members, askedBy, blockedBy, updatedAt }) => ({
          with: members.filter((member) => member !== userId).at(0) ?? null,
          youAskedOrAccepted: askedBy.includes(userId),
          connected: askedBy.length === 2,
          youBlocked: blockedBy.includes(userId),
          since: updatedAt,
        }))
        .filter(({ youAskedOrAccepted, youBlocked }) => youAskedOrAccepted || youBlocked);
    },

    async matching(userId) {
      const place = await queue.findOne({ _id: userId }, { projection: { heldBy: 0, entryId: 0 } });
      const answers = await outcomes.find({ userId }, { projection: { _id: 0 } }).toArray();
      return { place, answers, pairing: await pairingOf(database, userId) };
    },

    async calendar(userId) {
      const found = await calendars.findOne({ _id: userId }, { projection: { feedHash: 0, sourceToken: 0 } });
      if (found === null) return null;
      const sealed = cipher.of("calendars");
      const opened = ["exceptions", "sourceAddress", "busy"].map((field) => [
        field,
        sealed.open(userId, field, (found[field] ?? null) as string | null),
      ]);
      return { ...found, ...(Object.fromEntries(opened) as Record<string, string | null>) };
    },

    async ratings(userId) {
      const found = await ratings.find({ userId }).toArray();
      return found.map(({ meetingId, score, comment, updatedAt }) => ({
        meetingId,
        score,
        comment,
        updatedAt,
      }));
    },

    async *correctionsOf(id, userId) {
      const all = corrections.find({ meetingId: new ObjectId(id), revision: { $gte: 0 } });
      for await (const correction of all.sort({ revision: 1 })) {
        const { authorId, revision, kind, sequence, text, speakerLabel, createdAt: at } = correction;
        if (authorId.toHexString() !== userId) continue;
        yield { revision, kind, sequence, text, speakerLabel, at };
      }
    },

    async attendance(id, person) {
      const found = await places.findOne({ meetingId: new ObjectId(id), userId: new ObjectId(person) });
      if (found === null) return null;
      const { role, firstJoinedAt = null, joinedAt, leftAt, createdAt: invitedAt } = found;
      return { role, invitedAt, firstJoinedAt, lastJoinedAt: joinedAt, leftAt };
    },
  };
}
