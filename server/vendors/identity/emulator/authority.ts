// What the emulated WorkOS decides of people and their sessions: codes, refresh tokens, the choice of an organisation; without HTTP.
import { createHash, timingSafeEqual } from "node:crypto";
import { erasedEmail } from "../../../../shared/erased.ts";
import { defaultRole, localUserId, signAccessToken } from "./access-token.ts";
import type { LocalImpersonator, LocalMembership, LocalSession, LocalUser } from "./directory.ts";
import { ApiRefusal, notThere, OauthError } from "./errors.ts";
import type { LocalKeys } from "./keys.ts";
import type { OrganizationsAuthority } from "./organizations.ts";
import { presentSession, presentUser } from "./present.ts";
import { SecretsOnce } from "./secrets-once.ts";
import type { EmulatorState } from "./state.ts";

const codeLifetimeMs = 10 * 60_000;
const sessionIdleMs = 30 * 24 * 60 * 60_000;
const refreshTokensKept = 10;
const maxUsers = 10_000;
const maxSessions = 5_000;

export interface Grant {
  user: LocalUser;
  organizationId: string | null;
  impersonator: LocalImpersonator | null;
  accessToken: string;
  refreshToken: string;
}

/** Where a sign-in came from. */
export interface Origin {
  ipAddress: string | null;
  userAgent: string | null;
}

interface SignIn {
  userId: string;
  /** Where it must lead, if that was said before: by the product, or by an invitation. */
  organizationId: string | null;
  impersonator: LocalImpersonator | null;
}

export interface ScriptSession {
  sessionId: string;
  userId: string;
  email: string;
  name: string | null;
  orgId: string;
  orgName: string | null;
  role: string | null;
}

export interface AuthorityOptions extends EmulatorState {
  keys: LocalKeys;
  organizations: OrganizationsAuthority;
  accessTokenSeconds: number;
  /** How long a used refresh token still works: two requests at once, or a crash before the answer was kept. */
  refreshGraceMs: number;
}

export type Authority = ReturnType<typeof createAuthority>;

