// Words around chat messages, wherever they are shown.
import type { ReactionEmoji } from "../../shared/schemas/messages.ts";

const emoji: Record<ReactionEmoji, string> = {
  "👍": "Thumbs up",
  "❤️": "Heart",
  "😂": "Laughing",
  "🎉": "Celebrating",
  "👏": "Applause",
  "🤔": "Thinking",
  "😮": "Surprised",
  "🙏": "Thank you",
};

export const chatStrings = {
  messageBy: (name: string, time: string) => `Message by ${name} at ${time}`,
  tools: (name: string) => `For the message by ${name}`,
  replyTo: (name: string) => `Reply to ${name}`,
  replyingTo: (name: string, words: string) => `In reply to ${name}: ${words}`,
  react: "React",
  edit: "Edit",
  delete: "Delete",
  deleteSure: "Delete for everybody?",
  keep: "Keep",
  back: "Back",
  edited: "edited",
  editedAt: (time: string) => `Edited at ${time}`,
  deleted: "Message deleted",
  deletedBy: (name: string) => `Message deleted by ${name}`,
  deletedQuote: "a deleted message",
  words: "Words of this message",
  wordsHint: "Enter saves, Escape leaves it.",
  save: "Save",
  cancel: "Cancel",
  reactions: "Reactions",
  emoji,
  reaction: (sign: ReactionEmoji, names: readonly string[]) => `${emoji[sign]}: ${names.join(", ")}`,
  notDone: (why: string) => `That did not work: ${why}`,
  picture: (name: string) => `Picture ${name}, opens in a new tab`,
  pictureGone: (name: string) => `${name} cannot be shown any more`,
} as const;
