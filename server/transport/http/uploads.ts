// Takes the file that a request brings: so many bytes, in so much time, and no more of them in memory than is bounded.
import type { Request } from "express";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import { uploadRules, type UploadPurpose } from "../../../shared/uploads.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { acceptFile, type AcceptedFile } from "../../platform/uploads/index.ts";

/** Ten megabytes at 350 kilobits a second: slower than any line that a call would work on. */
const wholeMs = 240_000;
const silenceMs = 20_000;
/** So long what still comes after a refusal is thrown away, for the sender to read why; then the line is cut. */
const lingerMs = 2_000;
const uploadsPerPerson = 3;
const heldMaxBytes = 64 * 1024 * 1024;

export interface Uploads {
  /**
   * Reads the body and says what it is. To be called once the person may bring it: until then nothing is read. Throws
   * PAYLOAD_TOO_LARGE, UNSUPPORTED_FILE, FILE_DAMAGED, UPLOAD_TOO_SLOW, RATE_LIMITED, UNAVAILABLE.
   */
  receive(purpose: UploadPurpose, actor: Actor, request: Request): Promise<AcceptedFile>;
}

export function createUploads({ clock, metrics }: { clock: Clock; metrics: Metrics }): Uploads {
  const uploads = metrics.counter(
    "uploads_total",
    "Files that were sent, by purpose and outcome: accepted, or the code of the refusal",
    ["purpose", "outcome"],
  );
  const accepted = metrics.counter("upload_bytes_total", "Bytes of accepted files", ["purpose"]);
  const held = metrics.gauge("upload_held_bytes", "Bytes of arriving files that are in memory");
  const running = new Map<string, number>();
  let heldBytes = 0;
  held.set(0);

  function hold(bytes: number): void {
    heldBytes += bytes;
    held.set(heldBytes);
  }

  /** The whole body; `release` when it is no longer needed. Whatever else ends it, nothing of it stays counted. */
  function readBody(request: Request, maxBytes: number): Promise<{ bytes: Buffer; release(): void }> {
    return new Promise((resolve, reject) => {
      // Whoever has gone while it was found out whether they may: nothing would tell of it any more.
      if (request.destroyed) return reject(endedEarly());
      const pieces: Buffer[] = [];
      let length = 0;
      const release = () => hold(-length);
      const quiet = () => {
        cancelSilence();
        cancelWhole();
        request.off("data", take).off("end", end).off("error", cut).off("close", cut);
      };
      const fail = (error: AppError) => {
        quiet();
        release();
        reject(error);
      };
      const late = () => fail(tooSlow());
      const cut = () => fail(endedEarly());
      const take = (piece: Buffer) => {
        cancelSilence();
        cancelSilence = clock.schedule(silenceMs, late);
        length += piece.length;
        hold(piece.length);
        if (length > maxBytes) return fail(tooLarge(maxBytes));
        if (heldBytes > heldMaxBytes) return fail(tooMuch());
        pieces.push(piece);
      };
      const end = () => {
        quiet();
        resolve({ bytes: Buffer.concat(pieces), release });
      };
      let cancelSilence = clock.schedule(silenceMs, late);
      const cancelWhole = clock.schedule(wholeMs, late);
      request.on("data", take).on("end", end).on("error", cut).on("close", cut);
    });
  }

  async function receive(purpose: UploadPurpose, request: Request): Promise<AcceptedFile> {
    const { maxBytes } = uploadRules[purpose];
    assertPlain(request);
    if (Number(request.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const { bytes, release } = await readBody(request, maxBytes);
    try {
      const name: unknown = request.query["name"];
      return await acceptFile(purpose, {
        bytes,
        declaredType: request.get("content-type") ?? null,
        name: typeof name === "string" ? name : null,
      });
    } finally {
      release();
    }
  }

  return {
    async receive(purpose, { userId }, request) {
      const others = running.get(userId) ?? 0;
      if (others >= uploadsPerPerson) {
        letGo(request, clock);
        throw new AppError(
          "RATE_LIMITED",
          "Other files of yours are still arriving. Please try again shortly.",
          {
            retryAfterSeconds: 3,
          },
        );
      }
      running.set(userId, others + 1);
      let outcome = "INTERNAL";
      try {
        const file = await receive(purpose, request);
        outcome = "accepted";
        accepted.inc({ purpose }, file.bytes.length);
        return file;
      } catch (error) {
        if (error instanceof AppError) outcome = error.code;
        throw error;
      } finally {
        uploads.inc({ purpose, outcome });
        letGo(request, clock);
        const left = (running.get(userId) ?? 1) - 1;
        if (left === 0) running.delete(userId);
        else running.set(userId, left);
      }
    },
  };
}

/** One file and nothing around it. */
function assertPlain(request: Request): void {
  const encoding = request.get("content-encoding") ?? "identity";
  const isForm = /^multipart\/|^application\/x-www-form-urlencoded/i.test(request.get("content-type") ?? "");
  if (encoding === "identity" && !isForm) return;
  throw new AppError(
    "UNSUPPORTED_FILE",
    "Send the file's bytes alone as the body, neither compressed nor in a form.",
  );
}

/**
 * What nobody reads any more is thrown away: an answer that meets a sender who is still sending would get lost. Whoever
 * goes on for long is cut off.
 */
function letGo(request: Request, clock: Clock): void {
  if (request.complete || request.destroyed) return;
  const cancel = clock.schedule(lingerMs, () => request.destroy());
  request.once("end", cancel).once("close", cancel);
  request.resume();
}

function endedEarly(): AppError {
  return new AppError("MALFORMED_REQUEST", "The request ended before its file did.");
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "PAYLOAD_TOO_LARGE",
    `The file is too large: at most ${sizeOf(maxBytes)} are accepted.`,
    {
      details: { maxBytes },
    },
  );
}

function sizeOf(bytes: number): string {
  return `${bytes / (1024 * 1024)} MB`;
}

function tooSlow(): AppError {
  return new AppError(
    "UPLOAD_TOO_SLOW",
    "The file did not arrive in time. Please try again on a better line.",
    {
      retryable: true,
    },
  );
}

function tooMuch(): AppError {
  return new AppError("UNAVAILABLE", "Many files are arriving at the moment. Please try again shortly.", {
    retryAfterSeconds: 5,
  });
}
