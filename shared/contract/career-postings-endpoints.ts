// The rows of the REST table about postings: bringing them in, keeping them, and what each asks for.
import { z } from "zod";
import { postingIdSchema } from "../ids.ts";
import {
  addedPostingSchema,
  addPostingSchema,
  changePostingSchema,
  deletedSchema,
  listPostingsQuerySchema,
  makeRubricSchema,
  postingListSchema,
  postingRubricSchema,
  postingViewSchema,
} from "../schemas/career/postings.ts";
import { endpoint } from "./endpoint.ts";

const posting = z.object({ postingId: postingIdSchema });

export const careerPostingEndpoints = {
  listPostings: endpoint({
    method: "GET",
    path: "/api/v1/career/postings",
    access: "signed-in",
    summary: "One's postings, by beginnings of words, status, tag, favourites and rating; or those deleted",
    query: listPostingsQuerySchema,
    response: postingListSchema,
  }),
  addPosting: endpoint({
    method: "POST",
    path: "/api/v1/career/postings",
    access: "signed-in",
    status: 201,
    summary: "Add a posting from an address on the web or from its text; the same text is there once",
    body: addPostingSchema,
    response: addedPostingSchema,
  }),
  uploadPosting: endpoint({
    method: "POST",
    path: "/api/v1/career/postings/upload",
    access: "signed-in",
    status: 201,
    summary: "Add a posting from a file: a PDF, a Word document, a text or a web page",
    upload: "posting",
    response: addedPostingSchema,
  }),
  getPosting: endpoint({
    method: "GET",
    path: "/api/v1/career/postings/:postingId",
    access: "signed-in",
    summary: "One of one's postings with its text and notes",
    params: posting,
    response: postingViewSchema,
  }),
  changePosting: endpoint({
    method: "PATCH",
    path: "/api/v1/career/postings/:postingId",
    access: "signed-in",
    summary: "Change what is noted about a posting; what is not named stays as it is",
    params: posting,
    body: changePostingSchema,
    response: postingViewSchema,
  }),
  deletePosting: endpoint({
    method: "DELETE",
    path: "/api/v1/career/postings/:postingId",
    access: "signed-in",
    summary: "Delete a posting with its runs and its application; it can be restored for 30 days",
    params: posting,
    response: deletedSchema,
  }),
  restorePosting: endpoint({
    method: "POST",
    path: "/api/v1/career/postings/:postingId/restore",
    access: "signed-in",
    summary: "Bring a deleted posting back, with what was deleted with it",
    params: posting,
    response: postingViewSchema,
  }),
  postingRubric: endpoint({
    method: "GET",
    path: "/api/v1/career/postings/:postingId/rubric",
    access: "signed-in",
    summary: "What a posting asks for, each with its quote; made by rules where nothing was made yet",
    params: posting,
    response: postingRubricSchema,
  }),
  makePostingRubric: endpoint({
    method: "POST",
    path: "/api/v1/career/postings/:postingId/rubric",
    access: "signed-in",
    summary: "Have rules or the language model read a posting; the same reader has the same answer",
    params: posting,
    body: makeRubricSchema,
    response: postingRubricSchema,
  }),
} as const;
