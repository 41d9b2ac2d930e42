// Connections in the store: one document for two people, changed by sets alone, so that two at once cannot contradict each other.
import mongoose from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import { pairId, type Pair } from "./connections.ts";
import type { ConnectionsRepository, PairKind } from "./connections.repository.ts";

interface ConnectionDocument {
  /** Both ids, the smaller first: two people have no second one. */
  _id: string;
  members: string[];
  askedBy: string[];
  /** Absent until somebody declines. */
  declinedBy?: string[];
  blockedBy: string[];
  createdAt: Date;
  updatedAt: Date;
}

const connectionSchema = new mongoose.Schema<ConnectionDocument>(
  {
    _id: { type: String, required: true },
    members: { type: [String], required: true },
    askedBy: { type: [String], default: [] },
    declinedBy: { type: [String], default: undefined },
    blockedBy: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "connections", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
);
connectionSchema.index({ members: 1, updatedAt: -1 });

export async function createConnectionsRepository(
  connection: mongoose.Connection,
): Promise<ConnectionsRepository> {
  const connections = connection.model<ConnectionDocument>("Connection", connectionSchema);
  await createIndexes(connections);

  function onInsert(a: UserId, b: UserId, now: Date) {
    return { members: [a, b].sort(), createdAt: now };
  }

  /** False where `filter` does not find the pair although it is there. */
  async function upsert(
    filter: mongoose.QueryFilter<ConnectionDocument>,
    update: mongoose.UpdateQuery<ConnectionDocument>,
  ): Promise<boolean> {
    for (const retry of [true, false]) {
      try {
        const { matchedCount, upsertedCount } = await connections.updateOne(filter, update, { upsert: true });
        return matchedCount + upsertedCount === 1;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        // Made by somebody else in this moment, or kept from being found by the filter: the second try tells.
        if (!retry) return false;
      }
    }
    return false;
  }

  return {
    async pair(a, b) {
      const found = await connections.findById(pairId(a, b)).lean();
      return found === null ? null : toPair(found);
    },

    async pairs(userId, others) {
      const found = await connections
        .find({ _id: { $in: others.map((other) => pairId(userId, other)) } })
        .lean();
      return found.map(toPair);
    },

    async ofKind(userId, kind, limit) {
      const found = await connections
        .find({ members: userId, ...filterOf(kind, userId) })
        .sort({ updatedAt: -1 })
        .limit(limit)
        .lean();
      return found.map(toPair);
    },

    async blockedAmong(pairIds) {
      const found = await connections
        .find({ _id: { $in: [...pairIds] }, "blockedBy.0": { $exists: true } })
        .lean();
      return found.map(toPair);
    },

    ask: (userId, other, now) =>
      upsert(
        { _id: pairId(userId, other), blockedBy: { $size: 0 } },
        {
          $addToSet: { askedBy: userId },
          $pull: { declinedBy: userId },
          $set: { updatedAt: now },
          $setOnInsert: { ...onInsert(userId, other, now), blockedBy: [] },
        },
      ),

    async accept(userId, other, now) {
      const { matchedCount } = await connections.updateOne(
        { _id: pairId(userId, other), askedBy: other, blockedBy: { $size: 0 } },
        { $addToSet: { askedBy: userId }, $pull: { declinedBy: userId }, $set: { updatedAt: now } },
      );
      return matchedCount === 1;
    },

    async decline(userId, other, now) {
      const { matchedCount } = await connections.updateOne(
        { _id: pairId(userId, other), askedBy: { $all: [other], $ne: userId } },
        { $addToSet: { declinedBy: userId }, $set: { updatedAt: now } },
      );
      return matchedCount === 1;
    },

    async withdraw(userId, other, now) {
      await connections.updateOne(
        { _id: pairId(userId, other), askedBy: [userId] },
        { $set: { askedBy: [], updatedAt: now } },
      );
    },

    async end(userId, other, now) {
      await connections.updateOne(
        { _id: pairId(userId, other), askedBy: { $size: 2 } },
        { $set: { askedBy: [], updatedAt: now } },
      );
    },

    async block(userId, other, now) {
      const blocked = await upsert(
        { _id: pairId(userId, other) },
        {
          $addToSet: { blockedBy: userId },
          $set: { askedBy: [], updatedAt: now },
          $setOnInsert: onInsert(userId, other, now),
        },
      );
      if (!blocked) throw new Error("a block found no place");
    },

    async unblock(userId, other, now) {
      await connections.updateOne(
        { _id: pairId(userId, other) },
        { $pull: { blockedBy: userId }, $set: { updatedAt: now } },
      );
    },
  };
}

function filterOf(kind: PairKind, userId: UserId): mongoose.QueryFilter<ConnectionDocument> {
  const open = { blockedBy: { $size: 0 } };
  switch (kind) {
    case "connected":
      return { ...open, askedBy: { $size: 2 } };
    case "outgoing":
      return { ...open, askedBy: [userId] };
    case "incoming":
      return { ...open, askedBy: { $size: 1, $ne: userId }, declinedBy: { $ne: userId } };
    case "blocked":
      return { blockedBy: userId };
  }
}

function toPair({ members, askedBy, declinedBy, blockedBy }: ConnectionDocument): Pair {
  return {
    members: members as UserId[],
    askedBy: askedBy as UserId[],
    declinedBy: (declinedBy ?? []) as UserId[],
    blockedBy: blockedBy as UserId[],
  };
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
