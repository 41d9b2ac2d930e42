// Checks the whole chain: blocks against their hashes, entries against their blocks, known heads against the chain.
import {
  chainStart,
  digestOf,
  headOf,
  isPruneOf,
  isErased,
  nextHead,
  personalPartHolds,
  placesIn,
  pruneAction,
  type Block,
  type Checkpoint,
} from "./audit.chain.ts";
import type { ChainHead, StoredAuditEntry } from "./index.ts";

/** A clock may be wrong by so much before an entry counts as written back into the past. */
export const backDatedMs = 5 * 60_000;

export type ProblemKind = "changed" | "dropped" | "inserted" | "reordered" | "cut";

export interface ChainProblem {
  kind: ProblemKind;
  /** Where the chain breaks first; for an entry that never had a place, where it was put. */
  sequence: number;
  entryId: string | null;
  /** For the person at the terminal. */
  sentence: string;
}

export interface Verification {
  head: ChainHead;
  entries: number;
  blocks: number;
  /** Written in the last seconds, or by a process that died and has not been followed by another. */
  unsealed: number;
  /** Whose address and user agent have been erased; everything else of them is verified. */
  erased: number;
  headsChecked: number;
  /** Of the entries, those that are gone as their time was over: of them the last hash is there. */
  pruned: number;
  /** Known heads that are older than what is there. */
  headsPruned: number;
  /** The first one. */
  problem: ChainProblem | null;
}

/** What is kept of an entry while everything is read. */
interface Fact {
  id: string;
  digest: string;
  personalHolds: boolean;
  erased: boolean;
  atMs: number;
  sequence: number | null;
  hash: string | null;
}

type Report = (kind: ProblemKind, sequence: number, entryId: string | null, sentence: string) => void;

export interface ChainReader {
  addEntry(entry: StoredAuditEntry): void;
  addBlock(block: Block): void;
  /** Where the chain begins, where its oldest part was pruned; `authentic`: as the product wrote it. */
  beginAt(checkpoint: Checkpoint, authentic: boolean): void;
  /** Blocks that were not there when the reading of entries began: their entries may not have been read. */
  addLaterBlock(block: Block): void;
  verify(heads: readonly ChainHead[]): Verification;
}

