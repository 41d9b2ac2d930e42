// The pages of a history as they are asked for.
import { useCallback, useEffect, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { NoteRevision } from "../../../shared/schemas/notes.ts";
import { type ApiError, toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";

interface State {
  /** Null while the first page is on its way, or could not be had. */
  items: NoteRevision[] | null;
  cursor: string | null;
  loadingMore: boolean;
  error: ApiError | null;
}

const nothing: State = { items: null, cursor: null, loadingMore: false, error: null };

export function useHistory(meetingId: MeetingId, layer: "shared" | "mine") {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<State>(nothing);

  const load = useCallback(
    (cursor: string | null, signal?: AbortSignal) =>
      call(
        endpoints.notesHistory,
        { params: { id: meetingId }, query: { layer, ...(cursor === null ? {} : { cursor }) } },
        { signal },
      ),
    [meetingId, layer],
  );

  useEffect(() => {
    const abort = new AbortController();
    load(null, abort.signal)
      .then((page) =>
        setState({ items: page.items, cursor: page.nextCursor, loadingMore: false, error: null }),
      )
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setState({ ...nothing, error: toApiError(error) });
      });
    return () => abort.abort();
  }, [load, attempt]);

  const { cursor, loadingMore } = state;
  const more = useCallback(() => {
    if (cursor === null || loadingMore) return;
    setState((now) => ({ ...now, loadingMore: true, error: null }));
    load(cursor)
      .then((page) =>
        setState((now) => ({
          items: [...(now.items ?? []), ...page.items],
          cursor: page.nextCursor,
          loadingMore: false,
          error: null,
        })),
      )
      .catch((error: unknown) =>
        setState((now) => ({ ...now, loadingMore: false, error: toApiError(error) })),
      );
  }, [cursor, loadingMore, load]);

  const reload = useCallback(() => {
    setState(nothing);
    setAttempt((count) => count + 1);
  }, []);

  return { ...state, hasMore: cursor !== null, more, reload };
}
