// The rows of the REST table for rating a call that is over.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { giveRatingSchema, ownRatingSchema } from "../schemas/ratings.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const ratingEndpoints = {
  ownRating: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/rating",
    access: "meeting",
    summary: "One's own rating of a call, and until when it can be changed; nobody reads another's",
    params: meeting,
    response: ownRatingSchema,
  }),
  giveRating: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/rating",
    access: "meeting",
    summary: "Rate a call that is over, from 1 to 5, or change one's rating within seven days",
    params: meeting,
    body: giveRatingSchema,
    response: ownRatingSchema,
  }),
  withdrawRating: endpoint({
    method: "DELETE",
    path: "/api/v1/meetings/:id/rating",
    access: "meeting",
    summary: "Take one's rating back, at any time",
    params: meeting,
    response: ownRatingSchema,
  }),
} as const;
