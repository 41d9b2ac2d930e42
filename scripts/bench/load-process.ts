// A load generator in a process of its own: it gets a plan, says what phase it has reached, and answers a result.
import { fork } from "node:child_process";

type FromLoad = { phase: string } | { result: unknown } | { error: string };

/**
 * Runs the program with the plan. At each phase it waits until that phase's hook is done, so that costs are read at
 * the right moment. Rejects where it fails or ends without a result.
 */
export function runLoadProcess<Result>(
  file: string,
  plan: object,
  hooks: Readonly<Record<string, () => Promise<void>>>,
): Promise<Result> {
  const child = fork(file, { serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise<Result>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The load generator ended early with ${code}.`)));
    child.on("message", (message: FromLoad) => {
      if ("result" in message) resolve(message.result as Result);
      else if ("error" in message) reject(new Error(message.error));
      else (hooks[message.phase]?.() ?? Promise.resolve()).then(() => child.send("go"), reject);
    });
    child.send(plan);
  }).finally(() => child.kill("SIGKILL"));
}

/** The other side: `reach` tells the parent and waits for its word. */
export function serveLoad<Plan, Result>(
  run: (plan: Plan, reach: (phase: string) => Promise<void>) => Promise<Result>,
): void {
  const send = (message: FromLoad) => process.send?.(message);
  const reach = (phase: string) =>
    new Promise<void>((resolve) => {
      process.once("message", () => resolve());
      send({ phase });
    });
  process.once("message", (plan: Plan) => {
    run(plan, reach).then(
      (result) => send({ result }),
      (error: unknown) =>
        send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

/** Does things evenly, each task beginning at another moment (the same in every run). Returns the end. */
export function paceEvenly(tasks: readonly { everyMs: number; act(): void }[]): () => void {
  const startMs = performance.now();
  // Multiples of the golden ratio spread evenly, and keep neighbours apart.
  const plan = tasks.map(({ everyMs, act }, index) => ({
    everyMs,
    act,
    nextMs: startMs + ((index * 0.618_033_988_75) % 1) * everyMs,
  }));
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const task of plan) for (; task.nextMs <= nowMs; task.nextMs += task.everyMs) task.act();
  }, 2);
  return () => clearInterval(timer);
}

/** Looks again every 50 ms; false where it did not come true in time. */
export async function cameTrue(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadlineMs) return false;
    await wait(50);
  }
  return true;
}

export function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Runs for each number below `count`, at most `atOnce` side by side. */
export async function eachAtOnce(
  count: number,
  atOnce: number,
  run: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
