// The rows of the REST table that take and give files: photos of people, and what is sent in a chat.
import { z } from "zod";
import { fileIdSchema, meetingIdSchema, userIdSchema } from "../ids.ts";
import { attachmentSchema, uploadAttachmentQuerySchema } from "../schemas/attachments.ts";
import { meSchema } from "../schemas/users.ts";
import { endpoint, fileAnswer } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });
const attachment = meeting.extend({ fileId: fileIdSchema });

export const fileEndpoints = {
  putPhoto: endpoint({
    method: "PUT",
    path: "/api/v1/me/photo",
    access: "signed-in",
    summary: "Set one's photo; a picture alone is kept, without where and with what it was taken",
    upload: "photo",
    response: meSchema,
  }),
  deletePhoto: endpoint({
    method: "DELETE",
    path: "/api/v1/me/photo",
    access: "signed-in",
    summary: "Remove one's photo",
    response: meSchema,
  }),
  personPhoto: endpoint({
    method: "GET",
    path: "/api/v1/people/:userId/photo",
    access: "signed-in",
    summary:
      "The photo of somebody with whom one shares a meeting or the session's organisation, or one's own",
    params: z.object({ userId: userIdSchema }),
    /** Which photo is meant: addresses of different ones differ. */
    query: z.object({ v: fileIdSchema.optional() }),
    response: fileAnswer,
    contentType: "application/octet-stream",
  }),
  uploadAttachment: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/attachments",
    access: "meeting",
    status: 201,
    summary:
      "Upload a file for the chat; it is seen once a message names it, and gone after an hour otherwise",
    params: meeting,
    query: uploadAttachmentQuerySchema,
    upload: "attachment",
    response: attachmentSchema,
  }),
  readAttachment: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/attachments/:fileId",
    access: "meeting",
    summary: "A file of the chat, for whoever may read the chat; ranges are served",
    params: attachment,
    response: fileAnswer,
    contentType: "application/octet-stream",
  }),
  discardAttachment: endpoint({
    method: "DELETE",
    path: "/api/v1/meetings/:id/attachments/:fileId",
    access: "meeting",
    status: 204,
    summary: "Discard a file of one's own that no message names yet",
    params: attachment,
    response: z.null(),
  }),
} as const;
