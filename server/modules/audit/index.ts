// The audit log: who did what to which resource, from where, with what outcome; never content.
import type { UserId } from "../../../shared/ids.ts";

export { createAuditModule } from "./audit.service.ts";

export interface AuditEntry {
  actorUserId: UserId | null;
  resourceType: string;
  resourceId: string;
  /** `resource.verb`, e.g. `meeting.start`. */
  action: string;
  outcome: "done" | "refused";
  /** Codes, ids and roles only. */
  metadata?: Record<string, string | number | boolean | null>;
  ipAddress?: string | null;
  userAgent?: string | null;
}

export interface AuditService {
  /** Durable when it resolves. */
  record(entry: AuditEntry): Promise<void>;
}
