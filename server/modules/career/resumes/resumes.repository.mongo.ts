// Master résumés in the store: one document each, words encrypted; what was computed of them lies beside, and can be made anew.
import { createHash } from "node:crypto";
import mongoose from "mongoose";
import { z } from "zod";
import type { FileId, MasterResumeId, OrgId, UserId } from "../../../../shared/ids.ts";
import { currentResumeSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { publicPartSchema, type ResumeSource } from "../../../../shared/schemas/career/resumes.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type { CareerOwner } from "../career.policy.ts";
import { createComputedRepository } from "./computed.repository.mongo.ts";
import type { ResumeOriginal, StoredResume } from "./index.ts";
import type { ResumesRepository } from "./resumes.repository.ts";

interface ResumeDocument {
  _id: string;
  userId: string;
  orgId: string | null;
  /** Encrypted, as every text from here on; lists and objects as JSON. */
  name: string;
  contentHash: string;
  /** Its content is the one that it was made with, ever since; absent from those that were written before it was said. */
  isAsMade?: boolean;
  isActive: boolean;
  basics: string;
  summary: string | null;
  skills: string;
  workExperience: string;
  projects: string;
  education: string;
  awards: string;
  mentorship: string;
  links: string;
  customLatexTemplate: string | null;
  /** Absent from those that were written before there were public pages. */
  publicPage?: string | null;
  /** Of the secret in its address: by this it is found. */
  publicHash?: string | null;
  original: string | null;
  originalFileId: string | null;
  source: ResumeSource;
  revision: number;
  isDeleted: boolean;
  deletedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const storedPageSchema = z.object({
  token: z.string(),
  parts: z.array(publicPartSchema),
  since: z.coerce.date(),
});

const parts = [
  "basics",
  "skills",
  "workExperience",
  "projects",
  "education",
  "awards",
  "mentorship",
  "links",
] as const;

const text = { type: String, required: true } as const;
const resumeSchema = new mongoose.Schema<ResumeDocument>(
  {
    _id: text,
    userId: text,
    orgId: { type: String, default: null },
    name: text,
    contentHash: text,
    isAsMade: { type: Boolean, default: false },
    isActive: { type: Boolean, required: true },
    basics: text,
    summary: { type: String, default: null },
    skills: text,
    workExperience: text,
    projects: text,
    education: text,
    awards: text,
    mentorship: text,
    links: text,
    customLatexTemplate: { type: String, default: null },
    publicPage: { type: String, default: null },
    publicHash: { type: String, default: null },
    original: { type: String, default: null },
    originalFileId: { type: String, default: null },
    source: text,
    revision: { type: Number, required: true },
    isDeleted: { type: Boolean, required: true },
    deletedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "masterResumes", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
)
  .index({ userId: 1, orgId: 1 })
  // One of a person's in an organisation is active, whatever happens at once.
  .index({ userId: 1, isActive: 1, orgId: 1 }, { unique: true, partialFilterExpression: { isActive: true } })
  .index({ contentHash: 1 })
  // Made at once, one is; edits and restores may meet others of the same content, and none of these is as it was made.
  .index(
    { userId: 1, contentHash: 1, orgId: 1 },
    { unique: true, partialFilterExpression: { isAsMade: true, isDeleted: false } },
  )
  .index({ publicHash: 1 }, { unique: true, partialFilterExpression: { publicHash: { $type: "string" } } })
  .index({ deletedAt: 1 });

export async function createResumesRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<ResumesRepository> {
  const sealed = cipher.of("masterResumes");
  const resumes = connection.model<ResumeDocument>("MasterResume", resumeSchema);
  await createIndexes(resumes);
  const computed = await createComputedRepository(connection, cipher);

  function contentFields(id: string, content: ResumeContent) {
    return {
      ...(Object.fromEntries(
        parts.map((part) => [part, sealed.seal(id, part, JSON.stringify(content[part]))]),
      ) as Record<(typeof parts)[number], string>),
      summary: sealed.seal(id, "summary", content.summary ?? null),
    };
  }

  function toResume(found: ResumeDocument): StoredResume {
    const id = found._id;
    const summary = sealed.open(id, "summary", found.summary);
    const opened = parts.map((part) => [part, JSON.parse(sealed.open(id, part, found[part])) as unknown]);
    const original = sealed.open(id, "original", found.original);
    const publicPage = sealed.open(id, "publicPage", found.publicPage ?? null);
    return {
      id: id as MasterResumeId,
      userId: found.userId as UserId,
      orgId: found.orgId as OrgId | null,
      name: sealed.open(id, "name", found.name),
      contentHash: found.contentHash,
      isActive: found.isActive,
      content: currentResumeSchema.parse({
        ...Object.fromEntries(opened),
        ...(summary === null ? {} : { summary }),
      }),
      source: found.source,
      original:
        original === null
          ? null
          : {
              ...(JSON.parse(original) as Omit<ResumeOriginal, "fileId">),
              fileId: found.originalFileId as FileId,
            },
      customLatexTemplate: sealed.open(id, "customLatexTemplate", found.customLatexTemplate),
      publicPage: publicPage === null ? null : storedPageSchema.parse(JSON.parse(publicPage)),
      revision: found.revision,
      isDeleted: found.isDeleted,
      deletedAt: found.deletedAt,
      createdAt: found.createdAt,
      updatedAt: found.updatedAt,
    };
  }

  const orNull = (found: ResumeDocument | null) => (found === null ? null : toResume(found));
  const own = ({ userId, orgId }: CareerOwner) => ({ userId, orgId });

  return {
    ...computed,

    async insert({ id, content, original, name, customLatexTemplate, publicPage: _none, ...resume }) {
      const { fileId = null, ...told } = original ?? {};
      try {
        await resumes.create({
          _id: id,
          ...resume,
          isAsMade: true,
          name: sealed.seal(id, "name", name),
          ...contentFields(id, content),
          customLatexTemplate: sealed.seal(id, "customLatexTemplate", customLatexTemplate),
          original: sealed.seal(id, "original", original === null ? null : JSON.stringify(told)),
          originalFileId: fileId,
        });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    find: async (owner, id) => orNull(await resumes.findOne({ _id: id, ...own(owner) }).lean()),
    active: async (owner) => orNull(await resumes.findOne({ ...own(owner), isActive: true }).lean()),
    list: async (owner) => (await resumes.find(own(owner)).lean()).map(toResume),
    byHash: async (owner, contentHash) =>
      orNull(await resumes.findOne({ contentHash, ...own(owner), isDeleted: false }).lean()),

    async change(owner, id, revision, { name, content, contentHash, customLatexTemplate }, now) {
      const { matchedCount } = await resumes.updateOne(
        { _id: id, ...own(owner), revision, isDeleted: false },
        {
          $set: {
            ...(name === undefined ? {} : { name: sealed.seal(id, "name", name) }),
            ...(content === undefined ? {} : contentFields(id, content)),
            ...(contentHash === undefined ? {} : { contentHash, isAsMade: false }),
            ...(customLatexTemplate === undefined
              ? {}
              : { customLatexTemplate: sealed.seal(id, "customLatexTemplate", customLatexTemplate) }),
            updatedAt: now,
          },
          $inc: { revision: 1 },
        },
      );
      return matchedCount === 1;
    },

    async activate(owner, id, now) {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await resumes.updateMany(
          { ...own(owner), isActive: true, _id: { $ne: id } },
          { $set: { isActive: false, updatedAt: now } },
        );
        try {
          const { matchedCount } = await resumes.updateOne(
            { _id: id, ...own(owner), isDeleted: false },
            { $set: { isActive: true, updatedAt: now } },
          );
          return matchedCount === 1;
        } catch (error) {
          // Another one was made active in this moment: the last one counts.
          if (!isDuplicate(error)) throw error;
        }
      }
      return false;
    },

    async setPublic(owner, id, page, now) {
      const { matchedCount } = await resumes.updateOne(
        { _id: id, ...own(owner), isDeleted: false },
        {
          $set: {
            publicPage: sealed.seal(id, "publicPage", page === null ? null : JSON.stringify(page)),
            publicHash: page === null ? null : hashOf(page.token),
            updatedAt: now,
          },
        },
      );
      return matchedCount === 1;
    },
    byPublicToken: async (token) =>
      orNull(await resumes.findOne({ publicHash: hashOf(token), isDeleted: false }).lean()),

    async setDeleted(owner, id, deletedAt, now) {
      const { matchedCount } = await resumes.updateOne(
        { _id: id, ...own(owner), isDeleted: deletedAt === null },
        {
          $set: {
            isDeleted: deletedAt !== null,
            deletedAt,
            isAsMade: false,
            isActive: false,
            publicPage: null,
            publicHash: null,
            updatedAt: now,
          },
        },
      );
      return matchedCount === 1;
    },

    async namesFile(userId, fileId) {
      const found = await resumes.find({ userId }, { originalFileId: 1 }).lean();
      return found.some(({ originalFileId }) => originalFileId === fileId);
    },

    ofPerson: async (userId) => (await resumes.find({ userId }).lean()).map(toResume),

    async deletedBefore(before, limit) {
      const found = await resumes
        .find({ deletedAt: { $lt: before } })
        .sort({ deletedAt: 1 })
        .limit(limit)
        .lean();
      return found.map(toResume).map(({ id, original }) => ({ id, original }));
    },

    async purge(id) {
      await computed.removeComputed(id);
      await resumes.deleteOne({ _id: id });
    },
  };
}

/** The secret is long and random: nothing is guessed from its hash. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
