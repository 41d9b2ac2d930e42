import { describe, expect, test } from "vitest";
import { neverChanged } from "../../../shared/chat-changes.ts";
import { meetingIdSchema, messageIdSchema, userIdSchema } from "../../../shared/ids.ts";
import type { ChangeMessage, Message, MessageChange } from "../../../shared/schemas/messages.ts";
import {
  addPending,
  confirmPending,
  emptyChat,
  failPending,
  isMissingMessages,
  mergeChange,
  mergeMessagePage,
  mergeMessages,
} from "./chat-log.ts";

function message(sequence: number, clientKey = `key-${sequence}`): Message {
  return {
    id: messageIdSchema.parse(String(sequence).padStart(24, "0")),
    meetingId: meetingIdSchema.parse("b".repeat(24)),
    sequence,
    userId: userIdSchema.parse("a".repeat(24)),
    content: `message ${sequence}`,
    parentId: null,
    attachments: [],
    clientKey,
    createdAt: "2026-03-12T13:00:00.000Z",
    ...neverChanged,
  };
}
const draft = {
  clientKey: "mine",
  content: "hello",
  parentId: null,
  attachments: [],
  at: "2026-03-12T13:00:00.000Z",
};

describe("the chat on a page", () => {
  test("an own message stands there at once and is replaced by the server's, whichever comes first", () => {
    const waiting = addPending(emptyChat, draft);
    expect(waiting.pending).toHaveLength(1);
    const acknowledged = confirmPending(waiting, "mine", 1);
    expect(acknowledged.pending[0]?.sequence).toBe(1);
    const arrived = mergeMessages(acknowledged, [message(1, "mine")]);
    expect(arrived.pending).toEqual([]);
    expect(arrived.messages).toHaveLength(1);
    expect(confirmPending(mergeMessages(waiting, [message(1, "mine")]), "mine", 1).pending).toEqual([]);
  });

  test("a refused message stays with its reason, and a retry under the same key forgets the reason", () => {
    const refused = failPending(addPending(emptyChat, draft), "mine", "Not now.");
    expect(refused.pending[0]?.problem).toBe("Not now.");
    const retried = addPending(refused, draft);
    expect(retried.pending).toEqual([{ ...draft, sequence: null, problem: null }]);
  });

  test("repeats and disorder give each message once, in order, and gaps stay known", () => {
    const chat = mergeMessages(mergeMessages(emptyChat, [message(3), message(1)]), [message(3)]);
    expect(chat.messages.map(({ sequence }) => sequence)).toEqual([1, 3]);
    expect(chat.completeTo).toBe(1);
    expect(mergeMessages(chat, [message(2)]).completeTo).toBe(3);
  });

  const change = (sequence: number, of: number, made: ChangeMessage["change"]): MessageChange => ({
    ...made,
    sequence,
    messageId: message(of).id,
    userId: message(of).userId,
    at: "2026-03-12T13:01:00.000Z",
  });
  const edit = (sequence: number, of: number, content: string) =>
    change(sequence, of, { kind: "edit", content });
  const shown = (chat: typeof emptyChat) => chat.messages.map(({ content }) => content);

  test("[CHAT-6] changes are numbered with the messages, and what comes before its turn waits for what is missing", () => {
    const known = mergeMessages(emptyChat, [message(1), message(2)]);
    const edited = mergeChange(known, edit(3, 1, "first edit"));
    expect([shown(edited), edited.completeTo]).toEqual([["first edit", "message 2"], 3]);
    // Once: a repeat finds it done.
    expect(mergeChange(edited, edit(3, 1, "first edit"))).toBe(edited);
    const early = mergeChange(edited, edit(5, 1, "third edit"));
    expect([shown(early), early.completeTo, isMissingMessages(early)]).toEqual([
      ["first edit", "message 2"],
      3,
      true,
    ]);
    const read = mergeMessagePage(early, {
      messages: [],
      changes: [change(4, 1, { kind: "reaction", emoji: "👍", on: true }), edit(5, 1, "third edit")],
      lastSequence: 5,
      nextFromSequence: null,
    });
    expect([shown(read), read.messages[0]?.reactions.length, isMissingMessages(read)]).toEqual([
      ["third edit", "message 2"],
      1,
      false,
    ]);
  });

  test("[CHAT-6] a message that is read with its changes takes the place of what was broadcast, never the other way round", () => {
    const heard = mergeMessages(emptyChat, [message(2)]);
    expect(isMissingMessages(heard)).toBe(true);
    const now = { ...message(2), content: "as it is now", revision: 3 };
    const page = { messages: [message(1), now], changes: [], lastSequence: 3, nextFromSequence: null };
    const read = mergeMessagePage(heard, page);
    expect([shown(read), read.completeTo]).toEqual([["message 1", "as it is now"], 3]);
    expect(shown(mergeMessages(read, [message(2)]))).toEqual(["message 1", "as it is now"]);
    // A change that the message holds already.
    expect(mergeChange(read, edit(3, 2, "old"))).toBe(read);
    const next = mergeChange(read, change(4, 2, { kind: "delete" }));
    expect([shown(next)[1], next.messages[1]?.deleted?.by]).toEqual(["", message(2).userId]);
  });
});
