// Jobs in the store: every write of a run is fenced by the lease token that its claim was given.
import mongoose from "mongoose";
import { createIndexes } from "../platform/create-indexes.ts";

export interface StoredJob {
  id: string;
  name: string;
  key: string;
  /** JSON text. */
  payload: string;
  /** Claims counted against the job's limit of tries. */
  attempts: number;
  /** All claims ever made; only rises. */
  claims: number;
  leaseToken: string;
  /** `traceparent` of what enqueued it. */
  trace: string | null;
}

export interface JobStore {
  /** False where a job of this name and key exists already. */
  insert(job: {
    name: string;
    key: string;
    payload: string;
    runAt: Date;
    now: Date;
    trace?: string | null;
  }): Promise<boolean>;
  /** The due job that waited longest, leased until `leaseUntil`; a lease that ran out counts as due. */
  claim(options: {
    names: string[];
    leaseToken: string;
    now: Date;
    leaseUntil: Date;
  }): Promise<StoredJob | null>;
  /** False where the lease was lost. */
  renew(id: string, leaseToken: string, leaseUntil: Date): Promise<boolean>;
  complete(id: string, leaseToken: string, now: Date): Promise<boolean>;
  retryAt(
    id: string,
    leaseToken: string,
    options: { runAt: Date; code: string; now: Date },
  ): Promise<boolean>;
  bury(id: string, leaseToken: string, options: { code: string; now: Date }): Promise<boolean>;
  /** Gives the job back at once and does not count the claim as a try. */
  release(id: string, leaseToken: string, now: Date): Promise<boolean>;
  /** False where no such job is dead or done. */
  revive(name: string, key: string, options: { runAt: Date; now: Date }): Promise<boolean>;
  /** Has a running job wait for `runAt` when it has ended, instead of being done or dead; false where none runs. */
  askAgain(name: string, key: string, runAt: Date): Promise<boolean>;
  exists(name: string, key: string): Promise<boolean>;
  count(state: JobState): Promise<number>;
  /** Forgets jobs that were done before `before`; the number of them. */
  purgeDone(before: Date): Promise<number>;
}

export type JobState = "waiting" | "running" | "done" | "dead";

interface JobDocument {
  _id: mongoose.Types.ObjectId;
  name: string;
  key: string;
  payload: string;
  state: JobState;
  /** When a worker may take it: its run time while waiting, the end of its lease while running, else null. */
  dueAt: Date | null;
  leaseToken: string | null;
  attempts: number;
  claims: number;
  /** Absent in jobs of before there were traces. */
  trace?: string | null;
  error: { code: string; at: Date } | null;
  /** When it is to run again after the present run; absent where nobody has asked for it. */
  againAt?: Date | null;
  createdAt: Date;
  updatedAt: Date;
  doneAt: Date | null;
}

const jobSchema = new mongoose.Schema<JobDocument>(
  {
    name: { type: String, required: true },
    key: { type: String, required: true },
    payload: { type: String, required: true },
    state: { type: String, required: true, enum: ["waiting", "running", "done", "dead"] },
    dueAt: { type: Date, default: null },
    leaseToken: { type: String, default: null },
    attempts: { type: Number, required: true },
    claims: { type: Number, required: true },
    trace: { type: String, default: null },
    error: {
      type: new mongoose.Schema({ code: String, at: Date }, { _id: false, strict: "throw" }),
      default: null,
    },
    againAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    doneAt: { type: Date, default: null },
  },
  { collection: "jobs", autoIndex: false, autoCreate: false, versionKey: false, strict: "throw" },
);
jobSchema.index({ name: 1, key: 1 }, { unique: true });
// Done and dead jobs have no dueAt: a range over dates meets open jobs only.
jobSchema.index({ dueAt: 1, _id: 1 });
jobSchema.index({ state: 1 });
jobSchema.index({ doneAt: 1 });

