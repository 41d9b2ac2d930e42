// The rows of the REST table for an organisation's figures without content.
import { z } from "zod";
import { overviewQuerySchema, overviewSchema } from "../schemas/overview.ts";
import { endpoint } from "./endpoint.ts";

export const overviewEndpoints = {
  adminOverview: endpoint({
    method: "GET",
    path: "/api/v1/admin/overview",
    access: "org-admin",
    summary:
      "Attendance, commitments and ratings of the organisation in complete weeks, never of fewer than five people",
    query: overviewQuerySchema,
    response: overviewSchema,
  }),
  adminOverviewCsv: endpoint({
    method: "GET",
    path: "/api/v1/admin/overview/export.csv",
    access: "org-admin",
    summary: "The same figures as a table; what is not shown is empty there, too",
    query: overviewQuerySchema,
    response: z.string(),
    contentType: "text/csv; charset=utf-8",
  }),
} as const;
