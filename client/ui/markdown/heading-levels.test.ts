import { expect, test } from "vitest";
import { withOrderedHeadings } from "./heading-levels.ts";
import { parseMarkdown } from "./parse-blocks.ts";

function levelsOf(text: string): number[] {
  return withOrderedHeadings(parseMarkdown(text)).flatMap((block) =>
    block.kind === "heading" ? [block.level] : [],
  );
}

test("the highest heading of a text counts as the first level", () => {
  expect(levelsOf("## Goal\n\n## Reality")).toEqual([1, 1]);
});

test("no level is skipped on the way down, and the outline is kept", () => {
  expect(levelsOf("# A\n\n#### B\n\n#### C\n\n# D")).toEqual([1, 2, 2, 1]);
});

test("a text that opens with a deep heading starts at the first level", () => {
  expect(levelsOf("### A\n\n## B\n\n### C")).toEqual([1, 1, 2]);
});
