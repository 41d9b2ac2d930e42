// What the emulated WorkOS decides: codes, sessions, refresh tokens, organisations; without HTTP.
import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import { defaultRole, localOrganizationId, localUserId, signAccessToken } from "./access-token.ts";
import type {
  LocalDirectory,
  LocalMembership,
  LocalOrganization,
  LocalSession,
  LocalUser,
} from "./directory.ts";
import type { LocalKeys } from "./keys.ts";

const codeLifetimeMs = 10 * 60_000;
const sessionIdleMs = 30 * 24 * 60 * 60_000;
const refreshTokensKept = 10;
const maxCodes = 1_000;
const maxUsers = 10_000;
const maxSessions = 5_000;

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

export interface Grant {
  user: LocalUser;
  organizationId: string | null;
  accessToken: string;
  refreshToken: string;
}

interface Code {
  userId: string;
  codeChallenge: string;
  expiresAtMs: number;
}

export interface AuthorityOptions {
  directory: LocalDirectory;
  keys: LocalKeys;
  clock: Clock;
  ids: IdSource;
  accessTokenSeconds: number;
  /** How long a used refresh token still works: two requests at once, or a crash before the answer was kept. */
  refreshGraceMs: number;
}

export type Authority = ReturnType<typeof createAuthority>;

