// Sessions: from a cookie or a bearer token to an actor, through the identity vendor.
import type { RequestListener } from "node:http";
import type { Actor } from "../../../shared/actor.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { SignInSession } from "../../../shared/schemas/organizations.ts";
import type { DirectoryEvent, SignInOrigin } from "../../vendors/identity/index.ts";
import type { DirectorySync } from "./directory-sync.ts";

export { createIdentityModule } from "./identity.service.ts";

export interface Credentials {
  /** Bearer token (an access token of the identity vendor). */
  token?: string | undefined;
  /** The raw Cookie header. */
  cookieHeader?: string | undefined;
}

export interface ResolvedSession {
  actor: Actor;
  via: "cookie" | "token";
  /** Set where the session was refreshed: the transport must pass it on to the browser. */
  setCookie: string | null;
}

export interface SignInStart {
  redirectTo: string;
  setCookie: string;
}

export interface SignInStep {
  redirectTo: string;
  setCookies: string[];
}

export interface IdentityService {
  mode: "local" | "workos";
  /** Local mode: the sign-in pages, which HTTP serves below `/local-sign-in`; else null. */
  pages: RequestListener | null;
  /** A Set-Cookie value: to be sent with SESSION_EXPIRED to who came with a cookie. */
  clearedSessionCookie: string;
  /** Throws UNAUTHENTICATED, SESSION_EXPIRED, or VENDOR_ERROR where it cannot be known now and is worth another try. */
  resolve(credentials: Credentials): Promise<ResolvedSession>;
  /** `returnTo` must be a path of this site; anything else falls back to `/`. */
  startSignIn(options: {
    returnTo: string;
    loginHint?: string | undefined;
    /** Accepted by this sign-in. */
    invitationToken?: string | undefined;
  }): Promise<SignInStart>;
  /** Leads to `/auth/organization` where an organisation must be chosen first. */
  finishSignIn(
    options: SignInOrigin & { code: string; state: string; cookieHeader: string | undefined },
  ): Promise<SignInStep>;
  /** The organisations that a sign-in of this browser waits for the choice of; null where none does. */
  pendingChoice(cookieHeader: string | undefined): { id: string; name: string }[] | null;
  /** Throws UNAUTHENTICATED where no sign-in waits, or the vendor refuses. */
  chooseOrganization(
    options: SignInOrigin & { organizationId: string; cookieHeader: string | undefined },
  ): Promise<SignInStep>;
  /**
   * Moves the browser's session to another organisation of the person; everything it holds open closes and comes back
   * there. Answers the new Set-Cookie value. Throws FORBIDDEN where the person does not belong to it.
   */
  switchOrganization(
    actor: Actor,
    options: { cookieHeader: string | undefined; organizationId: string },
  ): Promise<string>;
  /** Where the person is signed in, the present session first. */
  sessions(actor: Actor): Promise<SignInSession[]>;
  /** Throws NOT_FOUND for a session that is not theirs. */
  endOne(actor: Actor, sessionId: string): Promise<void>;
  endOthers(actor: Actor): Promise<{ ended: number }>;
  /** The vendor's signed webhook, after its signature was checked. */
  readWebhook(received: { body: Buffer; header: string | undefined }): Promise<DirectoryEvent>;
  receive: DirectorySync["receive"];
  depart: DirectorySync["depart"];
  reconcile: DirectorySync["reconcile"];
  /** Ends whatever the person has open and is signed in with, here and at the vendor. */
  endPerson(userId: UserId): Promise<void>;
  signOut(cookieHeader: string | undefined): Promise<SignInStep>;
  /** Local mode only, else LOCAL_MODE_ONLY: makes the person where needed and returns a bearer token. */
  localToken(person: {
    email: string;
    name?: string | undefined;
    org?: string | undefined;
    role?: string | undefined;
  }): Promise<string>;
  /** Begins to read the vendor's events again and again. */
  start(): Promise<void>;
  /** Sessions that ended in other processes without this one having heard of it: from now on it knows. */
  endedUnheard(): Promise<string[]>;
  stop(): Promise<void>;
}
