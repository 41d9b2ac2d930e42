// The audit log in the store: entries are added and sealed once, never changed; blocks are only added.
import mongoose from "mongoose";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import { EnvelopeDamaged } from "../../platform/privacy/envelope.ts";
import type { CollectionCipher, FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { Block, Checkpoint } from "./audit.chain.ts";
import type { AuditRepository, EntryFilter } from "./audit.repository.ts";
import type { AuditMetadata, StoredAuditEntry } from "./index.ts";

const { ObjectId } = mongoose.Types;

export interface AuditDocument {
  _id: mongoose.Types.ObjectId;
  timestamp: Date;
  orgId: string | null;
  actorUserId: mongoose.Types.ObjectId | null;
  /** Encrypted, as address and user agent. */
  impersonator: string | null;
  apiKeyId: string | null;
  resourceType: string;
  resourceId: string;
  action: string;
  /** Whether it was done or refused: a log of successes alone would hide attempts. */
  outcome: StoredAuditEntry["outcome"];
  metadata: AuditMetadata;
  requestId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  salt: string | null;
  personalHash: string;
  /** True until the entry has its place in the chain, then gone. */
  unsealed?: true;
  sequence?: number;
  hash?: string;
}

export interface BlockDocument {
  _id: number;
  firstSequence: number;
  previousHash: string;
  hash: string;
  entries: { id: mongoose.Types.ObjectId; digest: string }[];
}

export interface CheckpointDocument {
  _id: string;
  block: number;
  sequence: number;
  hash: string;
  /** The three once more, under the key: whoever has the store alone cannot write another one. */
  proof: string;
  prunedAt: Date;
}

export const auditCollections = {
  entries: "auditLogs",
  blocks: "auditBlocks",
  checkpoints: "auditCheckpoints",
} as const;
const checkpointId = "newest";

const optionalText = { type: String, default: null };
const auditSchema = new mongoose.Schema<AuditDocument>(
  {
    timestamp: { type: Date, required: true },
    orgId: optionalText,
    actorUserId: { type: mongoose.Schema.Types.ObjectId, default: null },
    impersonator: optionalText,
    apiKeyId: optionalText,
    resourceType: { type: String, required: true },
    resourceId: { type: String, required: true },
    action: { type: String, required: true },
    outcome: { type: String, required: true, enum: ["done", "refused"] },
    metadata: { type: mongoose.Schema.Types.Mixed, default: {} },
    requestId: optionalText,
    ipAddress: optionalText,
    userAgent: optionalText,
    salt: optionalText,
    personalHash: { type: String, required: true },
    unsealed: Boolean,
    sequence: Number,
    hash: String,
  },
  { strict: "throw", autoIndex: false, versionKey: false, minimize: false, collection: "auditLogs" },
)
  // An organisation's list, by itself and by each thing that it is searched for.
  .index({ orgId: 1, timestamp: -1, _id: -1 })
  .index({ orgId: 1, actorUserId: 1, timestamp: -1, _id: -1 })
  // Of a person, in whatever organisation: for their export, and to erase from where they acted.
  .index({ actorUserId: 1, timestamp: -1, _id: -1 })
  .index({ orgId: 1, action: 1, timestamp: -1, _id: -1 })
  .index({ orgId: 1, resourceType: 1, resourceId: 1, timestamp: -1, _id: -1 })
  .index({ orgId: 1, outcome: 1, timestamp: -1, _id: -1 })
  .index({ resourceType: 1, resourceId: 1, action: 1, timestamp: -1 })
  // For the end of its time, and for what waits to be sealed.
  .index({ timestamp: 1 })
  .index({ unsealed: 1, _id: 1 }, { partialFilterExpression: { unsealed: true } });

const blockSchema = new mongoose.Schema<BlockDocument>(
  {
    _id: { type: Number, required: true },
    firstSequence: { type: Number, required: true },
    previousHash: { type: String, required: true },
    hash: { type: String, required: true },
    entries: {
      type: [
        {
          _id: false,
          id: { type: mongoose.Schema.Types.ObjectId, required: true },
          digest: { type: String, required: true },
        },
      ],
      required: true,
    },
  },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "auditBlocks" },
).index({ hash: 1 }, { unique: true });

