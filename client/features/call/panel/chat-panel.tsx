// Chat beside the call: what was written, what is on its way, and a place to write.
import { MessageSquare } from "lucide-react";
import { type DragEvent, type Ref, useCallback, useMemo, useState } from "react";
import type { MeetingId, UserId } from "../../../../shared/ids.ts";
import { limits } from "../../../../shared/limits.ts";
import type { Message } from "../../../../shared/schemas/messages.ts";
import { toApiError } from "../../../api/errors.ts";
import files from "../../../chat/files.module.css";
import { MessageFiles } from "../../../chat/message-files.tsx";
import { MessageList } from "../../../chat/message-list.tsx";
import messages from "../../../chat/message.module.css";
import type { ChatRights, OnChange } from "../../../chat/rights.ts";
import { chatStrings } from "../../../chat/strings.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import type { Draft } from "../call-session.ts";
import type { ChatState, PendingMessage } from "../chat-log.ts";
import { callStrings } from "../strings.ts";
import { useUploads } from "../use-uploads.ts";
import { Composer } from "./composer.tsx";
import { FollowScroll } from "./follow-scroll.tsx";
import panel from "./panel.module.css";

export interface ChatPanelProps {
  meetingId: MeetingId;
  chat: ChatState;
  me: { id: UserId; name: string };
  connected: boolean;
  mayWrite: boolean;
  hosting: boolean;
  nameOf: (userId: string) => string;
  onSend: (message: Draft) => void;
  onRetry: (clientKey: string) => void;
  onChange: OnChange;
  composer: Ref<HTMLTextAreaElement>;
}

export function ChatPanel({
  meetingId,
  chat,
  me,
  connected,
  mayWrite,
  hosting,
  nameOf,
  onSend,
  onRetry,
  onChange,
  composer,
}: ChatPanelProps) {
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [sent, setSent] = useState(0);
  const [over, setOver] = useState(false);
  const { items, uploads } = useUploads(meetingId);
  const toast = useToast();
  const { id: myId } = me;
  const rights = useMemo(
    (): ChatRights => ({ me: myId, mayWrite, mayDeleteOwn: mayWrite, mayDeleteOthers: hosting }),
    [myId, mayWrite, hosting],
  );
  const change = useCallback<OnChange>(
    async (messageId, wanted) => {
      try {
        await onChange(messageId, wanted);
      } catch (error) {
        // The editor stays open and says it itself.
        if (wanted.kind === "edit") throw error;
        toast({ text: chatStrings.notDone(toApiError(error).message) });
      }
    },
    [onChange, toast],
  );
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
          <MessageList
            meetingId={meetingId}
            messages={chat.messages}
            nameOf={nameOf}
            rights={rights}
            onChange={change}
            onReply={mayWrite ? setReplyTo : null}
          >
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
          </MessageList>
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
    <li className={messages["message"]}>
      <Avatar id={me.id} name={me.name} size="small" />
      <div className={messages["body"]}>
        <p className={messages["head"]}>
          <strong>{me.name}</strong>
          {problem === null && !stored && (
            <span>{connected ? callStrings.sendingMessage : callStrings.waitingMessage}</span>
          )}
        </p>
        {message.content !== "" && <p className={messages["text"]}>{message.content}</p>}
        {message.attachments.length > 0 && <MessageFiles meetingId={meetingId} files={message.attachments} />}
        {problem !== null && (
          <p className={messages["problem"]} role="alert">
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
