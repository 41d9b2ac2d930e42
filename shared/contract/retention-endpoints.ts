// The rows of the REST table for how long what is kept: told to everybody, decided by an organisation's administrators.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import {
  changeRetentionSchema,
  meetingRetentionSchema,
  previewRetentionSchema,
  retentionPolicySchema,
  retentionPreviewSchema,
  retentionTermsSchema,
} from "../schemas/retention.ts";
import { endpoint } from "./endpoint.ts";

export const retentionEndpoints = {
  retentionTerms: endpoint({
    method: "GET",
    path: "/api/v1/retention",
    access: "signed-in",
    summary: "How long what is kept, and when what was over was deleted last",
    response: retentionTermsSchema,
  }),
  meetingRetention: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/retention",
    access: "meeting",
    summary: "Until when what of a meeting is kept, where it has a term",
    params: z.object({ id: meetingIdSchema }),
    response: meetingRetentionSchema,
  }),
  adminRetention: endpoint({
    method: "GET",
    path: "/api/v1/admin/retention",
    access: "org-admin",
    summary: "How long the organisation's calls are kept, by kind, and what is to change",
    response: retentionPolicySchema,
  }),
  previewRetention: endpoint({
    method: "POST",
    path: "/api/v1/admin/retention/preview",
    access: "org-admin",
    status: 200,
    summary: "How much would be deleted if these terms counted now: numbers of calls alone",
    body: previewRetentionSchema,
    response: retentionPreviewSchema,
  }),
  changeRetention: endpoint({
    method: "PUT",
    path: "/api/v1/admin/retention",
    access: "org-admin",
    summary: "Decide how long what is kept; a shorter term counts only after some hours",
    body: changeRetentionSchema,
    response: retentionPolicySchema,
  }),
} as const;
