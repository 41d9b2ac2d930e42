// Master résumés of people: imported or written, kept in versions by their hash, and prepared bullet by bullet.
import type { Actor } from "../../../../shared/actor.ts";
import type { FileAnswer } from "../../../../shared/contract/endpoint.ts";
import type { FileId, MasterResumeId } from "../../../../shared/ids.ts";
import type { EvidenceScore, ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type {
  CreateResume,
  PublicPart,
  PublishResume,
  Resume,
  ResumeList,
  ResumeSource,
  UpdateResume,
} from "../../../../shared/schemas/career/resumes.ts";
import type { AcceptedFile } from "../../../platform/uploads/index.ts";
import type { FileRecord } from "../../files/index.ts";
import type { CareerOwner } from "../career.policy.ts";

export { createResumeReader, type ResumeReader } from "../import/reader.ts";
export { createResumesModule, type ResumesOptions } from "./resumes.service.ts";

/** The file that a résumé was read from, and what was read. */
export interface ResumeOriginal {
  fileId: FileId;
  name: string;
  type: string;
  lines: { page: number; text: string }[];
  leftOut: string[];
}

/** How others see it, for as long as its owner wants. */
export interface PublicPage {
  /** The secret of its address. */
  token: string;
  parts: PublicPart[];
  since: Date;
}

export interface StoredResume extends CareerOwner {
  id: MasterResumeId;
  name: string;
  /** Of the content, with its ids. */
  contentHash: string;
  isActive: boolean;
  /** Roles, projects and bullets have ids. */
  content: ResumeContent;
  source: ResumeSource;
  original: ResumeOriginal | null;
  customLatexTemplate: string | null;
  publicPage: PublicPage | null;
  revision: number;
  isDeleted: boolean;
  deletedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A résumé as the pipeline's other areas need it: one version of it, with all that was computed of each bullet. */
export interface PreparedResume {
  id: MasterResumeId;
  name: string;
  contentHash: string;
  content: ResumeContent;
  customLatexTemplate: string | null;
  /** In the order of the page, awards last. */
  bullets: ResumeBullet[];
  evidence: EvidenceScore[];
  /** By bullet id; what is missing could not be had: relevance then rests on words and skills alone. */
  embeddings: ReadonlyMap<string, Float32Array>;
  /** Name of the configuration that made them. */
  embeddingModel: string;
  /** Whether anything had to be computed now. */
  cacheHits: { evidenceScores: boolean; embeddings: boolean };
}

/** What hangs on a résumé and goes and comes back with it: runs. */
export interface ResumeDependents {
  deletedWith(owner: CareerOwner, id: MasterResumeId, at: Date): Promise<void>;
  /** What went at that moment, and nothing that had gone before. */
  restoredWith(owner: CareerOwner, id: MasterResumeId, at: Date): Promise<void>;
  /** For good. */
  removedWith(id: MasterResumeId): Promise<void>;
}

export interface ResumesService {
  list(actor: Actor): Promise<ResumeList>;
  /** The same content twice is one résumé. Throws VALIDATION_ERROR where it is no résumé, CONFLICT where there are too many. */
  create(actor: Actor, input: CreateResume): Promise<Resume>;
  /** Before the file is read: throws FORBIDDEN to whoever acts as the person. */
  mayImport(actor: Actor): void;
  /** Throws RESUME_UNREADABLE where nothing can be read in it, and CONFLICT as above. */
  import(actor: Actor, file: AcceptedFile): Promise<Resume>;
  get(actor: Actor, id: MasterResumeId): Promise<Resume>;
  original(actor: Actor, id: MasterResumeId): Promise<FileAnswer>;
  /** Throws CONFLICT where it was changed since. Bullets keep their ids. */
  update(actor: Actor, id: MasterResumeId, change: UpdateResume): Promise<Resume>;
  activate(actor: Actor, id: MasterResumeId): Promise<ResumeList>;
  /** With what hangs on it; may be repeated. */
  delete(actor: Actor, id: MasterResumeId): Promise<ResumeList>;
  restore(actor: Actor, id: MasterResumeId): Promise<ResumeList>;
  /** Keeps the address where there is one. */
  publish(actor: Actor, id: MasterResumeId, input: PublishResume): Promise<Resume>;
  unpublish(actor: Actor, id: MasterResumeId): Promise<Resume>;
  /** As HTML; throws NOT_FOUND where no résumé has this address, or its owner is gone from here. */
  publicPage(token: string): Promise<string>;

  /** For the pipeline: the named one, or the active one for null; null where there is none. */
  prepared(
    owner: CareerOwner,
    id: MasterResumeId | null,
    signal?: AbortSignal,
  ): Promise<PreparedResume | null>;
  /** The same without what models make of it: quick, and asks nobody. */
  scored(
    owner: CareerOwner,
    id: MasterResumeId,
  ): Promise<
    | (Pick<
        PreparedResume,
        "id" | "name" | "contentHash" | "content" | "customLatexTemplate" | "evidence"
      > & {
        evidenceCached: boolean;
      })
    | null
  >;
  /** Whether a résumé, deleted ones too, names this file. */
  names(file: FileRecord): Promise<boolean>;
}
