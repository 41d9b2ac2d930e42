// SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side: only who knows the secret gets in.
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { StoreError } from "../errors.ts";

export interface ScramCredentials {
  user: string;
  salt: Buffer;
  iterations: number;
  storedKey: Buffer;
  serverKey: Buffer;
}

/** The least number that drivers accept; the secret is random and long, so that more would gain nothing. */
const iterations = 4096;

export function scramCredentials(user: string, secret: string): ScramCredentials {
  const salt = randomBytes(28);
  const salted = pbkdf2Sync(secret, salt, iterations, 32, "sha256");
  const storedKey = createHash("sha256").update(hmac(salted, "Client Key")).digest();
  return { user, salt, iterations, storedKey, serverKey: hmac(salted, "Server Key") };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export function authenticationFailed(): StoreError {
  return new StoreError(18, "Authentication failed.");
}

/** One attempt to sign in: `start`, then `proceed`, then one empty message unless it was waived. */
export class ScramConversation {
  readonly #credentials: ScramCredentials;
  readonly #nonce: string;
  readonly #clientFirstBare: string;
  readonly serverFirst: string;

  constructor(credentials: ScramCredentials, clientFirst: string) {
    const match = /^n,(?:a=[^,]*)?,(n=([^,]*),r=([!-+\--~]+))$/.exec(clientFirst);
    if (match === null || clientFirst.length > 1024) throw authenticationFailed();
    const [, bare = "", name = "", clientNonce = ""] = match;
    this.#credentials = credentials;
    this.#clientFirstBare = bare;
    this.#nonce = clientNonce + randomBytes(24).toString("base64");
    if (name.replaceAll("=2C", ",").replaceAll("=3D", "=") !== credentials.user) throw authenticationFailed();
    this.serverFirst = `r=${this.#nonce},s=${credentials.salt.toString("base64")},i=${credentials.iterations}`;
  }

  /** Checks the proof; answers the server's signature. Throws AuthenticationFailed (18). */
  proceed(clientFinal: string): string {
    const match = /^(c=biws,r=([^,]+)),p=([A-Za-z0-9+/=]+)$/.exec(clientFinal);
    if (match === null || match[2] !== this.#nonce) throw authenticationFailed();
    const [, withoutProof = "", , proofText = ""] = match;
    const { storedKey, serverKey } = this.#credentials;
    const authMessage = `${this.#clientFirstBare},${this.serverFirst},${withoutProof}`;
    const proof = Buffer.from(proofText, "base64");
    const signature = hmac(storedKey, authMessage);
    if (proof.length !== signature.length) throw authenticationFailed();
    const clientKey = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] ?? 0)));
    const derived = createHash("sha256").update(clientKey).digest();
    if (!timingSafeEqual(derived, storedKey)) throw authenticationFailed();
    return `v=${hmac(serverKey, authMessage).toString("base64")}`;
  }
}
