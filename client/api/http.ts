// REST calls, typed and parsed by the shared endpoint table.
import type { CallerRequest, EndpointSpec, ResponseOf } from "../../shared/contract/endpoint.ts";
import { ApiError, clientErrorMessages, readErrorBody, secondsOf } from "./errors.ts";
import { randomKey } from "./random-key.ts";

const answerWithinMs = 20_000;
const fileWithinMs = 5 * 60_000;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Same key, same effect: pass one to make a repeated POST harmless. Each call has its own otherwise. */
  idempotencyKey?: string | undefined;
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Called whenever the server says that nobody is signed in. Returns the removal. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** The server has said that nobody is signed in. */
export function signedOut(): void {
  for (const listener of signedOutListeners) listener();
}

/** Where a person signs in and comes back from to `path`, a path of this site. */
export function signInAddress(path: string): string {
  return `/auth/sign-in?returnTo=${encodeURIComponent(path)}`;
}

/** Throws ApiError; the answer is parsed with the endpoint's schema. Times out after 20 s. */
export async function call<Spec extends EndpointSpec>(
  endpoint: Spec,
  request: CallerRequest<Spec> = {},
  options: CallOptions = {},
): Promise<ResponseOf<Spec>> {
  const response = await send(endpoint, request, options);
  if (!response.ok) throw await refusal(response);
  if (endpoint.contentType !== undefined) return (await response.text()) as ResponseOf<Spec>;
  const body: unknown = response.status === 204 ? null : await readJson(response);
  const parsed = endpoint.response.safeParse(body);
  if (!parsed.success) {
    throw new ApiError("UNEXPECTED_ANSWER", clientErrorMessages.unexpected, { cause: parsed.error });
  }
  return parsed.data as ResponseOf<Spec>;
}

/** What an endpoint answers as a file. Throws ApiError. Times out after 5 minutes. */
export async function fetchFile<Spec extends EndpointSpec>(
  endpoint: Spec,
  request: CallerRequest<Spec> = {},
): Promise<Blob> {
  const response = await send(endpoint, request, { timeoutMs: fileWithinMs });
  if (!response.ok) throw await refusal(response);
  try {
    return await response.blob();
  } catch (cause) {
    throw new ApiError("NETWORK", clientErrorMessages.network, { cause });
  }
}

/** The path and query of a call, for links to files. */
export function addressOf<Spec extends EndpointSpec>(
  endpoint: Spec,
  request: CallerRequest<Spec> = {},
): string {
  const params = (request.params ?? {}) as Record<string, unknown>;
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((request.query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.toString();
  return search === "" ? path : `${path}?${search}`;
}

async function send<Spec extends EndpointSpec>(
  endpoint: Spec,
  request: CallerRequest<Spec>,
  options: CallOptions & { timeoutMs?: number },
): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? answerWithinMs);
  const headers: Record<string, string> = { accept: "application/json", "x-connvo-client": "1" };
  if (endpoint.method === "POST") headers["idempotency-key"] = options.idempotencyKey ?? randomKey();
  if (request.body !== undefined) headers["content-type"] = "application/json";
  try {
    return await fetch(addressOf(endpoint, request), {
      method: endpoint.method,
      headers,
      credentials: "same-origin",
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    if (timeout.aborted) throw new ApiError("NO_ANSWER", clientErrorMessages.noAnswer, { cause });
    throw new ApiError("NETWORK", clientErrorMessages.network, { cause });
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error =
    readErrorBody(body, response.status) ??
    new ApiError(response.status >= 500 ? "UNAVAILABLE" : "INTERNAL", clientErrorMessages.internal, {
      status: response.status,
      // What stands before the server may answer for it, without our body.
      retryAfterSeconds: secondsOf(response.headers.get("retry-after")),
    });
  if (response.status === 401) signedOut();
  return error;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new ApiError("UNEXPECTED_ANSWER", clientErrorMessages.unexpected, { cause });
  }
}
