// Sign-in, sign-out, and from a cookie or token to an actor.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { SignInSession } from "../../../shared/schemas/organizations.ts";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import {
  OrganizationChoice,
  type IdentityVendor,
  type SignInOrigin,
  type VendorSession,
} from "../../vendors/identity/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { UsersService } from "../users/index.ts";
import { createDirectorySync } from "./directory-sync.ts";
import {
  createDirectorySyncRepository,
  type DirectorySyncRepository,
} from "./directory-sync.repository.mongo.ts";
import { createIdentityJobs } from "./identity.jobs.ts";
import type { IdentityService, ResolvedSession } from "./index.ts";
import { createPeopleCache, type Known } from "./people-cache.ts";
import { safeReturnPath } from "./return-path.ts";
import { createSessionCookies } from "./session-cookies.ts";
import { createSessionRenewal, sessionOver } from "./session-renewal.ts";
import { createSessionsRepository, type SessionsRepository } from "./sessions.repository.mongo.ts";

const callbackPath = "/auth/callback";
/** Longer than any access token lives: until then an ended session must be known as ended. */
const endedKeptMs = 13 * 60 * 60 * 1000;
const maxEnded = 20_000;
const noOrganizationRole = "member";
const choicePath = "/auth/organization";

export interface IdentityOptions {
  vendor: IdentityVendor;
  users: UsersService;
  organizations: OrganizationsService;
  jobs: Jobs;
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  /** The vendor knows the person no more. Durable when it resolves; may be repeated. */
  deletePerson(userId: UserId): Promise<void>;
  publicUrl: () => string;
  secureCookies: boolean;
  /** At least 32 characters. */
  cookiePassword: string;
  /** Any of these may sign what the vendor tells of; none: it is told nothing, and asks by itself. */
  webhookSecrets: string[];
}

export async function createIdentityModule({
  connection,
  ...options
}: IdentityOptions & { connection: mongoose.Connection }): Promise<IdentityService> {
  return await createIdentityService({
    ...options,
    repository: await createSessionsRepository(connection),
    syncRepository: await createDirectorySyncRepository(connection),
  });
}

