import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnvelopeDamaged, fromPlain, keyIdOf, open, plainly, seal, type Place } from "./envelope.ts";

const key = { id: "k1", bytes: randomBytes(32) };
const place: Place = { collection: "users", id: "a".repeat(24), field: "email" };

describe("an envelope", () => {
  test("[CRYPT-10] gives back what was put in, whatever characters it has, and never looks the same twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (value) => {
        const sealed = seal(key, place, value);
        expect(open(key, place, sealed)).toBe(value);
        expect(seal(key, place, value)).not.toBe(sealed);
      }),
      { seed: 7, numRuns: 100 },
    );
    for (const value of ["", "Ann", "Zoë 🙂 \u0000", "enc:1:k1:AAAA", "é".repeat(100_000)])
      expect(open(key, place, seal(key, place, value))).toBe(value);
  });

  test("[CRYPT-10] names its key and shows nothing of the value", () => {
    const sealed = seal(key, place, "ann@example.org");
    expect(sealed).toMatch(/^enc:1:k1:[A-Za-z0-9_-]+$/);
    expect(keyIdOf(sealed)).toBe("k1");
    expect(Buffer.from(sealed.split(":")[3] ?? "", "base64url").includes("ann")).toBe(false);
  });

  test.each<[string, Partial<Place>]>([
    ["document", { id: "b".repeat(24) }],
    ["field", { field: "displayName" }],
    ["collection", { collection: "profiles" }],
  ])("[CRYPT-11] cannot be opened in another %s", (_what, moved) => {
    const sealed = seal(key, place, "ann@example.org");
    expect(() => open(key, { ...place, ...moved }, sealed)).toThrow(EnvelopeDamaged);
  });

  test("[CRYPT-11] places whose parts run together are different places", () => {
    const sealed = seal(key, { collection: "users", id: 'a","b', field: "c" }, "x");
    expect(() => open(key, { collection: "users", id: "a", field: 'b","c' }, sealed)).toThrow(
      EnvelopeDamaged,
    );
  });

  test("[CRYPT-12] any changed byte, any missing end and another key of the same name are noticed", () => {
    const sealed = seal(key, place, "ann@example.org");
    const [, , , body = ""] = sealed.split(":");
    const bytes = Buffer.from(body, "base64url");
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const envelope = `enc:1:k1:${changed.toString("base64url")}`;
      expect(() => open(key, place, envelope)).toThrow(EnvelopeDamaged);
    }
    for (let length = 0; length < bytes.length; length += 1) {
      const envelope = `enc:1:k1:${bytes.subarray(0, length).toString("base64url")}`;
      expect(() => open(key, place, envelope)).toThrow(EnvelopeDamaged);
    }
    expect(() => open({ id: "k1", bytes: randomBytes(32) }, place, sealed)).toThrow(EnvelopeDamaged);
  });

  test("[CRYPT-13] a value without encryption stays as it is, even where it looks like an envelope", () => {
    for (const value of ["", "Ann", "enc:1:k1:AAAA", "enc:0:x", "enc:"]) {
      const stored = plainly(value);
      expect(keyIdOf(stored)).toBeNull();
      expect(fromPlain(stored)).toBe(value);
    }
    expect(plainly("Ann")).toBe("Ann");
    expect(fromPlain("ann@example.org")).toBe("ann@example.org");
  });
});
