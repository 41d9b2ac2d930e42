// The row of the REST table that says how long what is kept.
import { retentionTermsSchema } from "../schemas/retention.ts";
import { endpoint } from "./endpoint.ts";

export const retentionEndpoints = {
  retentionTerms: endpoint({
    method: "GET",
    path: "/api/v1/retention",
    access: "signed-in",
    summary: "How long what is kept, and when what was over was deleted last",
    response: retentionTermsSchema,
  }),
};
