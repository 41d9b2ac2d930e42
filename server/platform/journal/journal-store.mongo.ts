// The journal's collection in MongoDB: one document a flush, written by the driver itself, as it is the hottest path.
import mongoose, { type Connection } from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import type { JournalEntry } from "./index.ts";
import type { JournalDocument, JournalStore } from "./journal-store.ts";

const { BSON, Binary, ObjectId } = mongoose.mongo;
type Binary = mongoose.mongo.Binary;
type ObjectId = mongoose.mongo.ObjectId;

// Short names: they are stored with every entry.
interface StoredEntry {
  s: string;
  q: number;
  k: string | null;
  a: ObjectId | null;
  t: Date;
  p: unknown;
}

interface StoredDocument {
  _id: ObjectId;
  node: string;
  epoch: number;
  at: Date;
  /** Empty in a void document, which only keeps its id from being used. */
  entries: StoredEntry[];
  streams: string[];
}

const durable = { writeConcern: { w: "majority", j: true } } as const;
// Documents may be 12 MB large.
const scanBatch = 4;

/** Only the primary key is used, so there is no index to make. */
export async function createMongoJournalStore(connection: Connection): Promise<JournalStore> {
  await connection.asPromise();
  const collection = connection.getClient().db(connection.name).collection<StoredDocument>("journal");
  return {
    async insert(document) {
      try {
        await collection.insertOne(toStored(document), durable);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    async settle(document) {
      const { _id, node, epoch, at } = toStored({ ...document, entries: [] });
      try {
        await collection.insertOne({ _id, node, epoch, at, entries: [], streams: [] }, durable);
        return "void";
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const there = await collection.findOne({ _id }, { readConcern: { level: "majority" } });
      if (there === null) throw new Error("a journal document vanished while its outcome was settled");
      return there.entries.length === 0 ? "void" : "landed";
    },
    async *scan() {
      let after: ObjectId | null = null;
      for (;;) {
        const filter: mongoose.mongo.Filter<StoredDocument> = after === null ? {} : { _id: { $gt: after } };
        const page: StoredDocument[] = await collection
          .find(filter)
          .sort({ _id: 1 })
          .limit(scanBatch)
          .toArray();
        const last = page.at(-1);
        if (last === undefined) return;
        yield page.map(fromStored);
        after = last._id;
      }
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await collection.deleteMany({ _id: { $in: ids.map((id) => new ObjectId(id)) } });
    },
    sizeOf: (payload) =>
      payload instanceof Uint8Array ? payload.byteLength : BSON.calculateObjectSize({ p: payload }),
  };
}

function toStored(document: JournalDocument): StoredDocument {
  const { id, node, epoch, at, entries } = document;
  return {
    _id: new ObjectId(id),
    node,
    epoch,
    at,
    entries: entries.map(({ stream, sequence, key, authorId, at: arrivedAt, payload }) => ({
      s: stream,
      q: sequence,
      k: key,
      a: authorId === null ? null : new ObjectId(authorId),
      t: arrivedAt,
      p: payload instanceof Uint8Array ? new Binary(payload) : payload,
    })),
    streams: [...new Set(entries.map(({ stream }) => stream))],
  };
}

function fromStored({ _id, node, epoch, at, entries }: StoredDocument): JournalDocument {
  return {
    id: _id.toHexString(),
    node,
    epoch,
    at,
    entries: entries.map(({ s, q, k, a, t, p }): JournalEntry => ({
      stream: s,
      sequence: q,
      key: k,
      authorId: a === null ? null : (a.toHexString() as UserId),
      at: t,
      payload: isBinary(p) ? new Uint8Array(p.value()) : p,
    })),
  };
}

function isBinary(value: unknown): value is Binary {
  return value instanceof Binary;
}

function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
