// The rows of the REST table for a coach's review of their calls.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { coachReviewSchema, reviewTrendsSchema } from "../schemas/reviews.ts";
import { endpoint } from "./endpoint.ts";

export const reviewEndpoints = {
  coachReview: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/review",
    access: "meeting",
    summary: "How one coached a call that one hosted; nobody else reads it",
    params: z.object({ id: meetingIdSchema }),
    response: coachReviewSchema,
  }),
  retryReview: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/review/retry",
    access: "meeting",
    summary: "Make one's review of a call again after a failure; hosts only",
    params: z.object({ id: meetingIdSchema }),
    response: coachReviewSchema,
  }),
  reviewTrends: endpoint({
    method: "GET",
    path: "/api/v1/me/reviews",
    access: "signed-in",
    summary: "Figures of the newest calls that one hosted; nobody else reads them",
    response: reviewTrendsSchema,
  }),
} as const;
