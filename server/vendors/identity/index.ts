// The identity port: who a person is, as proven by WorkOS or by the local emulator of it.
import type { RequestListener } from "node:http";
import type { IdentityDirectory } from "./directory-port.ts";

export * from "./directory-port.ts";

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
  /** Who is really there, where the vendor's support has signed in as this person. */
  impersonator: string | null;
  /** When the vendor said so; of two things it said the later one counts. */
  issuedAt: Date;
  expiresAt: Date;
}

/** The person belongs to several organisations: the sign-in goes on when one is chosen. */
export class OrganizationChoice extends Error {
  readonly pendingToken: string;
  readonly organizations: { id: string; name: string }[];

  constructor(pendingToken: string, organizations: { id: string; name: string }[]) {
    super("An organisation must be chosen.");
    this.name = "OrganizationChoice";
    this.pendingToken = pendingToken;
    this.organizations = organizations;
  }
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

/** Where a sign-in comes from. */
export interface SignInOrigin {
  ipAddress: string | undefined;
  userAgent: string | undefined;
}

export interface IdentityVendor {
  mode: "local" | "workos";
  /** People, organisations, invitations and sessions as the vendor keeps them, and what happens to them. */
  directory: IdentityDirectory;
  /** Where to send the browser, and what to keep until it comes back. */
  startSignIn(options: {
    redirectUri: string;
    loginHint?: string | undefined;
    /** Accepted by this sign-in. */
    invitationToken?: string | undefined;
  }): Promise<{ url: string; state: string; codeVerifier: string }>;
  /**
   * Throws UNAUTHENTICATED where the vendor refuses, VENDOR_ERROR where it cannot be asked, and OrganizationChoice where
   * the person must choose first.
   */
  exchangeCode(
    options: SignInOrigin & { code: string; codeVerifier: string },
  ): Promise<{ sealed: string; session: VendorSession }>;
  /** Goes on after an OrganizationChoice; the pending token is good once. Throws as `exchangeCode`. */
  chooseOrganization(
    options: SignInOrigin & { pendingToken: string; organizationId: string },
  ): Promise<{ sealed: string; session: VendorSession }>;
  /** Throws VENDOR_ERROR where the vendor's keys cannot be had. */
  check(sealed: string): Promise<SealedCheck>;
  /** Which session this is, without asking whether it still lives; null where it was not sealed by us. */
  sessionIdOf(sealed: string): Promise<string | null>;
  /**
   * Refresh tokens are single-use: callers serialise this per session. With `organizationId` the session moves there;
   * `over` then only says that it may not.
   */
  refresh(sealed: string, organizationId?: string): Promise<RefreshOutcome>;
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
