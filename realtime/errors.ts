// Maps anything thrown to what a socket may be told; the one place where that is decided.
import { z } from "zod";
import { AppError, errorBody, toAppError } from "../shared/errors.ts";
import type { SocketError } from "../shared/protocol/socket-events.ts";
import { bounds } from "./bounds.ts";
import type { RealtimePorts } from "./ports.ts";

/** As `toAppError`; a failed schema becomes VALIDATION_ERROR with its issues (paths and rules, never the values). */
export function toClientError(error: unknown): AppError {
  if (!(error instanceof z.ZodError)) return toAppError(error);
  const issues = error.issues
    .slice(0, bounds.validationIssuesShown)
    .map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
  return new AppError("VALIDATION_ERROR", "Some of what was sent is not valid.", { details: { issues } });
}

/** The body of a refused event; what is our fault is logged with its cause. */
export function refuse(ports: Pick<RealtimePorts, "log">, where: string, thrown: unknown): SocketError {
  const error = toClientError(thrown);
  if (error.kind === "internal") {
    ports.log("error", "realtime failure", {
      where,
      error: error.cause instanceof Error ? error.cause : error,
    });
  }
  return { error: errorBody(error) };
}
