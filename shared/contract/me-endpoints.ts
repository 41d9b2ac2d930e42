// The rows of the REST table about oneself: who one is, where one may be, where one is signed in.
import { z } from "zod";
import { organizationChoiceSchema, signInSessionSchema, vendorIdSchema } from "../schemas/organizations.ts";
import { meSchema, updateMeSchema } from "../schemas/users.ts";
import { endpoint } from "./endpoint.ts";

export const meEndpoints = {
  me: endpoint({
    method: "GET",
    path: "/api/v1/me",
    access: "signed-in",
    summary: "The signed-in person",
    response: meSchema,
  }),
  updateMe: endpoint({
    method: "PATCH",
    path: "/api/v1/me",
    access: "signed-in",
    summary: "Change one's own name or time zone",
    body: updateMeSchema,
    response: meSchema,
  }),
  listOrganizations: endpoint({
    method: "GET",
    path: "/api/v1/me/organizations",
    access: "signed-in",
    summary:
      "The organisations that one belongs to; a browser's session switches by POST /auth/switch-organization",
    response: z.object({ items: z.array(organizationChoiceSchema) }),
  }),
  listSessions: endpoint({
    method: "GET",
    path: "/api/v1/me/sessions",
    access: "signed-in",
    summary: "Where one is signed in, the present session first",
    response: z.object({ items: z.array(signInSessionSchema) }),
  }),
  endSession: endpoint({
    method: "DELETE",
    path: "/api/v1/me/sessions/:sessionId",
    access: "signed-in",
    status: 204,
    summary: "Sign out of one of one's sessions; everything it holds open closes",
    params: z.object({ sessionId: vendorIdSchema }),
    response: z.null(),
  }),
  endOtherSessions: endpoint({
    method: "POST",
    path: "/api/v1/me/sessions/end-others",
    access: "signed-in",
    summary: "Sign out everywhere but here",
    response: z.object({ ended: z.number().int() }),
  }),
} as const;