const checkpointSchema = new mongoose.Schema<CheckpointDocument>(
  {
    _id: { type: String, required: true },
    block: { type: Number, required: true },
    sequence: { type: Number, required: true },
    hash: { type: String, required: true },
    proof: { type: String, required: true },
    prunedAt: { type: Date, required: true },
  },
  { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false, collection: "auditCheckpoints" },
);

export async function createAuditRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<AuditRepository> {
  const fields = cipher.of(auditCollections.entries);
  const entries = connection.model("auditLogs", auditSchema);
  const blocks = connection.model("auditBlocks", blockSchema);
  const checkpoints = connection.model("auditCheckpoints", checkpointSchema);
  const checkpointFields = cipher.of(auditCollections.checkpoints);
  await createIndexes(entries, blocks);

  return {
    async append({ id, actorUserId, sequence: _none, hash: _nor, ...entry }) {
      await entries.create({
        _id: new ObjectId(id),
        ...entry,
        impersonator: fields.seal(id, "impersonator", entry.impersonator),
        ipAddress: fields.seal(id, "ipAddress", entry.ipAddress),
        userAgent: fields.seal(id, "userAgent", entry.userAgent),
        actorUserId: actorUserId === null ? null : new ObjectId(actorUserId),
        unsealed: true,
      });
    },

    async page(orgId, filter, { limit, after }) {
      const beyond =
        after === null
          ? {}
          : {
              $or: [
                { timestamp: { $lt: after.timestamp } },
                { timestamp: after.timestamp, _id: { $lt: new ObjectId(after.id) } },
              ],
            };
      const found = await entries
        .find({ ...conditionsOf(orgId, filter, after?.timestamp), ...beyond })
        .sort({ timestamp: -1, _id: -1 })
        .limit(limit)
        .lean<AuditDocument[]>();
      return found.map((entry) => toEntry(entry, fields));
    },

    async historyOf({ type, id, action }, limit) {
      const found = await entries
        .find({ resourceType: type, resourceId: id, action })
        .sort({ timestamp: -1 })
        .limit(limit)
        .lean<AuditDocument[]>();
      return found.map((entry) => toEntry(entry, fields));
    },

    async *ofPerson(userId) {
      const found = entries
        .find({ actorUserId: new ObjectId(userId) })
        .sort({ timestamp: -1, _id: -1 })
        .lean<AuditDocument[]>();
      for await (const entry of found.cursor({ batchSize: 200 }))
        yield toEntry(entry as unknown as AuditDocument, fields);
    },

    async count(orgId, filter, max) {
      return await entries.countDocuments(conditionsOf(orgId, filter), { limit: max });
    },

    async unsealed(limit) {
      const found = await entries
        .find({ unsealed: true })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<AuditDocument[]>();
      return found.map((entry) => toEntry(entry, fields));
    },

    async byIds(ids) {
      const found = await entries
        .find({ _id: { $in: ids.map((id) => new ObjectId(id)) } })
        .lean<AuditDocument[]>();
      return found.map((entry) => toEntry(entry, fields));
    },

    async lastBlock() {
      const last = await blocks
        .findOne({ _id: { $gte: 1 } })
        .sort({ _id: -1 })
        .lean<BlockDocument>();
      return last === null ? null : toBlock(last);
    },

    async block(number) {
      const found = await blocks.findById(number).lean<BlockDocument>();
      return found === null ? null : toBlock(found);
    },

    async firstBlock() {
      const first = await blocks
        .findOne({ _id: { $gte: 1 } })
        .sort({ _id: 1 })
        .lean<BlockDocument>();
      return first === null ? null : toBlock(first);
    },

    async checkpoint() {
      const found = await checkpoints.findById(checkpointId).lean<CheckpointDocument>();
      if (found === null) return null;
      const { checkpoint, authentic } = toCheckpoint(found, checkpointFields);
      if (!authentic) throw new Error("the audit log's checkpoint is not as it was written");
      return checkpoint;
    },

    async putCheckpoint(checkpoint, at) {
      const proof = checkpointFields.seal(checkpointId, "proof", proofOf(checkpoint));
      const fields = { ...checkpoint, proof, prunedAt: at };
      const behind = { _id: checkpointId, block: { $lt: checkpoint.block } };
      if ((await checkpoints.updateOne(behind, { $set: fields })).matchedCount === 1) return;
      try {
        await checkpoints.create({ _id: checkpointId, ...fields });
      } catch (error) {
        // Another process was further.
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
      }
    },

    async removeBlock({ number, entries: members }) {
      const ids = members.map(({ id }) => new ObjectId(id));
      const { deletedCount } = await entries.deleteMany({ _id: { $in: ids } });
      await blocks.deleteOne({ _id: number });
      return deletedCount;
    },

    async blockByHash(hash) {
      const found = await blocks.findOne({ hash }).lean<BlockDocument>();
      return found === null ? null : toBlock(found);
    },

    async insertBlock({ number, entries: members, ...block }) {
      try {
        await blocks.create({
          _id: number,
          ...block,
          entries: members.map(({ id, digest }) => ({ id: new ObjectId(id), digest })),
        });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async seal(places) {
      if (places.length === 0) return;
      await entries.bulkWrite(
        places.map(({ id, sequence, hash }) => ({
          updateOne: {
            filter: { _id: new ObjectId(id), unsealed: true },
            update: { $set: { sequence, hash }, $unset: { unsealed: "" } },
          },
        })),
        { ordered: false },
      );
    },
  };
}

/** A page after `until` begins there: bounded by the index instead of filtered. */
function conditionsOf(orgId: OrgId, filter: EntryFilter, until?: Date) {
  const { actorUserId, from, to, ...equal } = filter;
  const given = Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined));
  const bounds = {
    ...(from === undefined ? {} : { $gte: from }),
    ...(to === undefined ? {} : { $lt: to }),
    ...(until === undefined ? {} : { $lte: until }),
  };
  return {
    orgId,
    ...given,
    ...(actorUserId === undefined ? {} : { actorUserId: new ObjectId(actorUserId) }),
    ...(Object.keys(bounds).length === 0 ? {} : { timestamp: bounds }),
  };
}

