import { describe, expect, it } from "vitest";
import {
  actionItemIdSchema,
  insightIdSchema,
  meetingIdSchema,
  segmentIdSchema,
  userIdSchema,
} from "../../../shared/ids.ts";
import type { Insight } from "../../../shared/schemas/insights.ts";
import { parseMarkdown } from "../../ui/markdown/parse-blocks.ts";
import { fileName, recapMarkdown } from "./recap-markdown.ts";

const mara = userIdSchema.parse("a".repeat(24));
const citation = {
  segmentId: segmentIdSchema.parse("c".repeat(24)),
  sequence: 7,
  startMs: 247_000,
  speakerId: mara,
  quote: "I'll *send* it\n# now",
};
const insight: Insight = {
  id: insightIdSchema.parse("d".repeat(24)),
  meetingId: meetingIdSchema.parse("e".repeat(24)),
  userId: mara,
  outcome: { text: "We start on Monday.", citations: [citation] },
  summary: [],
  decisions: [],
  actionItems: [
    {
      id: actionItemIdSchema.parse("f".repeat(24)),
      text: "Send the plan",
      ownerId: mara,
      dueText: "by Friday",
      movedTo: null,
      milestone: false,
      done: true,
      citations: [citation],
    },
  ],
  recommendations: [
    { type: "no-date", content: "Name a day for it", confidence: 0.9, citations: [citation] },
    { type: "coaching", content: "canary of a review", confidence: 0.7, citations: [citation] },
  ],
  links: [
    {
      type: "chat",
      url: "https://example.org/plan",
      title: "example.org/plan",
      sequence: null,
      startMs: null,
      userId: mara,
    },
  ],
  generatedBy: "rules",
  missing: ["Two minutes in the middle were not transcribed."],
  createdAt: "2026-03-12T10:00:00.000Z",
};

describe("the recap as a file", () => {
  const file = recapMarkdown({
    title: "Session",
    under: ["12 March", "Mara, Tom"],
    insight,
    notes: "# Goal\n\n- [ ] call",
    nameOf: () => "Mara",
    address: "https://example.org/meetings/x/recap",
  });

  it("holds each part with its owner, due words, state and a link to the words it comes from", () => {
    expect(file).toContain("- [x] Send the plan (Mara, due by Friday)");
    expect(file).toContain("[4:07](<https://example.org/meetings/x/recap#t-7>)");
    expect(file).toContain("_Extracted by rules_");
    expect(file).toContain("- Two minutes in the middle were not transcribed.");
    expect(file).toContain("# Goal\n\n- [ ] call");
  });

  it("[INSIGHTS-43] holds suggestions and links, and nothing of a coach's own review", () => {
    expect(file).toContain("## Suggestions\n\n- Name a day for it");
    expect(file).toContain("- <https://example.org/plan> (from Mara, in the chat)");
    expect(file).not.toContain("canary");
  });

  it("what people said does not become structure", () => {
    const headings = parseMarkdown(file).filter((block) => block.kind === "heading" && block.level === 2);
    expect(headings).toHaveLength(8);
    expect(file).toContain("I'll \\*send\\* it \\# now");
  });

  it("a file's name has no sign that a file system refuses", () => {
    expect(fileName('Plan: "Q3" / Zoë?', "2026-03-12", "md")).toBe("2026-03-12 Plan Q3 Zoë.md");
  });
});
