// Encryption of personal fields for tests: fixed keys, nothing on disk.
import { createHash } from "node:crypto";
import type { EncryptionKey } from "../../server/platform/privacy/envelope.ts";
import { createFieldCipher, type FieldCipher } from "../../server/platform/privacy/field-cipher.ts";

/** The same bytes for the same name. */
export function testKey(id: string): EncryptionKey {
  return { id, bytes: createHash("sha256").update(`key ${id}`).digest() };
}

export const testSearchSecret = createHash("sha256").update("search").digest();

/** One for all tests of a process: what one encrypts, another reads. */
export const testCipher: FieldCipher = createFieldCipher({
  keys: [testKey("test")],
  searchSecret: testSearchSecret,
});
