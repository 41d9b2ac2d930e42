// Applications in the store: changed by their revision, so that two changes at once never undo each other.
import mongoose from "mongoose";
import type { ApplicationId, OrgId, PostingId, UserId } from "../../../../shared/ids.ts";
import { applicationStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { CollectionCipher, FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type {
  ApplicationChange,
  ApplicationsRepository,
  StoredApplication,
  StoredEntry,
} from "./applications.repository.ts";

type ApplicationDocument = Omit<StoredApplication, "id" | "userId" | "orgId" | "jobId"> & {
  _id: string;
  userId: string;
  orgId: string | null;
  jobId: string;
};

const text = { type: String, required: true } as const;
const perhaps = { type: String, default: null } as const;
const date = { type: Date, required: true } as const;
const noDate = { type: Date, default: null } as const;

const entrySchema = new mongoose.Schema<StoredEntry>(
  { at: date, kind: text, from: perhaps, to: perhaps, text: perhaps },
  { _id: false },
);

const applicationSchema = new mongoose.Schema<ApplicationDocument>(
  {
    _id: text,
    userId: text,
    orgId: perhaps,
    jobId: text,
    runId: perhaps,
    masterResumeId: perhaps,
    applicationStatus: { ...text, enum: applicationStatusSchema.options },
    appliedAt: noDate,
    responseReceivedAt: noDate,
    interviewScheduledAt: noDate,
    offerReceivedAt: noDate,
    rejectedAt: noDate,
    notes: { type: String, default: "" },
    nextAction: perhaps,
    nextActionDue: noDate,
    timeline: { type: [entrySchema], default: [] },
    isDeleted: { type: Boolean, default: false },
    deletedAt: noDate,
    revision: { type: Number, required: true },
    createdAt: date,
    updatedAt: date,
  },
  {
    collection: "applicationTracking",
    strict: "throw",
    autoIndex: false,
    autoCreate: false,
    versionKey: false,
  },
)
  .index({ userId: 1, orgId: 1, updatedAt: -1 })
  .index({ userId: 1, orgId: 1, jobId: 1 }, { unique: true })
  .index({ jobId: 1 })
  .index({ runId: 1 })
  .index({ deletedAt: 1 }, { partialFilterExpression: { isDeleted: true } });

export async function createApplicationsRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<ApplicationsRepository> {
  const applications = connection.model<ApplicationDocument>("ApplicationTracking", applicationSchema);
  await createIndexes(applications);
  const fields = cipher.of("applicationTracking");
  const opened = (found: ApplicationDocument | null) =>
    found === null ? null : toApplication(fields, found);

  return {
    async insert({ id, ...application }) {
      try {
        await applications.create({ ...application, ...sealed(fields, id, application), _id: id });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    find: async ({ userId, orgId }, id) =>
      opened(await applications.findOne({ _id: id, userId, orgId }).lean<ApplicationDocument>()),

    ofPosting: async ({ userId, orgId }, jobId) =>
      opened(await applications.findOne({ userId, orgId, jobId }).lean<ApplicationDocument>()),

    async list({ userId, orgId }, { deleted, limit }) {
      const found = await applications
        .find({ userId, orgId, isDeleted: deleted })
        .sort({ updatedAt: -1 })
        .limit(limit)
        .lean<ApplicationDocument[]>();
      return found.map((one) => toApplication(fields, one));
    },

    change: async ({ userId, orgId, id, revision }, set, now) =>
      opened(
        await applications
          .findOneAndUpdate(
            { _id: id, userId, orgId, revision },
            { $set: { ...set, ...sealed(fields, id, set), updatedAt: now, revision: revision + 1 } },
            { returnDocument: "after" },
          )
          .lean<ApplicationDocument>(),
      ),

    byId: async (id) => opened(await applications.findById(id).lean<ApplicationDocument>()),

    async ofRun(runId) {
      const found = await applications.find({ runId }).lean<ApplicationDocument[]>();
      return found.map((one) => toApplication(fields, one));
    },

    async removeOfPosting(jobId) {
      await applications.deleteMany({ jobId });
    },

    async removeOfPerson(userId) {
      await applications.deleteMany({ userId });
    },

    async allOfPerson(userId) {
      const found = await applications
        .find({ userId })
        .sort({ orgId: 1, updatedAt: -1 })
        .lean<ApplicationDocument[]>();
      return found.map((one) => toApplication(fields, one));
    },

    async removeDeletedBefore(before) {
      const { deletedCount } = await applications.deleteMany({ isDeleted: true, deletedAt: { $lt: before } });
      return deletedCount;
    },
  };
}

/** What its owner wrote, of what is set. */
function sealed(fields: CollectionCipher, id: string, { notes, nextAction, timeline }: ApplicationChange) {
  return {
    ...(notes === undefined ? {} : { notes: notes === "" ? "" : fields.seal(id, "notes", notes) }),
    ...(nextAction === undefined ? {} : { nextAction: fields.seal(id, "nextAction", nextAction) }),
    ...(timeline === undefined
      ? {}
      : {
          timeline: timeline.map((entry) => ({
            ...entry,
            text: fields.seal(id, "timeline.text", entry.text),
          })),
        }),
  };
}

function toApplication(fields: CollectionCipher, { _id, ...found }: ApplicationDocument): StoredApplication {
  return {
    ...found,
    id: _id as ApplicationId,
    userId: found.userId as UserId,
    orgId: found.orgId as OrgId | null,
    jobId: found.jobId as PostingId,
    notes: found.notes === "" ? "" : fields.open(_id, "notes", found.notes),
    nextAction: fields.open(_id, "nextAction", found.nextAction),
    timeline: found.timeline.map((entry) => ({
      ...entry,
      text: fields.open(_id, "timeline.text", entry.text),
    })),
  };
}