export function createAuthority(options: AuthorityOptions) {
  const { directory, keys, clock, ids, emit, organizations } = options;
  const codes = new SecretsOnce<SignIn & { codeChallenge: string }>(options, codeLifetimeMs);
  const choices = new SecretsOnce<SignIn>(options, codeLifetimeMs);
  const nowIso = () => clock.now().toISOString();

  async function ensureUser(email: string, name: string | null): Promise<LocalUser> {
    const id = localUserId(email);
    const known = directory.users.get(id);
    if (known !== undefined && (name === null || name === known.name)) return known;
    if (known === undefined && directory.users.size >= maxUsers) {
      throw new OauthError("too_many_users", "Local mode holds no more people.");
    }
    const user: LocalUser =
      known === undefined
        ? { id, email, name, createdAt: nowIso(), updatedAt: nowIso(), lastSignInAt: null }
        : { ...known, name, updatedAt: options.stampAfter(known.updatedAt) };
    directory.users.set(id, user);
    await directory.save();
    await emit(known === undefined ? "user.created" : "user.updated", presentUser(user));
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
      impersonator: session.impersonator,
      refreshToken,
      accessToken: await signAccessToken(keys, {
        userId: user.id,
        email: user.email,
        name: user.name,
        sessionId: session.id,
        orgId: session.organizationId,
        role: session.role,
        impersonator: session.impersonator?.email ?? null,
        issuedAt: clock.now(),
        lifetimeSeconds: options.accessTokenSeconds,
      }),
    };
  }

  async function startSession(
    signIn: SignIn,
    user: LocalUser,
    place: LocalMembership | null,
    origin: Origin,
  ) {
    forgetIdleSessions();
    const signedIn = { ...user, lastSignInAt: nowIso() };
    directory.users.set(user.id, signedIn);
    const session: LocalSession = {
      id: `session_${ids.secret(18)}`,
      userId: user.id,
      organizationId: place?.organizationId ?? null,
      role: place?.role ?? null,
      ...origin,
      impersonator: signIn.impersonator,
      createdAt: nowIso(),
      refreshedAt: nowIso(),
      refreshTokens: [],
    };
    const granted = await grant(session, signedIn);
    await emit("session.created", presentSession(session, null));
    return granted;
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

  async function endSession(sessionId: string): Promise<boolean> {
    const session = directory.sessions.get(sessionId);
    if (session === undefined) return false;
    directory.sessions.delete(sessionId);
    await directory.save();
    await emit("session.revoked", presentSession(session, nowIso()));
    return true;
  }

  // As at WorkOS: one place is taken without asking, several are to be chosen from.
  function placeFor(signIn: SignIn): LocalMembership | null | LocalMembership[] {
    const places = organizations.activePlacesOf(signIn.userId);
    if (signIn.organizationId !== null) {
      const place = places.find((one) => one.organizationId === signIn.organizationId);
      if (place === undefined) {
        throw new OauthError("invalid_grant", "The person does not belong to this organisation.");
      }
      return place;
    }
    return places.length > 1 ? places : (places[0] ?? null);
  }

  return {
    ensureUser,
    endSession,

    /** The people who signed in on this machine last, at most `count`. */
    recentUsers(count: number): LocalUser[] {
      return [...directory.users.values()]
        .filter((user) => user.lastSignInAt !== null)
        .sort((a, b) => Date.parse(b.lastSignInAt ?? "") - Date.parse(a.lastSignInAt ?? ""))
        .slice(0, count);
    },

    /** A code for the browser to carry back; good once, for ten minutes. */
    issueCode(signIn: SignIn & { codeChallenge: string }): string {
      return codes.issue(signIn);
    },

    /** Throws a refusal `organization_selection_required` where the person belongs to several organisations. */
    async exchangeCode(code: string, codeVerifier: string, origin: Origin): Promise<Grant> {
      const signIn = codes.take(code);
      const user = directory.users.get(signIn?.userId ?? "");
      if (signIn === null || user === undefined) {
        throw new OauthError("invalid_grant", "The code is unknown, used or too old.");
      }
      const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
      if (!sameText(challenge, signIn.codeChallenge)) {
        throw new OauthError("invalid_grant", "The code verifier does not fit the challenge.");
      }
      const place = placeFor(signIn);
      if (!Array.isArray(place)) return await startSession(signIn, user, place, origin);
      throw new ApiRefusal(
        403,
        "organization_selection_required",
        "The user must choose an organization to finish their authentication.",
        {
          pending_authentication_token: choices.issue(signIn),
          user: presentUser(user),
          organizations: place.map(({ organizationId }) => ({
            id: organizationId,
            name: directory.organizations.get(organizationId)?.name ?? organizationId,
          })),
        },
      );
    },

    async chooseOrganization(pending: string, organizationId: string, origin: Origin): Promise<Grant> {
      const signIn = choices.take(pending);
      const user = directory.users.get(signIn?.userId ?? "");
      if (signIn === null || user === undefined) {
        throw new OauthError("invalid_grant", "The pending authentication is unknown, used or too old.");
      }
      const place = placeFor({ ...signIn, organizationId });
      return await startSession(signIn, user, Array.isArray(place) ? null : place, origin);
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
        const place =
          organizationId === null
            ? null
            : placeFor({ userId: user.id, organizationId, impersonator: session.impersonator });
        token.usedAt ??= nowIso();
        if (place !== null && !Array.isArray(place)) {
          Object.assign(session, { organizationId: place.organizationId, role: place.role });
        }
        return await grant(session, user);
      }
      throw new OauthError("invalid_grant", "The refresh token is unknown, used or its session has ended.");
    },

    /** What a script's token says of its bearer becomes so when it is used for the first time. */
    async meetScript(script: ScriptSession): Promise<void> {
      if (directory.sessions.has(script.sessionId)) return;
      await ensureUser(script.email, script.name);
      await organizations.ensureOrganization(script.orgName ?? script.orgId, script.orgId);
      const role = script.role ?? defaultRole;
      const place = await organizations.ensureMembership(script.userId, script.orgId, role);
      forgetIdleSessions();
      directory.sessions.set(script.sessionId, {
        id: script.sessionId,
        userId: script.userId,
        organizationId: script.orgId,
        role: place.role,
        ipAddress: null,
        userAgent: null,
        impersonator: null,
        createdAt: nowIso(),
        refreshedAt: nowIso(),
        refreshTokens: [],
      });
      await directory.save();
    },

    sessionsOf(userId: string): LocalSession[] {
      return [...directory.sessions.values()].filter((session) => session.userId === userId);
    },

    async updateUser(userId: string, name: string): Promise<LocalUser> {
      const user = directory.users.get(userId);
      if (user === undefined) throw notThere("User");
      return await ensureUser(user.email, name);
    },

    /** With their memberships and sessions. */
    async deleteUser(userId: string): Promise<void> {
      const user = directory.users.get(userId);
      if (user === undefined) throw notThere("User");
      for (const place of organizations.placesOf(userId)) await organizations.removeMembership(place.id);
      for (const session of directory.sessions.values()) {
        if (session.userId === userId) await endSession(session.id);
      }
      for (const { id, email } of directory.invitations.values())
        if (email === user.email) directory.invitations.delete(id);
      directory.users.delete(userId);
      await directory.save();
      // Who they were is told to nobody any more, neither now nor by what was told before.
      await options.forget(userId, user.email);
      const nobody = { ...user, email: erasedEmail(userId), name: null };
      await emit("user.deleted", presentUser({ ...nobody, updatedAt: options.stampAfter(user.updatedAt) }));
    },
  };
}

export function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