export async function createIdentityService(
  options: IdentityOptions & { repository: SessionsRepository; syncRepository: DirectorySyncRepository },
): Promise<IdentityService> {
  const { vendor, users, organizations, audit, bus, clock, logger, repository } = options;
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

  const sync = createDirectorySync({
    ...options,
    directory: vendor.directory,
    repository: options.syncRepository,
    endSession: endHere,
    async endSessionsOf(workosUserId, orgId) {
      const living = await repository.livingOf(workosUserId, orgId);
      await Promise.all(living.map(endHere));
      // Here they are over; whoever is told next does not wait for the vendor.
      for (const sessionId of living) void revoke(sessionId);
    },
  });
  const reconciling = createIdentityJobs({ jobs: options.jobs, clock, sync });

  async function syncPerson(session: VendorSession): Promise<Known> {
    const { person, orgId, issuedAt } = session;
    const user = await users.syncFromIdentity({
      workosUserId: person.id,
      email: person.email,
      firstName: person.firstName,
      lastName: person.lastName,
      orgId: orgId as OrgId | null,
      orgRole: session.role,
      saidAt: issuedAt,
    });
    if (user.deletedAt !== null && user.deletedAt >= issuedAt) throw sessionOver();
    const said = session.role ?? noOrganizationRole;
    const standing = orgId === null ? null : await organizations.standing(person.id, orgId as OrgId);
    // Of what the proof says and what has been heard since, the later word counts.
    if (standing === null || standing.at <= issuedAt) return { user, role: said };
    if (!standing.active) throw sessionOver();
    return { user, role: standing.role };
  }

  async function actorOf(session: VendorSession): Promise<Actor> {
    if (ended.has(session.sessionId)) throw sessionOver();
    const { user, role } = await people.of(session);
    // It may have ended while the person was looked up.
    if (ended.has(session.sessionId)) throw sessionOver();
    return {
      userId: user.id,
      email: user.email,
      displayName: user.displayName,
      orgId: session.orgId as OrgId | null,
      // A role belongs to the session's organisation: the one kept with the person may be another's.
      orgRole: role,
      sessionId: session.sessionId,
      ...(session.impersonator === null ? {} : { impersonator: session.impersonator }),
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
  async function personBehind(sealed: string): Promise<{ actorUserId: UserId | null; orgId: OrgId | null }> {
    try {
      const checked = await vendor.check(sealed);
      if (checked.outcome === "valid") {
        const { id } = (await people.of(checked.session)).user;
        return { actorUserId: id, orgId: checked.session.orgId as OrgId | null };
      }
    } catch (error) {
      logger.debug({ error: error as Error }, "who signs out could not be found out");
    }
    return { actorUserId: null, orgId: null };
  }

  function knowEnded(sessionId: string): void {
    const oldest = ended.values().next();
    if (ended.size >= maxEnded && oldest.done !== true) ended.delete(oldest.value);
    ended.add(sessionId);
  }

  // Those that end in other processes, too: their access tokens must not open anything here.
  bus.subscribe("session.ended", ({ sessionId }) => knowEnded(sessionId));
  bus.subscribe("people.changed", () => people.clear());

  async function endHere(sessionId: string): Promise<void> {
    if (ended.has(sessionId)) return;
    await repository.end(sessionId, clock.now());
    bus.publish("session.ended", { sessionId });
  }

  async function endSession(sessionId: string): Promise<void> {
    await endHere(sessionId);
    await revoke(sessionId);
  }

  async function revoke(sessionId: string): Promise<void> {
    try {
      await vendor.revoke(sessionId);
    } catch (error) {
      // Here it is over already; the browser is sent to the vendor's own sign-out in any case.
      logger.warn({ error: error as Error }, "session could not be revoked at the vendor");
    }
  }

  async function workosUserIdOf(actor: Actor): Promise<string | null> {
    const [person] = await users.byIds([actor.userId]);
    return person?.workosUserId ?? null;
  }

  async function begin(
    { sealed, session }: { sealed: string; session: VendorSession },
    origin: SignInOrigin,
  ): Promise<string> {
    const owner = { workosUserId: session.person.id, orgId: session.orgId };
    await repository.keep(session.sessionId, sealed, owner, clock.now());
    const actor = await actorOf(session);
    await audit.record({
      actorUserId: actor.userId,
      orgId: actor.orgId,
      resourceType: "session",
      resourceId: session.sessionId,
      action: "session.start",
      outcome: "done",
      impersonator: session.impersonator,
      metadata: { orgId: session.orgId },
      ipAddress: origin.ipAddress ?? null,
      userAgent: origin.userAgent ?? null,
    });
    return cookies.session(sealed);
  }

  async function listSessions(actor: Actor): Promise<SignInSession[]> {
    const workosUserId = await workosUserIdOf(actor);
    if (workosUserId === null) return [];
    const found = (await vendor.directory.sessionsOf(workosUserId)).filter(({ id }) => !ended.has(id));
    const names = new Map((await organizations.choices(actor)).map(({ id, name }) => [String(id), name]));
    return found
      .map((session) => ({
        id: session.id,
        current: session.id === actor.sessionId,
        organizationName: names.get(session.organizationId ?? "") ?? null,
        ipAddress: session.ipAddress,
        userAgent: session.userAgent,
        impersonator: session.impersonator,
        createdAt: session.createdAt.toISOString(),
      }))
      .sort((a, b) => Number(b.current) - Number(a.current) || (a.createdAt < b.createdAt ? 1 : -1));
  }

  async function endAndRecord(actor: Actor, sessionId: string): Promise<void> {
    await endSession(sessionId);
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "session",
      resourceId: sessionId,
      action: "session.end",
      outcome: "done",
    });
  }

  async function endPerson(userId: UserId): Promise<void> {
    const [person] = await users.byIds([userId]);
    const workosUserId = person?.workosUserId ?? null;
    bus.publish("people.changed", { workosUserId });
    bus.publish("person.ended", { userId, orgId: null });
    if (workosUserId === null) return;
    for (const sessionId of await repository.livingOf(workosUserId, null)) await endSession(sessionId);
  }

  return {
    endPerson,
    mode: vendor.mode,
    pages: vendor.pages,
    receive: sync.receive,
    depart: sync.depart,
    reconcile: sync.reconcile,
    start: reconciling.start,
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

    async startSignIn({ returnTo, loginHint, invitationToken }) {
      const { url, state, codeVerifier } = await vendor.startSignIn({
        redirectUri: address(callbackPath),
        loginHint,
        invitationToken,
      });
      const pending = { state, codeVerifier, returnTo: safeReturnPath(returnTo) };
      return { redirectTo: url, setCookie: cookies.pending(pending, clock.now()) };
    },

    async finishSignIn({ code, state, cookieHeader, ...origin }) {
      const pending = cookies.readPending(cookieHeader, state, clock.now());
      if (pending === null) throw notBegunHere();
      const { codeVerifier, returnTo } = pending;
      try {
        const cookie = await begin(await vendor.exchangeCode({ code, codeVerifier, ...origin }), origin);
        return { redirectTo: returnTo, setCookies: [cookie, cookies.noPending(state)] };
      } catch (error) {
        if (!(error instanceof OrganizationChoice)) throw error;
        const { pendingToken, organizations: choices } = error;
        const choice = cookies.choice({ pendingToken, organizations: choices, returnTo }, clock.now());
        return { redirectTo: choicePath, setCookies: [choice, cookies.noPending(state)] };
      }
    },

    pendingChoice: (cookieHeader) => cookies.readChoice(cookieHeader, clock.now())?.organizations ?? null,

    async chooseOrganization({ organizationId, cookieHeader, ...origin }) {
      const choice = cookies.readChoice(cookieHeader, clock.now());
      if (choice?.organizations.some(({ id }) => id === organizationId) !== true) throw notBegunHere();
      const { pendingToken, returnTo } = choice;
      const started = await vendor.chooseOrganization({ pendingToken, organizationId, ...origin });
      return { redirectTo: returnTo, setCookies: [await begin(started, origin), cookies.noChoice] };
    },

    async switchOrganization(actor, { cookieHeader, organizationId }) {
      const sealed = cookies.readSession(cookieHeader);
      const sessionId = sealed === null ? null : await vendor.sessionIdOf(sealed);
      if (sealed === null || sessionId !== actor.sessionId) {
        throw new AppError("FORBIDDEN", "Only a browser's session can move to another organisation.");
      }
      const moved = await renewal.move(sessionId, sealed, organizationId);
      bus.publish("session.moved", { sessionId });
      await audit.record({
        actorUserId: actor.userId,
        orgId: actor.orgId,
        resourceType: "session",
        resourceId: sessionId,
        action: "session.switch-organization",
        outcome: "done",
        metadata: { from: actor.orgId, to: moved.session.orgId },
      });
      return cookies.session(moved.sealed);
    },

    sessions: listSessions,

    async endOne(actor, sessionId) {
      if (!(await listSessions(actor)).some(({ id }) => id === sessionId)) throw notFound("This session");
      await endAndRecord(actor, sessionId);
    },

    async endOthers(actor) {
      const others = (await listSessions(actor)).filter(({ current }) => !current);
      for (const { id } of others) await endAndRecord(actor, id);
      return { ended: others.length };
    },

    readWebhook: (received) =>
      vendor.directory.readWebhook({ ...received, secrets: options.webhookSecrets, now: clock.now() }),

    async signOut(cookieHeader) {
      const sealed = cookies.readSession(cookieHeader);
      const signedOut = { redirectTo: "/", setCookies: [cookies.noSession] };
      if (sealed === null) return signedOut;
      const sessionId = await vendor.sessionIdOf(sealed);
      if (sessionId === null) return signedOut;
      const person = await personBehind(sealed);
      await endSession(sessionId);
      await audit.record({
        ...person,
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

function notBegunHere(): AppError {
  return new AppError(
    "UNAUTHENTICATED",
    "This sign-in was not started in this browser, or too long ago. Please start it again.",
  );
}
