// Refusals of the emulated WorkOS, in the shapes that its SDK tells apart.

/** An answer in the shape of OAuth errors, which the SDK tells apart by `error`. */
export class OauthError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, description: string, status = 400) {
    super(description);
    this.name = "OauthError";
    this.code = code;
    this.status = status;
  }
}

/** A refusal with a body of its own: `code`, `message` and what the SDK reads beside them. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, code: string, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.name = "ApiRefusal";
    this.status = status;
    this.body = { code, message, ...more };
  }
}

export function notThere(what: string): ApiRefusal {
  return new ApiRefusal(404, "entity_not_found", `${what} was not found.`);
}
