// A thread that solves selections, so that nobody else waits while it does.
import { parentPort } from "node:worker_threads";
import { loadHighs } from "./solve-programme.ts";
import { solveExactly } from "./solve.ts";
import type { FromSolver, ToSolver } from "./solver.ts";

if (parentPort === null) throw new Error("this program runs as a thread");
const port = parentPort;

port.on("message", (message: ToSolver) => void answer(message));

async function answer({ id, problem, timeLimitSeconds }: ToSolver): Promise<void> {
  try {
    const solved = solveExactly(await loadHighs(), problem, { timeLimitSeconds });
    port.postMessage({ id, solved } satisfies FromSolver);
  } catch (error) {
    port.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    } satisfies FromSolver);
  }
}
