// The browser-facing part of the emulated WorkOS: the sign-in page and the end of a session, on the product's own origin.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import { isLoopback } from "../../../platform/config.ts";
import { emailSchema, requiredText } from "../../../../shared/schemas/common.ts";
import { limits } from "../../../../shared/limits.ts";
import type { Authority } from "./authority.ts";
import type { LocalDirectory } from "./directory.ts";
import { ApiRefusal, OauthError } from "./errors.ts";
import { readBody } from "./http-body.ts";
import type { LocalKeys } from "./keys.ts";
import type { OrganizationsAuthority } from "./organizations.ts";
import { invitationPage, problemPage, signInPage, type Invited, type SignInForm } from "./sign-in-page.ts";

const recentPeople = 6;

const authorizeSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.string().max(2_000).refine(isOurs, "must be an address of this machine"),
  response_type: z.literal("code"),
  state: z.string().min(8).max(500),
  code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be a SHA-256 in base64url"),
  code_challenge_method: z.literal("S256"),
  login_hint: z.string().max(254).optional(),
  organization_id: z.string().max(100).optional(),
  invitation_token: z.string().max(200).optional(),
});
type AuthorizeRequest = z.infer<typeof authorizeSchema>;

export interface PagesOptions {
  authority: Authority;
  organizations: OrganizationsAuthority;
  directory: LocalDirectory;
  keys: LocalKeys;
  /** Hosts other than loopback names that browsers may use; a page of another site must not get in by renaming itself. */
  allowedHosts: () => string[];
  /** Nobody else can reach these pages: they may list who signed in lately. */
  onThisMachineOnly: boolean;
}

/** Handles `…/authorize`, `…/accept` and `…/logout`, wherever it is mounted. */
export function createPages(options: PagesOptions): RequestListener {
  return (request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const known = error instanceof OauthError || error instanceof ApiRefusal;
      sendHtml(
        response,
        known ? error.status : 500,
        problemPage(known ? error.message : "Something went wrong. Please try again."),
      );
    });
  };
}

async function handle(
  options: PagesOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hostAllowed(request.headers.host, options.allowedHosts())) {
    throw new OauthError("forbidden", "This address is not one that the local sign-in answers to.", 403);
  }
  await options.directory.refresh();
  const url = new URL(request.url ?? "/", "http://loopback");
  if (url.pathname.endsWith("/authorize")) return await authorize(options, request, response, url);
  if (url.pathname.endsWith("/logout") && request.method === "GET") {
    await options.authority.endSession(url.searchParams.get("session_id") ?? "");
    const returnTo = url.searchParams.get("return_to") ?? "/";
    return redirect(response, isOurs(returnTo) ? returnTo : "/");
  }
  if (url.pathname.endsWith("/accept") && request.method === "GET") {
    const token = url.searchParams.get("invitation_token") ?? "";
    return sendHtml(response, 200, invitationPage(invitedBy(options, token), signInAddress(token)));
  }
  throw new OauthError("not_found", "There is no such page.", 404);
}

/** The product starts every sign-in itself: only it knows the verifier. */
const signInAddress = (token: string) => `/auth/sign-in?${new URLSearchParams({ invitation_token: token })}`;

function invitedBy(options: PagesOptions, token: string): Invited {
  const { organizations, directory } = options;
  const invitation = organizations.openInvitation(token);
  if (invitation === null) {
    throw new OauthError(
      "invalid_invitation",
      "This invitation has been accepted or revoked, or has run out. Ask whoever invited you for a new one.",
      410,
    );
  }
  const inviter = directory.users.get(invitation.inviterUserId ?? "");
  return {
    email: invitation.email,
    organization: directory.organizations.get(invitation.organizationId)?.name ?? "an organisation",
    inviter: inviter === undefined ? null : (inviter.name ?? inviter.email),
  };
}

