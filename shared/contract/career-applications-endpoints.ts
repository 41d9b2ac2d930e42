// The rows of the REST table about applications: the board, each application, and how many got how far.
import { z } from "zod";
import { applicationIdSchema } from "../ids.ts";
import {
  addApplicationNoteSchema,
  addApplicationSchema,
  addedApplicationSchema,
  applicationBoardSchema,
  applicationViewSchema,
  boardQuerySchema,
  changeApplicationSchema,
  funnelSchema,
  moveApplicationSchema,
} from "../schemas/career/applications.ts";
import { deletedSchema } from "../schemas/career/postings.ts";
import { endpoint } from "./endpoint.ts";

const application = z.object({ applicationId: applicationIdSchema });

export const careerApplicationEndpoints = {
  applicationBoard: endpoint({
    method: "GET",
    path: "/api/v1/career/applications",
    access: "signed-in",
    summary: "One's applications, last changed first; or those deleted",
    query: boardQuerySchema,
    response: applicationBoardSchema,
  }),
  addApplication: endpoint({
    method: "POST",
    path: "/api/v1/career/applications",
    access: "signed-in",
    status: 201,
    summary: "Track an application for a posting, with a résumé and a run where there are; a posting has one",
    body: addApplicationSchema,
    response: addedApplicationSchema,
  }),
  applicationFunnel: endpoint({
    method: "GET",
    path: "/api/v1/career/applications/funnel",
    access: "signed-in",
    summary: "How many of one's applications got how far, and how they stand",
    response: funnelSchema,
  }),
  getApplication: endpoint({
    method: "GET",
    path: "/api/v1/career/applications/:applicationId",
    access: "signed-in",
    summary: "One application with its notes and its timeline",
    params: application,
    response: applicationViewSchema,
  }),
  changeApplication: endpoint({
    method: "PATCH",
    path: "/api/v1/career/applications/:applicationId",
    access: "signed-in",
    summary: "Change dates, notes and the next action; a reminder goes out when that is due",
    params: application,
    body: changeApplicationSchema,
    response: applicationViewSchema,
  }),
  moveApplication: endpoint({
    method: "POST",
    path: "/api/v1/career/applications/:applicationId/status",
    access: "signed-in",
    summary: "Give an application another status; its date is set the first time",
    params: application,
    body: moveApplicationSchema,
    response: applicationViewSchema,
  }),
  addApplicationNote: endpoint({
    method: "POST",
    path: "/api/v1/career/applications/:applicationId/notes",
    access: "signed-in",
    summary: "Write a note into an application's timeline",
    params: application,
    body: addApplicationNoteSchema,
    response: applicationViewSchema,
  }),
  deleteApplication: endpoint({
    method: "DELETE",
    path: "/api/v1/career/applications/:applicationId",
    access: "signed-in",
    summary: "Delete an application; it can be restored for 30 days",
    params: application,
    response: deletedSchema,
  }),
  restoreApplication: endpoint({
    method: "POST",
    path: "/api/v1/career/applications/:applicationId/restore",
    access: "signed-in",
    summary: "Bring a deleted application back",
    params: application,
    response: applicationViewSchema,
  }),
} as const;
