// Proof that a webhook was sent by whoever knows a secret: HMAC-SHA256 over the bytes of the body, in the forms vendors use.
import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "../../shared/errors.ts";

const headerMaxChars = 2_000;
/** While secrets are exchanged a vendor may sign with several. */
const signaturesMax = 5;

export interface SignedBody {
  /** The signature's header as it came; undefined where there was none. */
  header: string | undefined;
  /** Exactly the bytes that were signed. */
  body: Uint8Array;
  /** Any of these may have signed: the present one, and while they are exchanged the one before. */
  secrets: readonly string[];
}

export interface TimestampedBody extends SignedBody {
  nowMs: number;
  /** How far the stamp may lie from now, on either side. */
  toleranceMs: number;
  /** Milliseconds in one unit of the stamp. */
  unitMs: 1 | 1_000;
}

/**
 * `t=<time>, v1=<hex>[, v1=<hex>]`, where hex is the HMAC-SHA256 of `<time>.<body>`: WorkOS (milliseconds), Stripe and we
 * ourselves (seconds). Throws UNAUTHENTICATED. Within the tolerance a delivery may be replayed: what it does must be
 * harmless a second time.
 */
export function assertTimestampedSignature(signed: TimestampedBody): void {
  const { header, body, secrets, nowMs, toleranceMs, unitMs } = signed;
  const fields = readFields(header);
  const stamp = fields.find(([name]) => name === "t")?.[1] ?? "";
  const signatures = fields.filter(([name]) => name === "v1").map(([, value]) => value);
  if (!/^\d{1,15}$/.test(stamp)) throw forged();
  assertAnySigned([`${stamp}.`, body], secrets, signatures);
  // After the signature: only who knows the secret learns that a clock is wrong.
  if (Math.abs(nowMs - Number(stamp) * unitMs) > toleranceMs) {
    throw new AppError(
      "UNAUTHENTICATED",
      "The signature's time is too far from this server's: sign at the moment of sending, and check both clocks.",
    );
  }
}

/** `<hex>` of the body alone: Stream. Throws UNAUTHENTICATED. Without a time it can be replayed for ever. */
export function assertBodySignature({ header, body, secrets }: SignedBody): void {
  assertAnySigned([body], secrets, header === undefined ? [] : [header.trim()]);
}

/** The header that `assertTimestampedSignature` accepts. */
export function timestampedSignature(secret: string, stamp: number, body: string | Uint8Array): string {
  return `t=${stamp}, v1=${hmac(secret, [`${stamp}.`, body]).toString("hex")}`;
}

function readFields(header: string | undefined): [name: string, value: string][] {
  if (header === undefined || header.length > headerMaxChars) throw forged();
  return header.split(",").map((part) => {
    const at = part.indexOf("=");
    return at === -1 ? [part.trim(), ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}

/** Every secret is tried on every signature, whatever was found before: time tells nothing. */
function assertAnySigned(
  parts: readonly (string | Uint8Array)[],
  secrets: readonly string[],
  signatures: readonly string[],
): void {
  const given = signatures
    .slice(0, signaturesMax)
    .filter((signature) => /^[0-9a-f]{64}$/i.test(signature))
    .map((signature) => Buffer.from(signature, "hex"));
  let matches = 0;
  for (const secret of secrets) {
    const expected = hmac(secret, parts);
    for (const signature of given) matches += Number(timingSafeEqual(expected, signature));
  }
  if (matches === 0) throw forged();
}

function hmac(secret: string, parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHmac("sha256", secret);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function forged(): AppError {
  return new AppError(
    "UNAUTHENTICATED",
    "The signature is missing or wrong: sign the body as it is sent with the secret that was agreed on.",
  );
}
