// The rows of the REST table for finding a time with somebody, and taking it.
import { z } from "zod";
import { userIdSchema } from "../ids.ts";
import {
  busyFromSchema,
  calendarPeriodSchema,
  calendarSettingsSchema,
  calendarViewSchema,
  changeCalendarSchema,
  newFeedSchema,
} from "../schemas/calendar.ts";
import { meetingSchema } from "../schemas/meetings.ts";
import { bookTimeSchema, suggestedTimesSchema, suggestTimesSchema } from "../schemas/scheduling.ts";
import { endpoint, fileAnswer } from "./endpoint.ts";

/** 32 random bytes; programs that subscribe want the ending. */
const feed = z.object({ file: z.string().regex(/^[A-Za-z0-9_-]{43}\.ics$/) });

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
  calendarSettings: endpoint({
    method: "GET",
    path: "/api/v1/me/calendar/settings",
    access: "signed-in",
    summary: "Days that are not as usual, reminders, the private feed and the other calendar",
    response: calendarSettingsSchema,
  }),
  changeCalendar: endpoint({
    method: "PATCH",
    path: "/api/v1/me/calendar/settings",
    access: "signed-in",
    summary: "Replace one's days that are not as usual, or when one is reminded of calls",
    body: changeCalendarSchema,
    response: calendarSettingsSchema,
  }),
  calendar: endpoint({
    method: "GET",
    path: "/api/v1/me/calendar",
    access: "signed-in",
    summary: "One's calls, hours and busy times in a period of at most 42 days",
    query: calendarPeriodSchema,
    response: calendarViewSchema,
  }),
  makeFeed: endpoint({
    method: "POST",
    path: "/api/v1/me/calendar/feed",
    access: "signed-in",
    status: 201,
    tellsSecret: true,
    summary: "Make a secret address for calendar programs; the former one stops",
    response: newFeedSchema,
  }),
  revokeFeed: endpoint({
    method: "DELETE",
    path: "/api/v1/me/calendar/feed",
    access: "signed-in",
    summary: "Take the secret address back",
    response: calendarSettingsSchema,
  }),
  setBusyFrom: endpoint({
    method: "PUT",
    path: "/api/v1/me/calendar/busy-from",
    access: "signed-in",
    summary: "Have the busy times of another calendar counted, by its .ics address; read soon and every hour",
    body: busyFromSchema,
    response: calendarSettingsSchema,
  }),
  removeBusyFrom: endpoint({
    method: "DELETE",
    path: "/api/v1/me/calendar/busy-from",
    access: "signed-in",
    summary: "Count the other calendar no more, and forget what was read from it",
    response: calendarSettingsSchema,
  }),
  calendarFeed: endpoint({
    method: "GET",
    path: "/api/v1/calendar-feeds/:file",
    access: "public",
    summary:
      "The calls of whoever made this secret address, as a calendar; 404 once it is taken back or they left",
    params: feed,
    response: fileAnswer,
    contentType: "text/calendar; charset=utf-8",
  }),
} as const;
