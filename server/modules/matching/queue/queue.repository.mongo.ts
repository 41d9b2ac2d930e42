// The live queue in the store: one document a person, one a proposal; each write says what it expects.
import mongoose from "mongoose";
import type { UserId } from "../../../../shared/ids.ts";
import type { MatchingRole } from "../score/candidate.ts";
import type { Factors, MatchingWeights } from "../score/weights.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { MeetingPlan } from "./meeting-plan.ts";
import type {
  EntryStatus,
  Proposal,
  ProposalState,
  QueueEntry,
  QueueRepository,
} from "./queue.repository.ts";

interface EntryDocument {
  /** The person's id: nobody waits twice. */
  _id: string;
  entryId: string;
  orgId: string | null;
  availableFrom: Date;
  availableTo: Date;
  roles: MatchingRole[];
  constraints: { interests: string[]; roles: MatchingRole[]; orgConstraints: "own" | "any" };
  status: EntryStatus;
  heldBy: string | null;
  matchedWith: string | null;
  matchId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

interface ProposalDocument {
  _id: string;
  people: string[];
  entryIds: string[];
  state: ProposalState;
  acceptedBy: string[];
  /** How many have accepted: by it what is to be settled is found. */
  yes: number;
  declinedBy: string | null;
  factors: Factors;
  weights: MatchingWeights;
  score: number;
  plan: MeetingPlan;
  meetingId: string | null;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

const options = { autoIndex: false, autoCreate: false, versionKey: false, minimize: false } as const;
const text = { type: String, required: true } as const;
const mayBeText = { type: String, default: null } as const;
const time = { type: Date, required: true } as const;

const entrySchema = new mongoose.Schema<EntryDocument>(
  {
    _id: text,
    entryId: text,
    orgId: mayBeText,
    availableFrom: time,
    availableTo: time,
    roles: { type: [String], required: true },
    constraints: { type: Object, required: true },
    status: text,
    heldBy: mayBeText,
    matchedWith: mayBeText,
    matchId: mayBeText,
    createdAt: time,
    updatedAt: time,
  },
  { ...options, collection: "matchingQueue", strict: "throw" },
);
entrySchema.index({ updatedAt: 1 });
entrySchema.index({ status: 1, availableTo: 1 });
entrySchema.index({ heldBy: 1 });
entrySchema.index({ matchId: 1 });
entrySchema.index({ orgId: 1, status: 1 });

const proposalSchema = new mongoose.Schema<ProposalDocument>(
  {
    _id: text,
    people: { type: [String], required: true },
    entryIds: { type: [String], required: true },
    state: text,
    acceptedBy: { type: [String], default: [] },
    yes: { type: Number, default: 0 },
    declinedBy: mayBeText,
    factors: { type: Object, required: true },
    weights: { type: Object, required: true },
    score: { type: Number, required: true },
    plan: { type: Object, required: true },
    meetingId: mayBeText,
    expiresAt: time,
    createdAt: time,
    updatedAt: time,
  },
  { ...options, collection: "matchingProposals", strict: "throw" },
);
proposalSchema.index({ people: 1, state: 1, updatedAt: -1 });
proposalSchema.index({ updatedAt: 1 });
proposalSchema.index({ state: 1, expiresAt: 1 });
proposalSchema.index({ state: 1, yes: 1 });
proposalSchema.index({ state: 1, meetingId: 1 });

export async function createQueueRepository(connection: mongoose.Connection): Promise<QueueRepository> {
  const entries = connection.model<EntryDocument>("MatchingEntry", entrySchema);
  const proposals = connection.model<ProposalDocument>("MatchingProposal", proposalSchema);
  await createIndexes(entries, proposals);

  const waiting = (userId: UserId, entryId: string) => ({ _id: userId, entryId, status: "waiting" as const });

  return {
    async entry(userId) {
      const found = await entries.findById(userId).lean();
      return found === null ? null : toEntry(found);
    },

    async enter({ userId, wishes, roles, ...entry }) {
      const document = { ...entry, roles: [...roles], constraints: toConstraints(wishes) };
      try {
        // Who waits is not found by this, and finds no room beside themselves.
        await entries.updateOne(
          { _id: userId, status: { $ne: "waiting" } },
          { $set: document },
          { upsert: true },
        );
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    async hold(userId, entryId, proposalId, now) {
      const result = await entries.updateOne(
        { ...waiting(userId, entryId), heldBy: { $in: [null, proposalId] } },
        { $set: { heldBy: proposalId, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    async release(userId, proposalId, now) {
      await entries.updateOne(
        { _id: userId, heldBy: proposalId, status: "waiting" },
        { $set: { heldBy: null, updatedAt: now } },
      );
    },

    async match(userId, { proposalId, matchedWith, now }) {
      await entries.updateOne(
        { _id: userId, heldBy: proposalId, status: "waiting" },
        { $set: { status: "matched", heldBy: null, matchedWith, matchId: proposalId, updatedAt: now } },
      );
    },

    async leave(userId, entryId, status, now) {
      const result = await entries.updateOne(
        { ...waiting(userId, entryId), heldBy: null },
        { $set: { status, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    async unmatch(proposalId, now) {
      await entries.updateMany(
        { matchId: proposalId, status: "matched" },
        { $set: { status: "cancelled", matchedWith: null, matchId: null, updatedAt: now } },
      );
    },

    async entriesSince(since) {
      return (
        await entries
          .find({ updatedAt: { $gte: since } })
          .sort({ updatedAt: 1 })
          .lean()
      ).map(toEntry);
    },

    async overdueEntries(now, limit) {
      const found = await entries
        .find({ status: "waiting", availableTo: { $lte: now } })
        .limit(limit)
        .lean();
      return found.map(toEntry);
    },

    async held(limit) {
      return (
        await entries
          .find({ heldBy: { $gt: "" } })
          .limit(limit)
          .lean()
      ).map(toEntry);
    },

    async waitingFrom(orgId) {
      const found = await entries.find({ orgId, status: "waiting" }, { _id: 1 }).lean();
      return found.map(({ _id }) => _id as UserId);
    },

    async proposal(id) {
      const found = await proposals.findById(id).lean();
      return found === null ? null : toProposal(found);
    },

    async propose({ id, ...proposal }) {
      try {
        await proposals.create({ ...proposal, _id: id, yes: proposal.acceptedBy.length });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    async openProposalsOf(userId) {
      const found = await proposals.find({ people: userId, state: "open" }).sort({ updatedAt: -1 }).lean();
      return found.map(toProposal);
    },

    async proposalsSince(since) {
      const found = await proposals
        .find({ updatedAt: { $gte: since } })
        .sort({ updatedAt: 1 })
        .lean();
      return found.map(toProposal);
    },

    async accept(id, userId, now) {
      const open = { _id: id, state: "open" as const, expiresAt: { $gt: now } };
      await proposals.updateOne(
        { ...open, acceptedBy: { $ne: userId } },
        { $push: { acceptedBy: userId }, $inc: { yes: 1 }, $set: { updatedAt: now } },
      );
      const found = await proposals.findOne({ ...open, acceptedBy: userId }).lean();
      return found === null ? null : toProposal(found);
    },

    async close(id, { state, declinedBy = null }, now) {
      const result = await proposals.updateOne(
        { _id: id, state: "open" },
        { $set: { state, declinedBy, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    async setMeeting(id, meetingId, now) {
      await proposals.updateOne({ _id: id }, { $set: { meetingId, updatedAt: now } });
    },

    async annul(id, now) {
      await proposals.updateOne(
        { _id: id, state: "settled", meetingId: null },
        { $set: { state: "void", updatedAt: now } },
      );
    },

    async overdueProposals(now, limit) {
      const found = await proposals
        .find({ state: "open", expiresAt: { $lte: now } })
        .limit(limit)
        .lean();
      return found.map(toProposal);
    },

    async unfinished(limit) {
      const [accepted, settled] = await Promise.all([
        proposals.find({ state: "open", yes: 2 }).limit(limit).lean(),
        proposals.find({ state: "settled", meetingId: null }).limit(limit).lean(),
      ]);
      return [...accepted, ...settled].map(toProposal);
    },

    async pastOf(userId, limit) {
      const states = ["settled", "declined"] as const;
      const found = await Promise.all(
        states.map((state) =>
          proposals.find({ people: userId, state }).sort({ updatedAt: -1 }).limit(limit).lean(),
        ),
      );
      return found.flat().map(toProposal);
    },

    async ofMeetings(meetingIds) {
      const found = await proposals.find({ state: "settled", meetingId: { $in: [...meetingIds] } }).lean();
      return found.map(toProposal);
    },
  };
}

function toConstraints({
  interests,
  roles,
  organization,
}: QueueEntry["wishes"]): EntryDocument["constraints"] {
  return { interests: [...interests], roles: [...roles], orgConstraints: organization };
}

function toEntry({ _id, constraints, matchedWith, ...entry }: EntryDocument): QueueEntry {
  const { interests, roles, orgConstraints } = constraints;
  return {
    ...entry,
    userId: _id as UserId,
    matchedWith: matchedWith as UserId | null,
    wishes: { interests, roles, organization: orgConstraints },
  };
}

function toProposal({ _id, yes: _yes, ...proposal }: ProposalDocument): Proposal {
  return { ...proposal, id: _id } as Proposal;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
