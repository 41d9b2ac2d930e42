// The rows of the REST table for series of calls.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { changeFollowingSchema, planSeriesSchema, seriesSchema } from "../schemas/series.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const seriesEndpoints = {
  planSeries: endpoint({
    method: "POST",
    path: "/api/v1/series",
    access: "signed-in",
    scope: "meetings:write",
    status: 201,
    summary: "Plan a series of calls, each a meeting of its own; those invited get one email for all of them",
    body: planSeriesSchema,
    response: seriesSchema,
  }),
  meetingSeries: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/series",
    access: "meeting",
    scope: "meetings:read",
    summary:
      "The series that a meeting belongs to, as far as one may open its calls; null where it belongs to none",
    params: meeting,
    response: seriesSchema.nullable(),
  }),
  changeFollowing: endpoint({
    method: "PATCH",
    path: "/api/v1/meetings/:id/series",
    access: "meeting",
    scope: "meetings:write",
    summary: "Change or move a call of a series and all planned ones that follow it",
    params: meeting,
    body: changeFollowingSchema,
    response: seriesSchema,
  }),
  cancelFollowing: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/series/cancel",
    access: "meeting",
    scope: "meetings:write",
    summary: "Cancel a call of a series and all planned ones that follow it",
    params: meeting,
    response: seriesSchema,
  }),
} as const;
