// The one place where errors become HTTP answers.
import type { ErrorRequestHandler, Response } from "express";
import { AppError, errorBody, toAppError } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";
import type { Logger } from "../../platform/logger.ts";
import { absentPage, failurePage } from "./plain-page.ts";
import { requestIdOf } from "./request-log.ts";

export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const failure = describeError(error);
    const requestId = requestIdOf(response);
    if (failure.status >= 500) {
      const cause = failure.cause instanceof Error ? failure.cause : failure;
      logger.error({ requestId, code: failure.code, error: cause }, "request failed");
    }
    if (response.headersSent) return void response.destroy();
    sendError(response, failure);
  };
}

export function sendError(response: Response, failure: AppError): void {
  const requestId = requestIdOf(response);
  response.locals["errorCode"] = failure.code;
  setRetryAfter(response, failure);
  response.status(failure.status).setHeader("cache-control", "no-store");
  if (response.locals["errorsAsPages"] === true) {
    response.vary("accept");
    if (response.req.accepts(["json", "html"]) === "html") return void response.send(pageOf(failure));
  }
  response.json({ error: { ...errorBody(failure), requestId } });
}

/** For addresses that people open: a browser is answered in words, everybody else as everywhere. */
export function showErrorsAsPages(response: Response): void {
  response.locals["errorsAsPages"] = true;
}

/** The same words for what is gone and for what never was. */
function pageOf({ status, code, message }: AppError): string {
  return status < 500 && code !== "RATE_LIMITED" ? absentPage() : failurePage(message);
}

export function setRetryAfter(response: Response, failure: AppError): void {
  const { retryAfter } = errorBody(failure);
  if (retryAfter !== undefined) response.setHeader("retry-after", String(retryAfter));
}

/** Any thrown value as an AppError, with Express's and its body parser's own errors told apart. */
export function describeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { type, status, limit } = error as { type?: unknown; status?: unknown; limit?: unknown };
  if (type === "entity.too.large") {
    const maxBytes = typeof limit === "number" ? limit : limits.httpBodyMaxBytes;
    return new AppError("PAYLOAD_TOO_LARGE", `A request may have at most ${maxBytes} bytes.`, {
      cause: error,
      details: { maxBytes },
    });
  }
  if (type === "entity.parse.failed") {
    return new AppError("MALFORMED_REQUEST", "The body is not valid JSON.", { cause: error });
  }
  // A path that is not valid percent-encoding, an unknown charset, a body cut short: all the sender's.
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new AppError("MALFORMED_REQUEST", "The request could not be read.", { cause: error });
  }
  return toAppError(error);
}