export async function createJobStore(connection: mongoose.Connection): Promise<JobStore> {
  const model = connection.model<JobDocument>("Job", jobSchema);
  await createIndexes(model);

  const fenced = async (id: string, leaseToken: string, set: Partial<JobDocument>, attempts = 0) => {
    const change = attempts === 0 ? { $set: set } : { $set: set, $inc: { attempts } };
    const result = await model.updateOne({ _id: id, leaseToken }, change);
    return result.matchedCount === 1;
  };

  /** A job that was asked for again during its run waits instead, with its tries counted anew. */
  const endedOrAgain = async (id: string, leaseToken: string, end: Partial<JobDocument>) => {
    const ended = await model.updateOne({ _id: id, leaseToken, againAt: null }, { $set: end });
    if (ended.matchedCount === 1) return true;
    const asked = await model.findOne({ _id: id, leaseToken }, { againAt: 1, updatedAt: 1 }).lean();
    if (asked === null) return false;
    const dueAt = asked.againAt ?? asked.updatedAt;
    return fenced(id, leaseToken, { state: "waiting", dueAt, leaseToken: null, attempts: 0, error: null });
  };

  return {
    async insert({ name, key, payload, runAt, now, trace = null }) {
      try {
        await model.collection.insertOne({
          _id: new mongoose.Types.ObjectId(),
          name,
          key,
          payload,
          state: "waiting",
          dueAt: runAt,
          leaseToken: null,
          attempts: 0,
          claims: 0,
          trace,
          error: null,
          createdAt: now,
          updatedAt: now,
          doneAt: null,
        });
        return true;
      } catch (error) {
        if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return false;
        throw error;
      }
    },

    async claim({ names, leaseToken, now, leaseUntil }) {
      const job = await model
        .findOneAndUpdate(
          { dueAt: { $lte: now }, name: { $in: names } },
          {
            $set: { state: "running", leaseToken, dueAt: leaseUntil, againAt: null, updatedAt: now },
            $inc: { attempts: 1, claims: 1 },
          },
          {
            sort: { dueAt: 1, _id: 1 },
            // Named, as a planner may prefer the equal names, which all the done jobs have as well.
            hint: { dueAt: 1, _id: 1 },
            returnDocument: "after",
          },
        )
        .lean();
      if (job === null) return null;
      const { name, key, payload, attempts, claims, trace = null } = job;
      return { id: job._id.toHexString(), name, key, payload, attempts, claims, leaseToken, trace };
    },

    renew: (id, leaseToken, leaseUntil) => fenced(id, leaseToken, { dueAt: leaseUntil }),
    complete: (id, leaseToken, now) =>
      endedOrAgain(id, leaseToken, {
        state: "done",
        dueAt: null,
        leaseToken: null,
        updatedAt: now,
        doneAt: now,
      }),
    retryAt: (id, leaseToken, { runAt, code, now }) =>
      fenced(id, leaseToken, {
        state: "waiting",
        dueAt: runAt,
        leaseToken: null,
        error: { code, at: now },
        updatedAt: now,
      }),
    bury: (id, leaseToken, { code, now }) =>
      endedOrAgain(id, leaseToken, {
        state: "dead",
        dueAt: null,
        leaseToken: null,
        error: { code, at: now },
        updatedAt: now,
      }),
    release: (id, leaseToken, now) =>
      fenced(id, leaseToken, { state: "waiting", dueAt: now, leaseToken: null, updatedAt: now }, -1),

    async revive(name, key, { runAt, now }) {
      const result = await model.updateOne(
        { name, key, state: { $in: ["dead", "done"] } },
        {
          $set: { state: "waiting", dueAt: runAt, attempts: 0, error: null, doneAt: null, updatedAt: now },
        },
      );
      return result.matchedCount === 1;
    },

    async askAgain(name, key, runAt) {
      const result = await model.updateOne({ name, key, state: "running" }, { $set: { againAt: runAt } });
      return result.matchedCount === 1;
    },

    async exists(name, key) {
      return (await model.exists({ name, key })) !== null;
    },

    count: (state) => model.countDocuments({ state }),

    async purgeDone(before) {
      const result = await model.deleteMany({ doneAt: { $lte: before } });
      return result.deletedCount;
    },
  };
}
