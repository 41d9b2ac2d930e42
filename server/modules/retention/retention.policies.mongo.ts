// What the installation and its organisations have decided about terms, one document each.
import mongoose, { type Connection } from "mongoose";
import type { OrgId } from "../../../shared/ids.ts";
import { retentionKindSchema, type RetentionKind } from "../../../shared/schemas/retention.ts";
import type { Term, Terms } from "./retention.terms.ts";

/** Null: the installation's own. */
export type PolicyOwner = OrgId | null;

export interface StoredPolicy {
  owner: PolicyOwner;
  /** 1, 2, 3 … */
  version: number;
  /** Kinds of which nothing was decided are not there. */
  terms: Terms;
  /** Null: by a setting of the installation. */
  updatedBy: string | null;
  updatedAt: Date;
}

export interface PoliciesRepository {
  find(owner: PolicyOwner): Promise<StoredPolicy | null>;
  all(): Promise<StoredPolicy[]>;
  /** False where the version before is not the one that is stored. */
  write(policy: StoredPolicy): Promise<boolean>;
}

interface PolicyDocument {
  /** `installation`, or `organization/<id>`. */
  _id: string;
  version: number;
  terms: { kind: string; days: number | null; nextDays: number | null; nextFrom: Date | null }[];
  updatedBy: string | null;
  updatedAt: Date;
}

const orgPrefix = "organization/";

const policySchema = new mongoose.Schema<PolicyDocument>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    terms: {
      type: [
        {
          _id: false,
          kind: { type: String, required: true },
          days: { type: Number, default: null },
          nextDays: { type: Number, default: null },
          nextFrom: { type: Date, default: null },
        },
      ],
      required: true,
    },
    updatedBy: { type: String, default: null },
    updatedAt: { type: Date, required: true },
  },
  {
    collection: "retentionPolicies",
    strict: "throw",
    autoIndex: false,
    autoCreate: false,
    versionKey: false,
  },
);

export function createPoliciesRepository(connection: Connection): PoliciesRepository {
  const policies = connection.model<PolicyDocument>("RetentionPolicy", policySchema);
  return {
    async find(owner) {
      const found = await policies.findById(idOf(owner)).lean();
      return found === null ? null : toPolicy(found);
    },

    async all() {
      return (await policies.find({ _id: { $gt: "" } }).lean()).map(toPolicy);
    },

    async write({ owner, version, terms, updatedBy, updatedAt }) {
      const fields = { version, terms: [...terms].map(toStored), updatedBy, updatedAt };
      if (version > 1) {
        const before = { _id: idOf(owner), version: version - 1 };
        return (await policies.updateOne(before, { $set: fields })).matchedCount === 1;
      }
      try {
        await policies.create({ _id: idOf(owner), ...fields });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },
  };
}

function idOf(owner: PolicyOwner): string {
  return owner === null ? "installation" : `${orgPrefix}${owner}`;
}

function toStored([kind, { days, next }]: [RetentionKind, Term]): PolicyDocument["terms"][number] {
  return { kind, days, nextDays: next?.days ?? null, nextFrom: next?.from ?? null };
}

function toPolicy({ _id, version, terms, updatedBy, updatedAt }: PolicyDocument): StoredPolicy {
  return {
    owner: _id.startsWith(orgPrefix) ? (_id.slice(orgPrefix.length) as OrgId) : null,
    version,
    terms: new Map(
      terms.map(({ kind, days, nextDays, nextFrom }) => [
        retentionKindSchema.parse(kind),
        { days, next: nextFrom === null ? null : { days: nextDays, from: nextFrom } },
      ]),
    ),
    updatedBy,
    updatedAt,
  };
}
