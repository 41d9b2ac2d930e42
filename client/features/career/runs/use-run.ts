// One run while it is looked at: what the live list says of it, and what it has made, read again when it moves on.
import { useCallback, useEffect, useRef, useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { RunSummary, RunView } from "../../../../shared/schemas/career/runs.ts";
import { type ApiError, toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useLive } from "../../../api/live.ts";

/** So often an older run, which the live list does not hold, is asked for while it is under way. */
const askedAgainMs = 1_500;

export interface UseRun {
  /** The last that was read; null before the first. */
  run: RunView | null;
  /** Why nothing can be shown. */
  error: ApiError | null;
  again(): void;
}

export function useRun(runId: string): UseRun {
  const live = useLive("careerRuns", {});
  const summary = live.data?.items.find((one) => one.runId === runId) ?? null;
  const [view, setView] = useState<RunView | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [asked, setAsked] = useState(0);
  const order = useRef({ sent: 0, taken: 0 });
  const state = summary === null ? "" : `${summary.edition} ${summary.stage} ${summary.updatedAt}`;

  useEffect(() => {
    let gone = false;
    const mine = (order.current.sent += 1);
    call(endpoints.getCareerRun, { params: { runId } })
      .then((found) => {
        // An answer that was overtaken says what was before.
        if (gone || mine < order.current.taken) return;
        order.current.taken = mine;
        setView(found);
        setError(null);
      })
      .catch((thrown: unknown) => {
        if (!gone && mine >= order.current.taken) setError(toApiError(thrown));
      });
    return () => {
      gone = true;
    };
  }, [runId, state, asked]);

  const again = useCallback(() => setAsked((count) => count + 1), []);
  const waits = summary === null && view !== null && isOpen(view);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(again, askedAgainMs);
    return () => clearTimeout(timer);
  }, [waits, asked, again, view]);

  return { run: view === null ? null : withNewer(view, summary), error, again };
}

export function isOpen({ status }: Pick<RunSummary, "status">): boolean {
  return status === "pending" || status === "running";
}

/** Of the two the later one says how it stands. */
function withNewer(view: RunView, summary: RunSummary | null): RunView {
  return summary === null || summary.updatedAt <= view.updatedAt ? view : { ...view, ...summary };
}
