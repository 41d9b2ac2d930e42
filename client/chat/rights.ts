// What a person may do with the messages of a chat: the policies say the same again on the server.
import type { UserId } from "../../shared/ids.ts";
import type { ChangeMessage, Message } from "../../shared/schemas/messages.ts";

export interface ChatRights {
  me: UserId;
  /** Reply, react and edit what is theirs. */
  mayWrite: boolean;
  mayDeleteOwn: boolean;
  mayDeleteOthers: boolean;
}

/** Resolves when it is durable. Rejects with an `ApiError`. */
export type OnChange = (messageId: Message["id"], change: ChangeMessage["change"]) => Promise<void>;

export function mayEdit({ me, mayWrite }: ChatRights, message: Message): boolean {
  return mayWrite && message.userId === me && message.deleted === null;
}

export function mayDelete(rights: ChatRights, message: Message): boolean {
  const may = message.userId === rights.me ? rights.mayDeleteOwn : rights.mayDeleteOthers;
  return may && message.deleted === null;
}
