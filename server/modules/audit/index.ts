// The audit log: who did what to which resource, from where, with what outcome; never content. Chained by hashes.
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { AuditQuery } from "../../../shared/schemas/audit.ts";

export { createAuditModule } from "./audit.service.ts";
export { createHeadFiles } from "./audit.heads.ts";

export type AuditMetadata = Record<string, string | number | boolean | null>;

/** The rest is taken from the request that is being served, where its person is `actorUserId`. */
export interface AuditEntry {
  /** Null: the product itself, a vendor, or somebody who is not signed in. */
  actorUserId: UserId | null;
  resourceType: string;
  resourceId: string;
  /** `resource.verb`, e.g. `meeting.start`. */
  action: string;
  outcome: "done" | "refused";
  /** Codes, ids and roles only. */
  metadata?: AuditMetadata;
  /** Whose log it belongs to, where that is not the organisation of the person who asks. */
  orgId?: OrgId | null | undefined;
  ipAddress?: string | null;
  userAgent?: string | null;
  /** Who acts as the person, where no request says so. */
  impersonator?: string | null;
}

/** An entry as it is stored. `sequence` and `hash` are null for the second or two until it is sealed. */
export interface StoredAuditEntry {
  id: string;
  timestamp: Date;
  orgId: OrgId | null;
  actorUserId: UserId | null;
  /** Who acts as the person, as the identity vendor names them. */
  impersonator: string | null;
  apiKeyId: string | null;
  action: string;
  resourceType: string;
  resourceId: string;
  outcome: AuditEntry["outcome"];
  metadata: AuditMetadata;
  requestId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  /** With address and user agent behind `personalHash`: the three can be erased without breaking the chain. */
  salt: string | null;
  personalHash: string;
  sequence: number | null;
  hash: string | null;
}

export interface AuditPageQuery extends Omit<AuditQuery, "cursor" | "limit" | "person"> {
  actorUserId?: UserId | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface AuditService {
  /** Durable when it resolves; sealed into the chain within two seconds. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * As `record`, for a refusal; the same one again within a minute is left out, so that nobody can fill the log. Never
   * rejects: a refusal stays a refusal.
   */
  recordRefusal(entry: Omit<AuditEntry, "outcome"> & { code: string }): Promise<void>;
  /** One organisation's entries, newest first. */
  page(
    orgId: OrgId,
    query: AuditPageQuery,
  ): Promise<{ entries: StoredAuditEntry[]; nextCursor: string | null }>;
  /** What was done to one thing, newest first, whoever did it: for who decides about it. */
  historyOf(
    resource: { type: string; id: string; action: string },
    limit: number,
  ): Promise<StoredAuditEntry[]>;
  /** What one person did, in whatever organisation, newest first: for their own hands. */
  ofPerson(userId: UserId): AsyncIterable<StoredAuditEntry>;
  /** As `page`, all of them one after the other. VALIDATION_ERROR where there are more than `limits.auditExportMaxItems`. */
  all(
    orgId: OrgId,
    query: Omit<AuditPageQuery, "cursor" | "limit">,
  ): Promise<AsyncIterable<StoredAuditEntry[]>>;
  /**
   * Removes the oldest entries for good, as their time is over: whole blocks of the chain that are all older than
   * `before`. May be repeated. Throws CONFLICT where they are not as they were written, and removes nothing then. Answers
   * how many are gone.
   */
  prune(before: Date, signal: AbortSignal): Promise<number>;
  /** Begins to seal what any process has written, and compares the chain with the newest head known here. */
  start(): Promise<void>;
  /** Seals what is left. */
  stop(): Promise<void>;
}

/** Where the newest heads of the chain are kept outside the store. */
export interface HeadKeeper {
  newest(): Promise<ChainHead | null>;
  keep(head: ChainHead, at: Date): Promise<void>;
  /** Keeps for good a head that the chain no longer has: every later verification finds it missing. */
  keepLost(head: ChainHead, at: Date): Promise<void>;
}

export interface ChainHead {
  sequence: number;
  hash: string;
}
