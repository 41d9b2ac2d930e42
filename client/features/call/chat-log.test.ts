import { describe, expect, test } from "vitest";
import { meetingIdSchema, messageIdSchema, userIdSchema } from "../../../shared/ids.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import { addPending, confirmPending, emptyChat, failPending, mergeMessages } from "./chat-log.ts";

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
});
