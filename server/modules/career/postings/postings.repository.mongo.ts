// Postings and their rubrics in the store, words encrypted. The store itself keeps a text from being there twice.
import { setImmediate } from "node:timers/promises";
import mongoose from "mongoose";
import type { OrgId, PostingId, UserId } from "../../../../shared/ids.ts";
import { rubricSchema } from "../../../../shared/schemas/career/rubric.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { DocumentSealer } from "../../../platform/privacy/document-sealer.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type { CareerOwner } from "../career.policy.ts";
import type {
  ListedPosting,
  PostingsRepository,
  StoredPosting,
  StoredRubric,
} from "./postings.repository.ts";
import { createPostingSealer } from "./postings.sealing.ts";

type PostingDocument = Omit<StoredPosting, "id" | "userId" | "orgId"> & {
  _id: string;
  userId: string;
  orgId: string | null;
};
type RubricDocument = Omit<StoredRubric, "id" | "userId" | "orgId" | "jobId" | "rubric"> & {
  _id: string;
  jobId: string;
  userId: string;
  orgId: string | null;
  version: string;
  /** Encrypted, as all words from here on, as JSON; with forms of their own in documents from before. */
  jobMeta: unknown;
  requirements: unknown;
  keywords: unknown;
  constraints: unknown;
  summary: unknown;
};

const text = { type: String, required: true } as const;
/** An empty string is none by `required`. */
const perhapsEmpty = { type: String, default: "" } as const;
const perhaps = { type: String, default: null } as const;
const date = { type: Date, required: true } as const;
const owner = { userId: text, orgId: perhaps } as const;
const options = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;

// `jobs` is the name of the background queue's collection.
const postingSchema = new mongoose.Schema<PostingDocument>(
  {
    _id: text,
    ...owner,
    jobUrl: perhapsEmpty,
    platform: text,
    title: text,
    company: perhaps,
    location: perhaps,
    salary: perhaps,
    employmentType: perhaps,
    seniority: perhaps,
    rawDescription: text,
    extractedText: text,
    descriptionHash: text,
    userTags: { type: [String], default: [] },
    notes: perhapsEmpty,
    isFavorite: { type: Boolean, default: false },
    status: text,
    rating: { type: Number, default: null },
    isDeleted: { type: Boolean, default: false },
    deletedAt: { type: Date, default: null },
    createdAt: date,
    updatedAt: date,
  },
  { collection: "jobPostings", ...options },
)
  .index({ userId: 1, orgId: 1, createdAt: -1 })
  .index({ userId: 1, orgId: 1, descriptionHash: 1 }, { unique: true })
  .index({ deletedAt: 1 }, { partialFilterExpression: { isDeleted: true } });

const anything = { type: mongoose.Schema.Types.Mixed, required: true } as const;
const rubricDocumentSchema = new mongoose.Schema<RubricDocument>(
  {
    _id: text,
    ...owner,
    jobId: text,
    madeBy: text,
    generatedBy: text,
    promptHash: perhaps,
    descriptionHash: text,
    droppedQuotes: { type: Number, default: 0 },
    version: text,
    jobMeta: anything,
    requirements: anything,
    keywords: anything,
    constraints: anything,
    summary: anything,
    rubricHash: text,
    createdAt: date,
  },
  { collection: "jdRubrics", minimize: false, ...options },
)
  .index({ jobId: 1, createdAt: -1 })
  .index({ userId: 1 });

const openedAtOnce = 100;
const listed = { rawDescription: 0, extractedText: 0, notes: 0 } as const;

