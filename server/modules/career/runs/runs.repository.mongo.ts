// Runs in the document store; what a worker writes is conditional on its claim, so that a late one changes nothing.
import mongoose from "mongoose";
import { AppError } from "../../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import type { RunStatus } from "../../../../shared/schemas/career/enums.ts";
import { rubricSchema } from "../../../../shared/schemas/career/rubric.ts";
import { defaultRunPage, runTailoredSchema } from "../../../../shared/schemas/career/runs.ts";
import { selectionPlanSchema } from "../../../../shared/schemas/career/selection.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type { CareerOwner } from "../career.policy.ts";
import { createRunModels, soonDurable, type MadeDocument, type RunDocument } from "./runs.models.mongo.ts";
import {
  writerOf,
  type RunChange,
  type RunLease,
  type RunsRepository,
  type StoredRun,
} from "./runs.repository.ts";
import { createRunSealer, type RunSealer } from "./runs.sealing.ts";

const open: RunStatus[] = ["pending", "running"];
const ended: RunStatus[] = ["success", "error"];

export async function createRunsRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<RunsRepository> {
  const { runs, rubrics, plans, tailored } = await createRunModels(connection);
  const ownRuns = createRunSealer(cipher, "runs");
  const ownRubrics = createRunSealer(cipher, "runRubrics");
  const ownPlans = createRunSealer(cipher, "selectionPlans");
  const ownTailored = createRunSealer(cipher, "tailoredResumes");
  const toStored = (document: RunDocument) => storedOf(ownRuns.open(document.runId, document));
  const fieldsOf = (runId: string, change: RunChange) => ownRuns.seal(runId, changedFields(change));

  /** False where a later claim, or a later edition, has written here. */
  async function put<Document extends MadeDocument>(
    [model, sealer]: [mongoose.Model<Document>, RunSealer],
    lease: RunLease,
    made: { id: string; createdAt: Date; fields: object },
  ): Promise<boolean> {
    const { runId, edition } = lease;
    const writer = writerOf(lease);
    const set = { ...sealer.seal(made.id, made.fields), runId, edition, writer, createdAt: made.createdAt };
    try {
      await (model as unknown as mongoose.Model<MadeDocument>).updateOne(
        { _id: made.id, writer: { $lte: writer } },
        { $set: set },
        { upsert: true, ...soonDurable },
      );
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  /** With all that was made: first what hangs on it, so that nothing is left without its run. */
  async function remove(runIds: string[]): Promise<string[]> {
    if (runIds.length === 0) return [];
    await Promise.all([
      rubrics.deleteMany({ runId: { $in: runIds } }),
      plans.deleteMany({ runId: { $in: runIds } }),
      tailored.deleteMany({ runId: { $in: runIds } }),
    ]);
    await runs.deleteMany({ runId: { $in: runIds } });
    return runIds;
  }

  return {
    async insert(run) {
      try {
        await runs.create(ownRuns.seal(run.runId, toDocument(run)));
      } catch (error) {
        if (isTaken(error)) throw new AppError("CONFLICT", "There is such a run already.", { cause: error });
        throw error;
      }
    },

    async find(owner, runId) {
      const found = await runs.findOne({ runId, ...of(owner) }).lean<RunDocument>();
      return found === null ? null : toStored(found);
    },

    async load(runId) {
      const found = await runs.findOne({ runId }).lean<RunDocument>();
      return found === null ? null : toStored(found);
    },

    async list(owner, { masterResumeId, jobId, status, deleted = false, before, limit }) {
      const behind =
        before === null
          ? {}
          : {
              createdAt: { $lte: before.createdAt },
              $or: [
                { createdAt: { $lt: before.createdAt } },
                { createdAt: before.createdAt, runId: { $lt: before.runId } },
              ],
            };
      const found = await runs
        .find({
          ...of(owner),
          isDeleted: deleted,
          ...(masterResumeId !== undefined && { masterResumeId }),
          ...(jobId !== undefined && { jobId }),
          ...(status !== undefined && { status }),
          ...behind,
        })
        .sort({ createdAt: -1, runId: -1 })
        .limit(limit)
        .lean<RunDocument[]>();
      return found.map(toStored);
    },

    async countOpen(owner) {
      return await runs.countDocuments({ ...of(owner), status: { $in: open }, isDeleted: false });
    },

    async move({ runId, edition, fence }, change) {
      const result = await runs.updateOne(
        { runId, edition, fence: { $lte: fence }, status: { $in: open }, isDeleted: false },
        { $set: { ...fieldsOf(runId, change), fence } },
        change.status === "success" ? {} : soonDurable,
      );
      return result.matchedCount === 1;
    },

    async end(runId, change) {
      const result = await runs.updateOne(
        { runId, status: { $in: open } },
        { $set: fieldsOf(runId, change) },
      );
      return result.matchedCount === 1;
    },

    async stalled(before, limit) {
      const found = await runs
        .find({ status: { $in: open }, updatedAt: { $lt: before } }, { runId: 1 })
        .limit(limit)
        .lean();
      return found.map(({ runId }) => runId);
    },

    async reopen(owner, { runId, edition, next }, change) {
      const result = await runs.updateOne(
        { runId, ...of(owner), status: { $in: ended }, edition, isDeleted: false },
        { $set: { ...fieldsOf(runId, change), ...(next && { edition: edition + 1, fence: 0 }) } },
      );
      return result.matchedCount === 1;
    },

    async setDeleted(owner, runId, deletedAt) {
      const result = await runs.updateOne(
        { runId, ...of(owner), isDeleted: deletedAt === null },
        { $set: { isDeleted: deletedAt !== null, deletedAt } },
      );
      return result.matchedCount === 1;
    },

    putRubric: (lease, { rubric, rubricHash, createdAt }) =>
      put([rubrics, ownRubrics], lease, { id: lease.runId, createdAt, fields: { ...rubric, rubricHash } }),

    putPlan: (lease, plan, createdAt) =>
      put([plans, ownPlans], lease, { id: `${lease.runId}/${lease.edition}`, createdAt, fields: plan }),

    putTailored: (lease, one, createdAt) =>
      put([tailored, ownTailored], lease, { id: `${lease.runId}/${one.modelKey}`, createdAt, fields: one }),

    async rubric(runId) {
      const found = await rubrics.findById(runId).lean();
      if (found === null) return null;
      return { rubric: rubricSchema.parse(ownRubrics.open(found._id, found)), rubricHash: found.rubricHash };
    },

    async plan(runId, edition) {
      const found = await plans.findById(`${runId}/${edition}`).lean();
      return found === null ? null : selectionPlanSchema.parse(ownPlans.open(found._id, found));
    },

    async tailored(runId, edition) {
      const found = await tailored.find({ runId, edition }).sort({ modelKey: 1 }).lean();
      return found.map((one) => runTailoredSchema.parse(ownTailored.open(one._id, one)));
    },

    async removeOfPerson(userId) {
      const found = await runs.find({ userId }, { runId: 1 }).lean();
      return await remove(found.map(({ runId }) => runId));
    },

    async removeDeleted(before) {
      const found = await runs.find({ isDeleted: true, deletedAt: { $lt: before } }, { runId: 1 }).lean();
      return await remove(found.map(({ runId }) => runId));
    },

    async allOf(userId) {
      const found = await runs.find({ userId }).sort({ createdAt: -1, runId: -1 }).lean<RunDocument[]>();
      return found.map(toStored);
    },

    async deletedWith(owner, source, at) {
      const going = { ...source, ...of(owner), isDeleted: false, status: { $in: open } };
      for (const { runId } of await runs.find(going, { runId: 1 }).lean())
        await runs.updateOne(
          { runId, ...going },
          {
            $set: fieldsOf(runId, {
              status: "error",
              stage: "ERROR",
              failedStage: "initialized",
              errorMessage: "What it was made of was deleted before it had ended.",
              completedAt: at,
              updatedAt: at,
            }),
          },
        );
      await runs.updateMany(
        { ...source, ...of(owner), isDeleted: false },
        { $set: { isDeleted: true, deletedAt: at } },
      );
    },

    async restoredWith(owner, source, at) {
      await runs.updateMany(
        { ...source, ...of(owner), isDeleted: true, deletedAt: at },
        { $set: { isDeleted: false, deletedAt: null } },
      );
    },

    async removedWith(source) {
      const found = await runs.find(source, { runId: 1 }).lean();
      return await remove(found.map(({ runId }) => runId));
    },
  };
}

function of({ userId, orgId }: CareerOwner) {
  return { userId: userId as string, orgId: orgId as string | null };
}

function changedFields({ variants, deletedAt, ...change }: RunChange): Partial<RunDocument> {
  return {
    ...change,
    ...(variants !== undefined && {
      modelVariants: variants.map(({ key }) => key),
      modelNames: variants.map(({ name }) => name),
    }),
    ...(deletedAt !== undefined && { deletedAt, isDeleted: deletedAt !== null }),
  };
}

function toDocument({ variants, ...run }: StoredRun): RunDocument {
  return {
    ...run,
    modelVariants: variants.map(({ key }) => key),
    modelNames: variants.map(({ name }) => name),
    isDeleted: run.deletedAt !== null,
  };
}

/** Also of documents from before there was all of it. */
export function storedOf(document: RunDocument): StoredRun {
  const { modelVariants, modelNames, isDeleted, userId, orgId, ...run } = document;
  const { _id, ...fields } = run as typeof run & { _id?: unknown };
  void [_id, isDeleted];
  return {
    ...fields,
    page: fields.page ?? defaultRunPage,
    // Runs of before pages were measured have none.
    pageFit: fields.pageFit ?? null,
    userId: userId as UserId,
    orgId: orgId as OrgId | null,
    variants: modelVariants.map((key, place) => ({ key, name: modelNames[place] ?? key })),
  };
}

function isTaken(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === 11_000;
}
