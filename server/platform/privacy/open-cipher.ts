// Opens encryption for one process: which keys it has, whether they are those that the data needs, what they are used for.
import { join } from "node:path";
import type mongoose from "mongoose";
import type { Clock } from "../clock.ts";
import { StartError, type Config } from "../config.ts";
import type { Logger } from "../logger.ts";
import { EnvelopeDamaged, fromPlain, keyIdOf, open, plainly, seal, type EncryptionKey } from "./envelope.ts";
import { createFieldCipher, type FieldCipher } from "./field-cipher.ts";
import {
  createKeyRegistry,
  searchSecretPlace,
  type KeyRegistry,
  type RegisteredKey,
} from "./key-registry.mongo.ts";
import { conflictOf, createKeyFile, keyFileName, readKeyFile, type KeyFile } from "./key-ring.ts";
import { ensureKeyedHashes } from "./keyed-hashes.mongo.ts";
import { ensureSearchHashes } from "./search-hashes.mongo.ts";

const checkText = "connvo";

/** For the log of a process that has no key. */
export const unencrypted =
  "personal fields are stored without encryption: set ENCRYPTION_KEYS (npm run keys prints one)";

/** Where the keys come from: the setting, the file in DATA_DIR, or nowhere. */
export type KeySource = "setting" | "file" | "none";

export interface Encryption {
  cipher: FieldCipher;
  registry: KeyRegistry;
  source: KeySource;
}

export interface OpenEncryptionOptions {
  config: Pick<Config, "encryptionKeys" | "dataDir" | "mongodbUri">;
  connection: mongoose.Connection;
  clock: Clock;
  logger: Logger;
}

/**
 * Throws StartError where the data needs a key that is not there, or another one of the same name: before anything is
 * written. A store on this machine gets a key file where it has no key at all; a MongoDB elsewhere must be given keys, as
 * several processes need the same.
 */
export async function openEncryption(options: OpenEncryptionOptions): Promise<Encryption> {
  const { config, connection, clock, logger } = options;
  const registry = createKeyRegistry(connection);
  const { keys, source } = await keysFor(options, registry);
  const [primary] = keys;
  if (primary !== undefined)
    await registry.register({ id: primary.id, check: checkOf(primary), now: clock.now() });
  const stored = await registry.searchSecret((bytes) =>
    primary === undefined
      ? plainly(bytes.toString("base64"))
      : seal(primary, searchSecretPlace, bytes.toString("base64")),
  );
  const cipher = createFieldCipher({ keys, searchSecret: openSecret(stored, keys, config.dataDir) });
  await ensureSearchHashes(connection, { registry, cipher, logger });
  await ensureKeyedHashes(connection, { registry, cipher, logger });
  return { cipher, registry, source };
}

/** The keys of this configuration; makes none. Throws StartError where they cannot be used together. */
export async function configuredKeys(
  config: Pick<Config, "encryptionKeys" | "dataDir">,
): Promise<{ keys: EncryptionKey[]; file: KeyFile | null }> {
  const file = await readFileOrStop(config.dataDir);
  const keys = [...config.encryptionKeys, ...(file?.keys ?? [])];
  const conflict = conflictOf(keys);
  if (conflict !== null)
    throw new StartError(
      `ENCRYPTION_KEYS together with ${keyFileName} in DATA_DIR ${conflict}: remove one of the two lines.`,
    );
  return { keys, file };
}

/** Throws StartError where a key that the data needs is not there, or is another one of the same name. */
export function requireKeys(
  keys: readonly EncryptionKey[],
  registered: readonly Pick<RegisteredKey, "id" | "check" | "retiredAt">[],
  { dataDir }: Pick<Config, "dataDir">,
): void {
  for (const { id, check, retiredAt } of registered) {
    const key = keys.find((each) => each.id === id);
    if (key === undefined && retiredAt === null) throw missing(id, dataDir);
    if (key !== undefined && !opens(key, check))
      throw new StartError(
        `The key ${id} is another one than the data was encrypted with: give the bytes that had this name, or a new key a new name.`,
      );
  }
}

async function keysFor(
  { config, clock, logger }: OpenEncryptionOptions,
  registry: KeyRegistry,
): Promise<{ keys: EncryptionKey[]; source: KeySource }> {
  let { keys, file } = await configuredKeys(config);
  const registered = await registry.keys();
  // Never where the data is encrypted already: a new key would not open it.
  if (keys.length === 0 && config.mongodbUri === null && registered.length === 0) {
    await createKeyFile(config.dataDir, clock.now());
    ({ keys, file } = await configuredKeys(config));
  }
  if (file?.exposed === true)
    logger.warn({ path: file.path }, "other users of this machine can read the key file: chmod 600 it");
  requireKeys(keys, registered, config);
  const source = config.encryptionKeys.length > 0 ? "setting" : file === null ? "none" : "file";
  return { keys, source };
}

async function readFileOrStop(dataDir: string) {
  try {
    return await readKeyFile(dataDir);
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function openSecret(stored: string, keys: readonly EncryptionKey[], dataDir: string): Buffer {
  const id = keyIdOf(stored);
  if (id === null) return Buffer.from(fromPlain(stored), "base64");
  const key = keys.find((each) => each.id === id);
  if (key === undefined) throw missing(id, dataDir);
  return Buffer.from(open(key, searchSecretPlace, stored), "base64");
}

function missing(id: string, dataDir: string): StartError {
  return new StartError(
    `Personal data is encrypted with the key ${id}, which is neither in ENCRYPTION_KEYS nor in ${join(dataDir, keyFileName)}: ` +
      "put it back. Without it that data cannot be read.",
  );
}

function checkPlace(id: string) {
  return { collection: "encryptionKeys", id, field: "check" };
}

/** A known text under a key: what `register` keeps of it. */
export function checkOf(key: EncryptionKey): string {
  return seal(key, checkPlace(key.id), checkText);
}

function opens(key: EncryptionKey, check: string): boolean {
  try {
    return open(key, checkPlace(key.id), check) === checkText;
  } catch (error) {
    if (error instanceof EnvelopeDamaged) return false;
    throw error;
  }
}
