// Sign-in, sign-out, and from a cookie or token to an actor.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { IdentityVendor, VendorSession } from "../../vendors/identity/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { UserRecord, UsersService } from "../users/index.ts";
import type { IdentityService, ResolvedSession } from "./index.ts";
import { createPeopleCache } from "./people-cache.ts";
import { safeReturnPath } from "./return-path.ts";
import { createSessionCookies } from "./session-cookies.ts";
import { createSessionRenewal, sessionOver } from "./session-renewal.ts";
import { createSessionsRepository, type SessionsRepository } from "./sessions.repository.mongo.ts";

const callbackPath = "/auth/callback";
/** Longer than any access token lives: until then an ended session must be known as ended. */
const endedKeptMs = 13 * 60 * 60 * 1000;
const maxEnded = 20_000;
const noOrganizationRole = "member";

export interface IdentityOptions {
  vendor: IdentityVendor;
  users: UsersService;
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  publicUrl: () => string;
  secureCookies: boolean;
  /** At least 32 characters. */
  cookiePassword: string;
}

export async function createIdentityModule({
  connection,
  ...options
}: IdentityOptions & { connection: mongoose.Connection }): Promise<IdentityService> {
  return await createIdentityService({
    ...options,
    repository: await createSessionsRepository(connection),
  });
}

