import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { EncryptionKey } from "./envelope.ts";
import { createFieldCipher, sealedFields } from "./field-cipher.ts";

const searchSecret = randomBytes(32);
const key = (id: string): EncryptionKey => ({ id, bytes: randomBytes(32) });
const [first, second] = [key("first"), key("second")];
const cipherOf = (...keys: EncryptionKey[]) => createFieldCipher({ keys, searchSecret });
const id = "a".repeat(24);

test("[CRYPT-14] the first key encrypts, all of them decrypt, in whichever order they stand", () => {
  const before = cipherOf(first);
  const stored = before.of("users").seal(id, "email", "ann@example.org");
  const after = cipherOf(second, first);
  expect(after.of("users").open(id, "email", stored)).toBe("ann@example.org");
  expect(after.of("users").seal(id, "email", "ann@example.org")).toMatch(/^enc:1:second:/);
  expect(cipherOf(first, second).of("users").seal(id, "email", "x")).toMatch(/^enc:1:first:/);
  expect([after.primary, after.keyIds]).toEqual(["second", ["second", "first"]]);
});

test("[CRYPT-15] what needs a key that is not there is an error that names it to the operator, not to the person", () => {
  const stored = cipherOf(first).of("users").seal(id, "email", "ann@example.org");
  for (const without of [cipherOf(second), cipherOf()]) {
    const opening = () => without.of("users").open(id, "email", stored);
    expect(opening).toThrow(/Something went wrong/);
    expect(opening).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({
          message: expect.stringMatching(/first, which ENCRYPTION_KEYS lacks/) as string,
        }) as Error,
      }),
    );
  }
});

test("[CRYPT-13] values from before encryption are read as they are, and none are written so", () => {
  const cipher = cipherOf(first).of("profiles");
  expect(cipher.open(id, "displayName", "Ann")).toBe("Ann");
  expect(cipher.open(id, "timeZone", null)).toBeNull();
  expect(cipher.seal(id, "timeZone", null)).toBeNull();
  expect(cipher.seal(id, "displayName", "Ann")).toMatch(/^enc:1:/);
  const plain = cipherOf().of("profiles");
  expect(plain.seal(id, "displayName", "Ann")).toBe("Ann");
  expect(plain.open(id, "displayName", plain.seal(id, "displayName", "enc:1:first:AAAA"))).toBe(
    "enc:1:first:AAAA",
  );
});

test("[CRYPT-16] only what the inventory calls sealed can be encrypted, so that no change of keys leaves it behind", () => {
  const cipher = cipherOf(first);
  expect(sealedFields("users")).toEqual(["email"]);
  expect(() => cipher.of("users").seal(id, "orgRole", "admin")).toThrow(/inventory/);
  expect(() => cipher.of("messages")).toThrow(/inventory/);
});

test("[CRYPT-20] an address is found whatever its case and the space around it, under any key", () => {
  const [before, after] = [cipherOf(first), cipherOf(second, first)];
  const hash = before.hashOfEmail("ann@example.org");
  expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
  for (const same of [" Ann@Example.ORG ", "ANN@EXAMPLE.ORG\n"]) expect(after.hashOfEmail(same)).toBe(hash);
  expect(before.hashOfEmail("zo\u0065\u0308@example.org")).toBe(before.hashOfEmail("zo\u00EB@example.org"));
  expect(before.hashOfEmail("anna@example.org")).not.toBe(hash);
});

test("[CRYPT-20] another installation's hash of the same address is another one", () => {
  const other = createFieldCipher({ keys: [first], searchSecret: randomBytes(32) });
  expect(other.hashOfEmail("ann@example.org")).not.toBe(cipherOf(first).hashOfEmail("ann@example.org"));
});