export function createAuthority(options: AuthorityOptions) {
  const { directory, keys, clock, ids } = options;
  const codes = new Map<string, Code>();
  const nowIso = () => clock.now().toISOString();

  async function ensureUser(email: string, name: string | null): Promise<LocalUser> {
    const id = localUserId(email);
    const known = directory.users.get(id);
    if (known === undefined && directory.users.size >= maxUsers) {
      throw new OauthError("too_many_users", "Local mode holds no more people.");
    }
    const user: LocalUser =
      known === undefined
        ? { id, email, name, createdAt: nowIso(), updatedAt: nowIso(), lastSignInAt: null }
        : { ...known, name: name ?? known.name, updatedAt: nowIso() };
    directory.users.set(id, user);
    await directory.save();
    return user;
  }

  async function grant(session: LocalSession, user: LocalUser): Promise<Grant> {
    const refreshToken = ids.secret(32);
    session.refreshTokens = [
      ...session.refreshTokens.slice(1 - refreshTokensKept),
      { hash: hash(refreshToken), usedAt: null },
    ];
    session.refreshedAt = nowIso();
    directory.sessions.set(session.id, session);
    await directory.save();
    return {
      user,
      organizationId: session.organizationId,
      refreshToken,
      accessToken: await signAccessToken(keys, {
        userId: user.id,
        email: user.email,
        name: user.name,
        sessionId: session.id,
        orgId: session.organizationId,
        role: session.role,
        issuedAt: clock.now(),
        lifetimeSeconds: options.accessTokenSeconds,
      }),
    };
  }

  function forgetIdleSessions(): void {
    const oldest = clock.now().getTime() - sessionIdleMs;
    const byAge = [...directory.sessions.values()].sort(
      (a, b) => Date.parse(a.refreshedAt) - Date.parse(b.refreshedAt),
    );
    for (const session of byAge) {
      const full = directory.sessions.size >= maxSessions;
      if (!full && Date.parse(session.refreshedAt) > oldest) break;
      directory.sessions.delete(session.id);
    }
  }

  return {
    ensureUser,

    /** The people who signed in on this machine last, at most `count`. */
    recentUsers(count: number): LocalUser[] {
      return [...directory.users.values()]
        .filter((user) => user.lastSignInAt !== null)
        .sort((a, b) => Date.parse(b.lastSignInAt ?? "") - Date.parse(a.lastSignInAt ?? ""))
        .slice(0, count);
    },

    /** A code for the browser to carry back; good once, for ten minutes. */
    issueCode(user: LocalUser, codeChallenge: string): string {
      const nowMs = clock.now().getTime();
      for (const [key, code] of codes) if (code.expiresAtMs <= nowMs) codes.delete(key);
      const oldest = codes.keys().next();
      if (codes.size >= maxCodes && oldest.done !== true) codes.delete(oldest.value);
      const code = ids.secret(32);
      codes.set(hash(code), { userId: user.id, codeChallenge, expiresAtMs: nowMs + codeLifetimeMs });
      return code;
    },

    async exchangeCode(code: string, codeVerifier: string): Promise<Grant> {
      const found = codes.get(hash(code));
      codes.delete(hash(code));
      const user = directory.users.get(found?.userId ?? "");
      if (found === undefined || user === undefined || found.expiresAtMs <= clock.now().getTime()) {
        throw new OauthError("invalid_grant", "The code is unknown, used or too old.");
      }
      const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
      if (!sameText(challenge, found.codeChallenge)) {
        throw new OauthError("invalid_grant", "The code verifier does not fit the challenge.");
      }
      forgetIdleSessions();
      const signedIn = { ...user, lastSignInAt: nowIso() };
      directory.users.set(user.id, signedIn);
      const membership = [...directory.memberships.values()].find((one) => one.userId === user.id);
      const session: LocalSession = {
        id: `session_${ids.secret(18)}`,
        userId: user.id,
        organizationId: membership?.organizationId ?? null,
        role: membership?.role ?? null,
        createdAt: nowIso(),
        refreshedAt: nowIso(),
        refreshTokens: [],
      };
      return await grant(session, signedIn);
    },

    async refresh(refreshToken: string, organizationId: string | null): Promise<Grant> {
      const wanted = hash(refreshToken);
      const nowMs = clock.now().getTime();
      for (const session of directory.sessions.values()) {
        const token = session.refreshTokens.find((one) => one.hash === wanted);
        if (token === undefined) continue;
        const user = directory.users.get(session.userId);
        const idle = nowMs - Date.parse(session.refreshedAt) > sessionIdleMs;
        if (user === undefined || idle) break;
        if (token.usedAt !== null && nowMs - Date.parse(token.usedAt) > options.refreshGraceMs) break;
        const place = organizationId === null ? null : placeIn(session, user.id, organizationId);
        token.usedAt ??= nowIso();
        if (place !== null) Object.assign(session, place);
        return await grant(session, user);
      }
      throw new OauthError("invalid_grant", "The refresh token is unknown, used or its session has ended.");
    },

    /** Refreshes are refused from then on; ending what is not there changes nothing. */
    async endSession(sessionId: string): Promise<boolean> {
      const existed = directory.sessions.delete(sessionId);
      if (existed) await directory.save();
      return existed;
    },

    async ensureOrganization(name: string): Promise<LocalOrganization> {
      const id = localOrganizationId(name);
      const organization = directory.organizations.get(id) ?? { id, name, createdAt: nowIso() };
      directory.organizations.set(id, organization);
      await directory.save();
      return organization;
    },

    async ensureMembership(userId: string, organizationId: string, role?: string): Promise<LocalMembership> {
      const id = `om_${hash(`${userId} ${organizationId}`).slice(0, 26)}`;
      const known = directory.memberships.get(id);
      const membership: LocalMembership = {
        id,
        userId,
        organizationId,
        role: role ?? known?.role ?? defaultRole,
        createdAt: known?.createdAt ?? nowIso(),
      };
      directory.memberships.set(id, membership);
      await directory.save();
      return membership;
    },
  };

  // Who asks for an organisation must belong to it, unless the session is in it already.
  function placeIn(session: LocalSession, userId: string, organizationId: string) {
    const membership = [...directory.memberships.values()].find(
      (one) => one.userId === userId && one.organizationId === organizationId,
    );
    if (membership !== undefined) return { organizationId, role: membership.role };
    if (session.organizationId === organizationId) return null;
    throw new OauthError("invalid_grant", "The person does not belong to this organisation.");
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
