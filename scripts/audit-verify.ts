// `npm run audit:verify [-- --head HASH]`: checks the audit log's chain from its first entry, also while servers run.
import { readHeads } from "../server/modules/audit/audit.heads.ts";
import {
  auditCollections,
  toBlock,
  toCheckpoint,
  toEntry,
  type AuditDocument,
  type BlockDocument,
  type CheckpointDocument,
} from "../server/modules/audit/audit.repository.mongo.ts";
import {
  createChainReader,
  type ChainReader,
  type Verification,
} from "../server/modules/audit/audit.verify.ts";
import type { ChainHead } from "../server/modules/audit/index.ts";
import { readConfig } from "../server/platform/config.ts";
import type { CollectionCipher } from "../server/platform/privacy/field-cipher.ts";
import { readArguments } from "./arguments.ts";
import { configuredCipher, documentsOf } from "./store/cipher.ts";
import { configuredSource, type StoreSource } from "./store/source.ts";
import { runTask, TaskError } from "./store/task.ts";

const triesMost = 5;
/** The chain does not hold; 1 says that it could not be checked. */
const brokenExitCode = 2;

const usage = `Usage: npm run audit:verify [-- --head HASH]
  --head  the head of an earlier run, which must be in the chain; may be given several times`;

await runTask(async () => {
  const { values } = readArguments(usage, { options: { head: { type: "string", multiple: true } } });
  const given = (values.head ?? []).map(headFrom);
  const config = readConfig(process.env);
  const heads = [...(await readHeads(config.dataDir)), ...given];
  const source = await configuredSource(config);
  let found: Verification;
  try {
    const cipher = await configuredCipher(config, source);
    const fields = cipher.of(auditCollections.entries);
    const proofs = cipher.of(auditCollections.checkpoints);
    for (let tries = 1; ; tries += 1) {
      const before = await checkpointIn(source, proofs);
      const reader = await readChain(source, fields);
      if (before !== null) reader.beginAt(before.checkpoint, before.authentic);
      found = reader.verify(heads);
      // What was pruned while it was read is not missing: it is read again.
      const after = await checkpointIn(source, proofs);
      if (after?.checkpoint.block === before?.checkpoint.block) break;
      if (tries === triesMost) throw new TaskError("The log is being pruned all the time: try again later.");
    }
  } finally {
    await source.close();
  }
  console.log(
    `${source.title}: ${found.entries} entries in ${found.blocks} blocks, ${found.unsealed} not sealed yet, ` +
      `${found.erased} without address; ${found.headsChecked} known heads compared.`,
  );
  if (found.pruned > 0)
    console.log(
      `The first ${found.pruned} entries were pruned as their time was over; ${found.headsPruned} known heads are older than that.`,
    );
  console.log(`Head: ${found.head.sequence} ${found.head.hash}`);
  if (found.problem === null) {
    console.log("The audit log is as it was written.");
    return;
  }
  const { kind, sentence } = found.problem;
  console.error(`The audit log was changed. First: ${kind}. ${sentence}`);
  process.exitCode = brokenExitCode;
});

async function readChain(source: StoreSource, fields: CollectionCipher): Promise<ChainReader> {
  const reader = createChainReader();
  const blocks = new Set<string>();
  for await (const block of documentsOf<BlockDocument>(source, auditCollections.blocks)) {
    reader.addBlock(toBlock(block));
    blocks.add(block.hash);
  }
  for await (const entry of documentsOf<AuditDocument>(source, auditCollections.entries)) {
    reader.addEntry(toEntry(entry, fields));
  }
  // Of a single MongoDB server there is no one moment: what was sealed meanwhile is not an insertion.
  for await (const block of documentsOf<BlockDocument>(source, auditCollections.blocks)) {
    if (!blocks.has(block.hash)) reader.addLaterBlock(toBlock(block));
  }
  return reader;
}

async function checkpointIn(source: StoreSource, fields: CollectionCipher) {
  for await (const found of documentsOf<CheckpointDocument>(source, auditCollections.checkpoints))
    return toCheckpoint(found, fields);
  return null;
}

/** As a log line or a former run shows it: the hash alone, or its sequence before it. */
function headFrom(text: string): ChainHead {
  const [, sequence, hash] = /^(?:(\d+)[ :])?([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (hash === undefined)
    throw new TaskError("A head is 64 hexadecimal digits, as an earlier run has shown it.");
  return { sequence: Number(sequence ?? 0), hash };
}
