// The client of OpenAI-compatible services: loaded only where one is configured, and how its errors are read.
import type OpenAI from "openai";
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../clock.ts";
import { failureOfStatus, parseRetryAfter, type Failure } from "./index.ts";

export interface OpenAiEndpoint {
  /** With its path, such as https://api.example.org/v1. */
  baseUrl: string;
  /** Null: the service asks for none. */
  apiKey: string | null;
  model: string;
}

export type OpenAiClient = OpenAI;

/** 35 MB that nobody needs who has no such service. */
export function lazyOpenAi(endpoint: OpenAiEndpoint): () => Promise<OpenAiClient> {
  let client: Promise<OpenAiClient> | null = null;
  return () => (client ??= open(endpoint));
}

async function open({ baseUrl, apiKey }: OpenAiEndpoint): Promise<OpenAiClient> {
  const [{ OpenAI }, { Agent, Dispatcher1Wrapper }] = await Promise.all([import("openai"), import("undici")]);
  return new OpenAI({
    baseURL: baseUrl,
    // It insists on a key.
    apiKey: apiKey ?? "none",
    // From the environment it would take what belongs to another installation.
    organization: null,
    project: null,
    // Tries, waits and times are ours (`Outbound`).
    maxRetries: 0,
    logLevel: "off",
    fetchOptions: {
      // A key goes to the address that was configured and to no other.
      redirect: "error",
      // Left to itself Node ends every call after five minutes; the wrapper speaks to the `fetch` that Node brings.
      dispatcher: new Dispatcher1Wrapper(new Agent({ headersTimeout: 0, bodyTimeout: 0 })),
    },
  });
}

/** Null where the error is none of the service. */
export function failureOfOpenAi(error: unknown, clock: Clock): Failure | null {
  if (!(error instanceof Error) || error instanceof AppError) return null;
  const { status, headers } = error as Error & { status?: unknown; headers?: unknown };
  if (typeof status === "number") {
    const asked = headers instanceof Headers ? headers.get("retry-after") : null;
    return failureOfStatus(status, parseRetryAfter(asked, clock.now()));
  }
  const passing = { status: null, passing: true, retryAfterMs: null };
  // An answer that breaks off is no JSON.
  if (error instanceof SyntaxError) return { code: "bad-answer", ...passing };
  if (error.name === "APIConnectionTimeoutError") return { code: "timeout", ...passing };
  const isOfClient = /^API\w*Error$/.test(error.constructor.name) || error instanceof TypeError;
  return isOfClient || error.name === "AbortError" ? { code: "network", ...passing } : null;
}
