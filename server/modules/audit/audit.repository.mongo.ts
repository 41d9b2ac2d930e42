// The audit log in the store: appended to, never changed.
import mongoose from "mongoose";
import type { AuditEntry } from "./index.ts";

export interface AuditRepository {
  append(entry: AuditEntry, timestamp: Date): Promise<void>;
}

interface AuditDocument {
  _id: mongoose.Types.ObjectId;
  actorUserId: mongoose.Types.ObjectId | null;
  resourceType: string;
  resourceId: string;
  action: string;
  /** Whether it was done or refused: a log of successes alone would hide attempts. */
  outcome: AuditEntry["outcome"];
  metadata: Record<string, string | number | boolean | null>;
  ipAddress: string | null;
  userAgent: string | null;
  timestamp: Date;
}

const auditSchema = new mongoose.Schema<AuditDocument>(
  {
    actorUserId: { type: mongoose.Schema.Types.ObjectId, default: null },
    resourceType: { type: String, required: true },
    resourceId: { type: String, required: true },
    action: { type: String, required: true },
    outcome: { type: String, required: true, enum: ["done", "refused"] },
    metadata: { type: mongoose.Schema.Types.Mixed, default: {} },
    ipAddress: { type: String, default: null },
    userAgent: { type: String, default: null },
    timestamp: { type: Date, required: true },
  },
  { strict: "throw", autoIndex: false, versionKey: false, minimize: false, collection: "auditLogs" },
)
  .index({ actorUserId: 1 })
  .index({ resourceType: 1, resourceId: 1 })
  .index({ timestamp: 1 })
  .index({ action: 1 });

export async function createAuditRepository(connection: mongoose.Connection): Promise<AuditRepository> {
  const auditLogs = connection.model("auditLogs", auditSchema);
  await auditLogs.createIndexes();
  return {
    async append(entry, timestamp) {
      await auditLogs.create({
        ...entry,
        actorUserId: entry.actorUserId === null ? null : new mongoose.Types.ObjectId(entry.actorUserId),
        metadata: entry.metadata ?? {},
        ipAddress: entry.ipAddress ?? null,
        userAgent: entry.userAgent ?? null,
        timestamp,
      });
    },
  };
}
