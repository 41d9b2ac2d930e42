// Checksums of what lies in the data file: SQLite keeps the pages' structure, but believes whatever bytes a row holds.
import { crc32 } from "node:zlib";
import { StoreError } from "../errors.ts";
import { damageSentence } from "./sqlite-errors.ts";
import type { RecordId, StoredCollection, StoredIndex } from "./storage.ts";

/** Bytes behind each document: CRC-32 of its record number and its bytes, little-endian. */
export const sealBytes = 4;

/** A document that stands under another number than its own is damage too. */
function checksumOf(id: RecordId, document: Uint8Array): number {
  return crc32(document, ((id / 2 ** 32) ^ id) >>> 0);
}

/** A document as it is stored. */
export function sealed(id: RecordId, document: Buffer): Buffer {
  const body = Buffer.allocUnsafe(document.length + sealBytes);
  document.copy(body);
  body.writeUInt32LE(checksumOf(id, document), document.length);
  return body;
}

/** The document of a stored body. Throws DataCorruptionDetected (246). */
export function unsealed(id: RecordId, body: Uint8Array | null): Buffer {
  if (body === null || body.byteLength < sealBytes) throw damagedData();
  const { buffer, byteOffset, byteLength } = body;
  const document = Buffer.from(buffer, byteOffset, byteLength - sealBytes);
  const seal = byteLength - sealBytes;
  const expected =
    ((body[seal] ?? 0) |
      ((body[seal + 1] ?? 0) << 8) |
      ((body[seal + 2] ?? 0) << 16) |
      ((body[seal + 3] ?? 0) << 24)) >>>
    0;
  if (checksumOf(id, document) !== expected) throw damagedData();
  return document;
}

export function collectionChecksum({ id, database, name, uuid }: StoredCollection): number {
  return crc32(uuid, crc32(JSON.stringify([id, database, name])));
}

export function indexChecksum(index: StoredIndex): number {
  const { id, collectionId, name, specification, multikeyFields } = index;
  return crc32(specification, crc32(JSON.stringify([id, collectionId, name, multikeyFields])));
}

/** What a command is answered that meets damage; it says nothing of what was stored. */
export function damagedData(): StoreError {
  return new StoreError(246, damageSentence);
}
