// Reads encrypted fields of a store's documents without the store's server.
import mongoose from "mongoose";
import type { Config } from "../../server/platform/config.ts";
import { createFieldCipher, type FieldCipher } from "../../server/platform/privacy/field-cipher.ts";
import type { RegisteredKey } from "../../server/platform/privacy/key-registry.mongo.ts";
import { configuredKeys, requireKeys } from "../../server/platform/privacy/open-cipher.ts";
import type { StoreSource } from "./source.ts";

/** Which keys the documents of a source need, and their names. */
export async function registeredKeys(source: StoreSource): Promise<RegisteredKey[]> {
  const found: RegisteredKey[] = [];
  for await (const { _id, ...rest } of documentsOf<RegisteredKey & { _id: string }>(source, "encryptionKeys"))
    found.push({ ...rest, id: _id });
  return found;
}

/** For reading alone: it finds nothing by address. Throws StartError where a key that the data needs is not there. */
export async function configuredCipher(config: Config, source: StoreSource): Promise<FieldCipher> {
  const { keys } = await configuredKeys(config);
  requireKeys(keys, await registeredKeys(source), config);
  return createFieldCipher({ keys, searchSecret: Buffer.alloc(32) });
}

export async function* documentsOf<Stored>(source: StoreSource, name: string): AsyncIterable<Stored> {
  const collection = source.collections.find((each) => each.name === name);
  if (collection === undefined) return;
  for await (const page of source.pages(collection)) {
    for (const bytes of page) yield mongoose.mongo.BSON.deserialize(bytes) as Stored;
  }
}
