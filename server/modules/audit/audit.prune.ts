// Removes the oldest part of the log for good: checked first, said in the log, and kept as the hash from which the chain goes on.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import {
  chainStart,
  digestOf,
  headOf,
  nextHead,
  personalPartHolds,
  pruneAction,
  pruneMetadata,
  type Block,
  type Checkpoint,
} from "./audit.chain.ts";
import type { AuditRepository } from "./audit.repository.ts";
import type { AuditEntry, ChainHead } from "./index.ts";

/** Blocks that one checkpoint moves over: a process that dies loses no more than looking at these. */
const blocksAtOnce = 20;

export interface PruneParts {
  repository: AuditRepository;
  clock: Clock;
  record(entry: AuditEntry): Promise<void>;
  /** What is about to be pruned is not as it was written. */
  onTampering(kind: "changed" | "dropped", entryId: string | null): void;
}

/**
 * Whole blocks alone, whose entries are all older than `before`, and never the newest one. What a process left that was
 * killed in between is removed first. Throws CONFLICT where the part is not as it was written: nothing of it is removed
 * then. Answers how many entries are gone.
 */
export async function pruneLog(parts: PruneParts, before: Date, signal: AbortSignal): Promise<number> {
  const { repository, clock, record } = parts;
  let removed = await removeThrough(parts, await repository.checkpoint(), signal);
  for (;;) {
    const from = await repository.checkpoint();
    const found = await oldest(parts, from, before, signal);
    if (found === null) return removed;
    await record({
      actorUserId: null,
      orgId: null,
      resourceType: "audit",
      resourceId: "chain",
      action: pruneAction,
      outcome: "done",
      metadata: {
        ...pruneMetadata(found.checkpoint),
        entries: found.checkpoint.sequence - (from?.sequence ?? 0),
        before: before.toISOString(),
      },
    });
    await repository.putCheckpoint(found.checkpoint, clock.now());
    removed += await removeThrough(parts, found.checkpoint, signal);
    if (found.last) return removed;
  }
}

/** From there the chain is proved by the checkpoint: what is before it may go, in order. */
async function removeThrough(
  { repository }: PruneParts,
  checkpoint: Checkpoint | null,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (;;) {
    signal.throwIfAborted();
    const block = await repository.firstBlock();
    if (checkpoint === null || block === null || block.number > checkpoint.block) return removed;
    removed += await repository.removeBlock(block);
  }
}

/** The next blocks that are over, whole and as they were written; null where there are none. */
async function oldest(
  parts: PruneParts,
  from: Checkpoint | null,
  before: Date,
  signal: AbortSignal,
): Promise<{ checkpoint: Checkpoint; last: boolean } | null> {
  const { repository } = parts;
  const newest = await repository.lastBlock();
  let head: ChainHead = from ?? chainStart;
  let checkpoint: Checkpoint | null = null;
  for (let count = 0; count < blocksAtOnce; count += 1) {
    signal.throwIfAborted();
    const number: number = (checkpoint?.block ?? from?.block ?? 0) + 1;
    // The chain goes on from the newest one.
    if (newest === null || number >= newest.number) break;
    const block = await repository.block(number);
    if (block === null) throw broken(parts, "dropped", null);
    if (!(await isOver(parts, block, before))) break;
    head = checked(parts, block, head);
    checkpoint = { block: number, ...head };
    if (count === blocksAtOnce - 1) return { checkpoint, last: false };
  }
  return checkpoint === null ? null : { checkpoint, last: true };
}

async function isOver(parts: PruneParts, block: Block, before: Date): Promise<boolean> {
  const digests = new Map(block.entries.map(({ id, digest }) => [id, digest]));
  const entries = await parts.repository.byIds([...digests.keys()]);
  if (entries.some(({ timestamp }) => timestamp >= before)) return false;
  const missing = block.entries.find(({ id }) => !entries.some((entry) => entry.id === id));
  if (missing !== undefined) throw broken(parts, "dropped", missing.id);
  const changed = entries.find(
    (entry) => digestOf(entry) !== digests.get(entry.id) || !personalPartHolds(entry),
  );
  if (changed !== undefined) throw broken(parts, "changed", changed.id);
  return true;
}

/** The head after the block. */
function checked(parts: PruneParts, block: Block, head: ChainHead): ChainHead {
  const follows = block.previousHash === head.hash && block.firstSequence === head.sequence + 1;
  const after = block.entries.reduce((running, { digest }) => nextHead(running, digest), head);
  if (!follows || after.hash !== headOf(block).hash) throw broken(parts, "changed", null);
  return after;
}

function broken({ onTampering }: PruneParts, kind: "changed" | "dropped", entryId: string | null): AppError {
  onTampering(kind, entryId);
  return new AppError(
    "CONFLICT",
    "The audit log is not as it was written: nothing is pruned. Run npm run audit:verify.",
  );
}
