// The rows of the REST table for what is made of the talk of calls: stretches, topics, answers across calls, and briefs.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { askAnswerSchema, askQuestionSchema } from "../schemas/ask.ts";
import { briefSchema } from "../schemas/briefs.ts";
import { pageOf, pageQuerySchema } from "../schemas/common.ts";
import { segmentSchema, topicsSchema } from "../schemas/transcripts.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const talkEndpoints = {
  listSegments: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/segments",
    access: "meeting",
    scope: "transcripts:read",
    summary: "The transcript's segments",
    params: meeting,
    query: pageQuerySchema,
    response: pageOf(segmentSchema),
  }),
  listTopics: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/topics",
    access: "meeting",
    scope: "transcripts:read",
    summary: "What the call is or was about, stretch by stretch",
    params: meeting,
    response: topicsSchema,
  }),
  brief: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/brief",
    access: "meeting",
    summary: "One's own brief before a call: what is open, where the last calls ended, ideas to open with",
    params: meeting,
    response: briefSchema,
  }),
  askQuestion: endpoint({
    method: "POST",
    path: "/api/v1/ask",
    access: "signed-in",
    tellsSecret: true,
    summary: "Ask about one's own calls; the answer cites what was said in them",
    body: askQuestionSchema,
    response: askAnswerSchema,
  }),
} as const;
