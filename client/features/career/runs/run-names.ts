// What a run, its writers and its requirements are called on the pages.
import type { RunFile, RunSummary, RunTailored, RunView } from "../../../../shared/schemas/career/runs.ts";
import { rulesModelKey } from "../../../../shared/schemas/career/runs.ts";
import { runStrings as words } from "./strings.ts";

export function runAddress(runId: string): string {
  return `/career/runs/${runId}`;
}

export function runName({ jobTitle, company }: Pick<RunSummary, "jobTitle" | "company">): string {
  return words.run(jobTitle, company);
}

/** Those who were asked to rewrite, by their keys. */
export function writersOf({ modelVariants }: Pick<RunSummary, "modelVariants">): string {
  return modelVariants.map((key) => (key === rulesModelKey ? words.rulesName : key)).join(", ");
}

export function isByRules({ modelVariants }: Pick<RunSummary, "modelVariants">): boolean {
  return modelVariants.every((key) => key === rulesModelKey);
}

/** Who a file's page is by; the key where nothing better is known. */
export function writerOfFile({ modelKey }: RunFile, tailored: readonly RunTailored[]): string {
  return tailored.find((one) => one.modelKey === modelKey)?.modelName ?? modelKey ?? words.rulesName;
}

/** "R3: Kubernetes"; the id alone where the posting was read otherwise since. */
export function requirementName(reqId: string, { rubric }: Pick<RunView, "rubric">): string {
  const found = rubric?.requirements.find((one) => one.reqId === reqId);
  return found === undefined ? reqId : found.requirement;
}
