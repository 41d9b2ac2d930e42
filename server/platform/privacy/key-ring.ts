// The keys that a process has: ENCRYPTION_KEYS, then the file that an installation on one machine makes for itself.
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createDurably } from "../durable-file.ts";
import type { EncryptionKey } from "./envelope.ts";

/** In DATA_DIR; backups leave it out. */
export const keyFileName = "encryption-keys";
export const keyForm = "id:key, the key being 32 random bytes in base64; npm run keys prints one";
const keyBytes = 32;

/** Null where the text is no key. */
export function parseKey(text: string): EncryptionKey | null {
  const [, id, base64] = /^([A-Za-z0-9._-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(text) ?? [];
  if (id === undefined || base64 === undefined) return null;
  const bytes = Buffer.from(base64, "base64");
  // A key of one repeated byte is a placeholder that somebody has left.
  return bytes.length === keyBytes && new Set(bytes).size > 1 ? { id, bytes } : null;
}

/** As a setting or a line of the file. */
export function newKey(id: string): string {
  return `${id}:${randomBytes(keyBytes).toString("base64")}`;
}

/** The name of a key made at this time. */
export function keyNameOf(now: Date): string {
  return `k${now.toISOString().slice(0, 19).replace(/[-:]/g, "").toLowerCase()}`;
}

/** Why these cannot be used together; null where they can. */
export function conflictOf(keys: readonly EncryptionKey[]): string | null {
  for (const [index, key] of keys.entries()) {
    const before = keys.slice(0, index);
    if (before.some(({ id }) => id === key.id)) return `names the key ${key.id} twice`;
    if (before.some(({ bytes }) => bytes.equals(key.bytes)))
      return `holds the same key under two names, one of them ${key.id}`;
  }
  return null;
}

export interface KeyFile {
  path: string;
  keys: EncryptionKey[];
  /** Whether other users of the machine may read it. */
  exposed: boolean;
}

/** Null where there is none. Throws a sentence for a person where it cannot be used. */
export async function readKeyFile(dataDir: string): Promise<KeyFile | null> {
  const path = join(dataDir, keyFileName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const keys = lines.map(parseKey).filter((key) => key !== null);
  const problem = keys.length < lines.length || keys.length === 0 ? "is damaged" : conflictOf(keys);
  if (problem !== null)
    throw new Error(
      `${path} ${problem}: it must have a line for each key (${keyForm}). Put it back as it was; without it the encrypted data cannot be read.`,
    );
  const { mode } = await stat(path);
  return { path, keys, exposed: process.platform !== "win32" && (mode & 0o077) !== 0 };
}

/** Makes it with one new key; where another process was first, its file stays. Only its user may read it. */
export async function createKeyFile(dataDir: string, now: Date): Promise<void> {
  const path = join(dataDir, keyFileName);
  await createDurably(
    path,
    "# The key to personal data in this directory. Without it that data is lost: keep a copy elsewhere,\n" +
      `# not beside the backups, which do not hold it.\n${newKey(keyNameOf(now))}\n`,
  );
}
