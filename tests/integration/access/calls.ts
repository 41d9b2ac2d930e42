// REST calls of the access tests, as anybody might make them.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";

export const specs: Record<string, EndpointSpec> = endpoints;
export const methodOf = (name: string): string => specs[name]?.method ?? "GET";

export interface Answer {
  status: number;
  text: string;
  /** The header `www-authenticate`. */
  challenge: string | null;
}

/** Bytes are sent as a file, everything else as JSON. */
export async function sendTo(
  address: string,
  token: string | null,
  method: string,
  body?: unknown,
): Promise<Answer> {
  const isFile = body instanceof Uint8Array;
  const response = await fetch(address, {
    method,
    redirect: "manual",
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined
        ? {}
        : { "content-type": isFile ? "application/octet-stream" : "application/json" }),
    },
    ...(body === undefined ? {} : { body: isFile ? Buffer.from(body) : JSON.stringify(body) }),
  });
  const challenge = response.headers.get("www-authenticate");
  return { status: response.status, text: await response.text(), challenge };
}

/** Throws where it is refused. */
export async function askAt<Answer>(
  address: string,
  token: string,
  method: string,
  body?: unknown,
): Promise<Answer> {
  const { status, text } = await sendTo(address, token, method, body);
  if (status >= 300) throw new Error(`${method} ${address} answered ${status}: ${text}`);
  return (text === "" ? null : JSON.parse(text)) as Answer;
}
