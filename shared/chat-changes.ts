// A chat message and what became of it since: the same on the server, in its store, and in the browser.
import type { UserId } from "./ids.ts";
import type { Attachment } from "./schemas/attachments.ts";
import { reactionEmoji, type MessageChange, type ReactionEmoji, type Reactions } from "./schemas/messages.ts";

/** Times are as whoever uses it has them: text in messages, dates in the store. */
export interface Changeable<Time> {
  content: string;
  attachments: Attachment[];
  editedAt: Time | null;
  deleted: { at: Time; by: UserId } | null;
  reactions: Reactions;
  /** The sequence of the latest change in it, 0 for none. */
  revision: number;
}

/** Of a message that nobody has touched since it was sent. */
export const neverChanged = {
  editedAt: null,
  deleted: null,
  reactions: [] as Reactions,
  revision: 0,
};

type WithTime<Change, Time> = Change extends { at: string } ? Omit<Change, "at"> & { at: Time } : never;
export type ChangeAt<Time> = WithTime<MessageChange, Time>;

/** The message itself where it holds the change already. Nothing comes back to what was deleted. */
export function applyChange<Time, One extends Changeable<Time>>(message: One, change: ChangeAt<Time>): One {
  if (change.sequence <= message.revision) return message;
  const changed = { ...message, revision: change.sequence };
  if (message.deleted !== null) return changed;
  switch (change.kind) {
    case "edit":
      return { ...changed, content: change.content, editedAt: change.at };
    case "delete":
      return {
        ...changed,
        content: "",
        attachments: [],
        editedAt: null,
        deleted: { at: change.at, by: change.userId },
        reactions: [],
      };
    case "reaction":
      return { ...changed, reactions: withReaction(message.reactions, change) };
  }
}

/** In the order of the set, people in the order they came. */
function withReaction(
  reactions: Reactions,
  { emoji, userId, on }: { emoji: ReactionEmoji; userId: UserId; on: boolean },
): Reactions {
  const others = (reactions.find((one) => one.emoji === emoji)?.userIds ?? []).filter((id) => id !== userId);
  const userIds = on ? [...others, userId] : others;
  const byEmoji = new Map(reactions.map((one) => [one.emoji, one.userIds])).set(emoji, userIds);
  return reactionEmoji.flatMap((known) => {
    const people = byEmoji.get(known) ?? [];
    return people.length === 0 ? [] : [{ emoji: known, userIds: people }];
  });
}
