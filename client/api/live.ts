// Live queries: a snapshot now, the next one whenever something changes, again after each break.
import { useEffect, useMemo, useState } from "react";
import {
  liveQueries,
  type LiveQueryArgs,
  type LiveQueryName,
  type LiveQuerySnapshot,
} from "../../shared/protocol/live-queries.ts";
import { ApiError, clientErrorMessages, readErrorBody, toApiError } from "./errors.ts";
import { randomKey } from "./random-key.ts";
import { connectionState, emit, onConnected, onServerEvent } from "./socket.ts";

export type LiveResult<Data> =
  | { status: "loading"; data: null; error: null }
  | { status: "ready"; data: Data; error: null }
  /** `data` is the last snapshot, where there was one and one may still see it. */
  | { status: "error"; data: Data | null; error: ApiError };

export type UseLive<Data> = LiveResult<Data> & {
  /** Subscribes anew, for a "Try again" button. */
  retry: () => void;
};

const retryAfterMs = 3_000;

/** Subscribes while the component is mounted. `args` may be a new object at every render. */
export function useLive<Name extends LiveQueryName>(
  query: Name,
  args: LiveQueryArgs<Name>,
): UseLive<LiveQuerySnapshot<Name>> {
  const key = JSON.stringify(args);
  const [attempt, setAttempt] = useState(0);
  const subject = `${query} ${key} ${attempt}`;
  const [held, setHeld] = useState<{ subject: string; result: LiveResult<LiveQuerySnapshot<Name>> }>({
    subject,
    result: { status: "loading", data: null, error: null },
  });

  useEffect(
    () =>
      subscribeLive(query, JSON.parse(key) as LiveQueryArgs<Name>, (result) => setHeld({ subject, result })),
    [query, key, subject],
  );

  return useMemo(() => {
    const current: LiveResult<LiveQuerySnapshot<Name>> =
      held.subject === subject ? held.result : { status: "loading", data: null, error: null };
    return { ...current, retry: () => setAttempt((count) => count + 1) };
  }, [held, subject]);
}

/** The same without React. Returns the removal. */
export function subscribeLive<Name extends LiveQueryName>(
  query: Name,
  args: LiveQueryArgs<Name>,
  listener: (result: LiveResult<LiveQuerySnapshot<Name>>) => void,
): () => void {
  const id = `${query}-${randomKey()}`;
  let data: LiveQuerySnapshot<Name> | null = null;
  let cursor: string | null = null;
  let closed = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const take = (snapshot: unknown, nextCursor: string | null) => {
    cursor = nextCursor;
    // Null means: nothing has changed since the cursor that we named.
    if (snapshot === null && data !== null) {
      listener({ status: "ready", data, error: null });
      return;
    }
    const parsed = liveQueries[query].snapshot.safeParse(snapshot);
    if (!parsed.success) {
      const error = new ApiError("UNEXPECTED_ANSWER", clientErrorMessages.unexpected, {
        cause: parsed.error,
      });
      listener({ status: "error", data, error });
      return;
    }
    data = parsed.data as LiveQuerySnapshot<Name>;
    listener({ status: "ready", data, error: null });
  };

  const subscribe = () => {
    clearTimeout(retryTimer);
    const known = data === null || cursor === null ? {} : { cursor };
    emit("live:subscribe", { id, query, args: args as Record<string, unknown>, ...known })
      .then((answer) => {
        if (!closed) take(answer.snapshot, answer.cursor);
      })
      .catch((thrown: unknown) => {
        const error = toApiError(thrown);
        // A break is no answer: `onConnected` subscribes again, and the page says that it is offline.
        if (closed || error.code === "NETWORK") return;
        if (!error.retryable) data = null;
        listener({ status: "error", data, error });
        if (error.retryable) retryTimer = setTimeout(subscribe, retryAfterMs);
      });
  };

  const removals = [
    onServerEvent("live:update", (update) => {
      if (update.id !== id) return;
      if (update.error === undefined) {
        take(update.snapshot, update.cursor);
        return;
      }
      // The subscription is over, and so is the right to see what it showed.
      data = null;
      listener({ status: "error", data, error: readErrorBody(update) ?? toApiError(update.error) });
    }),
    onServerEvent("access:revoked", (revoked) => {
      if ("meetingId" in args && args.meetingId === revoked.meetingId) {
        data = null;
        listener({ status: "error", data, error: new ApiError("FORBIDDEN", revoked.reason) });
      }
    }),
    onConnected(subscribe),
  ];
  return () => {
    closed = true;
    clearTimeout(retryTimer);
    for (const remove of removals) remove();
    if (connectionState() === "connected") emit("live:unsubscribe", { id }).catch(() => undefined);
  };
}
