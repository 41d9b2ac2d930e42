// Messages in their order; the arrow keys go from one to the next, and Tab into what can be done with it.
import { type KeyboardEvent, memo, type ReactNode, useMemo, useRef, useState } from "react";
import type { MeetingId } from "../../shared/ids.ts";
import type { Message } from "../../shared/schemas/messages.ts";
import { Avatar } from "../ui/avatar.tsx";
import { formatTime } from "../ui/times.ts";
import { MessageEditor } from "./message-editor.tsx";
import { MessageFiles } from "./message-files.tsx";
import { MessageTools } from "./message-tools.tsx";
import styles from "./message.module.css";
import { quoteOf } from "./quote.ts";
import { Reactions } from "./reactions.tsx";
import type { ChatRights, OnChange } from "./rights.ts";
import { chatStrings as words } from "./strings.ts";

export interface MessageListProps {
  meetingId: MeetingId;
  messages: readonly Message[];
  nameOf: (userId: string) => string;
  rights: ChatRights;
  /** For edits it is told of failures; of all else whoever hands it in tells the person. */
  onChange: OnChange;
  onReply: ((message: Message) => void) | null;
  /** Below them, in the same list. */
  children?: ReactNode;
}

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_at, last) => last,
};

export function MessageList(props: MessageListProps) {
  const { messages, children, ...rest } = props;
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);
  const [current, setCurrent] = useState<string | null>(null);
  const reached = current !== null && byId.has(current as Message["id"]) ? current : messages.at(-1)?.id;
  const onKey = (event: KeyboardEvent<HTMLOListElement>) => {
    const step = steps[event.key];
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>(":scope > li[data-message]")];
    const at = items.indexOf(event.target as HTMLElement);
    if (step === undefined || at === -1) return;
    const next = items[step(at, items.length - 1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <ol className={styles["messages"]} onKeyDown={onKey}>
      {messages.map((message) => (
        <MessageItem
          key={message.clientKey}
          {...rest}
          message={message}
          parent={message.parentId === null ? undefined : byId.get(message.parentId)}
          reached={message.id === reached}
          onReached={setCurrent}
        />
      ))}
      {children}
    </ol>
  );
}

interface MessageItemProps extends Omit<MessageListProps, "messages" | "children"> {
  message: Message;
  parent: Message | undefined;
  /** Tab comes to this one. */
  reached: boolean;
  onReached: (messageId: string) => void;
}

const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { meetingId, message, parent, nameOf, rights, onChange, onReply, reached, onReached } = props;
  const [editing, setEditing] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const name = nameOf(message.userId);
  const time = formatTime(new Date(message.createdAt));
  const focusItem = () => item.current?.focus();
  // What was deleted meanwhile is edited no more.
  const isEditing = editing && message.deleted === null;
  return (
    <li
      ref={item}
      className={styles["message"]}
      data-message
      tabIndex={reached ? 0 : -1}
      onFocus={() => onReached(message.id)}
    >
      <Avatar id={message.userId} name={name} size="small" />
      <div className={styles["body"]}>
        <p className={styles["head"]}>
          <strong>{name}</strong>
          <time dateTime={message.createdAt}>{time}</time>
          {message.editedAt !== null && (
            <span title={words.editedAt(formatTime(new Date(message.editedAt)))}>{words.edited}</span>
          )}
        </p>
        {parent !== undefined && message.deleted === null && (
          <p className={styles["quote"]}>{words.replyingTo(nameOf(parent.userId), quoteOf(parent))}</p>
        )}
        {isEditing ? (
          <MessageEditor
            message={message}
            onChange={onChange}
            onClose={() => {
              setEditing(false);
              focusItem();
            }}
          />
        ) : (
          message.content !== "" && <p className={styles["text"]}>{message.content}</p>
        )}
        {message.deleted !== null && (
          <p className={styles["gone"]}>
            {message.deleted.by === message.userId
              ? words.deleted
              : words.deletedBy(nameOf(message.deleted.by))}
          </p>
        )}
        {message.attachments.length > 0 && <MessageFiles meetingId={meetingId} files={message.attachments} />}
        <Reactions
          given={message.reactions}
          me={rights.me}
          nameOf={nameOf}
          onReact={
            rights.mayWrite ? (emoji, on) => void onChange(message.id, { kind: "reaction", emoji, on }) : null
          }
        />
      </div>
      {!isEditing && message.deleted === null && (
        <MessageTools
          message={message}
          name={name}
          rights={rights}
          onChange={onChange}
          onReply={rights.mayWrite ? onReply : null}
          onEdit={() => setEditing(true)}
          onDone={focusItem}
        />
      )}
    </li>
  );
});
