// Reads résumés out of files in a thread of its own: a file that takes too much time or memory takes its thread with it.
import { Worker } from "node:worker_threads";
import { AppError } from "../../../../shared/errors.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { AcceptedFile } from "../../../platform/uploads/index.ts";

export interface ReadResume {
  content: ResumeContent;
  /** As they stand in the file, for its owner to compare. */
  lines: { page: number; text: string }[];
  leftOut: string[];
}

export interface ResumeReader {
  /** Throws RESUME_UNREADABLE with what to do about it, UNAVAILABLE where too many are being read. */
  read(file: Pick<AcceptedFile, "bytes" | "type">): Promise<ReadResume>;
}

export type ToReader = { bytes: Uint8Array; type: string };
export type FromReader =
  { outcome: "read"; read: ReadResume } | { outcome: "empty" | "damaged" | "locked" | "no-resume" };

const timeLimitMs = 30_000;
const memoryMegabytes = 384;
const atOnce = 2;
const waitingMost = 20;

const reasons = {
  empty:
    "No text was found in this file: it may be a scan or a picture. Export the résumé as a PDF from the program it was written in, or send the Word document.",
  damaged: "This file could not be read: it seems to be damaged. Save it anew and try again.",
  locked: "This file is protected with a password. Save it without one and try again.",
  "no-resume":
    "There is text in this file, but no roles, studies or skills were found in it. Check that it is a résumé, or start with an empty one.",
  "too-much":
    "This file takes too long to read. Save it anew, with fewer pages or without drawings, and try again.",
} as const;

export function createResumeReader(options: {
  metrics: Metrics;
  program?: URL;
  timeLimitMs?: number;
}): ResumeReader {
  const program = options.program ?? new URL("./reader-worker.ts", import.meta.url);
  const limitMs = options.timeLimitMs ?? timeLimitMs;
  const reads = options.metrics.counter("resume_imports_total", "Résumés read out of files, by outcome", [
    "type",
    "outcome",
  ]);
  const waiting: (() => void)[] = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return;
    }
    if (waiting.length >= waitingMost)
      throw new AppError(
        "UNAVAILABLE",
        "Many résumés are being read at the moment. Please try again shortly.",
        {
          retryAfterSeconds: 10,
        },
      );
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function done(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  function inThread(message: ToReader): Promise<FromReader | { outcome: "too-much" }> {
    return new Promise((resolve) => {
      const worker = new Worker(program, {
        name: "resume-reader",
        resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes, maxYoungGenerationSizeMb: 32 },
        stderr: true,
        stdout: true,
      });
      const timer = setTimeout(() => void worker.terminate(), limitMs);
      // The first of them counts: an answer, its end by the limits, or its end by itself.
      worker.once("message", (answer: FromReader) => {
        resolve(answer);
        void worker.terminate();
      });
      worker.once("error", () => resolve({ outcome: "too-much" }));
      worker.once("exit", () => {
        clearTimeout(timer);
        resolve({ outcome: "too-much" });
      });
      worker.postMessage(message);
    });
  }

  return {
    async read({ bytes, type }) {
      await turn();
      try {
        const answer = await inThread({ bytes: new Uint8Array(bytes), type });
        reads.inc({ type: type === "application/pdf" ? "pdf" : "docx", outcome: answer.outcome });
        if (answer.outcome === "read") return answer.read;
        throw new AppError("RESUME_UNREADABLE", reasons[answer.outcome], {
          details: { reason: answer.outcome },
        });
      } finally {
        done();
      }
    },
  };
}
