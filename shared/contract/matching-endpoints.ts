// The rows of the REST table about the live matching queue: entering, one's own state, answering, leaving.
import { z } from "zod";
import { enterMatchingSchema, ownMatchingSchema, proposalIdSchema } from "../schemas/matching.ts";
import { endpoint } from "./endpoint.ts";

const proposal = z.object({ proposalId: proposalIdSchema });

export const matchingEndpoints = {
  enterMatching: endpoint({
    method: "POST",
    path: "/api/v1/matching/queue",
    access: "signed-in",
    summary:
      "Wait for a conversation: until when, in which role, and with whom; answers with one's own state",
    status: 201,
    body: enterMatchingSchema,
    response: ownMatchingSchema,
  }),
  ownMatching: endpoint({
    method: "GET",
    path: "/api/v1/matching/queue/mine",
    access: "signed-in",
    summary:
      "One's own state: how long it may take, who is proposed and why, or why nobody is, and the match",
    response: ownMatchingSchema,
  }),
  leaveMatching: endpoint({
    method: "DELETE",
    path: "/api/v1/matching/queue/mine",
    access: "signed-in",
    summary: "Stop waiting; whoever is matched meanwhile stays matched",
    response: ownMatchingSchema,
  }),
  acceptMatch: endpoint({
    method: "POST",
    path: "/api/v1/matching/queue/proposals/:proposalId/accept",
    access: "signed-in",
    summary: "Say yes to a proposal; where both have, there is a meeting with both",
    params: proposal,
    response: ownMatchingSchema,
  }),
  declineMatch: endpoint({
    method: "POST",
    path: "/api/v1/matching/queue/proposals/:proposalId/decline",
    access: "signed-in",
    summary: "Say no to a proposal; the two are not proposed to each other again in these stays",
    params: proposal,
    response: ownMatchingSchema,
  }),
} as const;
