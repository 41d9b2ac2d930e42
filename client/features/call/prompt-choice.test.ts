import { describe, expect, test } from "vitest";
import { meetingIdSchema, promptIdSchema } from "../../../shared/ids.ts";
import type { Prompt } from "../../../shared/schemas/prompts.ts";
import { currentPrompt, earlierPrompts, preparedPrompts } from "./prompt-choice.ts";

const noon = Date.parse("2026-03-12T12:00:00.000Z");
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();

function prompt(number: number, change: Partial<Prompt> = {}): Prompt {
  return {
    id: promptIdSchema.parse(String(number).padStart(24, "0")),
    meetingId: meetingIdSchema.parse("b".repeat(24)),
    type: "incall",
    content: `prompt ${number}`,
    reason: "quiet",
    trigger: "lull",
    tags: [],
    relevance: 1,
    atMs: number * 60_000,
    expiresAt: at(number + 2),
    usedAt: null,
    feedback: null,
    generatedBy: "rules",
    createdAt: at(number),
    ...change,
  };
}

describe("which prompt a coach sees", () => {
  test("the newest that is open, one at a time", () => {
    const prompts = [prompt(0, { expiresAt: at(9) }), prompt(1, { expiresAt: at(9) })];
    expect(currentPrompt(prompts, noon + 90_000)?.content).toBe("prompt 1");
    expect(earlierPrompts(prompts, prompts[1] ?? null).map(({ content }) => content)).toEqual(["prompt 0"]);
  });

  test("none once it has been answered or has expired", () => {
    expect(currentPrompt([prompt(0, { feedback: "dismissed" })], noon)).toBeNull();
    expect(currentPrompt([prompt(0)], noon + 2 * 60_000)).toBeNull();
    expect(currentPrompt([prompt(0, { expiresAt: null })], noon + 999 * 60_000)).not.toBeNull();
  });

  test("what was prepared before the call never pops up in it", () => {
    const prepared = prompt(0, { type: "precall", expiresAt: null });
    expect(currentPrompt([prepared], noon)).toBeNull();
    expect(preparedPrompts([prepared])).toEqual([prepared]);
  });
});
