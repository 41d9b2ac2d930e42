// What can be asked for: each field is a row of the endpoints table, and so has its guards, its policy and its answer.
import { z } from "zod";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { notFound } from "../../../shared/errors.ts";
import { planIdSchema } from "../../../shared/ids.ts";
import { runFileSchema, runViewSchema } from "../../../shared/schemas/career/runs.ts";
import { insightSchema, type Recap } from "../../../shared/schemas/insights.ts";
import { homeSchema, type Home } from "../../../shared/schemas/meetings.ts";
import { planSchema, plansSchema, type Plans } from "../../../shared/schemas/plans.ts";
import type { ReadableEndpoint } from "../http/read-endpoint.ts";

export interface CallField {
  endpoint: ReadableEndpoint;
  /** The endpoint's, where `present` makes nothing else of it. */
  answer: z.ZodType;
  /** What it is, where the endpoint is more. */
  description?: string;
  /** The endpoint's only parameter: an argument `id` where nothing is around it, else the `id` of what is. */
  param?: string;
  /** Of the endpoint's query, all that can be given. */
  query?: readonly string[];
  /** An argument that the endpoint does not know: for `present`. */
  id?: z.ZodType;
  /** What is asked for can be null without a refusal. */
  nullable?: true;
  present?(answer: unknown, asked: { id: string }): unknown;
}

const runFile = runFileSchema.extend({ url: z.string() });
const run = runViewSchema.extend({ files: z.array(runFile) });
const commitments = homeSchema.shape.commitments;

function read<Name extends ReadableEndpoint>(endpoint: Name, more: Partial<CallField> = {}): CallField {
  return { endpoint, answer: endpoints[endpoint].response, ...more };
}
const paged = ["limit", "cursor"] as const;

export const callFields: Readonly<Record<string, Readonly<Record<string, CallField>>>> = {
  Query: {
    me: read("me"),
    meetings: read("listMeetings", { query: [...paged, "state"] }),
    meeting: read("getMeeting", { param: "id" }),
    commitments: read("home", {
      answer: commitments,
      description: "Open commitments of one's calls",
      present: (answer) => (answer as Home).commitments,
    }),
    resumes: read("listResumes"),
    resume: read("getResume", { param: "resumeId" }),
    postings: read("listPostings", {
      query: [...paged, "q", "status", "favorite", "tag", "ratingAtLeast", "sort", "deleted"],
    }),
    posting: read("getPosting", { param: "postingId" }),
    applications: read("applicationBoard", { query: ["deleted"] }),
    application: read("getApplication", { param: "applicationId" }),
    runs: read("listCareerRuns", { query: [...paged, "masterResumeId", "jobId", "status", "deleted"] }),
    run: read("getCareerRun", {
      param: "runId",
      answer: run,
      present(answer) {
        const view = answer as z.infer<typeof runViewSchema>;
        const address = `/api/v1/career/runs/${view.runId}/files/`;
        return { ...view, files: view.files.map((file) => ({ ...file, url: address + file.artifactId })) };
      },
    }),
    plans: read("listPlans", {
      answer: plansSchema.shape.items,
      present: (answer) => (answer as Plans).items,
    }),
    plan: read("listPlans", {
      answer: planSchema,
      id: planIdSchema,
      description: "One of one's own development plans with its milestones",
      present(answer, { id }) {
        const found = (answer as Plans).items.find((plan) => plan.id === id);
        if (found === undefined) throw notFound();
        return found;
      },
    }),
  },
  Meeting: {
    notes: read("readNotes", { param: "id", query: ["layer"] }),
    transcript: read("readTranscript", { param: "id", query: ["fromSequence", "limit"] }),
    recap: read("recap", { param: "id" }),
    commitments: read("recap", {
      param: "id",
      answer: insightSchema.shape.actionItems,
      description: "What was agreed, of one's own recap; empty until that is ready",
      present: (answer) => (answer as Recap).insight?.actionItems ?? [],
    }),
  },
  Posting: {
    rubric: read("postingRubric", { param: "postingId" }),
  },
};

export const runSchemas = { run, runFile };
