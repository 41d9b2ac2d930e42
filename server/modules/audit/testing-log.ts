// An audit log in memory, whose storage a test can change behind the product's back.
import { FakeClock } from "../../platform/clock.ts";
import { countingIds } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { Block, Checkpoint } from "./audit.chain.ts";
import type { AuditRepository } from "./audit.repository.ts";
import { createAuditService } from "./audit.service.ts";
import { createChainReader, type Verification } from "./audit.verify.ts";
import type { AuditService, ChainHead, HeadKeeper, StoredAuditEntry } from "./index.ts";

export interface LogWorld {
  clock: FakeClock;
  entries: StoredAuditEntry[];
  blocks: Block[];
  heads: ChainHead[];
  /** Heads that were there and are not any more. */
  lost: ChainHead[];
  checkpoints: Checkpoint[];
  /** So many more blocks are removed; what would remove the next one dies. */
  dieAfterRemovals(count: number): void;
  /** What was logged as an error. */
  errors: string[];
  /** A process on this storage. */
  open(): AuditService;
  verify(heads?: ChainHead[]): Verification;
}

export function openLogWorld(): LogWorld {
  const clock = new FakeClock();
  const ids = countingIds();
  const entries: StoredAuditEntry[] = [];
  const blocks: Block[] = [];
  const heads: ChainHead[] = [];
  const lost: ChainHead[] = [];
  const errors: string[] = [];
  const checkpoints: Checkpoint[] = [];
  let removals = Infinity;
  const logger: Logger = { ...silentLogger, error: (_fields, event) => void errors.push(event) };
  const waits = ({ sequence }: StoredAuditEntry) => sequence === null;

  const repository: AuditRepository = {
    append: (entry) => Promise.resolve(void entries.push({ ...entry })),
    page(orgId, filter, { limit, after }) {
      const found = entries
        .filter((entry) => entry.orgId === orgId)
        .filter(({ action }) => filter.action === undefined || filter.action === action)
        .filter(
          ({ timestamp, id }) =>
            after === null ||
            timestamp < after.timestamp ||
            (timestamp.getTime() === after.timestamp.getTime() && id < after.id),
        )
        .sort((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || (a.id < b.id ? 1 : -1));
      return Promise.resolve(found.slice(0, limit));
    },
    historyOf: ({ id }, limit) =>
      Promise.resolve(
        entries
          .filter(({ resourceId }) => resourceId === id)
          .reverse()
          .slice(0, limit),
      ),
    async *ofPerson(userId) {
      for (const entry of entries.toReversed())
        if (entry.actorUserId === userId) yield await Promise.resolve(entry);
    },
    count: (orgId) => Promise.resolve(entries.filter((entry) => entry.orgId === orgId).length),
    unsealed: (limit) =>
      Promise.resolve(
        entries
          .filter(waits)
          .slice(0, limit)
          .map((entry) => ({ ...entry })),
      ),
    byIds: (wanted) =>
      Promise.resolve(entries.filter(({ id }) => wanted.includes(id)).map((entry) => ({ ...entry }))),
    block: (number) => Promise.resolve(blocks.find((block) => block.number === number) ?? null),
    firstBlock: () => Promise.resolve(blocks[0] ?? null),
    checkpoint: () => Promise.resolve(checkpoints.at(-1) ?? null),
    putCheckpoint: (checkpoint) => Promise.resolve(void checkpoints.push(checkpoint)),
    removeBlock(block) {
      if (removals <= 0) return Promise.reject(new Error("killed"));
      removals -= 1;
      const gone = block.entries.map(({ id }) => id);
      const left = entries.filter(({ id }) => !gone.includes(id));
      entries.splice(0, entries.length, ...left);
      blocks.splice(blocks.indexOf(block), 1);
      return Promise.resolve(gone.length);
    },
    lastBlock: () => Promise.resolve(blocks.at(-1) ?? null),
    blockByHash: (hash) => Promise.resolve(blocks.find((block) => block.hash === hash) ?? null),
    insertBlock(block) {
      if (blocks.some(({ number }) => number === block.number)) return Promise.resolve(false);
      blocks.push(block);
      return Promise.resolve(true);
    },
    seal(places) {
      for (const { id, sequence, hash } of places) {
        const entry = entries.find((each) => each.id === id);
        if (entry !== undefined && waits(entry)) Object.assign(entry, { sequence, hash });
      }
      return Promise.resolve();
    },
  };

  const memoryHeads: HeadKeeper = {
    newest: () => Promise.resolve(heads.at(-1) ?? null),
    keep: (head) => Promise.resolve(void heads.push(head)),
    keepLost: (head) => Promise.resolve(void lost.push(head)),
  };

  return {
    clock,
    entries,
    blocks,
    heads,
    lost,
    checkpoints,
    errors,
    dieAfterRemovals: (count) => (removals = count),
    open: () =>
      createAuditService({
        clock,
        ids,
        logger,
        metrics: createMetrics({ processMetrics: false }),
        heads: memoryHeads,
        repository,
      }),
    verify(known = []) {
      const reader = createChainReader();
      const checkpoint = checkpoints.at(-1);
      if (checkpoint !== undefined) reader.beginAt(checkpoint, true);
      blocks.forEach((block) => reader.addBlock(block));
      entries.forEach((entry) => reader.addEntry(entry));
      return reader.verify(known);
    },
  };
}
