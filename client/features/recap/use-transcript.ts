// Reads a whole transcript page by page, so that the first lines show while the rest is on its way.
import { useCallback, useEffect, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import { applyCorrections } from "../../../shared/transcript/corrections.ts";
import { type ApiError, toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { type TranscriptLine, withLines } from "../../transcript/lines.ts";

/** Read without asking; a longer transcript says so and offers the rest. */
const readWithoutAsking = 20_000;

export interface Transcript {
  lines: readonly TranscriptLine[];
  /** `paused`: there is more, and somebody must ask for it. */
  status: "loading" | "complete" | "paused" | "failed";
  /** The meeting's highest sequence, as far as is known. */
  lastSequence: number;
  error: ApiError | null;
  /** Goes on after a pause or a failure. */
  goOn: () => void;
  /** Shows one's own correction at once. */
  correct: (correction: Correction) => void;
}

interface Reading extends Omit<Transcript, "goOn" | "correct"> {
  next: number;
  allowed: number;
  /** Every correction up to this one is in the lines; null before the first page. */
  revision: number | null;
}

const nothingYet: Reading = {
  lines: [],
  status: "loading",
  lastSequence: 0,
  error: null,
  next: 0,
  allowed: readWithoutAsking,
  revision: null,
};

/** For one meeting: mount it anew for another. */
export function useTranscript(meetingId: MeetingId): Transcript {
  const [reading, setReading] = useState<Reading>(nothingYet);
  const { status, next } = reading;

  useEffect(() => {
    if (status !== "loading") return;
    const abort = new AbortController();
    call(
      endpoints.readTranscript,
      { params: { id: meetingId }, query: { fromSequence: next, limit: limits.transcriptPageMaxChunks } },
      { signal: abort.signal },
    )
      .then((page) => {
        setReading((now) => {
          const lines = withLines(now.lines, page.chunks);
          const more = page.nextFromSequence !== null;
          return {
            ...now,
            lines,
            lastSequence: page.lastSequence,
            // Of the first page: later ones may hold more, which then comes once again.
            revision: now.revision ?? page.revision,
            next: page.nextFromSequence ?? now.next,
            status: !more ? "complete" : lines.length >= now.allowed ? "paused" : "loading",
          };
        });
      })
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        setReading((now) => ({ ...now, status: "failed", error: toApiError(error) }));
      });
    return () => abort.abort();
  }, [meetingId, status, next]);

  // Others correct lines, too: what they changed is read again, however it was missed.
  const newest = useLive("transcript", { meetingId }).data?.revision ?? 0;
  const { revision } = reading;
  if (status === "complete" && revision !== null && newest > revision) {
    setReading({ ...reading, status: "loading", next: 1, revision: null });
  }

  const correct = useCallback((correction: Correction) => {
    setReading((now) => ({
      ...now,
      lines: applyCorrections(now.lines, [correction]),
      revision:
        now.revision !== null && correction.revision === now.revision + 1
          ? correction.revision
          : now.revision,
    }));
  }, []);
  const goOn = useCallback(() => {
    setReading((now) => ({
      ...now,
      status: "loading",
      error: null,
      allowed: now.lines.length + readWithoutAsking,
    }));
  }, []);
  const { lines, lastSequence, error } = reading;
  return { lines, status, lastSequence, error, goOn, correct };
}
