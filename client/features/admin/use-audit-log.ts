// The entries that a search finds, newest first, and older ones on demand.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { AuditEntryView, AuditFilter } from "../../../shared/schemas/audit.ts";
import { type ApiError, toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";

const pageItems = 50;

interface Older {
  /** Of which first page they are the continuation. */
  first: unknown;
  entries: AuditEntryView[];
  cursor: string | null;
  loading: boolean;
  error: ApiError | null;
}

export function useAuditLog(filter: AuditFilter) {
  const request = useRequest(endpoints.adminAudit, { query: { ...filter, limit: pageItems } });
  const [held, setHeld] = useState<Older | null>(null);
  const first = request.data;
  const older: Older =
    held !== null && held.first === first
      ? held
      : { first, entries: [], cursor: first?.nextCursor ?? null, loading: false, error: null };

  function loadOlder() {
    if (older.loading || older.cursor === null) return;
    setHeld({ ...older, loading: true, error: null });
    call(endpoints.adminAudit, { query: { ...filter, limit: pageItems, cursor: older.cursor } })
      .then(({ items, nextCursor }) =>
        setHeld({ ...older, entries: [...older.entries, ...items], cursor: nextCursor, loading: false }),
      )
      .catch((error: unknown) => setHeld({ ...older, loading: false, error: toApiError(error) }));
  }

  return {
    status: request.status,
    error: request.error,
    retry: request.retry,
    entries: [...(first?.items ?? []), ...older.entries],
    hasOlder: older.cursor !== null,
    loadingOlder: older.loading,
    olderError: older.error,
    older: loadOlder,
  };
}
