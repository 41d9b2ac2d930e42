// Quarters of an hour that are taken: one document a person and quarter, so that the store lets nobody take one twice.
import mongoose from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";

export interface Claim {
  userId: UserId;
  /** Of the epoch. */
  quarter: number;
  /** Who took it; the same for everything that is taken together. */
  token: string;
  /** Null as long as the meeting is being made. */
  meetingId: MeetingId | null;
  claimedAt: Date;
}

export interface ClaimsRepository {
  /** False where it is taken. */
  take(claim: Claim): Promise<boolean>;
  find(userId: UserId, quarter: number): Promise<Claim | null>;
  /** Gives it to another holder, if it still is held by `token`. */
  takeOver(claim: Claim, token: string): Promise<boolean>;
  /** How many quarters it still holds. */
  settle(token: string, meetingId: MeetingId): Promise<number>;
  release(token: string): Promise<void>;
  ofMeeting(meetingId: MeetingId): Promise<Claim[]>;
  /** Only those that still are as they were found. */
  free(claims: readonly Claim[]): Promise<void>;
}

interface ClaimDocument {
  _id: string;
  userId: string;
  token: string;
  meetingId: string | null;
  claimedAt: Date;
  /** A day after the quarter is over. */
  expiresAt: Date;
}

const quarterMs = 15 * 60_000;
const keptMs = 24 * 60 * 60_000;

const claimSchema = new mongoose.Schema<ClaimDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    token: { type: String, required: true },
    meetingId: { type: String, default: null },
    claimedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: "bookedTimes", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
)
  .index({ token: 1 })
  .index({ userId: 1 })
  .index({ meetingId: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export async function createClaimsRepository(connection: mongoose.Connection): Promise<ClaimsRepository> {
  const claims = connection.model<ClaimDocument>("BookedTime", claimSchema);
  await createIndexes(claims);
  return {
    async take(claim) {
      const { userId, token, meetingId, claimedAt } = claim;
      try {
        await claims.create({
          _id: idOf(claim),
          userId,
          token,
          meetingId,
          claimedAt,
          expiresAt: new Date((claim.quarter + 1) * quarterMs + keptMs),
        });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async find(userId, quarter) {
      const found = await claims.findById(idOf({ userId, quarter })).lean();
      return found === null ? null : toClaim(found);
    },

    async takeOver(claim, token) {
      const { matchedCount } = await claims.updateOne(
        { _id: idOf(claim), token },
        { $set: { token: claim.token, meetingId: claim.meetingId, claimedAt: claim.claimedAt } },
      );
      return matchedCount === 1;
    },

    async settle(token, meetingId) {
      return (await claims.updateMany({ token }, { $set: { meetingId } })).matchedCount;
    },

    async release(token) {
      await claims.deleteMany({ token });
    },

    async ofMeeting(meetingId) {
      return (await claims.find({ meetingId }).lean()).map(toClaim);
    },

    async free(held) {
      const tokens = Map.groupBy(held, ({ token }) => token);
      for (const [token, some] of tokens) await claims.deleteMany({ _id: { $in: some.map(idOf) }, token });
    },
  };
}

function toClaim({ _id, userId, token, meetingId, claimedAt }: ClaimDocument): Claim {
  return {
    userId: userId as UserId,
    quarter: Number(_id.slice(_id.indexOf("/") + 1)),
    token,
    meetingId: meetingId as MeetingId | null,
    claimedAt,
  };
}

function idOf({ userId, quarter }: Pick<Claim, "userId" | "quarter">): string {
  return `${userId}/${quarter}`;
}
