// The journal's collection in MongoDB: one document a flush, written by the driver itself, as it is the hottest path.
import mongoose, { type Connection } from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import type { JournalEntry } from "./index.ts";
import {
  documentId,
  formerTerm,
  numberOf,
  type JournalDocument,
  type JournalStore,
  type Term,
} from "./journal-store.ts";

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
  /** `<term>/<number>`; an ObjectId in documents of before there were terms. */
  _id: string | ObjectId;
  at: Date;
  /** Empty in a void document, which only keeps its id from being used. */
  entries: StoredEntry[];
  streams: string[];
  /** In the last document of a term that was ended: the term of who ended it. */
  fencedBy?: Term;
}

const durable = { writeConcern: { w: "majority", j: true } } as const;
const latest = { readConcern: { level: "majority" } } as const;
// Documents may be 12 MB large.
const scanBatch = 4;

/** Only the primary key is used, so there is no index to make. */
export async function createMongoJournalStore(connection: Connection): Promise<JournalStore> {
  await connection.asPromise();
  const collection = connection.getClient().db(connection.name).collection<StoredDocument>("journal");

  /** False where the id is taken. */
  async function insert(document: StoredDocument): Promise<boolean> {
    try {
      await collection.insertOne(document, durable);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }

  /** What stands under an id that is taken. */
  async function taken(_id: string | ObjectId): Promise<StoredDocument> {
    const there = await collection.findOne({ _id }, latest);
    if (there === null) throw new Error("a journal document vanished while its outcome was settled");
    return there;
  }

  return {
    async insert(document) {
      const stored = toStored(document);
      if (await insert(stored)) return "landed";
      // An earlier try of the same document, or the end of the term: only then it costs this look.
      return (await taken(stored._id)).fencedBy === undefined ? "landed" : "fenced";
    },

    async settle(document) {
      const empty = toStored({ ...document, entries: [] });
      if (await insert(empty)) return "void";
      const there = await taken(empty._id);
      if (there.fencedBy !== undefined) return "fenced";
      return there.entries.length === 0 ? "void" : "landed";
    },

    async fence(term, { by, at }) {
      if (term === formerTerm) return;
      for (;;) {
        const newest = await collection.findOne(idsOf(term), {
          ...latest,
          sort: { _id: -1 },
          projection: { fencedBy: 1 },
        });
        if (newest?.fencedBy !== undefined) return;
        const number = newest === null ? 0 : numberOf(newest._id as string) + 1;
        const _id = documentId(term, number);
        // Where it is taken, its owner has written meanwhile: the next number then.
        if (await insert({ _id, at, entries: [], streams: [], fencedBy: by })) return;
      }
    },

    async *scan(term) {
      const filter = idsOf(term);
      for (;;) {
        const page = await collection.find(filter, latest).sort({ _id: 1 }).limit(scanBatch).toArray();
        const last = page.at(-1);
        if (last === undefined) return;
        yield page.filter(({ fencedBy }) => fencedBy === undefined).map((one) => fromStored(term, one));
        filter._id.$gt = last._id;
      }
    },

    async remove(ids) {
      if (ids.length === 0) return;
      await collection.deleteMany({ _id: { $in: ids.map(toStoredId) } });
    },

    async forget(term) {
      if (term !== formerTerm) await collection.deleteMany(idsOf(term));
    },

    sizeOf: (payload) =>
      payload instanceof Uint8Array ? payload.byteLength : BSON.calculateObjectSize({ p: payload }),
  };
}

/** Comparisons of ids stay within their type: strings are met by strings, ObjectIds by ObjectIds. */
function idsOf(term: Term): { _id: { $gt: string | ObjectId; $lt?: string } } {
  if (term === formerTerm) return { _id: { $gt: new ObjectId("0".repeat(24)) } };
  return { _id: { $gt: `${term}/`, $lt: `${term}0` } };
}

function toStoredId(id: string): string | ObjectId {
  return id.includes("/") ? id : new ObjectId(id);
}

function toStored({ id, at, entries }: JournalDocument): StoredDocument {
  return {
    _id: id,
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

function fromStored(term: Term, { _id, at, entries }: StoredDocument): JournalDocument {
  return {
    id: typeof _id === "string" ? _id : _id.toHexString(),
    term,
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
