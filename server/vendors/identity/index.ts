// The identity port: who a person is, as proven by WorkOS or by the local emulator of it.
import type { RequestListener } from "node:http";

export interface VendorPerson {
  id: string;
  /** Verified by the vendor; adapters refuse people whose address is not. */
  email: string;
  firstName: string | null;
  lastName: string | null;
}

/** A verified session, good until `expiresAt`. */
export interface VendorSession {
  person: VendorPerson;
  /** Stable over refreshes. */
  sessionId: string;
  orgId: string | null;
  role: string | null;
  expiresAt: Date;
}

export type SealedCheck =
  | { outcome: "valid"; session: VendorSession }
  /** Ours, but its proof has run out or is signed by a key that is not known (any more): to be refreshed. */
  | { outcome: "stale"; sessionId: string }
  /** Not sealed by us: to be dropped. */
  | { outcome: "malformed" };

export type RefreshOutcome =
  | { outcome: "refreshed"; sealed: string; session: VendorSession }
  /** The person must sign in again. */
  | { outcome: "over" }
  /** The vendor could not be asked: the session may well be alive, keep it. */
  | { outcome: "unavailable"; retryAfterSeconds: number };

export interface LocalPerson {
  email: string;
  name?: string | undefined;
  /** A name of an organisation, or its id (`org_…`). */
  org?: string | undefined;
  role?: string | undefined;
}

export interface IdentityVendor {
  mode: "local" | "workos";
  /** Where to send the browser, and what to keep until it comes back. */
  startSignIn(options: {
    redirectUri: string;
    loginHint?: string | undefined;
  }): Promise<{ url: string; state: string; codeVerifier: string }>;
  /** Throws UNAUTHENTICATED where the vendor refuses, VENDOR_ERROR where it cannot be asked. */
  exchangeCode(options: {
    code: string;
    codeVerifier: string;
    ipAddress: string | undefined;
    userAgent: string | undefined;
  }): Promise<{ sealed: string; session: VendorSession }>;
  /** Throws VENDOR_ERROR where the vendor's keys cannot be had. */
  check(sealed: string): Promise<SealedCheck>;
  /** Which session this is, without asking whether it still lives; null where it was not sealed by us. */
  sessionIdOf(sealed: string): Promise<string | null>;
  /** Refresh tokens are single-use: callers serialise this per session. */
  refresh(sealed: string): Promise<RefreshOutcome>;
  /** A bearer access token. Throws UNAUTHENTICATED, SESSION_EXPIRED or VENDOR_ERROR. */
  verifyToken(token: string): Promise<VendorSession>;
  /** Ends the session at the vendor: refreshes are refused from then on. Throws VENDOR_ERROR. */
  revoke(sessionId: string): Promise<void>;
  /** Where to send the browser so that the vendor's own cookie ends too. */
  signOutUrl(options: { sessionId: string; returnTo: string }): string;
  /** Local mode: a long-lived bearer token for a person. */
  localToken: ((person: LocalPerson) => Promise<string>) | null;
  /** Local mode: the browser-facing pages, to be mounted at `/local-sign-in` of the main server. */
  pages: RequestListener | null;
  stop(): Promise<void>;
}
