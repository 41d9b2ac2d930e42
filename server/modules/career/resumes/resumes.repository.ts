// What is kept of master résumés, and of what was computed of their bullets.
import type { MasterResumeId, UserId } from "../../../../shared/ids.ts";
import type { EvidenceScores, ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { PublicPage, StoredResume } from "./index.ts";

/** Of one bullet under one configuration. */
export interface BulletEmbedding {
  bulletId: string;
  /** Keyed hash of the text that it was made of: another text needs another one. */
  textHash: string;
  embedding: number[];
}

export interface ResumesRepository {
  /**
   * False, and nothing is written, where its owner has another one that was made with this content and still has it: of
   * those that are made at once one is first. Others of the same content, edited into it or restored, `byHash` finds.
   */
  insert(resume: StoredResume): Promise<boolean>;
  /** Deleted ones too: `isDeleted` tells. */
  find(owner: CareerOwner, id: MasterResumeId): Promise<StoredResume | null>;
  active(owner: CareerOwner): Promise<StoredResume | null>;
  /** All of them, deleted ones too; in no order. */
  list(owner: CareerOwner): Promise<StoredResume[]>;
  /** One that is not deleted. */
  byHash(owner: CareerOwner, contentHash: string): Promise<StoredResume | null>;
  /** False where it is deleted, or its revision is another one. Raises the revision. */
  change(
    owner: CareerOwner,
    id: MasterResumeId,
    revision: number,
    change: Partial<Pick<StoredResume, "name" | "content" | "contentHash" | "customLatexTemplate">>,
    now: Date,
  ): Promise<boolean>;
  /** Of a person's résumés this one alone; false where it is not there or deleted. */
  activate(owner: CareerOwner, id: MasterResumeId, now: Date): Promise<boolean>;
  /** False where it is not there or deleted. Null takes the address back, as a deletion does. */
  setPublic(owner: CareerOwner, id: MasterResumeId, page: PublicPage | null, now: Date): Promise<boolean>;
  /** One that is not deleted. */
  byPublicToken(token: string): Promise<StoredResume | null>;
  setDeleted(owner: CareerOwner, id: MasterResumeId, deletedAt: Date | null, now: Date): Promise<boolean>;

  /** Writes the bullets as they are, one document each, and removes what is none any more. */
  putBullets(id: MasterResumeId, bullets: readonly ResumeBullet[], now: Date): Promise<void>;
  evidence(
    id: MasterResumeId,
    hashes: { masterResumeHash: string; rulesHash: string },
  ): Promise<EvidenceScores | null>;
  /** The only one of its résumé and rules. */
  putEvidence(id: MasterResumeId, scores: EvidenceScores, now: Date): Promise<void>;
  embeddings(id: MasterResumeId, embedKeyHash: string): Promise<BulletEmbedding[]>;
  putEmbeddings(
    resume: Pick<StoredResume, "id" | "userId" | "contentHash">,
    configuration: { embedKeyHash: string; embeddingModel: string },
    made: readonly BulletEmbedding[],
    now: Date,
  ): Promise<void>;
  /** Those of bullets that are no more, and of other configurations. Marks the rest with the résumé's hash of today. */
  keepEmbeddings(
    resume: Pick<StoredResume, "id" | "contentHash">,
    embedKeyHash: string,
    bulletIds: readonly string[],
  ): Promise<void>;

  namesFile(userId: UserId, fileId: string): Promise<boolean>;
  ofPerson(userId: UserId): Promise<StoredResume[]>;
  deletedBefore(before: Date, limit: number): Promise<Pick<StoredResume, "id" | "original">[]>;
  /** With everything that was computed of it. */
  purge(id: MasterResumeId): Promise<void>;
}
