// The rows of the REST table for finding a time with somebody, and taking it.
import { z } from "zod";
import { userIdSchema } from "../ids.ts";
import { meetingSchema } from "../schemas/meetings.ts";
import { bookTimeSchema, suggestedTimesSchema, suggestTimesSchema } from "../schemas/scheduling.ts";
import { endpoint } from "./endpoint.ts";

const person = z.object({ userId: userIdSchema });

export const schedulingEndpoints = {
  suggestTimes: endpoint({
    method: "GET",
    path: "/api/v1/people/:userId/times",
    access: "signed-in",
    summary: "Times that lie within the hours of both and are free in both calendars here",
    params: person,
    query: suggestTimesSchema,
    response: suggestedTimesSchema,
  }),
  bookTime: endpoint({
    method: "POST",
    path: "/api/v1/people/:userId/calls",
    access: "signed-in",
    status: 201,
    summary: "Plan a call with somebody at a time that is free for both; of several at once one gets it",
    params: person,
    body: bookTimeSchema,
    response: meetingSchema,
  }),
} as const;
