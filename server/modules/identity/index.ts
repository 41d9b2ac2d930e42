// Sessions: from a cookie or a bearer token to an actor, through the identity vendor.
import type { RequestListener } from "node:http";
import type { Actor } from "../../../shared/actor.ts";

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

export interface IdentityService {
  mode: "local" | "workos";
  /** Local mode: the sign-in pages, which HTTP serves below `/local-sign-in`; else null. */
  pages: RequestListener | null;
  /** A Set-Cookie value: to be sent with SESSION_EXPIRED to who came with a cookie. */
  clearedSessionCookie: string;
  /** Throws UNAUTHENTICATED, SESSION_EXPIRED, or VENDOR_ERROR where it cannot be known now and is worth another try. */
  resolve(credentials: Credentials): Promise<ResolvedSession>;
  /** `returnTo` must be a path of this site; anything else falls back to `/`. */
  startSignIn(options: { returnTo: string; loginHint?: string | undefined }): Promise<SignInStart>;
  finishSignIn(options: {
    code: string;
    state: string;
    cookieHeader: string | undefined;
    ipAddress: string | undefined;
    userAgent: string | undefined;
  }): Promise<{ redirectTo: string; setCookies: string[] }>;
  signOut(cookieHeader: string | undefined): Promise<{ redirectTo: string; setCookies: string[] }>;
  /** Local mode only, else LOCAL_MODE_ONLY: makes the person where needed and returns a bearer token. */
  localToken(person: {
    email: string;
    name?: string | undefined;
    org?: string | undefined;
    role?: string | undefined;
  }): Promise<string>;
  /** Sessions that ended in other processes without this one having heard of it: from now on it knows. */
  endedUnheard(): Promise<string[]>;
  stop(): Promise<void>;
}
