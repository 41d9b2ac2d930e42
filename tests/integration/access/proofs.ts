// Every proof of identity that the access tests present: good ones of people in any place, and each kind of bad one.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import {
  localIdentityDirectory,
  localIssuer,
  localOrganizationId,
  localUserId,
  scriptSessionPrefix,
} from "../../../server/vendors/identity/emulator/access-token.ts";
import { loadLocalKeys, type LocalKeys } from "../../../server/vendors/identity/emulator/keys.ts";
import type { BadProof } from "./actors.ts";

export interface TokenPerson {
  email: string;
  organization: string;
  role?: string;
  impersonator?: string | undefined;
}

type ForgedProof = Exclude<
  BadProof,
  "none" | "endedSession" | "removedMember" | "deletedPerson" | "revokedApiKey"
>;

export interface ProofMint {
  keys: LocalKeys;
  token(person: TokenPerson): Promise<string>;
  /** As if for this person, who would be let in by a good one. */
  forged(person: TokenPerson): Promise<Record<ForgedProof, string>>;
}

export async function proofMint(dataDir: string): Promise<ProofMint> {
  const keys = await loadLocalKeys(localIdentityDirectory(dataDir));
  const now = Math.floor(Date.now() / 1000);
  const signed = (person: TokenPerson) => claimsOf(person).setProtectedHeader(header(keys.kid));
  return {
    keys,
    token: (person) => signed(person).setExpirationTime("12h").sign(keys.privateKey),
    async forged(person) {
      const good = await signed(person).setExpirationTime("12h").sign(keys.privateKey);
      const [head = "", claims = "", signature = ""] = good.split(".");
      const other = await generateKeyPair("RS256", { extractable: true });
      const otherJwk = await exportJWK(other.publicKey);
      const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
      const decoded = JSON.parse(Buffer.from(claims, "base64url").toString()) as object;
      const raised = encoded({ ...decoded, role: "admin", roles: ["admin"] });
      const hmac = claimsOf(person).setProtectedHeader({ ...header(keys.kid), alg: "HS256" });
      return {
        garbage: "not-a-token",
        expired: await signed(person)
          .setIssuedAt(now - 7_200)
          .setExpirationTime(now - 3_600)
          .sign(keys.privateKey),
        early: await signed(person)
          .setNotBefore(now + 3_600)
          .setExpirationTime("12h")
          .sign(keys.privateKey),
        algNone: `${encoded({ alg: "none", typ: "JWT", kid: keys.kid })}.${claims}.`,
        hmacWithPublicKey: await hmac.setExpirationTime("12h").sign(await publicPem(keys)),
        otherKey: await signed(person).setExpirationTime("12h").sign(other.privateKey),
        ownKey: await claimsOf(person)
          .setProtectedHeader({ ...header(await calculateJwkThumbprint(otherJwk)), jwk: otherJwk })
          .setExpirationTime("12h")
          .sign(other.privateKey),
        unknownKey: await claimsOf(person)
          .setProtectedHeader(header("nobody-knows-this-key"))
          .setExpirationTime("12h")
          .sign(keys.privateKey),
        otherIssuer: await signed(person)
          .setIssuer("https://sign-in.example.org")
          .setExpirationTime("12h")
          .sign(keys.privateKey),
        noSession: await new SignJWT({ email: person.email })
          .setProtectedHeader(header(keys.kid))
          .setIssuer(localIssuer)
          .setSubject(localUserId(person.email))
          .setIssuedAt()
          .setExpirationTime("12h")
          .sign(keys.privateKey),
        changed: `${head}.${raised}.${signature}`,
        cut: `${head}.${claims}.${signature.slice(0, -8)}`,
        unknownApiKey: `cvo_${createHash("sha256").update(randomBytes(32)).digest("base64url")}`,
      };
    },
  };
}

const header = (kid: string) => ({ alg: "RS256", kid, typ: "JWT" });

function claimsOf({ email, organization, role = "member", impersonator }: TokenPerson): SignJWT {
  return new SignJWT({
    sid: `${scriptSessionPrefix}${randomUUID()}`,
    email,
    name: email.split("@")[0] ?? email,
    org_id: localOrganizationId(organization),
    org_name: organization,
    role,
    roles: [role],
    ...(impersonator === undefined ? {} : { act: { sub: impersonator } }),
  })
    .setIssuer(localIssuer)
    .setSubject(localUserId(email))
    .setJti(randomUUID())
    .setIssuedAt();
}

/** The published key as text: what somebody would try who hopes that it is taken for a shared secret. */
async function publicPem({ publicJwk }: LocalKeys): Promise<Uint8Array> {
  const key = await importJWK(publicJwk, "RS256", { extractable: true });
  if (key instanceof Uint8Array) throw new TypeError("not an RSA key");
  return new TextEncoder().encode(await exportSPKI(key));
}
