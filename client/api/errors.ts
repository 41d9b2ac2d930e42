// What can go wrong between this page and the server, in one type with a sentence for people.
import { type ErrorCode, errorKinds } from "../../shared/errors.ts";

/** Codes of the server, and three that arise on this side. */
export type ApiErrorCode = ErrorCode | "NETWORK" | "NO_ANSWER" | "UNEXPECTED_ANSWER";

export interface ApiErrorOptions {
  status?: number | undefined;
  details?: unknown;
  retryAfterSeconds?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** `message` may be shown to people as it is. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  readonly details: unknown;
  /** The server asks not to be tried again before; undefined where it named no time. */
  readonly retryAfterSeconds: number | undefined;
  readonly requestId: string | undefined;

  constructor(code: ApiErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.status = options.status;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.requestId = options.requestId;
  }

  /** True where trying again later may work without any change. */
  get retryable(): boolean {
    if (this.code === "NETWORK" || this.code === "NO_ANSWER") return true;
    if (this.code === "UNEXPECTED_ANSWER") return false;
    return ["rate-limited", "unavailable", "timeout"].includes(errorKinds[this.code]);
  }
}

export const clientErrorMessages = {
  network: "The server cannot be reached. Check your connection and try again.",
  noAnswer: "The server did not answer in time. Please try again.",
  unexpected: "The server's answer could not be understood. Reload the page to get its newest version.",
  internal: "Something went wrong. Please try again.",
} as const;

/** Any thrown value as an ApiError, for showing. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("INTERNAL", clientErrorMessages.internal, { cause: error });
}

/** Reads `{error: {code, message, details?, retryAfter?, requestId?}}`, the shape of every refusal; null where it is none. */
export function readErrorBody(body: unknown, status?: number): ApiError | null {
  if (typeof body !== "object" || body === null || !("error" in body)) return null;
  const { error } = body;
  if (typeof error !== "object" || error === null) return null;
  const fields = error as Record<string, unknown>;
  if (typeof fields["code"] !== "string" || typeof fields["message"] !== "string") return null;
  const code = fields["code"] in errorKinds ? (fields["code"] as ErrorCode) : "INTERNAL";
  return new ApiError(code, fields["message"], {
    status,
    details: fields["details"],
    retryAfterSeconds: secondsOf(fields["retryAfter"]),
    requestId: typeof fields["requestId"] === "string" ? fields["requestId"] : undefined,
  });
}

/** A time to wait as a refusal or a `Retry-After` header gives it; undefined where it is none. */
export function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
