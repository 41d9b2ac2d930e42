// What the endpoints of machines that read people's words do.
import type { AiService } from "../../modules/ai/index.ts";
import type { PassagesService } from "../../modules/passages/index.ts";
import type { Handlers } from "./endpoint-router.ts";

export function createAiHandlers({
  ai,
  passages,
}: {
  ai: AiService;
  passages: PassagesService;
}): Pick<Handlers, "meetingAi" | "switchMeetingAi" | "adminAi" | "switchOrganizationAi" | "searchPassages"> {
  return {
    meetingAi: (actor, { params }) => ai.ofMeeting(actor, params.id),
    switchMeetingAi: (actor, { params, body }) => ai.decideForMeeting(actor, params.id, body.use),
    searchPassages: async (actor, { query }) => ({
      items: await passages.search(actor, { query: query.q, limit: query.limit }),
    }),
    adminAi: (actor) => ai.overview(actor),
    switchOrganizationAi: (actor, { body }) => ai.decideForOrganization(actor, body.use),
  };
}