/** Entries and blocks in any order; all blocks that exist before the first entry is read must be added. */
export function createChainReader(): ChainReader {
  const facts = new Map<string, Fact>();
  const blocks: Block[] = [];
  const later = new Set<string>();
  let laterLast = 0;
  let begin: { checkpoint: Checkpoint; authentic: boolean } | null = null;
  const prunes: StoredAuditEntry[] = [];

  function walk(heads: readonly ChainHead[]): Verification {
    const sorted = blocks.sort((a, b) => a.number - b.number);
    const from = begin?.checkpoint ?? null;
    const pruned = { block: from?.block ?? 0, sequence: from?.sequence ?? 0 };
    const inOrder = sorted.filter(({ number }) => number > pruned.block);
    const problems: ChainProblem[] = [];
    const problem: Report = (kind, sequence, entryId, sentence) =>
      void problems.push({ kind, sequence, entryId, sentence });
    const compared = heads.filter(({ sequence }) => sequence === 0 || sequence >= pruned.sequence);
    const wanted = new Map(compared.map((head) => [head.hash, head]));
    const placed = new Set<string>();
    let running: ChainHead = chainStart;
    if (from !== null) {
      running = { sequence: from.sequence, hash: from.hash };
      wanted.delete(from.hash);
      checkBeginning(from, problem, placed, sorted);
    }
    let newestMs = -Infinity;
    let erased = 0;

    for (const [index, block] of inOrder.entries()) {
      const start = running;
      const number = pruned.block + index + 1;
      if (block.number !== number) {
        problem(
          "dropped",
          running.sequence + 1,
          null,
          `Block ${number} is missing, and with it the entries from ${running.sequence + 1} on.`,
        );
        break;
      }
      if (block.previousHash !== start.hash || block.firstSequence !== start.sequence + 1) {
        problem(
          "changed",
          running.sequence + 1,
          null,
          `Block ${block.number} does not continue block ${number - 1}.`,
        );
        break;
      }
      for (const { id, digest } of block.entries) {
        running = nextHead(running, digest);
        wanted.delete(running.hash);
        const { sequence } = running;
        placed.add(id);
        const fact = facts.get(id);
        if (fact === undefined) {
          problem("dropped", sequence, id, `Entry ${sequence} (${id}) has been dropped.`);
          continue;
        }
        if (fact.erased) erased += 1;
        if (fact.digest !== digest || !fact.personalHolds) {
          problem("changed", sequence, id, `Entry ${sequence} (${id}) is not as it was written.`);
        } else if (fact.sequence !== null && fact.sequence !== sequence) {
          problem(
            "reordered",
            sequence,
            id,
            `Entry ${id} belongs in place ${sequence} and stands in place ${fact.sequence}.`,
          );
        } else if (fact.hash !== null && fact.hash !== running.hash) {
          problem(
            "changed",
            sequence,
            id,
            `Entry ${sequence} (${id}) does not follow from the entries before it.`,
          );
        } else if (fact.atMs < newestMs - backDatedMs) {
          problem(
            "inserted",
            sequence,
            id,
            `Entry ${sequence} (${id}) says it is older than entries that were sealed before it: it was put in later.`,
          );
        }
        newestMs = Math.max(newestMs, fact.atMs);
      }
      if (running.hash !== block.hash) {
        problem(
          "changed",
          start.sequence + 1,
          null,
          `Block ${block.number} (entries ${start.sequence + 1} to ${running.sequence}) does not have the hash of its entries.`,
        );
        break;
      }
    }

    const unsealed = check(problems, placed, running.sequence, newestMs);
    for (const head of wanted.values()) {
      if (later.has(head.hash)) continue;
      const sequence = Math.min(head.sequence, running.sequence + 1);
      problem(
        "cut",
        sequence,
        null,
        head.sequence > running.sequence
          ? `The chain ends at ${running.sequence}, but it had ${head.sequence} entries: its end was cut off, or an older state was restored.`
          : head.sequence === 0
            ? `No entry has the hash ${head.hash.slice(0, 16)}… that was kept outside${from === null ? "" : ` (if it was among the ${from.sequence} that were pruned, give its number with it)`}: the chain was written anew.`
            : `Entry ${head.sequence} does not have the hash ${head.hash.slice(0, 16)}… that was kept outside: the chain was written anew.`,
      );
    }
    problems.sort((a, b) => a.sequence - b.sequence);
    return {
      head: running,
      entries: running.sequence,
      blocks: inOrder.length,
      unsealed,
      erased,
      headsChecked: compared.length,
      pruned: pruned.sequence,
      headsPruned: heads.length - compared.length,
      problem: problems[0] ?? null,
    };
  }

  /** The checkpoint itself, and what a prune that was interrupted has left before it. */
  function checkBeginning(from: Checkpoint, problem: Report, placed: Set<string>, sorted: readonly Block[]) {
    if (begin?.authentic === false)
      problem("changed", from.sequence, null, "The checkpoint of the last prune is not as it was written.");
    if (!prunes.some((entry) => isPruneOf(from, entry)))
      problem(
        "dropped",
        from.sequence,
        null,
        `The entries up to ${from.sequence} are gone, and no entry says that they were pruned.`,
      );
    for (const block of sorted.filter(({ number }) => number <= from.block)) {
      const places = placesIn(block);
      const expected = block.number === from.block ? from.hash : block.hash;
      if (places.at(-1)?.hash !== block.hash || block.hash !== expected)
        problem("changed", block.firstSequence, null, `Block ${block.number} is not as it was written.`);
      for (const [index, { id, digest }] of block.entries.entries()) {
        placed.add(id);
        const fact = facts.get(id);
        const sequence = block.firstSequence + index;
        if (fact !== undefined && (fact.digest !== digest || !fact.personalHolds))
          problem("changed", sequence, id, `Entry ${sequence} (${id}) is not as it was written.`);
      }
    }
  }

  /** What is in no block; answers how many of those simply wait. */
  function check(problems: ChainProblem[], placed: Set<string>, last: number, newestMs: number): number {
    let unsealed = 0;
    for (const fact of facts.values()) {
      if (placed.has(fact.id) || later.has(fact.id)) continue;
      const inserted = (sequence: number, sentence: string) =>
        problems.push({ kind: "inserted", sequence, entryId: fact.id, sentence });
      if (fact.sequence !== null) {
        // Sealed after the blocks were read.
        if (fact.sequence > last && fact.sequence <= laterLast) continue;
        const where = fact.sequence > last ? "behind the end of the chain" : "that is another entry's";
        inserted(fact.sequence, `Entry ${fact.id} stands in place ${fact.sequence}, ${where}.`);
      } else if (fact.atMs < newestMs - backDatedMs) {
        inserted(
          last + 1,
          `Entry ${fact.id} is older than the last sealed one and was never sealed: it was put in later.`,
        );
      } else unsealed += 1;
    }
    return unsealed;
  }

  return {
    addEntry(entry) {
      if (entry.action === pruneAction) prunes.push(entry);
      facts.set(entry.id, {
        id: entry.id,
        digest: digestOf(entry),
        personalHolds: personalPartHolds(entry),
        erased: isErased(entry),
        atMs: entry.timestamp.getTime(),
        sequence: entry.sequence,
        hash: entry.hash,
      });
    },
    beginAt: (checkpoint, authentic) => void (begin = { checkpoint, authentic }),
    addBlock: (block) => void blocks.push(block),
    addLaterBlock(block) {
      for (const { id } of block.entries) later.add(id);
      later.add(block.hash);
      laterLast = Math.max(laterLast, headOf(block).sequence);
    },
    verify: walk,
  };
}
