// The rows of the REST table for the chat of a meeting.
import { z } from "zod";
import { meetingIdSchema, messageIdSchema } from "../ids.ts";
import {
  changeMessageSchema,
  messageChangeSchema,
  messagePageSchema,
  messageSchema,
  messagesQuerySchema,
  sendMessageSchema,
} from "../schemas/messages.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const chatEndpoints = {
  sendMessage: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/messages",
    access: "meeting",
    status: 201,
    summary: "Send a chat message; answered after it is durable",
    params: meeting,
    body: sendMessageSchema,
    response: messageSchema,
  }),
  listMessages: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/messages",
    access: "meeting",
    summary: "Chat messages from a sequence, and what became of those before it",
    params: meeting,
    query: messagesQuerySchema,
    response: messagePageSchema,
  }),
  changeMessage: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/messages/:messageId/changes",
    access: "meeting",
    status: 201,
    summary: "Edit or delete a chat message, or react to it; answered after the change is durable",
    params: meeting.extend({ messageId: messageIdSchema }),
    body: changeMessageSchema,
    response: messageChangeSchema,
  }),
};
