// What makes local tokens and cookies survive restarts: one signing key and three secrets, kept under DATA_DIR.
import { hkdfSync, randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from "jose";
import { z } from "zod";
import { StartError } from "../../../platform/config.ts";
import { createDurably } from "../../../platform/durable-file.ts";

const fileName = "keys.json";

const keysSchema = z.object({
  kid: z.string().min(1),
  signingKey: z.looseObject({ kty: z.literal("RSA"), n: z.string(), e: z.string(), d: z.string() }),
  clientId: z.string().min(1),
  apiKey: z.string().min(32),
  cookiePassword: z.string().min(32),
});

export interface LocalKeys {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
  clientId: string;
  apiKey: string;
  cookiePassword: string;
  /** Signs what the emulator tells the product of. */
  webhookSecret: string;
}

/**
 * Reads the keys of this data directory, making them where there are none yet. Two processes that start at once (a
 * server and `npm run token`) end up with the same keys. Throws StartError where the file cannot be used.
 */
export async function loadLocalKeys(directory: string): Promise<LocalKeys> {
  const path = join(directory, fileName);
  const text = await readIfThere(path);
  if (text === null) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await createDurably(path, await newKeys());
  }
  return await parseKeys(path, text ?? (await readFile(path, "utf8")));
}

async function parseKeys(path: string, text: string): Promise<LocalKeys> {
  try {
    const { kid, signingKey, ...rest } = keysSchema.parse(JSON.parse(text));
    const privateKey = await importJWK(signingKey, "RS256");
    if (privateKey instanceof Uint8Array) throw new TypeError("not an RSA key");
    const { kty, n, e } = signingKey;
    // Made of another secret rather than kept: the file is older than webhooks are.
    const webhookSecret = Buffer.from(hkdfSync("sha256", rest.apiKey, "", "connvo webhooks", 32)).toString(
      "base64url",
    );
    return {
      ...rest,
      webhookSecret,
      kid,
      privateKey,
      publicJwk: { kty, n, e, kid, alg: "RS256", use: "sig" },
    };
  } catch (error) {
    throw new StartError(
      `${path} is damaged: restore it from a backup, or delete it, and everybody signs in again.`,
      { cause: error },
    );
  }
}

async function newKeys(): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const signingKey = await exportJWK(privateKey);
  const secret = () => randomBytes(32).toString("base64url");
  return JSON.stringify({
    kid: await calculateJwkThumbprint(signingKey),
    signingKey,
    clientId: "client_local",
    apiKey: `sk_local_${secret()}`,
    cookiePassword: secret(),
  });
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
