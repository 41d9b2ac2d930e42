// The stages of a run in their order, which time each is counted to, and where one that has ended begins anew.
import { runStages, type RunStage } from "../../../../shared/schemas/career/enums.ts";
import type { RunTiming } from "../../../../shared/schemas/career/runs.ts";

export type WorkStage = Exclude<RunStage, "DONE" | "ERROR">;

export const workStages = runStages.filter(
  (stage): stage is WorkStage => stage !== "DONE" && stage !== "ERROR",
);

export function nextStage(stage: WorkStage): WorkStage | "DONE" {
  return workStages[workStages.indexOf(stage) + 1] ?? "DONE";
}

const timed: Partial<Record<WorkStage, keyof RunTiming>> = {
  extracting: "rubricMs",
  rubric_generating: "rubricMs",
  embedding_jd: "embeddingMs",
  selecting: "selectionMs",
  tailoring: "tailorMs",
  generating_latex: "latexMs",
  generating_pdf: "pdfMs",
};

export function withTime(timing: RunTiming, stage: WorkStage, ms: number): RunTiming {
  const field = timed[stage];
  return field === undefined ? timing : { ...timing, [field]: Math.round((timing[field] ?? 0) + ms) };
}

/** Where a run goes on that stopped at `stage`: at its last stage of work, whose output may be missing. */
export function resumedAt(stage: RunStage | null): WorkStage {
  switch (stage) {
    case null:
    case "DONE":
    case "ERROR":
      return "initialized";
    default:
      return stage;
  }
}