export async function createIdentityService(
  options: IdentityOptions & { repository: SessionsRepository },
): Promise<IdentityService> {
  const { vendor, users, audit, bus, clock, logger, repository } = options;
  const cookies = createSessionCookies({
    secure: options.secureCookies,
    cookiePassword: options.cookiePassword,
  });
  const renewal = createSessionRenewal({ vendor, repository, clock });
  const people = createPeopleCache({ clock, load: syncPerson });
  // The vendor lets an access token live on after its session has ended; this product does not.
  const ended = new Set(await repository.endedSince(new Date(clock.now().getTime() - endedKeptMs)));
  // In local mode the browser may reach us under several names (port forwarding); a path stays with the one in use.
  const address = (path: string) => (vendor.mode === "local" ? path : `${options.publicUrl()}${path}`);

  function syncPerson(session: VendorSession): Promise<UserRecord> {
    const { person } = session;
    return users.syncFromIdentity({
      workosUserId: person.id,
      email: person.email,
      firstName: person.firstName,
      lastName: person.lastName,
      orgId: session.orgId as OrgId | null,
      orgRole: session.role,
    });
  }

  async function actorOf(session: VendorSession): Promise<Actor> {
    if (ended.has(session.sessionId)) throw sessionOver();
    const user = await people.of(session);
    return {
      userId: user.id,
      email: user.email,
      displayName: user.displayName,
      orgId: session.orgId as OrgId | null,
      // A role belongs to the session's organisation: the one kept with the person may be another's.
      orgRole: session.role ?? noOrganizationRole,
      sessionId: session.sessionId,
      expiresAt: session.expiresAt,
    };
  }

  async function resolveCookie(presented: string): Promise<ResolvedSession> {
    const checked = await vendor.check(presented);
    if (checked.outcome === "malformed") throw sessionOver();
    if (checked.outcome === "valid") {
      return { actor: await actorOf(checked.session), via: "cookie", setCookie: null };
    }
    if (ended.has(checked.sessionId)) throw sessionOver();
    const renewed = await renewal.renew(checked.sessionId, presented);
    const setCookie = renewed.sealed === presented ? null : cookies.session(renewed.sealed);
    return { actor: await actorOf(renewed.session), via: "cookie", setCookie };
  }

  // For the audit log alone: signing out must work while the vendor cannot be asked, and with a proof that has run out.
  async function personBehind(sealed: string): Promise<UserId | null> {
    try {
      const checked = await vendor.check(sealed);
      return checked.outcome === "valid" ? (await people.of(checked.session)).id : null;
    } catch (error) {
      logger.debug({ error: error as Error }, "who signs out could not be found out");
      return null;
    }
  }

  function knowEnded(sessionId: string): void {
    const oldest = ended.values().next();
    if (ended.size >= maxEnded && oldest.done !== true) ended.delete(oldest.value);
    ended.add(sessionId);
  }

  // Those that end in other processes, too: their access tokens must not open anything here.
  bus.subscribe("session.ended", ({ sessionId }) => knowEnded(sessionId));

  async function endSession(sessionId: string): Promise<void> {
    await repository.end(sessionId, clock.now());
    bus.publish("session.ended", { sessionId });
    try {
      await vendor.revoke(sessionId);
    } catch (error) {
      // Here it is over already; the browser is sent to the vendor's own sign-out in any case.
      logger.warn({ error: error as Error }, "session could not be revoked at the vendor");
    }
  }

  return {
    mode: vendor.mode,
    pages: vendor.pages,
    clearedSessionCookie: cookies.noSession,

    async endedUnheard() {
      const since = new Date(clock.now().getTime() - endedKeptMs);
      const unheard = (await repository.endedSince(since)).filter((sessionId) => !ended.has(sessionId));
      unheard.forEach(knowEnded);
      return unheard;
    },

    async resolve({ token, cookieHeader }) {
      if (token !== undefined && token !== "") {
        const session = await vendor.verifyToken(token);
        return { actor: await actorOf(session), via: "token", setCookie: null };
      }
      const sealed = cookies.readSession(cookieHeader);
      if (sealed === null) throw new AppError("UNAUTHENTICATED", "Please sign in.");
      return await resolveCookie(sealed);
    },

    async startSignIn({ returnTo, loginHint }) {
      const { url, state, codeVerifier } = await vendor.startSignIn({
        redirectUri: address(callbackPath),
        loginHint,
      });
      const pending = { state, codeVerifier, returnTo: safeReturnPath(returnTo) };
      return { redirectTo: url, setCookie: cookies.pending(pending, clock.now()) };
    },

    async finishSignIn({ code, state, cookieHeader, ipAddress, userAgent }) {
      const pending = cookies.readPending(cookieHeader, state, clock.now());
      if (pending === null) {
        throw new AppError(
          "UNAUTHENTICATED",
          "This sign-in was not started in this browser, or too long ago. Please start it again.",
        );
      }
      const { sealed, session } = await vendor.exchangeCode({
        code,
        codeVerifier: pending.codeVerifier,
        ipAddress,
        userAgent,
      });
      await repository.keep(session.sessionId, sealed, clock.now());
      const actor = await actorOf(session);
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "session",
        resourceId: session.sessionId,
        action: "session.start",
        outcome: "done",
        ipAddress: ipAddress ?? null,
        userAgent: userAgent ?? null,
      });
      return {
        redirectTo: pending.returnTo,
        setCookies: [cookies.session(sealed), cookies.noPending(state)],
      };
    },

    async signOut(cookieHeader) {
      const sealed = cookies.readSession(cookieHeader);
      const signedOut = { redirectTo: "/", setCookies: [cookies.noSession] };
      if (sealed === null) return signedOut;
      const sessionId = await vendor.sessionIdOf(sealed);
      if (sessionId === null) return signedOut;
      const actorUserId = await personBehind(sealed);
      await endSession(sessionId);
      await audit.record({
        actorUserId,
        resourceType: "session",
        resourceId: sessionId,
        action: "session.end",
        outcome: "done",
      });
      return { ...signedOut, redirectTo: vendor.signOutUrl({ sessionId, returnTo: address("/") }) };
    },

    async localToken(person) {
      if (vendor.localToken === null) {
        throw new AppError("LOCAL_MODE_ONLY", "Tokens for scripts are for local mode only.");
      }
      return await vendor.localToken(person);
    },

    async stop() {
      people.clear();
      await vendor.stop();
    },
  };
}
