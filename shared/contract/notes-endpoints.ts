// The rows of the REST table that concern notes: their text, operations, history and templates.
import { z } from "zod";
import { meetingIdSchema, notesTemplateIdSchema } from "../ids.ts";
import { pageOf } from "../schemas/common.ts";
import {
  appliedNoteOperationsSchema,
  appliedTemplateSchema,
  applyTemplateSchema,
  notesTemplatesSchema,
  ownNotesTemplateSchema,
  saveTemplateSchema,
  applyNoteOperationsSchema,
  noteRevisionSchema,
  notesHistoryQuerySchema,
  notesQuerySchema,
  notesViewSchema,
  noteVersionParamSchema,
  noteVersionQuerySchema,
  noteVersionSchema,
  restoredNotesSchema,
  restoreNotesSchema,
} from "../schemas/notes.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const notesEndpoints = {
  readNotes: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/notes",
    access: "meeting",
    scope: "notes:read",
    summary: "The shared notes or one's own, as Markdown and as plain text, with their version",
    params: meeting,
    query: notesQuerySchema,
    response: notesViewSchema,
  }),
  applyNoteOperations: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/notes/operations",
    access: "meeting",
    summary:
      "Insert, delete and retain at positions of a version's plain text, carried over what came since; answered after it is durable",
    params: meeting,
    body: applyNoteOperationsSchema,
    response: appliedNoteOperationsSchema,
  }),
  notesHistory: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/notes/history",
    access: "meeting",
    summary: "Who changed the notes when, newest first; hosts and participants",
    params: meeting,
    query: notesHistoryQuerySchema,
    response: pageOf(noteRevisionSchema),
  }),
  readNotesVersion: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/notes/versions/:version",
    access: "meeting",
    summary: "A past version's text, compared with the present or another version; hosts and participants",
    params: meeting.extend({ version: noteVersionParamSchema }),
    query: noteVersionQuerySchema,
    response: noteVersionSchema,
  }),
  restoreNotesVersion: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/notes/versions/:version/restore",
    access: "meeting",
    summary: "Bring a past version back as a new edit under one's own name; hosts and participants",
    params: meeting.extend({ version: noteVersionParamSchema }),
    body: restoreNotesSchema,
    response: restoredNotesSchema,
  }),
  applyNotesTemplate: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/notes/template",
    access: "meeting",
    summary: "Begin empty notes with a template",
    params: meeting,
    body: applyTemplateSchema,
    response: appliedTemplateSchema,
  }),
  saveNotesTemplate: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/notes/templates",
    access: "meeting",
    status: 201,
    summary: "Keep these notes as a template of one's own",
    params: meeting,
    body: saveTemplateSchema,
    response: ownNotesTemplateSchema,
  }),
  listNotesTemplates: endpoint({
    method: "GET",
    path: "/api/v1/notes/templates",
    access: "signed-in",
    summary: "The templates that one can choose: those of the product and one's own",
    response: notesTemplatesSchema,
  }),
  deleteNotesTemplate: endpoint({
    method: "DELETE",
    path: "/api/v1/notes/templates/:templateId",
    access: "signed-in",
    status: 204,
    summary: "Delete a template of one's own; notes made from it stay as they are",
    params: z.object({ templateId: notesTemplateIdSchema }),
    response: z.null(),
  }),
} as const;
