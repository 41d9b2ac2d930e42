// Ideas that a model writes for briefs, beside the reading of them: a brief never waits for it, and the next reading finds what it wrote.
import { createHash } from "node:crypto";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { BriefLine, GatedIdeas, Subject, WrittenIdeas } from "../../vendors/language/index.ts";

export type Writing =
  | { state: "written"; written: WrittenIdeas }
  | { state: "writing" }
  | { state: "failed"; reason: string }
  /** There is no model, or nothing that it may see. */
  | { state: "none" };

export interface BriefWriting {
  readonly name: string | null;
  /** Of the lines as the gate lets them through now: whoever takes a word back is in no answer that is found then. */
  of<Line extends BriefLine>(
    lines: readonly Line[],
    context: { subject: Subject; readerId: string; coaches: boolean },
  ): Promise<Writing>;
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

/** So long an answer is found again in this process; it is written down nowhere. */
const keptMs = 15 * 60_000;
/** After a failure the rules' ideas stand for so long. */
const failedMs = 60_000;
const keptMost = 500;

export function createBriefWriting(options: {
  ideas: GatedIdeas | null;
  clock: Clock;
  logger: Logger;
}): BriefWriting {
  const { ideas, clock, logger } = options;
  const known = new Map<string, { writing: Writing; untilMs: number }>();
  const running = new Set<Promise<void>>();
  const stopped = new AbortController();

  function keep(key: string, writing: Writing, forMs: number): void {
    known.delete(key);
    known.set(key, { writing, untilMs: clock.monotonicMs() + forMs });
    const [oldest] = known.keys();
    if (known.size > keptMost && oldest !== undefined) known.delete(oldest);
  }

  return {
    name: ideas?.name ?? null,

    async of(lines, context) {
      if (ideas === null || stopped.signal.aborted) return { state: "none" };
      const readable = await ideas.readable(lines, context);
      if (readable.length === 0) return { state: "none" };
      const key = createHash("sha256")
        .update(
          JSON.stringify([context, readable.map(({ line, kind, text, whoId }) => [line, kind, text, whoId])]),
        )
        .digest("hex");
      const before = known.get(key);
      if (
        before !== undefined &&
        (before.writing.state === "writing" || before.untilMs > clock.monotonicMs())
      )
        return before.writing;
      keep(key, { state: "writing" }, keptMs);
      const task = ideas
        .forBrief(readable, { ...context, signal: stopped.signal })
        .then((written) =>
          written === null ? void known.delete(key) : keep(key, { state: "written", written }, keptMs),
        )
        .catch((error: unknown) => {
          if (stopped.signal.aborted) return;
          const { reason } = ((error as AppError).details ?? {}) as { reason?: unknown };
          const why = typeof reason === "string" ? reason : "failed";
          if (!(error instanceof AppError))
            logger.warn({ error: error as Error }, "ideas for a brief failed");
          keep(key, { state: "failed", reason: why }, failedMs);
        })
        .finally(() => running.delete(task));
      running.add(task);
      return { state: "writing" };
    },

    async stop() {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
