// Reads résumés and postings out of files in a thread of its own: a file that takes too much time or memory takes its thread with it.
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
  /** The text of any document, by its lines. Throws FILE_DAMAGED with what to do about it, and UNAVAILABLE as above. */
  readText(file: Pick<AcceptedFile, "bytes" | "type">): Promise<string>;
}

export type ToReader = { bytes: Uint8Array; type: string; as?: "resume" | "text" };
export type FromReader =
  | { outcome: "read"; read: ReadResume }
  | { outcome: "text"; text: string }
  | { outcome: "empty" | "damaged" | "locked" | "no-resume" };

const timeLimitMs = 30_000;
const memoryMegabytes = 384;
const atOnce = 2;
const waitingMost = 20;

const reasonsOfText = {
  empty:
    "No text was found in this file: it may be a scan or a picture. Copy the posting's text from where it stands and paste it.",
  damaged: "This file could not be read: it seems to be damaged. Save it anew, or paste the posting's text.",
  locked: "This file is protected with a password. Save it without one, or paste the posting's text.",
  "too-much": "This file takes too long to read. Paste the posting's text instead.",
} as const;
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
  const texts = options.metrics.counter("posting_files_total", "Postings read out of files, by outcome", [
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
        "Many files are being read at the moment. Please try again shortly.",
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
    return new Promise((resolve, reject) => {
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
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve({ outcome: "too-much" });
        else reject(error);
      });
      worker.once("exit", () => {
        clearTimeout(timer);
        resolve({ outcome: "too-much" });
      });
      worker.postMessage(message);
    });
  }

  async function answerOf(
    { bytes, type }: Pick<AcceptedFile, "bytes" | "type">,
    as: "resume" | "text",
  ): Promise<Awaited<ReturnType<typeof inThread>>> {
    await turn();
    try {
      const answer = await inThread({ bytes: new Uint8Array(bytes), type, as });
      const counter = as === "resume" ? reads : texts;
      counter.inc({ type: type === "application/pdf" ? "pdf" : "docx", outcome: answer.outcome });
      return answer;
    } finally {
      done();
    }
  }

  return {
    async read(file) {
      const answer = await answerOf(file, "resume");
      if (answer.outcome === "read") return answer.read;
      if (answer.outcome === "text") throw new Error("a résumé was asked for");
      throw new AppError("RESUME_UNREADABLE", reasons[answer.outcome], {
        details: { reason: answer.outcome },
      });
    },
    async readText(file) {
      const answer = await answerOf(file, "text");
      if (answer.outcome === "text") return answer.text;
      if (answer.outcome === "read" || answer.outcome === "no-resume")
        throw new Error("a text was asked for");
      throw new AppError("FILE_DAMAGED", reasonsOfText[answer.outcome], {
        details: { reason: answer.outcome },
      });
    },
  };
}
