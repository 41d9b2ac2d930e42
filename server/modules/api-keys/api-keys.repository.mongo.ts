// Keys in the store: of each secret its hash alone.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { CollectionCipher, FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { ApiKeyId, OrgId, UserId } from "../../../shared/ids.ts";
import type { ApiScope } from "../../../shared/schemas/api-keys.ts";

export interface StoredApiKey {
  id: ApiKeyId;
  name: string;
  prefix: string;
  /** SHA-256 of the whole key, in hexadecimal. It has 256 random bits: nothing slower is needed. */
  secretHash: string;
  scopes: ApiScope[];
  orgId: OrgId;
  createdBy: UserId;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export interface ApiKeysRepository {
  insert(key: StoredApiKey): Promise<void>;
  byHash(secretHash: string): Promise<StoredApiKey | null>;
  /** Newest first. */
  ofOrganization(orgId: OrgId, limit: number): Promise<StoredApiKey[]>;
  countLiving(orgId: OrgId): Promise<number>;
  /** Null where the organisation has no such key. */
  revoke(id: ApiKeyId, orgId: OrgId, now: Date): Promise<StoredApiKey | null>;
  markUsed(id: ApiKeyId, now: Date): Promise<void>;
}

interface ApiKeyDocument extends Omit<StoredApiKey, "id" | "createdBy"> {
  _id: mongoose.Types.ObjectId;
  createdBy: mongoose.Types.ObjectId;
}

const date = { type: Date, default: null };
const apiKeySchema = new mongoose.Schema<ApiKeyDocument>(
  {
    name: { type: String, required: true },
    prefix: { type: String, required: true },
    secretHash: { type: String, required: true },
    scopes: { type: [String], required: true },
    orgId: { type: String, required: true },
    createdBy: { type: mongoose.Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: date,
    expiresAt: date,
    revokedAt: date,
  },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "apiKeys" },
)
  .index({ secretHash: 1 }, { unique: true })
  .index({ createdBy: 1 })
  .index({ orgId: 1, _id: -1 })
  .index({ orgId: 1, revokedAt: 1 });

export async function createApiKeysRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<ApiKeysRepository> {
  const sealedFields = cipher.of("apiKeys");
  const keys = connection.model("apiKeys", apiKeySchema);
  await createIndexes(keys);
  return {
    async insert({ id, createdBy, name, ...fields }) {
      await keys.create({
        _id: new mongoose.Types.ObjectId(id),
        createdBy: new mongoose.Types.ObjectId(createdBy),
        name: sealedFields.seal(id, "name", name),
        ...fields,
      });
    },
    async byHash(secretHash) {
      const found = await keys.findOne({ secretHash }).lean<ApiKeyDocument>();
      return found === null ? null : toKey(found, sealedFields);
    },
    async ofOrganization(orgId, limit) {
      const found = await keys.find({ orgId }).sort({ _id: -1 }).limit(limit).lean<ApiKeyDocument[]>();
      return found.map((key) => toKey(key, sealedFields));
    },
    countLiving: (orgId) => keys.countDocuments({ orgId, revokedAt: null }),
    async revoke(id, orgId, now) {
      const _id = new mongoose.Types.ObjectId(id);
      await keys.updateOne({ _id, orgId, revokedAt: null }, { $set: { revokedAt: now } });
      const found = await keys.findOne({ _id, orgId }).lean<ApiKeyDocument>();
      return found === null ? null : toKey(found, sealedFields);
    },
    async markUsed(id, now) {
      await keys.updateOne({ _id: new mongoose.Types.ObjectId(id) }, { $set: { lastUsedAt: now } });
    },
  };
}

function toKey({ _id, createdBy, name, ...fields }: ApiKeyDocument, sealed: CollectionCipher): StoredApiKey {
  const id = _id.toHexString() as ApiKeyId;
  return { id, createdBy: createdBy.toHexString() as UserId, name: sealed.open(id, "name", name), ...fields };
}
