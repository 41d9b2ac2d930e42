import { describe, expect, it } from "vitest";
import { initials, personHue, personHues } from "./person-hue.ts";

describe("people's colours and initials", () => {
  it("a person keeps one colour, within the palette", () => {
    for (const id of ["64b0", "64b1", "", "ééé"]) {
      expect(personHue(id)).toBe(personHue(id));
      expect(personHue(id)).toBeGreaterThanOrEqual(0);
      expect(personHue(id)).toBeLessThan(personHues);
    }
    expect(new Set(Array.from({ length: 64 }, (_, n) => personHue(`person-${n}`))).size).toBe(personHues);
  });

  it("initials are the first and last word's letters, also outside the basic plane", () => {
    expect(initials("Barbara Ann Keller")).toBe("BK");
    expect(initials("mara.li@example.org")).toBe("ML");
    expect(initials("Zoë")).toBe("Z");
    expect(initials("𝒜nna 𝒵ed")).toBe("𝒜𝒵");
    expect(initials("  ")).toBe("?");
  });
});
