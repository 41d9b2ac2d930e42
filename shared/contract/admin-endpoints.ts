// The rows of the REST table for an organisation's administrators: what they see and decide of it, never what people say.
import { organizationSchema } from "../schemas/organizations.ts";
import { endpoint } from "./endpoint.ts";

export const adminEndpoints = {
  adminOrganization: endpoint({
    method: "GET",
    path: "/api/v1/admin/organization",
    access: "org-admin",
    summary: "The organisation of one's session with its members",
    response: organizationSchema,
  }),
} as const;
