import { describe, expect, test } from "vitest";
import { applyChange, neverChanged, type ChangeAt } from "./chat-changes.ts";
import { messageIdSchema, userIdSchema } from "./ids.ts";
import type { ChangeMessage } from "./schemas/messages.ts";

const anna = userIdSchema.parse("a".repeat(24));
const ben = userIdSchema.parse("b".repeat(24));
const message = { content: "hello", attachments: [], ...neverChanged };
const change = (sequence: number, made: ChangeMessage["change"], userId = anna): ChangeAt<string> => ({
  ...made,
  sequence,
  messageId: messageIdSchema.parse("c".repeat(24)),
  userId,
  at: `at ${sequence}`,
});

describe("what becomes of a message", () => {
  test("[CHAT-1] a change counts once, in the order of its number", () => {
    const edited = applyChange(message, change(2, { kind: "edit", content: "hi" }));
    expect(edited).toMatchObject({ content: "hi", editedAt: "at 2", revision: 2 });
    expect(applyChange(edited, change(2, { kind: "edit", content: "again" }))).toBe(edited);
    expect(applyChange(edited, change(1, { kind: "edit", content: "before" }))).toBe(edited);
  });

  test("[CHAT-3] nothing comes back to a deleted message, whatever was under way", () => {
    const answered = applyChange(message, change(2, { kind: "reaction", emoji: "👍", on: true }));
    const deleted = applyChange(answered, change(3, { kind: "delete" }, ben));
    expect(deleted).toMatchObject({ content: "", reactions: [], deleted: { at: "at 3", by: ben } });
    const later = applyChange(deleted, change(4, { kind: "edit", content: "back" }));
    expect(later).toEqual({ ...deleted, revision: 4 });
    expect(applyChange(later, change(5, { kind: "reaction", emoji: "👍", on: true })).reactions).toEqual([]);
  });

  test("[CHAT-4] a person answers with each sign once, and takes it back", () => {
    const made: [ChangeMessage["change"], typeof anna][] = [
      [{ kind: "reaction", emoji: "🎉", on: true }, anna],
      [{ kind: "reaction", emoji: "👍", on: true }, ben],
      [{ kind: "reaction", emoji: "🎉", on: true }, anna],
      [{ kind: "reaction", emoji: "🎉", on: true }, ben],
      [{ kind: "reaction", emoji: "👍", on: false }, anna],
    ];
    const now = made.reduce((one, [what, who], at) => applyChange(one, change(at + 1, what, who)), message);
    expect(now.reactions).toEqual([
      { emoji: "👍", userIds: [ben] },
      { emoji: "🎉", userIds: [anna, ben] },
    ]);
    const without = applyChange(now, change(9, { kind: "reaction", emoji: "👍", on: false }, ben));
    expect(without.reactions.map(({ emoji }) => emoji)).toEqual(["🎉"]);
    expect(without.content).toBe("hello");
  });
});
