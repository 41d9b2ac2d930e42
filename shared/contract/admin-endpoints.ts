// The rows of the REST table for an organisation's administrators: what they see and decide of it, never what people say.
import { z } from "zod";
import { apiKeyIdSchema } from "../ids.ts";
import { apiKeySchema, createApiKeySchema, createdApiKeySchema } from "../schemas/api-keys.ts";
import {
  changeMemberSchema,
  inviteMemberSchema,
  memberSchema,
  organizationSchema,
  pendingInvitationSchema,
  vendorIdSchema,
} from "../schemas/organizations.ts";
import { endpoint } from "./endpoint.ts";

const member = z.object({ membershipId: vendorIdSchema });

export const adminEndpoints = {
  adminOrganization: endpoint({
    method: "GET",
    path: "/api/v1/admin/organization",
    access: "org-admin",
    summary: "The organisation of one's session with its members",
    response: organizationSchema,
  }),
  changeMember: endpoint({
    method: "PATCH",
    path: "/api/v1/admin/members/:membershipId",
    access: "org-admin",
    summary: "Give a member another role",
    params: member,
    body: changeMemberSchema,
    response: memberSchema,
  }),
  removeMember: endpoint({
    method: "DELETE",
    path: "/api/v1/admin/members/:membershipId",
    access: "org-admin",
    status: 204,
    summary: "Remove a member from the organisation; everything they have open there closes",
    params: member,
    response: z.null(),
  }),
  listInvitations: endpoint({
    method: "GET",
    path: "/api/v1/admin/invitations",
    access: "org-admin",
    summary: "Invitations to the organisation that have not been accepted yet",
    response: z.object({ items: z.array(pendingInvitationSchema) }),
  }),
  inviteMember: endpoint({
    method: "POST",
    path: "/api/v1/admin/invitations",
    access: "org-admin",
    status: 201,
    summary: "Invite somebody to the organisation by email address",
    body: inviteMemberSchema,
    response: pendingInvitationSchema,
  }),
  revokeInvitation: endpoint({
    method: "DELETE",
    path: "/api/v1/admin/invitations/:invitationId",
    access: "org-admin",
    status: 204,
    summary: "Take an invitation back before it is accepted",
    params: z.object({ invitationId: vendorIdSchema }),
    response: z.null(),
  }),
  listApiKeys: endpoint({
    method: "GET",
    path: "/api/v1/admin/api-keys",
    access: "org-admin",
    summary: "The organisation's keys for machines, revoked ones too",
    response: z.object({ items: z.array(apiKeySchema) }),
  }),
  createApiKey: endpoint({
    method: "POST",
    path: "/api/v1/admin/api-keys",
    access: "org-admin",
    status: 201,
    tellsSecret: true,
    summary: "Make a key for a machine; its secret is told here and never again",
    body: createApiKeySchema,
    response: createdApiKeySchema,
  }),
  revokeApiKey: endpoint({
    method: "DELETE",
    path: "/api/v1/admin/api-keys/:apiKeyId",
    access: "org-admin",
    status: 204,
    summary: "Revoke a key: from then on it opens nothing",
    params: z.object({ apiKeyId: apiKeyIdSchema }),
    response: z.null(),
  }),
} as const;
