// The rows of the REST table about runs: a résumé tailored to a posting, watched, changed, compared, and its files.
import { z } from "zod";
import {
  changeSelectionSchema,
  compareRunsQuerySchema,
  listRunsQuerySchema,
  runComparisonSchema,
  runIdSchema,
  runOptionsSchema,
  runSummarySchema,
  runViewSchema,
  startRunSchema,
} from "../schemas/career/runs.ts";
import { pageOf } from "../schemas/common.ts";
import { endpoint, fileAnswer } from "./endpoint.ts";

const run = z.object({ runId: runIdSchema });

export const careerRunsEndpoints = {
  careerRunOptions: endpoint({
    method: "GET",
    path: "/api/v1/career/run-options",
    access: "signed-in",
    summary: "What a run may be started with: who may rewrite, budgets, thresholds and weights",
    response: runOptionsSchema,
  }),
  startCareerRun: endpoint({
    method: "POST",
    path: "/api/v1/career/runs",
    access: "signed-in",
    status: 201,
    summary: "Start a run: one's résumé tailored to one's posting; queued when it is answered",
    body: startRunSchema,
    response: runSummarySchema,
  }),
  listCareerRuns: endpoint({
    method: "GET",
    path: "/api/v1/career/runs",
    access: "signed-in",
    summary: "One's runs, newest first, of a résumé, a posting or in a state",
    query: listRunsQuerySchema,
    response: pageOf(runSummarySchema),
  }),
  getCareerRun: endpoint({
    method: "GET",
    path: "/api/v1/career/runs/:runId",
    access: "signed-in",
    summary: "A run of one's own with what its stages have made so far",
    params: run,
    response: runViewSchema,
  }),
  cancelCareerRun: endpoint({
    method: "POST",
    path: "/api/v1/career/runs/:runId/cancel",
    access: "signed-in",
    summary: "Stop a run that waits or is under way",
    params: run,
    response: runSummarySchema,
  }),
  retryCareerRun: endpoint({
    method: "POST",
    path: "/api/v1/career/runs/:runId/retry",
    access: "signed-in",
    summary: "Have a run that has stopped go on where it stopped",
    params: run,
    response: runSummarySchema,
  }),
  changeCareerRunSelection: endpoint({
    method: "PUT",
    path: "/api/v1/career/runs/:runId/selection",
    access: "signed-in",
    summary: "Pin and ban bullets; the run chooses and tailors anew, without reading the posting again",
    params: run,
    body: changeSelectionSchema,
    response: runSummarySchema,
  }),
  compareCareerRuns: endpoint({
    method: "GET",
    path: "/api/v1/career/runs/:runId/comparison",
    access: "signed-in",
    summary: "Two runs of one's own beside each other: bullets, requirements covered, configuration",
    params: run,
    query: compareRunsQuerySchema,
    response: runComparisonSchema,
  }),
  deleteCareerRun: endpoint({
    method: "DELETE",
    path: "/api/v1/career/runs/:runId",
    access: "signed-in",
    status: 204,
    summary: "Delete a run with what it has made; it can be restored for 30 days",
    params: run,
    response: z.null(),
  }),
  restoreCareerRun: endpoint({
    method: "POST",
    path: "/api/v1/career/runs/:runId/restore",
    access: "signed-in",
    summary: "Restore a deleted run",
    params: run,
    response: runSummarySchema,
  }),
  readCareerRunFile: endpoint({
    method: "GET",
    path: "/api/v1/career/runs/:runId/files/:artifactId",
    access: "signed-in",
    summary: "A file that a run of one's own has made: PDF, Word, LaTeX, JSON or JSON Resume",
    params: run.extend({ artifactId: z.string().regex(/^[0-9a-f]{24}$/, "must be a file's id") }),
    response: fileAnswer,
    contentType: "application/octet-stream",
  }),
} as const;
