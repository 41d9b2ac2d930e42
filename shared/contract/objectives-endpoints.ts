// The row of the REST table for the service level objectives.
import { objectivesQuerySchema, objectivesSchema } from "../schemas/objectives.ts";
import { endpoint } from "./endpoint.ts";

export const objectivesEndpoints = {
  adminObjectives: endpoint({
    method: "GET",
    path: "/api/v1/admin/objectives",
    access: "org-admin",
    summary: "How this installation has kept its service level objectives, all of its processes together",
    query: objectivesQuerySchema,
    response: objectivesSchema,
  }),
} as const;
