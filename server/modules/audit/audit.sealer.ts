// Seals what any process has written: unsealed entries, in order, become the next block of the one chain.
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import { digestOf, headOf, nextBlock, personalPartHolds, placesIn, type Block } from "./audit.chain.ts";
import type { AuditRepository } from "./audit.repository.ts";
import type { ChainHead, HeadKeeper, StoredAuditEntry } from "./index.ts";

/** How long an entry waits for company. */
export const sealAfterMs = 1_000;
/** What a process that died has written is sealed by another within this. */
const sweepMs = 15_000;
const retryMs = 5_000;
const blockMaxEntries = 500;
const headLoggedMs = 60 * 60_000;

export type TamperingKind = "changed" | "dropped" | "chain-cut";

export interface Sealer {
  /** An own entry is durable: it is remembered until it has been seen as it was written, and sealed soon. */
  wrote(id: string, digest: string): void;
  start(): Promise<void>;
  /** Resolves when everything that was written before the call is sealed. */
  seal(): Promise<void>;
  stop(): Promise<void>;
}

export interface SealerParts {
  repository: AuditRepository;
  clock: Clock;
  logger: Logger;
  heads: HeadKeeper | null;
  /** The log was changed by somebody else than the product. */
  onTampering(kind: TamperingKind, entryId: string | null): void;
  onSealed(entries: number): void;
}

export function createSealer(parts: SealerParts): Sealer {
  const { repository, clock, logger, heads, onTampering, onSealed } = parts;
  /** Digests of own entries that have not been seen in the store yet. */
  const unseen = new Map<string, string>();
  let known: Block | null = null;
  let cut = false;
  let running: Promise<void> | null = null;
  let again = false;
  let cancel: (() => void) | null = null;
  let dueMs = Infinity;
  let headLogged: { sequence: number; atMs: number } = { sequence: 0, atMs: -Infinity };
  let started = false;
  let stopped = false;

  function schedule(delayMs: number): void {
    const atMs = clock.monotonicMs() + delayMs;
    if (!started || stopped || dueMs <= atMs) return;
    cancel?.();
    dueMs = atMs;
    cancel = clock.schedule(delayMs, () => {
      dueMs = Infinity;
      void run();
    });
  }

  // Later ones wait for the run under way and one more: what they ask for may have come too late for it.
  function run(): Promise<void> {
    if (running !== null) {
      again = true;
      return running;
    }
    running = sealAll()
      .catch((error: unknown) => {
        logger.warn({ error: error as Error }, "audit entries could not be sealed, trying again");
        schedule(retryMs);
      })
      .finally(() => {
        running = null;
        schedule(sweepMs);
      });
    return running;
  }

  async function sealAll(): Promise<void> {
    do {
      again = false;
      const waited = [...unseen.keys()];
      while (await sealOnce());
      await lookFor(waited.filter((id) => unseen.has(id)));
    } while (again);
  }

  /** True where there may be more. */
  async function sealOnce(): Promise<boolean> {
    const last = await repository.lastBlock();
    await compare(last);
    if (last !== null && last.number !== known?.number) {
      // Whoever inserted it may have died before its entries had their places.
      await repository.seal(placesIn(last));
      known = last;
    }
    const entries = await repository.unsealed(blockMaxEntries);
    entries.forEach(check);
    if (entries.length === 0) return false;
    const block = nextBlock(
      last,
      entries.map((entry) => ({ id: entry.id, digest: digestOf(entry) })),
    );
    if (!(await repository.insertBlock(block))) return true;
    await repository.seal(placesIn(block));
    known = block;
    onSealed(entries.length);
    await tell(headOf(block));
    return entries.length === blockMaxEntries;
  }

  // The chain only grows: a block that this process has seen must be there, and as it was.
  async function compare(last: Block | null): Promise<void> {
    if (known === null) return;
    const shorter = (last?.number ?? 0) < known.number;
    if (!shorter && (last?.number !== known.number || last.hash === known.hash)) return;
    const lost = headOf(known);
    known = null;
    if (cut) return;
    cut = true;
    onTampering("chain-cut", null);
    await heads?.keepLost(lost, clock.now());
  }

  function check(entry: StoredAuditEntry): void {
    const digest = unseen.get(entry.id);
    if (digest === undefined) return;
    unseen.delete(entry.id);
    if (digest !== digestOf(entry) || !personalPartHolds(entry)) onTampering("changed", entry.id);
  }

  async function lookFor(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const found = await repository.byIds(ids);
    found.forEach(check);
    for (const id of ids) {
      if (!unseen.delete(id)) continue;
      onTampering("dropped", id);
    }
  }

  async function tell(head: ChainHead): Promise<void> {
    const nowMs = clock.monotonicMs();
    if (nowMs - headLogged.atMs >= headLoggedMs) logHead(head);
    await heads?.keep(head, clock.now()).catch((error: unknown) => {
      logger.warn({ error: error as Error }, "the audit log's head could not be kept");
    });
  }

  function logHead(head: ChainHead): void {
    headLogged = { sequence: head.sequence, atMs: clock.monotonicMs() };
    logger.info({ sequence: head.sequence, hash: head.hash }, "audit log head");
  }

  /** True also where its block was pruned: then the checkpoint has what follows it. */
  async function isThere({ sequence, hash }: ChainHead): Promise<boolean> {
    if ((await repository.blockByHash(hash)) !== null) return true;
    const checkpoint = await repository.checkpoint();
    return checkpoint !== null && sequence <= checkpoint.sequence;
  }

  return {
    wrote(id, digest) {
      unseen.set(id, digest);
      schedule(sealAfterMs);
    },
    seal: run,
    async start() {
      started = true;
      const newest = await heads?.newest();
      if (newest !== undefined && newest !== null && !(await isThere(newest))) onTampering("chain-cut", null);
      await run();
    },
    async stop() {
      cancel?.();
      // A run under way may be past the last look at what waits.
      await running;
      await run();
      stopped = true;
      cancel?.();
      const head = headOf(known);
      if (head.sequence > headLogged.sequence) logHead(head);
    },
  };
}
