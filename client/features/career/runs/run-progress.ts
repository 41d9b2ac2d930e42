// What a run shows of its stages: those that somebody waits for, with where it is.
import type { RunStage } from "../../../../shared/schemas/career/enums.ts";
import type { RunSummary, RunTiming } from "../../../../shared/schemas/career/runs.ts";

/** Milestones that pass at once are not shown as steps of their own. */
const shown = [
  { stage: "extracting", ends: "rubric_generated", time: "rubricMs" },
  { stage: "embedding_jd", ends: "embedding_jd", time: "embeddingMs" },
  { stage: "selecting", ends: "selection_complete", time: "selectionMs" },
  { stage: "tailoring", ends: "tailored", time: "tailorMs" },
  { stage: "generating_latex", ends: "generating_latex", time: "latexMs" },
  { stage: "generating_pdf", ends: "generating_pdf", time: "pdfMs" },
] as const satisfies readonly { stage: RunStage; ends: RunStage; time: keyof RunTiming }[];

const order: readonly RunStage[] = [
  "initialized",
  "extracting",
  "rubric_generating",
  "rubric_generated",
  "embedding_jd",
  "selecting",
  "selection_complete",
  "tailoring",
  "tailored",
  "generating_latex",
  "generating_pdf",
  "DONE",
];

export interface Step {
  stage: (typeof shown)[number]["stage"];
  state: "done" | "now" | "open" | "failed";
  ms: number | null;
}

export function stepsOf({
  stage,
  failedStage,
  timing,
}: Pick<RunSummary, "stage" | "failedStage" | "timing">): Step[] {
  const failed = stage === "ERROR";
  const at = order.indexOf(failed ? (failedStage ?? "initialized") : stage);
  return shown.map(({ stage: first, ends, time }) => {
    const done = at > order.indexOf(ends);
    const here = !done && at >= order.indexOf(first);
    return {
      stage: first,
      state: done ? "done" : here ? (failed ? "failed" : "now") : "open",
      ms: done ? (timing[time] ?? null) : null,
    };
  });
}
