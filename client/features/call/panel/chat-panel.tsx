// Chat beside the call: what was written, what is on its way, and a place to write.
import { MessageSquare, Reply, SendHorizontal, X } from "lucide-react";
import { type KeyboardEvent, memo, type Ref, type SubmitEvent, useMemo, useRef, useState } from "react";
import { limits } from "../../../../shared/limits.ts";
import type { Message } from "../../../../shared/schemas/messages.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/notice.tsx";
import { TextArea } from "../../../ui/field.tsx";
import { formatTime } from "../../../ui/times.ts";
import type { ChatState, PendingMessage } from "../chat-log.ts";
import { callStrings } from "../strings.ts";
import styles from "./chat-panel.module.css";
import { FollowScroll } from "./follow-scroll.tsx";
import panel from "./panel.module.css";

export interface ChatPanelProps {
  chat: ChatState;
  me: { id: string; name: string };
  connected: boolean;
  mayWrite: boolean;
  nameOf: (userId: string) => string;
  onSend: (content: string, parentId: Message["parentId"]) => void;
  onRetry: (clientKey: string) => void;
  composer: Ref<HTMLTextAreaElement>;
}

export function ChatPanel({
  chat,
  me,
  connected,
  mayWrite,
  nameOf,
  onSend,
  onRetry,
  composer,
}: ChatPanelProps) {
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [sent, setSent] = useState(0);
  const byId = useMemo(() => new Map(chat.messages.map((message) => [message.id, message])), [chat.messages]);
  const empty = chat.messages.length === 0 && chat.pending.length === 0;
  return (
    <div className={panel["column"]}>
      <FollowScroll
        role="log"
        label={callStrings.chat}
        length={chat.messages.length + chat.pending.length}
        toEnd={sent}
      >
        {empty ? (
          <EmptyState icon={MessageSquare} title={callStrings.noMessages}>
            {callStrings.noMessagesWhy}
          </EmptyState>
        ) : (
          <ol className={styles["messages"]}>
            {chat.messages.map((message) => (
              <MessageItem
                key={message.clientKey}
                message={message}
                parent={message.parentId === null ? undefined : byId.get(message.parentId)}
                nameOf={nameOf}
                onReply={mayWrite ? setReplyTo : null}
              />
            ))}
            {chat.pending.map((message) => (
              <PendingItem
                key={message.clientKey}
                message={message}
                me={me}
                connected={connected}
                onRetry={onRetry}
              />
            ))}
          </ol>
        )}
      </FollowScroll>
      {mayWrite ? (
        <Composer
          field={composer}
          replyTo={replyTo}
          replyName={replyTo === null ? "" : nameOf(replyTo.userId)}
          onCancelReply={() => setReplyTo(null)}
          onSend={(content) => {
            onSend(content, replyTo?.id ?? null);
            setReplyTo(null);
            setSent((count) => count + 1);
          }}
        />
      ) : (
        <p className={panel["readOnly"]}>{callStrings.observersReadOnly}</p>
      )}
    </div>
  );
}

interface MessageItemProps {
  message: Message;
  parent: Message | undefined;
  nameOf: (userId: string) => string;
  onReply: ((message: Message) => void) | null;
}

const MessageItem = memo(function MessageItem({ message, parent, nameOf, onReply }: MessageItemProps) {
  const name = nameOf(message.userId);
  return (
    <li className={styles["message"]}>
      <Avatar id={message.userId} name={name} size="small" />
      <div className={styles["body"]}>
        <p className={styles["head"]}>
          <strong>{name}</strong>
          <time dateTime={message.createdAt}>{formatTime(new Date(message.createdAt))}</time>
        </p>
        {parent !== undefined && (
          <p className={styles["quote"]}>{callStrings.replyingTo(nameOf(parent.userId), parent.content)}</p>
        )}
        <p className={styles["text"]}>{message.content}</p>
      </div>
      {onReply !== null && (
        <IconButton
          icon={Reply}
          size="small"
          label={callStrings.replyTo(name)}
          className={styles["reply"]}
          onClick={() => onReply(message)}
        />
      )}
    </li>
  );
});

interface PendingItemProps {
  message: PendingMessage;
  me: { id: string; name: string };
  connected: boolean;
  onRetry: (clientKey: string) => void;
}

function PendingItem({ message, me, connected, onRetry }: PendingItemProps) {
  const { problem } = message;
  const stored = message.sequence !== null;
  return (
    <li className={styles["message"]}>
      <Avatar id={me.id} name={me.name} size="small" />
      <div className={styles["body"]}>
        <p className={styles["head"]}>
          <strong>{me.name}</strong>
          {problem === null && !stored && (
            <span>{connected ? callStrings.sendingMessage : callStrings.waitingMessage}</span>
          )}
        </p>
        <p className={styles["text"]}>{message.content}</p>
        {problem !== null && (
          <p className={styles["problem"]} role="alert">
            {callStrings.messageRefused(problem)}{" "}
            <Button size="small" onClick={() => onRetry(message.clientKey)}>
              {callStrings.retry}
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}

interface ComposerProps {
  field: Ref<HTMLTextAreaElement>;
  replyTo: Message | null;
  replyName: string;
  onCancelReply: () => void;
  onSend: (content: string) => void;
}

function Composer({ field, replyTo, replyName, onCancelReply, onSend }: ComposerProps) {
  const [text, setText] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const content = text.trim();
    if (content === "") return;
    onSend(content);
    setText("");
  };
  const onKey = (event: KeyboardEvent) => {
    // Shift+Enter is a new line; while an input method composes, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };
  return (
    <form className={styles["composer"]} onSubmit={submit} ref={form}>
      {replyTo !== null && (
        <div className={styles["replying"]}>
          <span className={styles["quote"]}>{callStrings.replyingTo(replyName, replyTo.content)}</span>
          <IconButton icon={X} size="small" label={callStrings.cancelReply} onClick={onCancelReply} />
        </div>
      )}
      <div className={styles["row"]}>
        <TextArea
          ref={field}
          label={callStrings.chatLabel}
          labelHidden
          placeholder={callStrings.chatPlaceholder}
          rows={2}
          value={text}
          maxLength={limits.chatMessageMaxChars}
          className={panel["input"]}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
        />
        <IconButton type="submit" icon={SendHorizontal} label={callStrings.send} look="primary" />
      </div>
    </form>
  );
}
