// The rows of the REST table for the audit log: searching and exporting what happened in one's organisation.
import { z } from "zod";
import { auditFilterSchema, auditPageSchema, auditQuerySchema } from "../schemas/audit.ts";
import { endpoint } from "./endpoint.ts";

export const auditEndpoints = {
  adminAudit: endpoint({
    method: "GET",
    path: "/api/v1/admin/audit",
    access: "org-admin",
    scope: "audit:read",
    summary: "What happened in the organisation of one's session, newest first",
    query: auditQuerySchema,
    response: auditPageSchema,
  }),
  adminAuditCsv: endpoint({
    method: "GET",
    path: "/api/v1/admin/audit/export.csv",
    access: "org-admin",
    scope: "audit:read",
    summary: "The same as a table, at most 100 000 entries; no cell begins like a formula",
    query: auditFilterSchema,
    response: z.custom<AsyncIterable<string>>(),
    contentType: "text/csv; charset=utf-8",
    streamed: true,
  }),
  adminAuditNdjson: endpoint({
    method: "GET",
    path: "/api/v1/admin/audit/export.ndjson",
    access: "org-admin",
    scope: "audit:read",
    summary: "The same as one JSON object a line, at most 100 000 entries",
    query: auditFilterSchema,
    response: z.custom<AsyncIterable<string>>(),
    contentType: "application/x-ndjson; charset=utf-8",
    streamed: true,
  }),
} as const;
