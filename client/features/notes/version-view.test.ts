import { describe, expect, it } from "vitest";
import { versionParts } from "./version-view.ts";

describe("a version's difference", () => {
  it("is what stayed, came and went, in their order", () => {
    expect(versionParts("one two three", [{ retain: 4 }, { insert: "2" }, { delete: 3 }])).toEqual([
      { kind: "same", text: "one " },
      { kind: "added", text: "2" },
      { kind: "removed", text: "two" },
      { kind: "same", text: " three" },
    ]);
  });

  it("long unchanged stretches are folded, with two lines left around what changed", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const text = lines.join("\n");
    const place = text.indexOf("line 15");
    const parts = versionParts(text, [{ retain: place }, { insert: "new " }]);
    expect(parts).toEqual([
      { kind: "folded", lines: 13 },
      { kind: "same", text: "line 13\nline 14\n" },
      { kind: "added", text: "new " },
      { kind: "same", text: "line 15\nline 16\nline 17\n" },
      { kind: "folded", lines: 12 },
    ]);
    const shown = parts.reduce((sum, part) => sum + (part.kind === "folded" ? part.lines : 0), 0);
    expect(shown + 5).toBe(lines.length);
  });

  it("a text without changes is shown whole", () => {
    const text = "a\n".repeat(50);
    expect(versionParts(text, [])).toEqual([{ kind: "same", text }]);
  });
});
