// What administrators and operators may do, with the answer to everybody else. A new way in needs its row here.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import { pairingAdminEndpoints } from "./pairing-table.ts";
import type { Sample } from "./table.ts";

/** Rows for an organisation's administrators: everybody else is answered 403, the signed-out 401. */
export interface AdminRow {
  path: string | ((sample: Sample) => string);
  body?: unknown;
  /** HTTP status for an administrator; of another organisation 404 where the path names something of this one. */
  admin: number;
}

export const adminEndpoints = {
  adminOrganization: { path: "/api/v1/admin/organization", admin: 200 },
  ...pairingAdminEndpoints,
  adminAi: { path: "/api/v1/admin/ai", admin: 200 },
  switchOrganizationAi: { path: "/api/v1/admin/ai", body: { use: "rules" }, admin: 200 },
  adminRetention: { path: "/api/v1/admin/retention", admin: 200 },
  previewRetention: {
    path: "/api/v1/admin/retention/preview",
    body: { terms: { transcript: 30 } },
    admin: 200,
  },
  // Longer than it is kept now: nothing is deleted by it.
  changeRetention: {
    path: "/api/v1/admin/retention",
    body: { version: 0, terms: { chat: null } },
    admin: 200,
  },
  adminObjectives: { path: "/api/v1/admin/objectives?hours=1", admin: 200 },
  adminOverview: { path: "/api/v1/admin/overview?weeks=52", admin: 200 },
  adminOverviewCsv: { path: "/api/v1/admin/overview/export.csv", admin: 200 },
  adminAudit: { path: "/api/v1/admin/audit?limit=2", admin: 200 },
  adminAuditCsv: { path: "/api/v1/admin/audit/export.csv", admin: 200 },
  adminFlags: { path: "/api/v1/admin/flags", admin: 200 },
  adminAuditNdjson: { path: "/api/v1/admin/audit/export.ndjson", admin: 200 },
  changeMember: {
    path: ({ membershipId }) => `/api/v1/admin/members/${membershipId}`,
    body: { role: "coach" },
    admin: 200,
  },
  removeMember: { path: ({ membershipId }) => `/api/v1/admin/members/${membershipId}`, admin: 204 },
  listInvitations: { path: "/api/v1/admin/invitations", admin: 200 },
  inviteMember: { path: "/api/v1/admin/invitations", body: { email: "new@example.org" }, admin: 201 },
  listApiKeys: { path: "/api/v1/admin/api-keys", admin: 200 },
  createApiKey: {
    path: "/api/v1/admin/api-keys",
    body: { name: "Matrix", scopes: ["meetings:read"] },
    admin: 201,
  },
  revokeApiKey: { path: ({ apiKeyId }) => `/api/v1/admin/api-keys/${apiKeyId}`, admin: 204 },
  revokeInvitation: { path: ({ invitationId }) => `/api/v1/admin/invitations/${invitationId}`, admin: 204 },
} satisfies Partial<Record<keyof typeof endpoints, AdminRow>>;

/** Rows for the operators of the installation: everybody else is answered 403, also an organisation's administrators. */
export const operatorEndpoints = {
  operatorFlags: { path: "/api/v1/operator/flags", admin: 200 },
  changeFlag: {
    path: "/api/v1/operator/flags/transcript.search",
    body: { version: 0, percentage: 100 },
    admin: 200,
  },
  flagHistory: { path: "/api/v1/operator/flags/transcript.search/history", admin: 200 },
  encryptionStatus: { path: "/api/v1/operator/encryption", admin: 200 },
  rotateKeys: { path: "/api/v1/operator/encryption/rotation", admin: 202 },
} satisfies Partial<Record<keyof typeof endpoints, AdminRow>>;
