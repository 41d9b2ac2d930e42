// Typed calls to the REST interface of a running server, as its endpoints table describes them.
import { z } from "zod";
import type { CallerRequest, EndpointSpec, ResponseOf } from "../../shared/contract/endpoint.ts";

const timeoutMs = 30_000;
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type Api = <Spec extends EndpointSpec>(
  spec: Spec,
  token: string,
  request?: CallerRequest<Spec>,
) => Promise<ResponseOf<Spec>>;

/** Throws an Error with the server's code and message where it refuses, and a sentence where nobody answers. */
export function createApi(url: string): Api {
  return async (spec, token, request = {}) => {
    const path = spec.path.replace(/:(\w+)/g, (_match, name: string) =>
      encodeURIComponent(String((request.params as Record<string, unknown> | undefined)?.[name] ?? "")),
    );
    const address = new URL(path, url);
    for (const [name, value] of Object.entries((request.query as object | undefined) ?? {})) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const response = await ask(address, {
      method: spec.method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(spec, response.status, text);
    const value: unknown = spec.contentType === undefined && text !== "" ? JSON.parse(text) : text;
    return spec.response.parse(value) as ResponseOf<typeof spec>;
  };
}

async function ask(address: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    throw new Error(`No server answers at ${address.origin}: start one with \`npm start\`, or give --url.`, {
      cause: error,
    });
  }
}

function refusal(spec: EndpointSpec, status: number, text: string): Error {
  const parsed = errorSchema.safeParse(parseJson(text));
  const what = parsed.success
    ? `${parsed.data.error.code}: ${parsed.data.error.message}`
    : `status ${status}`;
  const hint =
    status === 401 ? " Run this with the same DATA_DIR as the server; tokens are made with its keys." : "";
  return new Error(`${spec.method} ${spec.path} was refused. ${what}${hint}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
