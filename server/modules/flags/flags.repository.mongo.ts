// Flags in the store, one document a key and environment.
import mongoose from "mongoose";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { CollectionCipher, FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { FlagsRepository, StoredFlag } from "./flags.repository.ts";

interface FlagDocument {
  _id: mongoose.Types.ObjectId;
  key: string;
  environment: string;
  value: boolean;
  rolloutPercentage: number;
  onForOrganizations: string[];
  offForOrganizations: string[];
  /** Encrypted, as those for whom it is off. */
  onForPeople: string[];
  offForPeople: string[];
  version: number;
  updatedBy: mongoose.Types.ObjectId;
  createdAt: Date;
  updatedAt: Date;
}

const flagSchema = new mongoose.Schema<FlagDocument>(
  {
    key: { type: String, required: true },
    environment: { type: String, required: true },
    value: { type: Boolean, required: true },
    rolloutPercentage: { type: Number, required: true },
    onForOrganizations: { type: [String], required: true },
    offForOrganizations: { type: [String], required: true },
    onForPeople: { type: [String], required: true },
    offForPeople: { type: [String], required: true },
    version: { type: Number, required: true },
    updatedBy: { type: mongoose.Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "featureFlags" },
).index({ environment: 1, key: 1 }, { unique: true });

export async function createFlagsRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<FlagsRepository> {
  const sealed = cipher.of("featureFlags");
  const model = connection.model("featureFlags", flagSchema);
  await createIndexes(model);
  return {
    async all(environment) {
      return (await model.find({ environment }).lean<FlagDocument[]>()).map((flag) => toFlag(flag, sealed));
    },

    async write(environment, { key, on, percentage, updatedBy, ...rest }) {
      const id = `${environment}/${key}`;
      const fields = {
        ...rest,
        onForPeople: rest.onForPeople.map((email) => sealed.seal(id, "onForPeople", email)),
        offForPeople: rest.offForPeople.map((email) => sealed.seal(id, "offForPeople", email)),
        value: on,
        rolloutPercentage: percentage,
        updatedBy: new mongoose.Types.ObjectId(updatedBy),
      };
      if (rest.version > 1) {
        const before = { environment, key, version: rest.version - 1 };
        return (await model.updateOne(before, { $set: fields })).matchedCount === 1;
      }
      try {
        await model.create({ environment, key, ...fields, createdAt: rest.updatedAt });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },
  };
}

function toFlag(document: FlagDocument, sealed: CollectionCipher): StoredFlag {
  const { environment, key, value, rolloutPercentage, version, updatedBy, updatedAt } = document;
  const id = `${environment}/${key}`;
  return {
    key,
    on: value,
    percentage: rolloutPercentage,
    onForOrganizations: document.onForOrganizations as OrgId[],
    offForOrganizations: document.offForOrganizations as OrgId[],
    onForPeople: document.onForPeople.map((email) => sealed.open(id, "onForPeople", email)),
    offForPeople: document.offForPeople.map((email) => sealed.open(id, "offForPeople", email)),
    version,
    updatedBy: updatedBy.toHexString() as UserId,
    updatedAt,
  };
}