async function authorize(
  options: PagesOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const parsed = authorizeSchema.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success || parsed.data.client_id !== options.keys.clientId) {
    throw new OauthError("invalid_request", "This sign-in link is incomplete: start again from the product.");
  }
  const asked = parsed.data;
  // The form posts back to the address it came from, so the request stays in the query.
  const action = `?${url.searchParams}`;
  const token = asked.invitation_token;
  const invited = token === undefined ? null : invitedBy(options, token);
  const show = (status: number, form: SignInForm) =>
    sendHtml(
      response,
      status,
      signInPage({
        action,
        form,
        invited,
        recent:
          options.onThisMachineOnly && invited === null ? options.authority.recentUsers(recentPeople) : [],
        onThisMachineOnly: options.onThisMachineOnly,
      }),
    );
  if (request.method === "GET" || request.method === "HEAD") {
    const email = invited?.email ?? asked.login_hint ?? "";
    return show(200, { email, name: "", impersonator: "", reason: "", problems: {} });
  }
  if (request.method !== "POST") throw new OauthError("not_found", "There is no such page.", 404);
  if (!fromOwnPage(request)) {
    throw new OauthError("forbidden", "This form was sent from another site.", 403);
  }
  const fields = new URLSearchParams(await readBody(request));
  const form = readForm(fields);
  if ("problems" in form) return show(422, form);
  if (invited !== null && form.email !== invited.email) {
    const problems = { email: `This invitation is for ${invited.email}.` };
    return show(422, { ...blankForm, email: form.email, problems });
  }
  const { authority, organizations } = options;
  const user = await authority.ensureUser(form.email, form.name);
  let organizationId = asked.organization_id ?? null;
  const invitation = token === undefined ? null : organizations.openInvitation(token);
  if (invitation !== null) {
    ({ organizationId } = await organizations.acceptInvitation(invitation, user));
  }
  const code = authority.issueCode({
    userId: user.id,
    organizationId,
    impersonator: form.impersonator,
    codeChallenge: asked.code_challenge,
  });
  redirect(response, withCode(asked, code));
}

const blankForm: SignInForm = { email: "", name: "", impersonator: "", reason: "", problems: {} };

interface Entered {
  email: string;
  name: string | null;
  impersonator: { email: string; reason: string | null } | null;
}

function readForm(fields: URLSearchParams): SignInForm | Entered {
  const text = (name: string) => (fields.get(name) ?? "").trim();
  const given = {
    email: text("email"),
    name: text("name"),
    impersonator: text("impersonator"),
    reason: text("reason").slice(0, 200),
  };
  const email = emailSchema.safeParse(given.email);
  const name = requiredText(limits.nameMaxChars).safeParse(given.name);
  const problems: SignInForm["problems"] = {};
  if (!email.success) problems.email = "Enter an email address such as name@example.org.";
  if (given.name !== "" && !name.success) problems.name = `Use at most ${limits.nameMaxChars} characters.`;
  const support = emailSchema.safeParse(given.impersonator);
  if (given.impersonator !== "" && !support.success) {
    problems.impersonator = "Enter an email address such as name@example.org.";
  }
  if (!email.success || Object.keys(problems).length > 0) return { ...given, problems };
  return {
    email: email.data,
    name: name.success ? name.data : null,
    impersonator: support.success
      ? { email: support.data, reason: given.reason === "" ? null : given.reason }
      : null,
  };
}

function withCode(asked: AuthorizeRequest, code: string): string {
  const query = new URLSearchParams({ code, state: asked.state });
  return `${asked.redirect_uri}${asked.redirect_uri.includes("?") ? "&" : "?"}${query}`;
}

/** A path of the same origin, or an address on this machine. */
function isOurs(address: string): boolean {
  if (/^\/(?![/\\])/.test(address)) return true;
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) && isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  } catch {
    return false;
  }
}

function hostAllowed(header: string | undefined, allowed: string[]): boolean {
  if (header === undefined) return false;
  if (allowed.includes("*") || allowed.includes(header)) return true;
  try {
    return isLoopback(new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, ""));
  } catch {
    return false;
  }
}

function fromOwnPage(request: IncomingMessage): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin, host } = request.headers;
  return origin !== undefined && host !== undefined && origin.replace(/^https?:\/\//, "") === host;
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { location: to, "cache-control": "no-store" }).end();
}

function sendHtml(response: ServerResponse, status: number, html: string): void {
  response
    .writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
    .end(html);
}
