// One encrypted value as text: which key, a random nonce, the ciphertext; bound to the one place where it may stand.
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from "node:crypto";

/** Where a value stands. A ciphertext that is moved to another document, field or collection cannot be opened. */
export interface Place {
  collection: string;
  id: string;
  /** As the inventory names it; items of a list share their list's name. */
  field: string;
}

/** 32 random bytes under a short name that is stored with everything that was encrypted with them. */
export interface EncryptionKey {
  id: string;
  bytes: Buffer;
}

const marker = "enc:";
const version = "1";
const plainVersion = "0";
const nonceBytes = 12;
const tagBytes = 16;
const marked = `${marker}${version}:`;
const form = /^enc:1:([A-Za-z0-9._-]{1,32}):([A-Za-z0-9_-]+)$/;

/** The ciphertext was changed, cut off, moved, or encrypted with other bytes under the same name. */
export class EnvelopeDamaged extends Error {
  constructor(place: Place, options?: ErrorOptions) {
    super(`what is stored in ${place.field} of ${place.collection} ${place.id} cannot be decrypted`, options);
    this.name = "EnvelopeDamaged";
  }
}

/** AES-256-GCM. With random nonces one key is good for some billions of values. */
export function seal({ id, bytes }: EncryptionKey, place: Place, value: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", derived(bytes, place.collection), nonce);
  cipher.setAAD(bound(place));
  const ciphertext = Buffer.concat([
    nonce,
    cipher.update(value, "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `${marked}${id}:${ciphertext.toString("base64url")}`;
}

/** Throws EnvelopeDamaged. */
export function open({ bytes }: EncryptionKey, place: Place, envelope: string): string {
  const sealed = Buffer.from(envelope.slice(envelope.indexOf(":", marked.length) + 1), "base64url");
  if (sealed.length < nonceBytes + tagBytes) throw new EnvelopeDamaged(place);
  const nonce = sealed.subarray(0, nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", derived(bytes, place.collection), nonce, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(bound(place));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(nonceBytes, -tagBytes)),
      decipher.final(),
    ]).toString("utf8");
  } catch (error) {
    throw new EnvelopeDamaged(place, { cause: error });
  }
}

/** The name of the key that a stored value needs; null where it is not encrypted. */
export function keyIdOf(stored: string): string | null {
  return stored.startsWith(marker) ? (form.exec(stored)?.[1] ?? null) : null;
}

/** A value as it is stored without encryption: itself, unless it looks like an envelope. */
export function plainly(value: string): string {
  return value.startsWith(marker) ? `${marker}${plainVersion}:${value}` : value;
}

/** What `plainly` has written; also a value from before there was any of this. */
export function fromPlain(stored: string): string {
  const escape = `${marker}${plainVersion}:`;
  return stored.startsWith(escape) ? stored.slice(escape.length) : stored;
}

// A key for each collection, so that none is used for two purposes or for more values than it must. As an object: from
// bytes it would be made anew for each value, at four times the cost of the encryption.
const derivations = new WeakMap<Buffer, Map<string, KeyObject>>();
const salt = Buffer.alloc(0);

function derived(bytes: Buffer, collection: string): KeyObject {
  let known = derivations.get(bytes);
  if (known === undefined) derivations.set(bytes, (known = new Map()));
  let key = known.get(collection);
  if (key === undefined) {
    const derivedBytes = hkdfSync("sha256", bytes, salt, `connvo/field/${version}/${collection}`, 32);
    key = createSecretKey(Buffer.from(derivedBytes));
    known.set(collection, key);
  }
  return key;
}

// As JSON, in which no two places are written alike.
function bound({ collection, id, field }: Place): Buffer {
  return Buffer.from(JSON.stringify([version, collection, id, field]));
}
