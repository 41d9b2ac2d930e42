// A thread that solves selections, so that nobody else waits while it does.
import { parentPort } from "node:worker_threads";
import { giveWay } from "../../../platform/thread-priority.ts";
import { planOfRequest, problemOfRequest } from "./plan-request.ts";
import { loadHighs } from "./solve-programme.ts";
import { solveExactly } from "./solve.ts";
import type { FromSolver, ToSolver } from "./solver.ts";

if (parentPort === null) throw new Error("this program runs as a thread");
const port = parentPort;
giveWay();
// Loaded before it is needed; what fails here is told to whoever asks.
loadHighs().catch(() => undefined);

port.on("message", (message: ToSolver) => void answer(message));

async function answer({ id, asked, timeLimitSeconds }: ToSolver): Promise<void> {
  try {
    const highs = await loadHighs();
    if ("problem" in asked) {
      const solved = solveExactly(highs, asked.problem, { timeLimitSeconds });
      port.postMessage({ id, solved } satisfies FromSolver);
      return;
    }
    const problem = problemOfRequest(asked.request);
    const solved = solveExactly(highs, problem, { timeLimitSeconds });
    port.postMessage({ id, plan: planOfRequest(asked.request, problem, solved) } satisfies FromSolver);
  } catch (error) {
    port.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    } satisfies FromSolver);
  }
}
