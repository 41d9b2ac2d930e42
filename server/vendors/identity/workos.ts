// WorkOS behind the identity port, through its own SDK; in local mode the same code talks to our emulator.
import type { RequestListener } from "node:http";
import {
  AuthenticationException,
  OauthException,
  WorkOS,
  type AuthenticationResponse,
  type User,
} from "@workos-inc/node";
import { decodeJwt, jwtVerify, type JWTPayload } from "jose";
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { emailSchema } from "../../../shared/schemas/common.ts";
import { createWorkosDirectory } from "./workos-directory.ts";
import { askedForSession, codeOf, refused, vendorError, vendorTrouble } from "./workos-errors.ts";
import {
  OrganizationChoice,
  type IdentityVendor,
  type LocalPerson,
  type RefreshOutcome,
  type SealedCheck,
  type SignInOrigin,
  type VendorPerson,
  type VendorSession,
} from "./index.ts";

const timeoutMs = 5_000;
// None: before one the SDK waits for as long as the vendor asks, up to a minute, and a person with it. Whoever is told to
// come back does so, and jobs try again by themselves.
const retries = 0;
const maxRemembered = 1_000;
const personKnownMs = 5 * 60_000;

export interface WorkosOptions {
  apiKey: string;
  clientId: string;
  cookiePassword: string;
  issuers: string[];
  /** A port of this machine that answers in WorkOS's place. */
  apiPort?: number;
  /** Set in local mode, where the vendor is the emulator. */
  local?: {
    /** Path of this origin under which the browser reaches the emulator's pages. */
    pagesPath: string;
    pages: RequestListener;
    token(person: LocalPerson): Promise<string>;
    /** Told of every verified token, before it is relied on: a script's makes true what it says of its bearer. */
    meet(claims: JWTPayload): Promise<void>;
    stop(): Promise<void>;
  };
}

const claimsSchema = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
  org_id: z.string().nullish(),
  role: z.string().nullish(),
  act: z.object({ sub: z.string() }).nullish(),
});
const localPersonSchema = z.object({ email: emailSchema, name: z.string().nullish() });

/** WorkOS names itself with and without a trailing slash, and by client; a deployment may have a domain of its own. */
export function workosIssuers(clientId: string, own: readonly string[] = []): string[] {
  const base = "https://api.workos.com";
  const all = [base, `${base}/user_management/${clientId}`, ...own].map((issuer) =>
    issuer.replace(/\/+$/, ""),
  );
  return [...new Set(all)].flatMap((issuer) => [issuer, `${issuer}/`]);
}

