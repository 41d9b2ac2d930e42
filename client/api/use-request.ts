// One read over HTTP as a hook, for what does not change while it is looked at.
import { useCallback, useEffect, useState } from "react";
import type { CallerRequest, EndpointSpec, ResponseOf } from "../../shared/contract/endpoint.ts";
import { type ApiError, toApiError } from "./errors.ts";
import { call } from "./http.ts";

export type RequestResult<Data> =
  | { status: "loading"; data: null; error: null }
  | { status: "ready"; data: Data; error: null }
  | { status: "error"; data: null; error: ApiError };

export type UseRequest<Data> = RequestResult<Data> & { retry: () => void };

/** Reads anew when the request's content changes. `null` waits: for reads that depend on another. */
export function useRequest<Spec extends EndpointSpec>(
  endpoint: Spec,
  request: CallerRequest<Spec> | null,
): UseRequest<ResponseOf<Spec>> {
  const key = request === null ? null : JSON.stringify(request);
  const [attempt, setAttempt] = useState(0);
  const subject = `${endpoint.method} ${endpoint.path} ${key} ${attempt}`;
  const [held, setHeld] = useState<{ subject: string; result: RequestResult<ResponseOf<Spec>> } | null>(null);

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    call(endpoint, JSON.parse(key) as CallerRequest<Spec>, { signal: abort.signal })
      .then((data) => setHeld({ subject, result: { status: "ready", data, error: null } }))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        setHeld({ subject, result: { status: "error", data: null, error: toApiError(error) } });
      });
    return () => abort.abort();
  }, [endpoint, key, subject]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const result: RequestResult<ResponseOf<Spec>> =
    held !== null && held.subject === subject ? held.result : { status: "loading", data: null, error: null };
  return { ...result, retry };
}
