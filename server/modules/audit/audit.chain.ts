// The pure part of the chain: the canonical form of an entry, its digest, and the hash that ties it to those before.
import { createHash } from "node:crypto";
import type { ChainHead, StoredAuditEntry } from "./index.ts";

/** What stands before the first entry. */
export const chainStart: ChainHead = { sequence: 0, hash: "0".repeat(64) };

const version = 1;

/**
 * SHA-256 over everything that an entry says. Address and user agent enter by `personalHash` alone, so that they can be
 * erased when their time is over.
 */
export function digestOf(entry: Omit<StoredAuditEntry, "sequence" | "hash">): string {
  return sha256(
    JSON.stringify([
      version,
      entry.id,
      entry.timestamp.toISOString(),
      entry.orgId,
      entry.actorUserId,
      entry.impersonator,
      entry.apiKeyId,
      entry.action,
      entry.resourceType,
      entry.resourceId,
      entry.outcome,
      Object.entries(entry.metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
      entry.requestId,
      entry.personalHash,
    ]),
  );
}

export function personalHashOf({
  salt,
  ipAddress,
  userAgent,
}: Pick<StoredAuditEntry, "salt" | "ipAddress" | "userAgent">): string {
  return sha256(JSON.stringify([version, salt, ipAddress, userAgent]));
}

/** True where address, user agent and salt have been erased, or are what was written. */
export function personalPartHolds(entry: StoredAuditEntry): boolean {
  return isErased(entry) || personalHashOf(entry) === entry.personalHash;
}

export function isErased({ salt, ipAddress, userAgent }: StoredAuditEntry): boolean {
  return salt === null && ipAddress === null && userAgent === null;
}

/** The hash of the entry with `digest` that follows `previous`. */
export function nextHead(previous: ChainHead, digest: string): ChainHead {
  const sequence = previous.sequence + 1;
  return { sequence, hash: sha256(`${previous.hash}\n${sequence}\n${digest}`) };
}

/** What one sealing adds to the chain: numbered entries, and the hashes before and after them. */
export interface Block {
  /** 1, 2, 3 … */
  number: number;
  firstSequence: number;
  previousHash: string;
  /** Of its last entry. */
  hash: string;
  /** In order of sequence. */
  entries: { id: string; digest: string }[];
}

export function headOf(block: Block | null): ChainHead {
  return block === null
    ? chainStart
    : { sequence: block.firstSequence + block.entries.length - 1, hash: block.hash };
}

/** The block that follows `last` with these entries, and each entry's place in the chain. */
export function nextBlock(last: Block | null, entries: Block["entries"]): Block {
  const previous = headOf(last);
  const { hash } = entries.reduce((head, { digest }) => nextHead(head, digest), previous);
  return {
    number: (last?.number ?? 0) + 1,
    firstSequence: previous.sequence + 1,
    previousHash: previous.hash,
    hash,
    entries,
  };
}

/** Sequence and hash of every entry of the block, in order. */
export function placesIn(block: Block): { id: string; sequence: number; hash: string }[] {
  let head: ChainHead = { sequence: block.firstSequence - 1, hash: block.previousHash };
  return block.entries.map(({ id, digest }) => {
    head = nextHead(head, digest);
    return { id, ...head };
  });
}

/** The chain's beginning after a prune: what stood before is gone, and its last hash is kept. */
export interface Checkpoint {
  /** The last block that is gone. */
  block: number;
  /** Of its last entry. */
  sequence: number;
  hash: string;
}

/** What a prune says of itself in its entry; a checkpoint that no entry names is not believed. */
export const pruneAction = "audit.prune";

export function pruneMetadata({ block, sequence, hash }: Checkpoint): Record<string, string | number> {
  return { block, sequence, hash };
}

export function isPruneOf(
  { block, sequence, hash }: Checkpoint,
  { action, metadata }: Pick<StoredAuditEntry, "action" | "metadata">,
): boolean {
  return (
    action === pruneAction &&
    metadata["block"] === block &&
    metadata["sequence"] === sequence &&
    metadata["hash"] === hash
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
