// The chat of a call that is over: read by whoever may, and taken back by whoever wrote it.
import { useCallback, useMemo } from "react";
import type { UserId } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { MessageList } from "../../chat/message-list.tsx";
import type { ChatRights, OnChange } from "../../chat/rights.ts";
import { chatStrings } from "../../chat/strings.ts";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useToast } from "../../ui/toast.tsx";
import styles from "./chat-card.module.css";
import { recapStrings } from "./strings.ts";
import { useChat } from "./use-chat.ts";

const words = recapStrings.chat;

export interface ChatCardProps {
  meeting: Meeting;
  me: UserId;
  nameOf: (userId: string) => string;
}

export function ChatCard({ meeting, me, nameOf }: ChatCardProps) {
  const { messages, status, error, onRetry, onChange } = useChat(meeting.id);
  const toast = useToast();
  const mayDeleteOwn = meeting.myRole !== "observer";
  const rights = useMemo(
    (): ChatRights => ({ me, mayWrite: false, mayDeleteOwn, mayDeleteOthers: false }),
    [me, mayDeleteOwn],
  );
  const change = useCallback<OnChange>(
    async (messageId, wanted) => {
      try {
        await onChange(messageId, wanted);
      } catch (thrown) {
        toast({ text: chatStrings.notDone(toApiError(thrown).message) });
      }
    },
    [onChange, toast],
  );
  // Most calls have none: an empty card would say nothing.
  if (status === "complete" && messages.length === 0) return null;
  return (
    <Card title={words.heading} className={styles["card"]}>
      {messages.length > 0 && (
        <div className={styles["messages"]} role="region" aria-label={words.region} tabIndex={0}>
          <MessageList
            meetingId={meeting.id}
            messages={messages}
            nameOf={nameOf}
            rights={rights}
            onChange={change}
            onReply={null}
          />
        </div>
      )}
      {status === "loading" && <Waiting label={words.loading} />}
      {status === "failed" && error !== null && <Failure error={error} onRetry={onRetry} />}
      {mayDeleteOwn && messages.some(({ userId }) => userId === me) && (
        <p className={styles["hint"]}>{words.over}</p>
      )}
    </Card>
  );
}
