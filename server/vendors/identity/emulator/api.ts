// The part of WorkOS's HTTP interface that the SDK calls, on loopback, guarded by the same secrets as the real one.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import { emailSchema } from "../../../../shared/schemas/common.ts";
import type { Authority, Grant } from "./authority.ts";
import { OauthError, sameText } from "./authority.ts";
import type { LocalDirectory, LocalMembership, LocalOrganization, LocalUser } from "./directory.ts";
import { readBody } from "./http-body.ts";
import type { LocalKeys } from "./keys.ts";

const pageItems = 100;

const clientFields = { client_id: z.string(), client_secret: z.string() };
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
]);
const newUserSchema = z.object({
  email: emailSchema,
  first_name: z.string().max(100).nullish(),
  last_name: z.string().max(100).nullish(),
});
const newOrganizationSchema = z.object({ name: z.string().min(1).max(100) });
const newMembershipSchema = z.object({
  user_id: z.string(),
  organization_id: z.string(),
  role_slug: z.string().min(1).max(50).optional(),
});
const revokeSchema = z.object({ session_id: z.string() });

interface Answer {
  status: number;
  body: unknown;
}

export interface ApiOptions {
  authority: Authority;
  directory: LocalDirectory;
  keys: LocalKeys;
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
  if (route === "POST /user_management/authenticate") return await authenticate(options, request);
  if (!sameText(request.headers.authorization ?? "", `Bearer ${keys.apiKey}`)) {
    return { status: 401, body: { message: "Unauthorized" } };
  }
  return await manage(options, request, url);
}

async function authenticate({ authority, keys }: ApiOptions, request: IncomingMessage): Promise<Answer> {
  const parsed = authenticateSchema.safeParse(await readJson(request));
  if (!parsed.success) throw new OauthError("invalid_request", "The request is incomplete.");
  const input = parsed.data;
  if (!sameText(input.client_id, keys.clientId) || !sameText(input.client_secret, keys.apiKey)) {
    throw new OauthError("invalid_client", "The client id or secret is wrong.");
  }
  const grant =
    input.grant_type === "authorization_code"
      ? await authority.exchangeCode(input.code, input.code_verifier)
      : await authority.refresh(input.refresh_token, input.organization_id ?? null);
  return ok(presentGrant(grant));
}

async function manage(options: ApiOptions, request: IncomingMessage, url: URL): Promise<Answer> {
  const { authority, directory } = options;
  const { pathname, searchParams } = url;
  const user = /^\/user_management\/users\/([^/]+)$/.exec(pathname)?.[1];
  const organization = /^\/organizations\/([^/]+)$/.exec(pathname)?.[1];
  if (request.method === "GET") {
    if (user !== undefined) return found(directory.users.get(decodeURIComponent(user)), presentUser);
    if (organization !== undefined) {
      return found(directory.organizations.get(decodeURIComponent(organization)), presentOrganization);
    }
    if (pathname === "/user_management/users") {
      return list(directory.users, presentUser, { email: searchParams.get("email")?.toLowerCase() ?? null });
    }
    if (pathname === "/organizations") return list(directory.organizations, presentOrganization, {});
    if (pathname === "/user_management/organization_memberships") {
      return list(directory.memberships, presentMembership, {
        userId: searchParams.get("user_id"),
        organizationId: searchParams.get("organization_id"),
      });
    }
  }
  if (request.method === "POST") {
    const body = await readJson(request);
    switch (pathname) {
      case "/user_management/users": {
        const { email, first_name, last_name } = newUserSchema.parse(body);
        const name = [first_name, last_name].filter(Boolean).join(" ");
        return created(presentUser(await authority.ensureUser(email, name === "" ? null : name)));
      }
      case "/organizations":
        return created(
          presentOrganization(await authority.ensureOrganization(newOrganizationSchema.parse(body).name)),
        );
      case "/user_management/organization_memberships": {
        const input = newMembershipSchema.parse(body);
        if (!directory.users.has(input.user_id) || !directory.organizations.has(input.organization_id)) {
          return notThere;
        }
        return created(
          presentMembership(
            await authority.ensureMembership(input.user_id, input.organization_id, input.role_slug),
          ),
        );
      }
      case "/user_management/sessions/revoke":
        return (await authority.endSession(revokeSchema.parse(body).session_id)) ? ok({}) : notThere;
    }
  }
  return notThere;
}

const notThere: Answer = { status: 404, body: { message: "Not found", code: "entity_not_found" } };
const ok = (body: unknown): Answer => ({ status: 200, body });
const created = (body: unknown): Answer => ({ status: 201, body });

function found<Item>(item: Item | undefined, present: (item: Item) => unknown): Answer {
  return item === undefined ? notThere : ok(present(item));
}

function list<Item extends object>(
  items: Map<string, Item>,
  present: (item: Item) => unknown,
  filter: Partial<Record<keyof Item, unknown>>,
): Answer {
  const wanted = Object.entries(filter).filter(([, value]) => value !== null);
  const matching = [...items.values()].filter((item) =>
    wanted.every(([name, value]) => item[name as keyof Item] === value),
  );
  return ok({
    object: "list",
    data: matching.slice(0, pageItems).map(present),
    list_metadata: { before: null, after: null },
  });
}

function presentGrant(grant: Grant) {
  return {
    user: presentUser(grant.user),
    organization_id: grant.organizationId,
    access_token: grant.accessToken,
    refresh_token: grant.refreshToken,
    authentication_method: "MagicAuth",
  };
}

function presentUser(user: LocalUser) {
  const words = user.name?.trim().split(/\s+/) ?? [];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return {
    object: "user",
    id: user.id,
    email: user.email,
    email_verified: true,
    name: user.name,
    first_name: words.length === 0 ? null : words.slice(0, Math.max(1, words.length - 1)).join(" "),
    last_name: last ?? null,
    profile_picture_url: null,
    last_sign_in_at: user.lastSignInAt,
    locale: null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    external_id: null,
    metadata: {},
  };
}

function presentOrganization(organization: LocalOrganization) {
  return {
    object: "organization",
    id: organization.id,
    name: organization.name,
    domains: [],
    allow_profiles_outside_organization: true,
    external_id: null,
    metadata: {},
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
  };
}

function presentMembership(membership: LocalMembership) {
  return {
    object: "organization_membership",
    id: membership.id,
    user_id: membership.userId,
    organization_id: membership.organizationId,
    status: "active",
    role: { slug: membership.role },
    custom_attributes: {},
    created_at: membership.createdAt,
    updated_at: membership.createdAt,
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await readBody(request));
  } catch (error) {
    if (error instanceof OauthError) throw error;
    throw new OauthError("invalid_request", "The body is not JSON.");
  }
}

function describeError(error: unknown): Answer {
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
  return { status: 500, body: { message: "Internal server error" } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