export function createWorkosVendor(options: WorkosOptions): IdentityVendor {
  const { local, apiPort, cookiePassword, clientId } = options;
  const workos = new WorkOS({
    apiKey: options.apiKey,
    clientId,
    issuer: options.issuers,
    timeout: timeoutMs,
    maxRetries: retries,
    ...(apiPort === undefined ? {} : { apiHostname: "127.0.0.1", port: apiPort, https: false }),
  });
  const users = workos.userManagement;
  // After a change of the vendor's key a new token cannot be verified for some minutes, as the key set is fetched at
  // most that often. What the vendor itself has just handed to us needs no signature check.
  const received = new Map<string, VendorSession>();

  function remember(sealed: string, session: VendorSession): void {
    const oldest = received.keys().next();
    if (received.size >= maxRemembered && oldest.done !== true) received.delete(oldest.value);
    received.set(sealed, session);
  }

  // The SDK builds its addresses for the API's host; a browser reaches the local pages on the product's own origin.
  function forBrowser(address: string): string {
    if (local === undefined) return address;
    const url = new URL(address);
    return `${local.pagesPath}/${url.pathname.split("/").at(-1)}${url.search}`;
  }

  // WorkOS's tokens name the person by id alone. Asked for at most every few minutes; a failure is not remembered.
  const people = new Map<string, { person: Promise<VendorPerson>; untilMs: number }>();
  function lookedUp(userId: string): Promise<VendorPerson> {
    const known = people.get(userId);
    if (known !== undefined && known.untilMs > Date.now()) return known.person;
    people.delete(userId);
    const oldest = people.keys().next();
    if (people.size >= maxRemembered && oldest.done !== true) people.delete(oldest.value);
    const entry = {
      person: askedForSession(users.getUser(userId)).then(describeUser),
      untilMs: Date.now() + personKnownMs,
    };
    people.set(userId, entry);
    entry.person.catch(() => people.get(userId) === entry && people.delete(userId));
    return entry.person;
  }

  async function personOf(claims: JWTPayload): Promise<VendorPerson> {
    if (local === undefined) return await lookedUp(String(claims.sub));
    const person = localPersonSchema.safeParse(claims);
    if (!person.success) throw refused();
    const { email, name } = person.data;
    return { id: String(claims.sub), email, firstName: name ?? null, lastName: null };
  }

  const fromHere = ({ ipAddress, userAgent }: SignInOrigin) => ({
    session: { sealSession: true, cookiePassword } as const,
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(userAgent === undefined ? {} : { userAgent }),
  });

  function startedBy(answer: AuthenticationResponse): { sealed: string; session: VendorSession } {
    if (answer.sealedSession === undefined) throw new AppError("VENDOR_ERROR", vendorTrouble);
    const session = sessionOf(answer.accessToken, describeUser(answer.user));
    remember(answer.sealedSession, session);
    return { sealed: answer.sealedSession, session };
  }

  return {
    mode: local === undefined ? "workos" : "local",
    directory: createWorkosDirectory(workos),

    async startSignIn({ redirectUri, loginHint, invitationToken }) {
      const { codeVerifier, codeChallenge } = await workos.pkce.generate();
      const state = workos.pkce.generateCodeVerifier(43);
      const url = users.getAuthorizationUrl({
        provider: "authkit",
        redirectUri,
        state,
        codeChallenge,
        codeChallengeMethod: "S256",
        ...(loginHint === undefined ? {} : { loginHint }),
        ...(invitationToken === undefined ? {} : { invitationToken }),
      });
      return { url: forBrowser(url), state, codeVerifier };
    },

    async exchangeCode({ code, codeVerifier, ...origin }) {
      const answer = users.authenticateWithCode({ code, codeVerifier, ...fromHere(origin) });
      return startedBy(await askedForSession(answer.catch(choiceOrError)));
    },

    async chooseOrganization({ pendingToken, organizationId, ...origin }) {
      const answer = users.authenticateWithOrganizationSelection({
        pendingAuthenticationToken: pendingToken,
        organizationId,
        ...fromHere(origin),
      });
      return startedBy(await askedForSession(answer));
    },

    async check(sealed): Promise<SealedCheck> {
      const content = await unseal(sealed);
      if (content === null) return { outcome: "malformed" };
      const known = received.get(sealed);
      if (known !== undefined) {
        if (known.expiresAt.getTime() > Date.now()) return { outcome: "valid", session: known };
        received.delete(sealed);
      }
      const stale: SealedCheck = { outcome: "stale", sessionId: content.sessionId };
      try {
        const result = await users.loadSealedSession({ sessionData: sealed, cookiePassword }).authenticate();
        if (!result.authenticated) return stale;
        return { outcome: "valid", session: sessionOf(result.accessToken, describeUser(result.user)) };
      } catch (error) {
        if (codeOf(error) === unknownKey) return stale;
        throw vendorError(error);
      }
    },

    sessionIdOf: async (sealed) => (await unseal(sealed))?.sessionId ?? null,

    async refresh(sealed, organizationId): Promise<RefreshOutcome> {
      if ((await unseal(sealed)) === null) return { outcome: "over" };
      try {
        const result = await users
          .loadSealedSession({ sessionData: sealed, cookiePassword })
          .refresh(organizationId === undefined ? {} : { organizationId });
        if (result.authenticated) {
          if (result.sealedSession === undefined || result.session === undefined) {
            return { outcome: "unavailable", retryAfterSeconds: 1 };
          }
          const session = sessionOf(result.session.accessToken, describeUser(result.user));
          remember(result.sealedSession, session);
          return { outcome: "refreshed", sealed: result.sealedSession, session };
        }
        if (!("retryable" in result) || !result.retryable) return { outcome: "over" };
        return { outcome: "unavailable", retryAfterSeconds: result.retryAfter ?? 1 };
      } catch (error) {
        if (error instanceof AppError) throw error;
        // The SDK classifies what it knows; other answers of 4xx mean that this session will not come back.
        if (error instanceof OauthException || error instanceof AuthenticationException) {
          return { outcome: "over" };
        }
        return { outcome: "unavailable", retryAfterSeconds: 1 };
      }
    },

    async verifyToken(token) {
      const keys = await users.getJWKS();
      if (keys === undefined) throw new AppError("VENDOR_ERROR", vendorTrouble);
      let claims: JWTPayload;
      try {
        const verified = await jwtVerify(token, keys, {
          issuer: options.issuers,
          algorithms: ["RS256"],
          requiredClaims: ["sub", "sid", "exp", "iat"],
        });
        claims = verified.payload;
      } catch (error) {
        if (codeOf(error) === "ERR_JWT_EXPIRED") {
          throw new AppError("SESSION_EXPIRED", "Your sign-in has run out. Please sign in again.", {
            cause: error,
          });
        }
        throw isFaultOfToken(error) ? refused(error) : vendorError(error);
      }
      await local?.meet(claims);
      return sessionOf(claims, await personOf(claims));
    },

    async revoke(sessionId) {
      try {
        await users.revokeSession({ sessionId });
      } catch (error) {
        // Already over is what was wanted.
        if (error instanceof Error && error.name === "NotFoundException") return;
        throw vendorError(error);
      }
    },

    signOutUrl: ({ sessionId, returnTo }) => forBrowser(users.getLogoutUrl({ sessionId, returnTo })),
    localToken: local === undefined ? null : (person) => local.token(person),
    pages: local?.pages ?? null,
    stop: async () => local?.stop(),
  };

  // The SDK throws for some forms of garbage and answers an empty session for others.
  async function unseal(sealed: string): Promise<{ sessionId: string } | null> {
    try {
      const content = await users.getSessionFromCookie({ sessionData: sealed, cookiePassword });
      if (typeof content?.accessToken !== "string") return null;
      return { sessionId: claimsSchema.parse(decodeJwt(content.accessToken)).sid };
    } catch {
      return null;
    }
  }
}

