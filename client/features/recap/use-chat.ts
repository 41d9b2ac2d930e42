// Reads the whole chat of a call that is over, page by page, and keeps what the person takes back.
import { useCallback, useEffect, useState } from "react";
import { applyChange } from "../../../shared/chat-changes.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import { type ApiError, toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import type { OnChange } from "../../chat/rights.ts";

interface Reading {
  messages: readonly Message[];
  status: "loading" | "complete" | "failed";
  error: ApiError | null;
  next: number;
}

export interface Chat extends Omit<Reading, "next"> {
  onRetry: () => void;
  onChange: OnChange;
}

/** For one meeting: mount it anew for another. */
export function useChat(meetingId: MeetingId): Chat {
  const [reading, setReading] = useState<Reading>({ messages: [], status: "loading", error: null, next: 0 });
  const { status, next } = reading;

  useEffect(() => {
    if (status !== "loading") return;
    const abort = new AbortController();
    call(
      endpoints.listMessages,
      { params: { id: meetingId }, query: { fromSequence: next, limit: limits.pageMaxItems } },
      { signal: abort.signal },
    )
      .then((page) => {
        setReading((now) => {
          // A page that was begun again brings some of them once more.
          const known = new Map([...now.messages, ...page.messages].map((message) => [message.id, message]));
          return {
            messages: [...known.values()],
            status: page.nextFromSequence === null ? "complete" : "loading",
            error: null,
            next: page.nextFromSequence ?? now.next,
          };
        });
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted)
          setReading((now) => ({ ...now, status: "failed", error: toApiError(error) }));
      });
    return () => abort.abort();
  }, [meetingId, status, next]);

  const onChange = useCallback<OnChange>(
    async (messageId, wanted) => {
      const made = await call(endpoints.changeMessage, {
        params: { id: meetingId, messageId },
        body: { clientKey: randomKey(), change: wanted },
      });
      setReading((now) => ({
        ...now,
        messages: now.messages.map((message) =>
          message.id === messageId ? applyChange<string, Message>(message, made) : message,
        ),
      }));
    },
    [meetingId],
  );
  const onRetry = useCallback(() => setReading((now) => ({ ...now, status: "loading", error: null })), []);
  const { messages, error } = reading;
  return { messages, status, error, onRetry, onChange };
}
