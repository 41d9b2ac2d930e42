import { createHmac } from "node:crypto";
import { WorkOS } from "@workos-inc/node";
import { describe, expect, test } from "vitest";
import { AppError } from "../../shared/errors.ts";
import {
  assertBodySignature,
  assertTimestampedSignature,
  timestampedSignature,
  type TimestampedBody,
} from "./webhook-signature.ts";

const secret = "the present secret, which is long";
const nowMs = 1_767_603_600_000;
const body = Buffer.from('{"text":"Größe 🎈"}');
const stamp = nowMs / 1_000;
const header = timestampedSignature(secret, stamp, body);

function check(change: Partial<TimestampedBody>): string | null {
  const signed = { header, body, secrets: [secret], nowMs, toleranceMs: 300_000, unitMs: 1_000 as const };
  return codeOf(() => assertTimestampedSignature({ ...signed, ...change }));
}

function codeOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe("a signature with a time", () => {
  test("[WEBHOOK-1] the body as it was sent is accepted, and any other is not", () => {
    expect(check({})).toBeNull();
    expect(check({ body: Buffer.from('{"text": "Größe 🎈"}') })).toBe("UNAUTHENTICATED");
    expect(check({ body: body.subarray(0, -1) })).toBe("UNAUTHENTICATED");
    expect(check({ body: Buffer.alloc(0) })).toBe("UNAUTHENTICATED");
    expect(check({ header: timestampedSignature(secret, stamp, ""), body: Buffer.alloc(0) })).toBeNull();
  });

  test.each([
    undefined,
    "",
    "t",
    "v1=",
    `t=${stamp}`,
    header.replace(/^t=\d+/, `t=${stamp + 1}`),
    header.replace(/^t=\d+/, "t="),
    header.replace(/^t=\d+/, "t=1e9"),
    header.replace("v1=", "v0="),
    header.replace(/v1=../, "v1=zz"),
    header.slice(0, -1),
    `${header}0`,
    `t=${stamp}, v1=${"0".repeat(64)}`,
    timestampedSignature("another secret", stamp, body),
    `${header}${",v1=x".repeat(500)}`,
  ])("[WEBHOOK-1] a header that is %j is refused", (forged) => {
    expect(check({ header: forged })).toBe("UNAUTHENTICATED");
  });

  test("[WEBHOOK-2] while secrets are exchanged either is accepted, on either side", () => {
    const other = "the secret before, which is long too";
    expect(check({ secrets: [other, secret] })).toBeNull();
    expect(check({ secrets: [other] })).toBe("UNAUTHENTICATED");
    expect(check({ secrets: [] })).toBe("UNAUTHENTICATED");
    const both = `${timestampedSignature(other, stamp, body)}, ${header.split(", ")[1]}`;
    expect(check({ header: both })).toBeNull();
    expect(check({ header: header.toUpperCase().replace("T=", "t=").replace("V1=", "v1=") })).toBeNull();
  });

  test("[WEBHOOK-3] a time beyond the tolerance is refused, before and after now", () => {
    const at = (seconds: number) => ({ header: timestampedSignature(secret, stamp + seconds, body) });
    expect([-300, 300].map((seconds) => check(at(seconds)))).toEqual([null, null]);
    expect([-301, 301, 86_400].map((seconds) => check(at(seconds)))).toEqual(
      Array(3).fill("UNAUTHENTICATED"),
    );
    expect(check({ ...at(0), unitMs: 1 })).toBe("UNAUTHENTICATED");
  });

  test("[WEBHOOK-4] what WorkOS's own SDK signs is accepted, and it accepts ours", async () => {
    const { webhooks } = new WorkOS("sk_test", { clientId: "client" });
    const sentMs = new Date().getTime();
    const payload = body.toString();
    const hex = await webhooks.computeSignature(sentMs, payload, secret);
    const theirs = { header: `t=${sentMs}, v1=${hex}`, nowMs: sentMs, unitMs: 1 as const };
    expect(check(theirs)).toBeNull();
    const sigHeader = timestampedSignature(secret, sentMs, payload);
    expect(await webhooks.verifyHeader({ payload, sigHeader, secret })).toBe(true);
  });
});

test("[WEBHOOK-5] a signature of the body alone is accepted in hex and refused where a byte differs", () => {
  const hex = createHmac("sha256", secret).update(body).digest("hex");
  const of = (given: string | undefined, signed = body) =>
    codeOf(() => assertBodySignature({ header: given, body: signed, secrets: ["other", secret] }));
  expect(of(hex)).toBeNull();
  expect([of(undefined), of(""), of(`${hex}00`), of(hex, body.subarray(1))]).toEqual(
    Array(4).fill("UNAUTHENTICATED"),
  );
});
