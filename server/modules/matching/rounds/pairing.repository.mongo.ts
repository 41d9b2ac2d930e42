// Stored rounds in the store: one document a group, one a round, one a person who stays out.
import mongoose from "mongoose";
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import type {
  FixedGroup,
  OptOut,
  PairingRepository,
  StoredGroup,
  StoredRound,
} from "./pairing.repository.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";

type GroupDocument = Omit<StoredGroup, "id" | "orgId"> & { _id: string; orgId: string };
type RoundDocument = Omit<StoredRound, "id" | "orgId" | "people" | "groups"> & {
  _id: string;
  orgId: string;
  people: string[];
  groups: FixedGroup[];
};
/** `_id`: group and person. */
type OptOutDocument = Omit<OptOut, "userId"> & { _id: string; userId: string; updatedAt: Date };

const options = { autoIndex: false, autoCreate: false, versionKey: false, minimize: false } as const;
const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const count = { type: Number, required: true } as const;
const yesOrNo = { type: Boolean, required: true } as const;

const groupSchema = new mongoose.Schema<GroupDocument>(
  {
    _id: text,
    orgId: text,
    name: text,
    kind: text,
    everybody: yesOrNo,
    members: { type: mongoose.Schema.Types.Mixed, required: true },
    schedule: { type: mongoose.Schema.Types.Mixed, required: true },
    active: yesOrNo,
    version: count,
    createdAt: time,
    updatedAt: time,
  },
  { ...options, collection: "pairingGroups", strict: "throw" },
);
groupSchema.index({ orgId: 1, name: 1 });
groupSchema.index({ "members.userId": 1 });

const roundSchema = new mongoose.Schema<RoundDocument>(
  {
    _id: text,
    groupId: text,
    orgId: text,
    number: count,
    state: text,
    startsAt: time,
    publishAt: time,
    revision: count,
    people: { type: [String], default: [] },
    groups: { type: mongoose.Schema.Types.Mixed, required: true },
    alone: { type: mongoose.Schema.Types.Mixed, required: true },
    weightsVersion: { type: Number, default: null },
    createdAt: time,
    updatedAt: time,
  },
  { ...options, collection: "pairingRounds", strict: "throw" },
);
roundSchema.index({ groupId: 1, number: -1 });
roundSchema.index({ orgId: 1, state: 1, startsAt: -1 });
roundSchema.index({ state: 1, publishAt: 1 });
roundSchema.index({ people: 1 });

const optOutSchema = new mongoose.Schema<OptOutDocument>(
  {
    _id: text,
    groupId: text,
    userId: text,
    always: yesOrNo,
    round: { type: Number, default: null },
    updatedAt: time,
  },
  { ...options, collection: "pairingOptOuts", strict: "throw" },
);
optOutSchema.index({ groupId: 1 });
optOutSchema.index({ userId: 1 });

