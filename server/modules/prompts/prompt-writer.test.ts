// The words of prompts: what they name, that they never repeat, how feedback moves them.
import { describe, expect, test } from "vitest";
import { growStages } from "../../../shared/schemas/reviews.ts";
import { writePrompt, type PromptContext } from "./prompt-writer.ts";
import { emptyTimeline, type Timeline } from "./timeline.ts";

const [coach, coachee] = ["coach", "coachee"];

function said(...lines: [string, string][]): Timeline {
  return {
    ...emptyTimeline(),
    recent: lines.map(([speakerId, text], index) => ({
      sequence: index + 1,
      speakerId,
      text,
      startMs: index * 1_000,
      endMs: index * 1_000 + 900,
      afterwards: false,
    })),
  };
}

const context = (change: Partial<PromptContext> = {}): PromptContext => ({
  timeline: said(
    [coach, "Welcome back, how was the week?"],
    [coachee, "The presentation went badly, I was nervous about the presentation all night."],
  ),
  topics: [],
  hostIds: [coach],
  covered: new Set(),
  silentMs: 12_300,
  shown: [],
  ...change,
});

describe("reasons", () => {
  test("[PROMPTS-20] the reason says how long it was quiet, what about, and which stage is missing", () => {
    const prompt = writePrompt(context());
    expect(prompt?.reason).toBe(
      "Quiet for 12 seconds after talking about presentation; a goal has not come up yet.",
    );
    expect(prompt?.tags).toEqual(["grow", "goal"]);
  });

  test("[PROMPTS-20] where all stages were touched, the prompt takes up the coachee's topic", () => {
    const prompt = writePrompt(context({ covered: new Set(growStages) }));
    expect(prompt?.content).toContain("presentation");
    expect(prompt?.reason).toBe("Quiet for 12 seconds after talking about presentation.");
  });

  test("[PROMPTS-20] with nothing to take up, an open question comes", () => {
    const prompt = writePrompt(context({ covered: new Set(growStages), timeline: said([coachee, "Well."]) }));
    expect(prompt).toMatchObject({ tags: ["open"], reason: "Quiet for 12 seconds." });
  });
});

test("[PROMPTS-21] a meeting of many lulls never shows the same words twice, and ends in silence", () => {
  const shown: PromptContext["shown"][number][] = [];
  for (;;) {
    const prompt = writePrompt(context({ shown, topics: ["sleep", "presentation"] }));
    if (prompt === null) break;
    expect(prompt.relevance).toBeGreaterThanOrEqual(0);
    expect(prompt.relevance).toBeLessThanOrEqual(1);
    shown.push({ ...prompt, feedback: null });
    expect(shown.length).toBeLessThan(100);
  }
  expect(new Set(shown.map(({ content }) => content)).size).toBe(shown.length);
  expect(shown.length).toBeGreaterThan(20);
});

describe("feedback", () => {
  const first = writePrompt(context());

  test("[PROMPTS-22] a kind that was wrong steps back behind others", () => {
    const shown = [{ content: first?.content ?? "", tags: first?.tags ?? [], feedback: "wrong" as const }];
    expect(writePrompt(context({ shown }))?.tags[0]).not.toBe("grow");
  });

  test("[PROMPTS-22] a kind that was used may come again at once", () => {
    const used = { tags: ["topic"], feedback: "upvoted" as const };
    const shown = [
      { content: "1", ...used },
      { content: "2", ...used },
      { content: "3", tags: ["open"], feedback: null },
    ];
    expect(writePrompt(context({ shown }))?.tags[0]).toBe("topic");
  });
});
