// Handlers about series of calls: each is one call of scheduling, once the template may be used.
import type { MeetingsService } from "../../modules/meetings/index.ts";
import type { NotesService } from "../../modules/notes/index.ts";
import type { SchedulingService } from "../../modules/scheduling/index.ts";
import type { Handlers } from "./endpoint-router.ts";

export function createSeriesHandlers({
  scheduling,
  meetings,
  notes,
}: {
  scheduling: Pick<SchedulingService, "series">;
  meetings: Pick<MeetingsService, "authorize">;
  notes: Pick<NotesService, "checkTemplate">;
}): Pick<Handlers, "planSeries" | "meetingSeries" | "changeFollowing" | "cancelFollowing"> {
  return {
    async planSeries(actor, { body }) {
      await notes.checkTemplate(actor, body.template);
      return await scheduling.series.plan(actor, body);
    },
    meetingSeries: (actor, { params }) => scheduling.series.ofMeeting(actor, params.id),
    async changeFollowing(actor, { params, body }) {
      await meetings.authorize(actor, params.id, "meeting.change");
      await notes.checkTemplate(actor, body.template);
      return await scheduling.series.changeFollowing(actor, params.id, body);
    },
    cancelFollowing: (actor, { params }) => scheduling.series.cancelFollowing(actor, params.id),
  };
}
