// Access tokens of local mode: the claims of WorkOS plus the person's address and name, so that a token stands alone.
import { createHash, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { emailSchema, requiredText } from "../../../../shared/schemas/common.ts";
import { limits } from "../../../../shared/limits.ts";
import { loadLocalKeys, type LocalKeys } from "./keys.ts";
import { join } from "node:path";
import type { LocalPerson } from "../index.ts";

export const localIssuer = "urn:connvo:local-sign-in";
export const defaultRole = "member";
/** Sessions that no sign-in began. */
export const scriptSessionPrefix = "session_script_";
const scriptTokenSeconds = 12 * 60 * 60;

export interface AccessTokenClaims {
  userId: string;
  email: string;
  name: string | null;
  sessionId: string;
  orgId: string | null;
  role: string | null;
  /** The organisation's name, where nobody may have told the emulator of it yet. */
  orgName?: string | null;
  /** Who is really there, in a session as somebody else. */
  impersonator?: string | null;
  issuedAt: Date;
  lifetimeSeconds: number;
}

export async function signAccessToken(keys: LocalKeys, claims: AccessTokenClaims): Promise<string> {
  const issuedAt = Math.floor(claims.issuedAt.getTime() / 1000);
  return await new SignJWT({
    sid: claims.sessionId,
    email: claims.email,
    ...(claims.name === null ? {} : { name: claims.name }),
    ...(claims.orgId === null ? {} : { org_id: claims.orgId }),
    ...(claims.role === null ? {} : { role: claims.role, roles: [claims.role] }),
    ...(isSet(claims.orgName) ? { org_name: claims.orgName } : {}),
    ...(isSet(claims.impersonator) ? { act: { sub: claims.impersonator } } : {}),
  })
    .setProtectedHeader({ alg: "RS256", kid: keys.kid, typ: "JWT" })
    .setIssuer(localIssuer)
    .setSubject(claims.userId)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + claims.lifetimeSeconds)
    .sign(keys.privateKey);
}

/** A token of 12 hours, made without asking a server: the person exists from its first use on. */
export async function signScriptToken(keys: LocalKeys, person: LocalPerson, now: Date): Promise<string> {
  const email = emailSchema.parse(person.email);
  return await signAccessToken(keys, {
    userId: localUserId(email),
    email,
    name: person.name === undefined ? null : requiredText(limits.nameMaxChars).parse(person.name),
    sessionId: `${scriptSessionPrefix}${randomUUID()}`,
    orgId: person.org === undefined ? null : localOrganizationId(person.org),
    orgName: person.org === undefined || isOrganizationId(person.org) ? null : person.org.trim(),
    role: person.role ?? (person.org === undefined ? null : defaultRole),
    issuedAt: now,
    lifetimeSeconds: scriptTokenSeconds,
  });
}

/** As `signScriptToken`, for the data directory of a product that need not run, nor ever have run. */
export async function mintTokenFor(dataDir: string, person: LocalPerson, now: Date): Promise<string> {
  return await signScriptToken(await loadLocalKeys(localIdentityDirectory(dataDir)), person, now);
}

export function localIdentityDirectory(dataDir: string): string {
  return join(dataDir, "identity");
}

/** The same address is the same person, whether they came by the sign-in page or by a token. */
export function localUserId(email: string): string {
  return `user_${digest(email)}`;
}

export function localOrganizationId(nameOrId: string): string {
  return isOrganizationId(nameOrId) ? nameOrId : `org_${digest(nameOrId.trim().toLowerCase())}`;
}

const isOrganizationId = (nameOrId: string) => nameOrId.startsWith("org_");
const isSet = (value: string | null | undefined) => value !== null && value !== undefined;

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 26);
}
