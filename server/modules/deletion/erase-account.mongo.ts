// What is kept of a person beside their meetings: emails, keys, answers to their requests, and where they acted from.
import mongoose, { type Connection } from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import { erasePairing } from "./erase-pairing.mongo.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

export interface AccountEraser {
  /** Emails to the person, which kinds of them they want, and those of these meetings, to whomever: they quote and name people. */
  removeMails(userId: UserId, meetingIds: readonly MeetingId[]): Promise<number>;
  /** What names the person by their address alone: emails from before they had an account, feature flags, a bounce. */
  removeAddress(email: string): Promise<void>;
  removeApiKeys(userId: UserId): Promise<string[]>;
  /** And the times that they are booked for. */
  removeConnections(userId: UserId): Promise<void>;
  /** Their place in the queue, what was proposed to them, what they answered, and their places in rounds of pairing. */
  removeMatching(userId: UserId): Promise<void>;
  removeRatings(userId: UserId): Promise<void>;
  /** Their own as a coach. */
  removeReviews(userId: UserId): Promise<void>;
  /** Answers to their requests, which are kept for a day in case one is repeated. */
  removeAnswers(userId: UserId): Promise<number>;
  /** Address and program of what they did; the chain covers both by a hash, and stays whole. */
  removeOrigins(userId: UserId): Promise<number>;
}

interface AuditOrigin {
  _id: ObjectId;
  actorUserId: ObjectId | null;
  ipAddress: string | null;
  userAgent: string | null;
  salt: string | null;
}

export function createAccountEraser(connection: Connection, cipher: FieldCipher): AccountEraser {
  const sealedFlags = cipher.of("featureFlags");
  const database = connection.getClient().db(connection.name);
  const mails = database.collection<{
    toUserId: ObjectId | null;
    toEmail: string;
    meetingId: ObjectId | null;
  }>("outboxMails");
  const mailSettings = database.collection<{ _id: string }>("mailSettings");
  const bounces = database.collection<{ _id: string }>("mailBounces");
  const keys = database.collection<{ _id: ObjectId; createdBy: ObjectId }>("apiKeys");
  const ratings = database.collection<{ userId: string }>("meetingRatings");
  const bookedTimes = database.collection<{ userId: string }>("bookedTimes");
  const calendars = database.collection<{ _id: string }>("calendars");
  const connections = database.collection<{ members: string[] }>("connections");
  const queue = database.collection<{ _id: string }>("matchingQueue");
  const proposals = database.collection<{ people: string[] }>("matchingProposals");
  const outcomes = database.collection<{ userId: string }>("matchingAnalytics");
  const reviews = database.collection<{ userId: ObjectId }>("coachReviews");
  const answers = database.collection<{ userId: string | null }>("idempotencyKeys");
  const flags = database.collection<{
    environment: string;
    key: string;
    onForPeople: string[];
    offForPeople: string[];
  }>("featureFlags");
  const entries = database.collection<AuditOrigin>("auditLogs");

  return {
    async removeMails(person, meetingIds) {
      const userId = new ObjectId(person);
      await mailSettings.deleteOne({ _id: person });
      const theirs = await mails.deleteMany({ toUserId: userId });
      const meetings = meetingIds.map((id) => new ObjectId(id));
      const about = await mails.deleteMany({ meetingId: { $in: meetings } });
      return theirs.deletedCount + about.deletedCount;
    },

    async removeAddress(email) {
      await mails.deleteMany({ toEmailHash: cipher.hashOfEmail(email), toUserId: null });
      await bounces.deleteOne({ _id: cipher.hashOfEmail(email) });
      for await (const flag of flags.find({ environment: { $gt: "" } })) {
        const id = `${flag.environment}/${flag.key}`;
        for (const field of ["onForPeople", "offForPeople"] as const) {
          const named = flag[field];
          const left = named.filter((stored) => sealedFlags.open(id, field, stored) !== email);
          if (left.length < named.length)
            await flags.updateOne(
              { environment: flag.environment, key: flag.key },
              { $set: { [field]: left } },
            );
        }
      }
    },

    async removeApiKeys(person) {
      const createdBy = new ObjectId(person);
      const found = await keys.find({ createdBy }, { projection: { _id: 1 } }).toArray();
      await keys.deleteMany({ createdBy });
      return found.map(({ _id }) => _id.toHexString());
    },

    async removeConnections(person) {
      await connections.deleteMany({ members: person });
      await bookedTimes.deleteMany({ userId: person });
      await calendars.deleteOne({ _id: person });
    },

    async removeMatching(person) {
      // The place first: whoever has none is proposed to nobody.
      await queue.deleteOne({ _id: person });
      await proposals.deleteMany({ people: person });
      await outcomes.deleteMany({ userId: person });
      await erasePairing(database, person);
    },

    async removeRatings(person) {
      await ratings.deleteMany({ userId: person });
    },

    async removeReviews(person) {
      await reviews.deleteMany({ userId: new ObjectId(person) });
    },

    async removeAnswers(userId) {
      return (await answers.deleteMany({ userId })).deletedCount;
    },

    async removeOrigins(person) {
      const { modifiedCount } = await entries.updateMany(
        { actorUserId: new ObjectId(person) },
        { $set: { ipAddress: null, userAgent: null, salt: null } },
      );
      return modifiedCount;
    },
  };
}
