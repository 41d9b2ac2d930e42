// What a message is quoted by.
import type { Message } from "../../../../shared/schemas/messages.ts";

/** Its words, or what its files are called. */
export function quoteOf({ content, attachments }: Pick<Message, "content" | "attachments">): string {
  return content === "" ? attachments.map(({ name }) => name).join(", ") : content;
}