function sessionOf(token: string | JWTPayload, person: VendorPerson): VendorSession {
  const claims = claimsSchema.safeParse(typeof token === "string" ? decodeJwt(token) : token);
  if (!claims.success || claims.data.sub !== person.id) throw refused(claims.error);
  const { sid, iat, exp, org_id: orgId, role, act } = claims.data;
  return {
    person,
    sessionId: sid,
    orgId: orgId ?? null,
    role: role ?? null,
    impersonator: act?.sub ?? null,
    issuedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
  };
}

// People are known to each other by address: one that nobody has verified could be somebody else's.
function describeUser(user: User): VendorPerson {
  const email = emailSchema.safeParse(user.email);
  if (!user.emailVerified || !email.success) {
    throw new AppError("UNAUTHENTICATED", "Please verify your email address first, then sign in again.");
  }
  return { id: user.id, email: email.data, firstName: user.firstName, lastName: user.lastName };
}

const choiceSchema = z.object({
  pending_authentication_token: z.string().min(1),
  organizations: z.array(z.object({ id: z.string(), name: z.string() })).min(1),
});

function choiceOrError(error: unknown): never {
  if (error instanceof AuthenticationException && error.code === "organization_selection_required") {
    const choice = choiceSchema.safeParse(error.rawData);
    if (choice.success) {
      throw new OrganizationChoice(choice.data.pending_authentication_token, choice.data.organizations);
    }
  }
  throw error;
}

const unknownKey = "ERR_JWKS_NO_MATCHING_KEY";

// What is wrong with the key set or the way to it is the vendor's trouble. Told by code: the SDK carries a jose of its own.
function isFaultOfToken(error: unknown): boolean {
  const code = codeOf(error);
  return (
    [unknownKey, "ERR_JOSE_ALG_NOT_ALLOWED", "ERR_JOSE_NOT_SUPPORTED"].includes(code) ||
    /^ERR_JW[ST]_/.test(code)
  );
}
