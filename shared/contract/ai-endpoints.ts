// The rows of the REST table for machines that read people's words: what is switched, and how the services stand.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { aiOverviewSchema, aiSwitchSchema, meetingAiSchema } from "../schemas/ai.ts";
import { foundPassageSchema, passageQuerySchema } from "../schemas/passages.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const aiEndpoints = {
  meetingAi: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/ai",
    access: "meeting",
    summary: "Which machine may read what is said in a meeting, and who has switched it",
    params: meeting,
    response: meetingAiSchema,
  }),
  switchMeetingAi: endpoint({
    method: "PATCH",
    path: "/api/v1/meetings/:id/ai",
    access: "meeting",
    summary: "Switch machines on or off for a meeting; for its hosts",
    params: meeting,
    body: aiSwitchSchema,
    response: meetingAiSchema,
  }),
  searchPassages: endpoint({
    method: "GET",
    path: "/api/v1/search/passages",
    access: "signed-in",
    summary: "Find stretches of one's own calls by what was said in them",
    query: passageQuerySchema,
    response: z.object({ items: z.array(foundPassageSchema) }),
  }),
  adminAi: endpoint({
    method: "GET",
    path: "/api/v1/admin/ai",
    access: "org-admin",
    summary: "Which services read for the organisation, how they stand, and what was used today",
    response: aiOverviewSchema,
  }),
  switchOrganizationAi: endpoint({
    method: "PATCH",
    path: "/api/v1/admin/ai",
    access: "org-admin",
    summary: "Switch machines on or off for the organisation",
    body: aiSwitchSchema,
    response: aiOverviewSchema,
  }),
} as const;
