// What repositories encrypt and decrypt personal fields with, and how they find an address that they cannot read.
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { AppError } from "../../../shared/errors.ts";
import { fromPlain, keyIdOf, open, plainly, seal, type EncryptionKey } from "./envelope.ts";
import { fieldsOf, inventory } from "./inventory.ts";

/** For one collection. Null stays null. */
export interface CollectionCipher {
  seal<Value extends string | null>(id: string, field: string, value: Value): Value;
  /** Throws an internal error where the value was changed or moved, or its key is not configured. */
  open<Value extends string | null>(id: string, field: string, stored: Value): Value;
}

export interface FieldCipher {
  /** The name of the key that encrypts; null where nothing is encrypted. */
  readonly primary: string | null;
  /** The names of all keys that decrypt, the one that encrypts first. */
  readonly keyIds: readonly string[];
  /** Throws where the inventory knows no such collection with fields to be encrypted. */
  of(collection: string): CollectionCipher;
  /** The same for addresses that differ in case or surrounding space only; says nothing else without the key. */
  hashOfEmail(email: string): string;
  /** For words by which things are found; says which are equal, nothing else without the key. */
  hashOfTerm(term: string): string;
  /**
   * For a hash of content, in hexadecimal: says which contents are equal, and nothing about any of them without the key.
   * Cannot be taken for what it was made of.
   */
  hashOfContent(hash: string): string;
  /** A key of its own for signing what this database hands out, such as links; the same as long as the database lives. */
  signingKey(purpose: string): Buffer;
}

export interface FieldCipherOptions {
  /** The first one encrypts, all decrypt. */
  keys: readonly EncryptionKey[];
  /** 32 bytes, the same for the life of a database: hashes of addresses must stay comparable. */
  searchSecret: Buffer;
}

export function createFieldCipher({ keys, searchSecret }: FieldCipherOptions): FieldCipher {
  const [primary] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  const derived = (use: string) =>
    Buffer.from(hkdfSync("sha256", searchSecret, Buffer.alloc(0), `connvo/${use}`, 32));
  // As objects: from bytes each hash would make its key anew, at six times its own cost.
  const [emailKey, termKey, contentKey] = ["email", "term", "content"].map((what) =>
    createSecretKey(derived(`search/1/${what}`)),
  ) as [KeyObject, KeyObject, KeyObject];

  function collectionCipher(collection: string): CollectionCipher {
    const fields = new Set(sealedFields(collection));
    if (fields.size === 0) throw new Error(`the inventory names no field of ${collection} to be encrypted`);

    function placeOf(id: string, field: string) {
      // What is not in the inventory would be left behind by every change of keys.
      if (!fields.has(field)) throw new Error(`the inventory does not name ${collection}.${field} as sealed`);
      return { collection, id, field };
    }

    return {
      seal(id, field, value) {
        if (value === null) return value;
        const place = placeOf(id, field);
        return (primary === undefined ? plainly(value) : seal(primary, place, value)) as typeof value;
      },
      open(id, field, stored) {
        if (stored === null) return stored;
        const place = placeOf(id, field);
        const keyId = keyIdOf(stored);
        if (keyId === null) return fromPlain(stored) as typeof stored;
        const key = byId.get(keyId);
        if (key === undefined) {
          throw new AppError("INTERNAL", "Something went wrong on our side.", {
            cause: new Error(`${collection} ${id} is encrypted with ${keyId}, which ENCRYPTION_KEYS lacks`),
          });
        }
        return open(key, place, stored) as typeof stored;
      },
    };
  }

  return {
    primary: primary?.id ?? null,
    keyIds: keys.map(({ id }) => id),
    of: collectionCipher,
    // 72 bits: as many terms as an installation has do not meet by chance.
    hashOfTerm: (term) => createHmac("sha256", termKey).update(term).digest("base64url").slice(0, 12),
    hashOfContent: (hash) => createHmac("sha256", contentKey).update(hash).digest("base64url"),
    signingKey: (purpose) => derived(`signing/1/${purpose}`),
    hashOfEmail: (email) => createHmac("sha256", emailKey).update(normalisedEmail(email)).digest("base64url"),
  };
}

export function normalisedEmail(email: string): string {
  return email.normalize("NFC").trim().toLowerCase();
}

/** Fields of a collection that are encrypted, as the inventory names them. */
export function sealedFields(collection: string): string[] {
  const found = inventory.find(({ name }) => name === collection);
  if (found === undefined) return [];
  return fieldsOf(found)
    .filter((field) => field.class === "sealed")
    .map(({ path }) => path);
}
