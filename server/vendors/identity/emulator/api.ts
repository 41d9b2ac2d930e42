// The part of WorkOS's HTTP interface that the SDK calls, on loopback, guarded by the same secrets as the real one.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import type { Authority, Grant } from "./authority.ts";
import { sameText } from "./authority.ts";
import { ApiRefusal, notThere, OauthError } from "./errors.ts";
import { readBody } from "./http-body.ts";
import type { LocalKeys } from "./keys.ts";
import { managementRoutes, type ManagementParts } from "./management.ts";
import { presentUser } from "./present.ts";
import { TooManyCalls } from "./rate-limit.ts";

const clientFields = {
  client_id: z.string(),
  client_secret: z.string(),
  ip_address: z.string().nullish(),
  user_agent: z.string().nullish(),
};
const authenticateSchema = z.discriminatedUnion("grant_type", [
  z.object({
    ...clientFields,
    grant_type: z.literal("authorization_code"),
    code: z.string(),
    code_verifier: z.string(),
  }),
  z.object({
    ...clientFields,
    grant_type: z.literal("refresh_token"),
    refresh_token: z.string(),
    organization_id: z.string().nullish(),
  }),
  z.object({
    ...clientFields,
    grant_type: z.literal("urn:workos:oauth:grant-type:organization-selection"),
    pending_authentication_token: z.string(),
    organization_id: z.string(),
  }),
]);

export interface Answer {
  status: number;
  body: unknown;
  retryAfterSeconds?: number;
}

export interface ApiOptions extends ManagementParts {
  authority: Authority;
  keys: LocalKeys;
  /** Throws where there were too many calls. */
  countCall: () => void;
}

export function createApi(options: ApiOptions): RequestListener {
  return (request, response) => {
    answer(options, request)
      .catch((error: unknown) => describeError(error))
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  };
}

async function answer(options: ApiOptions, request: IncomingMessage): Promise<Answer> {
  const { keys } = options;
  const url = new URL(request.url ?? "/", "http://loopback");
  const route = `${request.method} ${url.pathname}`;
  if (route === `GET /sso/jwks/${keys.clientId}`) return ok({ keys: [keys.publicJwk] });
  await options.directory.refresh();
  options.countCall();
  if (route === "POST /user_management/authenticate") return await authenticate(options, request);
  if (!sameText(request.headers.authorization ?? "", `Bearer ${keys.apiKey}`)) {
    return { status: 401, body: { message: "Unauthorized" } };
  }
  for (const { method, pattern, run } of managementRoutes) {
    const match = method === request.method ? pattern.exec(url.pathname) : null;
    if (match === null) continue;
    const body = method === "GET" || method === "DELETE" ? null : await readJson(request);
    const id = decodeURIComponent(match[1] ?? "");
    return {
      status: method === "POST" ? 201 : 200,
      body: await run(options, { id, query: url.searchParams, body }),
    };
  }
  throw notThere("This address");
}

async function authenticate({ authority, keys }: ApiOptions, request: IncomingMessage): Promise<Answer> {
  const parsed = authenticateSchema.safeParse(await readJson(request));
  if (!parsed.success) throw new OauthError("invalid_request", "The request is incomplete.");
  const input = parsed.data;
  if (!sameText(input.client_id, keys.clientId) || !sameText(input.client_secret, keys.apiKey)) {
    throw new OauthError("invalid_client", "The client id or secret is wrong.");
  }
  const origin = { ipAddress: input.ip_address ?? null, userAgent: input.user_agent ?? null };
  switch (input.grant_type) {
    case "authorization_code":
      return ok(presentGrant(await authority.exchangeCode(input.code, input.code_verifier, origin)));
    case "refresh_token":
      return ok(presentGrant(await authority.refresh(input.refresh_token, input.organization_id ?? null)));
    case "urn:workos:oauth:grant-type:organization-selection":
      return ok(
        presentGrant(
          await authority.chooseOrganization(
            input.pending_authentication_token,
            input.organization_id,
            origin,
          ),
        ),
      );
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body });

function presentGrant(grant: Grant) {
  return {
    user: presentUser(grant.user),
    organization_id: grant.organizationId,
    access_token: grant.accessToken,
    refresh_token: grant.refreshToken,
    authentication_method: grant.impersonator === null ? "MagicAuth" : "Impersonation",
    ...(grant.impersonator === null ? {} : { impersonator: grant.impersonator }),
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request);
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    throw new OauthError("invalid_request", "The body is not JSON.");
  }
}

function describeError(error: unknown): Answer {
  if (error instanceof TooManyCalls) {
    return { status: error.status, body: error.body, retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof ApiRefusal) return { status: error.status, body: error.body };
  if (error instanceof OauthError) {
    return { status: error.status, body: { error: error.code, error_description: error.message } };
  }
  if (error instanceof z.ZodError) {
    return {
      status: 422,
      body: {
        message: "Validation failed.",
        code: "invalid_request_parameters",
        errors: error.issues.map((issue) => ({ field: issue.path.join("."), code: issue.code })),
      },
    };
  }
  return { status: 500, body: { message: "Something went wrong." } };
}

function send(response: ServerResponse, { status, body, retryAfterSeconds }: Answer): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(body));
}
