// The walk over encrypted documents in the store, and how far it is.
import type mongoose from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import type { Change, Stored } from "./rotation.ts";

/** Ids as they are in the store: of our own making, or the vendor's. */
export type StoredId = mongoose.mongo.ObjectId | string;

export interface Progress {
  /** The key that everything is to be under. */
  target: string;
  /** Which fields it takes over, as a hash of their names. Absent from those of before that was kept. */
  sealing?: string;
  state: "running" | "finished";
  /** Which of the jobs that follow each other works on it. */
  slice: number;
  /** Rises with every write, so that of two that work on it one stops. */
  step: number;
  /** Rounds over everything; the last one finds nothing to do. */
  pass: number;
  /** Where the round is: this collection, after this id. */
  collection: string | null;
  after: StoredId | null;
  seen: number;
  total: number;
  changed: number;
  changedInPass: number;
  /** Documents with values that could not be decrypted, in this round: they stay as they are. */
  unreadable: number;
  /** Documents by key in this round; null stands for values that are not encrypted. */
  counts: Count[];
  /** Of the last round that came to its end. */
  lastCounts: { at: Date; counts: Count[]; unreadable: number } | null;
  /** Null where it began by itself. */
  startedBy: UserId | null;
  startedAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
}

export interface Count {
  keyId: string | null;
  documents: number;
}

export interface WalkedDocument {
  _id: StoredId;
  document: Stored;
}

export interface RotationRepository {
  progress(): Promise<Progress | null>;
  /** False where somebody else has written since `from` was read (null: there was none). */
  write(progress: Progress, from: Progress | null): Promise<boolean>;
  /** In order of their ids, with these fields alone. */
  page(
    collection: string,
    options: { after: StoredId | null; limit: number; fields: readonly string[] },
  ): Promise<WalkedDocument[]>;
  /** How many of the changes found what they were made for. */
  apply(collection: string, changes: { _id: StoredId; change: Change }[]): Promise<number>;
  /** About how many documents there are. */
  size(collection: string): Promise<number>;
}

const progressId = "current";

export function createRotationRepository(connection: mongoose.Connection): RotationRepository {
  // By the driver: these are the documents of other modules, without their schemas.
  const database = connection.getClient().db(connection.name);
  const rotations = database.collection<Progress & { _id: string }>("keyRotations");
  const walked = (name: string) => database.collection<Stored & { _id: StoredId }>(name);
  return {
    async progress() {
      const found = await rotations.findOne({ _id: progressId });
      if (found === null) return null;
      const { _id, ...progress } = found;
      return progress;
    },

    async write(progress, from) {
      if (from !== null) {
        const filter = { _id: progressId, step: from.step };
        return (await rotations.updateOne(filter, { $set: progress })).matchedCount === 1;
      }
      try {
        await rotations.insertOne({ _id: progressId, ...progress });
        return true;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
        return false;
      }
    },

    async page(collection, { after, limit, fields }) {
      const found = await walked(collection)
        .find(after === null ? {} : { _id: { $gt: after } })
        .project<Stored & { _id: StoredId }>(Object.fromEntries(fields.map((field) => [field, 1])))
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ _id, ...document }) => ({ _id, document }));
    },

    async apply(collection, changes) {
      if (changes.length === 0) return 0;
      const result = await walked(collection).bulkWrite(
        changes.map(({ _id, change }) => ({
          updateOne: { filter: { _id, ...change.from }, update: { $set: change.to } },
        })),
        { ordered: false },
      );
      return result.matchedCount;
    },

    size: (collection) => walked(collection).estimatedDocumentCount(),
  };
}
