// The cluster's collections in MongoDB: `nodes` and `meetingOwners`.
import type { Connection } from "mongoose";
import type { Term } from "../journal/journal-store.ts";
import type { ClusterStore, NodeRecord, Owner } from "./cluster-store.ts";

interface NodeDocument extends Omit<NodeRecord, "term" | "state"> {
  _id: Term;
  state: NodeRecord["state"] | "closed";
  startedAt: Date;
  heartbeatAt: Date;
  closedAt: Date | null;
}

interface OwnerDocument extends Owner {
  _id: string;
}

const durable = { writeConcern: { w: "majority", j: true } } as const;
const latest = { readConcern: { level: "majority" } } as const;

export async function createMongoClusterStore(connection: Connection): Promise<ClusterStore> {
  await connection.asPromise();
  const database = connection.getClient().db(connection.name);
  const nodes = database.collection<NodeDocument>("nodes");
  const owners = database.collection<OwnerDocument>("meetingOwners");
  await nodes.createIndex({ state: 1, closedAt: 1 });

  async function find(meetingId: string): Promise<Owner | null> {
    const found = await owners.findOne({ _id: meetingId }, latest);
    return found === null ? null : { term: found.term, epoch: found.epoch };
  }

  return {
    async enter({ term, ...node }, at) {
      await nodes.insertOne({ _id: term, ...node, startedAt: at, heartbeatAt: at, closedAt: null }, durable);
    },

    async beat(term, at) {
      const change = { $set: { heartbeatAt: at }, $inc: { beats: 1 } };
      const { matchedCount } = await nodes.updateOne({ _id: term, state: "open" }, change);
      return matchedCount === 1;
    },

    async end(term, changes) {
      await nodes.updateOne(
        { _id: term, state: { $ne: "closed" } },
        { $set: { state: "ended", ...changes } },
        durable,
      );
    },

    async close(term, at) {
      await nodes.updateOne({ _id: term }, { $set: { state: "closed", closedAt: at } }, durable);
    },

    async unclosed() {
      const found = await nodes.find({ state: { $in: ["open", "ended"] } }, latest).toArray();
      found.sort((a, b) => (a._id < b._id ? -1 : 1));
      return found.map(({ _id, host, pid, beats, alone, state }) => ({
        term: _id,
        host,
        pid,
        beats,
        alone,
        state: state === "open" ? "open" : "ended",
      }));
    },

    async closedBefore(time) {
      const found = await nodes.find({ state: "closed", closedAt: { $lt: time } }).toArray();
      return found.map(({ _id }) => _id);
    },

    async forget(term) {
      await nodes.deleteOne({ _id: term });
    },

    owner: find,

    async claim(meetingId, from, term) {
      if (from === null) {
        try {
          await owners.insertOne({ _id: meetingId, term, epoch: 1 }, durable);
          return { term, epoch: 1 };
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
        }
      } else {
        const next = { term, epoch: from.epoch + 1 };
        const { modifiedCount } = await owners.updateOne(
          { _id: meetingId, ...from },
          { $set: next },
          durable,
        );
        if (modifiedCount === 1) return next;
      }
      const owner = await find(meetingId);
      if (owner === null) throw new Error("a meeting's owner vanished");
      return owner;
    },
  };
}