export async function createPairingRepository(connection: mongoose.Connection): Promise<PairingRepository> {
  const groups = connection.model<GroupDocument>("PairingGroup", groupSchema);
  const rounds = connection.model<RoundDocument>("PairingRound", roundSchema);
  const optOuts = connection.model<OptOutDocument>("PairingOptOut", optOutSchema);
  await createIndexes(groups, rounds, optOuts);

  const planned = (id: string) => ({ _id: id, state: "planned" as const });

  return {
    async groups(orgId) {
      return (await groups.find({ orgId }).sort({ name: 1 }).lean<GroupDocument[]>()).map(toGroup);
    },
    async group(id) {
      const found = await groups.findById(id).lean<GroupDocument>();
      return found === null ? null : toGroup(found);
    },
    async insertGroup({ id, ...group }) {
      await groups.create({ ...group, _id: id });
    },
    async changeGroup(id, version, change, now) {
      const result = await groups.updateOne(
        { _id: id, version },
        { $set: { ...change, updatedAt: now }, $inc: { version: 1 } },
      );
      return result.matchedCount === 1;
    },
    async removePerson(orgId, userId) {
      const named = await groups.find({ "members.userId": userId, orgId }).lean<GroupDocument[]>();
      await groups.updateMany({ "members.userId": userId, orgId }, { $pull: { members: { userId } } });
      const stays = await optOuts.find({ userId }).lean<OptOutDocument[]>();
      const theirs = await groups
        .find({ _id: { $in: [...new Set(stays.map(({ groupId }) => groupId))] }, orgId })
        .lean<GroupDocument[]>();
      for (const { _id } of [...named, ...theirs]) await optOuts.deleteOne({ _id: optOutId(_id, userId) });
    },

    async round(id) {
      const found = await rounds.findById(id).lean<RoundDocument>();
      return found === null ? null : toRound(found);
    },
    async rounds(groupId, limit) {
      const found = await rounds.find({ groupId }).sort({ number: -1 }).limit(limit).lean<RoundDocument[]>();
      return found.map(toRound);
    },
    async publishedSince(orgId, since, limit) {
      const found = await rounds
        .find({ orgId, state: "published", startsAt: { $gte: since } })
        .sort({ startsAt: -1 })
        .limit(limit)
        .lean<RoundDocument[]>();
      return found.map(toRound);
    },
    async publishedBefore({ groupId, number }, limit) {
      const found = await rounds
        .find({ groupId, state: "published", number: { $lt: number } })
        .sort({ number: -1 })
        .limit(limit)
        .lean<RoundDocument[]>();
      return found.map(toRound);
    },
    async open(limit) {
      const found = await rounds
        .find({ state: { $in: ["planned", "publishing"] } })
        .limit(limit)
        .lean<RoundDocument[]>();
      return found.map(toRound);
    },
    async insertRound({ id, ...round }) {
      try {
        await rounds.create({ ...round, _id: id });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    async moveRound(id, times, now) {
      const result = await rounds.updateOne(planned(id), {
        $set: { ...times, updatedAt: now },
        $inc: { revision: 1 },
      });
      return result.matchedCount === 1;
    },
    async skipRound(id, now) {
      const result = await rounds.updateOne(planned(id), { $set: { state: "skipped", updatedAt: now } });
      return result.matchedCount === 1;
    },
    async touchRound(id, now) {
      const result = await rounds.updateOne(planned(id), {
        $set: { updatedAt: now },
        $inc: { revision: 1 },
      });
      return result.matchedCount === 1;
    },
    async fixRound(id, revision, plan, now) {
      const result = await rounds.updateOne(
        { ...planned(id), revision },
        { $set: { ...plan, state: "publishing", updatedAt: now } },
      );
      return result.matchedCount === 1;
    },
    async movePair(id, place, { from, to, startsAt }, now) {
      const field = `groups.${place}.state`;
      const time = startsAt === undefined ? {} : { [`groups.${place}.startsAt`]: startsAt };
      const result = await rounds.updateOne(
        { _id: id, [field]: from },
        { $set: { [field]: to, ...time, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },
    async closeRound(id, now) {
      await rounds.updateOne(
        { _id: id, state: "publishing" },
        { $set: { state: "published", updatedAt: now } },
      );
    },

    async optOuts(groupId) {
      return (await optOuts.find({ groupId }).lean<OptOutDocument[]>()).map(toOptOut);
    },
    async optOutsOf(userId) {
      return (await optOuts.find({ userId }).lean<OptOutDocument[]>()).map(toOptOut);
    },
    async setOptOut({ groupId, userId, always, round }, now) {
      await optOuts.updateOne(
        { _id: optOutId(groupId, userId) },
        { $set: { groupId, userId, always, round, updatedAt: now } },
        { upsert: true },
      );
    },
    async removeOptOut(groupId, userId) {
      await optOuts.deleteOne({ _id: optOutId(groupId, userId) });
    },
  };
}

function toGroup({ _id, orgId, ...group }: GroupDocument): StoredGroup {
  return { ...group, id: _id, orgId: orgId as OrgId };
}

function toRound({ _id, orgId, people, ...round }: RoundDocument): StoredRound {
  return { ...round, id: _id, orgId: orgId as OrgId, people: people as UserId[] };
}

function toOptOut({ groupId, userId, always, round }: OptOutDocument): OptOut {
  return { groupId, userId: userId as UserId, always, round };
}

function optOutId(groupId: string, userId: UserId): string {
  return `${groupId}/${userId}`;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
