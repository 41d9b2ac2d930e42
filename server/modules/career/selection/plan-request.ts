// Everything a plan is made of as plain data, so that it can be handed to a thread and made there as a whole.
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { planOf, type PlanInput } from "./plan.ts";
import { problemOf, type ProblemInput } from "./problem-of.ts";
import type { SelectionProblem } from "./problem.ts";
import type { Solved } from "./solve.ts";

export interface PlanRequest extends Omit<ProblemInput, "similarity"> {
  hashes: PlanInput["hashes"];
  /** Of an embedding model; null where words alone count. What is not named is 0. */
  similarities: {
    model: string;
    pairs: readonly { bulletId: string; reqId: string; sim: number }[];
  } | null;
}

export function problemOfRequest({ similarities, ...input }: PlanRequest): SelectionProblem {
  if (similarities === null) return problemOf(input);
  const key = (bulletId: string, reqId: string) => `${bulletId} ${reqId}`;
  const known = new Map(similarities.pairs.map(({ bulletId, reqId, sim }) => [key(bulletId, reqId), sim]));
  return problemOf({
    ...input,
    similarity: (bulletId, reqId) => Math.min(1, Math.max(0, known.get(key(bulletId, reqId)) ?? 0)),
  });
}

export function planOfRequest(
  request: PlanRequest,
  problem: SelectionProblem,
  solved: Solved,
): SelectionPlan {
  const { bullets, requirements, hashes, similarities } = request;
  const embeddingModel = similarities?.model ?? "none";
  return planOf({ problem, solved, bullets, requirements, hashes, embeddingModel });
}
