// Master résumés as use cases: whose they are first, then the write, then what follows from it.
import type mongoose from "mongoose";
import { z } from "zod";
import { AppError, notFound } from "../../../../shared/errors.ts";
import { masterResumeIdSchema, userIdSchema, type MasterResumeId } from "../../../../shared/ids.ts";
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import { jsonResumeSchema } from "../../../../shared/schemas/career/json-resume.ts";
import { areOurRoles } from "../../../../shared/schemas/career/old-names.ts";
import { resumeContentSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { Resume, ResumeSource } from "../../../../shared/schemas/career/resumes.ts";
import { defineJob, type Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type { EmbeddingsProvider } from "../../../vendors/embeddings/index.ts";
import type { AuditService } from "../../audit/index.ts";
import type { FilesService } from "../../files/index.ts";
import { ownerOf, type CareerOwner } from "../career.policy.ts";
import type { CareerArea } from "../index.ts";
import type { ResumeReader } from "../import/reader.ts";
import { bulletsOf, withBulletIds } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import { contentOfJsonResume } from "../resume/json-resume.ts";
import type { ResumeDependents, ResumeOriginal, ResumesService, StoredResume } from "./index.ts";
import { acceptableTemplate } from "./own-template.ts";
import { createPublicPages } from "./resumes.public.ts";
import { presented, presentedList } from "./resumes.present.ts";
import { createPreparer } from "./resumes.prepare.ts";
import { createResumesRepository } from "./resumes.repository.mongo.ts";
import type { ResumesRepository } from "./resumes.repository.ts";

export interface ResumesOptions {
  cipher: FieldCipher;
  files: Pick<FilesService, "keep" | "use" | "find" | "read" | "remove" | "reconsider">;
  jobs: Pick<Jobs, "register" | "enqueue">;
  reader: Pick<ResumeReader, "read">;
  dependents: readonly ResumeDependents[];
  embeddingsFor(owner: CareerOwner): Promise<EmbeddingsProvider | null>;
  audit: Pick<AuditService, "record">;
  /** Long and random: of the addresses under which résumés are shown. */
  secret(): string;
  /** Whether the person is here still, and in the organisation in which they made it. */
  belongs(owner: CareerOwner): Promise<boolean>;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
}

type Module = { resumes: ResumesService; area: CareerArea };

/** Registers its job, so it is made before the jobs start. */
export async function createResumesModule(
  options: ResumesOptions & { connection: mongoose.Connection },
): Promise<Module> {
  const repository = await createResumesRepository(options.connection, options.cipher);
  return createResumesService({ ...options, repository });
}

const purgedAtOnce = 50;
const waitsMs = [2_000, 10_000, 60_000, 10 * 60_000, 60 * 60_000];

export function createResumesService(options: ResumesOptions & { repository: ResumesRepository }): Module {
  const { repository, files, jobs, reader, dependents, audit, clock, ids } = options;
  const hashOf = (content: ResumeContent) => options.cipher.hashOfContent(contentHash(content));
  const preparer = createPreparer({ ...options, hashOfText: (text) => options.cipher.hashOfTerm(text) });
  const changes = options.metrics.counter("resumes_total", "What was done with master résumés", ["change"]);

  const payload = z.object({
    userId: userIdSchema,
    orgId: z.string().nullable(),
    resumeId: masterResumeIdSchema,
    contentHash: z.string(),
  });
  const prepareResume = defineJob({
    name: "career.prepare-resume",
    payload,
    maxAttempts: waitsMs.length + 1,
    leaseMs: 60_000,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run({ userId, orgId, resumeId, contentHash: version }, { signal }) {
      const found = await repository.find({ userId, orgId } as CareerOwner, resumeId);
      // Deleted meanwhile, or changed: the change has a job of its own.
      if (found === null || found.isDeleted) return;
      // Jobs from before hashes were keyed name the other one.
      if (![version, options.cipher.hashOfContent(version)].includes(found.contentHash)) return;
      await preparer.prepare(found, signal);
    },
  });
  jobs.register(prepareResume);

  async function prepareSoon({ id, userId, orgId, contentHash: version, revision }: StoredResume) {
    const job = { userId, orgId, resumeId: id, contentHash: version };
    await jobs.enqueue(prepareResume, job, { key: `${id}/${revision}` });
  }

  async function changed(owner: CareerOwner, id: MasterResumeId, action: string): Promise<void> {
    changes.inc({ change: action });
    await audit.record({
      actorUserId: owner.userId,
      resourceType: "resume",
      resourceId: id,
      action: `resume.${action}`,
      outcome: "done",
    });
  }

  async function load(owner: CareerOwner, id: MasterResumeId): Promise<StoredResume> {
    const found = await repository.find(owner, id);
    if (found === null || found.isDeleted) throw notFound("This résumé");
    return found;
  }

  async function view(resume: StoredResume): Promise<Resume> {
    return presented(resume, await preparer.progress(resume));
  }

  const listed = async (owner: CareerOwner) => presentedList(await repository.list(owner));

  async function make(
    owner: CareerOwner,
    input: { name: string; content: ResumeContent; source: ResumeSource; original: ResumeOriginal | null },
  ): Promise<StoredResume> {
    const content = withBulletIds(input.content);
    const hash = hashOf(content);
    const known = await repository.byHash(owner, hash);
    if (known !== null) return known;
    const all = await repository.list(owner);
    if (all.length >= bounds.resumesMaxItems)
      throw new AppError(
        "CONFLICT",
        `A person can keep ${bounds.resumesMaxItems} résumés. Delete one that you no longer need.`,
      );
    const now = clock.now();
    const resume: StoredResume = {
      ...input,
      ...owner,
      id: ids.objectId() as MasterResumeId,
      content,
      contentHash: hash,
      isActive: false,
      customLatexTemplate: null,
      publicPage: null,
      revision: 1,
      isDeleted: false,
      deletedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    // Sent twice at once: the other one is there now, unless it is gone or changed again already.
    if (!(await repository.insert(resume))) return await make(owner, input);
    const first = !all.some(({ isActive }) => isActive);
    if (first) await repository.activate(owner, resume.id, now);
    await prepareSoon(resume);
    await changed(owner, resume.id, "create");
    return { ...resume, isActive: first };
  }

  const resumes: ResumesService = {
    list: async (actor) => await listed(ownerOf(actor)),

    async create(actor, input) {
      const owner = ownerOf(actor);
      const { content, source } = contentIn(input.content);
      const name = input.name ?? content.basics.name;
      return await view(await make(owner, { name, content, source, original: null }));
    },

    mayImport: (actor) => void ownerOf(actor),

    async import(actor, file) {
      const owner = ownerOf(actor);
      const read = await reader.read(file);
      const kept = await files.keep({
        ownerId: owner.userId,
        purpose: "resume",
        meetingId: null,
        clientKey: ids.uuid(),
        name: file.name,
        type: file.type,
        width: null,
        height: null,
        content: file.bytes,
      });
      const resume = await make(owner, {
        name: nameOfFile(file.name) || read.content.basics.name,
        content: read.content,
        source: file.type === "application/pdf" ? "pdf" : "docx",
        original: {
          fileId: kept.id,
          name: file.name,
          type: file.type,
          lines: read.lines,
          leftOut: read.leftOut,
        },
      });
      if (resume.original?.fileId === kept.id)
        await files.use(kept.id, { ownerId: owner.userId, usedBy: resume.id });
      // Its content was here already: the file of that one stays.
      else await files.remove(kept.id);
      return await view(resume);
    },

    get: async (actor, id) => await view(await load(ownerOf(actor), id)),

    async original(actor, id) {
      const { original } = await load(ownerOf(actor), id);
      const file = original === null ? null : await files.find(original.fileId);
      if (file === null) throw notFound("This file");
      return {
        type: file.type,
        name: file.name,
        bytes: file.bytes,
        version: file.id,
        shown: false,
        freshSeconds: 0,
        read: (range) => files.read(file.id, range),
      };
    },

    async update(actor, id, { revision, name, content, customLatexTemplate }) {
      const owner = ownerOf(actor);
      const before = await load(owner, id);
      const numbered = content === undefined ? undefined : withBulletIds(content, bulletsOf(before.content));
      const done = await repository.change(
        owner,
        id,
        revision,
        {
          ...(name === undefined ? {} : { name }),
          ...(numbered === undefined ? {} : { content: numbered, contentHash: hashOf(numbered) }),
          ...(customLatexTemplate === undefined
            ? {}
            : { customLatexTemplate: acceptableTemplate(customLatexTemplate) }),
        },
        clock.now(),
      );
      if (!done)
        throw new AppError(
          "CONFLICT",
          "This résumé was changed elsewhere since you opened it. Load it again, then make your changes.",
        );
      const after = await load(owner, id);
      if (after.contentHash !== before.contentHash) await prepareSoon(after);
      await changed(owner, id, "update");
      return await view(after);
    },

    async activate(actor, id) {
      const owner = ownerOf(actor);
      const { isActive } = await load(owner, id);
      if (!isActive) {
        if (!(await repository.activate(owner, id, clock.now()))) throw notFound("This résumé");
        await changed(owner, id, "activate");
      }
      return await listed(owner);
    },

    async delete(actor, id) {
      const owner = ownerOf(actor);
      const found = await repository.find(owner, id);
      if (found === null) throw notFound("This résumé");
      const now = clock.now();
      // The moment stands before what hangs on it goes: what is repeated after a crash finds the same.
      if (await repository.setDeleted(owner, id, now, now)) await changed(owner, id, "delete");
      const at = (await repository.find(owner, id))?.deletedAt ?? now;
      for (const each of dependents) await each.deletedWith(owner, id, at);
      return await listed(owner);
    },

    async restore(actor, id) {
      const owner = ownerOf(actor);
      const found = await repository.find(owner, id);
      if (found === null) throw notFound("This résumé");
      // Before it is there itself, so that what is repeated after a crash still knows the moment.
      const { deletedAt } = found;
      if (deletedAt !== null) for (const each of dependents) await each.restoredWith(owner, id, deletedAt);
      if (await repository.setDeleted(owner, id, null, clock.now())) {
        await prepareSoon({ ...found, revision: found.revision });
        await changed(owner, id, "restore");
      }
      return await listed(owner);
    },

    ...createPublicPages({ ...options, load, view, changed }),

    async prepared(owner, id, signal) {
      const resume = id === null ? await repository.active(owner) : await repository.find(owner, id);
      if (resume === null || resume.isDeleted) return null;
      const { evidence, ...rest } = await preparer.prepare(resume, signal);
      const { name, contentHash: hash, content, customLatexTemplate } = resume;
      return {
        id: resume.id,
        name,
        contentHash: hash,
        content,
        customLatexTemplate,
        evidence: evidence.scores,
        ...rest,
      };
    },

    async scored(owner, id) {
      const resume = await repository.find(owner, id);
      if (resume === null || resume.isDeleted) return null;
      const { evidence, hit } = await preparer.scored(resume);
      const { name, contentHash: hash, content, customLatexTemplate } = resume;
      const whole = { id, name, contentHash: hash, content, customLatexTemplate };
      return { ...whole, evidence: evidence.scores, evidenceCached: hit };
    },

    names: (file) => repository.namesFile(file.ownerId, file.id),
  };

  async function purge({ id, original }: Pick<StoredResume, "id" | "original">): Promise<void> {
    // The file before what names it: a crash in between leaves nothing that nobody finds.
    if (original !== null) await files.remove(original.fileId);
    await repository.purge(id);
  }

  const area: CareerArea = {
    async removeOfPerson(userId) {
      for (const resume of await repository.ofPerson(userId)) await purge(resume);
    },
    async exportOf(userId) {
      const all = await repository.ofPerson(userId);
      return {
        resumes: all.map(({ content, customLatexTemplate, publicPage, original, ...resume }) => ({
          name: resume.name,
          isActive: resume.isActive,
          isDeleted: resume.isDeleted,
          source: resume.source,
          file: original?.name ?? null,
          createdAt: resume.createdAt,
          updatedAt: resume.updatedAt,
          // Without its address, which is a secret.
          shown: publicPage === null ? null : { parts: publicPage.parts, since: publicPage.since },
          content,
          customLatexTemplate,
        })),
      };
    },
    async removeDeleted(before) {
      let removed = 0;
      for (;;) {
        const some = await repository.deletedBefore(before, purgedAtOnce);
        for (const resume of some) {
          for (const each of dependents) await each.removedWith(resume.id);
          await purge(resume);
        }
        removed += some.length;
        if (some.length < purgedAtOnce) return removed;
      }
    },
  };
  return { resumes, area };
}

/** JSON Resume says so or has `work` with its own fields; everything else is read as ours, under any of its names. */
function contentIn(input: Record<string, unknown>): { content: ResumeContent; source: ResumeSource } {
  const schema = input["$schema"];
  const standard =
    (typeof schema === "string" && schema.includes("jsonresume")) ||
    (Array.isArray(input["work"]) && input["workExperience"] === undefined && !areOurRoles(input["work"]));
  const raw = standard ? jsonResumeSchema.safeParse(input) : null;
  if (raw?.success === false) throw invalid(raw.error);
  const parsed = resumeContentSchema.safeParse(raw === null ? input : contentOfJsonResume(raw.data));
  if (!parsed.success) throw invalid(parsed.error);
  const { workExperience, projects, education, skills } = parsed.data;
  const holds =
    workExperience.length + projects.length + education.length + Object.values(skills).flat().length;
  if (holds === 0 && standard) throw nothingThere();
  return { content: parsed.data, source: standard ? "json-resume" : holds === 0 ? "written" : "json" };
}

function invalid({ issues }: z.ZodError): AppError {
  return new AppError("VALIDATION_ERROR", "This JSON is no résumé that can be read: see the details.", {
    details: { issues: issues.slice(0, 20).map(({ path, message }) => ({ path: path.join("."), message })) },
  });
}

function nothingThere(): AppError {
  return new AppError("RESUME_UNREADABLE", "This JSON Resume holds neither roles nor studies nor skills.");
}

function nameOfFile(name: string): string {
  return name
    .replace(/\.[a-z0-9]{2,5}$/i, "")
    .replace(/[_]+/g, " ")
    .trim()
    .slice(0, bounds.labelMaxChars);
}
