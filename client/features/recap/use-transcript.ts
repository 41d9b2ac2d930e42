// Reads a whole transcript page by page, so that the first lines show while the rest is on its way.
import { useCallback, useEffect, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { type ApiError, toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { type TranscriptLine, withPage } from "./transcript-lines.ts";

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
}

interface Reading extends Omit<Transcript, "goOn"> {
  next: number;
  allowed: number;
}

const nothingYet: Reading = {
  lines: [],
  status: "loading",
  lastSequence: 0,
  error: null,
  next: 0,
  allowed: readWithoutAsking,
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
          const lines = withPage(now.lines, page.chunks);
          const more = page.nextFromSequence !== null;
          return {
            ...now,
            lines,
            lastSequence: page.lastSequence,
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

  const goOn = useCallback(() => {
    setReading((now) => ({
      ...now,
      status: "loading",
      error: null,
      allowed: now.lines.length + readWithoutAsking,
    }));
  }, []);
  return { lines: reading.lines, status, lastSequence: reading.lastSequence, error: reading.error, goOn };
}
