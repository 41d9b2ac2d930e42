// Sends one file as a request's body, and tells how far it has come.
import type { CallerRequest, EndpointSpec, ResponseOf } from "../../shared/contract/endpoint.ts";
import { typeByName, uploadRules, type UploadPurpose } from "../../shared/uploads.ts";
import { ApiError, clientErrorMessages, readErrorBody, secondsOf } from "./errors.ts";
import { addressOf, signedOut } from "./http.ts";
import { randomKey } from "./random-key.ts";

/** Longer than the server waits for the whole file. */
const answeredWithinMs = 250_000;

export interface UploadOptions<Spec extends EndpointSpec> {
  request?: CallerRequest<Spec>;
  signal?: AbortSignal;
  /** Same key, same effect; each upload has its own otherwise. */
  idempotencyKey?: string;
  /** Where it is not waited for so long. */
  timeoutMs?: number;
  /** From 0 to 1, of what has left this device. */
  onProgress?: (share: number) => void;
}

/** Throws ApiError; where `signal` ends it, its reason. */
export function upload<Spec extends EndpointSpec & { upload: UploadPurpose }>(
  endpoint: Spec,
  file: Blob & { name?: string },
  { request = {}, signal, onProgress, ...options }: UploadOptions<Spec> = {},
): Promise<ResponseOf<Spec>> {
  const sentence = refusedBeforehand(endpoint.upload, file);
  if (sentence !== null) return Promise.reject(sentence);
  // Only it tells how much has been sent.
  const sending = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const abort = () => sending.abort();
    const fail = (error: unknown) => reject(error as Error);
    sending.open(endpoint.method, addressOf(endpoint, request));
    sending.timeout = options.timeoutMs ?? answeredWithinMs;
    sending.setRequestHeader("accept", "application/json");
    sending.setRequestHeader("x-connvo-client", "1");
    sending.setRequestHeader("content-type", declaredType(file));
    if (endpoint.method === "POST")
      sending.setRequestHeader("idempotency-key", options.idempotencyKey ?? randomKey());
    sending.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total);
    sending.onerror = () => fail(new ApiError("NETWORK", clientErrorMessages.network));
    sending.ontimeout = () => fail(new ApiError("NO_ANSWER", clientErrorMessages.noAnswer));
    sending.onabort = () => fail(signal?.reason);
    sending.onloadend = () => signal?.removeEventListener("abort", abort);
    sending.onload = () => {
      const body = parsedJson(sending.responseText);
      if (sending.status < 200 || sending.status >= 300) return fail(refusal(sending, body));
      const answer = endpoint.response.safeParse(body);
      if (answer.success) resolve(answer.data as ResponseOf<Spec>);
      else fail(new ApiError("UNEXPECTED_ANSWER", clientErrorMessages.unexpected, { cause: answer.error }));
    };
    if (signal?.aborted === true) return fail(signal.reason);
    signal?.addEventListener("abort", abort);
    sending.send(file);
  });
}

/** What can be said without asking the server; null where it has to be asked. */
export function refusedBeforehand(purpose: UploadPurpose, file: Blob & { name?: string }): ApiError | null {
  const { maxBytes, types, accepts } = uploadRules[purpose];
  if (file.size > maxBytes) {
    return new ApiError(
      "PAYLOAD_TOO_LARGE",
      `The file is too large: at most ${maxBytes / 1024 / 1024} MB are accepted.`,
    );
  }
  const known =
    (types as readonly string[]).includes(declaredType(file)) || typeByName(file.name ?? "") !== null;
  if (known || (file.type === "" && file.name === undefined)) return null;
  return new ApiError("UNSUPPORTED_FILE", `Files of this kind are not accepted here. Choose ${accepts}.`);
}

/** By its name where that says more: of texts and documents browsers say what the system thinks of them. */
function declaredType(file: Blob & { name?: string }): string {
  return typeByName(file.name ?? "") ?? (file.type === "" ? "application/octet-stream" : file.type);
}

function refusal(sending: XMLHttpRequest, body: unknown): ApiError {
  if (sending.status === 401) signedOut();
  return (
    readErrorBody(body, sending.status) ??
    new ApiError(sending.status >= 500 ? "UNAVAILABLE" : "INTERNAL", clientErrorMessages.internal, {
      status: sending.status,
      retryAfterSeconds: secondsOf(sending.getResponseHeader("retry-after")),
    })
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
