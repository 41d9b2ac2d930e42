// Which prompt stands in front of the coach right now: one at a time, and none for longer than it is useful.
import type { Prompt } from "../../../shared/schemas/prompts.ts";

/** The newest that is neither answered nor expired. */
export function currentPrompt(prompts: readonly Prompt[], nowMs: number): Prompt | null {
  const open = prompts.filter(
    (prompt) =>
      prompt.type === "incall" &&
      prompt.feedback === null &&
      (prompt.expiresAt === null || Date.parse(prompt.expiresAt) > nowMs),
  );
  return open.toSorted((one, other) => other.createdAt.localeCompare(one.createdAt))[0] ?? null;
}

/** Everything else, newest first: answered, expired, or superseded. */
export function earlierPrompts(prompts: readonly Prompt[], current: Prompt | null): Prompt[] {
  return prompts
    .filter((prompt) => prompt.type === "incall" && prompt.id !== current?.id)
    .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
}

/** Prepared before the call. */
export function preparedPrompts(prompts: readonly Prompt[]): Prompt[] {
  return prompts.filter((prompt) => prompt.type === "precall");
}
