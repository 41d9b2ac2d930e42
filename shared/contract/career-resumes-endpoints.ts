// The rows of the REST table about master résumés: one's own, in the organisation that the session is in.
import { z } from "zod";
import { masterResumeIdSchema } from "../ids.ts";
import {
  createResumeSchema,
  publishResumeSchema,
  importResumeQuerySchema,
  resumeListSchema,
  resumeSchema,
  updateResumeSchema,
} from "../schemas/career/resumes.ts";
import { endpoint, fileAnswer } from "./endpoint.ts";

const resume = z.object({ resumeId: masterResumeIdSchema });

export const careerResumesEndpoints = {
  listResumes: endpoint({
    method: "GET",
    path: "/api/v1/career/resumes",
    access: "signed-in",
    summary: "One's master résumés, the one changed last first, and those deleted that can be had back",
    response: resumeListSchema,
  }),
  createResume: endpoint({
    method: "POST",
    path: "/api/v1/career/resumes",
    access: "signed-in",
    status: 201,
    tellsSecret: true,
    summary: "Make a master résumé of JSON: ours, also under older names, or JSON Resume",
    body: createResumeSchema,
    response: resumeSchema,
  }),
  importResume: endpoint({
    method: "POST",
    path: "/api/v1/career/resumes/import",
    access: "signed-in",
    status: 201,
    tellsSecret: true,
    summary: "Make a master résumé of a PDF or Word file; the body is the file, which is kept beside it",
    query: importResumeQuerySchema,
    upload: "resume",
    response: resumeSchema,
  }),
  getResume: endpoint({
    method: "GET",
    path: "/api/v1/career/resumes/:resumeId",
    access: "signed-in",
    summary: "One master résumé with its bullets' evidence and how far it is prepared",
    params: resume,
    response: resumeSchema,
  }),
  resumeOriginal: endpoint({
    method: "GET",
    path: "/api/v1/career/resumes/:resumeId/original",
    access: "signed-in",
    summary: "The file that it was read from",
    params: resume,
    response: fileAnswer,
    contentType: "application/octet-stream",
  }),
  updateResume: endpoint({
    method: "PATCH",
    path: "/api/v1/career/resumes/:resumeId",
    access: "signed-in",
    summary: "Change its name, content or template; refused where it was changed since the revision named",
    params: resume,
    body: updateResumeSchema,
    response: resumeSchema,
  }),
  activateResume: endpoint({
    method: "POST",
    path: "/api/v1/career/resumes/:resumeId/activate",
    access: "signed-in",
    summary: "Make it the one that runs take; the former one no longer is",
    params: resume,
    response: resumeListSchema,
  }),
  deleteResume: endpoint({
    method: "DELETE",
    path: "/api/v1/career/resumes/:resumeId",
    access: "signed-in",
    summary: "Delete it; for 30 days it can be had back",
    params: resume,
    response: resumeListSchema,
  }),
  publishResume: endpoint({
    method: "PUT",
    path: "/api/v1/career/resumes/:resumeId/public",
    access: "signed-in",
    tellsSecret: true,
    summary: "Show the parts named to whoever has its secret address; a new address where there was none",
    params: resume,
    body: publishResumeSchema,
    response: resumeSchema,
  }),
  unpublishResume: endpoint({
    method: "DELETE",
    path: "/api/v1/career/resumes/:resumeId/public",
    access: "signed-in",
    summary: "Take its address back: nobody finds it there any more",
    params: resume,
    response: resumeSchema,
  }),
  publicResume: endpoint({
    method: "GET",
    path: "/r/:token",
    access: "public",
    summary:
      "The page of a résumé whose owner shows it to whoever has this address; 404 once it is taken back",
    params: z.object({ token: z.string().max(100) }),
    response: z.string(),
    contentType: "text/html; charset=utf-8",
  }),
  restoreResume: endpoint({
    method: "POST",
    path: "/api/v1/career/resumes/:resumeId/restore",
    access: "signed-in",
    summary: "Have back one that was deleted",
    params: resume,
    response: resumeListSchema,
  }),
} as const;
