// Chat beside the call: what was written, what is on its way, and a place to write.
import { MessageSquare, Reply } from "lucide-react";
import { type DragEvent, memo, type Ref, useMemo, useState } from "react";
import type { MeetingId } from "../../../../shared/ids.ts";
import { limits } from "../../../../shared/limits.ts";
import type { Message } from "../../../../shared/schemas/messages.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/notice.tsx";
import { formatTime } from "../../../ui/times.ts";
import { useToast } from "../../../ui/toast.tsx";
import type { Draft } from "../call-session.ts";
import type { ChatState, PendingMessage } from "../chat-log.ts";
import { callStrings } from "../strings.ts";
import { useUploads } from "../use-uploads.ts";
import styles from "./chat-panel.module.css";
import { Composer } from "./composer.tsx";
import files from "./files.module.css";
import { FollowScroll } from "./follow-scroll.tsx";
import { MessageFiles } from "./message-files.tsx";
import panel from "./panel.module.css";
import { quoteOf } from "./quote.ts";

export interface ChatPanelProps {
  meetingId: MeetingId;
  chat: ChatState;
  me: { id: string; name: string };
  connected: boolean;
  mayWrite: boolean;
  nameOf: (userId: string) => string;
  onSend: (message: Draft) => void;
  onRetry: (clientKey: string) => void;
  composer: Ref<HTMLTextAreaElement>;
}

export function ChatPanel({
  meetingId,
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
  const [over, setOver] = useState(false);
  const { items, uploads } = useUploads(meetingId);
  const toast = useToast();
  const byId = useMemo(() => new Map(chat.messages.map((message) => [message.id, message])), [chat.messages]);
  const empty = chat.messages.length === 0 && chat.pending.length === 0;
  const attach = (chosen: readonly File[]) => {
    if (uploads.add(chosen) > 0) toast({ text: callStrings.attachTooMany(limits.attachmentsPerMessage) });
  };
  const onDrag = (event: DragEvent) => {
    if (!mayWrite || !event.dataTransfer.types.includes("Files")) return;
    // Without it the browser would leave the call for the file.
    event.preventDefault();
    setOver(event.type === "dragover");
    if (event.type === "drop") attach([...event.dataTransfer.files]);
  };
  return (
    <div className={panel["column"]} onDragOver={onDrag} onDragLeave={() => setOver(false)} onDrop={onDrag}>
      {over && <p className={files["drop"]}>{callStrings.dropHere}</p>}
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
                meetingId={meetingId}
                message={message}
                parent={message.parentId === null ? undefined : byId.get(message.parentId)}
                nameOf={nameOf}
                onReply={mayWrite ? setReplyTo : null}
              />
            ))}
            {chat.pending.map((message) => (
              <PendingItem
                key={message.clientKey}
                meetingId={meetingId}
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
          items={items}
          uploads={uploads}
          onFiles={attach}
          onSend={(content, attachments) => {
            onSend({ content, parentId: replyTo?.id ?? null, attachments });
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
  meetingId: MeetingId;
  message: Message;
  parent: Message | undefined;
  nameOf: (userId: string) => string;
  onReply: ((message: Message) => void) | null;
}

const MessageItem = memo(function MessageItem({
  meetingId,
  message,
  parent,
  nameOf,
  onReply,
}: MessageItemProps) {
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
          <p className={styles["quote"]}>{callStrings.replyingTo(nameOf(parent.userId), quoteOf(parent))}</p>
        )}
        {message.content !== "" && <p className={styles["text"]}>{message.content}</p>}
        {message.attachments.length > 0 && <MessageFiles meetingId={meetingId} files={message.attachments} />}
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
  meetingId: MeetingId;
  message: PendingMessage;
  me: { id: string; name: string };
  connected: boolean;
  onRetry: (clientKey: string) => void;
}

function PendingItem({ meetingId, message, me, connected, onRetry }: PendingItemProps) {
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
        {message.content !== "" && <p className={styles["text"]}>{message.content}</p>}
        {message.attachments.length > 0 && <MessageFiles meetingId={meetingId} files={message.attachments} />}
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
