// Identifiers and secrets as a dependency, so that tests can make them predictable.
import { randomBytes, randomUUID } from "node:crypto";
import { Types } from "mongoose";

export interface IdSource {
  /** 24 hexadecimal digits, rising with time. */
  objectId(): string;
  uuid(): string;
  /** URL-safe secret of `bytes` random bytes. */
  secret(bytes: number): string;
}

export const systemIds: IdSource = {
  objectId: () => new Types.ObjectId().toHexString(),
  // Copied into one piece: Node joins it of twenty, which all live, and are joined anew wherever it is looked up.
  uuid: () => Buffer.from(randomUUID(), "latin1").toString("latin1"),
  secret: (bytes) => randomBytes(bytes).toString("base64url"),
};

/** Counts up from one: for tests. */
export function countingIds(): IdSource {
  let count = 0;
  const next = () => (count += 1);
  return {
    objectId: () => next().toString(16).padStart(24, "0"),
    uuid: () => `00000000-0000-4000-8000-${next().toString(16).padStart(12, "0")}`,
    secret: (bytes) => `secret-${next()}-`.padEnd(bytes, "x"),
  };
}