/**
 * Also of a document that was read without Mongoose. The chain is over what was said, not over its ciphertext: a change of
 * keys leaves it whole.
 */
export function toEntry(document: AuditDocument, fields: CollectionCipher): StoredAuditEntry {
  const { _id, unsealed: _gone, orgId, actorUserId, sequence, hash, ...rest } = document;
  const id = _id.toHexString();
  return {
    ...rest,
    id,
    impersonator: fields.open(id, "impersonator", rest.impersonator),
    ipAddress: fields.open(id, "ipAddress", rest.ipAddress),
    userAgent: fields.open(id, "userAgent", rest.userAgent),
    orgId: orgId as OrgId | null,
    actorUserId: (actorUserId?.toHexString() ?? null) as UserId | null,
    sequence: sequence ?? null,
    hash: hash ?? null,
  };
}

export function toBlock({ _id, firstSequence, previousHash, hash, entries }: BlockDocument): Block {
  return {
    number: _id,
    firstSequence,
    previousHash,
    hash,
    entries: entries.map(({ id, digest }) => ({ id: id.toHexString(), digest })),
  };
}

function proofOf({ block, sequence, hash }: Checkpoint): string {
  return JSON.stringify([block, sequence, hash]);
}

/** Also of a document that was read without Mongoose. Without a key the proof proves nothing beyond the log's own entry. */
export function toCheckpoint(
  { block, sequence, hash, proof }: CheckpointDocument,
  fields: CollectionCipher,
): { checkpoint: Checkpoint; authentic: boolean } {
  const checkpoint = { block, sequence, hash };
  return { checkpoint, authentic: opened(proof, fields) === proofOf(checkpoint) };
}

function opened(proof: string, fields: CollectionCipher): string | null {
  try {
    return fields.open(checkpointId, "proof", proof);
  } catch (error) {
    if (error instanceof EnvelopeDamaged) return null;
    throw error;
  }
}
