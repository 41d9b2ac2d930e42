// Who is asking: the identity that every policy decides on.
import type { OrgId, UserId } from "./ids.ts";
import type { ApiScope } from "./schemas/api-keys.ts";
import { adminRole } from "./schemas/organizations.ts";

/** A signed-in person, as verified from a session cookie or a bearer token. */
export interface Actor {
  userId: UserId;
  email: string;
  displayName: string;
  orgId: OrgId | null;
  orgRole: string;
  /** The identity vendor's session id; logout and revocation end everything that carries it. */
  sessionId: string;
  /** Who is really there: the identity vendor's support, signed in as this person. */
  impersonator?: string;
  /** The machine's key that acts for the person, and what it opens; absent where a person acts. */
  apiKeyId?: string;
  scopes?: readonly ApiScope[];
  /** When the proof of identity runs out; open streams must not outlive it by more than a refresh. */
  expiresAt: Date;
}

/** True for administrators of the organisation that their session is in. */
export function isOrgAdmin<Person extends Pick<Actor, "orgId" | "orgRole">>(
  person: Person,
): person is Person & { orgId: OrgId } {
  return person.orgId !== null && person.orgRole === adminRole;
}
