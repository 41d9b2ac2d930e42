// What a message is quoted by.
import type { Message } from "../../shared/schemas/messages.ts";
import { chatStrings } from "./strings.ts";

/** Its words, or what its files are called. */
export function quoteOf({
  content,
  attachments,
  deleted,
}: Pick<Message, "content" | "attachments" | "deleted">): string {
  if (deleted !== null) return chatStrings.deletedQuote;
  return content === "" ? attachments.map(({ name }) => name).join(", ") : content;
}
