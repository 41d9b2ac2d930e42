// What the audit log needs of its storage.
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { Block, Checkpoint } from "./audit.chain.ts";
import type { StoredAuditEntry } from "./index.ts";

export interface EntryFilter {
  actorUserId?: UserId | undefined;
  action?: string | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
  outcome?: StoredAuditEntry["outcome"] | undefined;
  /** Not before. */
  from?: Date | undefined;
  /** Before. */
  to?: Date | undefined;
}

export interface AuditRepository {
  append(entry: StoredAuditEntry): Promise<void>;
  /** Newest first, beginning after the entry that `after` names. */
  page(
    orgId: OrgId,
    filter: EntryFilter,
    options: { limit: number; after: { timestamp: Date; id: string } | null },
  ): Promise<StoredAuditEntry[]>;
  historyOf(
    resource: { type: string; id: string; action: string },
    limit: number,
  ): Promise<StoredAuditEntry[]>;
  /** What the person did, in whatever organisation; newest first. */
  ofPerson(userId: UserId): AsyncIterable<StoredAuditEntry>;
  /** How many there are, counted up to `max`. */
  count(orgId: OrgId, filter: EntryFilter, max: number): Promise<number>;
  /** Oldest first. */
  unsealed(limit: number): Promise<StoredAuditEntry[]>;
  byIds(ids: string[]): Promise<StoredAuditEntry[]>;
  lastBlock(): Promise<Block | null>;
  block(number: number): Promise<Block | null>;
  /** The oldest one that is there. */
  firstBlock(): Promise<Block | null>;
  /** Where the chain begins; null at its first entry. Throws where it is not as it was written. */
  checkpoint(): Promise<Checkpoint | null>;
  /** Only ever forward: one that is behind the stored one changes nothing. */
  putCheckpoint(checkpoint: Checkpoint, at: Date): Promise<void>;
  /** Its entries, and then the block itself; may be repeated. Answers how many entries there were. */
  removeBlock(block: Block): Promise<number>;
  /** The block whose last entry has this hash. */
  blockByHash(hash: string): Promise<Block | null>;
  /** False where a block with its number exists. */
  insertBlock(block: Block): Promise<boolean>;
  /** Writes into the block's entries where they stand; may be repeated, by several at once. */
  seal(places: { id: string; sequence: number; hash: string }[]): Promise<void>;
}
