// Coded errors: each code has one kind, each kind one HTTP status; a transport only maps, it never invents.

export const errorStatuses = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "too-slow": 408,
  "too-large": 413,
  "head-too-large": 431,
  "unsupported-type": 415,
  "rate-limited": 429,
  unavailable: 503,
  timeout: 504,
  internal: 500,
} as const;

export type ErrorKind = keyof typeof errorStatuses;

/** All codes a client may meet, with their kind. A new code is added here, and thereby to the OpenAPI document. */
export const errorKinds = {
  VALIDATION_ERROR: "invalid",
  MALFORMED_REQUEST: "invalid",
  ADDRESS_REFUSED: "invalid",
  FETCH_FAILED: "invalid",
  UNAUTHENTICATED: "unauthenticated",
  SESSION_EXPIRED: "unauthenticated",
  FORBIDDEN: "forbidden",
  CONSENT_MISSING: "forbidden",
  CSRF_REJECTED: "forbidden",
  LOCAL_MODE_ONLY: "forbidden",
  NOT_FOUND: "not-found",
  CONFLICT: "conflict",
  ILLEGAL_TRANSITION: "conflict",
  MEETING_NOT_ACTIVE: "conflict",
  MEETING_FULL: "conflict",
  PERSON_UNAVAILABLE: "conflict",
  LAST_HOST: "conflict",
  IDEMPOTENCY_MISMATCH: "conflict",
  NOTES_VERSION_UNKNOWN: "conflict",
  NOTES_VERSION_TOO_OLD: "conflict",
  NOTES_NOT_EMPTY: "conflict",
  FILE_DAMAGED: "invalid",
  RESUME_UNREADABLE: "invalid",
  UPLOAD_TOO_SLOW: "too-slow",
  REQUEST_TOO_SLOW: "too-slow",
  PAYLOAD_TOO_LARGE: "too-large",
  HEAD_TOO_LARGE: "head-too-large",
  UNSUPPORTED_FILE: "unsupported-type",
  RATE_LIMITED: "rate-limited",
  UNAVAILABLE: "unavailable",
  SHUTTING_DOWN: "unavailable",
  VENDOR_ERROR: "unavailable",
  TIMEOUT: "timeout",
  INTERNAL: "internal",
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export interface AppErrorOptions {
  cause?: unknown;
  /** Shown to the client: field problems, limits. Never content of a conversation. */
  details?: unknown;
  retryable?: boolean;
  /** Seconds after which a retry makes sense; 1 where an error that passes names none. */
  retryAfterSeconds?: number;
}

/** What every refusal carries on the wire, by HTTP as by socket. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  details?: unknown;
  /** Whole seconds, at least 1: a retry before that is likely to be refused again. */
  retryAfter?: number;
}

/** An error with a code that a transport may show. Its message tells a person what to do next. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
    const passes = ["rate-limited", "unavailable", "timeout"].includes(errorKinds[code]);
    this.retryable = options.retryable ?? passes;
    this.retryAfterSeconds = options.retryAfterSeconds ?? (passes && this.retryable ? 1 : undefined);
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }

  get status(): number {
    return errorStatuses[this.kind];
  }
}

/** A key that makes retries harmless was used for something else before; `keys` names which, where there are several. */
export function keyMismatch(message: string, keys?: readonly string[]): AppError {
  return new AppError("IDEMPOTENCY_MISMATCH", message, keys === undefined ? {} : { details: { keys } });
}

/** The one answer for a thing that is not there and for a thing that is somebody else's. */
export function notFound(what = "This page or item"): AppError {
  return new AppError("NOT_FOUND", `${what} does not exist, or you have no access to it.`);
}

export function errorBody({ code, message, details, retryAfterSeconds }: AppError): ErrorBody {
  return {
    code,
    message,
    ...(details === undefined ? {} : { details }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: Math.max(1, Math.ceil(retryAfterSeconds)) }),
  };
}

/** Any thrown value as an AppError; unknown ones become INTERNAL and keep their cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("INTERNAL", "Something went wrong on our side. Please try again.", { cause: error });
}
