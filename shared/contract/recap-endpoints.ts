// The rows of the REST table for recaps: reading, approving and what was agreed.
import { z } from "zod";
import { actionItemIdSchema, meetingIdSchema } from "../ids.ts";
import {
  actionItemSchema,
  recapEmailPreviewsSchema,
  recapSchema,
  updateActionItemSchema,
} from "../schemas/insights.ts";
import { madeMilestoneSchema } from "../schemas/plans.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const recapEndpoints = {
  recap: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/insights",
    access: "meeting",
    scope: "recaps:read",
    summary: "One's own recap of the meeting and how far its preparation is",
    params: meeting,
    response: recapSchema,
  }),
  retryRecap: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/insights/retry",
    access: "meeting",
    summary: "Prepare the recap again after a failure; hosts only",
    params: meeting,
    response: recapSchema,
  }),
  previewRecapEmails: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/insights/emails",
    access: "meeting",
    summary: "The emails that approving would send, one a person; hosts only",
    params: meeting,
    response: recapEmailPreviewsSchema,
  }),
  approveRecap: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/insights/approve",
    access: "meeting",
    summary: "Approve the recap and send its emails; hosts only",
    params: meeting,
    response: recapSchema,
  }),
  updateActionItem: endpoint({
    method: "PATCH",
    path: "/api/v1/meetings/:id/insights/actions/:actionId",
    access: "meeting",
    summary: "Tick or untick an action item, or move it to another day",
    params: meeting.extend({ actionId: actionItemIdSchema }),
    body: updateActionItemSchema,
    response: actionItemSchema,
  }),
  makeMilestone: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/insights/actions/:actionId/milestone",
    access: "meeting",
    summary: "Make an own commitment a milestone of one's development plan",
    params: meeting.extend({ actionId: actionItemIdSchema }),
    response: madeMilestoneSchema,
  }),
} as const;