export async function createPostingsRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<PostingsRepository> {
  const postings = connection.model<PostingDocument>("JobPosting", postingSchema);
  const rubrics = connection.model<RubricDocument>("JdRubric", rubricDocumentSchema);
  await createIndexes(postings, rubrics);
  const ownPostings = createPostingSealer(cipher, "jobPostings");
  const ownRubrics = createPostingSealer(cipher, "jdRubrics");
  const toPosting = (found: PostingDocument) => postingOf(ownPostings, found);
  const toRubric = (found: RubricDocument) => rubricOf(ownRubrics, found);

  return {
    async insert({ id, ...posting }) {
      try {
        await postings.create({ ...ownPostings.seal(id, posting), _id: id });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async find(whose, id) {
      const found = await postings.findOne({ _id: id, ...only(whose) }).lean<PostingDocument>();
      return found === null ? null : toPosting(found);
    },

    async byHash(whose, descriptionHash) {
      const found = await postings.findOne({ ...only(whose), descriptionHash }).lean<PostingDocument>();
      return found === null ? null : toPosting(found);
    },

    count: (whose) => postings.countDocuments(only(whose)),

    async list(whose, { deleted, limit }) {
      const found = await postings
        .find({ ...only(whose), isDeleted: deleted }, listed)
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<Omit<PostingDocument, keyof typeof listed>[]>();
      const opened: ListedPosting[] = [];
      for (const { _id, ...rest } of found) {
        // A long list takes a while to decrypt: others get their turn.
        if (opened.length % openedAtOnce === openedAtOnce - 1) await setImmediate();
        opened.push({ ...ownPostings.open(_id, rest), ...ids(rest), id: _id as PostingId });
      }
      return opened;
    },

    async change(whose, id, set, now) {
      const found = await postings
        .findOneAndUpdate(
          { _id: id, ...only(whose), ...(set.isDeleted === true && { isDeleted: false }) },
          { $set: { ...ownPostings.seal(id, set), updatedAt: now } },
          { returnDocument: "after" },
        )
        .lean<PostingDocument>();
      return found === null ? null : toPosting(found);
    },

    async rubric(whose, id) {
      const found = await rubrics.findOne({ _id: id, ...only(whose) }).lean<RubricDocument>();
      return found === null ? null : toRubric(found);
    },

    async latestRubric(whose, jobId, { descriptionHash, madeBy }) {
      const found = await rubrics
        .findOne({ jobId, ...only(whose), descriptionHash, madeBy })
        .sort({ createdAt: -1 })
        .lean<RubricDocument>();
      return found === null ? null : toRubric(found);
    },

    async putRubric({ id, rubric, ...rest }) {
      const { notes, ...parts } = rubric;
      const made = ownRubrics.seal(id, { ...parts, summary: notes });
      await rubrics.updateOne({ _id: id }, { $set: { ...rest, ...made } }, { upsert: true });
    },

    async removeOfPerson(userId) {
      await rubrics.deleteMany({ userId });
      await postings.deleteMany({ userId });
    },

    async allOfPerson(userId) {
      const [found, made] = await Promise.all([
        postings.find({ userId }).sort({ orgId: 1, createdAt: -1 }).lean<PostingDocument[]>(),
        rubrics.find({ userId }).lean<RubricDocument[]>(),
      ]);
      return { postings: found.map(toPosting), rubrics: made.map(toRubric) };
    },

    async deletedBefore(before, limit) {
      const found = await postings
        .find({ isDeleted: true, deletedAt: { $lt: before } }, { userId: 1, orgId: 1 })
        .limit(limit)
        .lean<Pick<PostingDocument, "_id" | "userId" | "orgId">[]>();
      return found.map((one) => ({ ...ids(one), id: one._id as PostingId }));
    },

    async remove(id) {
      await rubrics.deleteMany({ jobId: id });
      await postings.deleteOne({ _id: id });
    },
  };
}

function only({ userId, orgId }: CareerOwner): CareerOwner {
  return { userId, orgId };
}

function ids({ userId, orgId }: { userId: string; orgId: string | null }): CareerOwner {
  return { userId: userId as UserId, orgId: orgId as OrgId | null };
}

function postingOf(sealer: DocumentSealer, { _id, ...found }: PostingDocument): StoredPosting {
  return { ...sealer.open(_id, found), ...ids(found), id: _id as PostingId };
}

function rubricOf(sealer: DocumentSealer, { _id, ...found }: RubricDocument): StoredRubric {
  const { jobId, version, jobMeta, requirements, keywords, constraints, summary, ...rest } = sealer.open(
    _id,
    found,
  );
  return {
    ...rest,
    ...ids(rest),
    id: _id,
    jobId: jobId as PostingId,
    rubric: rubricSchema.parse({ version, jobMeta, requirements, keywords, constraints, notes: summary }),
  };
}
