// Headings of a text as they must stand on a page: the outline kept, and no level skipped on the way down.
import type { Block } from "./parse-blocks.ts";

/** Each heading's level counted from 1 at the text's own highest one, and at most one deeper than the heading before. */
export function withOrderedHeadings(blocks: readonly Block[]): Block[] {
  const ranks = [...new Set(blocks.flatMap((block) => (block.kind === "heading" ? [block.level] : [])))].sort(
    (a, b) => a - b,
  );
  let before = 0;
  return blocks.map((block) => {
    if (block.kind !== "heading") return block;
    before = Math.min(ranks.indexOf(block.level) + 1, before + 1);
    return { ...block, level: before };
  });
}
