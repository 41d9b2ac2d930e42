// Organisations and memberships in the store: each as the identity vendor last told of it.
import mongoose from "mongoose";
import type { OrgId } from "../../../shared/ids.ts";
import type {
  OrganizationsRepository,
  StoredMembership,
  StoredOrganization,
} from "./organizations.repository.ts";
import { createIndexes } from "../../platform/create-indexes.ts";

interface OrganizationDocument {
  /** The vendor's id. */
  _id: string;
  name: string;
  state: StoredOrganization["state"];
  vendorUpdatedAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

interface MembershipDocument {
  _id: string;
  workosUserId: string;
  orgId: string;
  role: string;
  state: StoredMembership["state"];
  vendorUpdatedAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

const schemaOptions = { strict: "throw", autoIndex: false, versionKey: false } as const;
const stamps = {
  vendorUpdatedAt: { type: Date, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
};

const organizationSchema = new mongoose.Schema<OrganizationDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    state: { type: String, required: true, enum: ["active", "deleted"] },
    ...stamps,
  },
  { ...schemaOptions, collection: "organizations" },
).index({ state: 1 });

const membershipSchema = new mongoose.Schema<MembershipDocument>(
  {
    _id: { type: String, required: true },
    workosUserId: { type: String, required: true },
    orgId: { type: String, required: true },
    role: { type: String, required: true },
    state: { type: String, required: true, enum: ["active", "inactive", "pending", "deleted"] },
    ...stamps,
  },
  { ...schemaOptions, collection: "organizationMemberships" },
)
  .index({ orgId: 1, _id: 1 })
  .index({ workosUserId: 1, orgId: 1 });

export async function createOrganizationsRepository(
  connection: mongoose.Connection,
): Promise<OrganizationsRepository> {
  const organizations = connection.model("organizations", organizationSchema);
  const memberships = connection.model("organizationMemberships", membershipSchema);
  await createIndexes(organizations, memberships);

  return {
    async organization(id) {
      const found = await organizations.findById(id).lean();
      return found === null ? null : toOrganization(found);
    },

    keepOrganization: ({ id, ...fields }, now) =>
      keepNewest(organizations as unknown as AnyModel, id, { ...fields, updatedAt: now }, now),

    async activeOrganizations(limit) {
      const found = await organizations.find({ state: "active" }, { _id: 1 }).limit(limit).lean();
      return found.map(({ _id }) => _id as OrgId);
    },

    async membership(id) {
      const found = await memberships.findById(id).lean();
      return found === null ? null : toMembership(found);
    },

    async membersOf(orgId, limit) {
      const found = await memberships.find({ orgId }).sort({ _id: 1 }).limit(limit).lean();
      return found.map(toMembership);
    },

    async activeMembers(orgId, { limit, after }) {
      const found = await memberships
        .find({ orgId, ...(after === null ? {} : { _id: { $gt: after } }), state: "active" })
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      return found.map(toMembership);
    },

    async membershipsOf(workosUserId, orgId) {
      const found = await memberships
        .find(orgId === undefined ? { workosUserId } : { workosUserId, orgId })
        .limit(1_000)
        .lean();
      return found.map(toMembership);
    },

    async activeAmong(orgId, workosUserIds) {
      if (workosUserIds.length === 0) return [];
      const found = await memberships
        .find({ workosUserId: { $in: workosUserIds }, orgId, state: "active" }, { workosUserId: 1 })
        .lean();
      return found.map(({ workosUserId }) => workosUserId);
    },

    keepMembership: ({ id, ...fields }, now) =>
      keepNewest(memberships as unknown as AnyModel, id, { ...fields, updatedAt: now }, now),
  };
}

interface AnyModel {
  updateOne(filter: object, update: object): Promise<{ matchedCount: number }>;
  create(document: object): Promise<unknown>;
}

/**
 * Writes what is newer than what is kept, told by the vendor's own stamp; what is deleted stays so, as ids do not come
 * again. False where nothing changed.
 */
async function keepNewest(
  model: AnyModel,
  id: string,
  fields: { state: string; vendorUpdatedAt: Date; updatedAt: Date },
  now: Date,
): Promise<boolean> {
  const newer =
    fields.state === "deleted"
      ? { state: { $ne: "deleted" } }
      : { state: { $ne: "deleted" }, vendorUpdatedAt: { $lt: fields.vendorUpdatedAt } };
  const written = () => model.updateOne({ _id: id, ...newer }, { $set: fields });
  if ((await written()).matchedCount === 1) return true;
  try {
    await model.create({ _id: id, ...fields, createdAt: now });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
  }
  // It is there: newer, or written by somebody else in this moment, in which case the newer of both must stay.
  return (await written()).matchedCount === 1;
}

function toOrganization(found: OrganizationDocument): StoredOrganization {
  const { _id: id, name, state, vendorUpdatedAt } = found;
  return { id: id as OrgId, name, state, vendorUpdatedAt };
}

function toMembership(found: MembershipDocument): StoredMembership {
  const { _id: id, workosUserId, orgId, role, state, vendorUpdatedAt } = found;
  return { id, workosUserId, orgId: orgId as OrgId, role, state, vendorUpdatedAt };
}
