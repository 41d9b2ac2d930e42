// Captions by the server's speech service as a hook: records while it may, sends piece by piece, says how it goes.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../../shared/ids.ts";
import { limits } from "../../../../shared/limits.ts";
import { randomKey } from "../../../api/random-key.ts";
import { upload } from "../../../api/upload.ts";
import { timelineMs } from "../server-time.ts";
import { emptyQueue, PieceQueue, type QueueState } from "./piece-queue.ts";
import { recordingType, recordPieces } from "./piece-recorder.ts";

export interface ServerCaptions extends QueueState {
  listening: boolean;
  speaking: boolean;
  retry: () => void;
}

/** A little longer than the server waits for its service. */
const answeredWithinMs = 55_000;

export function useServerCaptions(options: {
  meetingId: MeetingId;
  /** It is chosen, and the person has agreed to all that it takes: where that ends, what waits is thrown away. */
  allowed: boolean;
  /** One's own microphone while it is to be heard. */
  track: MediaStreamTrack | null;
  /** BCP 47. */
  language: string;
  startedAt: string | null;
  nowMs: () => number;
}): ServerCaptions {
  const { meetingId, allowed, track, language, startedAt, nowMs } = options;
  const [state, setState] = useState<QueueState>(emptyQueue);
  const [speaking, setSpeaking] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const queue = useRef<PieceQueue | null>(null);
  const spoken = /^[a-z]{2}(?=-|$)/i.exec(language)?.[0].toLowerCase();
  const type = recordingType();

  const stillAllowed = useRef(allowed);
  // Ahead of the others' ends.
  useLayoutEffect(() => {
    stillAllowed.current = allowed;
  }, [allowed]);

  // Before the recorder: at a consent's end it is closed first, and the recorder's last piece goes nowhere.
  useEffect(() => {
    if (!allowed) return;
    const own = new PieceQueue({
      send: ({ key, sound, startMs, durationMs }, signal) =>
        upload(endpoints.sendSpeech, sound, {
          request: {
            params: { id: meetingId },
            query: { key, startMs, durationMs, ...(spoken === undefined ? {} : { language: spoken }) },
          },
          signal,
          idempotencyKey: key,
          timeoutMs: answeredWithinMs,
        }),
      schedule(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      random: Math.random,
      onState: setState,
    });
    queue.current = own;
    return () => {
      // Who leaves the call has said what they said; who takes their word back has not.
      if (stillAllowed.current) own.leave();
      else own.close();
      queue.current = null;
      setState(emptyQueue);
    };
  }, [allowed, meetingId, spoken, attempt]);

  const listening = allowed && track !== null && type !== null && state.problem === null;
  useEffect(() => {
    const own = queue.current;
    if (!listening || track === null || type === null || own === null) return;
    const stop = recordPieces(type, {
      track,
      nowMs,
      onVoice: setSpeaking,
      onPiece: ({ sound, startedMs, durationMs }) =>
        own.add({
          key: randomKey(),
          sound,
          startMs: Math.min(timelineMs(startedMs, startedAt), limits.timelineMaxMs - limits.speechPieceMaxMs),
          durationMs,
        }),
    });
    return () => {
      stop();
      setSpeaking(false);
    };
  }, [listening, track, type, nowMs, startedAt, spoken, attempt]);

  return {
    ...state,
    problem: allowed && type === null ? "no-recorder" : state.problem,
    listening,
    speaking: listening && speaking,
    retry: () => setAttempt((count) => count + 1),
  };
}
